"""Lands councils' workbooks: one transaction per file, whole or not at all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import duckdb

from loaders import erasures, landing_tables
from loaders.arrivals import Arrival
from loaders.headers import HeaderMatcher
from loaders.landing_tables import Submission
from loaders.refusals import CutOff, Refusal, Refused, unreadable
from loaders.report import LandingReport, RefusedFile
from loaders.sheets import Records, Tally, read_sheet
from loaders.sniffing import check_name
from loaders.specification import Council, Field, comparable_code, council_on
from loaders.versions import VersionDetector
from loaders.workbooks import Workbook, checked_workbook, reading


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
    erasers: set[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read what is recorded."""
        self.matcher = HeaderMatcher(self.specification)
        self.recorded = landing_tables.recorded_files(self.connection)
        self.contents = landing_tables.landed_contents(self.connection)
        self.erasers = erasures.councils_with_erasures(self.connection)

    def would_open(self, arrival: Arrival) -> bool:
        """Tell whether landing would open the content, as far as is known now."""
        return (
            arrival.content is not None
            and arrival.key not in self.recorded
            and arrival.twin_key not in self.contents
            and arrival.suffix is not None
            and self._council(arrival) is not None
        )

    def land(self, arrival: Arrival, opener: Callable[[], Workbook] | None = None) -> None:
        """Land, skip or refuse one file; count it in the report. Raises database errors only.

        `opener` gives its workbook where it is read elsewhere already.
        """
        if arrival.content is None:  # nothing to record it under: it is tried again next time
            self._report_refusal(arrival, None, arrival.refusal)
            return
        if arrival.key in self.recorded:
            self.report.files_already_there += 1
            return
        try:
            self._land_content(arrival, opener)
        except CutOff as refusal:
            self._report_refusal(arrival, None, refusal)
            return
        except Refused as refusal:
            submission = arrival.whole_file("refused", refusal.sentence)
            landing_tables.add_submission(self.connection, submission)
            self._report_refusal(arrival, submission.submission_id, refusal)
        self.recorded.add(arrival.key)

    def _shown_sender(self, sender: str) -> str | None:
        """Return the sender if it is a known council; other folder names stay off the terminal."""
        return sender if sender in self.councils else None

    def _council(self, arrival: Arrival) -> Council | None:
        return council_on(self.councils, arrival.sender, arrival.received_at.date())

    def _land_content(self, arrival: Arrival, opener: Callable[[], Workbook] | None) -> None:
        council = self._council(arrival)
        if council is None:
            raise Refused(Refusal.UNKNOWN_COUNCIL)
        suffix = check_name(arrival.file_name)
        twin = self.contents.get(arrival.twin_key)
        if twin is not None:
            reason = f"The same content has landed before as submission {twin}: nothing to do."
            landing_tables.add_submission(self.connection, arrival.whole_file("duplicate", reason))
            self.report.files_duplicate += 1
            return
        workbook = opener() if opener else checked_workbook(arrival.content, suffix)
        self.connection.execute("begin")
        try:
            landed = self._land_sheets(workbook, arrival, council)
        except BaseException as error:
            self.connection.execute("rollback")
            # Guards the rest of the inbox: what no table can hold is this file's refusal.
            if isinstance(error, ValueError | TypeError | ArithmeticError | LookupError):
                raise unreadable(error) from error
            raise
        self.connection.execute("commit")
        self.contents[arrival.twin_key] = landed[0].submission_id
        self.report.files_landed += 1
        self.report.submissions_landed += len(landed)
        self.report.rows_landed += sum(submission.rows_read for submission in landed)

    def _land_sheets(
        self, workbook: Workbook, arrival: Arrival, council: Council
    ) -> list[Submission]:
        """Land all data sheets inside an open transaction; refuse the workbook if there is none."""
        landed: list[Submission] = []
        has_cells = has_header = False
        codes = _CodeCount()
        for position, sheet_name in enumerate(workbook.sheet_names, start=1):
            with reading():
                survey = read_sheet(workbook.blocks(sheet_name), self.matcher)
            has_cells = has_cells or survey.has_cells
            has_header = has_header or survey.header is not None
            identifier = arrival.submission_id(sheet_name)
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
            submission = arrival.sheet(
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
        if arrival.sender in self.erasers:
            erasures.take_out(self.connection, arrival.sender, self.specification)
        return landed

    def _report_refusal(self, arrival: Arrival, identifier: str | None, refusal: Refused) -> None:
        sender = self._shown_sender(arrival.sender)
        self.report.files_refused += 1
        self.report.refusals.append(RefusedFile(identifier, sender, refusal.sentence))


def _read(records: Iterator[Records]) -> Iterator[Records]:
    """Yield records as they are read; errors of those who take them are none of reading."""
    with reading():
        yield from records
