"""Fingerprint joins: do persons match one to one between two recipients without any token?

A match is a pair that is unique in both files by the same shared columns. Many are coincidence,
and the attacker can tell how many: pairs that contradict each other by sex, age or place, and pairs
found after the sexes of one file are exchanged, are all wrong; the others are wrong as often.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from attack.codes import is_whole, may_be_same
from attack.holding import Holding
from attack.persons import HIDDEN, Person, PersonFile, person_file
from attack.verdict import Verdict

ID = "fingerprint-join"
SENTENCE = "Do persons match one to one between two recipients by what both files show?"

PUBLIC, SEX = "public attributes", "sex"
_OTHER = {"Female": "Male", "Male": "Female"}
_SEED, _PAIRS = 7, 4_000
# Hundreds of sets of columns are tried: what chance would give to one of them is no match.
_DEVIATIONS = 3
# When nearly all pairs agree by chance, agreement tells nothing: every match counts.
_TOO_COMMON = 0.9
Shape = Callable[[Person], tuple]


def attack(holding: Holding) -> Verdict:
    """Match the latest releases of every pair of agreements on several sets of shared columns."""
    verdict = Verdict(ID)
    latest = [
        held
        for _, releases in holding.by_agreement()
        if (held := person_file(holding, releases[-1])) and held.persons
    ]
    for left, right in combinations(latest, 2):
        verdict.look("pairs of agreements", 1, left.release.label, right.release.label)
        fewest = min(len(left.persons), len(right.persons))
        limit = left.release.policy.fingerprint_share
        chance = _chance(left, right)
        pair = f"{left.release.agreement} and {right.release.agreement}"
        for what, ours, theirs in _column_sets(left, right):
            verdict.look("sets of columns", 1)
            mine, others = _unique(left, ours), _unique(right, theirs)
            pairs = [(mine[shown], others[shown]) for shown in mine.keys() & others.keys()]
            if PUBLIC in what:
                likely = _beyond_swapped(left, right, pairs, mine, theirs)
            else:
                likely = _beyond_chance([_agree(left, a, right, b) for a, b in pairs], chance)
            verdict.note(f"{pair}: unique pairs by one set of columns, right or wrong", len(pairs))
            if likely > limit * fewest:
                verdict.find(f"{pair}: likely matches by {what}, over {limit:.0%}", likely)
    return verdict


def _unique(held: PersonFile, shape: Shape) -> dict[tuple, Person]:
    shown = [(shape(person), person) for person in held.persons.values()]
    counted = Counter(what for what, _ in shown)
    return {what: person for what, person in shown if counted[what] == 1}


def _agree(left: PersonFile, one: Person, right: PersonFile, other: Person) -> bool:
    """Say whether two persons may be the same: no public attribute of theirs contradicts."""
    theirs = dict(zip(right.public_columns, other.public[0], strict=True))
    return all(
        may_be_same(cell, theirs[column])
        for column, cell in zip(left.public_columns, one.public[0], strict=True)
        if column in theirs
    )


def _chance(left: PersonFile, right: PersonFile) -> float:
    """Return the share of pairs drawn at random that may be the same."""
    chooser = random.Random(_SEED)  # noqa: S311  a sample, no secret
    ours, theirs = list(left.persons.values()), list(right.persons.values())
    pairs = [(chooser.choice(ours), chooser.choice(theirs)) for _ in range(_PAIRS)]
    return sum(_agree(left, a, right, b) for a, b in pairs) / _PAIRS


def _beyond_chance(agreeing: list[bool], chance: float) -> int:
    """Estimate how many matches are right at least: wrong ones agree as often as random pairs."""
    matches = len(agreeing)
    if not matches or chance > _TOO_COMMON:
        return matches
    expected = matches * chance
    spread = math.sqrt(expected * (1 - chance))
    return max(0, round((sum(agreeing) - expected - _DEVIATIONS * spread) / (1 - chance)))


def _beyond_swapped(
    left: PersonFile, right: PersonFile, pairs: list, mine: dict, theirs: Shape
) -> int:
    """Estimate how many matches are right at least: with the sexes of a file exchanged none is.

    Persons whose sex is not shown are taken to be right as often as the others.
    """
    if SEX not in left.public_columns or SEX not in right.public_columns:
        return len(pairs)
    position = right.public_columns.index(SEX)

    def exchanged(person: Person) -> Person:
        rows = tuple(
            (*row[:position], _OTHER.get(row[position], row[position]), *row[position + 1 :])
            for row in person.public
        )
        return replace(person, public=rows)

    place = left.public_columns.index(SEX)
    sexed = sum(one.public[0][place] in _OTHER for one, _ in pairs)
    wrong = sum(
        mine[shown].public[0][place] in _OTHER
        for shown in _unique(right, lambda person: theirs(exchanged(person))).keys() & mine.keys()
    )
    # Two counts of wrong matches, here and after the exchange, differ by chance.
    margin = _DEVIATIONS * math.sqrt(2 * (wrong + 1))
    share = max(0.0, (sexed - wrong - margin) / sexed) if sexed else 1.0
    return round(len(pairs) * share)


def _column_sets(left: PersonFile, right: PersonFile) -> Iterator[tuple[str, Shape, Shape]]:
    """Yield (name, shape of the left persons, shape of the right persons)."""
    parts: dict[str, tuple[Shape, Shape]] = {
        PUBLIC: _shared(left, right, "public", "public_columns"),
        "care attributes": _shared(left, right, "care", "care_columns"),
        "care events": (lambda one: one.care_rows, lambda one: one.care_rows),
        "health attributes": _shared(left, right, "health", "health_columns"),
        "health activity": (lambda one: one.health_rows, lambda one: one.health_rows),
    }
    for count in range(1, len(parts) + 1):
        for chosen in combinations(parts, count):
            ours = [parts[name][0] for name in chosen]
            theirs = [parts[name][1] for name in chosen]
            yield ", ".join(chosen), _together(ours), _together(theirs)


def _together(shapes: list[Shape]) -> Shape:
    return lambda person: tuple(shape(person) for shape in shapes)


def _shared(left: PersonFile, right: PersonFile, side: str, columns: str) -> tuple[Shape, Shape]:
    """Return how a side of a person shows in the columns of both files, in one order.

    Codes of whole areas are left out: each recipient's is its own.
    """
    names = sorted(set(getattr(left, columns)) & set(getattr(right, columns)))

    def shape(held: PersonFile) -> Shape:
        positions = [getattr(held, columns).index(name) for name in names]
        return lambda person: tuple(
            tuple(HIDDEN if is_whole(row[position]) else row[position] for position in positions)
            for row in getattr(person, side)
        )

    return shape(left), shape(right)
