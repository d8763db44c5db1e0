"""From the generated country to a landed one: workbooks of some councils, rows of the others."""

import datetime
import multiprocessing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import xlsxwriter

from benchmarks.collect.inputs import SHEET
from loaders import landing_tables
from loaders.specification import read_fields
from plugins import zones
from plugins.home import Home

RECEIVED = datetime.datetime(2017, 7, 10, 9, 0)
_AS_NUMBER = {"unit_cost", "planned_units_per_week", "no_of_adults_being_cared_for"}
_PROCESSES = 2


def write_workbooks(folder: Path) -> int:
    """Write the workbooks of a generated country into its inbox; return how many."""
    source = folder / "workbook_rows.parquet"
    with duckdb.connect() as connection:
        senders = [
            code
            for (code,) in connection.execute(
                f"select distinct sender_la_code from '{source}' order by 1"
            ).fetchall()
        ]
    jobs = [
        (source, code, folder / "workbooks" / "submissions" / code / f"{code}_cld.xlsx")
        for code in senders
    ]
    with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
        pool.starmap(_write_workbook, jobs)
    return len(jobs)


def _write_workbook(source: Path, la_code: str, path: Path) -> None:
    """Write one council's rows as Excel would hold them: shared texts, date cells, numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = read_fields()
    dates = {field.name for field in fields if field.name.endswith("_date")} | {
        "date_of_birth",
        "date_of_death",
    }
    rows = pq.read_table(source, filters=[("sender_la_code", "=", la_code)])
    with xlsxwriter.Workbook(path) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet(SHEET)
        page.write_row(0, 0, [field.header for field in fields])
        for column, field in enumerate(fields):
            for row, text in enumerate(rows.column(field.name).to_pylist(), 1):
                if text is None:
                    continue
                if field.name in dates and (day := _day(text)):
                    page.write_datetime(row, column, day, as_date)
                elif field.name in _AS_NUMBER and text.replace(".", "", 1).isdigit():
                    page.write_number(row, column, float(text))
                else:
                    page.write_string(row, column, text)


def _day(text: str) -> datetime.date | None:
    """Return the day of an ISO text that a worksheet can hold as a date, else None."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def put_rows(home: Home, folder: Path) -> int:
    """Write the other councils' rows into the landing tables, as landing would have; return rows.

    Run again it changes nothing.
    """
    fields = read_fields()
    names = ", ".join(f'"{field.name}"' for field in fields)
    source = folder / "rows.parquet"
    with zones.connect(home, folders=[folder], identifiable="write") as connection:
        landing_tables.prepare(connection, fields)
        schema = landing_tables.SCHEMA
        senders = connection.execute(
            f"select sender_la_code, count(*) from '{source}' where sender_la_code not in "
            f"(select sender_la_code from {schema}.submissions) group by 1 order by 1"
        ).fetchall()
        if not senders:
            return 0
        connection.execute("begin")
        connection.execute(f"""
            insert into {schema}.submission_rows by name
            select md5(sender_la_code) as submission_id,
                1 + row_number() over (
                    partition by sender_la_code order by file_row_number
                ) as row_number, {names}
            from read_parquet('{source}', file_row_number = true)
            where sender_la_code not in (select sender_la_code from {schema}.submissions)
        """)
        for code, rows in senders:
            (submission,) = connection.execute("select md5(?)", [code]).fetchall()[0]
            landing_tables.add_submission(
                connection,
                landing_tables.Submission(
                    submission, code, f"{code}_cld.xlsx", submission * 2, SHEET, RECEIVED,
                    "release_1", rows, "landed", None, 1, 1, rows * 100, "1900",
                ),
            )  # fmt: skip
            connection.executemany(
                f"insert into {schema}.submission_columns values (?, ?, ?, ?, 'exact')",
                [[submission, k, field.header, field.name] for k, field in enumerate(fields, 1)],
            )
        connection.execute("commit")
    return sum(rows for _, rows in senders)
