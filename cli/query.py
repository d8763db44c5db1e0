"""`asc sql`: one reading statement on a zone or a release file, in a sandbox without any folder."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from cli.failures import EXIT_USAGE, CommandFailed
from cli.render import WRITERS
from plugins import zones
from plugins.home import Home
from plugins.keys import ZONES, Key, KeyRing

RELEASE_FILE = "marts.duckdb"
ALIAS = "marts"
_BATCH = 5_000
_EXPLAIN = re.compile(r"\s*explain\s+(analyze\s+)?(\([^)]*\)\s*)?", re.IGNORECASE)
_ONE_READ = "Only one statement that reads is taken: select, with, from, describe, show, explain."


def write_query(home: Home, zone_or_file: str, statement: str, form: str) -> None:
    """Run a statement and write its result to stdout as `table`, `csv` or `json`.

    Errors: `CommandFailed` (2) for a statement that does not read or a name that is neither zone
    nor file, `KeyRingError` without a key, `duckdb.Error`.
    """
    require_reading(statement)
    with open_for_reading(home, zone_or_file) as connection:
        result = connection.execute(statement)
        names = [column[0] for column in result.description]
        WRITERS[form](names, _rows(result), sys.stdout)


def require_reading(statement: str) -> None:
    """Raise `CommandFailed` unless the text is exactly one statement that reads."""
    with duckdb.connect(":memory:") as parser:
        found = parser.extract_statements(statement)
        if len(found) == 1 and found[0].type == duckdb.StatementType.EXPLAIN:
            # Guards against `explain analyze copy …`, which would run the copy.
            found = parser.extract_statements(_EXPLAIN.sub("", statement, count=1))
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        raise CommandFailed(_ONE_READ, EXIT_USAGE)


def open_for_reading(home: Home, zone_or_file: str) -> duckdb.DuckDBPyConnection:
    """Open a zone (its name) or a release (folder or file) read-only and alone, and `use` it."""
    connection = duckdb.connect(":memory:")
    try:
        zones.prepare(connection, home)
        if zone_or_file in ZONES:
            zones.attach_zones(connection, home, {zone_or_file: zones.READ})
            connection.execute(f"use {zone_or_file}")
        else:
            _attach_release(connection, home, _release_file(home, zone_or_file))
            connection.execute(f"use {ALIAS}")
        zones.sandbox(connection, [])
    except BaseException:
        connection.close()
        raise
    return connection


def _release_file(home: Home, name: str) -> Path:
    for base in (Path.cwd(), home.root, home.releases):
        path = base / name
        path = path / RELEASE_FILE if path.is_dir() else path
        if path.is_file():
            return path.resolve()
    raise CommandFailed(f"{name} is neither a zone ({', '.join(ZONES)}) nor a release.", EXIT_USAGE)


def _attach_release(connection: duckdb.DuckDBPyConnection, home: Home, path: Path) -> None:
    tried = 0
    for key in delivery_keys_for(KeyRing(home.keys), path):
        tried += 1
        try:
            zones.attach(connection, path, ALIAS, key)
        except duckdb.InvalidInputException:
            continue
        return
    why = "No key at hand opens it" if tried else "There is no delivery key for it"
    raise CommandFailed(f"{path.name} cannot be opened: {why}.")


def delivery_keys_for(ring: KeyRing, path: Path) -> Iterator[Key]:
    """Yield the delivery keys that may fit: the manifest's first, then the folder's."""
    named, versions = f"delivery-{path.parent.parent.name}", []
    try:
        manifest = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
        name, _, version = str(manifest["delivery_key_id"]).rpartition(".v")
        versions = [(name, int(version))]
    except (OSError, ValueError, TypeError, KeyError):
        pass
    names = dict.fromkeys([name for name, _ in versions] + [named])
    versions += [(name, version) for name in names for version in reversed(ring.versions(name))]
    for name, version in dict.fromkeys(versions):
        if name.startswith("delivery-") and version in ring.versions(name):
            yield ring.key(name, version)


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    while batch := result.fetchmany(_BATCH):
        yield from batch
