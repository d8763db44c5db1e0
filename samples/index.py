"""The patient index: persons with superseded numbers, former addresses, former names."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from samples import nhs_numbers
from samples.addresses import Addresses
from samples.geography import Geography
from samples.population import NAT, Population

_TEXT, _DATE = pa.string(), pa.date32()
PERSON = pa.schema(
    [
        ("nhs_number", _TEXT),
        ("given_name", _TEXT),
        ("family_name", _TEXT),
        ("date_of_birth", _DATE),
        ("gender", _TEXT),
        ("postcode", _TEXT),
        ("gp_practice_code", _TEXT),
        ("date_of_death", _DATE),
        ("superseded_by_nhs_number", _TEXT),
        ("confidentiality_code", _TEXT),
    ]
)
ADDRESS = pa.schema(
    [("nhs_number", _TEXT), ("postcode", _TEXT), ("valid_from", _DATE), ("valid_to", _DATE)]
)
NAME = pa.schema(
    [
        ("nhs_number", _TEXT),
        ("given_name", _TEXT),
        ("family_name", _TEXT),
        ("valid_from", _DATE),
        ("valid_to", _DATE),
    ]
)


def write_table(path: Path, columns: dict[str, object], schema: pa.Schema) -> int:
    """Write columns (of one length) as parquet in a schema; NaT and None are null; returns rows."""
    arrays = []
    for item in schema:
        values = columns[item.name]
        if isinstance(values, np.ndarray) and values.dtype.kind == "M":
            arrays.append(pa.array(values).cast(item.type))
        else:
            arrays.append(pa.array(list(values), type=item.type, from_pandas=True))
    table = pa.Table.from_arrays(arrays, schema=schema)
    pq.write_table(table, path, compression="zstd")
    return table.num_rows


def registered(rng: np.random.Generator, people: Population, addresses: Addresses) -> Addresses:
    """Addresses as the index has them: some moves never reported, others late, first dates lost."""
    missed = np.where(addresses.care_home, 0.35, 0.22)
    first = np.append(True, addresses.person[1:] != addresses.person[:-1])
    keep = first | (rng.random(len(first)) >= missed)
    who, start = addresses.person[keep], addresses.start[keep].copy()
    first = np.append(True, who[1:] != who[:-1])
    late = rng.choice([0, 0, 0, 10, 30, 75], len(who))
    start = np.where(first, start, start + late)
    nothing_before = np.isnat(people.died[who]) | (start <= people.died[who]) | first
    who, start = who[nothing_before], start[nothing_before]
    postcode = addresses.postcode[keep][nothing_before]
    practice = addresses.practice[keep][nothing_before]
    home = addresses.care_home[keep][nothing_before]
    order = np.lexsort((start, who))
    who, start, postcode = who[order], start[order], postcode[order]
    practice, home = practice[order], home[order]
    last = np.append(who[1:] != who[:-1], True)
    end = np.where(last, NAT, np.append(start[1:], NAT))
    first = np.append(True, who[1:] != who[:-1])
    start = np.where(first & (rng.random(len(who)) < 0.15), NAT, start)
    return Addresses(who, postcode, practice, start, end, last, home)


def write(
    folder: Path,
    rng: np.random.Generator,
    people: Population,
    addresses: Addresses,
    geography: Geography,
) -> dict[str, int]:
    """Write person, address and name files; returns rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    known = registered(rng, people, addresses)
    keep = people.in_index[known.person]
    current = np.flatnonzero(known.last)
    at = np.full(len(people), -1)
    at[known.person[current]] = current
    persons = np.flatnonzero(people.in_index)
    gender = people.gender[persons].copy()
    gender[rng.random(len(persons)) < 0.003] = 9
    gender[rng.random(len(persons)) < 0.002] = 0
    died = np.where(rng.random(len(persons)) < 0.985, people.died[persons], NAT)
    frame = pd.DataFrame(
        {
            "nhs_number": people.nhs_number[persons],
            "given_name": people.given[persons],
            "family_name": people.family[persons],
            "date_of_birth": people.born[persons],
            "gender": gender.astype(str),
            "postcode": geography.pcds[known.postcode[at[persons]]],
            "gp_practice_code": geography.practice_code[known.practice[at[persons]]],
            "date_of_death": died,
            "superseded_by_nhs_number": None,
            "confidentiality_code": [c or None for c in people.confidentiality[persons]],
        }
    )
    extra = _superseded(rng, people, frame, persons)
    frame = pd.concat([frame, *extra], ignore_index=True).sort_values("nhs_number")
    counts = {"person": _write_frame(folder / "person.parquet", frame, PERSON)}

    history = pd.DataFrame(
        {
            "nhs_number": people.nhs_number[known.person[keep]],
            "postcode": geography.pcds[known.postcode[keep]],
            "valid_from": known.start[keep],
            "valid_to": known.end[keep],
        }
    ).sort_values(["nhs_number", "valid_to"], na_position="last")
    counts["address"] = _write_frame(folder / "address.parquet", history, ADDRESS)

    changed = np.flatnonzero((people.former_family != "") & people.in_index)
    before = pd.DataFrame(
        {
            "nhs_number": people.nhs_number[changed],
            "given_name": people.given[changed],
            "family_name": people.former_family[changed],
            "valid_from": NAT,
            "valid_to": people.married[changed],
        }
    )
    after = before.assign(
        family_name=people.family[changed], valid_from=people.married[changed], valid_to=NAT
    )
    names = pd.concat([before, after[: len(after) // 2]]).sort_values(["nhs_number", "valid_to"])
    counts["name"] = _write_frame(folder / "name.parquet", names, NAME)
    return counts


def _write_frame(path: Path, frame: pd.DataFrame, schema: pa.Schema) -> int:
    columns: dict[str, object] = {}
    for item in schema:
        values = frame[item.name]
        columns[item.name] = (
            values.to_numpy().astype("M8[D]") if item.type == _DATE else values.tolist()
        )
    return write_table(path, columns, schema)


def _superseded(
    rng: np.random.Generator, people: Population, frame: pd.DataFrame, persons: np.ndarray
) -> list[pd.DataFrame]:
    """Rows of superseded numbers, two in five without details, and of a few invalid records."""
    rows, number, by = [], [], []
    for i, p in enumerate(persons):
        chain = [*people.old_numbers[p], people.nhs_number[p]]
        for old, new in pairwise(chain):
            rows.append(i)
            number.append(old)
            by.append(new)
    old = frame.iloc[rows].copy()
    old["nhs_number"], old["superseded_by_nhs_number"] = number, by
    bare = rng.random(len(old)) < 0.4
    details = ["given_name", "family_name", "gender", "postcode", "gp_practice_code"]
    old.loc[bare, details] = None
    old.loc[bare, ["date_of_birth", "date_of_death"]] = NAT
    doubled = np.sort(rng.choice(len(frame), max(2, len(frame) // 1500), replace=False))
    spurious = frame.iloc[doubled].copy()
    taken = {*people.nhs_number, *(n for chain in people.old_numbers for n in chain)}
    fresh = [n for n in nhs_numbers.issue(rng, len(spurious) + 50) if n not in taken]
    spurious["nhs_number"] = fresh[: len(spurious)]
    spurious["confidentiality_code"] = "I"
    return [old, spurious]
