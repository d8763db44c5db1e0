"""Files, columns, numbers and periods of the generated inbox."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from samples_reading import MONTHS, PERSONS, as_date, records, truth
from samples_reading import workbooks as all_workbooks

from samples import health, index, nhs_numbers, workbooks
from samples.areas import AREAS
from samples.codes import HEADERS
from samples.generate import write_sample
from samples.reference import AGE_BANDS, ONSPD_HEADER
from samples.submissions import calendar


def test_parquet_columns_and_types(sample):
    inbox = sample[0] / "inbox"
    for path, schema in (
        ("person_index/person", index.PERSON),
        ("person_index/address", index.ADDRESS),
        ("person_index/name", index.NAME),
        ("health/admitted_patient_care", health.SPELL),
        ("health/emergency_care", health.ATTENDANCE),
    ):
        table = pq.read_table(inbox / f"{path}.parquet")
        assert table.schema.equals(schema)
        assert table.num_rows > 0


def test_reference_files(sample):
    folder = sample[0] / "inbox" / "reference"
    postcodes = pd.read_csv(folder / "postcode.csv", dtype=str, keep_default_na=False)
    assert list(postcodes.columns) == ONSPD_HEADER
    assert postcodes.pcds.is_unique
    assert (postcodes.pcds.str.count(" ") == 1).all()
    assert postcodes.doterm.ne("").sum() > 10
    live = postcodes[postcodes.oslaua == "E08000005"]
    assert set(live.ccg) == {"E38000080"}
    assert postcodes[["oslaua", "lsoa11", "msoa11", "ccg", "imd"]].ne("").all(axis=None)
    with (folder / "gp_practice.csv").open(newline="") as lines:
        practices = list(csv.reader(lines))
    assert {len(p) for p in practices} == {27}
    assert {"99A", "14L", "01D"} <= {p[14] for p in practices}
    assert len({p[0] for p in practices}) == len(practices)
    population = pd.read_csv(folder / "population.csv", dtype={"lsoa11": str})
    assert list(population.columns) == ["lsoa11", "age_band", "sex", "population", "year"]
    assert set(population.age_band) == set(AGE_BANDS)
    assert set(population.sex) == {"male", "female"}
    assert population[population.year == 2017].lsoa11.nunique() == sum(len(a.lsoas) for a in AREAS)


def test_lsoa_counts_of_the_three_councils():
    assert [len(a.lsoas) for a in AREAS[:3]] == [298, 282, 134]
    assert all(len(code) == 9 for a in AREAS for code in a.lsoas)


def test_nhs_numbers(sample):
    persons = pd.read_parquet(sample[0] / "inbox" / "person_index" / "person.parquet")
    numbers = persons.nhs_number
    assert numbers.is_unique
    assert all(n[0] == "9" and nhs_numbers.is_valid(n) for n in numbers)
    assert not nhs_numbers.is_valid("9999999999")
    assert not nhs_numbers.is_valid("9434765918")
    assert nhs_numbers.is_valid("9434765919")


def test_superseded_chains_end_at_a_current_number(sample):
    persons = pd.read_parquet(sample[0] / "inbox" / "person_index" / "person.parquet")
    by = persons.set_index("nhs_number").superseded_by_nhs_number
    old = by.dropna()
    assert len(old) > 20
    for number in old.index:
        steps = 0
        while pd.notna(by[number]):
            number, steps = by[number], steps + 1
        assert 1 <= steps <= 3


def test_health_rows_name_known_numbers_and_places(sample):
    inbox = sample[0] / "inbox"
    known = set(pd.read_parquet(inbox / "person_index" / "person.parquet").nhs_number)
    lsoas = {code for area in AREAS for code in area.lsoas}
    spells = pd.read_parquet(inbox / "health" / "admitted_patient_care.parquet")
    attended = pd.read_parquet(inbox / "health" / "emergency_care.parquet")
    for table in (spells, attended):
        assert set(table.nhs_number) <= known
        assert set(table.lsoa11) <= lsoas
    assert spells.spell_id.is_unique and attended.attendance_id.is_unique
    done = spells.dropna(subset=["discharge_date"])
    assert (done.admission_date <= done.discharge_date).all()
    assert (attended.arrival_at < attended.departure_at).all()
    assert spells.admission_date.min() >= date(2015, 4, 1)
    assert spells.admission_date.max() <= date(2017, 7, 31)
    assert {"2A", "2B"} & set(spells.admission_method)


def test_workbook_headers_and_receipt(sample):
    paths = all_workbooks(sample[0])
    assert len(paths) == 3 * MONTHS
    for path in paths:
        number = MONTHS - 1 if path.stem.endswith("07") else 0
        submission = calendar(path.parent.name, number)
        assert path.name == submission.file_name
        assert path.stat().st_mtime == submission.received.timestamp()
        columns = set(next(iter(records(path).values()))) - {"Notes"}
        missing = set(HEADERS) - columns
        assert missing == ({"First Name", "Last Name"} if path.parent.name == "308" else set())


def test_rows_keep_to_the_rolling_period(sample):
    out, _ = sample
    rows = truth(out, "rows")
    sound = {
        (r.la_code, r.file_name, r.row_number)
        for r in rows.itertuples()
        if not len(r.row_defects) and r.event_type
    }
    files = truth(out, "files").set_index("file_name")
    for path in all_workbooks(out):
        period = files.loc[path.name]
        for number, record in records(path).items():
            if (path.parent.name, path.name, number) not in sound:
                continue
            start, end = (as_date(record[c]) for c in ("Event Start Date", "Event End Date"))
            assert start <= period.period_end
            if record["Event Type"] == "Service":
                assert end is None or end >= period.period_start
            else:
                assert period.period_start <= end <= period.period_end
            assert end is None or start <= end


def test_months_overlap_and_close_late(sample):
    rows = truth(sample[0], "rows").dropna(subset=["event_key"])
    first, second = (
        set(rows[rows.file_name.str.contains(month)].event_key) for month in ("_06", "_07")
    )
    assert len(first & second) > 0.8 * len(first)
    assert second - first and first - second


def test_counts(sample):
    out, counts = sample
    assert counts["persons"] == PERSONS
    assert counts["rows"] == len(truth(out, "rows"))


def test_replaces_an_earlier_sample_but_no_other_inbox(tmp_path: Path):
    write_sample(tmp_path, 100, 2)
    write_sample(tmp_path, 100, 1)
    assert len(all_workbooks(tmp_path)) == 3
    (tmp_path / "other" / "inbox" / "health").mkdir(parents=True)
    (tmp_path / "other" / "inbox" / "health" / "real.csv").touch()
    with pytest.raises(FileExistsError):
        write_sample(tmp_path / "other", 100, 1)


def test_refuses_what_an_xls_cannot_hold(tmp_path: Path):
    with pytest.raises(ValueError, match=r"\.xls sheet holds"):
        workbooks.write(tmp_path / "m.xls", calendar("306", 0), [[None]] * 65_536)
