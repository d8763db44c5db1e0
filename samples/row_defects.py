"""Defects planted in single rows of a submission, by name, and how each damages the row."""

import numpy as np

from samples.codes import COLUMN, ETHNICITIES

# Share of events, by defect; most stay in every submission, a quarter are mended later.
ROW_SHARE = {
    "blank_la_person_unique_identifier": 0.0010,
    "blank_event_type": 0.0008,
    "blank_event_start_date": 0.0015,
    "blank_client_type": 0.0008,
    "blank_event_outcome": 0.0015,
    "blank_accommodation_status": 0.0010,
    "off_list_value": 0.0020,
    "nhs_ethnic_code": 0.0015,
    "capitals_only": 0.0020,
    "end_before_start": 0.0015,
    "start_before_april_2014": 0.0010,
    "unreadable_date": 0.0012,
    "other_la_code": 0.0008,
    "dfe_la_code": 0.0004,
}
_OFF_LIST = {
    "Accommodation Status": "Lives alone",
    "Event Outcome": "Awaiting allocation",
    "Primary Support Reason": "Frailty",
    "Client Type": "Client",
}
_DFE = {"316": "341", "306": "352", "308": "354"}
_UNREADABLE = ("31/02/2017", "tbc", "00/00/0000", "12/2016", "2017")


def pick(rng: np.random.Generator, size: int) -> np.ndarray:
    """Defect name of each of `size` events, '' for most, shape (size,)."""
    names = ["", *ROW_SHARE]
    share = [1 - sum(ROW_SHARE.values()), *ROW_SHARE.values()]
    return np.array(names, dtype=object)[rng.choice(len(names), size, p=share)]


def damage(name: str, row: list[object], code: str, ethnicity: int) -> str | None:
    """Damage a row (values by COLUMN, days as numbers); returns the column hit, None if unfit."""
    start, end = COLUMN["Event Start Date"], COLUMN["Event End Date"]
    if not row[COLUMN["Event Type"]] and name != "blank_la_person_unique_identifier":
        return None  # a carer known by association has no event to damage
    seed = int(row[start] or 0)
    if name.startswith("blank_"):
        column = next(h for h in COLUMN if h.lower().replace(" ", "_") == name[6:])
        if row[COLUMN[column]] is None:
            return None
        row[COLUMN[column]] = None
        return column
    if name == "off_list_value":
        column = list(_OFF_LIST)[seed % len(_OFF_LIST)]
        if row[COLUMN[column]] is None:
            return None
        row[COLUMN[column]] = _OFF_LIST[column]
        return column
    if name == "nhs_ethnic_code":
        row[COLUMN["Ethnicity"]] = ETHNICITIES[ethnicity][1]
        return "Ethnicity"
    if name == "capitals_only":
        column = ("Client Type", "Event Type", "Accommodation Status")[seed % 3]
        value = str(row[COLUMN[column]])
        row[COLUMN[column]] = value.upper() if seed % 2 else value.lower()
        return column
    if name == "end_before_start":
        if row[end] is None:
            return None
        row[end] = seed - 3 - seed % 20
        return "Event End Date"
    if name == "start_before_april_2014":
        row[start] = seed - 365 * (4 + seed % 9)
        return "Event Start Date"
    if name == "unreadable_date":
        column = "Event End Date" if row[end] is not None and seed % 2 else "Event Start Date"
        row[COLUMN[column]] = _UNREADABLE[seed % len(_UNREADABLE)]
        return column
    if name == "other_la_code":
        row[COLUMN["LA Code"]] = {"316": "315", "306": "309", "308": "306"}[code]
        return "LA Code"
    row[COLUMN["LA Code"]] = _DFE[code]
    return "LA Code"
