"""Lands all that is new in an inbox: `land_inbox` is what `asc land` calls."""

import datetime
import os
from collections.abc import Iterable
from pathlib import Path

import duckdb
from tqdm import tqdm

from loaders import extracts, landing_tables, trace_files
from loaders.arrivals import Arrival, InboxFile, list_files
from loaders.extract_contracts import CONTRACTS
from loaders.extract_files import find_files
from loaders.reader_processes import ReaderProcesses
from loaders.report import LandingReport
from loaders.specification import (
    read_code_versions,
    read_councils,
    read_fields,
    read_versions,
)
from loaders.submissions import SubmissionLoader
from loaders.versions import VersionDetector
from plugins.errors import without_values
from plugins.home import Home
from plugins.zones import WRITE, connect

# Rows of a workbook are written out while it is still being read, each time that so many are there.
_ROW_GROUP = 16_384
# From how many bytes of workbooks on other processes read them, and how many one writer can follow.
_WORTH_PROCESSES, _PROCESSES = 1 << 23, 6


class LandingError(Exception):
    """The warehouse could not be written. The text is the database's, without values."""


def land_inbox(
    home: Home,
    inbox: Path | None = None,
    received_at: datetime.date | None = None,
    quiet: bool = True,
) -> LandingReport:
    """Land every new workbook and extract of `inbox` (default: the home's own) and report.

    `received_at`: the day on which all files count as received (midnight); without it each file's
    modification time, in UTC. Running it again, also after a run was killed, changes nothing that
    has landed. `quiet` leaves out the progress bar, which shows counts only.

    Errors: `FileNotFoundError` without an inbox, `KeyRingError` without keys, `LandingError` when
    the database fails; a file that cannot be landed is no error but a refusal in the report.
    """
    inbox = Path(inbox or home.inbox).resolve()
    if not inbox.is_dir():
        raise FileNotFoundError("There is no inbox folder: make it, or name another one.")
    report = LandingReport()
    specification, councils = read_fields(), read_councils()
    detector = VersionDetector(specification, read_code_versions(), read_versions())
    try:
        # The readers take the cores: threads of the database's own would only wait for work.
        with connect(
            home, folders=[inbox], row_group_size=_ROW_GROUP, threads=1, identifiable=WRITE
        ) as connection:
            landing_tables.prepare(connection, specification)
            extracts.prepare(connection)
            trace_files.prepare(connection)
            loader = SubmissionLoader(connection, specification, councils, detector, report)
            files, report.entries_out_of_place = list_files(inbox / "submissions", received_at)
            with tqdm(files, desc="workbooks", unit="file", disable=quiet) as bar:
                _land_files(loader, bar, _processes_for(files))
        if come := [contract for contract in CONTRACTS if find_files(inbox, contract)]:
            with connect(home, folders=[inbox], identifiable=WRITE) as connection:
                for contract in tqdm(come, desc="extracts", unit="file", disable=quiet):
                    extracts.land_extract(connection, inbox, contract, report)
    except duckdb.Error as error:
        raise LandingError(without_values(error)) from None
    return report


def _processes_for(files: list[InboxFile]) -> int:
    """Return how many processes should read; 0 where starting them would take longer."""
    size = sum(file.path.stat().st_size for file in files if file.path.exists())
    worth = len(files) > 1 and size >= _WORTH_PROCESSES
    return min(len(files), len(os.sched_getaffinity(0)), _PROCESSES) if worth else 0


def _land_files(loader: SubmissionLoader, files: Iterable[InboxFile], processes: int) -> None:
    arrivals = map(Arrival.of, files)
    if processes < 2:
        for arrival in arrivals:
            loader.land(arrival)
        return
    contents = (
        (arrival, arrival.content if loader.would_open(arrival) else None, arrival.suffix)
        for arrival in arrivals
    )
    with ReaderProcesses(processes) as readers:
        for arrival, opener in readers.read(contents):
            loader.land(arrival, opener)
