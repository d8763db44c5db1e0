"""Councils, small areas, practices and residents of the generated country.

The pilot's three councils are among its 153; the others are made up, as are all small areas. Each
council has a run of postcodes of its own, each small area fifty of them.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

COUNCILS = 153
PILOT = (
    ("316", "Liverpool", "E08000012", "341", "99A", "E38000101"),
    ("306", "Manchester", "E08000003", "352", "14L", "E38000217"),
    ("308", "Rochdale", "E08000005", "354", "01D", "E38000080"),
)
PERSONS_PER_POSTCODE, POSTCODES_PER_LSOA = 36, 50
_POSTCODES_PER_DISTRICT, _PRACTICES_PER_DISTRICT = 480, 4
_BANDS = [f"{age}-{age + 4}" for age in range(0, 90, 5)] + ["90+"]


@dataclass(frozen=True)
class Council:
    """One council: its codes, its postcodes as a half-open range, and how its rows arrive."""

    number: int
    la_code: str
    name: str
    ons_code: str
    dfe_code: str
    ccg_code: str
    ccg_ons_code: str
    first_postcode: int
    next_postcode: int
    by_workbook: bool

    @property
    def is_nameless(self) -> bool:
        """Every third council sends no names."""
        return self.number % 3 == 2


def councils(persons: int, workbooks: int, workbook_share: float) -> list[Council]:
    """Lay out the councils; the first `workbooks` of them hold that share of the postcodes."""
    lsoas = max(COUNCILS, persons // PERSONS_PER_POSTCODE // POSTCODES_PER_LSOA)
    weights = [
        workbook_share / workbooks
        if k < workbooks
        else (1 - workbook_share) / (COUNCILS - workbooks)
        for k in range(COUNCILS)
    ]
    found, edge, done = [], 0, 0.0
    for number, weight in enumerate(weights):
        done += weight
        # At least one small area each, and one left for each to come.
        end = min(max(edge + 1, round(done * lsoas)), lsoas - (COUNCILS - 1 - number))
        codes = PILOT[number] if number < len(PILOT) else (
            str(500 + number), f"Council {number}", f"E10{number:06d}", str(700 + number),
            f"{number:02X}N", f"E38{900 + number:06d}",
        )  # fmt: skip
        postcodes = (edge * POSTCODES_PER_LSOA, end * POSTCODES_PER_LSOA)
        found.append(Council(number, *codes, *postcodes, by_workbook=number < workbooks))
        edge = end
    return found


def write_register(folder: Path, all_councils: list[Council]) -> None:
    """Add councils and CCGs that are not there to the seeds of the register in `folder`."""
    _append(
        folder / "submitting_councils.csv",
        [
            [c.la_code, c.name, c.ons_code, c.dfe_code, "1974-04-01", ""]
            for c in all_councils[len(PILOT) :]
        ],
    )
    ccgs = [
        [c.ccg_code, f"CCG of {c.name}", "ccg", c.ccg_ons_code, "", "2013-04-01", "", "Made up", ""]
        for c in all_councils[len(PILOT) :]
    ]
    senders = [
        [c.la_code, c.name, "council", c.ons_code, c.la_code, "2014-04-01", "", "Made up", ""]
        for c in all_councils[len(PILOT) :]
    ]
    _append(folder / "organisations.csv", senders + ccgs)


def _append(path: Path, rows: list[list[str]]) -> None:
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def make_tables(connection: duckdb.DuckDBPyConnection, all_councils: list[Council]) -> None:
    """Make the table `councils` and the macro `lsoa_of(postcode)`."""
    connection.execute(
        "create or replace temp table councils (number int, la_code varchar, ons_code varchar, "
        "ccg_code varchar, ccg_ons_code varchar, first_postcode bigint, next_postcode bigint, "
        "by_workbook boolean, is_nameless boolean)"
    )
    connection.executemany(
        "insert into councils values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [c.number, c.la_code, c.ons_code, c.ccg_code, c.ccg_ons_code, c.first_postcode,
             c.next_postcode, c.by_workbook, c.is_nameless]
            for c in all_councils
        ],
    )  # fmt: skip
    connection.execute(f"""
        create or replace temp macro lsoa_of(postcode) as
            'E01' || lpad((postcode // {POSTCODES_PER_LSOA})::varchar, 6, '0')
    """)


def write_reference(
    connection: duckdb.DuckDBPyConnection, folder: Path, all_councils: list[Council], persons: int
) -> None:
    """Write the three reference files; `councils` and the macros of the population are there."""
    folder.mkdir(parents=True, exist_ok=True)
    postcodes = max(all_councils[-1].next_postcode, persons // PERSONS_PER_POSTCODE)
    connection.execute(f"""
        copy (
            select postcode_of(p) as pcds, '198001' as dointr, null as doterm,
                c.ons_code as oslaua, lsoa_of(p) as lsoa11,
                'E02' || lpad((c.number * 2000
                    + (p - c.first_postcode) // {5 * POSTCODES_PER_LSOA})::varchar, 6, '0')
                    as msoa11,
                c.ccg_ons_code as ccg, 1 + hash(p // {POSTCODES_PER_LSOA}) % 32844 as imd
            from range({postcodes}) as r (p)
            asof join councils as c on p >= c.first_postcode
        ) to '{folder / "postcode.csv"}' (header)
    """)
    values = {
        1: "practice_of(d, k)", 2: "'SURGERY ' || d || ' ' || k", 3: "'Y54'", 4: "'Q83'",
        10: f"postcode_of(d * {_POSTCODES_PER_DISTRICT})", 11: "'19740401'", 13: "'ACTIVE'",
        14: "'B'", 15: "ccg_code", 16: "'20130401'", 22: "'0'", 24: "ccg_code", 26: "'4'",
    }  # fmt: skip
    selected = ", ".join(f"{values.get(n, 'null')} as c{n}" for n in range(1, 28))
    districts = -(-postcodes // _POSTCODES_PER_DISTRICT)
    connection.execute(f"""
        copy (
            select {selected}
            from range({districts}) as r (d)
            cross join range({_PRACTICES_PER_DISTRICT}) as s (k)
            asof join councils as c on d * {_POSTCODES_PER_DISTRICT} >= c.first_postcode
        ) to '{folder / "gp_practice.csv"}' (header false)
    """)
    bands = ", ".join(f"'{band}'" for band in _BANDS)
    connection.execute(f"""
        copy (
            select lsoa_of(n * {POSTCODES_PER_LSOA}) as lsoa11, age_band, sex,
                20 + hash(n, age_band, sex) % 80 as population, year
            from range({-(-postcodes // POSTCODES_PER_LSOA)}) as r (n)
            cross join (select unnest([{bands}]) as age_band)
            cross join (select unnest(['male', 'female']) as sex)
            cross join (select unnest([2016, 2017]) as year)
        ) to '{folder / "population.csv"}' (header)
    """)
