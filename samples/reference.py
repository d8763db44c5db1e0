"""Reference files: postcode directory, GP practices, small-area population."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from samples.areas import AREAS, words
from samples.geography import Geography

ONSPD_HEADER = list(
    words(
        "pcd pcd2 pcds dointr doterm oscty ced oslaua osward parish usertype oseast1m osnrth1m "
        "osgrdind oshlthau nhser ctry rgn streg pcon eer teclec ttwa pct nuts statsward oa01 "
        "casward park lsoa01 msoa01 ur01ind oac01 oa11 lsoa11 msoa11 wz11 ccg bua11 buasd11 "
        "ru11ind oac11 lat long lep1 lep2 pfa imd calncv stp "
    )
)
AGE_BANDS = [f"{a}-{a + 4}" for a in range(0, 90, 5)] + ["90+"]
# Percent of residents by five-year band, North West of England in the round, mid-2017.
_AGE_SHARE = np.array(
    [6.3, 6.3, 5.8, 5.6, 6.9, 7.0, 6.8, 6.3, 5.9, 6.7, 7.0, 6.3, 5.5, 5.3, 4.6, 3.2, 2.4, 1.4, 0.7]
)
_FEMALE = np.array([0.49] * 6 + [0.50] * 6 + [0.51, 0.515, 0.52, 0.54, 0.57, 0.62, 0.71])


def write_postcodes(path: Path, geography: Geography) -> int:
    """Write the postcode directory, one row a synthetic postcode; returns rows."""
    n = len(geography.pcds)
    table = pd.DataFrame("", index=range(n), columns=ONSPD_HEADER, dtype=object)
    outward = [p.split(" ")[0] for p in geography.pcds]
    inward = [p.split(" ")[1] for p in geography.pcds]
    table["pcd"] = [f"{o:<4}{i}" for o, i in zip(outward, inward, strict=True)]
    table["pcd2"] = [f"{o:<4} {i}" for o, i in zip(outward, inward, strict=True)]
    table["pcds"] = geography.pcds
    table["dointr"] = geography.introduced
    table["doterm"] = [t or "" for t in geography.terminated]
    table["oslaua"] = [AREAS[a].la_ons for a in geography.area]
    table["usertype"] = np.where(geography.kind == 2, "1", "0")
    table["osgrdind"] = "1"
    table["ctry"] = "E92000001"
    table["rgn"] = "E12000002"
    table["lsoa11"] = geography.lsoa
    table["msoa11"] = geography.msoa
    table["ccg"] = [AREAS[a].ccg_ons for a in geography.area]
    table["imd"] = geography.imd
    table.sort_values("pcds").to_csv(path, index=False, lineterminator="\n")
    return n


def write_practices(path: Path, geography: Geography) -> int:
    """Write practices in the 27-column layout without header; returns rows."""
    rows = []
    for i, code in enumerate(geography.practice_code):
        area = AREAS[geography.practice_area[i]]
        row = [""] * 27
        row[0], row[1], row[2], row[3] = code, geography.practice_name[i], "Y54", "Q83"
        row[4], row[7] = f"{i + 1} HIGH STREET", area.name.upper()
        row[9] = geography.pcds[geography.practice_postcode[i]]
        row[10], row[12], row[13], row[14] = "19740401", "ACTIVE", "B", area.ccg_ods
        row[15], row[21] = "20170401" if area.ccg_ods == "14L" else "20130401", "0"
        row[23], row[25] = area.ccg_ods, "4"
        rows.append(row)
        if i % 12 == 5:
            # A closed practice and a walk-in centre of the same area, as the real file holds both.
            closed, centre = list(row), list(row)
            closed[0], closed[1] = f"{code[:3]}6{i % 100:02d}", "CLOSED " + row[1]
            closed[11], closed[12], closed[16] = "20160331", "INACTIVE", "20160331"
            centre[0], centre[1], centre[25] = f"Y0{2000 + i}", "WALK-IN CENTRE " + area.name, "1"
            rows += [closed, centre]
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    return len(rows)


def write_population(path: Path, rng: np.random.Generator) -> int:
    """Write residents by LSOA, age band, sex and mid-year 2016, 2017; returns rows."""
    frames = []
    for area in AREAS:
        lsoas = np.array(area.lsoas, dtype=object)
        size = rng.normal(1650, 190, len(lsoas)).clip(1050, 2800)
        shape = _AGE_SHARE * rng.lognormal(0, 0.18, (len(lsoas), len(_AGE_SHARE)))
        residents = size[:, None] * shape / shape.sum(axis=1, keepdims=True)
        for year, growth in ((2016, 1.0), (2017, 1.006)):
            for sex, part in (("male", 1 - _FEMALE), ("female", _FEMALE)):
                frames.append(
                    pd.DataFrame(
                        {
                            "lsoa11": np.repeat(lsoas, len(AGE_BANDS)),
                            "age_band": np.tile(AGE_BANDS, len(lsoas)),
                            "sex": sex,
                            "population": np.rint(residents * part * growth).astype(int).ravel(),
                            "year": year,
                        }
                    )
                )
    table = pd.concat(frames, ignore_index=True)
    table.sort_values(["year", "lsoa11", "sex"], kind="stable").to_csv(
        path, index=False, lineterminator="\n"
    )
    return len(table)
