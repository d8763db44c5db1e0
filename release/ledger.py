"""The release ledger: append-only, hash-chained, with an anchor outside the database.

Every entry's `entry_hash` is the SHA-256 of the canonical JSON of its other columns, the previous
entry's hash among them, so no entry can be changed or taken out unnoticed. The anchor,
`releases/ledger_head.json`, holds number and hash of the last entry, so that a ledger cut short or
replaced is noticed too.
"""

import hashlib
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from plugins.home import Home
from release.catalogue import records

TABLE = "pseudonymised.governance.release_ledger"
FIRST_PREVIOUS_HASH = "0" * 64
# Entries after which a release counts no more: its files are gone.
ENDINGS = ("withdrawn", "expired", "reissued")
# Records left the warehouse at a council's request: what was built before holds them still.
ERASED = "erased"
COLUMNS = (
    "entry_number",
    "entry_type",
    "agreement_reference",
    "agreement_version",
    "release_id",
    "as_of_date",
    "reason",
    "file_sha256",
    "manifest_sha256",
    "policy_hash",
    "code_version",
    "recorded_at",
    "previous_hash",
    "entry_hash",
)


class LedgerError(Exception):
    """The ledger or its anchor does not hold together: nothing is added to it."""


def head_path(home: Home) -> Path:
    """Path of the anchor."""
    return home.releases / "ledger_head.json"


def entries(connection: duckdb.DuckDBPyConnection) -> list[dict]:
    """Return all entries, lowest number first, as dictionaries of `COLUMNS`."""
    names = ", ".join(COLUMNS)
    return records(connection, f"select {names} from {TABLE} order by entry_number, entry_hash")


def hash_of(entry: dict) -> str:
    """Return the hash an entry must carry: over every column but `entry_hash`.

    Canonical JSON: keys sorted, no blanks, UTF-8, dates and times in ISO 8601, null for nothing.
    """
    content = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in entry.items()
        if name != "entry_hash"
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def chain_faults(listed: list[dict]) -> list[str]:
    """Return what is wrong with the chain, one phrase per entry; [] when it holds."""
    faults, previous = [], FIRST_PREVIOUS_HASH
    for expected, entry in enumerate(listed, start=1):
        name = f"entry {entry['entry_number']}"
        if entry["entry_number"] != expected:
            faults.append(f"{name} stands where entry {expected} should")
        if entry["previous_hash"] != previous:
            faults.append(f"{name} does not follow from the entry before it")
        if hash_of(entry) != entry["entry_hash"]:
            faults.append(f"{name} was changed after it was recorded")
        previous = entry["entry_hash"]
    return faults


def read_head(home: Home) -> dict | None:
    """Return the anchor {entry_number, entry_hash}, or None; `LedgerError` when unreadable."""
    path = head_path(home)
    if not path.exists():
        return None
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
        return {"entry_number": int(head["entry_number"]), "entry_hash": str(head["entry_hash"])}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LedgerError(f"{home.relative(path)} cannot be read") from error


def head_fault(listed: list[dict], head: dict | None) -> str | None:
    """Say what is wrong between ledger and anchor; None when they agree or the anchor merely lags.

    A run killed between the commit and the anchor leaves an anchor that lags; one missing
    altogether is explained that way only while there is at most one entry.
    """
    if head is None:
        return "the anchor is missing" if len(listed) > 1 else None
    number = head["entry_number"]
    if number > len(listed):
        return f"entries are gone: the ledger ends at entry {len(listed)}, the anchor at {number}"
    if number < 1 or listed[number - 1]["entry_hash"] != head["entry_hash"]:
        return f"the anchor's hash is not that of entry {number}"
    return None


def require_sound(connection: duckdb.DuckDBPyConnection, home: Home) -> list[dict]:
    """Return the entries; raise `LedgerError` when chain or anchor is broken."""
    listed = entries(connection)
    fault = next(iter(chain_faults(listed)), None) or head_fault(listed, read_head(home))
    if fault:
        raise LedgerError(f"The release ledger does not hold together ({fault}): run `asc verify`.")
    return listed


def append(connection: duckdb.DuckDBPyConnection, home: Home, entry_type: str, **values) -> dict:
    """Add one entry, commit it, then move the anchor; return the entry.

    `values` are columns of the ledger; those left out are null. Errors: `LedgerError` when chain or
    anchor is broken, before anything is written; `KeyError` for a column that the ledger lacks.
    """
    if unknown := set(values) - set(COLUMNS):
        raise KeyError(f"not columns of the ledger: {sorted(unknown)}")
    listed = require_sound(connection, home)
    entry = dict.fromkeys(COLUMNS) | values
    entry["entry_type"] = entry_type
    entry["entry_number"] = len(listed) + 1
    entry["recorded_at"] = datetime.now(UTC).replace(tzinfo=None)
    entry["previous_hash"] = listed[-1]["entry_hash"] if listed else FIRST_PREVIOUS_HASH
    entry["entry_hash"] = hash_of(entry)
    marks = ", ".join("?" for _ in COLUMNS)
    connection.execute(
        f"insert into {TABLE} ({', '.join(COLUMNS)}) values ({marks})",
        [entry[name] for name in COLUMNS],
    )
    write_head(home, entry)
    return entry


def write_head(home: Home, entry: dict) -> None:
    """Replace the anchor in one step, so that a kill leaves the old one or the new one."""
    home.releases.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = head_path(home)
    temporary = path.with_name(path.name + ".new")
    head = {"entry_number": entry["entry_number"], "entry_hash": entry["entry_hash"]}
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(head, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def live_releases(listed: list[dict]) -> list[dict]:
    """Return the `released` entries that no later entry ends, oldest first."""
    gone = endings(listed)
    return [
        entry
        for entry in listed
        if entry["entry_type"] == "released"
        and (entry["agreement_reference"], entry["release_id"]) not in gone
    ]


def endings(listed: list[dict]) -> dict[tuple[str, str], str]:
    """Return how each release ended that did: (agreement reference, release id) to entry type."""
    return {
        (entry["agreement_reference"], entry["release_id"]): entry["entry_type"]
        for entry in listed
        if entry["entry_type"] in ENDINGS and entry["release_id"]
    }


def end_release(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    entry_type: str,
    released: dict,
    reason: str,
    code_version: str,
) -> dict:
    """Record that a release ended; `released` is its own entry, whose hashes are repeated."""
    kept = ("agreement_reference", "agreement_version", "release_id", "as_of_date")
    kept += ("file_sha256", "manifest_sha256", "policy_hash")
    values = {name: released[name] for name in kept}
    return append(connection, home, entry_type, reason=reason, code_version=code_version, **values)


def last_erasure(listed: list[dict]) -> datetime | None:
    """Return when records were last erased, in UTC, or None."""
    moments = [entry["recorded_at"] for entry in listed if entry["entry_type"] == ERASED]
    return max(moments, default=None)


def withdrawn_version(listed: list[dict], reference: str) -> int | None:
    """Return the highest version of an agreement that was withdrawn, or None."""
    versions = [
        entry["agreement_version"] or 0
        for entry in listed
        if entry["entry_type"] == "withdrawn" and entry["agreement_reference"] == reference
    ]
    return max(versions, default=None)
