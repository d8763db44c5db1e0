"""Recognisable keys and identifiers in hostile input: nothing written or printed has them."""

import base64
import datetime
import os
import shutil
import signal
import subprocess
import time

import duckdb
import pytest
import xlsxwriter
from built_warehouse import BIN, TEST_NUMBERS, Warehouse

from plugins import zones
from plugins.home import PROJECT_ROOT
from plugins.keys import KeyRing

NUMBER = "9870613527"
IDENTIFIERS = {
    "nhs_number": NUMBER,
    "spaced nhs_number": "987 061 3527",
    "given_name": "Zquanarygiven",
    "family_name": "Zquanaryfamily",
    "date_of_birth": "1931-02-28",
    "date_of_birth as text": "28/02/1931",
    "unreadable date": "31/31/1931zq",
    "postcode": "ZQ9 9CN",
    "la_person_unique_identifier": "ZQUANARY-LA-0001",
    "free text": "Zquanaryfreetext",
    "unknown header": "Zquanaryheader",
    "file name": "zquanaryfile",
    "bad cost": "zq-not-a-cost-77",
}
# A council's own report may show its own identifiers, headers and file names; nothing else may.
OWN_TO_THE_COUNCIL = {"la_person_unique_identifier", "file name", "unknown header"}
SECRETS = {
    name: f"ZQUANARYKEY-{name}-".encode().ljust(32, b"#")[:32]
    for name in ("root", "identifiable", "pseudonymised")
}
COPIED = (
    "models",
    "macros",
    "seeds",
    "functions",
    "profiles",
    "docs/dbt",
    "tests/generic",
    "tests/singular",
)


def plant_keys(folder):
    folder.mkdir(parents=True, mode=0o700)
    for name, secret in SECRETS.items():
        path = folder / f"{name}.v1.key"
        path.write_text(base64.b64encode(secret).decode() + "\n")
        path.chmod(0o600)


def plant_workbook(path):
    """A workbook with a canary in every place that could end in an error text."""
    header = [
        "LA Code",
        "NHS Number",
        "LA Person Unique Identifier",
        "First Name",
        "Last Name",
        "Gender",
        "Date of Birth",
        "Client Type",
        "Postcode",
        "Event Type",
        "Event Start Date",
        "Event End Date",
        "Event Description",
        "Service Type",
        "Unit Cost",
        f"{IDENTIFIERS['unknown header']} {NUMBER}",
    ]
    good = [
        "316",
        NUMBER,
        IDENTIFIERS["la_person_unique_identifier"],
        IDENTIFIERS["given_name"],
        IDENTIFIERS["family_name"],
        "Male",
        IDENTIFIERS["date_of_birth"],
        "Service User",
        IDENTIFIERS["postcode"],
        "Service",
        datetime.date(2017, 8, 1),
        None,
        IDENTIFIERS["free text"],
        "Long Term Support: Community",
        IDENTIFIERS["bad cost"],
        NUMBER,
    ]
    rows = [good, good.copy(), good.copy()]
    rows[1][1], rows[1][6] = "987 061 3527", IDENTIFIERS["date_of_birth as text"]
    rows[2][10] = rows[2][6] = IDENTIFIERS["unreadable date"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        for r, row in enumerate([header, *rows]):
            for c, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(r, c, datetime.datetime(2017, 8, 1), date)
                elif value is not None:
                    sheet.write_string(r, c, value)


def plant_mistakes(project):
    """A copy of the project with a hard cast that chokes on a number and a test that fails."""
    for folder in COPIED:
        if (PROJECT_ROOT / folder).exists():
            shutil.copytree(PROJECT_ROOT / folder, project / folder)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    tracing = project / "models" / "intermediate" / "identifiable" / "tracing"
    (tracing / "int_canary_cast.sql").write_text(
        "select cast(la_person_unique_identifier || nhs_number as integer) as broken "
        "from {{ ref('stg_submissions__rows') }}\n"
    )
    (tracing / "int_canary_keyed.sql").write_text(
        "{{ config(post_hook='create unique index canary on {{ this }} (family)') }}"
        "select last_name as family from {{ ref('stg_submissions__rows') }}"
        " where last_name is not null\n"
    )
    (project / "tests" / "singular" / "canary_fails.sql").write_text(
        "{{ config(group='identifiable') }}"
        "select family_name from {{ ref('int_trace_requests') }}\n"
    )


@pytest.fixture(scope="module")
def ordeal(tmp_path_factory):
    """Land, build with every kind of failure, release, report; return all that was said."""
    warehouse = Warehouse(tmp_path_factory.mktemp("canary"))
    plant_keys(warehouse.root / "keys")
    warehouse.run("asc", "sample", "--persons", "150", "--months", "1", "--quiet")
    inbox = warehouse.home.inbox / "submissions" / "316"
    plant_workbook(inbox / f"{IDENTIFIERS['file name']} {NUMBER}.xlsx")
    (inbox / f"{IDENTIFIERS['file name']} corrupt {NUMBER}.xlsx").write_bytes(
        b"PK\x03\x04" + f"{NUMBER} {IDENTIFIERS['family_name']}".encode() * 40
    )
    (inbox / f"{IDENTIFIERS['file name']} page {NUMBER}.xls").write_text(
        f"<html><table><td>{NUMBER}</td></table>"
    )
    said = [warehouse.run("asc", "land", check=False)]
    assert said[0].returncode == 3
    # The copy lies in the warehouse's folder, the only one besides the project that dbt may read.
    project = warehouse.root / "project"
    plant_mistakes(project)
    command = [
        BIN / "dbt",
        "--debug",
        "--no-use-colors",
        "build",
        "--profiles-dir",
        "profiles",
        "--vars",
        TEST_NUMBERS,
    ]
    environment = os.environ | {"ASC_HOME": str(warehouse.root)}
    with (warehouse.root / "killed.out").open("w") as out:
        killed = subprocess.Popen(command, cwd=project, env=environment, stdout=out, stderr=out)
        while (
            "START sql table model identifiable" not in (warehouse.root / "killed.out").read_text()
        ):
            assert killed.poll() is None
            time.sleep(0.2)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert killed.returncode == -signal.SIGKILL
    failed = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert failed.returncode == 1 and "int_canary_cast" in failed.stdout
    said += [failed, warehouse.run("asc", "release", check=False)]
    assert said[-1].returncode == 4
    said += [
        warehouse.dbt("build", "--exclude-resource-type", "unit_test"),
        warehouse.run("asc", "release"),
        warehouse.run("asc", "report"),
    ]
    said += [warehouse.run("asc", "verify"), warehouse.run("asc", "summary")]
    said += [
        warehouse.run(
            "asc",
            "sql",
            "identifiable",
            "select cast(nhs_number as tinyint) from landing.submission_rows",
            check=False,
        )
    ]
    said += [warehouse.dbt("docs", "generate", "--static")]
    return warehouse, [text for result in said for text in (result.stdout, result.stderr)], failed


def written_files(warehouse):
    """Everything written but the input, its truth, the keys and the copied project's sources."""
    left_out = {warehouse.home.inbox, warehouse.root / "truth", warehouse.home.keys}
    left_out |= {warehouse.root / "project" / folder.split("/")[0] for folder in COPIED}
    for path in warehouse.root.rglob("*"):
        if path.is_file() and not any(folder in path.parents for folder in left_out):
            yield path


def needles_of_keys():
    for name, secret in SECRETS.items():
        yield f"key {name}", secret
        yield f"key {name} in base64", base64.b64encode(secret).rstrip(b"=")
        yield f"key {name} in hex", secret.hex().encode()
        yield f"key {name}, its first half", secret[:16]


def test_the_ordeal_broke_in_each_of_the_ways_it_was_meant_to(ordeal):
    _, _, failed = ordeal
    assert "Error in model int_canary_cast" in failed.stdout
    assert "int_canary_keyed" in failed.stdout
    assert "canary_fails" in failed.stdout and "FAIL" in failed.stdout


def test_no_file_holds_a_key(ordeal):
    warehouse, _, _ = ordeal
    files = list(written_files(warehouse))
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        for label, needle in needles_of_keys():
            assert needle not in content, f"{label} in {path.relative_to(warehouse.root)}"


def test_no_file_holds_an_identifier(ordeal):
    warehouse, _, _ = ordeal
    for path in written_files(warehouse):
        relative = path.relative_to(warehouse.root)
        of_council = relative.parts[0] == "reports" and relative.parts[1] == "316"
        content = path.read_bytes().lower()
        for kind, value in IDENTIFIERS.items():
            if of_council and (kind in OWN_TO_THE_COUNCIL or "nhs_number" in kind):
                # The number stands in the planted file name; the report's cells are tested apart.
                continue
            assert value.lower().encode() not in content, f"{kind} in {relative}"


def test_nothing_said_on_the_terminal_holds_a_key_or_an_identifier(ordeal):
    _, texts, _ = ordeal
    for text in texts:
        for label, needle in needles_of_keys():
            assert needle.decode() not in text, label
        for kind, value in IDENTIFIERS.items():
            assert value.lower() not in text.lower(), kind


def test_decrypted_dumps_hold_no_key_and_beyond_the_wall_no_identifier(ordeal, tmp_path):
    warehouse, _, _ = ordeal
    ring = KeyRing(warehouse.home.keys)
    for zone in ("identifiable", "pseudonymised"):
        connection = duckdb.connect()
        zones.load_encryption(connection)
        zones.attach(connection, zones.zone_path(warehouse.home, zone), "z", ring.key(zone))
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'z'"
        ).fetchall()
        views = connection.execute(
            "select sql from duckdb_views() where database_name = 'z'"
        ).fetchall()
        dump = "\n".join(sql or "" for (sql,) in views)
        for schema, table in tables:
            name = f'z."{schema}"."{table}"'
            connection.execute(f"copy {name} to '{tmp_path / 'dump.csv'}'")
            dump += (tmp_path / "dump.csv").read_text()
        for label, needle in needles_of_keys():
            assert needle.decode() not in dump, f"{label} in {zone}"
        found = {kind for kind, value in IDENTIFIERS.items() if value.lower() in dump.lower()}
        assert (found == set()) if zone == "pseudonymised" else ("nhs_number" in found)
