"""`asc expire`: what has passed its last day goes: files, and schemas and sessions on servers.

`asc release` does the part about files first of all; run `asc expire` every night for the rest.
"""

from dataclasses import asdict, dataclass
from datetime import date

import duckdb

from plugins import zones
from plugins.home import Home
from release import folders, gate, ledger, manifest
from release.agreements import Agreement, read_register, register_built, version_to_judge


@dataclass(frozen=True)
class Expired:
    """One agreement whose releases ended: their ids, and folders removed (relative to ASC_HOME)."""

    agreement_reference: str
    reason: str
    releases: list[str]
    removed: list[str]

    def to_dict(self) -> dict:
        """Return the record as plain data, for `--json`."""
        return asdict(self)


def expire(home: Home, today: date | None = None) -> list[Expired]:
    """End the releases of agreements that are over; safe to repeat.

    Errors: `LedgerError`, `FileNotFoundError` without a pseudonymised zone.
    """
    if not zones.zone_path(home, "pseudonymised").exists():
        raise FileNotFoundError(gate.NO_ZONE)
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        ledger.require_sound(connection, home)
        if not register_built(connection):
            return []
        return expire_with(connection, home, read_register(connection), today or date.today())


def expire_with(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    register: dict[str, list[Agreement]],
    today: date,
) -> list[Expired]:
    """End releases as `expire` does, on an open zone: the ledger first, files after."""
    listed = ledger.entries(connection)
    found = []
    for reference in sorted({e["agreement_reference"] for e in listed if e["release_id"]}):
        reason = why_over(register.get(reference), today)
        if not reason:
            continue
        live = [e for e in ledger.live_releases(listed) if e["agreement_reference"] == reference]
        for entry in live:
            version = manifest.code_version()
            ledger.end_release(connection, home, "expired", entry, reason, version)
        ended = ledger.endings(ledger.entries(connection))
        ids = [release_id for owner, release_id in ended if owner == reference]
        removed = folders.remove(home, reference, ids)
        if live or removed:
            released = [entry["release_id"] for entry in live]
            found.append(Expired(reference, reason, released, removed))
    return found


def why_over(versions: list[Agreement] | None, today: date) -> str | None:
    """Return why an agreement is over for good on a day, or None."""
    if not versions:
        return "the agreement is in the register no more"
    judged = version_to_judge(versions, today)
    if judged.end_date is not None and judged.end_date < today:
        return f"the agreement ended on {judged.end_date}"
    return None
