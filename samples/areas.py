"""The councils and neighbours the sample covers: codes, LSOA ranges, outward postcodes, shares.

Council, CCG and LSOA codes of the three councils are the published 2011/2017 ones; the handful of
LSOAs of each neighbour stands in for its whole area.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """One local authority: codes, ranges of codes (inclusive, digits only), population share."""

    name: str
    la_code: str  # three-digit social care code
    la_ons: str
    ccg_ods: str
    ccg_ons: str
    lsoa_ranges: tuple[tuple[int, int], ...]
    first_msoa: int
    outcodes: tuple[str, ...]
    practice_prefix: str
    practices: int
    providers: tuple[str, ...]
    share: float
    council: bool = False

    @property
    def lsoas(self) -> list[str]:
        """LSOA 2011 codes, in code order."""
        return [f"E{n:08d}" for low, high in self.lsoa_ranges for n in range(low, high + 1)]


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Read '1006512-6515 6518' into inclusive ranges; short ends borrow the leading digits."""
    out: list[tuple[int, int]] = []
    lead = ""
    for part in text.split():
        low, _, high = part.partition("-")
        low = low if len(low) > 4 else lead + low
        lead = low[:-4]
        out.append((int(low), int(lead + high) if high else int(low)))
    return tuple(out)


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


LIVERPOOL = _ranges(
    "1006512-6515 6518-6554 6556-6558 6560 6562-6600 6603-6630 6632-6633 6637-6648 6651-6703 "
    "6705-6713 6716-6732 6734-6748 6751-6776 6778-6788 6790-6801 1032505-2511 1033747-3768"
)
MANCHESTER = _ranges(
    "1005061-5063 5065-5079 5081-5094 5097-5108 5111-5126 5128-5130 5132-5133 5135-5136 5138-5143 "
    "5145-5147 5149-5203 5205-5210 5212-5302 5304-5319 1033651-3688"
)
ROCHDALE = _ranges("1005464-5581 5583 5585-5598 1033258")

# Share is of the general population; the three councils hold 88 % of it, 45 : 37 : 18.
AREAS: tuple[Area, ...] = (
    Area(
        "Liverpool", "316", "E08000012", "99A", "E38000101", LIVERPOOL, 2001347,
        words("L1 L2 L3 L4 L5 L6 L7 L8 L9 L11 L12 L13 L15 L17 L18 L19 L24 L25 L27"),
        "N82", 40, ("RQ6", "REM"), 0.396, True,
    ),
    Area(
        "Manchester", "306", "E08000003", "14L", "E38000217", MANCHESTER, 2001045,
        words("M1 M2 M4 M8 M9 M11 M12 M13 M14 M15 M16 M18 M19 M20 M21 M22 M23 M40"),
        "P84", 35, ("R0A", "RM2", "RW6"), 0.3256, True,
    ),
    Area(
        "Rochdale", "308", "E08000005", "01D", "E38000080", ROCHDALE, 2001132,
        ("OL10", "OL11", "OL12", "OL15", "OL16", "M24"), "P86", 18, ("RW6",), 0.1584, True,
    ),
    Area(
        "Knowsley", "315", "E08000011", "01J", "E38000091", ((1006420, 1006429),), 2001330,
        ("L14", "L16", "L32", "L36"), "N83", 5, ("RQ6", "REM"), 0.025,
    ),
    Area(
        "Sefton", "318", "E08000014", "01T", "E38000161", ((1006980, 1006989),), 2001440,
        ("L10", "L20", "L21", "L30"), "N84", 5, ("REM",), 0.025,
    ),
    Area(
        "Salford", "309", "E08000006", "01G", "E38000143", ((1005610, 1005619),), 2001160,
        ("M3", "M5", "M6", "M7"), "P87", 5, ("RM3",), 0.025,
    ),
    Area(
        "Oldham", "307", "E08000004", "00Y", "E38000135", ((1005340, 1005347),), 2001100,
        ("OL1", "OL2", "OL9"), "P85", 4, ("RW6",), 0.016,
    ),
    Area(
        "Bury", "305", "E08000002", "00V", "E38000024", ((1004960, 1004967),), 2001022,
        ("BL8", "BL9", "M25"), "P83", 4, ("RW6",), 0.016,
    ),
    Area(
        "Trafford", "312", "E08000009", "02A", "E38000187", ((1006090, 1006095),), 2001262,
        ("M17", "M32", "M33"), "P91", 3, ("R0A", "RM2"), 0.013,
    ),
)  # fmt: skip

# Where each council places people out of its area.
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "316": ("315", "318"),
    "306": ("309", "312", "307"),
    "308": ("305", "307"),
}
CLIENT_SHARE: dict[str, float] = {"316": 0.45, "306": 0.37, "308": 0.18}
AREA_BY_CODE: dict[str, int] = {area.la_code: i for i, area in enumerate(AREAS)}
COUNCILS: tuple[str, ...] = ("316", "306", "308")
SENDS_NO_NAMES = frozenset({"308"})
