"""`asc withdraw`: mark an agreement's releases as withdrawn and remove their files."""

import shutil
from dataclasses import asdict, dataclass
from datetime import date

from plugins import zones
from plugins.home import Home
from release import folders, gate, ledger, manifest
from release.agreements import read_register, register_built, version_to_judge
from release.run import UnknownAgreement


@dataclass(frozen=True)
class Withdrawal:
    """What was withdrawn: release ids newly marked, and folders (relative to ASC_HOME) removed."""

    agreement_reference: str
    agreement_version: int | None
    releases: list[str]
    removed: list[str]

    def to_dict(self) -> dict:
        """Return the withdrawal as plain data, for `--json`."""
        return asdict(self)


def withdraw(home: Home, reference: str, reason: str, today: date | None = None) -> Withdrawal:
    """Withdraw an agreement's version in force with all its releases; safe to repeat.

    The ledger is written first, the files go after, so that a kill in between leaves files that
    `asc verify` names and a repeated withdrawal removes. Errors: `UnknownAgreement`, `LedgerError`,
    `FileNotFoundError` without a pseudonymised zone.
    """
    if not zones.zone_path(home, "pseudonymised").exists():
        raise FileNotFoundError(gate.NO_ZONE)
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        listed = ledger.require_sound(connection, home)
        register = read_register(connection) if register_built(connection) else {}
        versions = register.get(reference, [])
        live = [e for e in ledger.live_releases(listed) if e["agreement_reference"] == reference]
        released = [
            entry
            for entry in listed
            if entry["agreement_reference"] == reference and entry["entry_type"] == "released"
        ]
        if not versions and not released:
            raise UnknownAgreement(f"There is no agreement {reference} in the register.")
        version = (
            version_to_judge(versions, today or date.today()).version
            if versions
            else released[-1]["agreement_version"]
        )
        common = {
            "agreement_reference": reference,
            "reason": reason,
            "code_version": manifest.code_version(),
        }
        for entry in live:
            ledger.append(
                connection,
                home,
                "withdrawn",
                agreement_version=entry["agreement_version"],
                release_id=entry["release_id"],
                as_of_date=entry["as_of_date"],
                file_sha256=entry["file_sha256"],
                manifest_sha256=entry["manifest_sha256"],
                policy_hash=entry["policy_hash"],
                **common,
            )
        covered = ledger.withdrawn_version(ledger.entries(connection), reference)
        if covered is None or covered < (version or 0):
            ledger.append(connection, home, "withdrawn", agreement_version=version, **common)
        removed = _remove_files(home, reference, [entry["release_id"] for entry in released])
    return Withdrawal(reference, version, [entry["release_id"] for entry in live], removed)


def _remove_files(home: Home, reference: str, release_ids: list[str]) -> list[str]:
    removed = []
    for release_id in release_ids:
        for folder in (
            folders.release_folder(home, reference, release_id),
            folders.building_folder(home, reference, release_id),
        ):
            if folder.exists():
                removed.append(home.relative(folder))
                shutil.rmtree(folder)
    return removed
