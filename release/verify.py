"""`asc verify`: proves that ledger, anchor, manifests, releases and zone files are as recorded.

Nothing is written. Whatever cannot be read is a mismatch with a sentence, never a traceback.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from plugins import zones
from plugins.errors import without_values
from plugins.home import Home
from plugins.keys import ZONES, KeyRingError
from release import folders, ledger
from release.catalogue import ZONE, identifier, literal, tables
from release.verify_release import check_files

EXIT_MISMATCH = 5
_LOCKED = "Could not set lock"
_HEADERS_BYTES = 3 * 4096
_LEDGER = "governance.release_ledger"


_AGAIN = {"withdrawn": "asc withdraw", "expired": "asc expire", "reissued": "asc reissue"}


@dataclass(frozen=True)
class Mismatch:
    """One thing that is not as recorded; `path` is relative to ASC_HOME."""

    path: str
    what: str


@dataclass
class Verification:
    """The outcome. `notes` are remarks that break nothing; `checked` counts what was looked at."""

    mismatches: list[Mismatch] = field(default_factory=list)
    notes: list[Mismatch] = field(default_factory=list)
    checked: Counter = field(default_factory=Counter)

    @property
    def exit_code(self) -> int:
        """0, or 5 on any mismatch."""
        return EXIT_MISMATCH if self.mismatches else 0

    def to_dict(self) -> dict:
        """Return the outcome as plain data, for `--json`."""
        return {
            "mismatches": [asdict(mismatch) for mismatch in self.mismatches],
            "notes": [asdict(note) for note in self.notes],
            "checked": dict(self.checked),
            "exit_code": self.exit_code,
        }


def verify(home: Home, path: Path | None = None) -> Verification:
    """Check everything, or the ledger and the one release that `path` (folder or file) names.

    Errors: `KeyRingError` when there are no keys at all; `duckdb.IOException` when another process
    holds a zone file.
    """
    outcome = Verification()
    listed = {zone: _check_zone(home, zone, outcome) for zone in ZONES}[ZONE]
    if listed is not None:
        _check_ledger(home, listed, outcome)
    wanted = None if path is None else _release_of(home, path)
    if path is not None and wanted is None:
        outcome.mismatches.append(Mismatch(str(path), "is no release folder of this warehouse"))
        return outcome
    _check_releases(home, listed, wanted, outcome)
    return outcome


def _check_zone(home: Home, zone: str, outcome: Verification) -> list[dict] | None:
    """Open a zone; return the ledger that it holds, None where it holds none or cannot be read."""
    file = zones.zone_path(home, zone)
    name = home.relative(file)
    outcome.checked["zones"] += 1
    if not file.is_file():
        outcome.mismatches.append(Mismatch(name, "zone file is missing"))
        return None
    try:
        with zones.connect(home, **{zone: zones.READ}) as connection:
            if file.stat().st_size < _bytes_needed(connection, zone):
                outcome.mismatches.append(Mismatch(name, "zone file is cut short"))
                return None
            return _read_ledger(connection, outcome, name) if zone == ZONE else None
    except (duckdb.Error, RuntimeError) as error:
        if _LOCKED in str(error):
            raise
        what = f"zone file cannot be opened ({without_values(error)})"
    except KeyRingError as error:
        what = f"zone file cannot be opened: {error}"
    outcome.mismatches.append(Mismatch(name, what))
    return None


def _bytes_needed(connection: duckdb.DuckDBPyConnection, zone: str) -> int:
    """Return the size that a zone file must have to hold the last block that a table points to.

    Opening reads the catalogue only, so a file cut off behind it would pass otherwise.
    """
    size = connection.execute(
        "select block_size from pragma_database_size() where database_name = ?", [zone]
    ).fetchall()[0][0]
    listed = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = ?", [zone]
    ).fetchall()
    last = -1
    for schema, table in listed:
        name = ".".join(identifier(part) for part in (zone, schema, table))
        found = connection.execute(
            "select coalesce(max(greatest(block_id, list_max(additional_block_ids))), -1) "
            f"from pragma_storage_info({literal(name)})"
        ).fetchall()
        last = max(last, found[0][0])
    return _HEADERS_BYTES + (last + 1) * size


def _read_ledger(
    connection: duckdb.DuckDBPyConnection, outcome: Verification, name: str
) -> list[dict] | None:
    what = "the ledger is missing"
    if "release_ledger" in tables(connection, ZONE, "governance"):
        try:
            return ledger.entries(connection)
        except duckdb.Error as error:
            what = f"the ledger cannot be read ({without_values(error)})"
    outcome.mismatches.append(Mismatch(f"{name}: {_LEDGER}", what))
    return None


def _check_ledger(home: Home, listed: list[dict], outcome: Verification) -> None:
    place = f"{home.relative(zones.zone_path(home, ZONE))}: {_LEDGER}"
    outcome.checked["ledger_entries"] = len(listed)
    for fault in ledger.chain_faults(listed):
        outcome.mismatches.append(Mismatch(place, fault))
    anchor = home.relative(ledger.head_path(home))
    try:
        head = ledger.read_head(home)
    except ledger.LedgerError:
        outcome.mismatches.append(Mismatch(anchor, "the anchor cannot be read"))
        return
    if head is None:
        if listed:
            outcome.mismatches.append(Mismatch(anchor, "the anchor is missing"))
        return
    fault = ledger.head_fault(listed, head)
    if fault:
        outcome.mismatches.append(Mismatch(anchor, fault))
    elif head["entry_number"] < len(listed):
        what = "the anchor lags behind the ledger; the next entry moves it"
        outcome.notes.append(Mismatch(anchor, what))


def _release_of(home: Home, path: Path) -> tuple[str, str] | None:
    """Return (reference, release id) of a path in or below a release folder, or None."""
    for base in (Path.cwd(), home.root, home.releases):
        try:
            parts = (base / path).resolve().relative_to(home.releases.resolve()).parts
        except ValueError:
            continue
        if len(parts) >= 2:
            return parts[0], parts[1]
    return None


def _check_releases(
    home: Home,
    listed: list[dict] | None,
    wanted: tuple[str, str] | None,
    outcome: Verification,
) -> None:
    recorded = {
        (entry["agreement_reference"], entry["release_id"]): entry
        for entry in listed or []
        if entry["entry_type"] == "released"
    }
    ended = ledger.endings(listed or [])
    on_disk = {(reference, folder.name) for reference, folder in folders.all_release_folders(home)}
    looked_at = {wanted} if wanted else set(recorded) | on_disk
    for release in sorted(looked_at, key=lambda pair: tuple(str(part) for part in pair)):
        folder = folders.release_folder(home, *release)
        entry = recorded.get(release)
        if release in recorded and release in ended:
            if folder.exists():
                again = _AGAIN[ended[release]]
                what = f"was {ended[release]}, yet its files are still there: run `{again}` again"
                outcome.mismatches.append(Mismatch(home.relative(folder), what))
            continue
        if release not in recorded and listed is not None:
            what = "has no entry in the ledger"
            outcome.mismatches.append(Mismatch(home.relative(folder), what))
            if not folder.is_dir():
                continue
        outcome.checked["releases"] += 1
        for file, what in check_files(home, folder, entry):
            outcome.mismatches.append(Mismatch(home.relative(file), what))
    for _, folder in folders.unfinished_folders(home):
        what = "is left from a run that was stopped; the next `asc release` clears it"
        outcome.notes.append(Mismatch(home.relative(folder), what))
