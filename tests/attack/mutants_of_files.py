"""Mutants: identifiers in files, files with more than they list, pseudonyms that can be made."""

import base64
import hmac
import zlib

import duckdb
from made_releases import CCG, COUNCIL, Person, World, digest, token
from spoiling import cells_that_meet_as_a_number, give_own_ids, mutant, retoken


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


@mutant("identifier-scan")
def own_ids_in_a_column_of_numbers(world: World) -> None:
    give_own_ids(world)
    rows = world.last(CCG).tables["payment_segments"].rows
    for row, one in zip(rows, world.known, strict=False):
        row["care_cost"] = float(one["local_id"])


@mutant("identifier-scan")
def one_own_id_beside_a_pseudonym(world: World) -> None:
    give_own_ids(world)
    row = world.last(COUNCIL).tables["linked_care_events"].rows[5]
    row["service_type"] = world.known[0]["local_id"]


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


@mutant("identifier-scan", on_disk=True)
def nhs_number_in_a_page_and_once_more_where_cells_meet(world: World) -> None:
    number = cells_that_meet_as_a_number(world)
    world.last(COUNCIL).statements += [
        "set force_compression = 'uncompressed'",
        f"create table {{alias}}.main.pages as select '\\x00{number}\\x00'::blob as page",
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
