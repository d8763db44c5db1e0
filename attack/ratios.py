"""Ratio recovery: a rate shown beside one of its counts gives the hidden other."""

import math
from itertools import permutations

from attack.cells import OUTSIDE, CountTable, count_tables
from attack.holding import Holding
from attack.verdict import Verdict

ID = "ratio-recovery"
SENTENCE = "Does a rate, mean or share beside a shown count give a hidden one?"

# A rate is a count over another (or a cost over a count) times one of these.
_SCALES = (1, 12, 100, 1000, 10_000, 100_000)
_SHARES = (1, 100)
_PER = "_per_"
_ROWS_TO_LEARN = 3
_DECIMALS = 6
_AGREEING = 0.9


def attack(holding: Holding) -> Verdict:
    """Look for every triple (hidden number, shown number, rate) in every table of counts."""
    verdict = Verdict(ID)
    for release in holding.releases:
        for table in count_tables(holding, release):
            if len(table.counts + table.rates) < 3 or not table.rates:
                continue
            kinds = table.by_measure()
            for count in [count for count in table.counts if count not in OUTSIDE]:
                rows = [row for row in table.rows if table.hidden(row, count)]
                verdict.look("hidden cells beside rates", len(rows), release.label)
                recovered = {found for kind in kinds for found in _given_by_rates(kind, count)}
                verdict.find(
                    f"{release.label}: {table.name}.{count}: hidden cells that a rate gives",
                    len(recovered),
                )
    return verdict


def learnt_scale(table: CountTable, count: str, other: str, rate: str) -> int | None:
    """Return the scale at which a rate is count over other, None where it is not that."""
    return next(iter(_learnt(table, count, other, rate, False)), None)


def is_share(table: CountTable, rate: str, scale: int) -> bool:
    """Say whether a rate never goes beyond its scale, 1 or 100: a share of those counted.

    What is named for so many per something may be 1 though not each had one.
    """
    if _PER in rate:
        return False
    shown = [float(row[rate]) for row in table.rows if row[rate] is not None]
    return scale in _SHARES and max(shown, default=0) <= scale


def _given_by_rates(table: CountTable, count: str) -> set[int]:
    rows = [row for row in table.rows if table.hidden(row, count)]
    others = [number for number in table.counts + table.rates if number != count]
    return {
        found
        for other, rate in permutations(others, 2)
        if rate in table.rates
        for found in _recovered(table, count, other, rate, rows)
    }


def _recovered(table: CountTable, count: str, other: str, rate: str, rows: list) -> set[int]:
    """Return the positions of hidden cells that `other` and `rate` bound too closely.

    A share gives the few whom it counts, and the few whom it does not.
    """
    found: set[int] = set()
    usable = [
        row
        for row in rows
        if row[other] is not None
        and row[rate] is not None
        and row[rate] > 0
        and not table.hidden(row, other)
        and row.get(f"{rate}_status") != "hidden"
    ]
    if not usable:
        return found
    for inverse in (False, True):
        for scale in _learnt(table, count, other, rate, inverse):
            for row in usable:
                bounds = [_bounds(table, row, other, rate, scale, inverse)]
                if not inverse and is_share(table, rate, scale):
                    rest = row | {rate: round(scale - float(row[rate]), _DECIMALS)}
                    bounds.append(_bounds(table, rest, other, rate, scale, inverse))
                if any(_is_narrow(table, low, high) for low, high in bounds):
                    found.add(id(row))
    return found


def _is_narrow(table: CountTable, low: float, high: float) -> bool:
    """Say whether a small count within these bounds is known more closely than it may be."""
    small = table.policy.small_number_threshold - 1
    low, high = max(1, math.ceil(low - 1e-9)), min(small, math.floor(high + 1e-9))
    return 0 <= high - low < table.policy.interval_width


def _learnt(table: CountTable, count: str, other: str, rate: str, inverse: bool) -> list[int]:
    """Return the scale at which the rate is count over other (inverse: other over count).

    Learnt from rows that show all three, of a numerator over a denominator from whatever rows there
    are; where none does, these make a share (1 or 100).
    """
    complete = [
        row
        for row in table.rows
        if all(row[name] for name in (count, other, rate)) and not table.hidden(row, count)
    ]
    named = (count, other) == ("numerator", "denominator") and not inverse
    if len(complete) < _ROWS_TO_LEARN and not named:
        return []
    if not complete:
        largest = max((float(row[rate]) for row in table.rows if row[rate] is not None), default=0)
        return [1 if largest <= 1 else 100]
    for scale in _SCALES:
        agreeing = 0
        for row in complete:
            low, high = _bounds(table, row, other, rate, scale, inverse)
            lowest, highest = table.interval(row, count)
            agreeing += low <= highest + 1e-9 and high >= lowest - 1e-9
        if agreeing >= _AGREEING * len(complete):
            return [scale]
    return []


def _bounds(
    table: CountTable, row: dict, other: str, rate: str, scale: int, inverse: bool
) -> tuple[float, float]:
    """Return the least and the most that the count can be, given the other number and the rate."""
    if other in table.counts:
        low, high = table.interval(row, other)
    else:
        step = _step(row[other])
        low, high = float(row[other]) - step, float(row[other]) + step
    step = _step(row[rate])
    shown = float(row[rate])
    if inverse:
        return max(low, 0) * scale / (shown + step), high * scale / max(shown - step, 1e-12)
    return max(shown - step, 0) * low / scale, (shown + step) * high / scale


def _step(value: object) -> float:
    """Return half the last digit shown: 0.05 of 12.5; whole numbers half a unit."""
    text = repr(float(value)) if not isinstance(value, int) else str(value)
    decimals = len(text.rpartition(".")[2]) if "." in text and not text.endswith(".0") else 0
    return 0.5 * 10.0**-decimals
