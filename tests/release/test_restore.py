"""The runbook of restoring, followed as it stands: what comes back is whole, or said not to be."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.home import PROJECT_ROOT, Home
from release.run import release
from release.verify import verify

PAGE = PROJECT_ROOT / "docs" / "runbooks" / "restore.md"


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """Where the copies go, as the runbook names the places."""
    for name in ("backup", "keys_backup"):
        (tmp_path / name).mkdir()
    return {"BACKUP": str(tmp_path / "backup"), "KEYS_BACKUP": str(tmp_path / "keys_backup")}


def follow(heading: str, home: Home, places: dict[str, str]) -> str:
    """Run the commands under a heading in a shell; return what they said."""
    text = re.split(rf"^## {heading}$", PAGE.read_text(), flags=re.MULTILINE)[1]
    (block, *_) = re.findall(r"^```sh\n(.*?)^```$", text.split("\n## ")[0], re.M | re.S)
    environment = os.environ | places | {"ASC_HOME": str(home.root)}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    environment.pop("ASC_KEYS", None)
    done = subprocess.run(
        ["/bin/bash", "-euc", block],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_was_kept_comes_back_whole_and_goes_on(home: Home, places: dict[str, str]):
    release(home)
    follow("What to keep", home, places)
    shutil.rmtree(home.root)
    said = follow("All is lost but the backup", home, places)
    assert "all as recorded" in said
    assert release(home).released
    assert verify(home).exit_code == 0


def test_a_copy_holds_nothing_that_opens_without_the_keys(home: Home, places: dict[str, str]):
    release(home)
    follow("What to keep", home, places)
    shutil.rmtree(home.root)
    shutil.rmtree(places["KEYS_BACKUP"])
    Path(places["KEYS_BACKUP"]).mkdir()
    with pytest.raises(AssertionError, match="key"):
        follow("All is lost but the backup", home, places)


def test_a_backup_that_is_older_than_the_last_release_is_noticed(
    home: Home, places: dict[str, str]
):
    # Given a release made after the copy
    release(home)
    follow("What to keep", home, places)
    release(home)
    # When only the zones come from the copy
    shutil.rmtree(home.warehouse)
    shutil.copytree(Path(places["BACKUP"]) / "warehouse", home.warehouse)
    # Then ledger and anchor, or ledger and folders, do not fit
    whats = " ".join(one.what for one in verify(home).mismatches)
    assert "no entry in the ledger" in whats
    assert verify(home).exit_code == 5
