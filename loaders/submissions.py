"""Lands councils' workbooks: one transaction per file, whole or not at all."""

import datetime
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from loaders import landing_tables
from loaders.headers import Header, HeaderMatcher
from loaders.landing_tables import Submission
from loaders.refusals import Refusal, Refused, unreadable
from loaders.report import LandingReport, RefusedFile
from loaders.sheets import Records, Tally, read_sheet
from loaders.sniffing import check_content, check_name
from loaders.specification import Council, Field, comparable_code, council_on
from loaders.versions import VersionDetector
from loaders.workbooks import Workbook, is_broken, open_workbook, refusal_of


@dataclass(frozen=True)
class InboxFile:
    """A file in a council's folder. `sender` is the folder; `received_at` in UTC, whole seconds."""

    path: Path
    sender: str
    received_at: datetime.datetime


def list_files(folder: Path, received_at: datetime.date | None) -> tuple[list[InboxFile], int]:
    """List the files to land, first received first, and count entries outside a sender's folder.

    The order decides which of two equal files is the duplicate, so it must not change between runs.
    """
    files: list[InboxFile] = []
    out_of_place = 0
    for sender in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not sender.is_dir():
            out_of_place += 1
            continue
        for path in sender.iterdir():
            if path.is_file():
                files.append(InboxFile(path, sender.name, _received(path, received_at)))
            else:
                out_of_place += 1
    files.sort(key=lambda file: (file.sender, file.received_at, file.path.name))
    return files, out_of_place


def _received(path: Path, day: datetime.date | None) -> datetime.datetime:
    if day is not None:
        return datetime.datetime(day.year, day.month, day.day)
    modified = datetime.datetime.fromtimestamp(int(path.stat().st_mtime), datetime.UTC)
    return modified.replace(tzinfo=None)


def submission_id(sender: str, file_name: str, sha256: str, sheet_name: str | None) -> str:
    """Return the id of a sheet (of the whole file for None): 16 hex characters, always the same."""
    parts = "\0".join((sender, file_name, sha256, sheet_name or ""))
    return hashlib.sha256(parts.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass
class _CodeCount:
    """How many of a file's rows carry the sender's own code, and how many another council's."""

    own: int = 0
    other: int = 0
    without: int = 0

    def add(self, council: Council, tally: Tally) -> None:
        own_codes = council.own_codes
        self.without += tally.rows
        for code, rows in tally.values.get("la_code", {}).items():
            code = comparable_code(code)
            if code in own_codes:
                self.own += rows
                self.without -= rows
            elif is_council_code(code):
                self.other += rows
                self.without -= rows

    @property
    def all_other(self) -> bool:
        """Totals and repeated headers carry no code; a column mostly blank proves nothing."""
        return self.own == 0 and self.other > self.without


def is_council_code(code: str) -> bool:
    """Tell whether text has the form of a council's 3-digit or ONS code: `355`, `E08000006`."""
    three_digits = len(code) == 3 and code.isascii() and code.isdigit()
    return three_digits or (len(code) == 9 and code[0] == "E" and code[1:].isdigit())


@dataclass
class SubmissionLoader:
    """Lands files on one connection; knows what is recorded already."""

    connection: duckdb.DuckDBPyConnection
    specification: list[Field]
    councils: dict[str, list[Council]]
    detector: VersionDetector
    report: LandingReport
    matcher: HeaderMatcher = field(init=False)
    recorded: set[tuple[str, str, str]] = field(init=False)
    contents: dict[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        """Read what is recorded."""
        self.matcher = HeaderMatcher(self.specification)
        self.recorded = landing_tables.recorded_files(self.connection)
        self.contents = landing_tables.landed_contents(self.connection)

    def land(self, file: InboxFile) -> None:
        """Land, skip or refuse one file; count it in the report. Raises database errors only."""
        try:
            content = file.path.read_bytes()
        except OSError as error:  # nothing to record it under: it is tried again next time
            sentence = unreadable(error).sentence
            self.report.files_refused += 1
            self.report.refusals.append(
                RefusedFile(None, self._shown_sender(file.sender), sentence)
            )
            return
        sha256 = hashlib.sha256(content).hexdigest()
        # The name is stored as text: bytes that are no UTF-8 become question marks.
        name = file.path.name.encode("utf-8", "replace").decode("utf-8")
        key = (file.sender, name, sha256)
        if key in self.recorded:
            self.report.files_already_there += 1
            return
        birth = _Birth(file.sender, name, sha256, file.received_at, len(content))
        try:
            self._land_content(content, birth)
        except Refused as refusal:
            self._record_refusal(birth, refusal)
        self.recorded.add(key)

    def _shown_sender(self, sender: str) -> str | None:
        """Return the sender if it is a known council; other folder names stay off the terminal."""
        return sender if sender in self.councils else None

    def _land_content(self, content: bytes, birth: "_Birth") -> None:
        council = council_on(self.councils, birth.sender, birth.received_at.date())
        if council is None:
            raise Refused(Refusal.UNKNOWN_COUNCIL)
        suffix = check_name(birth.file_name)
        twin = self.contents.get((birth.sender, birth.sha256))
        if twin is not None:
            reason = f"The same content has landed before as submission {twin}: nothing to do."
            landing_tables.add_submission(self.connection, birth.whole_file("duplicate", reason))
            self.report.files_duplicate += 1
            return
        try:
            check_content(content, suffix)
            workbook = open_workbook(content, suffix)
        except Refused:
            raise
        except Exception as error:
            raise unreadable(error) from error
        self.connection.execute("begin")
        try:
            landed = self._land_sheets(workbook, birth, council)
        except BaseException as error:
            self.connection.execute("rollback")
            # Guards the rest of the inbox: what no table can hold is this file's refusal.
            if isinstance(error, ValueError | TypeError | ArithmeticError | LookupError):
                raise unreadable(error) from error
            raise
        self.connection.execute("commit")
        self.contents[birth.sender, birth.sha256] = landed[0].submission_id
        self.report.files_landed += 1
        self.report.submissions_landed += len(landed)
        self.report.rows_landed += sum(submission.rows_read for submission in landed)

    def _land_sheets(
        self, workbook: Workbook, birth: "_Birth", council: Council
    ) -> list[Submission]:
        """Land all data sheets inside an open transaction; refuse the workbook if there is none."""
        landed: list[Submission] = []
        has_cells = has_header = False
        codes = _CodeCount()
        for position, sheet_name in enumerate(workbook.sheet_names, start=1):
            with _reading():
                survey = read_sheet(workbook.blocks(sheet_name), self.matcher)
            has_cells = has_cells or survey.has_cells
            has_header = has_header or survey.header is not None
            identifier = birth.submission_id(sheet_name)
            tally = Tally(self.detector.fields | {"la_code"})
            # One block is written while the next is read: DuckDB works outside Python's lock.
            with ThreadPoolExecutor(max_workers=1) as writer:
                written = None
                for records in _read(survey.records):
                    if written:
                        written.result()
                    written = writer.submit(
                        landing_tables.add_records, self.connection, identifier, records
                    )
                    tally.add(records)
                if written:
                    written.result()
            if survey.header is None or tally.rows == 0:
                continue
            landing_tables.add_columns(self.connection, identifier, survey.header)
            version = self.detector.detect(tally.values, survey.header.columns)
            submission = birth.sheet(
                sheet_name, position, survey.header, tally.rows, workbook.date_system, version
            )
            landing_tables.add_submission(self.connection, submission)
            codes.add(council, tally)
            landed.append(submission)
        if not has_cells:
            raise Refused(Refusal.NO_CELLS)
        if not has_header:
            raise Refused(Refusal.NO_HEADER)
        if not landed:
            raise Refused(Refusal.NO_ROWS)
        if codes.all_other:
            raise Refused(Refusal.OTHER_COUNCIL)
        return landed

    def _record_refusal(self, birth: "_Birth", refusal: Refused) -> None:
        submission = birth.whole_file("refused", refusal.sentence)
        landing_tables.add_submission(self.connection, submission)
        sender = self._shown_sender(birth.sender)
        self.report.files_refused += 1
        self.report.refusals.append(RefusedFile(submission.submission_id, sender, refusal.sentence))


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever goes wrong in reading a workbook is the file's refusal."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise (refusal_of(error) if is_broken(error) else unreadable(error)) from error


def _read(records: Iterator[Records]) -> Iterator[Records]:
    """Yield records as they are read; errors of those who take them are none of reading."""
    with _reading():
        yield from records


@dataclass(frozen=True)
class _Birth:
    """The birth certificate that all sheets of a file share."""

    sender: str
    file_name: str
    sha256: str
    received_at: datetime.datetime
    file_bytes: int

    def submission_id(self, sheet_name: str | None) -> str:
        """Return the id of a sheet, of the whole file for None."""
        return submission_id(self.sender, self.file_name, self.sha256, sheet_name)

    def whole_file(self, outcome: str, reason: str) -> Submission:
        """Return the row of a file of which nothing landed."""
        return Submission(
            submission_id=self.submission_id(None),
            sender_la_code=self.sender,
            file_name=self.file_name,
            file_sha256=self.sha256,
            sheet_name=None,
            received_at=self.received_at,
            specification_version=None,
            rows_read=0,
            outcome=outcome,
            reason=reason,
            sheet_position=None,
            header_row_number=None,
            file_bytes=self.file_bytes,
            date_system=None,
        )

    def sheet(
        self,
        sheet_name: str,
        position: int,
        header: Header,
        rows: int,
        date_system: str,
        version: str,
    ) -> Submission:
        """Return the row of a sheet that lands."""
        return Submission(
            submission_id=self.submission_id(sheet_name),
            sender_la_code=self.sender,
            file_name=self.file_name,
            file_sha256=self.sha256,
            sheet_name=sheet_name,
            received_at=self.received_at,
            specification_version=version,
            rows_read=rows,
            outcome="landed",
            reason=None,
            sheet_position=position,
            header_row_number=header.row_number,
            file_bytes=self.file_bytes,
            date_system=date_system,
        )
