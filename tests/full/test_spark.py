"""The same models on Apache Spark: every product as DuckDB has it, row for row; no log tells.

Needs `make setup-spark` and Java 17; skipped without them.
"""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from built_warehouse import EARLIER, TEST_NUMBERS, Warehouse
from test_canary import IDENTIFIERS, needles_of_keys, plant_keys, plant_workbook

from plugins.home import PROJECT_ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="needs `make setup-spark` and Java 17",
)
SETTINGS = "server_side_parameters"


def on_spark(warehouse: Warehouse, *words: str, profiles: Path | None = None, **more: str):
    """Hand the sources on, then run dbt on Spark; return what both said."""
    environment = os.environ | {"ASC_HOME": str(warehouse.root), "PYTHONPATH": str(PROJECT_ROOT)}
    environment |= {"DBT_PROFILES_DIR": str(profiles or PROJECT_ROOT / "profiles")} | more
    environment.pop("ASC_KEYS", None)
    where = [
        "--target-path",
        warehouse.root / "target_spark",
        "--log-path",
        warehouse.root / "logs",
    ]
    for command in (
        ["plugins.spark_sources"],
        ["plugins.spark", "--no-use-colors", *words, *where, "--vars", TEST_NUMBERS],
    ):
        said = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=more.get("PWD", PROJECT_ROOT),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    return said


# ---------------------------------------------------------------- products


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Warehouse:
    """A warehouse with a release behind it, built by DuckDB and from the same sources by Spark."""
    warehouse = Warehouse(tmp_path_factory.mktemp("both"))
    warehouse.run("asc", "keys", "init", "--quiet")
    size = ("--persons", "1500", "--months", "3", "--seed", "99")
    warehouse.run("asc", "sample", *size, "--quiet")
    warehouse.run("asc", "land", "--quiet")
    as_of = f"{{accept_test_nhs_numbers: true, as_of_date: '{EARLIER}'}}"
    no_units = ("--exclude-resource-type", "unit_test")
    warehouse.dbt("build", *no_units, variables=as_of)
    warehouse.run("asc", "release", "--as-of", EARLIER, "--quiet")
    warehouse.dbt("build", *no_units)
    said = on_spark(warehouse, "build", *no_units)
    assert said.returncode == 0, said.stdout[-3000:]
    return warehouse


def products(warehouse: Warehouse) -> list[tuple[str, str]]:
    with warehouse.connect(pseudonymised="read") as connection:
        return connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'pseudonymised' and schema_name = 'marts' order by all"
        ).fetchall()


def differing(warehouse: Warehouse, schema: str, table: str) -> tuple[int, int, int]:
    """Rows that both have, only DuckDB has, only Spark has; the same row twice counts twice."""
    files = warehouse.root / "spark" / "pseudonymised" / schema / table / "*.parquet"
    with warehouse.connect(pseudonymised="read") as connection:
        kinds = connection.execute(f"describe pseudonymised.{schema}.{table}").fetchall()
        columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind, *_ in kinds)
        connection.execute(
            f"create temp table spark as select {columns} from read_parquet('{files}')"
        )
        duck = f"select * from pseudonymised.{schema}.{table}"
        return connection.execute(
            f"select (select count(*) from ({duck})), "
            f"(select count(*) from ({duck} except all select * from spark)), "
            f"(select count(*) from (select * from spark except all {duck}))"
        ).fetchone()


def test_every_product_is_row_for_row_as_duckdb_has_it(both):
    tables = products(both)
    assert len(tables) > 10
    found = {table: differing(both, schema, table) for schema, table in tables}
    assert {table: d for table, d in found.items() if d[1:] != (0, 0)} == {}
    assert sum(rows > 0 for rows, _, _ in found.values()) > 10


def test_what_a_comparison_would_miss_it_finds(both, tmp_path):
    """One row of one product taken from Spark's side is told."""
    spoilt = both.copy(tmp_path / "spoilt")
    folder = spoilt.root / "spark" / "pseudonymised" / "marts" / "linked_persons"
    with spoilt.connect(pseudonymised="read") as connection:
        rows = connection.execute(f"from read_parquet('{folder}/*.parquet')").to_arrow_table()
        connection.register("rows", rows.slice(1))
        for file in folder.glob("*.parquet"):
            file.unlink()
        connection.execute(f"copy rows to '{folder}/part-0.parquet' (format parquet)")
    assert differing(spoilt, "marts", "linked_persons")[1:] == (1, 0)


def test_each_zone_lies_in_a_folder_of_its_own_that_others_cannot_enter(both):
    folder = both.root / "spark"
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in folder.iterdir() if path.is_dir()} >= {
        "identifiable",
        "pseudonymised",
    }
    assert not (folder / "pseudonymised" / "landing").exists()
    assert (folder / "identifiable" / "landing").exists()


# ---------------------------------------------------------------- what Spark says of itself


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def read_pages(port: int, pages: dict[str, bytes], ended: threading.Event) -> None:
    """Keep every page of Spark's own site, again and again until the build has ended."""
    base = f"http://127.0.0.1:{port}"
    while not ended.is_set():
        waiting, seen = ["/jobs/", "/stages/", "/storage/", "/environment/", "/SQL/"], set()
        waiting += ["/executors/", "/api/v1/applications"]
        while waiting and not ended.is_set():
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            try:
                with urllib.request.urlopen(base + path, timeout=20) as answer:  # noqa: S310
                    content = answer.read()
            except (OSError, urllib.error.HTTPError):
                continue
            pages[path] = pages.get(path, b"") + content
            links = re.findall(rb'href="(/(?:SQL|jobs|stages)/[^"#]*id=\d+[^"#]*)"', content)
            waiting += [
                p for link in links if (p := link.decode().replace("&amp;", "&")) not in pages
            ]
            for application in re.findall(rb'"id" : "([\w-]+)"', content)[:1]:
                if path == "/api/v1/applications":
                    name = application.decode()
                    waiting += [
                        f"{path}/{name}/sql?details=true&planDescription=true&length=100000",
                        f"{path}/{name}/stages",
                        f"{path}/{name}/environment",
                    ]
        ended.wait(20)  # each page costs Spark as much as a small model


@pytest.fixture(scope="module")
def ordeal(tmp_path_factory):
    """Build with planted values, a failing cast and a failing test; return all that Spark wrote."""
    warehouse = Warehouse(tmp_path_factory.mktemp("canary_spark"))
    plant_keys(warehouse.root / "keys")
    warehouse.run("asc", "sample", "--persons", "150", "--months", "1", "--quiet")
    inbox = warehouse.home.inbox / "submissions" / "316"
    plant_workbook(inbox / "zquanary.xlsx")
    warehouse.run("asc", "land", "--quiet")
    events = warehouse.root / "events"
    events.mkdir()
    port = free_port()
    profiles = warehouse.root / "profiles"
    shutil.copytree(PROJECT_ROOT / "profiles", profiles)
    profile = yaml.safe_load((profiles / "profiles.yml").read_text())
    profile["asc_warehouse"]["outputs"]["spark"][SETTINGS] |= {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",  # to be searched as it is
        "spark.eventLog.dir": f"file://{events}",
        "spark.ui.enabled": "true",
        "spark.ui.port": str(port),
        "spark.ui.retainedJobs": "100000",
        "spark.sql.ui.retainedExecutions": "100000",
    }
    (profiles / "profiles.yml").write_text(yaml.safe_dump(profile))
    project = warehouse.root / "project"
    for name in ("models", "macros", "seeds", "functions", "docs/dbt", "tests/generic"):
        shutil.copytree(PROJECT_ROOT / name, project / name)
    shutil.copytree(PROJECT_ROOT / "tests" / "singular", project / "tests" / "singular")
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    (project / "models/intermediate/identifiable/tracing/int_canary_cast.sql").write_text(
        "select cast(la_person_unique_identifier || nhs_number as integer) as broken,\n"
        "  assert_true(nhs_number is null, 'planted') as stopped\n"
        "from {{ ref('stg_submissions__rows') }}\n"
    )
    pages: dict[str, bytes] = {}
    ended = threading.Event()
    reader = threading.Thread(target=read_pages, args=(port, pages, ended))
    reader.start()
    try:
        said = on_spark(
            warehouse, "--debug", "build", "--exclude-resource-type", "unit_test", "--select",
            "+int_tokens_assigned", "int_canary_cast", profiles=profiles, PWD=str(project),
        )  # fmt: skip
    finally:
        ended.set()
        reader.join()
    return warehouse, said, pages, events


def planted_in(content: bytes) -> set[str]:
    """Which planted identifiers and keys stand in a text."""
    lowered = content.lower()
    found = {kind for kind, value in IDENTIFIERS.items() if value.lower().encode() in lowered}
    return found | {label for label, needle in needles_of_keys() if needle in content}


def test_the_build_reached_the_tokens_and_broke_where_it_was_meant_to(ordeal):
    warehouse, said, _, _ = ordeal
    assert "ERROR creating sql table model identifiable_intermediate.int_canary_cast" in said.stdout
    assert "OK created sql table model identifiable_intermediate.int_tokens_assigned" in said.stdout
    landed = warehouse.root / "spark" / "identifiable" / "landing" / "submission_rows"
    with warehouse.connect() as connection:
        rows = f"read_parquet('{landed}/*.parquet')"
        planted = f"select count(*) from {rows} where nhs_number = '{IDENTIFIERS['nhs_number']}'"
        assert connection.execute(planted).fetchone()[0] > 0


def test_the_event_log_holds_no_key_and_no_identifier(ordeal):
    _, _, _, events = ordeal
    files = [path for path in events.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert content.count(b"SparkListenerSQLExecutionStart") > 50
    assert b"keyed_hash" in content
    assert planted_in(content) == set()


def test_the_pages_of_spark_hold_no_key_and_no_identifier(ordeal):
    _, _, pages, _ = ordeal
    assert sum("/SQL/execution/" in path for path in pages) > 20
    assert any(b"keyed_hash" in content for content in pages.values())
    assert {path: p for path, content in pages.items() if (p := planted_in(content))} == {}


def test_what_is_said_and_logged_holds_no_key_and_no_identifier(ordeal):
    warehouse, said, _, _ = ordeal
    texts = [said.stdout, said.stderr]
    written = [warehouse.root / "logs", warehouse.root / "target_spark"]
    files = [path for folder in written for path in folder.rglob("*") if path.is_file()]
    files += [path for path in (warehouse.root / "spark").glob("*") if path.is_file()]
    assert len(files) > 100
    found = [planted_in(text.encode()) for text in texts]
    found += [planted_in(path.read_bytes()) for path in files]
    assert set().union(*found) == set()
