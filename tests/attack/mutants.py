"""Mutants of good releases: each one fault, and the attack that must catch it."""

import base64
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
from made_releases import (
    AREAS,
    CCG,
    CCG_AREA,
    COUNCIL,
    HOSPITAL,
    LSOAS,
    MONTHS,
    REASONS,
    MadeRelease,
    Person,
    World,
    digest,
    exact_cells,
    token,
)


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


# ------------------------------------------------------------------ identifiers
@mutant("identifier-scan")
def nhs_number_in_a_cell(world: World) -> None:
    world.last(CCG).tables["release_notes"].rows[0]["subject"] = world.persons[1].nhs_number


@mutant("identifier-scan")
def spaced_nhs_number_inside_a_text(world: World) -> None:
    number = world.persons[1].nhs_number
    world.last(COUNCIL).tables["linked_care_events"].rows[5]["service_type"] = (
        f"see {number[:3]} {number[3:6]} {number[6:]}"
    )


@mutant("identifier-scan")
def nhs_number_in_a_column_comment(world: World) -> None:
    comments = world.last(COUNCIL).tables["linked_persons"].comments
    comments["age_band"] = f"as of {world.persons[2].nhs_number}"


@mutant("identifier-scan")
def postcode_in_a_table_comment(world: World) -> None:
    world.last(COUNCIL).tables["cohort_monthly"].comment = "without M14 5RT"


@mutant("identifier-scan")
def nhs_number_in_the_manifest(world: World) -> None:
    world.last(CCG).manifest["title"] = f"Data of {world.persons[3].nhs_number}"


@mutant("identifier-scan", on_disk=True)
def nhs_numbers_in_a_deleted_page(world: World) -> None:
    numbers = ", ".join(f"('{one.nhs_number}')" for one in world.persons)
    world.last(COUNCIL).statements += [
        "set force_compression = 'uncompressed'",
        f"create table {{alias}}.main.scratch as select n || ' ' as n from (values {numbers}) t(n)",
        "checkpoint {alias}",
        "drop table {alias}.main.scratch",
        "create table {alias}.main.later as select range as n from range(100000)",
        "set force_compression = 'auto'",
    ]


@mutant("identifier-scan", on_disk=True)
def nhs_number_in_an_uncompressed_page(world: World) -> None:
    # A BLOB's cells read as escaped bytes to whoever casts them: only the page shows the text.
    parts = "'\\x00'::blob || encode(n) || '\\x00'::blob"
    world.last(COUNCIL).statements += [
        "set force_compression = 'uncompressed'",
        f"create table {{alias}}.main.pages as select {parts} as page "
        f"from (values ('{world.persons[4].nhs_number}')) t(n)",
        "checkpoint {alias}",
        "set force_compression = 'auto'",
    ]


@mutant("identifier-scan")
def names_of_known_persons(world: World) -> None:
    rows = world.last(COUNCIL).tables["linked_care_events"].rows
    for place, one in enumerate(world.persons[:12:3]):
        rows[place]["service_type"] = one.family_name.upper()


@mutant("identifier-scan")
def exact_dates_of_events(world: World) -> None:
    for row in world.last(COUNCIL).tables["linked_care_events"].rows:
        row["start_period"] = "2017-02-14"


@mutant("identifier-scan")
def column_named_for_an_identifier(world: World) -> None:
    table = world.last(COUNCIL).tables["linked_persons"]
    table.columns.append(("postcode", "varchar", "quasi_identifier"))


# --------------------------------------------------------------------- contents
@mutant("contents")
def unlisted_table(world: World) -> None:
    world.last(CCG).statements.append("create table {alias}.main.left_over (note varchar)")


@mutant("contents")
def extra_column(world: World) -> None:
    table = world.last(COUNCIL).tables["linked_care_events"]
    table.columns.append(("provider", "varchar", ""))


@mutant("contents")
def unlisted_view(world: World) -> None:
    world.last(COUNCIL).statements.append("create view {alias}.main.seen as select 1 as one")


@mutant("contents")
def more_rows_than_the_manifest_says(world: World) -> None:
    world.last(CCG).statements.append(
        "insert into {alias}.main.release_notes values ('known gap', 'none', 'nothing')"
    )


# ----------------------------------------------------------------------- tokens
@mutant("token-dictionary")
def unkeyed_sha256_tokens(world: World) -> None:
    retoken(world, COUNCIL, lambda one, _: digest("sha256", one.nhs_number))


@mutant("token-dictionary")
def truncated_md5_tokens(world: World) -> None:
    retoken(world, CCG, lambda one, _: digest("md5", one.nhs_number)[:16])


@mutant("token-dictionary")
def tail_of_sha1_of_the_spaced_number(world: World) -> None:
    def make(one: Person, _: int) -> str:
        number = one.nhs_number
        return digest("sha1", f"{number[:3]} {number[3:6]} {number[6:]}")[-20:]

    retoken(world, CCG, make)


@mutant("token-dictionary")
def hmac_keyed_with_the_agreement_reference(world: World) -> None:
    def make(one: Person, _: int) -> str:
        return hmac.digest(COUNCIL.encode(), one.nhs_number.encode(), "sha256").hex()[:32]

    retoken(world, COUNCIL, make)


@mutant("token-dictionary")
def hash_salted_with_the_controller_s_name(world: World) -> None:
    retoken(world, CCG, lambda one, _: digest("sha256", f"{one.nhs_number}Organisation 14L"))


@mutant("token-dictionary")
def crc32_tokens(world: World) -> None:
    retoken(world, CCG, lambda one, _: f"{zlib.crc32(one.nhs_number.encode()):08x}")


@mutant("token-dictionary")
def base64_tokens(world: World) -> None:
    retoken(world, CCG, lambda one, _: base64.b64encode(one.nhs_number.encode()).decode())


@mutant("token-dictionary")
def tokens_of_the_engine_s_own_hash(world: World) -> None:
    with duckdb.connect() as connection:
        numbers = [one.nhs_number for one in world.persons]
        hashed = connection.execute("select hash(n) from (select unnest(?) as n)", [numbers])
        made = [str(row[0]) for row in hashed.fetchall()]
    retoken(world, COUNCIL, lambda _, place: made[place])


@mutant("token-dictionary")
def row_number_tokens(world: World) -> None:
    retoken(world, COUNCIL, lambda _, place: f"{10**15 + place}")


@mutant("token-dictionary")
def short_tokens(world: World) -> None:
    retoken(world, CCG, lambda one, _: token(CCG, one)[:12])


# ------------------------------------------------------------------ token joins
@mutant("token-join")
def tokens_shared_between_recipients(world: World) -> None:
    retoken(world, CCG, lambda one, _: token(COUNCIL, one))


@mutant("token-join")
def heads_of_tokens_shared(world: World) -> None:
    retoken(world, CCG, lambda one, _: token(COUNCIL, one)[:16] + token(CCG, one)[:16])


@mutant("token-join")
def tail_of_one_token_shared(world: World) -> None:
    first = world.persons[0]
    shared = token(CCG, first)[:16] + token(COUNCIL, first)[-16:]
    retoken(world, CCG, lambda one, _: shared if one is first else token(CCG, one))


# ---------------------------------------------------------------------- classes
@mutant("person-classes")
def class_of_nine(world: World) -> None:
    for one in a_class(world)[9:]:
        for release in world.of(COUNCIL):
            remove(release, one)
    for one in a_class(world, month=1):
        remove(world.last(COUNCIL), one)


@mutant("person-classes")
def class_with_one_sensitive_value(world: World) -> None:
    for release in world.of(COUNCIL):
        for one in a_class(world) + a_class(world, month=release.month):
            spine(release, one)["emergency_admissions"] = "1"
            spine(release, one)["emergency_attendances"] = "1"


@mutant("person-classes")
def top_share_of_95_in_100(world: World) -> None:
    members = a_class(world)
    release = world.releases[COUNCIL, 0]
    for place, one in enumerate(members):
        value = HOSPITAL[0] if place == 0 else HOSPITAL[3]
        row = spine(release, one)
        row["emergency_admissions"], row["emergency_attendances"] = value


@mutant("person-classes")
def exact_ages(world: World) -> None:
    for one in world.persons:
        spine(world.last(CCG), one)["age_band"] = str(2017 - int(one.date_of_birth[:4]))


@mutant("person-classes")
def rows_counted_for_persons(world: World) -> None:
    # Ten rows, five persons: whoever counts rows sees a class of ten.
    release = world.releases[CCG, 0]
    table = release.tables["linked_persons"]
    for one in world.persons[:5]:
        row = spine(release, one)
        row["ethnic_group"] = "White"
        table.rows.append(dict(row))


@mutant("person-classes")
def care_that_singles_a_client_out(world: World) -> None:
    release = world.last(COUNCIL)
    row = rows_of(release, token(COUNCIL, world.persons[7]))[-1]
    table = release.tables["linked_care_events"]
    table.rows.append(row | {"event_type": "Review", "start_period": "2017-Q2"})
    table.rows[-1].pop("activity_type", None)


@mutant("person-classes")
def patient_s_admission_that_singles_out(world: World) -> None:
    release = world.last(CCG)
    release.tables["linked_health_activity"].rows.append(
        {
            "person_pseudonym": token(CCG, world.persons[7]),
            "activity_type": "emergency_admission",
            "period": "2017-Q2",
        }
    )


@mutant("person-classes")
def person_in_events_only(world: World) -> None:
    table = world.last(CCG).tables["linked_care_events"]
    table.rows.append(table.rows[0] | {"person_pseudonym": digest("sha256", "nobody")[:32]})


# --------------------------------------------------------------------- intruder
@mutant("motivated-intruder")
def known_person_alone_in_a_band(world: World) -> None:
    one = world.persons[0]
    world.known[0]["date_of_birth"] = "1930-05-05"
    spine(world.last(CCG), one)["age_band"] = "85-89"


@mutant("motivated-intruder")
def candidates_all_alike(world: World) -> None:
    first = world.persons[0]
    release = world.releases[CCG, 0]
    for one in world.persons:
        kind = (one.age_band, one.sex, one.area, one.joined)
        if kind == (first.age_band, first.sex, first.area, 0):
            spine(release, one)["primary_support_reason"] = REASONS[0]


@mutant("motivated-intruder")
def client_known_by_one_service(world: World) -> None:
    one = world.persons[0]
    world.known[0]["service_type"] = "Nursing care"
    for row in rows_of(world.last(COUNCIL), token(COUNCIL, one)):
        if row.get("event_type") == "Service":
            row["service_type"] = "Nursing care"


# ---------------------------------------------------------------- over releases
@mutant("class-difference")
def one_joins_a_class(world: World) -> None:
    for one in a_class(world, month=1)[1:]:
        remove(world.last(COUNCIL), one)


@mutant("class-difference")
def three_alike_leave_a_class(world: World) -> None:
    for one in a_class(world)[:3]:
        remove(world.last(CCG), one)
    for one in world.persons:
        if one.joined:
            remove(world.last(CCG), one)


@mutant("class-difference")
def one_person_s_value_changes(world: World) -> None:
    one = world.persons[-60]
    spine(world.last(COUNCIL), one)["emergency_admissions"] = "2+"
    spine(world.last(COUNCIL), one)["emergency_attendances"] = "2+"


@mutant("trajectories")
def tuple_of_a_mover_changes(world: World) -> None:
    one = world.persons[0]
    spine(world.last(CCG), one)["area_code"] = next(area for area in AREAS if area != one.area)


@mutant("trajectories")
def five_join_together(world: World) -> None:
    for one in a_class(world, month=1)[5:]:
        remove(world.last(COUNCIL), one)


# ------------------------------------------------------------ between recipients
@mutant("fingerprint-join")
def columns_that_fingerprint(world: World) -> None:
    for agreement in (COUNCIL, CCG):
        for release in world.of(agreement):
            table = release.tables["linked_persons"]
            table.columns.append(("weekly_cost", "varchar", "sensitive"))
            for place, one in enumerate(world.persons):
                if one.joined <= release.month:
                    spine(release, one)["weekly_cost"] = str(100 + place % 211)


@mutant("fingerprint-join")
def events_that_fingerprint(world: World) -> None:
    for agreement in (COUNCIL, CCG):
        release = world.last(agreement)
        for place, one in enumerate(world.persons):
            if place % 8 == 0:
                row = rows_of(release, token(agreement, one))[1]
                row["start_period"], row["end_period"] = f"{1900 + place}", "2017"


@mutant("nested-footprints")
def sliver_between_two_recipients(world: World) -> None:
    # Three of one place live outside the CCG: the files differ by them alone.
    for one in a_class(world)[:3]:
        for release in world.of(CCG):
            remove(release, one)


# ----------------------------------------------------------------------- tables
@mutant("table-bounds")
def total_unrounded_beside_unrounded_parts(world: World) -> None:
    release = world.last(COUNCIL)
    exact = exact_cells(0)
    for place in (("65-84", "Male"), ("65-84", "Total")):
        show(cell(release, *place), exact[place])


@mutant("table-bounds")
def small_count_shown(world: World) -> None:
    show(cell(world.last(CCG), "85+", "Female"), 5)


@mutant("table-bounds")
def total_shown_over_one_hidden_part(world: World) -> None:
    # 5 + 0 = 5: the nought and a total that is not hidden with its only part give it away.
    show(cell(world.last(COUNCIL), "85+", "Total"), 5)


@mutant("table-bounds")
def part_of_a_footprint_exact(world: World) -> None:
    # The CCG's area lacks one brick of the council's; exact counts of both pin who lives there.
    for agreement in (COUNCIL, CCG):
        for release in world.of(agreement):
            release.tables["area_bricks"].rows = [
                row
                for row in release.tables["area_bricks"].rows
                if (row["area_code"], row["lsoa11"]) != (CCG_AREA, LSOAS[-1])
            ]
            for row in release.tables["cohort_monthly"].rows:
                place = (row["age_band"], row["sex"])
                if row["persons_status"] == "rounded":
                    exact = exact_cells(MONTHS.index(row["month"]))[place]
                    part = place[0] in ("18-64", "Total") and place[1] != "Male"
                    row["persons"] = exact - (2 if part and agreement == CCG else 0)


@mutant("table-bounds")
def bounds_met_over_two_tables(world: World) -> None:
    # A second table of the same cells, in other bands, whose totals leave only one number.
    release = world.last(COUNCIL)
    (row,) = [
        r for r in release.tables["cohort_monthly"].rows if r is cell(release, "65-84", "Total")
    ]
    narrow = {"age_band": "65-74", "sex": "Total", "persons": 12, "persons_status": "rounded"}
    wide = {"age_band": "75-84", "sex": "Total", "persons": None, "persons_status": "hidden"}
    release.tables["cohort_monthly"].rows += [row | narrow, row | wide]
    show(row, 18)


@mutant("release-difference")
def hidden_cell_shown_in_the_next_release(world: World) -> None:
    show(cell(world.last(CCG), "65-84", "Female"), 10)


@mutant("release-difference")
def count_that_changes_by_one(world: World) -> None:
    for month, release in enumerate(world.of(COUNCIL)):
        show(cell(release, "18-64", "Female"), 23 + month)


@mutant("ratio-recovery")
def rate_beside_a_hidden_numerator(world: World) -> None:
    for row in world.last(COUNCIL).tables["pathway_outcomes"].rows:
        if row["numerator"] is None:
            row["value"] = 11.1


@mutant("ratio-recovery")
def mean_cost_beside_hidden_persons(world: World) -> None:
    row = world.last(CCG).tables["payment_segments"].rows[-1]
    row["care_cost"], row["cost_per_person"] = 4 * 1234.5, 1234.5
