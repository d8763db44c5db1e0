"""The register of agreements as the zone holds it, and whether one is in force on a day."""

import re
from dataclasses import dataclass
from datetime import date

import duckdb

from release.catalogue import ZONE, records, tables

REGISTER = (
    "agreements",
    "agreement_products",
    "agreement_purposes",
    "agreement_processors",
    "organisations",
)
_FOLDER_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


@dataclass(frozen=True)
class Party:
    """An organisation: ODS code or 3-digit council code; name None when not registered."""

    code: str
    name: str | None


@dataclass(frozen=True)
class Agreement:
    """One version of a data-sharing agreement. Dates are inclusive; None means not set."""

    reference: str
    version: int
    title: str | None
    decision: str
    approved_on: date | None
    start_date: date | None
    end_date: date | None
    controller: Party
    processors: tuple[Party, ...]
    purposes: tuple[str, ...]
    products: tuple[str, ...]

    def approved(self, today: date) -> bool:
        """Say whether this version stands approved on a day."""
        return (
            self.decision == "approved"
            and self.approved_on is not None
            and self.approved_on <= today
        )

    def begun(self, today: date) -> bool:
        """Say whether this version is approved and has begun."""
        return self.approved(today) and self.start_date is not None and self.start_date <= today


def register_built(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the zone holds every table of the register."""
    return set(REGISTER) <= set(tables(connection, ZONE, "reference"))


def read_register(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Agreement]]:
    """Return every agreement by reference: its versions, lowest first."""
    names = {
        row["organisation_code"]: row["organisation_name"]
        for row in records(connection, f"select * from {ZONE}.reference.organisations")
    }
    products = _listed(connection, "agreement_products", "product")
    purposes = _listed(connection, "agreement_purposes", "purpose")
    processors = _listed(connection, "agreement_processors", "processor_code")
    register: dict[str, list[Agreement]] = {}
    for row in records(
        connection,
        f"select * from {ZONE}.reference.agreements order by agreement_reference, version",
    ):
        reference = row["agreement_reference"]
        listed_by = (reference, row["version"])
        agreement = Agreement(
            reference=reference,
            version=row["version"],
            title=row["title"],
            decision=row["decision"],
            approved_on=row["approved_on"],
            start_date=row["start_date"],
            end_date=row["end_date"],
            controller=Party(str(row["controller_code"]), names.get(row["controller_code"])),
            processors=tuple(
                Party(str(code), names.get(code)) for code in processors.get(listed_by, ())
            ),
            purposes=tuple(purposes.get(listed_by, ())),
            products=tuple(products.get(listed_by, ())),
        )
        register.setdefault(reference, []).append(agreement)
    return register


def version_to_judge(versions: list[Agreement], today: date) -> Agreement:
    """Return the version that counts on a day: the latest approved one that has begun.

    An older version never comes back when a later one ended or was withdrawn. Where none was ever
    approved and begun, the latest version is returned, to be refused.
    """
    begun = [agreement for agreement in versions if agreement.begun(today)]
    return (begun or versions)[-1]


def objection(agreement: Agreement, today: date, withdrawn: int | None) -> str | None:
    """Return why an agreement is not in force on a day, or None when it is.

    `withdrawn` is the highest version that the ledger says was withdrawn. Entitlements are judged
    apart, see `allowed_products`.
    """
    if not _FOLDER_NAME.fullmatch(agreement.reference):
        return "reference: it cannot name a folder (letters, digits, `.`, `_` and `-` only)"
    if withdrawn is not None and agreement.version <= withdrawn:
        return f"withdrawn: version {withdrawn} was withdrawn and no later version is in force"
    if agreement.decision != "approved":
        return f"{agreement.decision}: version {agreement.version} is not approved"
    if agreement.approved_on is None or agreement.approved_on > today:
        return f"not yet approved: approval is dated {agreement.approved_on}"
    if agreement.start_date is None or agreement.start_date > today:
        return f"not yet begun: it starts on {agreement.start_date}"
    if agreement.end_date is None or agreement.end_date < today:
        return f"expired: it ended on {agreement.end_date}"
    if not agreement.products:
        return "no product: the register lists none for it"
    return None


def allowed_products(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, today: date
) -> dict[str, list[str]]:
    """Return the agreement's products that a council allows on a day, and the councils that do."""
    if "entitlements" not in tables(connection, ZONE, "governance"):
        return {}
    allowed: dict[str, list[str]] = {}
    for row in records(
        connection,
        f"select distinct product, la_code from {ZONE}.governance.entitlements "
        "where agreement_reference = ? and allowed and coalesce(valid_from <= ?, true) "
        "and coalesce(valid_to >= ?, true) order by all",
        [agreement.reference, today, today],
    ):
        if row["product"] in agreement.products:
            allowed.setdefault(row["product"], []).append(row["la_code"])
    return allowed


def changed_entitlement(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, today: date
) -> str | None:
    """Return why what was built may not go out on a day though its agreement is in force, or None.

    The products hold the records of every council that was allowed on the day of the build. When
    one of those answers no longer holds, they hold what they may not.
    """
    if "entitlements" not in tables(connection, ZONE, "governance"):
        return None
    rows = records(
        connection,
        f"select la_code, product, valid_from, valid_to from {ZONE}.governance.entitlements "
        "where agreement_reference = ? and allowed "
        "and not (coalesce(valid_from <= ?, true) and coalesce(valid_to >= ?, true)) "
        "order by all limit 1",
        [agreement.reference, today, today],
    )
    if not rows:
        return None
    return (
        f"entitlement: that of {rows[0]['product']} to records of council {rows[0]['la_code']} "
        "changed since the build: run `dbt build`"
    )


def _listed(
    connection: duckdb.DuckDBPyConnection, table: str, column: str
) -> dict[tuple[str, int], list[str]]:
    """Return what each version lists; a row without a version is every version's."""
    listed: dict[tuple[str, int], list[str]] = {}
    for row in records(
        connection,
        f"select distinct agreements.agreement_reference, agreements.version, {column} as value "
        f"from {ZONE}.reference.agreements inner join {ZONE}.reference.{table} as listed "
        "on agreements.agreement_reference = listed.agreement_reference "
        "and coalesce(listed.version, agreements.version) = agreements.version order by all",
    ):
        listed.setdefault((row["agreement_reference"], row["version"]), []).append(row["value"])
    return listed
