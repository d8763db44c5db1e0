"""A small warehouse made by SQL, in the shapes that landing and the dbt models build.

Personal details are planted in every column that may hold them; none may come out.
"""

import json
from pathlib import Path

from loaders.specification import read_fields
from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release import ledger

NHS_NUMBER, OTHER_NHS_NUMBER = "9434765919", "9434765870"
FIRST, LAST, POSTCODE, BORN = "Zebedee", "Quackenbush", "M99 9ZZ", "1931-02-03"
PLANTED = (NHS_NUMBER, OTHER_NHS_NUMBER, FIRST, LAST, POSTCODE, "M999ZZ", BORN, "03/02/1931")
FORMULA = '=HYPERLINK("x","y")'
MANCHESTER, ROCHDALE, LIVERPOOL = "306", "308", "316"

_LANDING = """
create schema identifiable.intermediate;
create table identifiable.landing.submissions (
    submission_id varchar, sender_la_code varchar, file_name varchar, file_sha256 varchar,
    sheet_name varchar, received_at timestamp, specification_version varchar, rows_read bigint,
    outcome varchar, reason varchar);
insert into identifiable.landing.submissions values
    ('s0', '306', 'manchester_0.xlsx', 'x', 'Data', '2017-06-10', 'release_1', 3, 'landed', null),
    ('s1', '306', 'manchester <1> & more.xlsx', 'x', 'Data', '2017-07-10', 'release_1', 8, 'landed',
        null),
    ('s2', '306', 'manchester_2.xlsx', 'x', null, '2017-08-10', null, 0, 'refused',
        'The file is empty (0 bytes): send it again.'),
    ('s3', '308', 'rochdale_1.xlsx', 'x', 'Data', '2017-07-10', 'release_1', 2, 'landed', null),
    ('s4', 'odd folder', 'stray.xlsx', 'x', null, '2017-07-11', null, 0, 'refused', 'Unknown.');
"""
_BUILT = """
create table identifiable.intermediate.int_validation_findings (
    submission_id varchar, row_number bigint, field varchar, rule_id varchar, field_status integer,
    check_result integer, severity varchar, consequence_of varchar);
insert into identifiable.intermediate.int_validation_findings values
    ('s0', 2, 'gender', 'not_on_list', 2, -2, 'error', null),
    ('s1', 2, 'gender', 'not_on_list', 2, -2, 'error', null),
    ('s1', 2, 'ethnicity', 'not_on_list', 2, -2, 'error', null),
    ('s1', 3, null, 'end_before_start', null, null, 'error', 'date_unreadable'),
    ('s1', 4, 'nhs_number', 'nhs_number_repaired', 2, 1, 'info', null),
    ('s1', 5, 'la_code', 'other_council', 2, -2, 'error', null),
    ('s1', 6, 'gender', 'not_on_list', 2, -2, 'error', null),
    ('s1', 7, 'gender', 'a_rule_of_tomorrow', 2, -2, 'warning', null),
    ('s1', 9, 'gender', 'not_on_list', 2, -2, 'error', null),
    ('s1', null, null, 'columns_not_recognised', null, null, 'warning', null),
    ('s3', 2, 'postcode', 'mandatory_blank', 2, -1, 'error', null);
create table identifiable.intermediate.int_persons_traced (
    la_code varchar, la_person_unique_identifier varchar, nhs_number varchar, trace_step varchar,
    nhs_number_status_code varchar, response_code varchar);
insert into identifiable.intermediate.int_persons_traced values
    ('306', 'M1', '9434765919', 'cross_check', '01', '00'),
    ('306', 'M2', '9434765870', 'exact', '01', '92'), ('306', 'M3', null, 'none', '04', '98'),
    ('308', 'R1', null, 'none', '04', '96');
"""
# What only one council may see, planted in every mart.
OWN = {
    MANCHESTER: ("6,600,001", "6600001", "Mancunian category", "Mancunian value", "2031"),
    ROCHDALE: ("7,700,001", "7700001", "Rochdalian category", "Rochdalian value", "2032"),
}
_MARTS = """
create schema if not exists pseudonymised.marts;
create table pseudonymised.marts.submission_totals as
select
    la_code, submission_id, received_at::timestamp as received_at, previous_submission_id,
    is_latest, date '2016-07-01' as period_start, date '2017-06-30' as period_end,
    rows_judged, rows_accepted, rows_set_aside, persons, 0::bigint as carers,
    2::bigint as requests, 1::bigint as assessments, 3::bigint as services, 1::bigint as reviews,
    2::bigint as services_open, overlap_start, date '2017-05-31' as overlap_end,
    4::bigint as events_kept, 1::bigint as events_added, 2::bigint as events_gone
from (values
    ('306', 's0', '2017-06-10', null, false, 3, 3, 0, 6600000, null),
    ('306', 's1', '2017-07-10', 's0', true, 8, 6, 2, 6600001, date '2016-07-01'),
    ('308', 's3', '2017-07-10', null, true, 2, 2, 0, 7700001, null)
) as t (la_code, submission_id, received_at, previous_submission_id, is_latest, rows_judged,
    rows_accepted, rows_set_aside, persons, overlap_start);
create table pseudonymised.marts.data_quality_rates as
from (values
    ('306', 's0', 'gender', 10::bigint, 8::bigint, 1::bigint),
    ('306', 's0', null, 10, 8, 1),
    ('306', 's1', 'gender', 6600001, 5000000, 1), ('306', 's1', null, 6600001, 6000000, 1),
    ('308', 's3', 'gender', 7700001, 7700001, 0), ('308', 's3', null, 7700001, 7700001, 0)
) as t (la_code, submission_id, field, cells_due, cells_valid, cells_missing);
create table pseudonymised.marts.data_quality_comparators as
from (values ('gender', 3, 0.87::decimal(9, 4)), (null, 3, 0.93)) as t
    (field, councils, share_valid);
create table pseudonymised.marts.data_quality_values as
from (values
    ('306', 's1', 'Person details', 'gender', 2, 1, 'Mancunian value', 5::bigint),
    ('308', 's3', 'Person details', 'gender', 2, 1, 'Rochdalian value', 5)
) as t (la_code, submission_id, module, field, field_status, check_result, value, count);
create table pseudonymised.marts.council_figures as
from (values
    ('306', 'events', 'Mancunian category', 1, 3::bigint, 4::bigint, 0.75),
    ('306', 'events', '=1+1', 2, 1, 4, 0.25),
    ('306', 'direct_payments', 'Receives', 0, 1, 3, 0.3333),
    ('306', 'request_wait_median', 'Median', 0, 3, 4, 4.5),
    ('308', 'events', 'Rochdalian category', 1, 7700001, 7700001, 1.0)
) as t (la_code, figure, category, category_position, numerator, denominator, value);
create table pseudonymised.marts.submissions_monitored as
from (values
    ('306', date '2017-05-01', date '2031-06-15', 's0', date '2017-06-10', 'on_time', 0),
    ('306', date '2017-06-01', date '2017-07-09', 's1', date '2017-07-10', 'late', 1),
    ('308', date '2017-05-01', date '2032-06-15', null, null, 'missing', 12),
    ('308', date '2017-07-01', date '2032-08-15', null, null, 'not_due', 0)
) as t (la_code, period_month, due_date, submission_id, received_on, status, days_late);
create table pseudonymised.governance.trace_rates as
select *, round(100 * persons / persons_of_category)::integer as persons_in_100
from (values
    ('all', 'all', 'All', 'cross_check', 180::bigint, 'rounded', 210::bigint),
    ('all', 'all', 'All', 'exact', 10, 'rounded', 210),
    ('all', 'all', 'All', 'none', 20, 'rounded', 210),
    ('306', 'all', 'All', 'cross_check', 100, 'rounded', 110),
    ('306', 'all', 'All', 'exact', null, 'hidden', 110),
    ('306', 'all', 'All', 'none', null, 'hidden', 110),
    ('all', 'age_band', '85+', 'cross_check', 80, 'rounded', 100),
    ('all', 'age_band', '85+', 'none', 20, 'rounded', 100),
    ('all', 'age_band', '18-24', 'cross_check', 0, 'zero', null),
    ('all', 'age_band', '18-24', 'none', null, 'hidden', null),
    ('306', 'age_band', '85+', 'cross_check', 10, 'rounded', 10),
    ('306', 'age_band', '85+', 'none', 0, 'zero', 10)
) as t (la_code, attribute, category, trace_step, persons, persons_status, persons_of_category);
"""
# Cells that no report may show again, and two that it may.
SENT = {
    ("s1", 2): {"gender": FORMULA, "ethnicity": f"{LAST.upper()} {FIRST}"},
    ("s1", 6): {"gender": f"X {OTHER_NHS_NUMBER}"},
    ("s1", 7): {"gender": "Femle"},
    ("s1", 9): {"gender": "04/05/1932"},
}
# submission, row, LA id, event reference, outcome, reasons
ROWS = [
    ("s0", 2, "M0", "EV0", "accepted", None),
    ("s1", 2, "M2", FORMULA, "accepted", None),
    ("s1", 3, "M3", "-5+2", "quarantined", "end_before_start"),
    ("s1", 4, f"{LAST}/4", f"EV-{NHS_NUMBER[:3]} {NHS_NUMBER[3:]}", "accepted", None),
    ("s1", 5, "R1", "EV5", "quarantined", "end_before_start; other_council"),
    ("s1", 6, OTHER_NHS_NUMBER, f"{POSTCODE}-03/02/1931", "accepted", None),
    ("s1", 7, "1234567890", "@EV7", "accepted", None),
    ("s1", 8, "M8", "EV8", "accepted", None),
    ("s1", 9, None, "+EV9", "accepted", None),
    ("s3", 2, "R1", "EVR", "accepted", None),
    ("s3", 3, "R2", "EVR3", "accepted", None),
]


def make_landed(root: Path) -> Home:
    """Make a warehouse in which files have landed and nothing is built."""
    home = Home.at(root)
    KeyRing(home.keys).initialise()
    with zones.connect(home, identifiable=zones.WRITE) as connection:
        connection.execute(_LANDING)
    return home


def make_built(root: Path) -> Home:
    """Make one that is built, with a release, a withdrawal and refusals."""
    home = make_landed(root)
    fields = [field.name for field in read_fields()]
    landed = ", ".join(f"{name} varchar" for name in fields)
    typed = landed.replace("date_of_birth varchar", "date_of_birth date")
    intermediate = "identifiable.intermediate"
    with zones.connect(home, identifiable=zones.WRITE, pseudonymised=zones.WRITE) as connection:
        connection.execute(_BUILT)
        connection.execute(_MARTS)
        connection.execute(
            "create table identifiable.landing.submission_rows "
            f"(submission_id varchar, row_number bigint, {landed})"
        )
        connection.execute(
            f"create table {intermediate}.int_rows_validated (submission_id varchar, "
            f"row_number bigint, outcome varchar, reasons varchar, sender_la_code varchar, {typed})"
        )
        for submission, number, person, event, outcome, reasons in ROWS:
            connection.execute(
                "insert into identifiable.landing.submission_rows by name select $1 as "
                "submission_id, $2 as row_number, $3 as nhs_number, $4 as first_name, "
                "$5 as last_name, $6 as postcode, $7 as date_of_birth, $4 as event_description",
                [submission, number, NHS_NUMBER, FIRST, LAST, POSTCODE, "03/02/1931"],
            )
            for field, value in SENT.get((submission, number), {}).items():
                connection.execute(
                    f"update identifiable.landing.submission_rows set {field} = $1 "
                    "where submission_id = $2 and row_number = $3",
                    [value, submission, number],
                )
            connection.execute(
                f"insert into {intermediate}.int_rows_validated by name select $1 as submission_id,"
                " $2 as row_number, $3 as la_person_unique_identifier, $4 as event_reference, "
                "$5 as outcome, $6 as reasons, $7 as nhs_number, $8::date as date_of_birth, "
                "$9 as event_description, 'Service' as event_type",
                [submission, number, person, event, outcome, reasons, NHS_NUMBER, BORN, FIRST],
            )
        connection.execute(
            "insert into pseudonymised.governance.builds (invocation_id, started_at, ended_at, "
            "outcome) values ('b', '2024-01-01', '2024-01-01', 'green')"
        )
    return home


def add_releases(home: Home) -> None:
    """Record two releases, one of them withdrawn, and the same refusal twice."""
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        for release_id in ("20240101-001", "20240101-002"):
            ledger.append(
                connection,
                home,
                "released",
                agreement_reference="DSA-1",
                agreement_version=1,
                release_id=release_id,
            )
        ledger.append(
            connection,
            home,
            "withdrawn",
            agreement_reference="DSA-1",
            release_id="20240101-001",
            reason="asked <back>",
        )
        for _ in range(2):
            ledger.append(
                connection, home, "refused", agreement_reference="DSA-2", reason="expired"
            )
    folder = home.releases / "DSA-1" / "20240101-002"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(
        json.dumps(
            {
                "title": "Planning",
                "controller": {"code": "99A", "name": "A group"},
                "as_of_date": None,
                "products": {"linked_persons": {"rows": 1234, "sha256": "x"}},
            }
        )
    )
