"""Releases made by hand: protected by construction, and by nothing of the pipeline.

Two agreements (a council and a CCG with one processor) hold the same 320 persons under pseudonyms
of their own, in two monthly releases; 24 more join in the second. A class of the council is 20
persons of one age band, sex, area, reason and sequence of care, with four patterns of hospital use;
a class of the CCG is 40 of one age band, sex and area, with two reasons, hospital use hidden.
"""

import hashlib
import hmac
import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from attack.holding import Holding, Release

COUNCIL, CCG = "DSA-306", "DSA-14L"
MONTHS = ("2017-07", "2017-08")
AREAS = ("E02001050", "E02001051")
AGES = {"65-69": 1948, "70-74": 1943}
SEXES = ("Female", "Male")
REASONS = ("Physical support", "Support with memory and cognition")
HOSPITAL = (("0", "0"), ("0", "1"), ("1", "1"), ("2+", "2+"))
COUNCIL_AREA, CCG_AREA = "E08000003", "E38000217"
LSOAS = tuple(f"E010050{number:02}" for number in range(1, 13))
_SECRETS = {COUNCIL: b"a secret of the council's agreement", CCG: b"another secret, of the CCG's"}


@dataclass
class Person:
    """Somebody in the made-up world, as nobody but the test knows them."""

    nhs_number: str
    given_name: str
    family_name: str
    date_of_birth: str
    postcode: str
    age_band: str
    sex: str
    area: str
    reason: str
    hospital: tuple[str, str]
    joined: int


@dataclass
class Table:
    """Columns as (name, type, sensitivity), rows as dictionaries, comments by column."""

    columns: list[tuple[str, str, str]]
    rows: list[dict]
    comment: str = ""
    comments: dict[str, str] = field(default_factory=dict)


@dataclass
class MadeRelease:
    """One release before it is written."""

    agreement: str
    month: int
    manifest: dict
    tables: dict[str, Table]
    statements: list[str] = field(default_factory=list)


@dataclass
class World:
    """Everything a mutant may spoil."""

    persons: list[Person]
    releases: dict[tuple[str, int], MadeRelease]
    known: list[dict]

    def of(self, agreement: str) -> list[MadeRelease]:
        return [release for (owner, _), release in self.releases.items() if owner == agreement]

    def last(self, agreement: str) -> MadeRelease:
        return self.releases[agreement, 1]


def valid_numbers(count: int) -> list[str]:
    """Distinct well-formed numbers of the range that was never issued."""
    chooser, found = random.Random(5), {}  # noqa: S311  a sample
    while len(found) < count:
        digits = f"999{chooser.randrange(10**6):06}"
        total = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True))
        if (check := (11 - total % 11) % 11) != 10:
            found[f"{digits}{check}"] = None
    return list(found)


def token(agreement: str, person: Person) -> str:
    """A pseudonym as it should be: under a secret of its agreement."""
    return hmac.digest(_SECRETS[agreement], person.nhs_number.encode(), "sha256").hex()[:32]


def make_persons() -> list[Person]:
    numbers = iter(valid_numbers(400))
    persons: list[Person] = []

    def add(age: str, sex: str, area: str, reason: str, hospital: tuple, joined: int) -> None:
        place = len(persons)
        born = f"{AGES[age] + place % 5}-0{1 + place % 3}-{10 + place % 18}"
        names = (f"Given{place}", f"Family{place}")
        postcode = f"M{1 + place % 9} {place % 9}AB"
        one = Person(
            next(numbers), *names, born, postcode, age, sex, area, reason, hospital, joined
        )
        persons.append(one)

    kinds = list(itertools.product(AGES, SEXES, AREAS, REASONS, HOSPITAL))
    for kind in kinds:
        for _ in range(5):
            add(*kind, joined=0)
    for kind in kinds[:8]:
        for _ in range(3):
            add(*kind, joined=1)
    return persons


def _persons_table(agreement: str, persons: list[Person]) -> Table:
    ccg = agreement == CCG
    columns = [
        ("person_pseudonym", "varchar", "pseudonym"),
        ("age_band", "varchar", "quasi_identifier"),
        ("sex", "varchar", "quasi_identifier"),
        ("ethnic_group", "varchar", "quasi_identifier"),
        ("area_code", "varchar", "quasi_identifier"),
        ("link_status", "varchar", "non_personal"),
        ("primary_support_reason", "varchar", "sensitive"),
        ("emergency_admissions", "varchar", "sensitive"),
        ("emergency_attendances", "varchar", "sensitive"),
    ]
    rows = [
        {
            "person_pseudonym": token(agreement, person),
            "age_band": person.age_band,
            "sex": person.sex,
            "ethnic_group": "*",
            "area_code": person.area,
            "link_status": "linked",
            "primary_support_reason": person.reason,
            "emergency_admissions": "*" if ccg else person.hospital[0],
            "emergency_attendances": "*" if ccg else person.hospital[1],
        }
        for person in persons
    ]
    return Table(columns, rows)


def _care_table(agreement: str, persons: list[Person]) -> Table:
    columns = [
        ("person_pseudonym", "varchar", "pseudonym"),
        ("event_type", "varchar", "sensitive"),
        ("service_type", "varchar", "sensitive"),
        ("start_period", "varchar", "quasi_identifier"),
        ("end_period", "varchar", "quasi_identifier"),
    ]
    services = dict(zip(REASONS, ("Home support", "Residential care"), strict=True))
    rows = [
        {
            "person_pseudonym": token(agreement, person),
            "event_type": kind,
            "service_type": services[person.reason] if kind == "Service" else None,
            "start_period": "2017-Q1",
            "end_period": None,
        }
        for person in persons
        for kind in ("Assessment", "Service")
    ]
    return Table(columns, rows)


def _health_table(agreement: str, persons: list[Person]) -> Table:
    columns = [
        ("person_pseudonym", "varchar", "pseudonym"),
        ("activity_type", "varchar", "sensitive"),
        ("period", "varchar", "quasi_identifier"),
    ]
    rows = [
        {
            "person_pseudonym": token(agreement, person),
            "activity_type": "emergency_attendance",
            "period": "2017-Q2",
        }
        for person in persons
        if agreement == COUNCIL and person.hospital[1] != "0"
    ]
    return Table(columns, rows)


# Exact numbers of the cells (age band, sex): some small, one nought; totals are worked out.
EXACT = {
    ("18-64", "Female"): 23,
    ("18-64", "Male"): 31,
    ("65-84", "Female"): 4,
    ("65-84", "Male"): 17,
    ("85+", "Female"): 5,
    ("85+", "Male"): 0,
}


def protected(count: int) -> tuple[int | None, str]:
    """The published form of an exact count and its status."""
    if count == 0:
        return 0, "zero"
    return (None, "hidden") if count < 8 else (5 * ((count + 2) // 5), "rounded")


def exact_cells(month: int) -> dict[tuple[str, str], int]:
    """All cells of a month with their totals; two persons more a month in the largest."""
    cells = dict(EXACT)
    cells["18-64", "Male"] += 10 * month
    for age in ("18-64", "65-84", "85+"):
        cells[age, "Total"] = sum(n for (a, _), n in cells.items() if a == age)
    for sex in (*SEXES, "Total"):
        cells["Total", sex] = sum(n for (_, s), n in cells.items() if s == sex)
    return cells


def _cohort_table(area: str, months: int) -> Table:
    columns = [(name, "varchar", "non_personal") for name in ("month", "area_code", "age_band")]
    columns += [(name, "varchar", "non_personal") for name in ("sex", "cohort")]
    columns += [("persons", "bigint", "sensitive"), ("persons_status", "varchar", "non_personal")]
    rows = []
    for month in range(months + 1):
        for (age, sex), exact in exact_cells(month).items():
            shown, status = protected(exact)
            place = {"month": MONTHS[month], "area_code": area, "age_band": age, "sex": sex}
            rows.append(
                place | {"cohort": "home support", "persons": shown, "persons_status": status}
            )
    return Table(columns, rows)


def _outcomes_table(area: str) -> Table:
    columns = [(name, "varchar", "non_personal") for name in ("period", "area_code", "measure")]
    columns += [("definition_year", "integer", "non_personal")]
    columns += [(name, "bigint", "sensitive") for name in ("numerator", "denominator")]
    columns += [("value", "double", "sensitive"), ("numerator_status", "varchar", "non_personal")]
    rows = []
    for number, (above, below) in enumerate([(40, 50), (12, 60), (5, 45), (30, 90), (3, 33)]):
        shown, status = protected(above)
        denominator, _ = protected(below)
        rows.append(
            {
                "period": f"2017-Q{1 + number % 4}",
                "area_code": area,
                "measure": "at home 91 days later" if number < 4 else "no further support",
                "definition_year": 2017,
                "numerator": shown,
                "denominator": denominator,
                "value": None if shown is None else round(100 * shown / denominator, 1),
                "numerator_status": status,
            }
        )
    return Table(columns, rows)


def _payments_table(area: str) -> Table:
    columns = [(name, "varchar", "non_personal") for name in ("area_code", "segment")]
    columns += [("persons", "bigint", "sensitive"), ("care_cost", "double", "sensitive")]
    columns += [("cost_per_person", "double", "sensitive")]
    rows = []
    for segment, persons in (("a", 40), ("b", 25), ("c", 85), ("d", 30), ("e", None)):
        cost = None if persons is None else 1234.5 * persons
        each = None if persons is None else 1234.5
        place = {"area_code": area, "segment": segment, "persons": persons}
        rows.append(place | {"care_cost": cost, "cost_per_person": each})
    return Table(columns, rows)


def _bricks_table() -> Table:
    columns = [("area_code", "varchar", "non_personal"), ("lsoa11", "varchar", "non_personal")]
    rows = [
        {"area_code": area, "lsoa11": lsoa} for area in (COUNCIL_AREA, CCG_AREA) for lsoa in LSOAS
    ]
    return Table(columns, rows)


def _notes_table() -> Table:
    columns = [(name, "varchar", "non_personal") for name in ("note_type", "subject", "note")]
    note = "Small counts are hidden and all others rounded."
    return Table(columns, [{"note_type": "rounding", "subject": "counts", "note": note}])


def make_world() -> World:
    """The good releases."""
    persons = make_persons()
    releases = {}
    for agreement, area, kind, code in (
        (COUNCIL, COUNCIL_AREA, "council", "306"),
        (CCG, CCG_AREA, "ccg", "14L"),
    ):
        for month in (0, 1):
            there = [person for person in persons if person.joined <= month]
            manifest = {
                "agreement_reference": agreement,
                "title": "Linked care and health data",
                "release_id": f"201709{10 + month}-00{month + 1}",
                "controller": {"code": code, "name": f"Organisation {code}"},
                "processors": [{"code": "0DE", "name": "A support unit"}],
                "policy": {
                    "recipient_type": kind,
                    "reference_date": "2017-04-01",
                    "k_persons": "10",
                    "l_values": "2",
                    "top_share": "0.9",
                    "small_number_threshold": "8",
                    "rounding_base": "5",
                },
                "test_numbers_accepted": True,
                "created_at": f"2017-09-{10 + month}T09:00:00+00:00",
            }
            tables = {
                "linked_persons": _persons_table(agreement, there),
                "linked_care_events": _care_table(agreement, there),
                "linked_health_activity": _health_table(agreement, there),
                "cohort_monthly": _cohort_table(area, month),
                "pathway_outcomes": _outcomes_table(area),
                "payment_segments": _payments_table(area),
                "area_bricks": _bricks_table(),
                "release_notes": _notes_table(),
            }
            releases[agreement, month] = MadeRelease(agreement, month, manifest, tables)
    return World(persons, releases, [_known(person) for person in persons[::3]])


def _known(person: Person) -> dict:
    return {
        "person_id": person.nhs_number,
        "nhs_number": person.nhs_number,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth": person.date_of_birth,
        "sex": person.sex,
        "ethnic_group": "White",
        "postcode": person.postcode,
        "msoa11": person.area,
        "service_type": "Home support" if person.reason == REASONS[0] else "Residential care",
        "event_start_date": "2017-02-14",
    }


def written(world: World, folder: Path | None = None, known: bool = True) -> Holding:
    """Write the releases into databases (files in `folder`, else memory) and open them together."""
    connection = duckdb.connect(config={"threads": 1})
    releases = []
    for number, release in enumerate(world.releases.values()):
        alias = f"release_{number}"
        file = folder / f"{alias}.duckdb" if folder else None
        connection.execute(f"attach '{file or ':memory:'}' as {alias}")
        _write(connection, alias, release)
        label = f"{release.agreement}/{release.manifest['release_id']}"
        releases.append(Release(alias, label, release.manifest, file))
    auxiliary = None
    if known:
        _create(connection, "memory.main.known_persons", _inferred(world.known))
        auxiliary = "memory.main.known_persons"
    return Holding(connection, releases, auxiliary, folder)


def _inferred(rows: list[dict]) -> Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return Table([(name, "varchar", "") for name in names], rows)


def _write(connection: duckdb.DuckDBPyConnection, alias: str, release: MadeRelease) -> None:
    dictionary = [
        {"table_name": name, "column_name": column, "sensitivity": sensitivity}
        for name, table in release.tables.items()
        for column, _, sensitivity in table.columns
        if sensitivity
    ]
    own = [(name, "varchar", "non_personal") for name in dictionary[0]]
    dictionary += [
        {"table_name": "column_dictionary", "column_name": name, "sensitivity": "non_personal"}
        for name, *_ in own
    ]
    tables = release.tables | {"column_dictionary": Table(own, dictionary)}
    release.manifest.setdefault(
        "products", {name: {"rows": len(table.rows)} for name, table in tables.items()}
    )
    for name, table in tables.items():
        full = f"{alias}.main.{name}"
        _create(connection, full, table)
        if table.comment:
            connection.execute(f"comment on table {full} is '{table.comment}'")
        for column, comment in table.comments.items():
            connection.execute(f"comment on column {full}.{column} is '{comment}'")
    for statement in release.statements:
        connection.execute(statement.format(alias=alias))
    connection.execute(f"checkpoint {alias}")


def _create(connection: duckdb.DuckDBPyConnection, full: str, table: Table) -> None:
    listed = ", ".join(f"{name} {kind}" for name, kind, _ in table.columns)
    connection.execute(f"create table {full} ({listed})")
    if not table.rows:
        return
    rows = pa.table({name: [row.get(name) for row in table.rows] for name, *_ in table.columns})
    connection.register("rows_to_write", rows)
    connection.execute(f"insert into {full} from rows_to_write")
    connection.unregister("rows_to_write")


def digest(name: str, text: str) -> str:
    """Hex digest of a text by a named hash."""
    return hashlib.new(name, text.encode()).hexdigest()
