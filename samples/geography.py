"""Synthetic postcodes, care homes, council offices and GP practices of the areas covered."""

from dataclasses import dataclass, field

import numpy as np

from samples.areas import AREAS, words

_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_HOME_WORDS = words(
    "Oak Elm Rose Beech Holly Willow Cedar Laurel Ash Park Haven Abbey Moss Priory Grange"
)
_HOME_ENDS = words("House Court Lodge View Manor Gardens Hall Bank")


@dataclass
class Geography:
    """Postcode table (arrays of one length, p postcodes), practices (q) and care homes (h).

    `area` indexes AREAS; `kind` is 0 residential, 1 care home, 2 council office; `terminated` is
    YYYYMM as a number, 0 for a live postcode.
    """

    pcds: np.ndarray
    area: np.ndarray
    lsoa: np.ndarray
    msoa: np.ndarray
    kind: np.ndarray
    introduced: np.ndarray
    terminated: np.ndarray
    imd: np.ndarray
    practice_code: np.ndarray
    practice_name: np.ndarray
    practice_area: np.ndarray
    practice_postcode: np.ndarray
    home_postcode: np.ndarray
    home_nursing: np.ndarray
    home_name: np.ndarray
    home_cqc: np.ndarray
    office: dict[int, int] = field(default_factory=dict)  # area -> postcode

    def residential(self, area: int) -> np.ndarray:
        """Positions of live residential postcodes of an area."""
        return np.flatnonzero((self.area == area) & (self.kind == 0) & (self.terminated == 0))


def _postcodes(rng: np.random.Generator, outcodes: list[str]) -> list[str]:
    """One unused postcode for each outcode asked for, with a single space."""
    used: set[str] = set()
    out = []
    for outcode in outcodes:
        while True:
            digit, first, second = rng.integers(0, [10, len(_INWARD), len(_INWARD)])
            postcode = f"{outcode} {digit}{_INWARD[first]}{_INWARD[second]}"
            if postcode not in used:
                break
        used.add(postcode)
        out.append(postcode)
    return out


def build(rng: np.random.Generator, households: int, homes: int) -> Geography:
    """Lay out postcodes for about `households` homes and `homes` care homes over all areas."""
    rows: list[tuple[int, str, str, int, int, str]] = []  # area, lsoa, msoa, kind, doterm, outcode
    imd: dict[str, int] = {}
    for i, area in enumerate(AREAS):
        lsoas = area.lsoas
        per_lsoa = int(np.clip(households * area.share / len(lsoas) / 9, 4, 60))
        for j, lsoa in enumerate(lsoas):
            # About five LSOAs of neighbouring codes share a middle-layer area and an outward code.
            block = j // 5
            msoa = f"E{area.first_msoa + block:08d}"
            outcode = area.outcodes[block * len(area.outcodes) * 5 // (len(lsoas) + 5)]
            imd[lsoa] = int(32844 * rng.beta(0.7, 1.9)) + 1
            rows += [(i, lsoa, msoa, 0, 0, outcode)] * per_lsoa
            if rng.random() < 0.35:
                ended = int(rng.integers(2013, 2018)) * 100 + int(rng.integers(1, 13))
                rows.append((i, lsoa, msoa, 0, min(ended, 201708), outcode))
            if area.council and j == len(lsoas) // 2:
                rows.append((i, lsoa, msoa, 2, 0, outcode))
    for i, area in enumerate(AREAS):
        lsoas = area.lsoas
        for _ in range(max(1, round(homes * area.share))):
            j = int(rng.integers(len(lsoas)))
            outcode = area.outcodes[j // 5 * len(area.outcodes) * 5 // (len(lsoas) + 5)]
            rows.append((i, lsoas[j], f"E{area.first_msoa + j // 5:08d}", 1, 0, outcode))

    kind = np.array([r[3] for r in rows])
    pcds = np.array(_postcodes(rng, [r[5] for r in rows]), dtype=object)
    areas = np.array([r[0] for r in rows])
    home = np.flatnonzero(kind == 1)
    codes, names, of_area, at = [], [], [], []
    for i, area in enumerate(AREAS):
        places = np.flatnonzero((areas == i) & (kind == 0))
        for number in range(area.practices):
            codes.append(f"{area.practice_prefix}{number * 7 % 1000 + 1:03d}")
            names.append(f"{_HOME_WORDS[number % 15].upper()} STREET SURGERY {number + 1}")
            of_area.append(i)
            at.append(int(rng.choice(places)))
    return Geography(
        pcds=pcds,
        area=areas,
        lsoa=np.array([r[1] for r in rows], dtype=object),
        msoa=np.array([r[2] for r in rows], dtype=object),
        kind=kind,
        introduced=rng.choice([198001, 198001, 198001, 199006, 200212, 201005], len(rows)),
        terminated=np.array([r[4] for r in rows]),
        imd=np.array([imd[r[1]] for r in rows]),
        practice_code=np.array(codes, dtype=object),
        practice_name=np.array(names, dtype=object),
        practice_area=np.array(of_area),
        practice_postcode=np.array(at),
        home_postcode=home,
        home_nursing=rng.random(len(home)) < 0.38,
        home_name=np.array(
            [
                f"{_HOME_WORDS[a]} {_HOME_ENDS[b]}"
                for a, b in rng.integers(0, [len(_HOME_WORDS), len(_HOME_ENDS)], (len(home), 2))
            ],
            dtype=object,
        ),
        home_cqc=np.array([f"1-{n}" for n in rng.integers(10**8, 10**10, len(home))], dtype=object),
        office={int(areas[p]): int(p) for p in np.flatnonzero(kind == 2)},
    )


def practice_of(
    rng: np.random.Generator, geography: Geography, postcodes: np.ndarray
) -> np.ndarray:
    """Practice each address registers with, shape (n,): near-by, seldom across the boundary."""
    out = np.empty(len(postcodes), dtype=np.int64)
    area = geography.area[postcodes]
    seat = postcodes.astype(np.int64)
    for i in range(len(AREAS)):
        mine = np.flatnonzero(area == i)
        if not len(mine):
            continue
        own = np.flatnonzero(geography.practice_area == i)
        first = np.flatnonzero(geography.area == i)[0]
        span = max(1, (geography.area == i).sum())
        # Postcodes stand in area order, so position stands in for nearness.
        near = (seat[mine] - first) * len(own) // span + rng.integers(-1, 2, len(mine))
        out[mine] = own[np.clip(near, 0, len(own) - 1)]
    across = rng.random(len(postcodes)) < 0.05
    out[across] = rng.integers(0, len(geography.practice_code), across.sum())
    return out
