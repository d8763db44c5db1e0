"""First-fit local recoding over any table and hierarchies, in SQL, as the models do it.

A table is compressed to its distinct tuples, every level of every attribute is a column beside its
loss, and a node is one level for each attribute. The loss of a value (normalised certainty penalty)
is the share of its attribute's values that it stands for, none for a value shown as it is.
"""

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Hierarchy:
    """An attribute and its levels: value -> labels from finest to `*`.

    `by_width`: the loss is the width beyond one value, as for numbers, not the share of values.
    """

    attribute: str
    labels: dict[str, list[str]]
    by_width: bool = False

    @property
    def levels(self) -> int:
        """Number of levels, the finest included."""
        return len(next(iter(self.labels.values())))

    def rows(self) -> list[tuple]:
        """Return (value, label and loss of each level ...) of every value."""
        sizes = [{} for _ in range(self.levels)]
        for labels in self.labels.values():
            for level, label in enumerate(labels):
                sizes[level][label] = sizes[level].get(label, 0) + 1
        rows = []
        for value, labels in self.labels.items():
            pairs = []
            for level, label in enumerate(labels):
                covered = sizes[level][label]
                width = (covered - 1) / (len(self.labels) - 1)
                share = 0.0 if covered == 1 else covered / len(self.labels)
                pairs += [label, width if self.by_width else share]
            rows.append((value, *pairs))
        return rows


def read_hierarchy(
    path: Path, attribute: str, values: set[str], by_width: bool = False
) -> Hierarchy:
    """Read a hierarchy file (`;` between levels, finest first) for the values that occur."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter=";") if row and row[0] in values]
    return Hierarchy(attribute, {row[0]: row for row in rows}, by_width)


def prepare(
    connection: duckdb.DuckDBPyConnection, table: str, hierarchies: list[Hierarchy]
) -> None:
    """Make `tuples`: one row per distinct tuple with its persons, every label and loss a column."""
    joins, columns = [], []
    for place, hierarchy in enumerate(hierarchies):
        names = ["value"]
        for level in range(hierarchy.levels):
            names += [f"a{place}_{level}", f"w{place}_{level}"]
        kinds = ["varchar"] + ["varchar", "double"] * hierarchy.levels
        declared = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
        connection.execute(f"create or replace temp table h{place} ({declared})")
        marks = ", ".join("?" * len(names))
        connection.executemany(f"insert into h{place} values ({marks})", hierarchy.rows())
        joins.append(f'inner join h{place} on counted."{hierarchy.attribute}" = h{place}.value')
        columns += [f"h{place}.{name}" for name in names[1:]]
    attributes = ", ".join(f'"{hierarchy.attribute}"' for hierarchy in hierarchies)
    connection.execute(f"""
        create or replace temp table tuples as
        select row_number() over () as tuple_id, persons, {", ".join(columns)}
        from (
            select {attributes}, count(*) as persons from {table} group by {attributes}
        ) as counted
        {" ".join(joins)}
    """)


def nodes(hierarchies: list[Hierarchy]) -> list[tuple[int, ...]]:
    """Return all nodes of the lattice."""
    return list(itertools.product(*(range(hierarchy.levels) for hierarchy in hierarchies)))


def search(
    connection: duckdb.DuckDBPyConnection, lattice: list[tuple[int, ...]], k: int
) -> list[tuple[tuple[int, ...], float, int]]:
    """Score every node of full-domain recoding: (node, loss, persons in classes below k)."""
    arms = []
    for number, node in enumerate(lattice):
        labels = ", ".join(f"a{place}_{level}" for place, level in enumerate(node))
        loss = " + ".join(f"w{place}_{level}" for place, level in enumerate(node))
        arms.append(
            f"select {number} as node, "
            f"sum(case when persons < {k} then persons else loss end) as loss, "
            f"coalesce(sum(persons) filter (where persons < {k}), 0) as suppressed from ("
            f"select sum(persons) as persons, sum(persons * ({loss}) / {len(node)}) as loss "
            f"from tuples group by {labels})"
        )
    rows = connection.execute(" union all ".join(arms)).fetchall()
    return [(lattice[number], float(loss), int(small)) for number, loss, small in sorted(rows)]


def first_fit(
    connection: duckdb.DuckDBPyConnection, lattice: list[tuple[int, ...]], k: int
) -> dict[str, float]:
    """Place every tuple at the first node, by mean loss, at which k unplaced persons look the same.

    The mean is over tuples, not persons: a common tuple is placed as it is and needs no node.
    Returns loss (mean over persons and attributes, left-out persons count 1), left_out (persons),
    nodes_used and smallest class.
    """
    losses = ", ".join(
        f"sum({' + '.join(f'w{place}_{level}' for place, level in enumerate(node))})"
        for node in lattice
    )
    means = connection.execute(f"select {losses} from tuples").fetchone()
    connection.execute("create or replace temp table unplaced as from tuples")
    (persons,) = connection.execute("select sum(persons) from tuples").fetchone()
    total, used, smallest = 0.0, 0, persons
    for _, node in sorted(zip(means, lattice, strict=True)):
        labels = ", ".join(f"a{place}_{level}" for place, level in enumerate(node))
        loss = " + ".join(f"w{place}_{level}" for place, level in enumerate(node))
        connection.execute(f"""
            create or replace temp table placed as
            select tuple_id, persons, ({loss}) / {len(node)} as loss,
                sum(persons) over (partition by {labels}) as class_size
            from unplaced qualify class_size >= {k}
        """)
        lost, size = connection.execute(
            "select sum(persons * loss), min(class_size) from placed"
        ).fetchone()
        if size is None:
            continue
        total, used, smallest = total + float(lost), used + 1, min(smallest, size)
        connection.execute("delete from unplaced where tuple_id in (select tuple_id from placed)")
    (left,) = connection.execute("select coalesce(sum(persons), 0) from unplaced").fetchone()
    return {
        "loss": round((total + float(left)) / float(persons), 5),
        "left_out": int(left),
        "nodes_used": used,
        "smallest_class": int(smallest),
        "persons": int(persons),
    }


def loss_of(rows: list[list[str]], hierarchies: list[Hierarchy]) -> float:
    """Return the loss of a table that somebody recoded: a label of each attribute for each person.

    A person whose every attribute is `*` counts as left out, which is the same loss.
    """
    total = 0.0
    for place, hierarchy in enumerate(hierarchies):
        losses = {"*": 1.0}
        for _, *pairs in hierarchy.rows():
            losses.update(zip(pairs[::2], pairs[1::2], strict=True))
        total += sum(losses[row[place]] for row in rows)
    return round(total / len(rows) / len(hierarchies), 5)
