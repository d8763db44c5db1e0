"""`asc reissue`: after a council's correction or erasure, replace the releases that it touched.

A release is touched when it was made before the warehouse was built anew, or records were erased
from it, and holds, or may hold, records of the council. Its successor is made first; then it is
recorded as reissued and its file goes.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

import duckdb

from plugins import zones
from plugins.home import Home
from release import folders, gate, ledger, manifest
from release.catalogue import ZONE, records, tables
from release.run import EXIT_REFUSED, release


@dataclass(frozen=True)
class Affected:
    """A release that holds records of the council, made before the latest build or erasure."""

    agreement_reference: str
    release_id: str
    why: str


@dataclass
class Reissue:
    """What `asc reissue` found and did. `replaced` maps the old release to the new one."""

    council: str
    affected: list[Affected]
    replaced: dict[str, str]
    refused: dict[str, str]

    @property
    def exit_code(self) -> int:
        """0, or 4 when a successor was refused and the old release still stands."""
        return EXIT_REFUSED if self.refused else 0

    def to_dict(self) -> dict:
        """Return the outcome as plain data, for `--json`."""
        return asdict(self) | {"exit_code": self.exit_code}


def affected(home: Home, council: str) -> list[Affected]:
    """Return the live releases of a council's records older than the latest build or erasure.

    Errors: `LedgerError`, `FileNotFoundError` without a pseudonymised zone.
    """
    if not zones.zone_path(home, "pseudonymised").exists():
        raise FileNotFoundError(gate.NO_ZONE)
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        return _affected(connection, home, council)


def reissue(home: Home, council: str, reason: str, today: date | None = None) -> Reissue:
    """Replace every affected release; safe to repeat after a kill.

    Errors: as `affected`, and those of `asc release`.
    """
    outcome = Reissue(council, affected(home, council), {}, {})
    successors: dict[str, str] = {}
    for reference in sorted({found.agreement_reference for found in outcome.affected}):
        fresh = _fresh(home, reference)
        if fresh is None:
            report = release(home, reference, today=today)
            fresh = report.released[0].release_id if report.released else None
            if fresh is None:
                said = [refused.reason for refused in report.refused] or [report.gate]
                outcome.refused[reference] = str(said[0])
                continue
        successors[reference] = fresh
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        live = {
            (entry["agreement_reference"], entry["release_id"]): entry
            for entry in ledger.live_releases(ledger.require_sound(connection, home))
        }
        for old in outcome.affected:
            fresh = successors.get(old.agreement_reference)
            entry = live.get((old.agreement_reference, old.release_id))
            if fresh is None or entry is None:
                continue
            said = f"council {council}: {reason}; replaced by {fresh}"
            version = manifest.code_version()
            ledger.end_release(connection, home, "reissued", entry, said, version)
            folders.remove(home, old.agreement_reference, [old.release_id])
            outcome.replaced[f"{old.agreement_reference}/{old.release_id}"] = fresh
        for (reference, release_id), how in ledger.endings(ledger.entries(connection)).items():
            if how == "reissued":  # what a killed run left
                folders.remove(home, reference, [release_id])
    return outcome


def _stale_before(connection: duckdb.DuckDBPyConnection, listed: list[dict]) -> datetime | None:
    """Return when, in UTC, the warehouse was last built anew or records were erased from it."""
    rows = records(
        connection, f"select max(started_at) as started_at from {ZONE}.governance.builds"
    )
    moments = (rows[0]["started_at"], ledger.last_erasure(listed))
    return max(filter(None, moments), default=None)


def _fresh(home: Home, reference: str) -> str | None:
    """Return the latest live release of an agreement that the latest build made, or None."""
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        listed = ledger.entries(connection)
        changed_at = _stale_before(connection, listed)
        found = [
            entry["release_id"]
            for entry in ledger.live_releases(listed)
            if entry["agreement_reference"] == reference
            and changed_at is not None
            and entry["recorded_at"] >= changed_at
        ]
    return found[-1] if found else None


def _affected(connection: duckdb.DuckDBPyConnection, home: Home, council: str) -> list[Affected]:
    listed = ledger.require_sound(connection, home)
    changed_at = _stale_before(connection, listed)
    shown = {
        (row["agreement_reference"], row["release_id"])
        for row in records(
            connection,
            "select distinct agreement_reference, release_id from "
            f"{ZONE}.governance.released_persons where la_code = ? and is_shown",
            [council],
        )
    }
    entitled = set()
    if "entitlements" in tables(connection, ZONE, "governance"):
        entitled = {
            row["agreement_reference"]
            for row in records(
                connection,
                f"select distinct agreement_reference from {ZONE}.governance.entitlements "
                "where la_code = ? and allowed",
                [council],
            )
        }
    found = []
    for entry in ledger.live_releases(listed):
        reference, release_id = entry["agreement_reference"], entry["release_id"]
        if changed_at is None or entry["recorded_at"] >= changed_at:
            continue
        if (reference, release_id) in shown:
            found.append(Affected(reference, release_id, "it shows persons of the council"))
        elif reference in entitled:
            found.append(Affected(reference, release_id, "its counts may include the council's"))
    return found
