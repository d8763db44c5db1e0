"""An analyst's walk, as README has it: from the sealed envelope to a first chart."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from documents import blocks, sections
from own_postgres import OwnPostgres
from publishing import A
from small_warehouse import IN_FORCE, change

from plugins.home import Home
from release.envelope import seal
from release.server.publish import publish

PYTHON = "From the sealed envelope to a first chart"
PSQL = "Connecting to the server"


@pytest.fixture
def desk(home: Home, tmp_path: Path) -> Path:
    """The analyst's own folder: the private key, whose public half is in the register."""
    folder = tmp_path / "desk"
    folder.mkdir()
    identity = pyrage.x25519.Identity.generate()
    (folder / "identity.txt").write_text(f"{identity}\n")
    change(
        home,
        "insert into pseudonymised.reference.recipient_keys values "
        f"('306', '{identity.to_public()}', null, null, 'data access manager')",
    )
    return folder


def deliver(home: Home, desk: Path) -> None:
    """File and envelope come by two ways; nothing else does."""
    (folder,) = (home.releases / IN_FORCE).iterdir()
    shutil.copy(folder / "marts.duckdb", desk)
    shutil.copy(seal(home, IN_FORCE, "306").path, desk / "envelope.age")


def test_given_file_and_envelope_when_readmes_python_runs_then_there_is_a_chart(
    home: Home, desk: Path
):
    deliver(home, desk)
    (code,) = blocks(sections("README.md")[PYTHON], "python")
    environment = {"PATH": os.environ["PATH"], "HOME": str(desk), "MPLBACKEND": "agg"}
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code + "\nprint(persons.to_json())"],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "age_band": {"0": "65-69", "1": "90+"},
        "persons": {"0": 160, "1": 40},
    }
    chart = desk / "first_chart.png"
    assert chart.read_bytes().startswith(b"\x89PNG")
    assert chart.stat().st_size > 5000


def test_given_the_envelope_when_readmes_psql_runs_then_there_is_a_chart(
    postgres: OwnPostgres, home: Home, desk: Path, database: str
):
    if shutil.which("psql") is None:
        pytest.skip("NOT TESTED: there is no psql here")
    publish(home, database)
    deliver(home, desk)
    identity = pyrage.x25519.Identity.from_str((desk / "identity.txt").read_text().strip())
    envelope = json.loads(pyrage.decrypt((desk / "envelope.age").read_bytes(), [identity]))
    (login,) = [one for one in envelope["logins"] if one["login"] == A]
    shutil.copy(postgres.certificate, desk / "server.crt")
    secret = desk / "pgpass"
    secret.write_text(f"*:*:*:*:{login['password']}\n")
    secret.chmod(0o600)
    (script,) = blocks(sections("README.md")[PSQL], "sh")
    environment = {
        "PATH": os.environ["PATH"],
        "PGHOST": login["host"],
        "PGPORT": str(login["port"]),
        "PGDATABASE": login["database"],
        "PGUSER": login["login"],
        "PGPASSFILE": str(secret),
    }
    ran = subprocess.run(
        ["bash", "-euc", script],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    rows = [line.split("|") for line in ran.stdout.splitlines() if "#" in line]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["65-69", "160", "#" * 40],
        ["90+", "40", "#" * 10],
    ]
