"""Extracts land verbatim from CSV and Parquet alike, as a whole or not at all."""

import datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.extract_contracts import CONTRACTS
from loaders.extract_files import BROKEN, NO_CONTENT, NOT_PARQUET, NOT_UTF8, TWO_FILES, WRONG_WIDTH
from loaders.land import land_inbox

PERSONS = (
    "gender,nhs_number,given_name,family_name,date_of_birth,postcode,eye_colour,date_of_death\n"
    '1,0012345678,"Ann, ""Nan""",  O\'Neil ,1950-02-28,M1 1AA,blue,\n'
    "2,9434765919,,Zo\u00eb,1960-12-31,,green,2017-01-01\n"
)
LANDED_PERSONS = [
    ("0012345678", 'Ann, "Nan"', "  O'Neil ", "1950-02-28", "1", "M1 1AA", *[None] * 4),
    ("9434765919", None, "Zo\u00eb", "1960-12-31", "2", None, None, "2017-01-01", None, None),
]
PERSON_TABLE = "identifiable.landing.person_index_person"


@pytest.fixture
def put(home):
    def write(path: str, content: str | bytes | pa.Table):
        target = home.inbox / path
        target.parent.mkdir(exist_ok=True)
        if isinstance(content, pa.Table):
            pq.write_table(content, target)
        else:
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def test_given_persons_as_csv_when_landed_then_every_value_is_verbatim_text(home, query, put):
    put("person_index/person.csv", "\ufeff" + PERSONS)

    report = land_inbox(home)

    assert query(f"from {PERSON_TABLE} order by nhs_number") == LANDED_PERSONS
    landed = report.extracts_landed[0]
    assert (landed.extract, landed.rows, landed.columns_ignored) == ("person_index_person", 2, 1)


def test_given_persons_as_parquet_when_landed_then_the_table_equals_that_of_the_csv(
    home, query, put
):
    dates = [datetime.date(1950, 2, 28), datetime.date(1960, 12, 31)]
    put(
        "person_index/person.parquet",
        pa.table(
            {
                "gender": [1, 2],
                "nhs_number": ["0012345678", "9434765919"],
                "given_name": ['Ann, "Nan"', ""],
                "family_name": ["  O'Neil ", "Zo\u00eb"],
                "date_of_birth": dates,
                "postcode": ["M1 1AA", None],
                "date_of_death": pa.array([None, datetime.date(2017, 1, 1)]),
            }
        ),
    )

    land_inbox(home)

    assert query(f"from {PERSON_TABLE} order by nhs_number") == LANDED_PERSONS


def test_given_typed_parquet_columns_when_landed_then_they_read_as_a_csv_would(home, query, put):
    arrival = datetime.datetime(2017, 6, 30, 23, 5, 6)
    put(
        "health/emergency_care.parquet",
        pa.table(
            {
                "nhs_number": [9434765919.0, None],
                "attendance_id": [7, 8],
                "provider_code": ["R0A", "REM"],
                "arrival_at": [arrival, None],
                "departure_at": pa.array([arrival, None], pa.timestamp("us", tz="Europe/London")),
                "tariff_cost": [Decimal("120.50"), None],
            }
        ),
    )

    land_inbox(home)

    assert query(
        "select nhs_number, attendance_id, arrival_at, departure_at, tariff_cost "
        "from identifiable.landing.health_emergency_care order by attendance_id"
    ) == [
        ("9434765919", "7", "2017-06-30 23:05:06", "2017-06-30 23:05:06", "120.50"),
        (None, "8", None, None, None),
    ]


def test_given_no_extract_when_landed_then_all_tables_are_there_and_empty(home, query):
    land_inbox(home)

    found = query(
        "select database_name || '.landing.' || table_name, "
        "list(column_name order by column_index), any_value(data_type), count(distinct data_type) "
        "from duckdb_columns() where schema_name = 'landing' group by all"
    )
    counts = query(
        " union all ".join(f"select '{c.table}', count(*) from {c.table}" for c in CONTRACTS)
    )
    columns = {table: (names, kind, kinds) for table, names, kind, kinds in found}
    assert {c.table: columns[c.table] for c in CONTRACTS} == {
        c.table: (list(c.columns), "VARCHAR", 1) for c in CONTRACTS
    }
    assert dict(counts) == dict.fromkeys((c.table for c in CONTRACTS), 0)


def test_given_a_changed_extract_when_landed_then_the_table_is_replaced_as_a_whole(
    home, query, put
):
    put("person_index/person.csv", PERSONS)
    land_inbox(home)
    put("person_index/person.csv", PERSONS.rsplit("\n", 2)[0] + "\n")

    first, second = land_inbox(home), land_inbox(home)

    assert (first.extracts_landed[0].rows, second.extracts_already_there) == (1, 1)
    assert query(f"from {PERSON_TABLE}") == LANDED_PERSONS[:1]
    assert query("select extract, rows_read, outcome from identifiable.landing.extracts") == [
        ("person_index_person", 1, "landed")
    ]


def test_given_a_gp_practice_file_without_header_when_landed_then_columns_count_by_position(
    home, query, put
):
    row = ["P84009", "MOSS SIDE, SURGERY", *[f"v{n}" for n in range(3, 28)]]
    line = ",".join(f'"{value}"' for value in row)
    put("reference/gp_practice.csv", f"{line}\r\n{line}\r\n")

    land_inbox(home)

    assert query("from identifiable.landing.reference_gp_practice") == [tuple(row)] * 2


def test_given_a_postcode_directory_when_landed_then_only_the_columns_of_the_contract_land(
    home, query, put
):
    put(
        "reference/postcode.csv",
        "pcd,pcds,dointr,doterm,oslaua,lsoa11,msoa11,ccg,imd\n"
        '"M1  1AA","M1 1AA","198001","","E08000003","E01","E02","E38","00012"\n',
    )

    land_inbox(home)

    assert query("from identifiable.landing.reference_postcode") == [
        ("M1 1AA", "198001", None, "E08000003", "E01", "E02", "E38", "00012")
    ]


@pytest.mark.parametrize(
    ("path", "content", "sentence"),
    [
        ("person_index/person.csv", b"", NO_CONTENT),
        ("person_index/person.parquet", b"PAR1 cut off", NOT_PARQUET),
        ("person_index/person.parquet", b"PAR1 rubbish PAR1", NOT_PARQUET),
        ("person_index/person.csv", b"nhs_number,n\xe9\n1,2\n", NOT_UTF8),
        ("person_index/person.csv", PERSONS + "1,9434765919\n", BROKEN),
        ("person_index/person.csv", PERSONS.encode() + b"1,9,Zo\xeb,X,1,1,1,1\n", BROKEN),
        ("reference/gp_practice.csv", "P84009,NAME\n", WRONG_WIDTH),
    ],
    ids=["empty", "cut_off", "rubbish", "latin_1_header", "short_row", "latin_1_row", "narrow"],
)
def test_given_a_broken_extract_when_landed_then_it_is_refused_once_and_the_table_stays(
    path, content, sentence, home, query, put
):
    folder, file = path.split("/")
    name = f"{folder}_{file.split('.')[0]}"
    put(path, content)

    first, second = land_inbox(home), land_inbox(home)

    assert [r.reason for r in first.refusals] == [f"{name}: {sentence}"]
    assert (first.exit_code, second.exit_code) == (3, 0)
    assert query(f"select count(*) from identifiable.landing.{name}") == [(0,)]


def test_given_a_refused_successor_when_landed_then_the_good_extract_stays(home, query, put):
    put("person_index/person.csv", PERSONS)
    land_inbox(home)
    put("person_index/person.csv", "nhs_number\n9434765919\n")

    report = land_inbox(home)
    put("person_index/person.csv", PERSONS)
    last = land_inbox(home)

    assert "lacks the column(s) given_name, family_name" in report.refusals[0].reason
    assert query(f"from {PERSON_TABLE} order by nhs_number") == LANDED_PERSONS
    assert (last.exit_code, last.extracts_already_there) == (0, 1)


def test_given_an_extract_in_both_formats_when_landed_then_it_is_refused_until_one_is_left(
    home, put
):
    put("person_index/person.csv", PERSONS)
    put("person_index/person.parquet", pa.table({"nhs_number": ["1"]}))

    reports = [land_inbox(home), land_inbox(home)]

    assert all(TWO_FILES in report.refusals[0].reason for report in reports)


def test_given_a_failure_while_recording_when_landed_then_the_table_is_as_before(
    home, query, put, monkeypatch
):
    import loaders.extracts

    def fail(*_):
        raise duckdb.IOException("disk full")

    monkeypatch.setattr(loaders.extracts, "_record", fail)
    put("person_index/person.csv", PERSONS)

    with pytest.raises(Exception, match="disk full"):
        land_inbox(home)

    assert query(f"select count(*) from {PERSON_TABLE}") == [(0,)]
