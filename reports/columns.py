"""Column lineage of every mart: what each column is made of, by which way, and what ended what."""

from dataclasses import dataclass

from markupsafe import Markup

from lineage.paths import Path, column_paths
from lineage.proof import Proof
from reports.prose import inline
from reports.tables import Column, Link, Table

FOLDER = "lineage"


@dataclass(frozen=True)
class MartLineage:
    """One mart: whether it is released, its sentence, and a table of its columns."""

    name: str
    schema: str
    sentence: Markup
    columns: Table


def mart_lineages(proof: Proof, manifest: dict) -> list[MartLineage]:
    """Return the lineage of every mart of a manifest, by schema and name."""
    marts = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    ]
    return [
        MartLineage(
            name=node["name"],
            schema=node["schema"],
            sentence=_first_sentence(node["description"]),
            columns=Table(
                caption=node["name"],
                columns=(
                    Column("Column"),
                    Column("Sources"),
                    Column("Identifiers on the way, and what ended them"),
                    Column("Models on the way"),
                ),
                rows=[
                    (column, *_described(path, node["name"]))
                    for column, path in column_paths(proof, node["name"]).items()
                ],
            ),
        )
        for node in sorted(marts, key=lambda node: (node["schema"], node["name"]))
    ]


def index_table(lineages: list[MartLineage]) -> Table:
    """Return the list of marts with links to their pages."""
    columns = (Column("Table"), Column("Schema"), Column("Columns", numeric=True), Column("Holds"))
    rows = [
        (
            Link(one.name, f"{FOLDER}/{one.name}.html"),
            one.schema,
            len(one.columns.rows),
            one.sentence,
        )
        for one in lineages
    ]
    return Table("Marts, each with the lineage of its columns", columns, rows)


def words(label: str) -> str:
    """Return a label of the proof as people read it."""
    return "any" if label == "*" else label.replace("_", " ").replace("nhs", "NHS")


def _described(path: Path, own: str) -> tuple:
    ended = [f"{words(s.label)}: {s.declassifier} in {s.model}" for s in path.ended]
    between = [name for name in path.models if name != own]
    sources = list(path.sources) or "No column: rows counted, or a constant"
    return sources, ended or "None", between or None


def _first_sentence(text: str) -> Markup:
    return inline(" ".join(text.split()).partition(". ")[0].rstrip(".") + ".")
