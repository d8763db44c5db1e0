"""`asc attack`: open releases with the keys at hand and let the attacker have them.

The attacker's package imports nothing of the pipeline; this is the only place where they meet.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
from tqdm import tqdm

from attack import auxiliary
from attack.holding import Holding, Release
from attack.run import ATTACKS, run
from attack.verdict import FOUND, Verdict
from cli.failures import EXIT_USAGE, CommandFailed
from cli.query import RELEASE_FILE, delivery_keys_for
from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release.folders import all_release_folders

EXIT_FOUND = 6
MANIFEST = "manifest.json"
_SUFFIXES = (".csv", ".parquet", ".pq")


def attack(home: Home, paths: tuple[Path, ...], known: Path | None, quiet: bool) -> list[Verdict]:
    """Attack releases (default: all that stand in the home) and return a verdict for each attack.

    `known` is the intruder's file. Errors: `CommandFailed` (2) for a path without releases or an
    intruder's file of another kind, `KeyRingError` without keys.
    """
    files = release_files(home, paths)
    if known is not None and known.suffix.lower() not in _SUFFIXES:
        raise CommandFailed("The intruder's file must be CSV or parquet.", EXIT_USAGE)
    with opened(home, files, known) as holding:
        bar = partial(tqdm, desc="Attacks", unit="run", disable=quiet)
        return list(run(holding, bar).values())


def release_files(home: Home, paths: tuple[Path, ...]) -> list[Path]:
    """Return the database files of release folders, of folders of them, or the files named."""
    if not paths:
        found = [folder / RELEASE_FILE for _, folder in all_release_folders(home)]
        if not any(file.is_file() for file in found):
            raise CommandFailed("There are no releases: run `asc release`.", EXIT_USAGE)
        return [file for file in found if file.is_file()]
    listed: list[Path] = []
    for path in paths:
        bases = (Path.cwd(), home.root, home.releases)
        there = next((base / path for base in bases if (base / path).exists()), None)
        found = (
            []
            if there is None
            else [there]
            if there.is_file()
            else [f for f in sorted(there.rglob(RELEASE_FILE)) if not _is_unfinished(f)]
        )
        if not found:
            raise CommandFailed(f"{path} holds no release.", EXIT_USAGE)
        listed += [file.resolve() for file in found]
    return list(dict.fromkeys(listed))


def _is_unfinished(file: Path) -> bool:
    return file.parent.name.startswith(".")


@contextmanager
def opened(home: Home, files: list[Path], known: Path | None) -> Iterator[Holding]:
    """Open release files, each with its own key, in one connection that can read nothing else.

    The attacker's working folder (uncompressed copies, one at a time) is private and removed.
    """
    home.warehouse.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="attack-", dir=home.warehouse))
    connection = duckdb.connect(":memory:")
    try:
        zones.prepare(connection, home)
        # Bytes of a compressed copy would show no text.
        connection.execute("set force_compression = 'uncompressed'")
        auxiliary_table = auxiliary.load(connection, str(known)) if known else None
        releases = [
            _open(connection, home, file, f"release_{number}") for number, file in enumerate(files)
        ]
        zones.sandbox(connection, [scratch])
        yield Holding(connection, releases, auxiliary_table, scratch)
    finally:
        connection.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _open(connection: duckdb.DuckDBPyConnection, home: Home, file: Path, alias: str) -> Release:
    manifest = {}
    if (file.parent / MANIFEST).is_file():
        try:
            manifest = json.loads((file.parent / MANIFEST).read_text(encoding="utf-8"))
        except ValueError:
            raise CommandFailed(f"The manifest beside {file.name} cannot be read.") from None
    label = f"{file.parent.parent.name}/{file.parent.name}"
    location = str(file).replace("'", "''")
    try:
        # A file that was never encrypted is attacked as it is, down to its bytes.
        connection.execute(f"attach '{location}' as {alias} (read_only)")
    except duckdb.Error:
        if _attached(connection, home, file, alias):
            return Release(alias, label, manifest)
        raise CommandFailed(f"{label} cannot be opened with the keys at hand.") from None
    return Release(alias, label, manifest, file)


def _attached(connection: duckdb.DuckDBPyConnection, home: Home, file: Path, alias: str) -> bool:
    for key in delivery_keys_for(KeyRing(home.keys), file):
        try:
            zones.attach(connection, file, alias, key)
        except duckdb.Error:
            continue
        return True
    return False


def as_document(verdicts: list[Verdict]) -> dict:
    """Return the report as one dictionary."""
    sentences = {one.id: one for one in ATTACKS}
    found = [verdict.attack for verdict in verdicts if verdict.outcome == FOUND]
    return {
        "exit_code": EXIT_FOUND if found else 0,
        "succeeded": found,
        "attacks": [
            verdict.to_dict()
            | {
                "sentence": sentences[verdict.attack].sentence,
                "over": sentences[verdict.attack].scope,
            }
            for verdict in verdicts
        ],
    }


def as_lines(verdicts: list[Verdict]) -> Iterator[tuple[str, bool]]:
    """Yield (line, whether it tells of a success) for people."""
    sentences = {one.id: one.sentence for one in ATTACKS}
    for verdict in verdicts:
        succeeded = verdict.outcome == FOUND
        looked = ", ".join(f"{n:,} {what}" for what, n in verdict.examined.items() if n)
        yield f"{verdict.outcome:<18}  {verdict.attack}: {sentences[verdict.attack]}", succeeded
        if looked:
            yield f"{'':<20}examined {len(verdict.releases)} releases: {looked}", False
        for where, count in verdict.found.items():
            yield f"{'':<20}found: {where}: {count:,}", True
        for where, count in verdict.notes.items():
            yield f"{'':<20}note:  {where}: {count:,}", False
