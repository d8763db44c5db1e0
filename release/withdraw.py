"""`asc withdraw`: mark an agreement's releases as withdrawn and remove their files."""

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
        code_version = manifest.code_version()
        for entry in live:
            ledger.end_release(connection, home, "withdrawn", entry, reason, code_version)
        covered = ledger.withdrawn_version(ledger.entries(connection), reference)
        if covered is None or covered < (version or 0):
            ledger.append(
                connection,
                home,
                "withdrawn",
                agreement_reference=reference,
                agreement_version=version,
                reason=reason,
                code_version=code_version,
            )
        removed = folders.remove(home, reference, [entry["release_id"] for entry in released])
    return Withdrawal(reference, version, [entry["release_id"] for entry in live], removed)
