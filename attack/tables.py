"""Table audit: how closely can hidden cells be computed from everything shown?

All tables of all releases held are taken together. Each cell is an unknown count in an interval,
each total a sum. Linear programming gives the least and the most that a hidden cell can be.
"""

from collections import defaultdict
from collections.abc import Iterator

from attack.bounds import Relations
from attack.cells import ADDITIVE, AREA, OUTSIDE, CountTable, count_tables, is_total
from attack.codes import band as band_of
from attack.holding import Holding
from attack.verdict import Verdict

REMAINDER = "remainder"
ID = "table-bounds"
SENTENCE = "Can a hidden count be computed, or bounded more closely than the policy allows?"


def attack(holding: Holding) -> Verdict:
    """Audit all cells that the holder has, first together, then each release where data changed."""
    verdict = Verdict(ID)
    tables = [table for release in holding.releases for table in count_tables(holding, release)]
    for table in tables:
        _shown(table, verdict)
    left = _solve(holding, tables, verdict, together=True)
    if left:
        verdict.note("groups of cells that no one set of counts fits: judged by release", left)
        for release in holding.releases:
            own = [table for table in tables if table.release is release]
            odd = _solve(holding, own, verdict, together=False)
            verdict.note(f"{release.label}: groups of cells that no counts fit: not judged", odd)
    return verdict


def _shown(table: CountTable, verdict: Verdict) -> None:
    policy = table.policy
    label = f"{table.release.label}: {table.name}"
    for count in set(table.counts) - OUTSIDE:
        shown = [row[count] for row in table.rows if not table.hidden(row, count)]
        verdict.look("cells", len(table.rows), table.release.label)
        small = sum(0 < value < policy.small_number_threshold for value in shown)
        verdict.find(f"{label}.{count}: shown below {policy.small_number_threshold}", small)
        if policy.rounding_base > 1:
            exact = sum(
                value >= policy.small_number_threshold and value % policy.rounding_base != 0
                for value in shown
            )
            verdict.note(f"{label}.{count}: shown unrounded", exact)


def _solve(holding: Holding, tables: list[CountTable], verdict: Verdict, *, together: bool) -> int:
    """Bound hidden cells; return how many groups of cells contradict themselves."""
    relations, hidden, bricks = Relations(), {}, {}
    unknowns = _Unknowns(tables, together)
    for table in tables:
        _add_cells(table, relations, hidden, unknowns)
        bricks |= _bricks(holding, table)
    for table in tables:
        _add_totals(table, relations, unknowns)
    remainders = _add_footprints(tables, bricks, relations) if together else {}
    hidden |= remainders
    verdict.look("hidden cells", len(hidden) - len(remainders))
    verdict.look("remainders of nested areas", len(remainders))
    verdict.look("relations", len(relations.sums))
    contradictions = 0
    related = {unknown for factors, *_ in relations.sums for unknown in factors}
    for unknown, table in hidden.items():
        if unknown not in related:
            _judge(unknown, table, relations.intervals[unknown], verdict)
    for part in relations.parts():
        wanted = [unknown for unknown in part.intervals if unknown in hidden]
        if not wanted:
            continue
        verdict.look("hidden cells in sums", len(wanted))
        bounds = part.bounds(wanted)
        if bounds is None and not together:
            # Some may be hidden to protect others: then they are any count but nought.
            part.intervals |= {one: (1, float("inf")) for one in wanted if one[0] != REMAINDER}
            bounds = part.bounds(wanted)
        if bounds is None:
            contradictions += 1
            continue
        for unknown, interval in bounds.items():
            _judge(unknown, hidden[unknown], interval, verdict)
    return contradictions


def _judge(unknown: tuple, table: CountTable, interval: tuple, verdict: Verdict) -> None:
    lowest, highest = interval
    policy = table.policy
    if highest - lowest >= policy.interval_width:
        return
    what = "hidden cells"
    if unknown[0] == REMAINDER:
        # Nobody, or many, may live where two areas differ; a few who are told apart may not.
        if lowest < 1 or highest >= policy.small_number_threshold:
            return
        what = "persons where nested areas differ"
    closeness = "exactly" if highest <= lowest else f"to within {highest - lowest:g}"
    key = f"{table.release.label}: {table.name}.{unknown[-1]}: {what} known {closeness}"
    verdict.find(key, verdict.found.get(key, 0) + 1)


class _Unknowns:
    """Which unknown a cell is: one for all releases that hold it, unless they contradict."""

    def __init__(self, tables: list[CountTable], together: bool) -> None:
        limits: dict[tuple, tuple[float, float]] = {}
        self.together = together
        self.revised: set[tuple] = set()
        for table in tables if together else ():
            for row in table.rows:
                for count in table.counts:
                    key = (table.scope(), table.name, table.where(row), count)
                    low, high = table.interval(row, count)
                    least, most = limits.get(key, (low, high))
                    limits[key] = (max(low, least), min(high, most))
        self.revised = {key for key, (low, high) in limits.items() if low > high}

    def of(self, table: CountTable, place: tuple, count: str) -> tuple:
        """Return the unknown behind a cell."""
        key = (table.scope(), table.name, place, count)
        if not self.together or key in self.revised:
            return (table.release.alias, *key[1:])
        return key


def _add_cells(table: CountTable, relations: Relations, hidden: dict, unknowns: _Unknowns) -> None:
    for row in table.rows:
        for count in table.counts:
            unknown = unknowns.of(table, table.where(row), count)
            lowest, highest = table.interval(row, count)
            low, high = relations.intervals.get(unknown, (lowest, highest))
            relations.intervals[unknown] = (max(lowest, low), min(highest, high))
            if table.hidden(row, count) and count not in OUTSIDE:
                hidden[unknown] = table


def _add_totals(table: CountTable, relations: Relations, unknowns: _Unknowns) -> None:
    places = {table.where(row): row for row in table.rows}
    for column in table.places:
        if column not in ADDITIVE:
            continue
        families: dict[tuple, dict] = defaultdict(dict)
        for place in places:
            others = tuple(pair for pair in place if pair[0] != column)
            families[others][dict(place)[column]] = place
        for family in families.values():
            for whole, parts in _wholes(column, family):
                for count in table.counts:
                    factors = {unknowns.of(table, whole, count): 1.0}
                    for part in parts:
                        factors[unknowns.of(table, part, count)] = -1.0
                    relations.add_sum(factors)


def _wholes(column: str, family: dict) -> Iterator[tuple[tuple, list[tuple]]]:
    """Yield (place of a whole, places of its parts) among the values of one column."""
    aged = family if column == "age_band" else ()
    bands = {value: band for value in aged if (band := band_of(value))}
    values = [value for value in family if not is_total(value)]
    covering = {value: parts for value in bands if (parts := _tiles(bands[value], bands, value))}
    for value, parts in covering.items():
        yield family[value], [family[part] for part in parts]
    inner = {part for parts in covering.values() for part in parts}
    outer = [value for value in values if value not in inner]
    for value in family:
        if is_total(value) and outer:
            yield family[value], [family[part] for part in outer]


def _tiles(whole: tuple, bands: dict, own: str) -> list[str]:
    """Return the widest narrower bands that make up a band without a gap; none where none do."""
    parts, at = [], whole[0]
    while at <= whole[1]:
        fitting = [
            (band[1], value)
            for value, band in bands.items()
            if value != own and band != whole and band[0] == at and band[1] <= whole[1]
        ]
        if not fitting:
            return []
        end, value = max(fitting)
        parts.append(value)
        at = end + 1
    return parts if len(parts) > 1 else []


def _bricks(holding: Holding, table: CountTable) -> dict[str, frozenset]:
    name = holding.table(table.release, "area_bricks")
    found: dict[str, set] = defaultdict(set)
    if name:
        for area, lsoa in holding.rows(f"select area_code, lsoa11 from {name}"):
            found[str(area)].add(str(lsoa))
    return {area: frozenset(lsoas) for area, lsoas in found.items()}


def _add_footprints(tables: list[CountTable], bricks: dict, relations: Relations) -> dict:
    """Relate areas by their bricks; return the unknowns of what one area has beyond another.

    An area that is made of others is their sum; one that holds another is that and a remainder.
    """
    by_others: dict[tuple, dict[str, tuple]] = defaultdict(dict)
    owner: dict[tuple, CountTable] = {}
    for table in tables:
        for row in table.rows if AREA in table.places else ():
            area = row[AREA]
            for count in table.counts if area in bricks else ():
                unknown = ("", table.name, table.where(row), count)
                if unknown in relations.intervals:
                    others = tuple(pair for pair in unknown[2] if pair[0] != AREA)
                    by_others[table.name, others, count][area] = unknown
                    owner[unknown] = table
    remainders = {}
    for family in by_others.values():
        for area, whole in family.items():
            inside = [other for other in family if bricks[other] < bricks[area]]
            for other in inside:
                remainder = (REMAINDER, whole[1], family[other][2], *whole[2:])
                relations.intervals[remainder] = (0, float("inf"))
                relations.add_sum({whole: 1.0, family[other]: -1.0, remainder: -1.0})
                remainders[remainder] = owner[whole]
            disjoint = _disjoint(inside, bricks)
            if disjoint and frozenset().union(*(bricks[one] for one in disjoint)) == bricks[area]:
                relations.add_sum({whole: 1.0} | {family[one]: -1.0 for one in disjoint})
            for other in family:
                if other > area and bricks[other] == bricks[area]:
                    relations.add_sum({whole: 1.0, family[other]: -1.0})
    return remainders


def _disjoint(areas: list[str], bricks: dict) -> list[str]:
    chosen: list[str] = []
    covered: set[str] = set()
    for area in sorted(areas, key=lambda one: (-len(bricks[one]), one)):
        if not covered & bricks[area]:
            chosen.append(area)
            covered |= bricks[area]
    return chosen
