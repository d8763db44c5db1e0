"""`asc erase`: a person's records leave the warehouse at a council's request; the ledger says so.

Rows go first, the ledger's entry after: a run that is killed in between is finished by the next.
"""

from dataclasses import asdict, dataclass

from loaders import erasures, landing_tables
from loaders.specification import read_fields
from plugins import zones
from plugins.home import Home
from release import ledger, manifest
from release.reissue import Affected, affected


@dataclass(frozen=True)
class Erasure:
    """What `asc erase` did: `rows` gone from landing, `affected` releases to be replaced."""

    council: str
    erasure_id: str | None
    persons: int
    rows: int
    affected: list[Affected]

    def to_dict(self) -> dict:
        """Return the erasure as plain data, for `--json`: no identifier is in it."""
        return asdict(self)


def erase(home: Home, council: str, persons: list[str], reason: str) -> Erasure:
    """Erase persons by the council's own identifiers; safe to repeat.

    Until the next build nothing is released. Errors: `LedgerError`, `KeyRingError`,
    `FileNotFoundError` before anything has landed, `duckdb.Error` without values.
    """
    if not zones.zone_path(home, "identifiable").exists():
        raise FileNotFoundError("There is no identifiable zone yet: run `asc land`.")
    with zones.connect(home, identifiable=zones.WRITE, pseudonymised=zones.WRITE) as connection:
        listed = ledger.require_sound(connection, home)
        landing_tables.prepare(connection, read_fields())
        done = erasures.erase(connection, council, persons, reason)
        said = [entry["reason"] for entry in listed if entry["entry_type"] == ledger.ERASED]
        for erasure_id, la_code, why in erasures.recorded(connection):
            opening = f"erasure {erasure_id} of council {la_code}: "
            if not any(text.startswith(opening) for text in said):
                ledger.append(
                    connection,
                    home,
                    ledger.ERASED,
                    reason=opening + why,
                    code_version=manifest.code_version(),
                )
    return Erasure(council, done.erasure_id, done.persons, done.rows, affected(home, council))
