"""Name lists for the generated index: real lists first, then made-up names for the long tail."""

import itertools

import numpy as np

from samples.areas import words
from samples.names import POOLS

_ONSETS = words("B BR C CH CL CR D DR F FL G GL GR H J K L M N P PR R S SH SL ST T TH TR W WH")
_NUCLEI = words("A E I O U AI EA EE OO OU")
_CODAS = words("CK LD LL LT M N ND NG R RD RN RT SS T TT X")
_ENDS = words("BY DEN FIELD FORD HAM KINS LAND LEY MAN SON STON TON WELL WICK WORTH")
_GIVEN_ENDS = {
    "male": ["AN", "AS", "EL", "EN", "IN", "IS", "ON", "OR"],
    "female": ["A", "AH", "ELLE", "ETTE", "IA", "IE", "INA", "Y"],
}


def _filled(first: tuple[str, ...], made_up: list[str], size: int) -> list[str]:
    names = [n.upper() for n in first]
    return list(dict.fromkeys([*names, *made_up]))[:size]


def _shuffled(names: list[str], seed: int) -> list[str]:
    return list(np.random.default_rng(seed).permutation(names))


def family_names(group: int, size: int) -> list[str]:
    """Return up to `size` family names of an ethnic group's pool, commonest first."""
    stems = ["".join(p) for p in itertools.product(_ONSETS, _NUCLEI, _CODAS)]
    made_up = _shuffled(stems + ["".join(p) for p in itertools.product(stems, _ENDS)], 1)
    return _filled(POOLS[group].family, made_up, size)


def given_names(group: int, sex: str, size: int) -> list[str]:
    """Return up to `size` given names ('male' or 'female') of a group's pool, commonest first."""
    stems = ["".join(p) for p in itertools.product(_ONSETS, _NUCLEI, ["L", "N", "R", "S", "V"])]
    ends = _GIVEN_ENDS[sex]
    made_up = _shuffled(["".join(p) for p in itertools.product(stems, ends)], 2)
    return _filled(getattr(POOLS[group], sex), made_up, size)
