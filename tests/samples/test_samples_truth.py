"""The truth agrees with the workbooks, and the planted defects have their shares."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from samples_reading import SEED, as_date, grid, records, truth, workbooks

from samples import nhs_numbers
from samples.generate import write_sample
from samples.row_defects import ROW_SHARE
from samples.workbooks import LAYOUTS


def test_truth_names_every_row_at_its_number(sample):
    out, _ = sample
    rows = truth(out, "rows")
    for path in workbooks(out):
        expected = rows[(rows.file_name == path.name) & (rows.la_code == path.parent.name)]
        found = records(path)
        assert sorted(found) == expected.row_number.tolist()
        for row in expected.itertuples():
            record = found[row.row_number]
            if "total_row" in row.row_defects:
                assert "Total" in record.values()
                continue
            assert record["LA Person Unique Identifier"] == row.la_person_unique_identifier
            if "blank_event_type" in row.row_defects:
                assert record["Event Type"] is None
            elif "capitals_only" in row.row_defects:
                assert str(record["Event Type"]).lower() == row.event_type.lower()
            else:
                assert record["Event Type"] == row.event_type


def test_supplied_numbers_match_their_defects(sample):
    clients = truth(sample[0], "clients")
    people = truth(sample[0], "persons").set_index("person_id")
    for client in clients.itertuples():
        value, defect = client.supplied_nhs_number, client.nhs_number_defect
        if defect == "none":
            assert value == client.nhs_number
        elif defect in ("transposed", "one_digit"):
            assert len(value) == 10 and not nhs_numbers.is_valid(value)
        elif defect == "superseded":
            assert value in people.loc[client.person_id].all_nhs_numbers
            assert value != client.nhs_number
        elif defect == "other_person":
            assert nhs_numbers.is_valid(value) and value != client.nhs_number
            assert value in set(people.nhs_number)
        elif defect == "repeated":
            assert len(set(value)) == 1
        elif defect == "missing":
            assert value in (None, "NULL")


def test_workbooks_hold_the_supplied_number(sample):
    out, _ = sample
    supplied = truth(out, "clients").set_index(["la_code", "la_person_unique_identifier"])
    kinds = {}
    for path in workbooks(out):
        for record in records(path).values():
            key = (path.parent.name, record["LA Person Unique Identifier"])
            if key not in supplied.index:
                continue
            client, cell = supplied.loc[key], record["NHS Number"]
            kinds.setdefault(path.parent.name, set()).add(type(cell).__name__)
            if client.nhs_number_defect == "none" and client.nhs_number_format in (
                "plain",
                "spaced",
                "no_break_space",
                "padded",
            ):
                text = str(cell).replace(" ", "").replace("\u00a0", "")
                assert text == client.nhs_number
    assert "int" in kinds["316"] and kinds["306"] <= {"str", "NoneType"}


def test_defect_shares(sample):
    clients, rows = truth(sample[0], "clients"), truth(sample[0], "rows")
    assert 0.07 < clients.nhs_number_defect.ne("none").mean() < 0.18
    assert 0.01 < clients.date_of_birth_defect.ne("none").mean() < 0.07
    assert 0.015 < 1 - clients.in_index.mean() < 0.05
    damaged = rows.row_defects.map(len).gt(0).mean()
    assert 0.003 < damaged < 0.035
    names = {name for found in rows.row_defects for name in found}
    assert names <= {*ROW_SHARE, "total_row"}


def test_planted_dates_are_in_the_cells(sample):
    out, _ = sample
    rows = truth(out, "rows")
    for path in workbooks(out):
        found = records(path)
        mine = rows[(rows.file_name == path.name) & (rows.la_code == path.parent.name)]
        for row in mine[mine.row_defects.map(len) > 0].itertuples():
            record = found[row.row_number]
            if "end_before_start" in row.row_defects:
                assert as_date(record["Event End Date"]) < as_date(record["Event Start Date"])
            elif "unreadable_date" in row.row_defects:
                dates = [record["Event Start Date"], record["Event End Date"]]
                assert any(d is not None and as_date(d) is None for d in dates)


def test_unindexed_clients_are_absent(sample):
    out, _ = sample
    index = set(pd.read_parquet(out / "inbox" / "person_index" / "person.parquet").nhs_number)
    clients = truth(out, "clients")
    assert not set(clients[~clients.in_index.astype(bool)].nhs_number) & index
    assert set(clients[clients.in_index.astype(bool)].nhs_number) <= index


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    for folder in folders:
        write_sample(folder, 120, 1, SEED)
    return folders[0], folders[1]


def test_equal_seeds_give_equal_contents(twice):
    first, second = twice
    names = sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(second) for p in second.rglob("*") if p.is_file())
    for name in names:
        if name.suffix in (".csv", ".parquet"):
            digests = [hashlib.sha256((f / name).read_bytes()).hexdigest() for f in twice]
            assert digests[0] == digests[1], name
        else:
            sheet = LAYOUTS[name.parent.name].sheet
            assert grid(first / name, sheet) == grid(second / name, sheet)


def test_other_seeds_give_other_contents(twice, tmp_path):
    write_sample(tmp_path, 120, 1, SEED + 1)
    path = Path("truth") / "persons.parquet"
    assert (tmp_path / path).read_bytes() != (twice[0] / path).read_bytes()
