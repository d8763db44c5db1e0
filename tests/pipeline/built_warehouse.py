"""A whole warehouse for tests: sampled, landed, built, released, and its truth beside it."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing

BIN = Path(sys.executable).parent
TEST_NUMBERS = "{accept_test_nhs_numbers: true}"
PERSONS, MONTHS, SEED = 1500, 3, 99
EARLIER = "2017-07-31"  # after the first of the three months' submissions


@dataclass
class Warehouse:
    """One `ASC_HOME` and what its commands said."""

    root: Path

    @property
    def home(self) -> Home:
        return Home.at(self.root)

    def run(self, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess:
        """Run `asc …` or `dbt …` on this warehouse."""
        environment = os.environ | {"ASC_HOME": str(self.root)}
        environment.pop("ASC_KEYS", None)
        result = subprocess.run(
            [BIN / command[0], *command[1:]],
            cwd=PROJECT_ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return result

    def dbt(self, *words: str, check: bool = True, variables: str = TEST_NUMBERS):
        """Run dbt with its artefacts below this warehouse."""
        where = ("--profiles-dir", "profiles", "--target-path", self.root / "target")
        where += ("--log-path", self.root / "logs", "--vars", variables)
        return self.run("dbt", "--no-use-colors", *words, *where, check=check)

    def connect(self, **modes: str) -> duckdb.DuckDBPyConnection:
        """Open zones, and make truth files readable beside them."""
        return zones.connect(self.home, **modes)

    def query(self, sql: str, *parameters) -> list[tuple]:
        """Rows of a query over both zones."""
        with self.connect(identifiable="read", pseudonymised="read") as connection:
            return connection.execute(sql, parameters).fetchall()

    def truth(self, table: str) -> str:
        """SQL of a truth table."""
        return f"'{self.root / 'truth' / table}.parquet'"

    def copy(self, to: Path) -> "Warehouse":
        """Copy of the warehouse, to be spoilt at will."""
        shutil.copytree(self.root, to)
        return Warehouse(to)

    def releases(self) -> dict[str, list[Path]]:
        """Release folders by agreement, oldest first."""
        folders = sorted(path.parent for path in self.home.releases.glob("*/*/manifest.json"))
        by_agreement: dict[str, list[Path]] = {}
        for folder in folders:
            by_agreement.setdefault(folder.parent.name, []).append(folder)
        return by_agreement

    def open_release(self, folder: Path) -> duckdb.DuckDBPyConnection:
        """A release file opened as its recipient would, with the delivery key."""
        key_id = json.loads((folder / "manifest.json").read_text())["delivery_key_id"]
        name, version = key_id.rsplit(".v", 1)
        connection = duckdb.connect()
        zones.load_encryption(connection)
        key = KeyRing(self.home.keys).key(name, int(version))
        zones.attach(connection, folder / "marts.duckdb", "released", key)
        connection.execute("use released")
        return connection


def seed(name: str) -> list[dict]:
    """Rows of a seed file."""
    with (PROJECT_ROOT / "seeds" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def seed_cells() -> set[str]:
    """Every cell of every seed."""
    paths = [p.relative_to(PROJECT_ROOT / "seeds") for p in (PROJECT_ROOT / "seeds").rglob("*.csv")]
    rows = (row for path in paths for row in seed(str(path.with_suffix(""))))
    return {cell for row in rows for cell in row.values() if cell}


def build(root: Path) -> Warehouse:
    """Make the whole warehouse, with releases of an earlier month and, twice, of all there is."""
    warehouse = Warehouse(root)
    warehouse.run("asc", "keys", "init", "--quiet")
    size = ("--persons", str(PERSONS), "--months", str(MONTHS), "--seed", str(SEED))
    warehouse.run("asc", "sample", *size, "--quiet")
    warehouse.run("asc", "land", "--quiet")
    as_of = f"{{accept_test_nhs_numbers: true, as_of_date: '{EARLIER}'}}"
    warehouse.dbt("build", "--exclude-resource-type", "unit_test", variables=as_of)
    warehouse.run("asc", "release", "--as-of", EARLIER, "--quiet")
    warehouse.dbt("build")
    warehouse.run("asc", "release", "--quiet")
    warehouse.run("asc", "release", "--quiet")
    return warehouse
