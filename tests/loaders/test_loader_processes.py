"""Workbooks read by other processes land exactly as those read by the one that lands."""

import os
import signal

import loader_files as files
import pytest
from test_loader_repeats import checksums, fill

from loaders import land, reader_processes
from loaders.land import land_inbox
from loaders.reader_processes import ReaderProcesses
from plugins.home import Home
from plugins.keys import KeyRing


@pytest.fixture
def two_processes(monkeypatch):
    """Any inbox is worth two processes, whatever the machine has."""
    monkeypatch.setattr(land, "_WORTH_PROCESSES", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


@pytest.fixture
def other_home(tmp_path):
    """A second warehouse."""
    home = Home.at(tmp_path / "other")
    home.inbox.mkdir(parents=True)
    KeyRing(home.keys).initialise()
    return home


def fill_with_trouble(home: Home) -> None:
    """What `fill` puts there, and: a copy, sheets without data, damage early, late and in a sheet
    that nobody reads, an unknown sender, a name that is no workbook's."""
    fill(home)
    sheet = [list(files.HEADERS), *files.records(6)]
    cover = [["Dear colleague"]] * 80
    good = files.good_xlsx(33)
    broken_second = files.with_part(
        files.xlsx_bytes({"One": sheet, "Two": sheet}),
        "xl/worksheets/sheet2.xml",
        lambda part: part[: len(part) // 2],
    )
    broken_cover = files.with_part(
        files.xlsx_bytes({"Cover": cover, "Data": sheet}),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"</sheetData>", b"<broken"),
    )
    for name, content, day in (
        ("copy_of_a.xlsx", files.good_xlsx(30), 7),
        ("cover.xlsx", files.xlsx_bytes({"Cover": cover, "Data": sheet, "Notes": cover}), 8),
        ("cut.xlsx", good[: len(good) // 2], 9),
        ("broken_second.xlsx", broken_second, 10),
        ("broken_cover.xlsx", broken_cover, 11),
        ("nothing_but_cover.xlsx", files.xlsx_bytes({"Cover": cover}), 12),
        ("text.csv", b"a,b", 13),
        ("last.xlsx", files.good_xlsx(34), 14),
    ):
        files.put(home.root, "306", name, content, day=day)
    files.put(home.root, "999", "unknown.xlsx", files.good_xlsx(3), day=15)


def test_given_good_and_bad_files_when_others_read_them_then_tables_and_report_are_the_same(
    home, other_home, two_processes, monkeypatch
):
    for warehouse in (home, other_home):
        fill_with_trouble(warehouse)
    side_by_side = land_inbox(home)
    monkeypatch.setattr(land, "_WORTH_PROCESSES", 1 << 60)
    alone = land_inbox(other_home)

    assert checksums(home) == checksums(other_home)
    assert side_by_side == alone
    assert alone.rows_landed == 30 + 40 + 80 + 31 + 32 + 6 + 34
    assert (alone.files_duplicate, alone.files_refused) == (1, 7)


def test_given_a_process_that_dies_when_its_workbook_is_read_then_that_one_is_tried_again(
    home, two_processes, monkeypatch
):
    sizes = [21, 22, 12_000, 24, 25]  # more of the third than a channel holds
    for day, size in enumerate(sizes, start=1):
        files.put(home.root, "306", f"{day}.xlsx", files.good_xlsx(size), day=day)
    opened = []
    open_reading = reader_processes._Reading.open

    def die_at_the_third(reading):
        opened.append(reading)
        if len(opened) == 3:
            os.kill(reading.process._process.pid, signal.SIGKILL)
            reading.process._process.join()
        return open_reading(reading)

    with monkeypatch.context() as patched:
        patched.setattr(reader_processes._Reading, "open", die_at_the_third)
        report = land_inbox(home)
    again = land_inbox(home)

    assert (report.rows_landed, report.files_landed) == (sum(sizes) - 12_000, 4)
    assert [refused.submission_id for refused in report.refusals] == [None]
    assert (again.rows_landed, again.files_already_there, again.exit_code) == (12_000, 4, 0)


def test_given_workbooks_that_are_not_taken_when_read_then_the_processes_go_on():
    contents = [(number, files.good_xlsx(number), ".xlsx") for number in range(1, 7)]
    rows = {}
    with ReaderProcesses(2) as readers:
        for number, opener in readers.read(contents):
            if number % 2:
                continue
            workbook = opener()
            blocks = workbook.blocks(workbook.sheet_names[0])
            rows[number] = sum(len(block.row_numbers) for block in blocks)

    assert rows == {2: 3, 4: 5, 6: 7}
