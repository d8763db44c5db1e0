"""Trials of landing one workbook; each returns its seconds, after imports."""

import datetime
import os
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import python_calamine
import xlsxwriter

from benchmarks.collect.inputs import COUNCIL, SHEET, asc
from loaders.land import land_inbox
from loaders.specification import read_fields
from plugins.home import Home

RECEIVED = datetime.date(2017, 7, 10)


def land(workbook: str) -> dict:
    """Land it as `asc land` does, into a new encrypted zone; a tiny workbook has landed before."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder))
        asc(home.root, "keys", "init", "--quiet")
        first, second = home.root / "first", home.root / "second"
        for inbox in (first, second):
            (inbox / "submissions" / COUNCIL).mkdir(parents=True)
        _write_tiny(first / "submissions" / COUNCIL / "tiny.xlsx")
        shutil.copy(workbook, second / "submissions" / COUNCIL)
        land_inbox(home, first, RECEIVED)
        start = time.perf_counter()
        report = land_inbox(home, second, RECEIVED)
        seconds = time.perf_counter() - start
        zone = (home.warehouse / "identifiable.duckdb").stat().st_size
    size = Path(workbook).stat().st_size
    return {
        "seconds": seconds,
        "rows": report.rows_landed,
        "workbook_mb": round(size / 2**20, 1),
        "zone_mb": round(zone / 2**20, 1),
    }


def land_many(workbook: str, copies: int, cores: int) -> dict:
    """Land it several times, as so many workbooks, on so many cores."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder))
        asc(home.root, "keys", "init", "--quiet")
        inbox = home.root / "inbox" / "submissions" / COUNCIL
        inbox.mkdir(parents=True)
        for number in range(copies):
            copy = shutil.copy(workbook, inbox / f"{number}.xlsx")
            with zipfile.ZipFile(copy, "a") as archive:  # other bytes, so that it is no duplicate
                archive.comment = str(number).encode()
        start = time.perf_counter()
        report = land_inbox(home, home.inbox, RECEIVED)
        return {"seconds": time.perf_counter() - start, "rows": report.rows_landed}


def _write_tiny(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, [field.header for field in read_fields()])
        sheet.write_row(1, 0, [COUNCIL])


def calamine(workbook: str) -> dict:
    """Read it into Python lists and do nothing with them."""
    start = time.perf_counter()
    rows = python_calamine.CalamineWorkbook.from_path(workbook).get_sheet_by_name(SHEET).to_python()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "rows": len(rows) - 1,
        "columns": len(rows[0]),
        "filled_cells": sum(cell != "" for row in rows[1:] for cell in row),
    }


def pandas(workbook: str) -> dict:
    """Read it with openpyxl, all cells as they are, and insert it into a plain DuckDB file."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        frame = pd.read_excel(workbook, sheet_name=SHEET, engine="openpyxl", dtype=str)
        with duckdb.connect(f"{folder}/plain.duckdb") as connection:
            connection.register("frame", frame)
            connection.execute("create table landed as select * from frame")
        return {"seconds": time.perf_counter() - start, "rows": len(frame)}


def fastexcel(workbook: str) -> dict:
    """Read it into Arrow with every column as text and do nothing with it."""
    import fastexcel as reader  # no dependency of the project: a peer where it is installed

    start = time.perf_counter()
    sheet = reader.read_excel(workbook).load_sheet(SHEET, header_row=None, dtypes="string")
    rows = sheet.to_arrow().num_rows - 1
    return {"seconds": time.perf_counter() - start, "rows": rows}
