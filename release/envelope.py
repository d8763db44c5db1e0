"""Sealed envelopes: what opens a release travels apart from it, readable by its recipient alone.

An envelope is a file in the age format (X25519, ChaCha20-Poly1305), sealed to the public key that
the register holds for the organisation. It goes to the agreement's controller or a processor that
it names, and to nobody else.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyrage

from plugins import zones
from plugins.home import Home
from plugins.keys import Key, KeyRing
from release import folders, gate, ledger, manifest
from release.agreements import (
    Agreement,
    objection,
    read_register,
    register_built,
    version_to_judge,
)
from release.catalogue import ZONE, records, tables
from release.run import EXIT_REFUSED, UnknownAgreement
from release.server.closing import published
from release.server.connection import Server
from release.server.publish import analysts_of
from release.verify_release import delivery_key


class EnvelopeRefused(Exception):
    """Nobody may be sent what opens the release; the message says why."""

    exit_code = EXIT_REFUSED


@dataclass(frozen=True)
class Envelope:
    """A sealed file: for whom, and the ids (not the content) of what is in it."""

    path: Path
    agreement_reference: str
    organisation_code: str
    key_ids: list[str]
    logins: list[str]

    def to_dict(self) -> dict:
        """Return the envelope as plain data, for `--json`."""
        return {
            "path": str(self.path),
            "agreement_reference": self.agreement_reference,
            "organisation_code": self.organisation_code,
            "key_ids": self.key_ids,
            "logins": self.logins,
        }


def seal(
    home: Home,
    reference: str,
    organisation: str,
    out: Path | None = None,
    today: date | None = None,
) -> Envelope:
    """Seal the delivery keys of an agreement's current releases, and logins, to an organisation.

    A refusal is a row of the ledger. Errors: `EnvelopeRefused`, `UnknownAgreement`, `LedgerError`,
    `FileExistsError` for an `out` that is there, `FileNotFoundError` without a zone.
    """
    today = today or date.today()
    if not zones.zone_path(home, ZONE).exists():
        raise FileNotFoundError(gate.NO_ZONE)
    with zones.connect(home, pseudonymised=zones.WRITE) as zone:
        listed = ledger.require_sound(zone, home)
        register = read_register(zone) if register_built(zone) else {}
        if reference not in register:
            raise UnknownAgreement(f"There is no agreement {reference} in the register.")
        agreement = version_to_judge(register[reference], today)
        withdrawn = ledger.withdrawn_version(listed, reference)
        public_keys = _public_keys(zone, organisation, today)
        live = [e for e in ledger.live_releases(listed) if e["agreement_reference"] == reference]
        reason = objection(agreement, today, withdrawn) or _objection(
            agreement, organisation, public_keys, live
        )
        if reason:
            ledger.append(
                zone,
                home,
                "refused",
                agreement_reference=reference,
                agreement_version=agreement.version,
                reason=f"envelope for {organisation}: {reason}",
                code_version=manifest.code_version(),
            )
            raise EnvelopeRefused(f"No envelope for {organisation} under {reference}: {reason}.")
        keys = _keys(home, reference, live)
        logins = _logins(home, zone, agreement, organisation, today)
    content = {
        "agreement_reference": reference,
        "organisation_code": organisation,
        "sealed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "releases": {
            release_id: {"delivery_key_id": key.id, "delivery_key": key.text}
            for release_id, key in keys.items()
        },
        "logins": logins,
    }
    recipients = [pyrage.x25519.Recipient.from_str(text) for text in public_keys]
    sealed = pyrage.encrypt(json.dumps(content, indent=1).encode(), recipients)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    path = out or home.root / "envelopes" / reference / f"{organisation}-{stamp}.age"
    _write(path, sealed)
    return Envelope(
        path,
        reference,
        organisation,
        sorted({key.id for key in keys.values()}),
        sorted({login["login"] for login in logins}),
    )


def _objection(
    agreement: Agreement, organisation: str, public_keys: list[str], live: list[dict]
) -> str | None:
    parties = {agreement.controller.code, *(party.code for party in agreement.processors)}
    if organisation not in parties:
        return "it is neither the controller nor a processor that is named"
    if not public_keys:
        return "the register holds no public key of it that is valid today"
    return None if live else "there is no current release"


def _public_keys(zone: duckdb.DuckDBPyConnection, organisation: str, today: date) -> list[str]:
    if "recipient_keys" not in tables(zone, ZONE, "reference"):
        return []
    rows = records(
        zone,
        f"select public_key from {ZONE}.reference.recipient_keys where organisation_code = ? "
        "and coalesce(valid_from <= ?, true) and coalesce(valid_to >= ?, true) order by public_key",
        [organisation, today, today],
    )
    return [row["public_key"] for row in rows]


def _keys(home: Home, reference: str, live: list[dict]) -> dict[str, Key]:
    found = {}
    for entry in live:
        folder = folders.release_folder(home, reference, entry["release_id"])
        content = json.loads((folder / manifest.FILE_NAME).read_text(encoding="utf-8"))
        found[entry["release_id"]] = delivery_key(home, reference, content)
    return found


def _logins(
    home: Home,
    zone: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    organisation: str,
    today: date,
) -> list[dict]:
    """Return the organisation's logins on each server that holds the agreement's schema."""
    ring = KeyRing(home.keys)
    servers = [
        (Server.at(row["server"]).parameters, row["schema_name"])
        for row in published(zone)
        if row["agreement_reference"] == agreement.reference
    ]
    return [
        {
            "host": parameters.get("host"),
            "port": parameters.get("port", "5432"),
            "database": parameters.get("dbname"),
            "schema": schema,
            "login": analyst.login,
            "password": ring.analyst_password(analyst.login),
            "last_day": analyst.last_day.isoformat(),
        }
        for analyst, refusal in analysts_of(zone, agreement, today)
        if refusal is None and analyst.organisation_code == organisation
        for parameters, schema in servers
    ]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
