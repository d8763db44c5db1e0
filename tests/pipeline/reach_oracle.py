"""How many discharges reablement follows, and who is still at home: said again in plain Python."""

from collections import Counter, defaultdict
from datetime import date

from products_oracle import (
    CARE_HOME,
    FOREVER,
    PRISON,
    World,
    aged,
    days,
    failed_until,
    is_out,
    linked,
    reablement,
)

COMMUNITY = "Long term support: Community"


def support_at(world: World, person: object, day: date) -> str | None:
    """Long-term support of a person from any council on a day; None for care homes and prisons."""
    held = {
        row["service_type"]
        for (_, whose), services in world.services.items()
        if whose == person
        for row in services
        if row["start"] <= day <= (row["end"] or FOREVER)
    }
    if held & {*CARE_HOME, PRISON}:
        return None
    return "long_term_community" if COMMUNITY in held else "no_long_term"


def discharges(world: World, councils: dict[str, str]) -> list[tuple]:
    """Discharges that count: (council of residence, person, day, support), clients or not.

    `councils` maps small areas to the councils that they lie in.
    """
    found = []
    clients = defaultdict(list)
    for council, person in world.services:
        clients[person].append(council)
    for person, stays in world.stays.items():
        for stay in stays:
            council = councils.get(stay.first["lsoa11"])
            if council not in world.covered or not stay.discharged:
                continue
            age = aged(world.born.get(person), stay.discharged)
            if age is None or age < 65 or is_out(stay, True):
                continue
            support = (
                support_at(world, person, stay.admitted) if person in clients else "no_long_term"
            )
            if support and world.covers(council, stay.discharged):
                found.append((council, person, stay.discharged, support))
    return found


def reached(world: World) -> list[tuple]:
    """Clusters that belong to a discharge that counts: (council, person, day, support)."""
    found = []
    for council, person, _, stay in linked(world, True):
        if stay is None or is_out(stay, True) or not world.covers(council, stay.discharged):
            continue
        support = support_at(world, person, stay.admitted)
        if support:
            found.append((council, person, stay.discharged, support))
    return found


def reach(world: World, councils: dict[str, str]) -> dict[tuple, tuple[int, int]]:
    """Numerator and denominator of the share with reablement, by council and support."""
    parts = Counter((council, support) for council, *_, support in reached(world))
    wholes = Counter((council, support) for council, *_, support in discharges(world, councils))
    return {
        (council, support): (parts[council, support], wholes[council, support])
        for council in world.covered
        for support in ("long_term_community", "no_long_term")
    }


def at_home_by(world: World, day: int, last: int) -> dict[str, tuple[int, int]]:
    """Persons at home a number of days after, of those who can be followed for `last` days."""
    cases = [
        case
        for case in reablement(world, True)
        if case.outcome in (0, 1)
        and world.covers(case.council, case.discharged)
        and case.discharged + days(last) <= world.last_day(case.council)
    ]
    return {
        council: (
            sum(
                not failed_until(
                    world,
                    (council, case.person),
                    case.started,
                    case.discharged,
                    case.discharged + days(day),
                )
                for case in cases
                if case.council == council
            ),
            sum(case.council == council for case in cases),
        )
        for council in world.covered
    }
