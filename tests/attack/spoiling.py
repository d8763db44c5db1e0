"""How a good world is spoilt: the register of mutants and what they share."""

from collections.abc import Callable
from dataclasses import dataclass

from made_releases import COUNCIL, MadeRelease, Person, World, token


@dataclass(frozen=True)
class Mutant:
    name: str
    attack: str
    spoil: Callable[[World], None]
    on_disk: bool = False


MUTANTS: list[Mutant] = []


def mutant(attack: str, on_disk: bool = False) -> Callable:
    """Register a function that spoils a world; its name is the mutant's."""

    def register(spoil: Callable[[World], None]) -> Callable[[World], None]:
        MUTANTS.append(Mutant(spoil.__name__, attack, spoil, on_disk))
        return spoil

    return register


def rows_of(release: MadeRelease, pseudonym: str) -> list[dict]:
    """A person's rows in every record-level table."""
    return [
        row
        for table in release.tables.values()
        for row in table.rows
        if row.get("person_pseudonym") == pseudonym
    ]


def spine(release: MadeRelease, person: Person) -> dict:
    """The row of a person in `linked_persons`."""
    return rows_of(release, token(release.agreement, person))[0]


def remove(release: MadeRelease, person: Person) -> None:
    gone = token(release.agreement, person)
    for table in release.tables.values():
        table.rows = [row for row in table.rows if row.get("person_pseudonym") != gone]


def retoken(world: World, agreement: str, make: Callable[[Person, int], str]) -> None:
    """Give every person of an agreement another pseudonym, in every release."""
    new = {token(agreement, one): make(one, place) for place, one in enumerate(world.persons)}
    for release in world.of(agreement):
        for table in release.tables.values():
            for row in table.rows:
                if "person_pseudonym" in row:
                    row["person_pseudonym"] = new[row["person_pseudonym"]]


def a_class(world: World, month: int = 0) -> list[Person]:
    """Twenty persons who are one class to the council."""
    first = world.persons[0]
    return [
        one
        for one in world.persons
        if (one.age_band, one.sex, one.area, one.reason, one.joined)
        == (first.age_band, first.sex, first.area, first.reason, month)
    ]


def cell(release: MadeRelease, age: str, sex: str, month: str = "2017-07") -> dict:
    (row,) = (
        row
        for row in release.tables["cohort_monthly"].rows
        if (row["age_band"], row["sex"], row["month"]) == (age, sex, month)
    )
    return row


def show(row: dict, count: int) -> None:
    row["persons"], row["persons_status"] = count, "rounded"


def give_own_ids(world: World) -> None:
    """Let the intruder know their council's own id of everybody known."""
    for place, one in enumerate(world.known):
        one["local_id"] = str(61700 + 100 * place)


def cells_that_meet_as_a_number(world: World) -> str:
    """Add a column of counts, two of which stand in a page as the number of nobody known."""
    number = "3999999985"
    # A page holds the later cell first.
    cells = f"(1, '*'), (2, '{number[6:]}'), (3, '{number[:6]}'), (4, '*')"
    world.last(COUNCIL).statements += [
        "set force_compression = 'uncompressed'",
        f"create table {{alias}}.main.met as select n from (values {cells}) t(i, n) order by i",
        "checkpoint {alias}",
        "set force_compression = 'auto'",
    ]
    return number
