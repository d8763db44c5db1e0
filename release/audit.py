"""The audit of tables: no hidden count may be bounded more closely than the policy says.

Each cell is an unknown whole number in an interval, each `Total` the sum of its parts; linear
programming gives the least and the most that a hidden cell can be. Where that is too close, another
cell of the same sum is hidden too, until it holds. `attack/` judges the same from the files, in its
own way: the two share no code.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import highspy

from release.catalogue import ZONE, identifier, records
from release.cells import AGREEMENT, MARTS, STATUS, CountTable
from release.package import ReleaseRefused

TOTAL, HIDDEN = "Total", "hidden"
_AREA = "area_code"
_NEARLY = 1e-6


@dataclass(frozen=True)
class Limits:
    """What the policy asks of tables, in persons: smallest count shown, rounding, width."""

    small_number_threshold: int
    rounding_base: int
    interval_width: int

    def interval(self, value: float | None) -> tuple[float, float]:
        """Return the counts that may stand behind a cell: (1, 7) when hidden, (8, 12) for 10."""
        if value is None:
            return 1, self.small_number_threshold - 1
        base = self.rounding_base
        if value == 0 or base <= 1 or value % base:
            return value, value
        return max(self.small_number_threshold, value - base // 2), value + (base - 1) // 2


@dataclass
class Cell:
    """One count of one row: its place by key column, and the interval it is known to lie in."""

    place: dict[str, str]
    key: str
    measure: str
    value: float | None
    low: float
    high: float
    told: bool


def limits_of(policy: dict, product: str) -> Limits | None:
    """Read a product's limits from a release's policy; None where it asks for no width."""
    policy = policy | policy.get("products", {}).get(product, {})
    if "interval_width" not in policy:
        return None
    names = ("small_number_threshold", "rounding_base", "interval_width")
    return Limits(*(int(policy[name]) for name in names))


def hide_what_can_be_computed(
    connection: duckdb.DuckDBPyConnection, reference: str, tables: list[CountTable], policy: dict
) -> int:
    """Hide more cells of an agreement's tables in the zone until the audit holds; return how many.

    Only a cell that no release has shown yet can be hidden. Errors: `ReleaseRefused` when a hidden
    count stays too narrow and nothing is left to hide.
    """
    more = 0
    for table in tables:
        limits = limits_of(policy, table.name)
        while limits:
            cells = _cells(connection, reference, table, limits)
            sums = list(_sums(cells, table.additive))
            narrow = _narrow(cells, sums, limits.interval_width)
            if not narrow:
                break
            chosen = {_partner(cells, sums, one) for one in narrow}
            if None in chosen:
                raise ReleaseRefused(
                    f"audit: a hidden count of {table.name} can be computed from what is shown and "
                    "no cell is left to hide with it"
                )
            for number in chosen:
                _hide(connection, reference, table, cells[number])
            more += len(chosen)
    return more


def refuse_common_areas(
    connection: duckdb.DuckDBPyConnection, reference: str, tables: list[CountTable]
) -> None:
    """Raise `ReleaseRefused` where another agreement's cells count persons of the same area.

    Whoever holds both files could subtract one's cells from the other's, and agreements are audited
    one by one: so no two of them may have cells of one area.
    """
    for table in tables:
        if _AREA not in table.keys:
            continue
        rows = f"{ZONE}.{MARTS}.{identifier(table.name)}"
        others = connection.execute(
            f"select distinct {AGREEMENT} from {rows} where {AGREEMENT} <> $reference and {_AREA} "
            f"in (select {_AREA} from {rows} where {AGREEMENT} = $reference) order by 1",
            {"reference": reference},
        ).fetchall()
        if others:
            raise ReleaseRefused(
                f"audit: {table.name} counts persons of the same area for "
                + ", ".join(other for (other,) in others)
            )


def _cells(
    connection: duckdb.DuckDBPyConnection, reference: str, table: CountTable, limits: Limits
) -> list[Cell]:
    """Read the cells as they would be released, and what earlier releases said of the same ones."""
    told = defaultdict(list)
    for row in records(
        connection,
        f"select distinct cell_key, measure, value, status from {ZONE}.governance.released_cells "
        f"where {AGREEMENT} = ? and table_name = ?",
        [reference, table.name],
    ):
        value = None if row["status"] == HIDDEN or row["value"] is None else float(row["value"])
        told[row["cell_key"], row["measure"]].append(value)
    rows = records(
        connection,
        f"select *, {table.cell_key} as cell_key from {ZONE}.{MARTS}.{identifier(table.name)} "
        f"where {AGREEMENT} = ? order by cell_key",
        [reference],
    )
    cells = []
    for row in rows:
        place = {key: str(row[key]) for key in table.keys}
        for measure in table.measures:
            hidden = row[measure] is None or row[measure + STATUS] == HIDDEN
            value = None if hidden else float(row[measure])
            low, high = limits.interval(value)
            before = told.get((row["cell_key"], measure), [])
            for one in before:
                least, most = limits.interval(one)
                # What contradicts is another state of the data, not the same count.
                if max(low, least) <= min(high, most):
                    low, high = max(low, least), min(high, most)
            shown_before = any(one is not None for one in before)
            cells.append(Cell(place, row["cell_key"], measure, value, low, high, shown_before))
    return cells


def _sums(cells: list[Cell], additive: tuple[str, ...]) -> Iterator[tuple[int, list[int]]]:
    """Yield (number of a total, numbers of its parts)."""
    for column in additive:
        families: dict[tuple, dict[str, int]] = defaultdict(dict)
        for number, cell in enumerate(cells):
            others = tuple(item for item in cell.place.items() if item[0] != column)
            families[cell.measure, others][cell.place[column]] = number
        for family in families.values():
            parts = [number for value, number in family.items() if value != TOTAL]
            if TOTAL in family and parts:
                yield family[TOTAL], parts


def _narrow(cells: list[Cell], sums: list[tuple[int, list[int]]], width: int) -> list[int]:
    """Return the hidden cells that are known more closely than `width`."""
    found = [
        number
        for number, cell in enumerate(cells)
        if cell.value is None and cell.high - cell.low < width
    ]
    for part in _connected(sums):
        numbers = sorted({one for whole, parts in part for one in (whole, *parts)})
        hidden = [number for number in numbers if cells[number].value is None]
        bounds = _bounds(cells, numbers, part, hidden) if hidden else {}
        found += [number for number, (low, high) in bounds.items() if high - low < width]
    return sorted(set(found))


def _connected(sums: list[tuple[int, list[int]]]) -> list[list[tuple[int, list[int]]]]:
    """Group the sums that share cells."""
    group: dict[int, int] = {}

    def root(number: int) -> int:
        while group.setdefault(number, number) != number:
            number = group[number]
        return number

    for whole, parts in sums:
        for part in parts:
            group[root(part)] = root(whole)
    grouped = defaultdict(list)
    for one in sums:
        grouped[root(one[0])].append(one)
    return list(grouped.values())


def _bounds(
    cells: list[Cell], numbers: list[int], sums: list[tuple[int, list[int]]], hidden: list[int]
) -> dict[int, tuple[float, float]]:
    """Return (least, most) whole number of each hidden cell; none where nothing fits the sums.

    Hidden is small at first; where no such numbers fit, some are hidden to guard others.
    """
    for most in (None, highspy.kHighsInf):
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        place = {number: column for column, number in enumerate(numbers)}
        for number in numbers:
            cell = cells[number]
            high = most if most and cell.value is None else cell.high
            model.addVar(cell.low, high)
        for whole, parts in sums:
            columns = [place[whole], *(place[part] for part in parts)]
            model.addRow(0, 0, len(columns), columns, [1.0] + [-1.0] * len(parts))
        found = {}
        for number in hidden:
            model.changeColCost(place[number], 1.0)
            ends = [_end(model, sense) for sense in ("kMinimize", "kMaximize")]
            model.changeColCost(place[number], 0.0)
            if None in ends:
                break
            found[number] = (-(-(ends[0] - _NEARLY) // 1), (ends[1] + _NEARLY) // 1)
        if len(found) == len(hidden):
            return found
    return {}


def _end(model: highspy.Highs, sense: str) -> float | None:
    """Return one end of the interval; infinity where there is none, None where nothing fits."""
    model.changeObjectiveSense(getattr(highspy.ObjSense, sense))
    model.run()
    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return model.getInfo().objective_function_value
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    return highspy.kHighsInf


def _partner(cells: list[Cell], sums: list[tuple[int, list[int]]], narrow: int) -> int | None:
    """Return the cell to hide with one that is known too closely: the smallest that may be."""
    beside = {
        number
        for whole, parts in sums
        if narrow in (whole, *parts)
        for number in (whole, *parts)
        if cells[number].value and not cells[number].told
    }
    return min(beside, key=lambda number: (cells[number].value, cells[number].key), default=None)


def _hide(
    connection: duckdb.DuckDBPyConnection, reference: str, table: CountTable, cell: Cell
) -> None:
    """Hide one count and every number that is made of its row's counts."""
    statuses = {
        row[0]
        for row in connection.execute(
            "select column_name from duckdb_columns() where database_name = ? and table_name = ?",
            [ZONE, table.name],
        ).fetchall()
    }
    assigned = []
    for name in (cell.measure, *table.sums, *table.derived):
        assigned.append(f"{identifier(name)} = null")
        if name + STATUS in statuses:
            assigned.append(f"{identifier(name + STATUS)} = '{HIDDEN}'")
    connection.execute(
        f"update {ZONE}.{MARTS}.{identifier(table.name)} set {', '.join(assigned)} "
        f"where {AGREEMENT} = ? and {table.cell_key} = ?",
        [reference, cell.key],
    )
