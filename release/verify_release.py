"""One release against its ledger entry and its manifest: files, hashes, and every table's rows."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from plugins import zones
from plugins.errors import without_values
from plugins.home import Home
from plugins.keys import Key, KeyRing, KeyRingError
from release import manifest, package, proven
from release.catalogue import tables
from release.digests import file_sha256, table_digest

_ALIAS = "release_file"
Finding = tuple[Path, str]


def check_files(home: Home, folder: Path, entry: dict | None) -> Iterator[Finding]:
    """Yield (path, what is wrong) for one release folder; nothing when all is as recorded.

    `entry` is the `released` entry of the ledger; None when it could not be read, then the manifest
    alone is held against the file.
    """
    if not folder.is_dir():
        yield folder, "release is missing"
        return
    file, described = folder / package.FILE_NAME, folder / manifest.FILE_NAME
    lineage = folder / proven.FILE_NAME
    for path in sorted(folder.rglob("*")):
        if path not in (file, described, lineage):
            yield path, "does not belong to the release"
    content = None
    try:
        content = _read_manifest(described)
        if entry and file_sha256(described) != entry["manifest_sha256"]:
            yield described, "manifest differs from its hash in the ledger (manifest_sha256)"
        if entry and content.get("ledger_hash") != entry["previous_hash"]:
            yield described, "ledger_hash is not the hash of the ledger entry before the release's"
    except FileNotFoundError:
        yield described, "manifest is missing"
    except (OSError, ValueError):
        yield described, "manifest cannot be read"
    if content is not None:
        yield from _check_lineage(lineage, content.get("lineage_sha256"))
    if not file.is_file():
        yield file, "release file is missing"
        return
    try:
        found = file_sha256(file)
    except OSError:
        yield file, "release file cannot be read"
        return
    expected = entry["file_sha256"] if entry else None
    if expected and found != expected:
        yield file, "release file differs from its hash in the ledger (file_sha256)"
    if content is None:
        return
    if content.get("file_sha256") != found:
        yield file, "release file differs from its hash in the manifest (file_sha256)"
        return
    yield from _check_tables(home, file, folder.parent.name, content)


def _check_lineage(path: Path, expected: str | None) -> Iterator[Finding]:
    """Yield what is wrong with the proof of lineage. Releases made before it was have none."""
    if path.is_file() != (expected is not None):
        yield path, "proof of lineage is missing" if expected else "does not belong to the release"
    elif expected and file_sha256(path) != expected:
        yield path, "proof of lineage differs from its hash in the manifest (lineage_sha256)"


def _read_manifest(path: Path) -> dict:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    return content


def delivery_key(home: Home, reference: str, content: dict) -> Key:
    """Return the key that a manifest says its file was encrypted with."""
    name, _, version = str(content.get("delivery_key_id")).rpartition(".v")
    if name != f"delivery-{reference}" or not version.isdigit():
        raise KeyRingError("delivery_key_id is not a key of this agreement")
    return KeyRing(home.keys).key(name, int(version))


def _check_tables(home: Home, file: Path, reference: str, content: dict) -> Iterator[Finding]:
    listed = content.get("products")
    if not isinstance(listed, dict):
        yield file.with_name(manifest.FILE_NAME), "manifest lists no products"
        return
    try:
        key = delivery_key(home, reference, content)
        with duckdb.connect(":memory:") as connection:
            zones.prepare(connection, home)
            zones.attach(connection, file, _ALIAS, key)
            zones.sandbox(connection, [])
            there = tables(connection, _ALIAS, "main")
            for table in sorted(set(listed) - set(there)):
                yield file, f"table {table} is missing"
            for table in there:
                if table not in listed:
                    yield file, f"table {table} is not in the manifest"
                    continue
                rows, sha256 = table_digest(connection, _ALIAS, "main", table)
                promised = listed[table] if isinstance(listed[table], dict) else {}
                if rows != promised.get("rows"):
                    yield file, f"table {table} has {rows} rows, the manifest says otherwise"
                if sha256 != promised.get("sha256"):
                    yield file, f"table {table} differs from its hash in the manifest"
    except KeyRingError as error:
        yield file, f"its tables cannot be checked: {error}"
    except (duckdb.Error, RuntimeError) as error:
        yield file, f"release file cannot be opened ({without_values(error)})"
