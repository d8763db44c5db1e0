"""A copy of the built warehouse that goes on under other seeds of disclosure control."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from built_warehouse import TEST_NUMBERS, Warehouse

from plugins.home import PROJECT_ROOT

PARTS = ("cli", "functions", "lineage", "loaders", "macros", "models", "plugins", "profiles")
PARTS += ("release", "reports", "samples", "seeds", "docs", "attack")
PARTS += ("tests/generic", "tests/singular")


@dataclass(frozen=True)
class Changed:
    """The copy, and the project folder that its commands run in."""

    warehouse: Warehouse
    project: Path

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run Python in the copy of the project, so that it imports the copy."""
        result = subprocess.run(
            [sys.executable, *command],
            cwd=self.project,
            env=os.environ | {"ASC_HOME": str(self.warehouse.root), "ASC_KEYS": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
        return result

    def asc(self, *words: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run `asc …`."""
        return self.run("-c", "from cli.main import main; main()", *words, check=check)

    def release(self) -> None:
        """Build what policy and earlier releases touch, with tests of data, and release."""
        manifest = self.warehouse.home.build_manifest
        of_the_whole_build = manifest.read_bytes()
        where = ("--target-path", str(self.warehouse.root / "target"))
        where += ("--log-path", str(self.warehouse.root / "logs"), "--profiles-dir", "profiles")
        self.run(
            *("-m", "dbt.cli.main", "--no-use-colors", "build", *where, "--vars", TEST_NUMBERS),
            *("--select", "disclosure_policy+", "source:governance+"),
            *("--exclude-resource-type", "unit_test"),
            *("--indirect-selection", "cautious"),
        )
        # Gate and proof ask for a whole build, which is the one that was copied.
        manifest.write_bytes(of_the_whole_build)
        build_id = json.loads(of_the_whole_build)["metadata"]["invocation_id"]
        with self.warehouse.connect(pseudonymised="write") as connection:
            connection.execute(
                "delete from pseudonymised.governance.builds where invocation_id <> ?", [build_id]
            )
        self.asc("release", "--quiet")


def change(
    warehouse: Warehouse, root: Path, edit: Callable[[dict], str], *, with_history: bool
) -> Changed:
    """Copy warehouse and project; `edit` gives the value of each row of the policy.

    Without history the copy has released nothing yet.
    """
    project = root / "project"
    for part in PARTS:
        shutil.copytree(PROJECT_ROOT / part, project / part)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    seed = project / "seeds" / "disclosure" / "disclosure_policy.csv"
    with seed.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with seed.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(row | {"value": edit(row)} for row in rows)
    changed = Changed(warehouse.copy(root / "home"), project)
    if not with_history:
        shutil.rmtree(changed.warehouse.home.releases)
        with changed.warehouse.connect(pseudonymised="write") as connection:
            for kept in ("release_ledger", "released_persons", "released_cells"):
                connection.execute(f"delete from pseudonymised.governance.{kept}")
        (changed.warehouse.home.releases).mkdir()
    changed.release()
    return changed
