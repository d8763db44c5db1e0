"""`asc publish`: current releases onto a PostgreSQL server, each whole or not at all."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date

import duckdb
import psycopg
from psycopg import sql
from tqdm import tqdm

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release import folders, gate, ledger, manifest, package
from release.agreements import (
    Agreement,
    allowed_products,
    objection,
    read_register,
    register_built,
    version_to_judge,
)
from release.catalogue import ZONE, records, tables
from release.run import EXIT_REFUSED, UnknownAgreement
from release.server import closing, hardening, loading, logins, swapping
from release.server.connection import Server, ServerError
from release.verify_release import check_files, delivery_key

PRIVATE = "d_"


@dataclass(frozen=True)
class Published:
    """One release that stands on the server now; `schema_name` is also its group role."""

    agreement_reference: str
    release_id: str
    schema_name: str
    logins: list[str]


@dataclass
class Publication:
    """What a run of `asc publish` did."""

    server: str
    named: bool
    audited_by: str = ""
    published: list[Published] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    logins_refused: dict[str, str] = field(default_factory=dict)
    sessions_ended: int = 0

    @property
    def exit_code(self) -> int:
        """0, or 4 when a named agreement, a login, or all there was has been refused."""
        stopped = self.refused and (self.named or not self.published)
        return EXIT_REFUSED if stopped or self.logins_refused else 0

    def to_dict(self) -> dict:
        """Return the publication as plain data, for `--json`."""
        return asdict(self) | {"exit_code": self.exit_code}


def publish(
    home: Home,
    address: str,
    agreement: str | None = None,
    quiet: bool = True,
    today: date | None = None,
) -> Publication:
    """Publish the latest release of each agreement in force, or of the one that is named.

    What is on the server and may be there no more is taken off. Errors: `ServerError`,
    `ServerRefused`, `UnknownAgreement`, `LedgerError`, `KeyRingError`.
    """
    today = today or date.today()
    server = Server.at(address)
    if not zones.zone_path(home, ZONE).exists():
        raise FileNotFoundError(gate.NO_ZONE)
    outcome = Publication(server.label, named=agreement is not None)
    with zones.connect(home, pseudonymised=zones.WRITE) as zone:
        listed = ledger.require_sound(zone, home)
        register = read_register(zone) if register_built(zone) else {}
        if agreement is not None and agreement not in register:
            raise UnknownAgreement(f"There is no agreement {agreement} in the register.")
        with server.connect() as connection:
            hardening.require_safe(connection, server)
            hardening.harden(connection)
            outcome.audited_by = hardening.audited_by(connection)
            with _alone(server, connection):
                run = _Run(home, zone, connection, server, outcome, today, _policy(zone), listed)
                chosen = [agreement] if agreement else sorted(register)
                for reference in tqdm(chosen, desc="publish", unit="agreement", disable=quiet):
                    run.publish(version_to_judge(register[reference], today))
                run.tidy(set(register), agreement)
    return outcome


@dataclass(frozen=True)
class _Run:
    home: Home
    zone: duckdb.DuckDBPyConnection
    connection: psycopg.Connection
    server: Server
    outcome: Publication
    today: date
    policy: dict[str, int]
    listed: list[dict]

    def publish(self, agreement: Agreement) -> None:
        reference = agreement.reference
        withdrawn = ledger.withdrawn_version(self.listed, reference)
        reason = objection(agreement, self.today, withdrawn)
        entry = None if reason else self._latest(reference)
        if not reason:
            reason = self._objection(agreement, entry)
        if not reason:
            try:
                self._load(agreement, entry)
                return
            except loading.Unpublishable as fault:
                reason = str(fault)
        self._close(reference)
        self._record("refused", agreement, reason=f"server: {reason}")
        self.outcome.refused[reference] = reason

    def _latest(self, reference: str) -> dict | None:
        live = [
            e for e in ledger.live_releases(self.listed) if e["agreement_reference"] == reference
        ]
        return live[-1] if live else None

    def _objection(self, agreement: Agreement, entry: dict | None) -> str | None:
        if entry is None:
            return "no release: run `asc release`"
        folder = folders.release_folder(self.home, agreement.reference, entry["release_id"])
        if next(check_files(self.home, folder, entry), None):
            return "its release is not as recorded: run `asc verify`"
        allowed = allowed_products(self.zone, agreement, self.today)
        held = self._manifest(agreement.reference, entry).get("councils", {})
        for product, councils in held.items():
            if gone := sorted(set(councils) - set(allowed.get(product, ()))):
                return (
                    f"entitlement: its release holds {product} of council {gone[0]}, which is "
                    "allowed no more: run `asc release`"
                )
        return None if held else "its release does not say whose records it holds: release again"

    def _manifest(self, reference: str, entry: dict) -> dict:
        folder = folders.release_folder(self.home, reference, entry["release_id"])
        return json.loads((folder / manifest.FILE_NAME).read_text(encoding="utf-8"))

    def _load(self, agreement: Agreement, entry: dict) -> None:
        reference, release_id = agreement.reference, entry["release_id"]
        ring = KeyRing(self.home.keys)
        group = ring.server_name(reference)
        described = self._manifest(reference, entry)
        file = folders.release_folder(self.home, reference, release_id) / package.FILE_NAME
        key = delivery_key(self.home, reference, described)
        schema = PRIVATE + secrets.token_hex(8)
        # Before anything stands there: a run that is killed leaves nothing that is not remembered.
        closing.remember(self.zone, self.server, reference, group)
        with self.connection.transaction():
            logins.make_group(self.connection, group)
        loading.load(self.connection, self.server, self.home, file, key, described, schema)
        days = (agreement.start_date, agreement.end_date)
        swapping.swap(self.connection, group, schema, release_id, days, self.policy)
        made = self._make_logins(agreement, ring, group)
        self._record("published", agreement, entry, reason=f"server {self.server.label}")
        self.outcome.published.append(Published(reference, release_id, group, made))

    def _make_logins(self, agreement: Agreement, ring: KeyRing, group: str) -> list[str]:
        made = []
        for analyst, reason in analysts_of(self.zone, agreement, self.today):
            if reason:
                self._record("refused", agreement, reason=f"login {analyst.login}: {reason}")
                self.outcome.logins_refused[analyst.login] = reason
                continue
            with self.connection.transaction():
                logins.make_login(
                    self.connection, ring, analyst, group, self.policy, self.outcome.audited_by
                )
            made.append(analyst.login)
        stale = set(logins.logins_of(self.connection, group)) - set(made)
        self._end(stale)
        return made

    def tidy(self, registered: set[str], only: str | None) -> None:
        """Take off what is over, what the register lost, and what killed runs left."""
        names = {p.schema_name for p in self.outcome.published}
        published_now = {p.agreement_reference for p in self.outcome.published}
        for row in closing.published(self.zone):
            if row["server"] != self.server.text_without_secrets:
                continue
            reference, schema = row["agreement_reference"], row["schema_name"]
            renamed = reference in published_now and schema not in names
            if renamed or (only is None and reference not in registered):
                self.outcome.sessions_ended += closing.close_agreement(self.connection, schema)
                closing.forget(self.zone, row["server"], reference, schema)
        self._end(logins.logins_ended(self.connection))
        for (schema,) in self.connection.execute(
            "select nspname::text from pg_namespace where nspname like %s "
            "and nspname not in (select private_schema from access.agreements)",
            [PRIVATE.replace("_", r"\_") + "%"],
        ).fetchall():
            if not self._is_shown(schema):
                self.connection.execute(
                    sql.SQL("drop schema {} cascade").format(sql.Identifier(schema))
                )

    def _is_shown(self, schema: str) -> bool:
        groups = self.connection.execute("select agreement::text from access.agreements").fetchall()
        return any(schema in swapping.shown_schemas(self.connection, name) for (name,) in groups)

    def _close(self, reference: str) -> None:
        for row in closing.published(self.zone):
            if (row["server"], row["agreement_reference"]) == (
                self.server.text_without_secrets,
                reference,
            ):
                schema = row["schema_name"]
                self.outcome.sessions_ended += closing.close_agreement(self.connection, schema)
                closing.forget(self.zone, row["server"], reference, schema)

    def _end(self, ended: list[str] | set[str]) -> None:
        self.outcome.sessions_ended += logins.end_logins(self.connection, ended)

    def _record(
        self, entry_type: str, agreement: Agreement, entry: dict | None = None, **values
    ) -> None:
        kept = ("release_id", "as_of_date", "file_sha256", "manifest_sha256", "policy_hash")
        ledger.append(
            self.zone,
            self.home,
            entry_type,
            agreement_reference=agreement.reference,
            agreement_version=agreement.version,
            code_version=manifest.code_version(),
            **{name: entry[name] for name in kept if entry},
            **values,
        )


def analysts_of(
    zone: duckdb.DuckDBPyConnection, agreement: Agreement, today: date
) -> Iterator[tuple[logins.Analyst, str | None]]:
    """Yield the logins that the register lists for an agreement today, and why one is refused.

    An analyst works for the controller or for a processor that the agreement names: nobody else.
    """
    if "analysts" not in tables(zone, ZONE, "reference"):
        return
    parties = {agreement.controller.code, *(party.code for party in agreement.processors)}
    for row in records(
        zone,
        f"select * from {ZONE}.reference.analysts where agreement_reference = ? "
        "and coalesce(valid_from <= ?, true) and coalesce(valid_to >= ?, true) order by login_name",
        [agreement.reference, today, today],
    ):
        last_day = min(filter(None, (row["valid_to"], agreement.end_date)))
        organisation = row["organisation_code"]
        analyst = logins.Analyst(row["login_name"], agreement.reference, organisation, last_day)
        refusal = f"{organisation} is neither the controller nor a processor that is named"
        yield analyst, None if organisation in parties else refusal


def _policy(zone: duckdb.DuckDBPyConnection) -> dict[str, int]:
    if "server_policy" not in tables(zone, ZONE, "reference"):
        raise ServerError("The policy of the server is not built: run `dbt build`.")
    rows = records(zone, f"select parameter, value from {ZONE}.reference.server_policy")
    return {row["parameter"]: row["value"] for row in rows}


@contextmanager
def _alone(server: Server, connection: psycopg.Connection) -> Iterator[None]:
    """Let one publication at a time work on a server; a killed one is no longer in the way."""
    with server.connect() as guard, guard.transaction():
        try:
            guard.execute("lock table access.publishing in exclusive mode nowait")
        except psycopg.errors.LockNotAvailable:
            raise ServerError("Another publication is running on the server.") from None
        yield
