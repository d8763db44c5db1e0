"""The general population: households, names, numbers, deaths. One entry of each array a person."""

from dataclasses import dataclass, field

import numpy as np

from samples import nhs_numbers
from samples.areas import AREAS
from samples.codes import ETHNICITY_SHARE
from samples.names import POOLS

REFERENCE = np.datetime64("2017-06-30")
HISTORY_START = np.datetime64("2015-04-01")
NAT = np.datetime64("NaT", "D")
# Share of households by type, and the ages at REFERENCE of their heads as (low, high, mode).
_HOUSEHOLDS = {
    "old_single": (0.25, (65, 101, 83)),
    "old_couple": (0.19, (65, 97, 76)),
    "single": (0.15, (18, 65, 45)),
    "couple": (0.12, (25, 66, 52)),
    "family": (0.13, (24, 52, 38)),
    "lone_parent": (0.05, (20, 50, 34)),
    "multi_generation": (0.05, (30, 58, 45)),
    "old_parents": (0.04, (55, 86, 68)),  # with grown children, often disabled
    "sharers": (0.02, (18, 30, 21)),
}
_SLOTS = 6  # head, partner, three children, grandparent


@dataclass
class Population:
    """Persons (arrays of n) and, once settled, their addresses (see `addresses.py`)."""

    household: np.ndarray
    household_area: np.ndarray  # by household, index into AREAS
    area: np.ndarray
    slot: np.ndarray
    born: np.ndarray  # datetime64[D]
    gender: np.ndarray  # 1 male, 2 female
    ethnicity: np.ndarray  # index into codes.ETHNICITIES
    given: np.ndarray
    family: np.ndarray
    former_family: np.ndarray  # '' unless changed on marriage
    married: np.ndarray  # date of that change, NaT otherwise
    twin_of: np.ndarray  # position of the twin, -1 otherwise
    died: np.ndarray  # datetime64[D], NaT while alive
    nhs_number: np.ndarray  # current number, text
    old_numbers: list[list[str]]  # superseded numbers, oldest first
    in_index: np.ndarray
    confidentiality: np.ndarray  # '' or 'S'
    home: np.ndarray = field(default_factory=lambda: np.empty(0, int))  # care home, -1 none
    home_from: np.ndarray = field(default_factory=lambda: np.empty(0, "M8[D]"))
    home_payer: np.ndarray = field(default_factory=lambda: np.empty(0, int))  # area, -1 self

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.born)

    def age(self, at: np.datetime64 = REFERENCE) -> np.ndarray:
        """Age in whole years at a date, shape (n,), near enough for drawing rates."""
        return ((at - self.born).astype(int) / 365.25).astype(int)


def _members(rng: np.random.Generator, count: int) -> tuple[np.ndarray, ...]:
    """Ages, genders, presence and twin marks of `count` households, each shape (count, 6)."""
    kinds = list(_HOUSEHOLDS)
    share = np.array([_HOUSEHOLDS[k][0] for k in kinds])
    kind = np.array(kinds)[rng.choice(len(kinds), count, p=share / share.sum())]
    age = np.full((count, _SLOTS), -1.0)
    gender = rng.integers(1, 3, (count, _SLOTS))
    for name, (_, (low, high, mode)) in _HOUSEHOLDS.items():
        age[kind == name, 0] = rng.triangular(low, mode, high, (kind == name).sum())
    head = age[:, 0]
    old_single = kind == "old_single"
    gender[old_single, 0] = np.where(rng.random(old_single.sum()) < 0.66, 2, 1)

    paired = np.isin(kind, ["old_couple", "couple", "family", "multi_generation"])
    paired |= (kind == "old_parents") & (rng.random(count) < 0.6)
    age[:, 1] = np.where(paired, (head + rng.normal(0, 3, count)).clip(18, 101), -1)
    same = rng.random(count) < 0.02
    gender[:, 1] = np.where(same, gender[:, 0], 3 - gender[:, 0])
    lone = kind == "lone_parent"
    gender[lone, 0] = np.where(rng.random(lone.sum()) < 0.86, 2, 1)

    children = np.zeros(count, dtype=int)
    with_children = np.isin(kind, ["family", "lone_parent", "multi_generation"])
    children[with_children] = rng.integers(1, 4, with_children.sum())
    grown = kind == "old_parents"
    children[grown] = 1 + (rng.random(grown.sum()) < 0.25)
    gap = np.sort(rng.uniform(19, 38, (count, 3)), axis=1)
    for j in range(3):
        here = children > j
        age[here, 2 + j] = (head - gap[:, j])[here].clip(0.1, 62)
    shared = kind == "sharers"
    age[shared, 1:4] = (head[shared, None] + rng.uniform(-2, 2, (shared.sum(), 3))).clip(18, 40)
    generations = kind == "multi_generation"
    age[generations, 5] = (head + rng.uniform(22, 36, count)).clip(62, 100)[generations]

    # Twins: the second child was born with the first; in half the pairs of the same sex.
    twin = (children >= 2) & (rng.random(count) < np.where(kind == "old_parents", 0.3, 0.06))
    age[twin, 3] = age[twin, 2]
    alike = twin & (rng.random(count) < 0.6)
    gender[alike, 3] = gender[alike, 2]
    return kind, age, gender, twin


def _ethnicities(rng: np.random.Generator, area: np.ndarray, head_age: np.ndarray) -> np.ndarray:
    """Ethnic group of each household by council marginals; older heads are more often white."""
    out = np.zeros(len(area), dtype=int)
    for i, place in enumerate(AREAS):
        share = np.array(ETHNICITY_SHARE.get(place.la_code, ETHNICITY_SHARE[""]))
        for old in (False, True):
            here = np.flatnonzero((area == i) & ((head_age >= 65) == old))
            weight = share * np.where(np.arange(len(share)) < 2, 2.2, 1.0) if old else share
            out[here] = rng.choice(len(share), len(here), p=weight / weight.sum())
    return out


def _draw_names(rng: np.random.Generator, kind: str, group: np.ndarray) -> np.ndarray:
    """Names of one kind for each ethnic group given, shape (n,)."""
    out = np.empty(len(group), dtype=object)
    for g in np.unique(group):
        here = np.flatnonzero(group == g)
        out[here] = POOLS[g].draw(rng, kind, len(here))
    return out


def _deaths(rng: np.random.Generator, age: np.ndarray, last: np.datetime64) -> np.ndarray:
    """Date of death between HISTORY_START and `last`, NaT for survivors; yearly hazard by age."""
    hazard = np.select(
        [age >= 90, age >= 85, age >= 75, age >= 65], [0.17, 0.11, 0.045, 0.016], 3e-3
    )
    days = rng.exponential(365.25 / hazard).clip(max=36500).astype(int)
    died = HISTORY_START + days
    return np.where(died <= last, died, NAT)


def build(rng: np.random.Generator, size: int, last: np.datetime64) -> Population:
    """Draw about `size` persons in households over all areas; deaths run to `last`."""
    count = int(size / 2.1)
    share = np.array([a.share for a in AREAS])
    household_area = rng.choice(len(AREAS), count, p=share / share.sum())
    kind, ages, genders, twin = _members(rng, count)
    group = _ethnicities(rng, household_area, ages[:, 0])
    household, slot = np.nonzero(ages > 0)
    n = len(household)
    age, gender = ages[household, slot], genders[household, slot]
    born = REFERENCE - (age * 365.25).astype(int)

    position = np.full((count, _SLOTS), -1)
    position[household, slot] = np.arange(n)
    twin_of = np.full(n, -1)
    pairs = np.flatnonzero(twin)
    first, second = position[pairs, 2], position[pairs, 3]
    born[second] = born[first]
    twin_of[first], twin_of[second] = second, first

    ethnicity = group[household]
    apart = (slot == 1) & (rng.random(n) < 0.05)
    ethnicity[apart] = 0
    given = np.where(
        gender == 1, _draw_names(rng, "male", ethnicity), _draw_names(rng, "female", ethnicity)
    )
    # Nobody gives both twins one name.
    while (namesakes := second[given[second] == given[first]]).size:
        kind_drawn = np.where(gender[namesakes] == 1, "male", "female")
        given[namesakes] = [
            POOLS[g].draw(rng, k, 1)[0]
            for g, k in zip(ethnicity[namesakes], kind_drawn, strict=True)
        ]
    surname = _draw_names(rng, "family", group)
    own = _draw_names(rng, "family", ethnicity)
    differs = ((slot == 1) & (rng.random(n) < 0.18)) | ((slot == 5) & (rng.random(n) < 0.4))
    differs |= (kind[household] == "sharers") & (slot > 0)
    family = np.where(differs, own, surname[household])

    wed = (gender == 2) & (slot <= 1) & (age > 22) & (age < 60) & (rng.random(n) < 0.05)
    married = np.where(wed, np.datetime64("2009-01-01") + rng.integers(0, 3100, n), NAT)
    former = np.where(wed & (own != family), own, "")
    married = np.where(former != "", married, NAT)

    died = _deaths(rng, age, last)
    chain = rng.choice(4, n, p=[0.962, 0.031, 0.0055, 0.0015])
    numbers = nhs_numbers.issue(rng, n + int(chain.sum()))
    spare = iter(numbers[n:])
    return Population(
        household=household,
        household_area=household_area,
        area=household_area[household],
        slot=slot,
        born=born,
        gender=gender,
        ethnicity=ethnicity,
        given=given,
        family=family,
        former_family=former,
        married=married,
        twin_of=twin_of,
        died=np.where(died > born, died, NAT),
        nhs_number=numbers[:n],
        old_numbers=[[next(spare) for _ in range(c)] for c in chain],
        in_index=np.ones(n, dtype=bool),
        confidentiality=np.where(rng.random(n) < 0.003, "S", "").astype(object),
    )
