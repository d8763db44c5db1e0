"""`asc release`: one encrypted, documented, recorded file per agreement in force."""

import shutil
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import duckdb
from tqdm import tqdm

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release import audit, folders, gate, ledger, manifest, memory, package
from release.agreements import (
    Agreement,
    allowed_products,
    changed_entitlement,
    objection,
    read_register,
    register_built,
    version_to_judge,
)
from release.cells import count_tables
from release.digests import file_sha256
from release.expire import Expired, expire_with
from release.gate import Build
from release.package import ReleaseRefused
from release.proven import FILE_NAME as LINEAGE
from release.proven import lineage_objection, lineage_of_build
from release.utility import note_cells, read_utility

EXIT_REFUSED = 4


class UnknownAgreement(Exception):
    """No agreement of that reference is in the register."""

    exit_code = 2


@dataclass(frozen=True)
class Released:
    """One release made; `path` is relative to ASC_HOME, `products` maps tables to their rows."""

    agreement_reference: str
    release_id: str
    path: str
    products: dict[str, int]
    products_not_built: list[str]


@dataclass(frozen=True)
class Refused:
    """One agreement refused; `in_force` says that the agreement itself was in order."""

    agreement_reference: str | None
    reason: str
    in_force: bool


@dataclass
class Report:
    """What a run of `asc release` did. `gate` is the sentence that stopped everything, or None."""

    named: bool
    gate: str | None = None
    released: list[Released] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    expired: list[Expired] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or 4 when the gate was shut, a named agreement or one in force was refused."""
        stopped = self.gate or any(self.named or refused.in_force for refused in self.refused)
        return EXIT_REFUSED if stopped else 0

    def to_dict(self) -> dict:
        """Return the report as plain data, for `--json`."""
        return {
            "gate": self.gate,
            "released": [asdict(released) for released in self.released],
            "refused": [asdict(refused) for refused in self.refused],
            "expired": [expired.to_dict() for expired in self.expired],
            "exit_code": self.exit_code,
        }


def release(
    home: Home,
    agreement: str | None = None,
    as_of: date | None = None,
    quiet: bool = True,
    today: date | None = None,
) -> Report:
    """Package a release for each agreement in force, or for the one that is named.

    `as_of` must be the date the warehouse is built as of. `today` decides what is in force
    (default: the day it is). Errors: `UnknownAgreement`, `LedgerError`, `KeyRingError`,
    `duckdb.Error`.
    """
    today = today or date.today()
    report = Report(named=agreement is not None)
    if not zones.zone_path(home, "pseudonymised").exists():
        KeyRing(home.keys).require()
        report.gate = gate.NO_ZONE
        return report
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        listed = ledger.require_sound(connection, home)
        folders.recover(home, listed)
        built = register_built(connection)
        register = read_register(connection) if built else {}
        if built and agreement is not None and agreement not in register:
            raise UnknownAgreement(f"There is no agreement {agreement} in the register.")
        if built:
            report.expired = expire_with(connection, home, register, today)
        build = gate.latest_build(connection)
        report.gate = gate.gate_objection(build, as_of, ledger.last_erasure(listed))
        if not report.gate and not built:
            report.gate = "The register of agreements is not built: run `dbt build`."
        if not report.gate:
            build = replace(build, lineage=lineage_of_build(home, build.invocation_id))
            report.gate = lineage_objection(build.lineage)
        if report.gate:
            _refuse(connection, home, report, agreement, None, f"gate: {report.gate}", True)
            return report
        chosen = [register[agreement]] if agreement else list(register.values())
        for versions in tqdm(chosen, desc="release", unit="agreement", disable=quiet):
            judged = version_to_judge(versions, today)
            _release_one(connection, home, report, judged, build, today)
    return report


def _release_one(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    report: Report,
    agreement: Agreement,
    build: Build,
    today: date,
) -> None:
    listed = ledger.entries(connection)
    withdrawn = ledger.withdrawn_version(listed, agreement.reference)
    reason = objection(agreement, today, withdrawn)
    products = allowed_products(connection, agreement, today) if not reason else {}
    if not reason and not products:
        reason = "no entitlement: no council allows any of its products"
    if reason:
        _refuse(connection, home, report, agreement.reference, agreement.version, reason, False)
        return
    try:
        changed = changed_entitlement(connection, agreement, today)
        if changed:
            raise ReleaseRefused(changed)
        if build.as_of_date and agreement.end_date and build.as_of_date > agreement.end_date:
            raise ReleaseRefused(f"as-of date: it lies after the end on {agreement.end_date}")
        _build_and_record(connection, home, report, agreement, build, listed, products, today)
    except ReleaseRefused as refusal:
        reference, version = agreement.reference, agreement.version
        _refuse(connection, home, report, reference, version, str(refusal), True)


def _build_and_record(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    report: Report,
    agreement: Agreement,
    build: Build,
    listed: list[dict],
    products: dict[str, list[str]],
    today: date,
) -> None:
    reference = agreement.reference
    ring = KeyRing(home.keys)
    policy = manifest.read_policy(connection, reference, build.as_of_date)
    day = (build.as_of_date or today).strftime("%Y%m%d")
    release_id = folders.next_release_id(home, listed, reference, day)
    delivery_key = ring.delivery_key(reference)
    earlier = [
        entry["release_id"]
        for entry in listed
        if entry["entry_type"] == "released" and entry["agreement_reference"] == reference
    ]
    folder = folders.make_building_folder(home, reference, release_id)
    try:
        file = folder / package.FILE_NAME
        counts = count_tables(connection, list(products))
        audit.refuse_common_areas(connection, reference, counts)
        audited = audit.hide_what_can_be_computed(connection, reference, counts, policy[0])
        utility = read_utility(connection, reference, counts, audited)
        note_cells(connection, reference, utility)
        packed = package.pack(connection, file, delivery_key, reference, list(products))
        composed = manifest.compose(
            agreement,
            build,
            packed,
            policy,
            ring,
            delivery_key,
            councils={name: products[name] for name in packed.products if name in products},
            token_changes=manifest.read_token_changes(connection, reference),
            release_id=release_id,
            utility=utility,
            file_sha256=file_sha256(file),
            previous_release=earlier[-1] if earlier else None,
            ledger_hash=listed[-1]["entry_hash"] if listed else ledger.FIRST_PREVIOUS_HASH,
        )
        manifest.write(folder / manifest.FILE_NAME, composed)
        manifest.write_text(folder / LINEAGE, build.lineage)
        memory.keep(connection, reference, release_id, list(packed.products))
    except Exception:
        # Guards the promise that nothing unrecorded stays; a kill is put right by `recover`.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    ledger.append(
        connection,
        home,
        "released",
        agreement_reference=reference,
        agreement_version=agreement.version,
        release_id=release_id,
        as_of_date=build.as_of_date,
        file_sha256=composed["file_sha256"],
        manifest_sha256=file_sha256(folder / manifest.FILE_NAME),
        policy_hash=composed["policy_hash"],
        code_version=composed["code_version"],
    )
    target = folders.release_folder(home, reference, release_id)
    folder.rename(target)
    report.released.append(
        Released(
            agreement_reference=reference,
            release_id=release_id,
            path=home.relative(target),
            products={table: product["rows"] for table, product in packed.products.items()},
            products_not_built=packed.products_not_built,
        )
    )


def _refuse(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    report: Report,
    reference: str | None,
    version: int | None,
    reason: str,
    in_force: bool,
) -> None:
    ledger.append(
        connection,
        home,
        "refused",
        agreement_reference=reference,
        agreement_version=version,
        reason=reason,
        code_version=manifest.code_version(),
    )
    report.refused.append(Refused(reference, reason, in_force))
