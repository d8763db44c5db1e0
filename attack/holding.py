"""What somebody holds: opened releases, and perhaps a file on persons they know."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from attack.policy import Policy

DICTIONARY = "column_dictionary"
SPINE = "linked_persons"
TOKEN = "person_pseudonym"  # noqa: S105  a column's name


@dataclass(frozen=True)
class Release:
    """One release as its recipient opens it.

    `alias` is the name of its database in the connection of the holding, `label` what to call it in
    a report, `file` its database file where that is not encrypted and its bytes can be read.
    """

    alias: str
    label: str
    manifest: dict = field(hash=False)
    file: Path | None = None

    @property
    def agreement(self) -> str:
        """Reference of the agreement; the label where the manifest names none."""
        return str(self.manifest.get("agreement_reference") or self.label)

    @property
    def order(self) -> tuple[str, str]:
        """What releases of one agreement are sorted by."""
        name = self.manifest.get("release_id") or self.label
        return str(self.manifest.get("created_at") or ""), str(name)

    @property
    def policy(self) -> Policy:
        """The policy that the manifest states for record-level tables."""
        return self.policy_of(SPINE)

    def policy_of(self, product: str) -> Policy:
        """Return the policy that the manifest states for one table."""
        return Policy.of(self.manifest, product)


@dataclass
class Holding:
    """Releases that one party, or a coalition, holds together.

    `auxiliary` is the name of a table in the connection on persons known to the intruder, or None.
    `scratch` is a private folder that may be written to; what is written is removed again.
    """

    connection: duckdb.DuckDBPyConnection
    releases: list[Release]
    auxiliary: str | None = None
    scratch: Path | None = None
    holder: str = "all"
    cache: dict = field(default_factory=dict, repr=False)

    def part(self, holder: str, releases: list[Release]) -> "Holding":
        """Return what one of the holders has of it; what was read already is shared."""
        return Holding(self.connection, releases, self.auxiliary, self.scratch, holder, self.cache)

    def rows(self, sql: str, *values: object) -> list[tuple]:
        """Return the rows of a query."""
        return self.connection.execute(sql, values).fetchall()

    def tables(self, release: Release) -> dict[str, list[tuple[str, str]]]:
        """Return schema-qualified, quoted table names -> [(column, type)], views included."""
        key = ("tables", release.alias)
        if key not in self.cache:
            found: dict[str, list[tuple[str, str]]] = {}
            for schema, table, column, kind in self.rows(
                "select schema_name, table_name, column_name, data_type from duckdb_columns() "
                "where database_name = ? and not internal order by 1, 2, column_index",
                release.alias,
            ):
                name = f"{quoted(release.alias)}.{quoted(schema)}.{quoted(table)}"
                found.setdefault(name, []).append((column, kind))
            self.cache[key] = found
        return self.cache[key]

    def table(self, release: Release, name: str) -> str | None:
        """Return the full name of a table, None where the release has none."""
        full = f"{quoted(release.alias)}.{quoted('main')}.{quoted(name)}"
        return full if full in self.tables(release) else None

    def by_agreement(self) -> Iterator[tuple[str, list[Release]]]:
        """Yield each agreement with its releases, oldest first."""
        grouped: dict[str, list[Release]] = {}
        for release in sorted(self.releases, key=lambda one: one.order):
            grouped.setdefault(release.agreement, []).append(release)
        yield from sorted(grouped.items())

    def sensitivities(self, release: Release) -> dict[tuple[str, str], str]:
        """Return (table, column) -> sensitivity as the release's own dictionary says."""
        key = ("sensitivities", release.alias)
        if key not in self.cache:
            name = self.table(release, DICTIONARY)
            columns = {column for column, _ in self.tables(release).get(name, [])}
            asked = {"table_name", "column_name", "sensitivity"}
            self.cache[key] = (
                {
                    (table, column): str(sensitivity)
                    for table, column, sensitivity in self.rows(
                        f"select table_name, column_name, sensitivity from {name}"
                    )
                }
                if name and asked <= columns
                else {}
            )
        return self.cache[key]

    def token_columns(self, release: Release) -> Iterator[tuple[str, str]]:
        """Yield (full table name, column) of every column that holds pseudonyms."""
        listed = self.sensitivities(release)
        for name, columns in self.tables(release).items():
            for column, _ in columns:
                if column == TOKEN or listed.get((plain(name), column)) == "pseudonym":
                    yield name, column

    def tokens(self, release: Release) -> set[str]:
        """Return every pseudonym in a release, as text."""
        key = ("tokens", release.alias)
        if key not in self.cache:
            self.cache[key] = {
                row[0]
                for name, column in self.token_columns(release)
                for row in self.rows(
                    f"select distinct cast({quoted(column)} as varchar) from {name} "
                    f"where {quoted(column)} is not null"
                )
            }
        return self.cache[key]


def quoted(name: str) -> str:
    """Quote an SQL identifier: `quoted('a')` is `"a"`."""
    return '"' + name.replace('"', '""') + '"'


def plain(full: str) -> str:
    """Return the table's own name of a full one: `plain('"r0"."main"."a"')` is `a`."""
    return full.rpartition('"."')[2][:-1].replace('""', '"')
