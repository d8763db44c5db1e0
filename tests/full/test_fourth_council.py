"""A fourth council, its CCG and their agreements are rows of seeds and files of an inbox: no code.

Oldham (307) and its CCG (00Y) join the three councils in a copy of the project of which nothing but
`seeds/register` is changed. What it sends is made by the sampler with Oldham in Rochdale's place.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from built_warehouse import TEST_NUMBERS, Warehouse
from test_seed_changes import PARTS, change

from plugins.home import PROJECT_ROOT
from samples.generate import write_sample

COUNCIL, CCG = "ASC-307-OLDHAM", "ASC-00Y-OLDHAM"
PRODUCTS = ("linked_persons", "linked_care_events", "linked_health_activity", "cohort_monthly")
AREA = """"{}", "{}", "E0800000{}", "{}", "E38000{}", {}, {},
        ({}), "{}", {}"""
OLDHAM, ROCHDALE = ("Oldham", "307", 4, "00Y", "135"), ("Rochdale", "308", 5, "01D", "080")
_CODES = '"OL10", "OL11", "OL12", "OL15", "OL16", "M24"'
ROCHDALE_AREA = AREA.format(*ROCHDALE, "ROCHDALE", 2001132, _CODES, "P86", 18)
_CODES = '"OL10", "OL12", "OL16"'
ROCHDALE_NEIGHBOUR = AREA.format(*ROCHDALE, "((1005464, 1005471),)", 2001132, _CODES, "P86", 4)
_CODES = '"OL1", "OL2", "OL3", "OL4", "OL8", "OL9"'
OLDHAM_AREA = AREA.format(*OLDHAM, "((1005320, 1005453),)", 2001100, _CODES, "P85", 18)
_CODES = '"OL1", "OL2", "OL9"'
OLDHAM_NEIGHBOUR = AREA.format(*OLDHAM, "((1005340, 1005347),)", 2001100, _CODES, "P85", 4)


def python(where: Path, *words: str, home: Path | None = None) -> str:
    """Run Python in a folder, so that it imports from there."""
    result = subprocess.run(
        [sys.executable, *words],
        cwd=where,
        env=os.environ | {"ASC_HOME": str(home or where / "none"), "ASC_KEYS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout


def oldhams_sampler(folder: Path) -> None:
    """A copy of the sampler in which Oldham sends and Rochdale is the small neighbour."""
    shutil.copytree(PROJECT_ROOT / "samples", folder / "samples")
    for path in (folder / "samples").glob("*.py"):
        text = path.read_text()
        if path.name == "areas.py":
            assert ROCHDALE_AREA in text and OLDHAM_NEIGHBOUR in text
            text = text.replace(OLDHAM_NEIGHBOUR, "@neighbour@").replace(ROCHDALE_AREA, "@own@")
            text = text.replace('"308": ("305", "307")', '"307": ("305", "308")')
        text = text.replace('"308"', '"307"').replace('"354"', '"353"')
        text = text.replace('("305", "307")', '("305", "308")').replace("rochdale", "oldham")
        text = text.replace("@neighbour@,", ROCHDALE_NEIGHBOUR + ",").replace("@own@", OLDHAM_AREA)
        path.write_text(text)


def merge(into: Path, other: Path) -> None:
    """Add Oldham's workbooks, and every person, place and activity that is not there yet."""
    shutil.copytree(other / "submissions" / "307", into / "submissions" / "307")
    known = pq.read_table(into / "person_index" / "person.parquet").column("nhs_number")
    for path in sorted(other.rglob("*.parquet")):
        here, more = into / path.relative_to(other), pq.read_table(path)
        fresh = pa.compute.invert(pa.compute.is_in(more.column("nhs_number"), value_set=known))
        more = more.filter(fresh)
        pq.write_table(pa.concat_tables([pq.read_table(here), more.cast(_schema(here))]), here)
    for name, key in (("postcode", 2), ("gp_practice", 0), ("population", 0)):
        here, there = (folder / "reference" / f"{name}.csv" for folder in (into, other))
        with here.open(newline="") as file:
            rows = list(csv.reader(file))
        there_already = {row[key] for row in rows}
        with there.open(newline="") as file:
            rows += [row for row in csv.reader(file) if row[key] not in there_already]
        with here.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def _schema(path: Path) -> pa.Schema:
    return pq.read_schema(path)


def add_by_seeds(register: Path) -> None:
    """The rows that a custodian adds: nothing else of the project changes."""
    council = {"organisation_code": "307", "organisation_name": "Oldham Council"}
    council |= {"organisation_type": "council", "ons_code": "E08000004", "la_code": "307"}
    council |= {"valid_from": "2014-04-01", "source": "Adult social care council codes"}
    change(register / "organisations.csv", lambda rows: [*rows, council])
    sender = {"la_code": "307", "council_name": "Oldham", "ons_code": "E08000004"}
    sender |= {"dfe_code": "353", "valid_from": "1974-04-01"}
    change(register / "submitting_councils.csv", lambda rows: [*rows, sender])

    def agreements(rows):
        pattern = rows[0]
        own = {"controller_code": "307", "geography_rule": "submitted"}
        ccg = {"controller_code": "00Y", "geography_rule": "resident_or_registered"}
        return [
            *rows,
            pattern | own | {"agreement_reference": COUNCIL, "title": "Oldham Council"},
            pattern | ccg | {"agreement_reference": CCG, "title": "NHS Oldham CCG"},
        ]

    change(register / "agreements.csv", agreements)
    both = (COUNCIL, CCG)

    def listed(column: str, values: tuple[str, ...]) -> list[dict]:
        return [{"agreement_reference": r, column: value} for r in both for value in values]

    change(register / "agreement_products.csv", lambda rows: rows + listed("product", PRODUCTS))
    change(
        register / "agreement_purposes.csv", lambda rows: rows + listed("purpose", tuple("abcde"))
    )
    change(
        register / "agreement_processors.csv",
        lambda rows: rows + listed("processor_code", ("0DE",)),
    )


@pytest.fixture(scope="module")
def joined(tmp_path_factory) -> SimpleNamespace:
    root = tmp_path_factory.mktemp("fourth")
    warehouse, project, sampler = Warehouse(root / "home"), root / "project", root / "sampler"
    write_sample(warehouse.root, persons=800, months=1, seed=11)
    oldhams_sampler(sampler)
    made = "from samples.generate import write_sample; write_sample('.', 1800, 1, 21)"
    python(sampler, "-c", made)
    merge(warehouse.root / "inbox", sampler / "inbox")
    for part in PARTS:
        shutil.copytree(PROJECT_ROOT / part, project / part)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    add_by_seeds(project / "seeds" / "register")

    asc = ("-c", "from cli.main import main; main()")
    home = warehouse.root
    python(project, *asc, "keys", "init", "--quiet", home=home)
    python(project, *asc, "land", "--quiet", home=home)
    python(
        project,
        *("-m", "dbt.cli.main", "--no-use-colors", "build", "--profiles-dir", "profiles"),
        *("--vars", TEST_NUMBERS, "--target-path", str(root / "target")),
        *("--log-path", str(root / "logs")),
        home=home,
    )
    report = json.loads(python(project, *asc, "release", "--json", home=home))
    python(project, *asc, "verify", "--quiet", home=home)
    python(project, *asc, "report", "--quiet", home=home)
    return SimpleNamespace(warehouse=warehouse, report=report, truth=sampler / "truth")


def test_given_seeds_and_an_inbox_when_built_then_the_new_recipients_get_releases(joined):
    released = {made["agreement_reference"]: made["products"] for made in joined.report["released"]}

    assert {COUNCIL, CCG} < set(released)
    assert len(released) == 8
    for reference in (COUNCIL, CCG):
        assert released[reference]["linked_persons"] >= 100
        assert set(PRODUCTS) <= set(released[reference])
        assert released[reference]["cohort_monthly"] > 0
    # The side that a recipient does not know already is what the link is for.
    assert released[COUNCIL]["linked_health_activity"] > 0
    assert released[CCG]["linked_care_events"] > 0


def test_given_the_new_council_when_asked_who_may_see_it_then_only_its_own_two_may(joined):
    allowed = joined.warehouse.query(
        "select distinct agreement_reference, la_code from pseudonymised.governance.entitlements "
        "where allowed and (la_code = '307' or agreement_reference in (?, ?))",
        COUNCIL,
        CCG,
    )

    assert {reference for reference, la_code in allowed if la_code == "307"} >= {COUNCIL, CCG}
    assert {la_code for reference, la_code in allowed if reference == COUNCIL} == {"307"}
    councils = {"ASC-316-LIVERPOOL", "ASC-306-MANCHESTER", "ASC-308-ROCHDALE"}
    assert not councils & {reference for reference, la_code in allowed if la_code == "307"}


def test_given_the_new_councils_release_when_opened_then_it_holds_its_own_clients_only(joined):
    (folder,) = joined.warehouse.releases()[COUNCIL]
    with joined.warehouse.open_release(folder) as released:
        areas = {
            area
            for (area,) in released.sql("select distinct area_code from linked_persons").fetchall()
        }
        persons = released.sql("select count(*) from linked_persons").fetchall()[0][0]
    with duckdb.connect() as connection:
        clients = connection.sql(
            f"select count(*) from '{joined.truth}/clients.parquet' where la_code = '307'"
        ).fetchall()[0][0]

    assert 100 <= persons <= clients
    # Oldham's own areas, hidden ones, and the council as a whole.
    assert all(
        area == "*" or area == "E08000004" or "E02001100" <= area < "E02001130" for area in areas
    )


def test_given_the_new_council_when_reported_then_it_has_its_own_pages(joined):
    assert list((joined.warehouse.home.reports / "307").glob("*.html"))
