"""Hospital spells and emergency attendances of index persons, some behind a care event."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from samples.addresses import Addresses
from samples.areas import AREAS
from samples.effects import Effect
from samples.geography import Geography
from samples.index import write_table
from samples.population import HISTORY_START, Population

_TEXT, _DATE, _TIME = pa.string(), pa.date32(), pa.timestamp("us")
_MONEY = pa.float64()
SPELL = pa.schema(
    [
        *((name, _TEXT) for name in ("nhs_number", "spell_id", "provider_code")),
        ("admission_date", _DATE),
        ("discharge_date", _DATE),
        ("admission_method", _TEXT),
        ("discharge_method", _TEXT),
        ("discharge_destination", _TEXT),
        ("treatment_function_code", _TEXT),
        ("primary_diagnosis", _TEXT),
        ("hrg_code", _TEXT),
        ("tariff_cost", _MONEY),
        ("gp_practice_code", _TEXT),
        ("lsoa11", _TEXT),
    ]
)
ATTENDANCE = pa.schema(
    [
        *((name, _TEXT) for name in ("nhs_number", "attendance_id", "provider_code")),
        ("arrival_at", _TIME),
        ("departure_at", _TIME),
        *(
            (name, _TEXT)
            for name in (
                "department_type",
                "arrival_mode",
                "discharge_destination",
                "primary_diagnosis",
            )
        ),
        ("tariff_cost", _MONEY),
        ("gp_practice_code", _TEXT),
        ("lsoa11", _TEXT),
    ]
)
_EMERGENCY = ("21", "22", "23", "24", "25", "28", "2A", "2B", "2D")
_EMERGENCY_SHARE = (0.68, 0.09, 0.03, 0.05, 0.02, 0.03, 0.06, 0.03, 0.01)
_ELECTIVE, _ELECTIVE_SHARE = ("11", "12", "13"), (0.5, 0.32, 0.18)
_DIAGNOSES_OLD = ("J189", "N390", "I509", "S720", "I639", "J440", "R296", "A419", "F03X", "K590")
_DIAGNOSES = ("R074", "K359", "F329", "S525", "J459", "L031", "K802", "N200", "T391", "M545")
_HRG = ("DZ11K", "LA04M", "EB03D", "HT12B", "AA35C", "DZ65H", "WH09E", "WJ06E", "FD05B", "AB11Z")


def _rates(people: Population, client: np.ndarray) -> np.ndarray:
    """Spells a person-year, shape (n,): by age, doubled for clients and care-home residents."""
    age = people.age()
    rate = np.select([age >= 85, age >= 75, age >= 65, age >= 18], [0.62, 0.42, 0.26, 0.12], 0.08)
    return rate * np.where(client, 1.7, 1.0) * np.where(people.home >= 0, 1.35, 1.0)


def _spells(
    rng: np.random.Generator,
    people: Population,
    client: np.ndarray,
    planted: list[tuple[int, int, int]],
    last: int,
) -> dict[str, np.ndarray]:
    """Spells (arrays of one length) ordered by person and day; none overlap, planted ones stay."""
    first = int(HISTORY_START.astype(int))
    n = len(people)
    count = rng.poisson(_rates(people, client) * (last - first) / 365.25)
    person = np.repeat(np.arange(n), count)
    admitted = rng.integers(first, last + 1, len(person))
    age = people.age()[person]
    emergency = rng.random(len(person)) < np.where(age >= 75, 0.72, 0.48)
    stay = np.where(emergency, rng.gamma(0.9, 3 + age / 10), rng.exponential(1.2, len(person)))
    discharged = admitted + stay.astype(int)
    fixed = np.zeros(len(person), dtype=bool)

    # Many die in hospital: a last spell that ends with death.
    dying = np.flatnonzero(~np.isnat(people.died) & (rng.random(n) < 0.46))
    death = people.died.astype(int)[dying]
    care = np.array(planted, dtype=np.int64).reshape(-1, 3)
    extra = [dying, care[:, 0]]
    person = np.concatenate([person, *extra])
    admitted = np.concatenate(
        [admitted, death - rng.gamma(1, 7, len(dying)).astype(int), care[:, 1]]
    )
    discharged = np.concatenate([discharged, death, care[:, 2]])
    emergency = np.concatenate([emergency, np.ones(len(dying) + len(care), dtype=bool)])
    fixed = np.concatenate([fixed, np.ones(len(dying) + len(care), dtype=bool)])

    died = np.where(np.isnat(people.died), 10**6, people.died.astype(int))[person]
    born = people.born.astype(int)[person]
    keep = people.in_index[person] & (admitted >= np.maximum(first, born)) & (admitted <= last)
    keep &= (admitted <= died) & (discharged <= died)
    table = {
        "person": person[keep],
        "admitted": admitted[keep],
        "discharged": discharged[keep],
        "emergency": emergency[keep],
        "fixed": fixed[keep],
    }
    order = np.lexsort((~table["fixed"], table["admitted"], table["person"]))
    table = {k: v[order] for k, v in table.items()}
    while True:
        same = table["person"][1:] == table["person"][:-1]
        clash = same & (table["admitted"][1:] <= table["discharged"][:-1])
        if not clash.any():
            return table
        # Of two overlapping spells the one that is not planted goes; else the later one.
        drop_later = clash & ~(table["fixed"][1:] & ~table["fixed"][:-1])
        gone = np.append(False, drop_later) | np.append(clash & ~drop_later, False)
        table = {k: v[~gone] for k, v in table.items()}


def _numbers(rng: np.random.Generator, people: Population, person: np.ndarray) -> np.ndarray:
    """NHS number on each health row; a third of renumbered persons' rows carry an old one."""
    out = people.nhs_number[person].copy()
    renumbered = np.array([bool(old) for old in people.old_numbers])
    for i in np.flatnonzero(renumbered[person] & (rng.random(len(person)) < 0.33)):
        old = people.old_numbers[person[i]]
        out[i] = old[int(rng.integers(len(old)))]
    return out


def _providers(rng: np.random.Generator, area: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Provider trust of each row; one trust of Manchester had another code before October 2017."""
    out = np.empty(len(area), dtype=object)
    for i, place in enumerate(AREAS):
        here = np.flatnonzero(area == i)
        out[here] = rng.choice(np.array(place.providers, dtype=object), len(here))
    early = days < np.datetime64("2017-10-01").astype(int)
    out[early & (out == "R0A")] = "RW3"
    out[~early & (out == "RM2")] = "R0A"
    return out


def write(
    folder: Path,
    rng: np.random.Generator,
    people: Population,
    addresses: Addresses,
    geography: Geography,
    clients: np.ndarray,
    planted: list[tuple[int, int, int]],
    last: int,
    progress: Callable[[object, str], object],
    effect: Effect | None = None,
) -> dict[str, int]:
    """Write both health files up to day `last`; `clients` marks persons in care, shape (n,).

    `effect`, if any, adds attendances to those of some persons.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in progress(("spells", "attendances"), "health activity"):
        if part == "spells":
            spells = _spells(rng, people, clients, planted, last)
            rows = _write_spells(folder, rng, people, addresses, geography, spells, last)
        else:
            attended = _write_attendances(
                folder, rng, people, addresses, geography, clients, spells, last, effect
            )
    return {"admitted_patient_care": rows, "emergency_care": attended}


def _place(
    addresses: Addresses, geography: Geography, person: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Practice code, LSOA and area of each row on its day."""
    at = addresses.at(person, day.astype("M8[D]"))
    postcode = addresses.postcode[at]
    practice = geography.practice_code[addresses.practice[at]]
    return practice, geography.lsoa[postcode], geography.area[postcode]


def _write_spells(
    folder: Path,
    rng: np.random.Generator,
    people: Population,
    addresses: Addresses,
    geography: Geography,
    spells: dict[str, np.ndarray],
    last: int,
) -> int:
    person, admitted, discharged = spells["person"], spells["admitted"], spells["discharged"]
    m = len(person)
    practice, lsoa, area = _place(addresses, geography, person, admitted)
    died = ~np.isnat(people.died[person]) & (people.died.astype(int)[person] == discharged)
    open_still = discharged > last
    method = np.where(
        spells["emergency"],
        rng.choice(_EMERGENCY, m, p=_EMERGENCY_SHARE),
        rng.choice(_ELECTIVE, m, p=_ELECTIVE_SHARE),
    )
    spells["method"] = method
    in_home = addresses.care_home[addresses.at(person, discharged.astype("M8[D]"))]
    destination = np.where(in_home, rng.choice(["85", "54", "65", "19"], m), "19")
    other = ~in_home & (rng.random(m) < 0.05)
    destination[other] = rng.choice(["29", "51", "54", "88"], other.sum())
    destination[died] = "79"
    way = np.where(died, "4", np.where(rng.random(m) < 0.02, "2", "1"))
    old = people.age()[person] >= 65
    diagnosis = np.where(old, rng.choice(_DIAGNOSES_OLD, m), rng.choice(_DIAGNOSES, m))
    stay = (discharged - admitted).clip(0)
    cost = np.round(np.where(spells["emergency"], 650, 900) + stay * 210 + rng.gamma(2, 300, m), 2)

    def none(values: np.ndarray) -> list[object]:
        return [None if o else str(v) for v, o in zip(values, open_still, strict=True)]

    columns = {
        "nhs_number": _numbers(rng, people, person),
        "spell_id": [f"S{i:09d}" for i in rng.permutation(m) + 1],
        "provider_code": _providers(rng, area, admitted),
        "admission_date": admitted.astype("M8[D]"),
        "discharge_date": np.where(open_still, np.datetime64("NaT"), discharged.astype("M8[D]")),
        "admission_method": method,
        "discharge_method": none(way),
        "discharge_destination": none(destination),
        "treatment_function_code": np.where(
            old, rng.choice(["300", "430", "110", "320", "340"], m), rng.choice(["300", "100"], m)
        ),
        "primary_diagnosis": diagnosis,
        "hrg_code": rng.choice(_HRG, m),
        "tariff_cost": cost,
        "gp_practice_code": practice,
        "lsoa11": lsoa,
    }
    return write_table(folder / "admitted_patient_care.parquet", columns, SPELL)


def _write_attendances(
    folder: Path,
    rng: np.random.Generator,
    people: Population,
    addresses: Addresses,
    geography: Geography,
    clients: np.ndarray,
    spells: dict[str, np.ndarray],
    last: int,
    effect: Effect | None,
) -> int:
    first = int(HISTORY_START.astype(int))
    rate = 0.22 + _rates(people, clients) * 0.55
    person = np.repeat(np.arange(len(people)), rng.poisson(rate * (last - first) / 365.25))
    day = rng.integers(first, last + 1, len(person))
    through = spells["method"] == "21"  # admitted by way of the department
    admitted = np.append(np.zeros(len(person), bool), np.ones(through.sum(), bool))
    person = np.concatenate([person, spells["person"][through]])
    day = np.concatenate([day, spells["admitted"][through]])
    died = np.where(np.isnat(people.died), 10**6, people.died.astype(int))[person]
    keep = people.in_index[person] & (day <= died) & (day >= people.born.astype(int)[person])
    person, day, admitted = person[keep], day[keep], admitted[keep]
    if effect:
        emergency = spells["emergency"]
        more, days = effect.more(
            np.concatenate([person, spells["person"][emergency]]),
            np.concatenate([day, spells["admitted"][emergency]]),
        )
        person, day = np.concatenate([person, more]), np.concatenate([day, days])
        admitted = np.concatenate([admitted, np.zeros(len(more), bool)])
    order = np.lexsort((day, person))
    person, day, admitted = person[order], day[order], admitted[order]
    m = len(person)
    practice, lsoa, area = _place(addresses, geography, person, day)
    minute = rng.integers(0, 18 * 60, m)
    arrival = day.astype("M8[D]").astype("M8[us]") + minute.astype("m8[m]")
    stayed = rng.gamma(3, 60, m).astype(int).clip(10, 340).astype("m8[m]")
    kind = np.where(admitted, "01", rng.choice(["01", "03", "04"], m, p=[0.7, 0.2, 0.1]))
    old = people.age()[person] >= 65
    columns = {
        "nhs_number": _numbers(rng, people, person),
        "attendance_id": [f"A{i:09d}" for i in rng.permutation(m) + 1],
        "provider_code": _providers(rng, area, day),
        "arrival_at": arrival,
        "departure_at": arrival + stayed,
        "department_type": kind,
        "arrival_mode": np.where(rng.random(m) < np.where(old, 0.55, 0.2), "1", "2"),
        "discharge_destination": np.where(
            admitted, "01", rng.choice(["02", "03", "12"], m, p=[0.45, 0.5, 0.05])
        ),
        "primary_diagnosis": np.where(
            old, rng.choice(_DIAGNOSES_OLD, m), rng.choice(_DIAGNOSES, m)
        ),
        "tariff_cost": np.round(70 + rng.gamma(2, 45, m), 2),
        "gp_practice_code": practice,
        "lsoa11": lsoa,
    }
    return write_table(folder / "emergency_care.parquet", columns, ATTENDANCE)
