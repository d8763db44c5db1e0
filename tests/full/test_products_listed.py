"""An agreement that no longer lists a product is released without it, and the others with it."""

import csv
import shutil

import pytest
from built_warehouse import MONTHS, PERSONS, SEED, TEST_NUMBERS, Warehouse
from changed_policy import PARTS, Changed

from plugins.home import PROJECT_ROOT

FEWER = "ASC-308-ROCHDALE"
DROPPED = {"intervention_panel", "payment_segments", "linked_health_activity"}
REGISTER = "seeds/register/agreement_products.csv"


@pytest.fixture(scope="module")
def fewer(tmp_path_factory) -> Changed:
    """A whole warehouse built and released from a copy of the project whose register says less."""
    root = tmp_path_factory.mktemp("fewer")
    project = root / "project"
    for part in PARTS:
        shutil.copytree(PROJECT_ROOT / part, project / part)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    with (project / REGISTER).open(newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [
        row for row in rows if row["agreement_reference"] != FEWER or row["product"] not in DROPPED
    ]
    assert len(kept) == len(rows) - len(DROPPED)
    with (project / REGISTER).open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(kept)
    changed = Changed(Warehouse(root / "home"), project)
    changed.asc("keys", "init", "--quiet")
    # In fewer persons some product of some agreement has no row that may be shown.
    size = ("--persons", str(PERSONS), "--months", str(MONTHS), "--seed", str(SEED))
    changed.asc("sample", *size, "--quiet")
    changed.asc("land", "--quiet")
    where = ("--target-path", str(changed.warehouse.root / "target"))
    where += ("--log-path", str(changed.warehouse.root / "logs"), "--profiles-dir", "profiles")
    changed.run("-m", "dbt.cli.main", "build", *where, "--vars", TEST_NUMBERS)
    changed.asc("release", "--quiet")
    return changed


def test_a_product_is_in_the_files_of_agreements_that_list_it_and_in_no_other(fewer):
    with (fewer.project / REGISTER).open(newline="") as file:
        rows = list(csv.DictReader(file))
    every = {row["product"] for row in rows}
    released = fewer.warehouse.releases()
    assert len(released) == 6
    for reference, folders in released.items():
        listed = {row["product"] for row in rows if row["agreement_reference"] == reference}
        with fewer.warehouse.open_release(folders[-1]) as connection:
            tables = {row[0] for row in connection.execute("show tables").fetchall()}
            assert tables & every == listed, reference
            for table in listed:
                (count,) = connection.execute(f"select count(*) from {table}").fetchone()
                assert count > 0, (reference, table)
            described = connection.execute(
                "select distinct table_name from column_dictionary"
            ).fetchall()
            assert {name for (name,) in described} & every == listed, reference
    assert listed_by_none_else(rows) == DROPPED


def listed_by_none_else(rows: list[dict]) -> set[str]:
    """Products that the shortened agreement does not list and others do."""
    own = {row["product"] for row in rows if row["agreement_reference"] == FEWER}
    return {row["product"] for row in rows} - own
