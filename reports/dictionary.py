"""The data dictionary: every table and column as the YAML describes it, from dbt's manifest."""

from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from reports.prose import inline, paragraphs
from reports.tables import Column, Link, Table

FOLDER = "dictionary"
_KINDS = {"source": "Source", "model": "Model", "seed": "Seed"}


@dataclass(frozen=True)
class Entry:
    """One table: `facts` are (label, value) pairs."""

    name: str
    paragraphs: list[Markup]
    facts: list[tuple[str, object]]
    columns: Table


@dataclass(frozen=True)
class Chapter:
    """The tables of one folder of the project; `name` names its page."""

    title: str
    name: str
    entries: list[Entry]


def chapters(manifest: dict) -> list[Chapter]:
    """Return all sources, models and seeds of a manifest, one chapter for each folder."""
    tested = _tests_by_table(manifest)
    tables = [
        table
        for table in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if table["resource_type"] in _KINDS
    ]
    tables.sort(key=lambda table: (_folder(table), table["name"]))
    return [
        Chapter(
            title=folder,
            name=folder.replace("/", "-"),
            entries=[_entry(table, tested.get(table["unique_id"], 0)) for table in found],
        )
        for folder, found in groupby(tables, key=_folder)
    ]


def index_table(found: list[Chapter]) -> Table:
    """Return the list of all tables with links to where they are described."""
    columns = (Column("Table"), Column("Folder"), Column("Kind"), Column("Columns", numeric=True))
    rows = [
        (
            Link(entry.name, f"{FOLDER}/{chapter.name}.html#{entry.name}"),
            chapter.title,
            dict(entry.facts)["Kind"],
            len(entry.columns.rows),
        )
        for chapter in found
        for entry in chapter.entries
    ]
    return Table("Every table by folder", columns, rows)


def _folder(table: dict) -> str:
    return table["original_file_path"].rpartition("/")[0]


def _tests_by_table(manifest: dict) -> dict[str, int]:
    counted: dict[str, int] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            for table in set(node["depends_on"]["nodes"]):
                counted[table] = counted.get(table, 0) + 1
    for test in manifest["unit_tests"].values():
        for table in test["depends_on"]["nodes"][:1]:
            counted[table] = counted.get(table, 0) + 1
    return counted


def _entry(table: dict, tests: int) -> Entry:
    config = table["config"]
    name = table["name"]
    meta = config.get("meta") or {}
    return Entry(
        name=name,
        paragraphs=paragraphs(table["description"]),
        facts=[
            ("Kind", _KINDS[table["resource_type"]]),
            ("Zone and schema", f"{table['database']}.{table['schema']}"),
            ("Group", config.get("group")),
            ("Grain", meta.get("grain")),
            ("Who may see it", meta.get("who_may_see_it")),
            ("Tests that read it", tests),
        ],
        columns=Table(
            caption=f"Columns of {name}",
            columns=(Column("Column"), Column("Type"), Column("Sensitivity"), Column("What it is")),
            rows=[
                (
                    column["name"],
                    column.get("data_type") or _seed_type(config, column["name"]),
                    _sensitivity(column),
                    inline(column["description"]),
                )
                for column in table["columns"].values()
            ],
        ),
    )


def _seed_type(config: dict, column: str) -> str | None:
    return (config.get("column_types") or {}).get(column)


def _sensitivity(column: dict) -> str | None:
    meta = (column.get("config") or {}).get("meta") or column.get("meta") or {}
    label = meta.get("sensitivity")
    return label.replace("_", " ") if label else None
