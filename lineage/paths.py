"""Where a column comes from: its sources, the models between, and what ended which identifier."""

from dataclasses import dataclass

from lineage.declassifiers import VIA
from lineage.proof import Proof
from lineage.values import ATTRIBUTE, labels


@dataclass(frozen=True)
class Step:
    """Where an identifier ended on its way: by which declassifier, in which model."""

    label: str
    declassifier: str
    model: str


@dataclass(frozen=True)
class Path:
    """All ways into one column.

    `sources` are columns of sources and seeds (`table.column`), `models` those between, sources
    first, the column's own last. A column that counts rows, or is written as a constant, has no
    source.
    """

    sources: tuple[str, ...]
    models: tuple[str, ...]
    ended: tuple[Step, ...]


def column_paths(proof: Proof, model: str) -> dict[str, Path]:
    """Return the path of every column of a model of the proof, in the order of its columns."""
    return {column: _path(proof, model, column) for column in proof.relations.get(model, {})}


def _path(proof: Proof, model: str, column: str) -> Path:
    sources: set[str] = set()
    ended: set[Step] = set()
    seen: set[tuple[str, str]] = set()
    models: dict[str, None] = {}

    def visit(relation: str, name: str) -> None:
        if (relation, name) in seen:
            return
        seen.add((relation, name))
        for flow in sorted(proof.relations.get(relation, {}).get(name, ())):
            if flow.origin == (relation, name):
                sources.add(f"{relation}.{name}")
                continue
            visit(*flow.origin)
            label, via, declassifier = flow.label.partition(VIA)
            before = labels(
                proof.relations.get(flow.origin.relation, {}).get(flow.origin.column, ())
            )
            if via and flow.label not in before:
                ended.add(Step(label, declassifier, relation))
        models.setdefault(relation)

    visit(model, column)
    tables = {source.partition(".")[0] for source in sources}
    return Path(
        tuple(sorted(sources)),
        tuple(name for name in models if name not in tables),
        tuple(
            sorted(
                (step for step in ended if step.label != ATTRIBUTE),
                key=lambda step: (step.label, step.declassifier, step.model),
            )
        ),
    )
