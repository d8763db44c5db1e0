"""The gate before any release: the last dbt run that changed tables must have ended green."""

from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb

from release.catalogue import ZONE, records

NO_ZONE = "There is no pseudonymised zone yet: run `asc land` and `dbt build`."


@dataclass(frozen=True)
class Build:
    """One dbt run. `as_of_date` None means that all submissions received so far count.

    `started_at` is in UTC.
    `lineage` is the proof over it that no identifier leaves, as text; empty until it is made.
    """

    invocation_id: str
    outcome: str
    as_of_date: date | None
    accept_test_nhs_numbers: bool | None
    started_at: datetime
    lineage: str = field(default="", repr=False)


_SENTENCES = {
    "started": "The last dbt run was started and never ended",
    "red": "Tests of the last dbt run failed",
    "partial": "The last dbt run built only part of the warehouse",
}


def latest_build(connection: duckdb.DuckDBPyConnection) -> Build | None:
    """Return the latest dbt run that changed tables, or None."""
    rows = records(
        connection,
        "select invocation_id, outcome, as_of_date, accept_test_nhs_numbers, started_at "
        f"from {ZONE}.governance.builds order by started_at desc, ended_at desc limit 1",
    )
    return Build(**rows[0]) if rows else None


def gate_objection(
    build: Build | None, as_of: date | None, last_erasure: datetime | None
) -> str | None:
    """Return why nothing may be released, or None.

    `as_of` is the date asked for; None takes the warehouse as it was built. `last_erasure` is when
    records were last erased, in UTC.
    """
    if build is None:
        return "Nothing was built yet: run `dbt build`."
    if build.outcome != "green":
        what = _SENTENCES.get(build.outcome, f"The last dbt run ended as {build.outcome}")
        return f"{what}: run `dbt build` until it is green."
    if last_erasure is not None and last_erasure > build.started_at:
        return "Records were erased since the last dbt run: run `dbt build`."
    if as_of is not None and as_of != build.as_of_date:
        built = build.as_of_date or "all submissions"
        return (
            f"The warehouse is built as of {built}, not {as_of}: "
            f"run `dbt build --vars '{{as_of_date: {as_of}}}'` first."
        )
    return None
