"""What each council reports in each month: the rows of a rolling twelve-month submission."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from samples import row_defects
from samples.addresses import Addresses
from samples.care import EARLIEST, Event
from samples.codes import COLUMN, HEADERS
from samples.geography import Geography
from samples.population import Population

_COUNCIL_NAME = {"316": "liverpool", "306": "manchester", "308": "rochdale"}
_FIRST_MONTH = 2017 * 12 + 5  # June 2017, counted in months
RESTARTER = "308"  # this council opens long-term services anew each 1 April


@dataclass
class Submission:
    """One file of one council: its period (days since 1970), rows, and the truth of each row.

    `rows` holds values by COLUMN: days as whole numbers, text, money as float, None for blank.
    """

    la_code: str
    number: int  # 0-based month
    file_name: str
    start: int
    end: int
    received: datetime
    rows: list[list[object]] = field(default_factory=list)
    truth: list[tuple[str | None, int, list[str], str, str, str | None]] = field(
        default_factory=list
    )


def last_day(months: int) -> int:
    """Last day of the last of `months` periods, the first of which ends on 30 June 2017."""
    return _month_start(_FIRST_MONTH + months) - 1


def _month_start(month: int) -> int:
    return (date(month // 12, month % 12 + 1, 1) - date(1970, 1, 1)).days


def calendar(la_code: str, number: int) -> Submission:
    """Period, name and date of receipt of a council's submission `number` (0-based)."""
    month = _FIRST_MONTH + number
    suffix = "xls" if la_code == "306" else "xlsx"
    received = datetime((month + 1) // 12, (month + 1) % 12 + 1, 10, 9, tzinfo=UTC)
    return Submission(
        la_code=la_code,
        number=number,
        file_name=f"{_COUNCIL_NAME[la_code]}_cld_{month // 12}_{month % 12 + 1:02d}.{suffix}",
        start=_month_start(month - 11),
        end=_month_start(month + 1) - 1,
        received=received,
    )


def plan_changes(rng: np.random.Generator, events: list[Event], months: int) -> None:
    """Decide which events are damaged, vanish, or have their start corrected, and when."""
    n = len(events)
    defect = row_defects.pick(rng, n)
    vanishing, corrected = rng.random(n) < 0.006, rng.random(n) < 0.012
    mended = rng.random(n) < 0.25
    when = rng.integers(1, max(2, months), n)
    shift = rng.integers(1, 29, n) * rng.choice([-1, 1], n)
    for i, event in enumerate(events):
        event.defect = defect[i]
        if event.defect and mended[i]:
            event.mended = int(when[i])
        elif vanishing[i] and not event.defect:
            event.vanishes = int(when[i])
        elif corrected[i] and not event.defect and event.event_type == "Service":
            event.corrected, event.wrong_start = int(when[i]), event.start + int(shift[i])
            if event.end is not None and event.wrong_start > event.end:
                event.wrong_start = event.start - abs(int(shift[i]))
            event.wrong_start = max(event.wrong_start, EARLIEST)


def _parts(event: Event, until: int) -> list[tuple[int, int | None, str, str | None]]:
    """Reported parts (start, end, key, key of the true event) of an event at a period's end."""
    kind = str(event.fields.get(COLUMN["Service Type"], ""))
    parts: list[tuple[int, int | None, str, str | None]] = []
    start, key = event.start, event.key
    if event.client.la_code == RESTARTER and kind.startswith("Long Term"):
        year = 2015
        while (cut := (date(year, 4, 1) - date(1970, 1, 1)).days) <= until:
            if start < cut and (event.end is None or event.end >= cut):
                parts.append((start, cut - 1, key, event.key if parts else None))
                start, key = cut, f"{event.key}/{year}"
            year += 1
    parts.append((start, event.end, key, event.key if parts else None))
    return parts


class Reporter:
    """Turns true events into the rows a council reports in a month."""

    def __init__(
        self,
        rng: np.random.Generator,
        people: Population,
        addresses: Addresses,
        geography: Geography,
        events: list[Event],
    ) -> None:
        """Hold the sources; events are grouped by council in the order systems list them."""
        self.rng, self.people = rng, people
        self.addresses, self.geography = addresses, geography
        self.by_council: dict[str, list[Event]] = {}
        for event in sorted(events, key=lambda e: (e.client.la_id, e.start, e.key)):
            self.by_council.setdefault(event.client.la_code, []).append(event)

    def fill(self, submission: Submission) -> Submission:
        """Add the rows of one submission and their truth; returns it."""
        received = (submission.received.date() - date(1970, 1, 1)).days
        draws = self.rng.random(len(self.by_council.get(submission.la_code, ())))
        cached, person_row = "", [None] * len(HEADERS)
        for event, draw in zip(self.by_council.get(submission.la_code, ()), draws, strict=True):
            if event.entered > received or event.vanishes <= submission.number:
                continue
            for part in self._visible(event, submission, received):
                if event.client.la_id != cached:
                    cached = event.client.la_id
                    person_row = self._person(event, submission, received)
                row = self._row(event, part, person_row.copy(), submission)
                defects, column = [], None
                if event.defect and event.mended > submission.number:
                    column = row_defects.damage(
                        event.defect,
                        row,
                        submission.la_code,
                        int(self.people.ethnicity[event.client.person]),
                    )
                    defects = [event.defect] if column else []
                truth = (
                    row[COLUMN["LA Person Unique Identifier"]],
                    event.client.person,
                    defects,
                    event.event_type,
                    part[2],
                    part[3],
                )
                for _ in range(2 if draw < 0.003 else 1):  # some systems list a row twice
                    submission.rows.append(row)
                    submission.truth.append(truth)
        return submission

    def _visible(
        self, event: Event, submission: Submission, received: int
    ) -> list[tuple[int, int | None, str, str | None]]:
        """Parts of an event inside the period, with ends only as far as known by then."""
        if not event.event_type:
            known = event.entered <= submission.end
            return [(event.start, None, event.key, None)] if known else []
        out = []
        parts = [(event.start, event.end, event.key, None)]
        if event.event_type == "Service":
            parts = _parts(event, submission.end)
        for start, end, key, of in parts:
            if start == event.start and submission.number < event.corrected < 99:
                start = event.wrong_start
            if end is not None and end == event.end and event.end_known > received:
                end = None
            if event.event_type == "Service":
                if end is not None and end > submission.end:
                    end = None
                if start <= submission.end and (end is None or end >= submission.start):
                    out.append((start, end, key, of))
            elif end is not None and submission.start <= end <= submission.end:
                out.append((start, end, key, of))
        return out

    def _person(self, event: Event, submission: Submission, received: int) -> list[object]:
        """Person columns of a client as the council holds them on the day of the extract."""
        client = event.client
        row: list[object] = [None] * len(HEADERS)
        row[0], row[1], row[2] = submission.la_code, submission.start, submission.end
        for column, value in client.static.items():
            row[column] = value
        spell = self.addresses.at(np.array([client.person]), np.array([submission.end]))[0]
        practice = self.addresses.practice[spell]
        row[COLUMN["NHS Number"]] = client.nhs_value or None
        row[COLUMN["LA Person Unique Identifier"]] = client.la_id
        row[COLUMN["First Name"]], row[COLUMN["Last Name"]] = client.given, client.family
        if client.person % 7:
            row[COLUMN["GP Practice Name"]] = self.geography.practice_name[practice]
            row[COLUMN["GP Practice Code"]] = self.geography.practice_code[practice]
        if client.dob_value:
            row[COLUMN["Date of Birth"]] = int(np.datetime64(client.dob_value).astype(int))
        row[COLUMN["Postcode"]] = (
            client.postcode_value or self.geography.pcds[self.addresses.postcode[spell]]
        )
        died = self.people.died[client.person]
        known = client.died_recorded and client.died_known and client.died_known <= received
        if known and int(died.astype(int)) <= submission.end:
            row[COLUMN["Date of Death"]] = int(died.astype(int))
        return row

    def _row(
        self,
        event: Event,
        part: tuple[int, int | None, str, str | None],
        row: list[object],
        submission: Submission,
    ) -> list[object]:
        """Add the event columns to a copy of the person columns."""
        start, end, _, _ = part
        row[COLUMN["Client Type"]] = event.client_type
        for column, value in event.fields.items():
            row[column] = value
        if not event.event_type:
            return row
        row[COLUMN["Event Type"]] = event.event_type
        row[COLUMN["Event Start Date"]], row[COLUMN["Event End Date"]] = start, end
        # References are renumbered every month, as some systems do.
        row[COLUMN["Event Reference"]] = f"E{int(event.key[4:]) * 7 + submission.number:08d}"
        outcome = event.outcome if end is not None else event.ends_open_outcome
        if end is not None and end != event.end:
            outcome = "Provision of service"  # an artificial end at 31 March
        row[COLUMN["Event Outcome"]] = outcome or None
        number = int(event.key[4:])
        if event.event_type == "Request" and number % 10 < 3:
            row[COLUMN["Primary Support Reason"]] = None
        if number % 9 == 0:
            given, family = event.client.given, event.client.family
            row[COLUMN["Event Description"]] = (
                f"Spoke to {given} {family} about {event.event_type.lower()}",
                "Initial conversation",
                f"Ms {family} visited, call back tomorrow",
                "See case notes",
            )[number // 9 % 4]
        return row
