"""The manifest of a release: what the file holds, for whom, under what, how to tell it is whole.

`ledger_hash` is the `entry_hash` of the ledger's last entry *before* the one that records this.
The release's own entry holds the manifest's SHA-256, so the manifest cannot hold that entry's hash;
pointing one back ties the manifest to its place in the chain all the same (`previous_hash` of the
release's entry equals `ledger_hash`).
"""

import hashlib
import hmac
import json
import os
import subprocess
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

import duckdb

from plugins.home import PROJECT_ROOT
from plugins.keys import Key, KeyRing
from release.agreements import Agreement
from release.catalogue import ZONE, records, tables
from release.gate import Build
from release.package import Packed, ReleaseRefused

FILE_NAME = "manifest.json"
DISTRIBUTION = "asc-client-level-warehouse"


def code_version(root: Path = PROJECT_ROOT) -> str:
    """Return `git describe` of the project, else the installed version, else `unknown`."""
    if (root / ".git").exists():
        described = subprocess.run(
            ["git", "-C", str(root), "describe", "--always", "--tags", "--dirty"],
            capture_output=True,
            text=True,
            check=False,
        )
        if described.returncode == 0 and described.stdout.strip():
            return described.stdout.strip()
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"


def read_policy(
    connection: duckdb.DuckDBPyConnection, reference: str, as_of: date | None
) -> tuple[dict, str]:
    """Return the policy that the products of an agreement were built under, and its hash.

    The policy gets a `reference_date`, the date ages are taken at. With an as-of date only the row
    of that date will do; without one the row without a date, else the newest. Errors:
    `ReleaseRefused` when there is no such row or it holds no JSON object.
    """
    rows = []
    if "release_policies" in tables(connection, ZONE, "governance"):
        rows = records(
            connection,
            "select reference_date, policy, policy_hash "
            f"from {ZONE}.governance.release_policies where agreement_reference = $1 "
            "and ($2::date is null or as_of_date = $2::date) "
            "order by as_of_date desc nulls first limit 1",
            [reference, as_of],
        )
    try:
        policy = dict(json.loads(rows[0]["policy"]))
    except (IndexError, ValueError, TypeError) as error:
        raise ReleaseRefused("no policy: release_policies has no usable row for it") from error
    reference_date = rows[0]["reference_date"]
    policy["reference_date"] = reference_date.isoformat() if reference_date else None
    return policy, rows[0]["policy_hash"]


def read_token_changes(connection: duckdb.DuckDBPyConnection, reference: str) -> dict[str, str]:
    """Return how many persons shown before have another pseudonym now, by kind of change.

    Counts are rounded, `*` for few; a kind without anybody is left out.
    """
    if "token_changes" not in tables(connection, ZONE, "governance"):
        return {}
    return {
        row["change_type"]: row["persons"]
        for row in records(
            connection,
            f"select change_type, persons from {ZONE}.governance.token_changes "
            "where agreement_reference = ? order by change_type",
            [reference],
        )
    }


def compose(
    agreement: Agreement,
    build: Build,
    packed: Packed,
    policy: tuple[dict, str],
    ring: KeyRing,
    delivery_key: Key,
    **values,
) -> dict:
    """Return the manifest as a dictionary.

    `values`: release_id, utility, token_changes, file_sha256, previous_release (or None),
    ledger_hash, and councils: whose records each product holds, by code. No key material enters:
    keys show as ids and 4-byte check values.
    """
    check = hmac.new(ring.token_key(agreement.reference), b"check", hashlib.sha256).hexdigest()[:8]
    return {
        "agreement_reference": agreement.reference,
        "version": agreement.version,
        "title": agreement.title,
        "release_id": values["release_id"],
        "controller": asdict(agreement.controller),
        "processors": [asdict(party) for party in agreement.processors],
        "purposes": list(agreement.purposes),
        "as_of_date": build.as_of_date.isoformat() if build.as_of_date else None,
        "products": packed.products,
        "products_not_built": packed.products_not_built,
        "councils": values["councils"],
        "file_sha256": values["file_sha256"],
        "policy": policy[0],
        "policy_hash": policy[1],
        "utility": values["utility"],
        "token_changes": values["token_changes"],
        "key_version": ring.domain_version(agreement.reference),
        "key_check_value": check,
        "delivery_key_id": delivery_key.id,
        "code_version": code_version(),
        "build_id": build.invocation_id,
        "test_numbers_accepted": build.accept_test_nhs_numbers,
        "previous_release": values["previous_release"],
        "ledger_hash": values["ledger_hash"],
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write(path: Path, manifest: dict) -> None:
    """Write a manifest to a new file of mode 0600, on disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
