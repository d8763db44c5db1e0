"""A small pseudonymised zone, made by SQL in the shapes that the dbt models build."""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing

TODAY = date.today()
AS_OF = TODAY - timedelta(days=30)
IN_FORCE, SECOND, EXPIRED, PENDING, DENIED, NO_PRODUCT = (
    "DSA-001",
    "DSA-002",
    "DSA-EXPIRED",
    "DSA-PENDING",
    "DSA-DENIED",
    "DSA-EMPTY",
)

_SCHEMA = """
create schema pseudonymised.reference;
create schema pseudonymised.marts;
create schema pseudonymised.intermediate;
create table pseudonymised.intermediate.int_persons_placed (
    agreement_reference varchar, person_token varchar, person_token_type varchar, la_code varchar,
    class_path varchar, is_shown boolean, recoding_step integer, known_level integer,
    known_side varchar, age_band varchar, sex varchar, ethnic_group varchar, area_code varchar,
    primary_support_reason varchar, care_setting varchar, sensitive_value varchar);
create table pseudonymised.reference.agreements (
    agreement_reference varchar, version integer, title varchar, controller_code varchar,
    legal_basis varchar, geography_rule varchar, start_date date, end_date date, approved_on date,
    decision varchar, opt_outs_applied boolean, opt_out_reason varchar, token_rotation varchar,
    retention_until date);
create table pseudonymised.reference.agreement_products
    (agreement_reference varchar, product varchar, version integer);
create table pseudonymised.reference.agreement_purposes
    (agreement_reference varchar, purpose varchar, version integer);
create table pseudonymised.reference.agreement_processors
    (agreement_reference varchar, processor_code varchar, version integer);
create table pseudonymised.reference.organisations
    (organisation_code varchar, organisation_name varchar, organisation_type varchar);
create table pseudonymised.governance.entitlements (
    agreement_reference varchar, la_code varchar, product varchar, allowed boolean,
    reason varchar, valid_from date, valid_to date);
create table pseudonymised.governance.release_policies (
    agreement_reference varchar, as_of_date date, reference_date date, policy varchar,
    policy_hash varchar);
create table pseudonymised.marts.linked_persons (
    agreement_reference varchar, person_pseudonym varchar, age_band varchar, sex varchar,
    ethnic_group varchar, area_code varchar, link_status varchar, use_of_care varchar);
create table pseudonymised.marts.cohort_monthly (
    agreement_reference varchar, month date, area_code varchar, age_band varchar, sex varchar,
    cohort varchar, persons integer, persons_status varchar, starts integer, ends integer);
create table pseudonymised.marts.release_notes (
    agreement_reference varchar, note_type varchar, subject varchar, measure varchar,
    value varchar, note varchar);
create table pseudonymised.marts.column_dictionary (
    table_name varchar, column_name varchar, data_type varchar, sensitivity varchar,
    generalisation varchar, description varchar);
comment on table pseudonymised.marts.linked_persons is 'One row per person''s pseudonym.';
comment on column pseudonymised.marts.linked_persons.age_band is 'Five-year band; 90+ is the top.';
"""
_PERSONS = """
insert into pseudonymised.intermediate.int_persons_placed by name
select 'DSA-001' as agreement_reference, 'token' || i as person_token, i < 12 as is_shown,
    'path' as class_path
from range(13) as persons(i);
insert into pseudonymised.marts.linked_persons
select
    agreements.reference, md5(agreements.reference || persons.number),
    case when persons.number % 5 = 0 then '90+' else '65-69' end,
    case when persons.number % 2 = 0 then 'Female' else 'Male' end, '*', '*', 'linked',
    case persons.number % 3 when 0 then null when 1 then '' else 'home care, "day" centre' end
from range(200) as persons (number), (values ('DSA-001'), ('DSA-002')) as agreements (reference);
insert into pseudonymised.marts.cohort_monthly
select
    agreements.reference, date '2024-01-01', agreements.area_code, 'Total', 'Total', 'long_term',
    case when cells.number = 3 then null else 100 + 5 * cells.number end,
    case when cells.number = 3 then 'hidden' else 'rounded' end, 5,
    case when cells.number = 1 then null else 7 end
from
    range(4) as cells (number),
    (values ('DSA-001', 'E08000003'), ('DSA-002', 'E38000217'))
        as agreements (reference, area_code);
insert into pseudonymised.marts.release_notes values
    ('DSA-001', 'link rate', 'Total', 'linked persons in 100', '97', 'All councils.'),
    ('DSA-002', 'link rate', 'Total', 'linked persons in 100', '95', 'All councils.');
insert into pseudonymised.marts.column_dictionary
select table_name, column_name, data_type, 'quasi_identifier', 'none', 'What it is.'
from duckdb_columns()
where database_name = 'pseudonymised' and schema_name = 'marts'
    and table_name in ('linked_persons', 'cohort_monthly');
"""


def make_warehouse(root: Path) -> Home:
    """Make keys and the zone of a warehouse whose last build is green as of `AS_OF`."""
    home = Home.at(root)
    KeyRing(home.keys).initialise()
    for identifiable in (zones.connect(home, identifiable=zones.WRITE),):
        identifiable.close()
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        connection.execute(_SCHEMA)
        connection.execute(_PERSONS)
        connection.execute(
            "insert into pseudonymised.reference.organisations values "
            "('306', 'Manchester City Council', 'council'), ('X2C4Y', 'A support unit', 'csu')"
        )
        add_agreement(connection, IN_FORCE)
        add_agreement(connection, SECOND)
        add_agreement(connection, EXPIRED, end_date=TODAY - timedelta(days=1))
        add_agreement(connection, PENDING, decision="pending", approved_on=None)
        add_agreement(connection, DENIED, allowed=False)
        add_agreement(connection, NO_PRODUCT, products=())
        add_build(connection, "green")
    home.lineage.write_text('{"build_id": "run", "holds": true, "failures": []}\n')
    return home


def add_agreement(
    connection: duckdb.DuckDBPyConnection,
    reference: str,
    version: int = 1,
    products: tuple[str, ...] = ("linked_persons", "cohort_monthly", "population_needs"),
    allowed: bool = True,
    **values,
) -> None:
    """Put a version of an agreement into the register, its entitlements and policy with it."""
    row = {
        "start_date": TODAY - timedelta(days=100),
        "end_date": TODAY + timedelta(days=100),
        "approved_on": TODAY - timedelta(days=120),
        "decision": "approved",
    } | values
    connection.execute(
        "insert into pseudonymised.reference.agreements (agreement_reference, version, title, "
        "controller_code, start_date, end_date, approved_on, decision) "
        "values (?, ?, 'Planning', '306', ?, ?, ?, ?)",
        [reference, version, *row.values()],
    )
    if version > 1:
        return
    for product in products:
        connection.execute(
            "insert into pseudonymised.reference.agreement_products values (?, ?, null)",
            [reference, product],
        )
        connection.execute(
            "insert into pseudonymised.governance.entitlements "
            "values (?, '306', ?, ?, 'agreed', null, null), "
            "(?, '308', ?, false, 'declined', null, null)",
            [reference, product, allowed, reference, product],
        )
    connection.execute(
        "insert into pseudonymised.reference.agreement_purposes values (?, 'planning', null)",
        [reference],
    )
    connection.execute(
        "insert into pseudonymised.reference.agreement_processors values (?, 'X2C4Y', null)",
        [reference],
    )
    connection.execute(
        "insert into pseudonymised.governance.release_policies values (?, ?, ?, ?, 'hash')",
        [reference, AS_OF, AS_OF, json.dumps({"smallest_count": 10})],
    )


def add_build(
    connection: duckdb.DuckDBPyConnection, outcome: str, as_of: date | None = AS_OF
) -> None:
    """Record a dbt run after all those recorded."""
    connection.execute(
        "insert into pseudonymised.governance.builds "
        "select 'run', timestamp '2024-01-01' + to_hours(count(*)::integer), null, ?, ?, true, "
        "1, 1, 0 from pseudonymised.governance.builds",
        [outcome, as_of],
    )


def ledger_rows(home: Home) -> list[dict]:
    """Return the ledger's entries."""
    from release import ledger

    with zones.connect(home, pseudonymised=zones.READ) as connection:
        return ledger.entries(connection)


def change(home: Home, *statements: str) -> None:
    """Run statements on the pseudonymised zone."""
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        for statement in statements:
            connection.execute(statement)


def flip_byte(path: Path, place: float = 0.5) -> None:
    """Change one bit of the byte at a share of a file's length."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(content)
