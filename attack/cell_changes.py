"""Release differences: cells that stand in more than one release, and months beside each other."""

from collections import defaultdict
from itertools import pairwise

from attack.cells import OUTSIDE, count_tables
from attack.holding import Holding
from attack.verdict import Verdict

ID = "release-difference"
SENTENCE = "Is a cell hidden in one release and shown in another, or does a count change by a few?"


def attack(holding: Holding) -> Verdict:
    """Compare every cell with itself in the other releases of the holding."""
    verdict = Verdict(ID)
    shown: dict[tuple, list[tuple]] = defaultdict(list)
    for release in sorted(holding.releases, key=lambda one: one.order):
        for table in count_tables(holding, release):
            for count in set(table.counts) - OUTSIDE:
                for row in table.rows:
                    key = (table.scope(), table.name, count, table.where(row))
                    value = None if table.hidden(row, count) else row[count]
                    shown[key].append((table, value))
    for (_, name, count, _), cells in shown.items():
        if len(cells) < 2:
            continue
        held = [table.release for table, _ in cells]
        verdict.look("cells in two or more releases", 1, *(release.label for release in held))
        whose = sorted({release.agreement for release in held})
        small = max(table.policy.small_number_threshold for table, _ in cells)
        base = max(table.policy.rounding_base for table, _ in cells)
        where = f"{' and '.join(whose)}: {name}.{count}"
        values = [value for _, value in cells]
        if None in values and any(value is not None for value in values):
            _count(verdict, f"{where}: cells hidden in one release and shown in another")
        numbers = sorted({value for value in values if value is not None})
        changes = [high - low for low, high in pairwise(numbers)]
        if any(0 < change < small and change % base for change in changes):
            _count(verdict, f"{where}: cells that change by 1 to {small - 1} persons exactly")
        elif changes:
            key = f"{where}: cells shown differently, by the rounding base or more"
            verdict.notes[key] = verdict.notes.get(key, 0) + 1
    return verdict


def _count(verdict: Verdict, where: str) -> None:
    verdict.find(where, verdict.found.get(where, 0) + 1)
