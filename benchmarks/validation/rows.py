"""The rows that both validate: of a generated country, with faults of known kinds planted.

Whatever the sample's own histories hold stays in them. `event_reference` is the row's number, `R1`
onwards in the order of the file, so that what either says of a row can be laid side by side.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from benchmarks.national import generate
from benchmarks.national.generate import Size
from loaders.specification import read_fields

# What is planted: field, new value (SQL), one row in so many of those where the condition holds;
# `filled` is a cell that holds something.
FAULTS = (
    ("nhs_number", "null", 40, "filled"),
    ("nhs_number", "left(nhs_number, 9) || ((right(nhs_number, 1)::int + 1) % 10)", 300, "filled"),
    ("nhs_number", "left(nhs_number, 7)", 600, "filled"),
    ("nhs_number", "'9999999999'", 3000, "filled"),
    ("nhs_number", "'1000000001'", 3000, "filled"),
    ("nhs_number", "'8000000008'", 3000, "filled"),
    ("nhs_number", "'9434765919'", 5000, "filled"),
    ("la_code", "null", 20_000, "filled"),
    ("reporting_period_start_date", "null", 10_000, "filled"),
    ("reporting_period_end_date", "'2017-13-01'", 5000, "filled"),
    ("postcode", "null", 300, "filled"),
    ("postcode", "'L1 ' || left(postcode, 2)", 400, "filled"),
    ("postcode", "'ZZ99 3VZ'", 600, "filled"),
    ("postcode", "'AA1 1AA'", 10, "sender_la_code = '316'"),
    ("gp_practice_code", "left(gp_practice_code, 4)", 300, "filled"),
    ("provider_cqc_location_id", "'1-12'", 100, "filled"),
    ("la_person_unique_identifier", "null", 2000, "filled"),
    ("la_code", "'316'", 2000, "la_code <> '316'"),
    ("date_of_birth", "null", 500, "filled"),
    ("date_of_birth", "'not known'", 600, "filled"),
    ("date_of_birth", "'1900-01-01'", 500, "filled"),
    ("date_of_birth", "'2029-03-05'", 2000, "filled"),
    ("date_of_birth", "'2017-05-05'", 1000, "event_start_date < '2017-05-01'"),
    ("date_of_birth", "'2003-05-05'", 1000, "filled"),
    ("date_of_death", "'unknown'", 100, "filled"),
    ("date_of_death", "'2014-05-05'", 50, "filled"),
    ("date_of_death", "'2029-05-05'", 200, "filled"),
    ("date_of_death", "'2016-12-05'", 1000, "event_start_date < '2016-12-01'"),
    ("event_start_date", "null", 1500, "filled"),
    ("event_start_date", "'2018-01-31'", 2000, "filled"),
    ("event_start_date", "'2017-02-30'", 1000, "filled"),
    ("event_end_date", "'2015-03-31'", 800, "event_start_date > '2015-04-01'"),
    ("event_end_date", "'2013-03-31'", 3000, "filled"),
    ("event_end_date", "'2018-03-31'", 800, "event_type <> 'Service'"),
    ("unit_cost", "'on request'", 300, "filled"),
    ("unit_cost", "'-' || unit_cost", 300, "unit_cost similar to '[0-9.]+'"),
    ("cost_frequency_unit_type", "null", 300, "filled"),
    ("planned_units_per_week", "'-' || planned_units_per_week", 500, "filled"),
    ("planned_units_per_week", "'as needed'", 300, "filled"),
    ("planned_units_per_week", "null", 200, "filled"),
    ("no_of_adults_being_cared_for", "'several'", 100, "filled"),
    ("no_of_adults_being_cared_for", "'-1'", 200, "filled"),
    ("client_type", "'Carer known by association'", 500, "client_type = 'Carer'"),
    ("service_type", "'Long Term Support: Prison'", 1000, "delivery_mechanism = 'Direct Payment'"),
    ("event_outcome", "'NFA - Deceased'", 50, "assessment_type = 'Financial Assessment'"),
    ("employment_status", "null", 20, "filled"),
)  # fmt: skip
# In so many filled cells of each field with a code list, one holds no listed value, one nothing; of
# so many rows one is a total under the table.
_OFF_LIST, _BLANK, _TOTALS = 400, 1000, 20_000


def generate_rows(work: Path, rows: int) -> Path:
    """Write `rows.parquet` and `rows.csv` of so many rows into a folder below `work`."""
    folder = work / f"rows_{rows}"
    if (folder / "rows.csv").exists():
        return folder
    source = work / f"country_{rows}"
    # A little more than is wanted: how many rows a client has is drawn.
    size = Size(persons=rows, clients=round(rows * 0.172), rows=round(rows * 1.04), workbooks=0)
    size = replace(size, workbook_rows=0, admissions=rows // 100, attendances=rows // 100)
    generate.write_country(source, work, size, quiet=True)
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{folder / 'temp'}'")
        connection.execute(f"""
            create table rows_sent as
            select row_number() over () as n, * from '{source / "rows.parquet"}' limit {rows}
        """)
        if connection.execute("select count(*) from rows_sent").fetchall() != [(rows,)]:
            raise RuntimeError("the country has fewer rows than asked for")
        _plant(connection, [field.name for field in read_fields()])
        connection.execute(f"copy rows_planted to '{folder / 'rows.parquet'}'")
        connection.execute(f"copy rows_planted to '{folder / 'rows.csv'}' (header)")
    return folder


def _plant(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    faults = list(FAULTS)
    for field in read_fields():
        if field.code_list:
            off_list = f"'Not listed ' || {field.name}[:8]"
            faults += [(field.name, off_list, _OFF_LIST, "filled")]
            faults += [(field.name, "null", _BLANK, "filled")]
    cells = {name: name for name in names} | {"event_reference": "'R' || n"}
    for number, (field, value, one_in, where) in enumerate(faults):
        # Conditions look at the row as it was sent, so that one fault does not hide the next.
        cells[field] = (
            f"case when {f'{field} is not null' if where == 'filled' else where} "
            f"and hash(n, {number}) % {one_in} = 0 then {value} else {cells[field]} end"
        )
    of_totals = {"la_code": "'Total'", "unit_cost": "'119.5'", "event_reference": "'R' || n"}
    columns = ", ".join(
        f"case when hash(n, 'total') % {_TOTALS} = 0 then {of_totals.get(name, 'null')} "
        f"else {cell} end as {name}"
        for name, cell in cells.items()
    )
    # Every client has a number, unless that is the fault planted: the generator leaves many out.
    connection.execute("""
        create macro check_digit(nine) as (11 - list_sum(
            list_transform(range(1, 10), lambda i: nine[i]::int * (11 - i))) % 11) % 11
    """)
    connection.execute(f"""
        create table rows_planted as
        with drawn as (
            select *,
                900000000 + 2 * (hash(sender_la_code, la_person_unique_identifier) % 49999999)
                    as even
            from rows_sent
        ), filled as (
            select * replace (coalesce(nhs_number, case
                when check_digit(even::varchar) < 10 then even || check_digit(even::varchar)
                else (even + 1) || check_digit((even + 1)::varchar)
            end) as nhs_number)
            from drawn
        )
        select sender_la_code, {columns} from filled order by n
    """)
