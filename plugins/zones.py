"""Zones: encrypted DuckDB files, opened with keys as bound parameters, inside a sandbox.

DuckDB has no privileges inside a process, so the file is the boundary: a process that attaches
only the pseudonymised zone cannot read the identifiable one.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import duckdb_extension_httpfs

from plugins.home import PROJECT_ROOT, Home
from plugins.keys import ZONES, Key, KeyRing

READ, WRITE = "read", "write"
# Of the machine's memory, what the engine may hold before it spills; Python and the system need
# room beside it.
_SHARE_OF_MEMORY = 0.6

_LEDGER = """
create table if not exists pseudonymised.governance.release_ledger (
    entry_number bigint, entry_type varchar, agreement_reference varchar,
    agreement_version integer, release_id varchar, as_of_date date, reason varchar,
    file_sha256 varchar, manifest_sha256 varchar, policy_hash varchar, code_version varchar,
    recorded_at timestamp, previous_hash varchar, entry_hash varchar
)"""
_BUILDS = """
create table if not exists pseudonymised.governance.builds (
    invocation_id varchar, started_at timestamp, ended_at timestamp, outcome varchar,
    as_of_date date, accept_test_nhs_numbers boolean, nodes_expected integer,
    nodes_succeeded integer, nodes_failed integer
)"""

# What each release showed of whom, and which cells: the next one must go on from it.
_RELEASED_PERSONS = """
create table if not exists pseudonymised.governance.released_persons (
    agreement_reference varchar, release_id varchar, person_token varchar,
    person_token_type varchar, la_code varchar, class_path varchar, is_shown boolean,
    reference_date date, recoding_step integer, known_level integer, known_side varchar,
    age_band varchar, sex varchar, ethnic_group varchar, area_code varchar,
    primary_support_reason varchar, care_setting varchar, sensitive_value varchar
)"""
# A warehouse made before re-bases were kept has no day of its ages yet.
_RELEASED_ON = """
alter table pseudonymised.governance.released_persons
add column if not exists reference_date date"""
_RELEASED_CELLS = """
create table if not exists pseudonymised.governance.released_cells (
    agreement_reference varchar, release_id varchar, table_name varchar, cell_key varchar,
    measure varchar, value decimal(18, 4), status varchar
)"""

# Rows that left landing at a council's request: they were read, and are there no more.
_ROWS_ERASED = """
create table if not exists identifiable.landing.rows_erased (
    erasure_id varchar, submission_id varchar, row_number bigint
)"""

# On which database servers an agreement's releases stand, under which name; no password.
_PUBLISHED = """
create table if not exists pseudonymised.governance.published_schemas (
    server varchar, agreement_reference varchar, schema_name varchar
)"""

# What the trace keeps from one build to the next, so that only what changed is weighed anew.
_KEPT = {
    "index_fingerprints": "model varchar, fingerprint varchar",
    "trace_code": "fingerprint varchar",
    "trace_answers": "la_code varchar, la_person_unique_identifier varchar, nhs_number varchar, "
    "trace_step varchar, has_close_matches boolean, match_weight double, match_margin double, "
    "candidate_count bigint, scored_count bigint, has_two_numbers boolean, is_superseded boolean, "
    "is_sensitive boolean, has_enough_data boolean, match_probability double, "
    "request_fingerprint varchar",
    "trace_explanations": "request_fingerprint varchar, field varchar, level varchar, "
    "context varchar, weight double, weights_version varchar",
}


def zone_path(home: Home, zone: str) -> Path:
    """Path of a zone's database file."""
    return home.warehouse / f"{zone}.duckdb"


def load_encryption(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the provider of strong encryption; fail closed without it.

    The one place that knows the provider: DuckDB writes encrypted files only with OpenSSL, which
    the httpfs extension carries. Loaded by its path inside the installed package.
    """
    package = Path(duckdb_extension_httpfs.__file__).parent
    extension = package / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    connection.execute("load '{}'".format(str(extension).replace("'", "''")))
    unsafe = connection.execute("select current_setting('force_mbedtls_unsafe')").fetchall()[0][0]
    if unsafe:
        raise RuntimeError("force_mbedtls_unsafe is on: refusing to write with weak randomness.")


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    alias: str,
    key: Key,
    mode: str = READ,
    row_group_size: int | None = None,
) -> None:
    """Attach an encrypted file; the key goes in as a bound parameter, so no log can show it.

    `row_group_size`: of rows written through this attachment, a multiple of 2048.
    """
    options = "encryption_key ?" + (", read_only" if mode == READ else "")
    if row_group_size:
        options += f", row_group_size {row_group_size}"
    location = str(path).replace("'", "''")
    connection.execute(f"attach '{location}' as {alias} ({options})", [key.text])
    encrypted = connection.execute(
        "select encrypted from duckdb_databases() where database_name = ?", [alias]
    ).fetchall()
    if encrypted != [(True,)]:
        raise RuntimeError(f"{alias} is not encrypted: refusing to use it.")


def sandbox(connection: duckdb.DuckDBPyConnection, folders: Iterable[Path]) -> None:
    """Allow file access below `folders` only, and lock the settings for good."""
    allowed = ", ".join("'{}'".format(str(f).replace("'", "''")) for f in folders)
    connection.execute(f"set allowed_directories = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def prepare(
    connection: duckdb.DuckDBPyConnection, home: Home, memory_limit: str | None = None
) -> None:
    """Set what every connection needs: encryption, encrypted temporary files in the data folder.

    `memory_limit` is what the engine holds in memory before it spills, e.g. `5GB`; without it that
    of `ASC_MEMORY_LIMIT`, else a share of the machine's.
    """
    load_encryption(connection)
    temporary = home.warehouse / "temp"
    location = str(temporary).replace("'", "''")
    connection.execute(f"set temp_directory = '{location}'")
    connection.execute("set temp_file_encryption = true")
    connection.execute("set preserve_insertion_order = false")
    limit = memory_limit or os.environ.get("ASC_MEMORY_LIMIT") or _share_of_memory()
    connection.execute("set memory_limit = '{}'".format(limit.replace("'", "''")))


def _share_of_memory() -> str:
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{int(physical * _SHARE_OF_MEMORY / 2**20)}MiB"


def sweep_temporary(home: Home) -> None:
    """Remove what a killed run left in the temporary folder."""
    shutil.rmtree(home.warehouse / "temp", ignore_errors=True)


def attach_zones(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    zones: Mapping[str, str],
    row_group_size: int | None = None,
) -> None:
    """Attach zones (name -> mode) and make sure that their standing tables are there."""
    ring = KeyRing(home.keys)
    ring.require()
    home.warehouse.mkdir(parents=True, exist_ok=True)
    home.warehouse.chmod(0o700)
    for zone in ZONES:
        if zone not in zones:
            continue
        path = zone_path(home, zone)
        if zones[zone] == READ and not path.exists():
            raise FileNotFoundError(f"There is no {zone} zone yet: run `asc land` and `dbt build`.")
        attach(connection, path, zone, ring.key(zone), zones[zone], row_group_size)
    if zones.get("identifiable") == WRITE:
        connection.execute("create schema if not exists identifiable.landing")
        connection.execute(_ROWS_ERASED)
        _prepare_kept(connection)
    if zones.get("pseudonymised") == WRITE:
        connection.execute("create schema if not exists pseudonymised.governance")
        standing = (
            _LEDGER,
            _BUILDS,
            _RELEASED_PERSONS,
            _RELEASED_ON,
            _RELEASED_CELLS,
            _PUBLISHED,
        )
        for table in standing:
            connection.execute(table)


def _prepare_kept(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables in which a build keeps answers; older forms start empty."""
    connection.execute("create schema if not exists identifiable.kept")
    for table, columns in _KEPT.items():
        name = f"identifiable.kept.{table}"
        connection.execute(f"create table if not exists {name} ({columns})")
        found = connection.execute(f"describe {name}").fetchall()
        if ", ".join(f"{row[0]} {row[1].lower()}" for row in found) != columns:
            connection.execute(f"create or replace table {name} ({columns})")


def connect(
    home: Home,
    *,
    folders: Iterable[Path] = (),
    row_group_size: int | None = None,
    threads: int | None = None,
    **zones: str,
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB with zones attached: `connect(home, identifiable="write")`.

    Modes are "read" and "write". `folders` may be read besides the home and the project, e.g. an
    inbox that lies elsewhere. `row_group_size`: see `attach`; `threads`: of the database, all cores
    without it. Errors: `KeyRingError` without keys, `FileNotFoundError` for a
    zone that isn't there, `duckdb.IOException` for one that another process holds or a wrong key.
    """
    connection = duckdb.connect(":memory:")
    prepare(connection, home)
    if threads:
        connection.execute(f"set threads = {threads}")
    attach_zones(connection, home, zones, row_group_size)
    sandbox(connection, [home.root, PROJECT_ROOT, *folders])
    return connection
