"""What councils get back, on a whole warehouse: figures against an oracle, row lists opened."""

import re
from collections import Counter, defaultdict
from datetime import timedelta
from io import BytesIO
from statistics import median

import msoffcrypto
import openpyxl
import pytest
from built_warehouse import seed, seed_cells

from plugins.home import Home
from plugins.keys import KeyRing

LONG_TERM = ("Nursing care", "Residential care", "Community", "Prison")


@pytest.fixture(scope="module")
def row_lists(reported: Home) -> dict[str, dict[str, list[tuple]]]:
    """Sheets of every row list, opened with its council's password, by the list's file."""
    opened = {}
    for path in sorted(reported.row_lists.glob("*/*.xlsx")):
        content = BytesIO()
        with path.open("rb") as file:
            locked = msoffcrypto.OfficeFile(file)
            locked.load_key(password=KeyRing(reported.keys).council_password(path.parent.name))
            locked.decrypt(content)
        book = openpyxl.load_workbook(content)
        opened[f"{path.parent.name}/{path.stem}"] = {
            ws.title: list(ws.iter_rows(values_only=True)) for ws in book
        }
    return opened


@pytest.fixture(scope="module")
def figures(warehouse) -> dict[tuple, tuple]:
    rows = warehouse.query(
        "select la_code, figure, category, numerator, denominator, value "
        "from pseudonymised.marts.council_figures"
    )
    return {row[:3]: row[3:] for row in rows}


@pytest.fixture(scope="module")
def events(warehouse) -> dict[str, list[dict]]:
    """Current events by council, from the identifiable zone: not what the figures are made of."""
    names = ["sender_la_code", "person", "client_type", "event_type", "service_type"]
    names += ["delivery_mechanism", "assessment_type", "event_outcome", "start", "finish"]
    rows = warehouse.query(
        """
        select
            events.sender_la_code,
            coalesce(traced.nhs_number, events.la_person_unique_identifier),
            client_type, event_type, service_type, delivery_mechanism, assessment_type,
            event_outcome, event_start_date, derived_event_end_date
        from identifiable.intermediate.int_events_deduplicated as events
        inner join identifiable.intermediate.int_persons_traced as traced
            on events.sender_la_code = traced.la_code
            and events.la_person_unique_identifier = traced.la_person_unique_identifier
        where record_state = 'current'
        """
    )
    by_council = defaultdict(list)
    for row in rows:
        by_council[row[0]].append(dict(zip(names, row, strict=True)))
    return by_council


@pytest.fixture(scope="module")
def covered(warehouse) -> dict[str, tuple]:
    rows = warehouse.query(
        "select la_code, min(month_start), max(month_end) "
        "from identifiable.intermediate.int_submissions_selected group by la_code"
    )
    return {code: (first, last) for code, first, last in rows}


def setting(event: dict) -> int | None:
    kind = (event["service_type"] or "").removeprefix("Long term support: ")
    return LONG_TERM.index(kind) if kind in LONG_TERM else None


def test_events_settings_and_direct_payments_are_those_of_an_oracle(figures, events, covered):
    assert len(events) == 3
    for code, listed in events.items():
        # Events
        for kind, count in Counter(event["event_type"] for event in listed).items():
            assert figures[code, "events", kind][:2] == (count, len(listed))
        # A person once, in the first setting of the hierarchy
        first: dict[str, int] = {}
        for event in listed:
            place = setting(event)
            if place is not None:
                first[event["person"]] = min(place, first.get(event["person"], place))
        for place, count in Counter(first.values()).items():
            found = figures[code, "long_term_setting", f"Long term support: {LONG_TERM[place]}"]
            assert found[:2] == (count, len(first))
        # Direct payments on the last day
        last = covered[code][1]
        community = [
            event
            for event in listed
            if setting(event) == LONG_TERM.index("Community")
            and event["client_type"] == "Service user"
            and event["start"] <= last
            and (event["finish"] is None or event["finish"] > last)
        ]
        paid = {e["person"] for e in community if e["delivery_mechanism"] == "Direct payment"}
        found = figures[code, "direct_payments", "Receives a direct payment"]
        assert found[:2] == (len(paid), len({event["person"] for event in community}))


def test_waits_and_what_followed_short_term_support_are_those_of_an_oracle(
    figures, events, covered
):
    left_out = {row["event_outcome"] for row in seed("reports/short_term_outcomes_left_out")}
    week, totals = timedelta(days=7), []
    for code, listed in events.items():
        of_person = defaultdict(list)
        for event in listed:
            of_person[event["person"]].append(event)
        first, last = covered[code]
        waits, counted, good = [], 0, 0
        for own in of_person.values():
            asked = {
                e["start"]
                for e in own
                if e["event_type"] == "Request"
                and e["event_outcome"] == "Progress to assessment, review or reassessment"
            }
            assessed = [
                e["start"]
                for e in own
                if e["event_type"] == "Assessment"
                and e["assessment_type"] != "Financial assessment"
            ]
            for day in asked:
                days = [(a - day).days for a in assessed if 0 <= (a - day).days <= 182]
                waits.append(min(days) if days else None)
            pieces = sorted(
                (e for e in own if e["service_type"] == "Short term support: ST-Max"),
                key=lambda e: (e["start"], e["finish"] is None, e["finish"] or e["start"]),
            )
            episodes: list[list[dict]] = []
            for piece in pieces:
                ends = [e["finish"] for e in episodes[-1]] if episodes else []
                if episodes and (None in ends or piece["start"] <= max(ends) + week):
                    episodes[-1].append(piece)
                else:
                    episodes.append([piece])
            long_term = [e for e in own if setting(e) is not None]
            for episode in episodes:
                ends = [e["finish"] for e in episode]
                if None in ends or not first <= max(ends) <= last - week:
                    continue
                start, end = episode[0]["start"], max(ends)
                outcomes = {e["event_outcome"] for e in episode if e["finish"] == end}
                before = [
                    e
                    for e in long_term
                    if e["start"] < start and (e["finish"] is None or e["finish"] >= start)
                ]
                if before or outcomes & left_out:
                    continue
                after = [
                    e
                    for e in long_term
                    if start <= e["start"] <= end + week
                    and (e["finish"] is None or e["finish"] > end)
                ]
                counted, good = counted + 1, good + (not after)
        known = [days for days in waits if days is not None]
        found = figures[code, "request_wait_median", "Median"]
        assert found == (len(known), len(waits), median(known))
        found = figures[code, "short_term_sequel", "Not followed by long-term support"]
        assert found[:2] == (good, counted)
        totals.append((good, counted))
    assert 0 < sum(good for good, _ in totals) < sum(counted for _, counted in totals)


def test_every_failing_row_is_listed_by_its_sheet_row_number(warehouse, row_lists):
    failing = defaultdict(set)
    rows = warehouse.query(
        """
        select
            concat(
                sent.sender_la_code, '/', strftime(sent.received_at::timestamp, '%Y-%m-%d'), '-',
                left(rows.submission_id, 8)
            ),
            rows.row_number
        from identifiable.intermediate.int_rows_validated as rows
        inner join identifiable.landing.submissions as sent
            on rows.submission_id = sent.submission_id
        left join identifiable.intermediate.int_validation_findings as findings
            on rows.submission_id = findings.submission_id
            and rows.row_number = findings.row_number
        where findings.severity in ('error', 'warning') or rows.outcome = 'quarantined'
        """
    )
    for name, number in rows:
        failing[name].add(number)
    assert len(failing) == len(row_lists) > 3
    for name, sheets in row_lists.items():
        assert {row[0] for row in sheets["Failing rows"][1:]} == failing[name]


def test_no_report_and_no_row_list_holds_an_identifier(warehouse, reported, row_lists):
    persons, clients = warehouse.truth("persons"), warehouse.truth("clients")
    numbers = {r[0] for r in warehouse.query(f"select unnest(all_nhs_numbers) from {persons}")}
    words = {cell.upper() for cell in seed_cells()}
    names = {
        name.upper()
        for row in warehouse.query(f"select given_name, family_name from {persons}")
        for name in row
    } - words
    postcodes = {
        r[0] for r in warehouse.query(f"select postcode from {warehouse.truth('addresses')}")
    }
    births = {
        form
        for (day,) in warehouse.query(
            f"select date_of_birth from {persons} join {clients} using (person_id)"
        )
        for form in (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}")
    } - seed_cells()
    ids = {r[0] for r in warehouse.query(f"select la_person_unique_identifier from {clients}")}
    aggregates = [
        cell
        for path in reported.reports.glob("*/*.xlsx")
        for ws in openpyxl.load_workbook(path)
        for row in ws.iter_rows(values_only=True)
        for cell in row
    ]
    listed = [
        c for sheets in row_lists.values() for rows in sheets.values() for r in rows for c in r
    ]
    pages = [path.read_text(encoding="utf-8") for path in reported.reports.rglob("*.html")]
    assert len(aggregates) > 1000 and len(listed) > 2_000 and len(pages) > 10
    texts = {str(cell) for cell in (*aggregates, *listed) if cell is not None}
    assert {t.replace(" ", "") for t in texts} & numbers == set()
    assert {t.upper() for t in texts} & names == set()
    assert texts & postcodes == set()
    assert texts & births == set()
    # A council's own ids are in its row lists, and nowhere else.
    assert {str(cell) for cell in listed} & ids
    assert {str(cell) for cell in aggregates} & ids == set()
    for page in pages:
        found = set(re.findall(r"\d{10}|\w{2,4} \d\w\w|\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", page))
        assert found & (numbers | postcodes | births) == set()
        assert set(re.findall(r"[\w/.-]+", page)) & {i for i in ids if len(i) > 5} == set()
