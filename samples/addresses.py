"""Address histories: where each person lived, with which practice, and moves into care homes."""

from dataclasses import dataclass

import numpy as np

from samples.areas import AREA_BY_CODE, AREAS, NEIGHBOURS
from samples.geography import Geography, practice_of
from samples.population import NAT, Population

_SCALE, _SHIFT = 1_000_000, 500_000  # days of one person's key; keeps days before 1970 positive


@dataclass
class Addresses:
    """Address spells (arrays of m), ordered by person, then start; open spells end in NaT."""

    person: np.ndarray
    postcode: np.ndarray  # position in Geography
    practice: np.ndarray  # position in Geography
    start: np.ndarray
    end: np.ndarray
    last: np.ndarray  # bool: the person's latest spell
    care_home: np.ndarray  # bool: spell in a care home

    def __post_init__(self) -> None:
        """Make the search key of `at`: person, then day."""
        self.key = self.person * _SCALE + self.start.astype(int) + _SHIFT

    def at(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Position of the spell each person lived in on a day, shape as given."""
        wanted = np.asarray(person) * _SCALE + np.asarray(day, dtype="M8[D]").astype(int) + _SHIFT
        found = np.searchsorted(self.key, wanted, side="right") - 1
        # Before the first known spell the first one stands in.
        first = np.searchsorted(self.person, person, side="left")
        return np.maximum(found, first)


def place_in_homes(
    rng: np.random.Generator,
    people: Population,
    geography: Geography,
    funded: dict[str, int],
    last: np.datetime64,
) -> None:
    """Choose care-home residents and the date they moved in; sets `home*` on the population.

    `funded` gives council-funded residents by council; another third pay for themselves. About one
    in eight is placed in a neighbouring area, the council still paying.
    """
    n = len(people)
    people.home = np.full(n, -1)
    people.home_payer = np.full(n, -1)
    people.home_from = np.full(n, NAT)
    age = people.age()
    home_area = geography.area[geography.home_postcode]
    for code, wanted in funded.items():
        area = AREA_BY_CODE[code]
        near = [AREA_BY_CODE[c] for c in NEIGHBOURS[code]]
        alive = np.isnat(people.died) | (people.died > np.datetime64("2016-10-31"))
        could = np.flatnonzero((people.area == area) & (age >= 66) & alive & (people.slot != 5))
        weight = np.exp((age[could] - 85) / 8.0).clip(0.02, 3)
        total = min(len(could), wanted + wanted // 3)
        chosen = rng.choice(could, total, replace=False, p=weight / weight.sum())
        away = rng.random(total) < 0.125
        own_homes = np.flatnonzero(home_area == area)
        near_homes = np.flatnonzero(np.isin(home_area, near))
        people.home[chosen] = np.where(
            away, rng.choice(near_homes, total), rng.choice(own_homes, total)
        )
        people.home_payer[chosen[:wanted]] = area
        stop = np.minimum(np.where(np.isnat(people.died[chosen]), last, people.died[chosen]), last)
        back = 25 + rng.exponential(480, total).clip(max=1050).astype(int)
        entered = np.maximum(stop - back, np.datetime64("2014-05-01"))
        people.home_from[chosen] = entered
        # About a quarter of residents die in a year, more than others of their age.
        lived = 21 + rng.exponential(365.25 / 0.2, total).clip(max=36500).astype(int)
        death = np.maximum(entered, np.datetime64("2016-11-01")) + lived
        known = people.died[chosen]
        people.died[chosen] = np.where(np.isnat(known) & (death <= last), death, known)


def settle(
    rng: np.random.Generator, people: Population, geography: Geography, last: np.datetime64
) -> Addresses:
    """Give every person an address history from before 2015 to the end of the data."""
    n = len(people)
    count = len(people.household_area)
    now, before = np.empty(count, int), np.empty(count, int)
    options = [geography.residential(i) for i in range(len(AREAS))]
    ended = [
        np.flatnonzero((geography.area == i) & (geography.terminated > 0))
        for i in range(len(AREAS))
    ]
    origin = people.household_area.copy()
    elsewhere = rng.random(count) < 0.16
    origin[elsewhere] = rng.integers(0, len(AREAS), elsewhere.sum())
    for i in range(len(AREAS)):
        here = np.flatnonzero(people.household_area == i)
        now[here] = rng.choice(options[i], len(here))
        there = np.flatnonzero(origin == i)
        before[there] = rng.choice(options[i], len(there))
        if len(ended[i]):
            # Some left houses whose postcode has since been withdrawn.
            gone = there[rng.random(len(there)) < 0.08]
            before[gone] = rng.choice(ended[i], len(gone))
    span = (last - np.datetime64("2012-01-01")).astype(int)
    moved = np.where(
        rng.random(count) < 0.17,
        np.datetime64("2012-01-01") + rng.integers(0, span, count),
        np.datetime64("1985-01-01") + rng.integers(0, 9500, count),
    )
    withdrawn = geography.terminated[before]
    closed = np.array([f"{t // 100}-{t % 100:02d}-01" if t else "NaT" for t in withdrawn], "M8[D]")
    moved = np.where(withdrawn > 0, np.fmin(moved, closed), moved)

    hh = people.household
    joined = np.where(people.slot == 1, rng.random(n) < 0.04, rng.random(n) < 0.012)
    own_move = np.datetime64("2012-06-01") + rng.integers(0, span - 160, n)
    own_before = rng.permutation(now)[rng.integers(0, count, n)]
    own_move = np.maximum(own_move, moved[hh] + 30)
    joined &= (own_move < last) & (own_move > people.born)

    person, postcode, start, care = [], [], [], []

    def add(who: np.ndarray, where: np.ndarray, since: np.ndarray, home: bool = False) -> None:
        person.append(who)
        postcode.append(where)
        start.append(since)
        care.append(np.full(len(who), home))

    everyone = np.arange(n)
    earlier = np.flatnonzero((moved[hh] > np.datetime64("2012-01-01")) & (people.born < moved[hh]))
    settled = np.maximum(people.born, np.datetime64("1970-01-01") + rng.integers(0, 14000, n))
    settled = np.minimum(settled, moved[hh] - 1)
    add(earlier, before[hh[earlier]], np.maximum(settled, people.born)[earlier])
    late = np.flatnonzero(joined)
    add(everyone, np.where(joined, own_before, now[hh]), np.maximum(moved[hh], people.born))
    add(late, now[hh[late]], own_move[late])
    resident = np.flatnonzero(people.home >= 0)
    add(resident, geography.home_postcode[people.home[resident]], people.home_from[resident], True)

    who, where = np.concatenate(person), np.concatenate(postcode)
    since, home = np.concatenate(start), np.concatenate(care)
    # Nothing follows the move into a care home or a death.
    keep = home | np.isnat(people.home_from[who]) | (since < people.home_from[who])
    keep &= np.isnat(people.died[who]) | (since <= people.died[who])
    who, where, since, home = who[keep], where[keep], since[keep], home[keep]
    order = np.lexsort((since, who))
    who, where, since, home = who[order], where[order], since[order], home[order]
    final = np.append(who[1:] != who[:-1], True)
    end = np.where(final, NAT, np.append(since[1:], NAT))
    practice = practice_of(rng, geography, where)
    # A move within one area often keeps the practice.
    for i in np.flatnonzero(~final):
        same_area = geography.area[where[i]] == geography.area[where[i + 1]]
        if same_area and rng.random() < 0.6:
            practice[i + 1] = practice[i]
    return Addresses(who, where, practice, since, end, final, home)
