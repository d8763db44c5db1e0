"""Lands workbooks one by one on an open warehouse and holds what lands against what was written."""

import datetime
import itertools
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generated_workbooks import Book, Sheet, rows_to_land, text_of

from loaders import landing_tables
from loaders.arrivals import Arrival, InboxFile
from loaders.headers import column_letters
from loaders.refusals import Refusal
from loaders.report import LandingReport
from loaders.specification import (
    read_code_versions,
    read_councils,
    read_fields,
    read_versions,
)
from loaders.submissions import SubmissionLoader
from loaders.versions import VersionDetector
from plugins.home import Home
from plugins.keys import KeyRing
from plugins.zones import connect

RECEIVED = datetime.datetime(2017, 7, 10, 9)
LONGEST_SECONDS = 20
SENTENCES = frozenset(refusal.value for refusal in Refusal)

Landed = tuple[list[dict], list[dict], list[dict]]  # submissions, columns, rows


class Landing:
    """A loader on a warehouse of its own."""

    def __init__(self, loader: SubmissionLoader, folder: Path) -> None:
        self._loader, self._folder = loader, folder
        self._count = itertools.count()

    def land(self, content: bytes, suffix: str) -> Landed:
        """Land one workbook of 306 and return all that is recorded of it."""
        path = self._folder / f"{next(self._count)}{suffix}"
        path.write_bytes(content)
        self._loader.contents.clear()  # what hypothesis tries again is no duplicate
        with no_longer_than(LONGEST_SECONDS):
            self._loader.land(Arrival.of(InboxFile(path, "306", RECEIVED)))
        path.unlink()
        submissions = self._select("submissions", "file_name = ?", path.name)
        ids = [submission["submission_id"] for submission in submissions]
        return (
            submissions,
            self._select("submission_columns", "submission_id in ?", ids),
            self._select("submission_rows", "submission_id in ?", ids),
        )

    def _select(self, table: str, where: str, parameter: object) -> list[dict]:
        found = self._loader.connection.execute(
            f"select * from identifiable.landing.{table} where {where}", [parameter]
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@contextmanager
def landing_at(root: Path) -> Iterator[Landing]:
    """Open a loader on a new warehouse in `root`."""
    home = Home.at(root)
    home.inbox.mkdir(parents=True)
    KeyRing(home.keys).initialise()
    fields = read_fields()
    with connect(home, identifiable="write") as connection:
        landing_tables.prepare(connection, fields)
        detector = VersionDetector(fields, read_code_versions(), read_versions())
        loader = SubmissionLoader(connection, fields, read_councils(), detector, LandingReport())
        yield Landing(loader, home.inbox)


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Raise TimeoutError inside; the loader makes it a refusal, which no test here accepts."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# ---------- whole workbooks


def judge(book: Book, landed: Landed) -> None:
    """Assert that all that was written can be found again, or that nothing was there to land."""
    submissions, columns, rows = landed
    expected = {sheet.name: rows_to_land(sheet) for sheet in book.sheets if sheet.is_data}
    expected = {name: lines for name, lines in expected.items() if lines}
    if not expected:
        reasons = {Refusal.NO_CELLS.value, Refusal.NO_HEADER.value, Refusal.NO_ROWS.value}
        assert [submission["outcome"] for submission in submissions] == ["refused"]
        assert submissions[0]["reason"] in reasons
        assert (columns, rows) == ([], [])
        return
    assert {submission["outcome"] for submission in submissions} == {"landed"}
    assert sorted(s["sheet_name"] for s in submissions) == sorted(expected)
    for submission in submissions:
        sheet = next(s for s in book.sheets if s.name == submission["sheet_name"])
        identifier = submission["submission_id"]
        its_columns = [c for c in columns if c["submission_id"] == identifier]
        its_rows = {r["row_number"]: r for r in rows if r["submission_id"] == identifier}
        assert submission["rows_read"] == len(its_rows) == len(expected[sheet.name])
        assert submission["header_row_number"] == sheet.header_row
        assert submission["date_system"] == ("1904" if book.date_1904 else "1900")
        _judge_columns(sheet, its_columns)
        for number, texts in expected[sheet.name].items():
            assert _recovered(its_columns, its_rows[number], texts) == texts


def _judge_columns(sheet: Sheet, columns: list[dict]) -> None:
    """Each header stands as written; each field is read from one of the columns that mean it."""
    headers = {
        number: text
        for number, (_, cell) in enumerate(sheet.headers, start=sheet.indent + 1)
        if (text := text_of(cell)) and text.strip()
    }
    assert {column["column_number"]: column["header"] for column in columns} == headers
    read = {c["field"]: c for c in columns if c["field"] and c["match_kind"] != "duplicate"}
    assert read.keys() == sheet.fields.keys()
    for field, column in read.items():
        assert column["column_number"] - 1 in sheet.fields[field]


def _recovered(columns: list[dict], row: dict, texts: dict[int, str]) -> dict[int, str]:
    """The row's cells as they can be found again: by field, else among the other columns."""
    others = json.loads(row["other_columns"] or "{}")
    headed = {column["column_number"] - 1: column for column in columns}
    cells = {}
    for index, column in headed.items():
        if column["field"] and column["match_kind"] != "duplicate" and row[column["field"]]:
            cells[index] = row[column["field"]]
    for index in sorted(texts.keys() - cells.keys()):
        letters = column_letters(index)
        header = headed[index]["header"] if index in headed else ""
        # A column goes by its header, by header and letters, or by its letters alone.
        names = [
            name
            for name in others
            if name.strip("[]") == letters
            or name == header
            or (header and name.startswith(header) and name.endswith(f"[{letters}]"))
        ]
        name = next((name for name in names if others[name] == texts[index]), None)
        if name is not None:
            cells[index] = others.pop(name)
    assert not others, "a cell that nobody wrote"
    return cells


# ---------- damaged ones


def judge_damaged(landed: Landed) -> None:
    """Assert that a file landed whole or was refused with a sentence of the loader's own."""
    submissions, columns, rows = landed
    outcomes = {submission["outcome"] for submission in submissions}
    if outcomes == {"landed"}:
        numbers = {(row["submission_id"], row["row_number"]) for row in rows}
        assert sum(submission["rows_read"] for submission in submissions) == len(rows)
        assert len(numbers) == len(rows) > 0
        return
    assert (outcomes, len(submissions), columns, rows) == ({"refused"}, 1, [], [])
    reason = submissions[0]["reason"]
    assert reason in SENTENCES or reason.startswith("The file could not be read (")
    assert "TimeoutError" not in reason
    assert "MemoryError" not in reason
