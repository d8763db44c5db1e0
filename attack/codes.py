"""The public coding of releases: bands of ages, areas within areas, `*` for anything."""

import re

from attack.persons import SILENT

_BAND = re.compile(r"^(\d+)\s*(?:-|to)\s*(\d+)$")
_OPEN = re.compile(r"^(\d+)\s*\+$")
# Codes of whole councils and commissioners: an area as wide as the file itself.
_WHOLE = ("E06", "E07", "E08", "E09", "E10", "E38")


def band(text: object) -> tuple[float, float] | None:
    """Return the ages of a band: `band('65-69')` is (65, 69), `band('85+')` ends at infinity."""
    if match := _BAND.match(str(text)):
        return int(match[1]), int(match[2])
    if match := _OPEN.match(str(text)):
        return int(match[1]), float("inf")
    return None


def is_whole(cell: str) -> bool:
    """Say whether a code stands for everybody of the file."""
    return cell in SILENT or cell.startswith(_WHOLE)


def holds(wide: str, fine: str) -> bool:
    """Say whether a code takes in another: `*`, a wider band, a whole area, or the same."""
    if wide == fine or is_whole(wide):
        return True
    outer, inner = band(wide), band(fine)
    return bool(outer and inner and outer[0] <= inner[0] and inner[1] <= outer[1])


def may_be_same(one: str, other: str) -> bool:
    """Say whether two codes can be of one person."""
    return holds(one, other) or holds(other, one)
