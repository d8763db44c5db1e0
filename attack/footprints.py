"""Nested footprints: does the difference of two files single out those who are in only one?

Two record files show persons of the same places. Subtracting what one shows of a class from what
the other shows leaves those of a sliver between the two areas. Persons shown more coarsely may
belong to the class as well, so that the remainder is bounded, not known.
"""

from collections import Counter
from itertools import permutations

from attack.codes import holds, is_whole, may_be_same
from attack.holding import Holding
from attack.persons import PersonFile, person_file
from attack.verdict import Verdict

ID = "nested-footprints"
SENTENCE = "Do two files differ by a few persons of one place, who are thereby told apart?"


def attack(holding: Holding) -> Verdict:
    """Subtract the latest record files of every two agreements, class by class."""
    verdict = Verdict(ID)
    latest = [
        held
        for _, releases in holding.by_agreement()
        if (held := person_file(holding, releases[-1])) and held.persons
    ]
    for larger, smaller in permutations(latest, 2):
        if set(larger.public_columns) == set(smaller.public_columns):
            _subtract(larger, smaller, verdict)
    return verdict


def _subtract(larger: PersonFile, smaller: PersonFile, verdict: Verdict) -> None:
    k = larger.release.policy.k_persons
    left, right = _shown(larger, larger), _shown(smaller, larger)
    # Only a code with a place of its own means the same people in both files.
    regions = [
        code
        for code in left.keys() | right.keys()
        if any(
            not is_whole(cell) and ("area" in column or "soa" in column)
            for column, cell in zip(larger.public_columns, code, strict=True)
        )
        and _touched(code, left)
        and _touched(code, right)
    ]
    if not regions:
        return
    verdict.look("pairs of agreements", 1, larger.release.label, smaller.release.label)
    verdict.look("classes in places of both", len(regions))
    pinned = persons = 0
    for code in regions:
        # At least those surely of the class in the one, less all who may be of it in the other; at
        # most the other way round.
        least = _inside(code, left) - _touched(code, right)
        most = _touched(code, left) - _inside(code, right)
        if least >= 1 and most < k:
            pinned += 1
            persons += most
    pair = f"{larger.release.agreement} without {smaller.release.agreement}"
    verdict.find(f"{pair}: classes whose remainder is fewer than {k} persons", pinned)
    verdict.find(f"{pair}: persons in those remainders", persons)


def _shown(held: PersonFile, order: PersonFile) -> Counter:
    positions = [held.public_columns.index(column) for column in order.public_columns]
    return Counter(
        tuple(person.public[0][position] for position in positions)
        for person in held.persons.values()
    )


def _inside(code: tuple, shown: Counter) -> int:
    """Count the persons whose own code lies within a code."""
    return sum(
        persons
        for other, persons in shown.items()
        if all(holds(wide, fine) for wide, fine in zip(code, other, strict=True))
    )


def _touched(code: tuple, shown: Counter) -> int:
    """Count the persons who may be of a code, shown as finely or more coarsely."""
    return sum(
        persons
        for other, persons in shown.items()
        if all(may_be_same(one, two) for one, two in zip(code, other, strict=True))
    )
