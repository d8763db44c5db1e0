"""The life of a submission said a second time, in plain Python over plain rows.

Written from the published method and from the warehouse's documented decisions, never from the SQL:
where the two disagree, one of them has misread the method. Every function takes rows as
dictionaries and holds no state.
"""

import itertools
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

SMALL_FILE = 100
MONTHS_IN_PRODUCT = 12
# Release 2 outcomes, the one to choose first first; the third is all that release 2 dropped.
OUTCOMES = (
    "Progress to reablement/ST-Max",
    "Progress to assessment, review or reassessment",
    "Release 1 specification only: Not mapped",
    "Progress to support planning or services",
    "Continuation of support or services",
    "Admitted to hospital",
    "NFA: Responsibility moved to another local authority",
    "NFA: Referral to NHS services or NHS funded social care",
    "NFA: Self-funded client or under 12wk disregard",
    "NFA: Information and advice or signposting",
    "NFA: Referral to other service within the local authority",
    "NFA: Support declined",
    "NFA: Deceased",
    "NFA: Support ended as planned",
    "NFA: Support ended for other reason",
    "NFA: No services offered for other reason",
    "NFA: Other",
)
# What else makes an event of each type unique.
PARTS_BY_TYPE = {
    "Request": ("request_route_of_access",),
    "Assessment": ("assessment_type",),
    "Review": (),
    "Service": ("service_type", "service_component"),
}
COST_PARTS = (
    "delivery_mechanism",
    "unit_cost",
    "cost_frequency_unit_type",
    "planned_units_per_week",
)


class Period(NamedTuple):
    """Months from the first day of `start` to the last day of `end`."""

    start: date
    end: date


def month_of(day: date) -> date:
    """First day of a day's month: 2017-06-30 -> 2017-06-01."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """2017-12-01 -> 2018-01-01."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def end_of(month: date) -> date:
    """Last day of a month: 2016-02-01 -> 2016-02-29."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_of(period: Period) -> Iterator[date]:
    """First days of the months of a period."""
    month = month_of(period.start)
    while month <= period.end:
        yield month
        month = month_after(month)


def derived_period(rows: list[dict], received: date) -> Period | None:
    """Period that a file's events show, quarantined rows among them; totals are no events."""
    events = [
        row for row in rows if row["event_type"] and "total_row" not in (row["reasons"] or "")
    ]
    types = {row["event_type"] for row in events}
    by_month = defaultdict(list)
    for row in events:
        if row["event_end_date"] and month_of(row["event_end_date"]) < month_of(received):
            by_month[month_of(row["event_end_date"])].append(row["event_type"])
    small = len(events) < SMALL_FILE
    kept = [
        month
        for month, ended in by_month.items()
        if small or (50 * len(ended) >= len(events) and len(set(ended)) >= len(types) - 1)
    ]
    if kept:
        return Period(min(kept), end_of(max(kept)))
    stated = [
        (row["reporting_period_start_date"], row["reporting_period_end_date"])
        for row in rows
        if row["reporting_period_start_date"] and row["reporting_period_end_date"]
    ]
    if small and stated:
        start, end = Counter(stated).most_common(1)[0][0]
        return Period(month_of(start), end_of(end))
    return None


def selected(
    submissions: Iterable[dict], periods: dict[str, Period | None], as_of: date | None
) -> dict[tuple[str, date], str]:
    """Submission that is current for each council and month: the last received that covers it."""
    current = defaultdict(dict)
    landed = (row for row in submissions if row["outcome"] == "landed")
    for submission in sorted(landed, key=lambda row: (row["received_at"], row["file_name"])):
        received = submission["received_at"].date()
        period = periods.get(submission["submission_id"])
        if period is None or (as_of and received > as_of):
            continue
        for month in months_of(period):
            # A month that was not over yet when the file came cannot be covered by it.
            if end_of(month) < received:
                current[submission["sender_la_code"]][month] = submission["submission_id"]
    return {
        (council, month): months[month]
        for council, months in current.items()
        for month in sorted(months)[-MONTHS_IN_PRODUCT:]
    }


def spans(current: dict[tuple[str, date], str]) -> dict[str, list[Period]]:
    """Unbroken runs of months for which a submission is current."""
    months = defaultdict(list)
    for (_, month), submission_id in current.items():
        months[submission_id].append(month)
    found = defaultdict(list)
    for submission_id, covered in months.items():
        start = previous = None
        for month in sorted(covered):
            if previous is None or month != month_after(previous):
                if start:
                    found[submission_id].append(Period(start, end_of(previous)))
                start = month
            previous = month
        found[submission_id].append(Period(start, end_of(previous)))
    return found


def derived_end(row: dict) -> date | None:
    """Day an event ended: the day of death where that falls inside it."""
    start, end, death = row["event_start_date"], row["event_end_date"], row["date_of_death"]
    if death and end and start <= death <= end:
        return death
    if death and not end and death > start:
        return death
    return end


def belongs(row: dict, period: Period) -> bool:
    """Whether an event counts in a period: a service that runs in it, all else that ends in it."""
    end, death = derived_end(row), row["date_of_death"]
    if death and (death < row["event_start_date"] or death < period.start):
        return False
    if row["event_start_date"] > period.end:
        return False
    if row["event_type"] == "Service":
        return end is None or end >= period.start
    return end is not None and period.start <= end <= period.end


def is_nhs_number(number: str | None) -> bool:
    """Whether a number can be a person's, numbers of the test range counted in.

    9990000018 -> True, 9990000019 -> False.
    """
    if not number or len(number) != 10 or not number.isdigit() or len(set(number)) == 1:
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)
    )
    return (11 - weighted % 11) % 11 == int(number[9]) and number[0] in "4679"


def persons(rows: Iterable[dict]) -> dict[tuple[str, str], str]:
    """Who each council's id stands for: the one number the council gives it, wherever it does."""
    numbers = defaultdict(set)
    for row in rows:
        numbers[row["sender_la_code"], row["la_person_unique_identifier"]].update(
            {row["nhs_number"]} if is_nhs_number(row["nhs_number"]) else set()
        )
    return {
        client: f"number {next(iter(found))}" if len(found) == 1 else f"id {client[1]}"
        for client, found in numbers.items()
    }


def event_key(row: dict, person: str, with_costs: bool = True) -> tuple:
    """What makes an event one: two rows with the same key are copies of each other."""
    key = [row["sender_la_code"], person, row["event_start_date"]]
    key += [row["client_type"], row["event_type"]]
    key += [row[part] for part in PARTS_BY_TYPE[row["event_type"]]]
    if row["event_type"] != "Service":
        key.append(derived_end(row))
    elif with_costs:
        key += [None if row[part] is None else str(row[part]) for part in COST_PARTS]
    return tuple(part or None for part in key)


def copy_order(row: dict, period_end: date) -> tuple:
    """Sorts the copy to keep last."""
    end = derived_end(row)
    outcome = row["event_outcome"]
    place = OUTCOMES.index(outcome) + 1 if outcome in OUTCOMES else 999
    conversation = "conversation" in (row["event_description"] or "").lower()
    return (period_end, end or date.max, -place, conversation, row["row_number"])


def quarters(
    submissions: Iterable[dict], periods: dict[str, Period | None], as_of: date | None
) -> dict[tuple[str, Period], str]:
    """The one file of each council and quarter: the last received that covers all of it."""
    current = {}
    for submission in sorted(submissions, key=lambda row: (row["received_at"], row["file_name"])):
        received = submission["received_at"].date()
        period = periods[submission["submission_id"]]
        if period is None or (as_of and received > as_of):
            continue
        for month in months_of(period):
            if month.month % 3 != 1:
                continue
            quarter = Period(month, end_of(month_after(month_after(month))))
            if quarter.end <= period.end and quarter.end < received:
                current[submission["sender_la_code"], quarter] = submission["submission_id"]
    return current


def joined(
    current: dict[tuple[str, Period], str], accepted: list[dict], who: dict[tuple[str, str], str]
) -> set[tuple[str, int, date | None]]:
    """Events of all quarters, walked from the first on: a later copy replaces an earlier one."""
    of_submission = defaultdict(list)
    for row in accepted:
        if row["event_type"]:
            of_submission[row["submission_id"]].append(row)
    last_quarter = {}
    events = {}
    for (council, quarter), submission_id in sorted(current.items()):
        last_quarter[council] = quarter
        best = {}
        for row in of_submission[submission_id]:
            if not belongs(row, quarter):
                continue
            person = who[row["sender_la_code"], row["la_person_unique_identifier"]]
            key = event_key(row, person, with_costs=False)
            order = copy_order(row, quarter.end)
            if key not in best or best[key][0] < order:
                best[key] = (order, row)
        events |= {key: (row, council, quarter) for key, (_, row) in best.items()}

    def closed(row: dict, council: str, quarter: Period) -> date | None:
        stale = derived_end(row) is None and quarter != last_quarter[council]
        return quarter.end if stale else derived_end(row)

    return {
        (row["submission_id"], row["row_number"], closed(row, council, quarter))
        for row, council, quarter in events.values()
    }


class Answer(NamedTuple):
    """What the warehouse should say."""

    periods: dict[str, Period | None]
    current: dict[tuple[str, date], str]
    events: set[tuple[str, int, date | None]]
    joined: set[tuple[str, int, date | None]]


def answer(submissions: list[dict], rows: list[dict], as_of: date | None = None) -> Answer:
    """Periods, current submissions and events of a warehouse as of the end of a day."""
    landed = [row for row in submissions if row["outcome"] == "landed"]
    by_submission = {row["submission_id"]: [] for row in landed}
    for row in rows:
        by_submission[row["submission_id"]].append(row)
    periods = {
        submission["submission_id"]: derived_period(
            by_submission[submission["submission_id"]], submission["received_at"].date()
        )
        for submission in landed
    }
    current = selected(landed, periods, as_of)
    accepted = [
        row
        for row in rows
        if row["outcome"] == "accepted" and not (as_of and row["received_at"].date() > as_of)
    ]
    who = persons(accepted)
    runs = spans(current)
    copies = defaultdict(list)
    for row in accepted:
        if not row["event_type"]:
            continue
        person = who[row["sender_la_code"], row["la_person_unique_identifier"]]
        inside = (run for run in runs.get(row["submission_id"], ()) if belongs(row, run))
        for run in itertools.islice(sorted(inside, reverse=True), 1):
            copies[event_key(row, person)].append((copy_order(row, run.end), row))
    kept = (max(found, key=lambda copy: copy[0])[1] for found in copies.values())
    events = {(row["submission_id"], row["row_number"], derived_end(row)) for row in kept}
    by_quarter = joined(quarters(landed, periods, as_of), accepted, who)
    return Answer(periods, current, events, by_quarter)
