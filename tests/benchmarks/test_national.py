"""The national benchmark: how the country is laid out, and to which stage a node belongs."""

import csv
import itertools
import shutil

import pytest

from benchmarks.national import country, stages
from plugins.home import PROJECT_ROOT


@pytest.mark.parametrize("persons", [60_000_000, 600_000])
def test_every_council_has_postcodes_of_its_own_and_small_areas_are_whole(persons):
    councils = country.councils(persons, workbooks=20, workbook_share=1 / 6)
    assert len({c.la_code for c in councils}) == len(councils) == 153
    for before, after in itertools.pairwise(councils):
        assert before.next_postcode == after.first_postcode > before.first_postcode
        assert after.first_postcode % country.POSTCODES_PER_LSOA == 0
    mapped = [c.next_postcode - c.first_postcode for c in councils if c.by_workbook]
    assert len(mapped) == 20
    # A small area is what the layout is rounded to: at small size that is much of a council.
    rounding = country.POSTCODES_PER_LSOA / councils[-1].next_postcode * 20
    assert abs(sum(mapped) / councils[-1].next_postcode - 1 / 6) <= rounding


def test_no_code_of_a_council_or_ccg_stands_twice_in_the_register(tmp_path):
    register = tmp_path / "register"
    shutil.copytree(PROJECT_ROOT / "seeds" / "register", register)
    country.write_register(register, country.councils(600_000, 20, 1 / 6))
    with (register / "submitting_councils.csv").open() as file:
        rows = list(csv.DictReader(file))
    own = [code for row in rows for code in (row["la_code"], row["ons_code"], row["dfe_code"])]
    assert len(rows) == 153 and len(set(own)) == len(own)
    with (register / "organisations.csv").open() as file:
        codes = [row["organisation_code"] for row in csv.DictReader(file)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("node", "stage"),
    [
        ({"kind": "seed", "tags": [], "path": "seeds/register/agreements.csv"}, "seeds"),
        ({"kind": "test", "tags": [], "path": "models/marts/x.yml"}, "tests"),
        (
            {"kind": "model", "tags": ["index_preparation"],
             "path": "models/intermediate/identifiable/tracing/int_index_names_prepared.sql"},
            "index preparation",
        ),
        ({"kind": "model", "tags": [], "path": "models/marts/products/x.sql"}, "marts"),
    ],
)  # fmt: skip
def test_a_node_counts_in_the_stage_of_its_folder(node, stage):
    assert stages.stage_of(node) == stage
