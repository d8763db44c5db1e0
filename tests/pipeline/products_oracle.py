"""Outcome measures and costs said a second time, in plain Python over plain rows.

Written from the published definitions and the documented choices, never from the SQL: where the two
disagree, one of them has misread. Rows are those of the councils' unique events, of the hospital
extract and of the patient index as received; nothing that the products derive is read.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

FOREVER = date.max
CARE_HOME = ("Long term support: Nursing care", "Long term support: Residential care")
PRISON = "Long term support: Prison"
ST_MAX = "Short term support: ST-Max"
EMERGENCY = {"21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"}
ELSEWHERE = {"49", "50", "51", "52", "53", "87"}
SPECIALTIES = "199 223 290 291 331 344 345 346 424 499 501 504 560 65 660 661 662 7 840 920"
LEFT_OUT_2017 = {
    "discharge_method": ("4", "5"),
    "discharge_destination": ("49", "50", "51", "52", "53", "79", "87"),
}
LEFT_OUT_2024 = {
    "admission_method": ("31", "32", "82", "83"),
    "discharge_method": ("4", "5"),
    "discharge_destination": ("49", "50", "51", "52", "79", "87", "88"),
    "treatment_function_code": tuple(SPECIALTIES.split()),
}


def days(count: int) -> timedelta:
    return timedelta(days=count)


def aged(born: date | None, day: date) -> int | None:
    """Completed years on a day."""
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Stay(NamedTuple):
    """A stay in hospital from one door to the other; `discharged` None while it lasts."""

    admitted: date
    discharged: date | None
    first: dict
    last: dict

    @property
    def is_emergency(self) -> bool:
        return self.first["admission_method"] in EMERGENCY

    def left_out(self, codes: dict[str, tuple[str, ...]]) -> bool:
        """Whether a code keeps it out; the way in is the first spell's, the way out the last's."""
        fields = self.last | {"admission_method": self.first["admission_method"]}
        return any((fields[name] or "").startswith(begins) for name, begins in codes.items())


def merged(rows: Iterable[dict], gap: int) -> list[list[dict]]:
    """Rows in stretches: one goes on where it starts at most `gap` days after all before it."""
    stretches: list[list[dict]] = []
    reach = date.min
    for row in sorted(rows, key=lambda row: (row["start"], row["end"] or FOREVER)):
        if not stretches or (reach != FOREVER and row["start"] > reach + days(gap)):
            stretches.append([])
        stretches[-1].append(row)
        reach = max(reach, row["end"] or FOREVER)
    return stretches


def begins(stretch: list[dict]) -> date:
    return stretch[0]["start"]


def finishes(stretch: list[dict]) -> date | None:
    ends = [row["end"] for row in stretch]
    return None if None in ends else max(ends)


def last_row(stretch: list[dict]) -> dict:
    return max(stretch, key=lambda row: row["end"] or FOREVER)


class World:
    """Everything known of every client, by council and person."""

    def __init__(
        self,
        events: list[dict],
        who: dict[tuple[str, str], str | None],
        spells: list[dict],
        index: list[dict],
        covered: dict[str, list[date]],
    ) -> None:
        """Take rows as dictionaries with dates as dates; `covered` months by council."""
        self.covered = covered
        self.born, self.died, replaced = {}, {}, {}
        for row in index:
            if row["superseded_by_nhs_number"]:
                replaced[row["nhs_number"]] = row["superseded_by_nhs_number"]
            else:
                self.born[row["nhs_number"]] = row["date_of_birth"]
        self.replaced = replaced
        self.stays = self._stays(spells)
        self.rows = defaultdict(list)
        for event in events:
            client = (event["sender_la_code"], event["la_person_unique_identifier"])
            self.rows[client[0], who[client] or client].append(event)
        self._bury(index)
        self.services = {
            client: list(self._services(client[1], rows)) for client, rows in self.rows.items()
        }

    def _current(self, number: str) -> str:
        while number in self.replaced:
            number = self.replaced[number]
        return number

    def _bury(self, index: list[dict]) -> None:
        """The index is believed before hospitals, hospitals before councils."""
        by_person = defaultdict(list)
        for (_, person), rows in self.rows.items():
            by_person[person] += rows
        for person, rows in by_person.items():
            told = [row for row in rows if row["date_of_death"] and row["event_start_date"]]
            if told:
                latest = max(told, key=lambda row: row["event_start_date"])
                self.died[person] = latest["date_of_death"]
        for person, stays in self.stays.items():
            ends = [s.discharged for s in stays if s.last["discharge_method"] == "4"]
            if any(ends):
                self.died[person] = max(end for end in ends if end)
        for row in index:
            if row["date_of_death"] and not row["superseded_by_nhs_number"]:
                self.died[row["nhs_number"]] = row["date_of_death"]

    def _stays(self, spells: list[dict]) -> dict[str, list[Stay]]:
        folded = defaultdict(list)
        for place, row in enumerate(spells):
            if row["admission_date"]:
                key = row["spell_id"] or place
                folded[row["nhs_number"], row["provider_code"], key].append(row)
        by_person = defaultdict(list)
        for (number, *_), episodes in folded.items():
            episodes.sort(key=lambda row: row["admission_date"])
            last = max(episodes, key=lambda row: row["discharge_date"] or FOREVER)
            spell = Stay(
                episodes[0]["admission_date"],
                None
                if any(row["discharge_date"] is None for row in episodes)
                else last["discharge_date"],
                episodes[0],
                last,
            )
            by_person[self._current(number)].append(spell)
        for person, listed in by_person.items():
            listed.sort(key=lambda spell: (spell.admitted, spell.discharged or FOREVER))
            joined: list[Stay] = []
            for spell in listed:
                before = joined[-1] if joined else None
                if (
                    before
                    and before.discharged
                    and timedelta() <= spell.admitted - before.discharged <= days(1)
                    and (
                        before.last["discharge_destination"] in ELSEWHERE
                        or spell.first["admission_method"] in ("81", "2B")
                    )
                ):
                    joined[-1] = Stay(before.admitted, spell.discharged, before.first, spell.last)
                else:
                    joined.append(spell)
            by_person[person] = joined
        return by_person

    def _services(self, person: object, rows: list[dict]) -> Iterable[dict]:
        died = self.died.get(person)
        for row in rows:
            start, end = row["derived_event_start_date"], row["derived_event_end_date"]
            if row["event_type"] != "Service" or start is None or not row["service_type"]:
                continue
            if (died and start > died) or (end and end < start):
                continue
            yield row | {"start": start, "end": min(end or died, died) if died else end}

    def last_day(self, council: str) -> date:
        month = max(self.covered[council])
        return (month.replace(day=28) + days(4)).replace(day=1) - days(1)

    def covers(self, council: str, day: date) -> bool:
        return day.replace(day=1) in self.covered[council]

    def is_traced(self, person: object) -> bool:
        return isinstance(person, str)

    def home_stays(self, client: tuple) -> list[list[dict]]:
        return merged(
            (
                row
                for row in self.services[client]
                if row["service_type"] in CARE_HOME
                and not (row["service_component"] or "").startswith("Short term")
            ),
            1,
        )


class Reablement(NamedTuple):
    """A case: whose, when the services began, when discharged, and what became of it."""

    council: str
    person: object
    started: date
    discharged: date
    outcome: object  # 1 reached, 0 not, or the reason for leaving it out


class Linked(NamedTuple):
    """Services that belong to a discharge; `stay` None where the person could not be traced."""

    council: str
    person: object
    started: date
    stay: Stay | None


def is_out(stay: Stay, successor: bool) -> bool:
    """Whether a kind of stay keeps a discharge out of the measure."""
    codes = LEFT_OUT_2024 if successor else LEFT_OUT_2017
    return stay.left_out(codes) or (successor and stay.admitted == stay.discharged)


def linked(world: World, successor: bool) -> Iterable[Linked]:
    """Clusters of services with the discharge that each belongs to, of persons of 65 and over."""
    for (council, person), services in world.services.items():
        rows = [
            row
            for row in services
            if row["service_type"] == ST_MAX
            and (
                row["service_component"] == "Reablement"
                if successor
                else row["service_component"] != "Equipment"
            )
        ]
        for cluster in merged(rows, 7):
            started = begins(cluster)
            if not world.is_traced(person):
                yield Linked(council, person, started, None)
                continue
            near = [
                stay
                for stay in world.stays.get(person, [])
                if stay.discharged
                and stay.admitted <= started
                and started - days(7) <= stay.discharged <= started + days(3)
            ]
            chosen = [stay for stay in near if not is_out(stay, successor)] or near
            if not chosen:
                continue
            stay = max(chosen, key=lambda stay: (stay.discharged, stay.admitted))
            age = aged(world.born.get(person), stay.discharged)
            if age is not None and age >= 65:
                yield Linked(council, person, started, stay)


def reablement(world: World, successor: bool) -> set[Reablement]:
    """ASCOF 2B(1) by its 91st day, or the successor over 84 days."""
    found = set()
    follow_up = days(84 if successor else 91)
    for council, person, started, stay in linked(world, successor):
        if stay is None:
            found.add(Reablement(council, person, started, started, "not_traced"))
            continue
        day = stay.discharged + follow_up
        case = (council, person, started, stay.discharged)
        if day > world.last_day(council):
            found.add(Reablement(*case, "not_covered"))
        elif is_out(stay, successor):
            found.add(Reablement(*case, "activity"))
        elif successor and any(
            row["start"] <= stay.admitted <= (row["end"] or FOREVER)
            for row in world.services[council, person]
            if row["service_type"] in (*CARE_HOME, PRISON)
        ):
            found.add(Reablement(*case, "earlier_care"))
        else:
            judge = failed_until if successor else away_on
            away = judge(world, (council, person), started, stay.discharged, day)
            found.add(Reablement(*case, 0 if away else 1))
    return found


def away_on(world: World, client: tuple, started: date, discharged: date, day: date) -> bool:
    """Whether somebody is dead, in hospital or in a care home on a day."""
    person = client[1]
    if person in world.died and world.died[person] <= day:
        return True
    if any(
        stay.admitted <= day < (stay.discharged or FOREVER) for stay in world.stays.get(person, [])
    ):
        return True
    return any(
        begins(home) <= day <= (finishes(home) or FOREVER) for home in world.home_stays(client)
    )


def failed_until(world: World, client: tuple, started: date, discharged: date, day: date) -> bool:
    """Whether somebody died, was readmitted or moved to a care home by a day."""
    person = client[1]
    if person in world.died and world.died[person] <= day:
        return True
    if any(
        stay.is_emergency
        and stay.admitted != stay.discharged
        and max(started, discharged) < stay.admitted <= day
        for stay in world.stays.get(person, [])
    ):
        return True
    return any(discharged <= begins(home) <= day for home in world.home_stays(client))


def once_a_person(cases: Iterable[Reablement], world: World, months: range) -> list[Reablement]:
    """The first case of each person among the discharges of some months, of those that count."""
    first: dict[object, Reablement] = {}
    for case in sorted(cases, key=lambda case: (case.discharged, case.started)):
        is_counted = case.outcome in (0, 1) and case.discharged.month in months
        if is_counted and world.covers(case.council, case.discharged):
            first.setdefault((case.council, case.person), case)
    return list(first.values())


def admissions(world: World) -> set[tuple]:
    """Starts of stays in care homes: (council, person, day, age, reason that leaves it out)."""
    found = set()
    for client in world.services:
        earlier_end = None
        for home in world.home_stays(client):
            start = begins(home)
            born = home[0]["date_of_birth"]
            if last_row(home)["event_outcome"] == (
                "NFA: Self-funded client or under 12wk disregard"
            ):
                found.add((*client, start, aged(born, start), "outcome"))
                continue
            is_new = earlier_end is None or (start - earlier_end).days >= 365
            found.add((*client, start, aged(born, start), None if is_new else "earlier_care"))
            earlier_end = finishes(home)
    return found
