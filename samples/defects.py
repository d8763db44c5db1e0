"""What councils get wrong about a person: number, date of birth, postcode, gender, name."""

from collections.abc import Callable

import numpy as np

from samples.addresses import Addresses
from samples.clients import Client
from samples.geography import Geography
from samples.nhs_numbers import is_valid
from samples.population import NAT, Population

# Share of client records; the superseded share is drawn among those who have an old number.
NHS_SHARE = {
    "missing": 0.039,
    "malformed": 0.010,
    "transposed": 0.011,
    "one_digit": 0.011,
    "repeated": 0.004,
    "other_person": 0.014,
}
SUPERSEDED_SHARE = 0.48
UNINDEXED_MISSING = 0.45
DOB_SHARE = {
    "missing": 0.003,
    "day_month_swapped": 0.010,
    "one_digit": 0.012,
    "first_of_january": 0.004,
    "placeholder": 0.003,
}
POSTCODE_SHARE = {
    "missing": 0.005,
    "format": 0.06,
    "one_character": 0.012,
    "old_address": 0.08,  # takes effect only for those who moved
    "no_fixed_abode": 0.003,
    "council_office": 0.005,
}


def _pick(rng: np.random.Generator, shares: dict[str, float]) -> str:
    """One defect name, or 'none' for the rest of the probability."""
    draw = rng.random()
    for name, share in shares.items():
        draw -= share
        if draw < 0:
            return name
    return "none"


def _transposed(rng: np.random.Generator, number: str) -> str:
    """Two neighbouring, different digits exchanged, so that the check fails."""
    places = [i for i in range(1, 9) if number[i] != number[i + 1]]
    i = int(rng.choice(places))
    return number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def _one_digit(rng: np.random.Generator, number: str) -> str:
    """One digit replaced, so that the check fails."""
    i = int(rng.integers(1, 10))
    return number[:i] + str((int(number[i]) + int(rng.integers(1, 10))) % 10) + number[i + 1 :]


def _malformed(rng: np.random.Generator, number: str) -> str:
    """A value that cannot be a number: a digit short or long, scientific notation, words."""
    kind = int(rng.integers(0, 5))
    scientific = f"{int(number) / 1e9:.5f}E+09"
    return [number[:9], number + str(rng.integers(10)), scientific, "NOT KNOWN", "TBC"][kind]


def _someone_else(
    rng: np.random.Generator,
    people: Population,
    mates: list[int],
    client: Client,
) -> str:
    """The number of the carer or of another household member; '' when living alone."""
    others = [p for p in mates if p != client.person]
    return people.nhs_number[int(rng.choice(others))] if others else ""


def _nhs(rng: np.random.Generator, people: Population, mates: list[int], client: Client) -> None:
    """Set the number the council holds and name its defect."""
    number = people.nhs_number[client.person]
    old = people.old_numbers[client.person]
    if old and rng.random() < SUPERSEDED_SHARE:
        client.nhs_defect, client.nhs_value = "superseded", old[int(rng.integers(len(old)))]
        return
    defect = _pick(rng, NHS_SHARE)
    if not people.in_index[client.person] and rng.random() < UNINDEXED_MISSING:
        defect = "missing"
    if client.role == "request" and defect == "none" and rng.random() < 0.05:
        defect = "missing"
    value = number
    if defect == "missing":
        value = "NULL" if rng.random() < 0.1 else ""
    elif defect == "malformed":
        value = _malformed(rng, number)
    elif defect == "transposed":
        value = _transposed(rng, number)
    elif defect == "one_digit":
        value = _one_digit(rng, number)
    elif defect == "repeated":
        value = str(rng.choice(list("0123456789"))) * 10
    elif defect == "other_person":
        value = _someone_else(rng, people, mates, client)
        if not value:
            defect, value = "none", number
    if defect in ("transposed", "one_digit") and is_valid(value):
        raise ValueError("a damaged number passed its check")
    client.nhs_defect, client.nhs_value = defect, value
    if defect == "none":
        # Ways of writing that a reader is expected to undo.
        styles = {"spaced": 0.3, "no_break_space": 0.08, "padded": 0.02}
        if client.la_code == "306":
            client.nhs_format = _pick(rng, styles).replace("none", "plain")
        elif client.la_code == "308" and rng.random() < 0.02:
            client.nhs_format = "letter_o" if "0" in value else "full_width"


def _birth(rng: np.random.Generator, people: Population, client: Client) -> None:
    """Set the date of birth the council holds, ISO text, and name its defect."""
    true = people.born[client.person].item()
    defect = _pick(rng, DOB_SHARE)
    day, month, year = true.day, true.month, true.year
    if defect == "day_month_swapped":
        if day > 12 or day == month:
            defect = "one_digit"
        else:
            day, month = month, day
    if defect == "one_digit":
        part = int(rng.integers(3))
        step = int(rng.choice([-1, 1]))
        if part == 0:
            day = day + step if 1 <= day + step <= 28 else 15 if day != 15 else 16
        elif part == 1:
            month = month + step if 1 <= month + step <= 12 else 6
            day = min(day, 28)
        else:
            year += step * int(rng.choice([1, 10])) if year < 1990 else -1
            day = 28 if (month, day) == (2, 29) else day  # another year has no such day
    elif defect == "first_of_january":
        day, month = 1, 1
    elif defect == "placeholder":
        day, month, year = 1, 1, 1900
    value = "" if defect == "missing" else f"{year:04d}-{month:02d}-{day:02d}"
    if defect != "none" and value == true.isoformat():
        defect = "none"
    client.dob_defect, client.dob_value = defect, value


def _postcode(
    rng: np.random.Generator,
    addresses: Addresses,
    geography: Geography,
    client: Client,
    office: int,
) -> None:
    """Set the postcode the council holds when it differs from the true address history."""
    first, end = np.searchsorted(addresses.person, [client.person, client.person + 1])
    spells = range(first, end)
    current = geography.pcds[addresses.postcode[end - 1]]
    defect = _pick(rng, POSTCODE_SHARE)
    if client.role == "residential" and len(spells) > 1 and rng.random() < 0.30:
        defect = "old_address"  # the council still holds the home left behind
    value = ""
    if defect == "missing":
        value = "NULL"
    elif defect == "format":
        value = current.replace(" ", "")
        value = value.lower() if rng.random() < 0.5 else value
    elif defect == "one_character":
        place = len(current) - int(rng.integers(1, 4))
        pool = "ABDEFGHJ" if current[place].isalpha() else "123456789"
        pool = [c for c in pool if c != current[place]]
        value = current[:place] + str(rng.choice(pool)) + current[place + 1 :]
    elif defect == "old_address":
        if len(spells) < 2:
            defect = "none"
        else:
            value = geography.pcds[addresses.postcode[end - 2]]
    elif defect == "no_fixed_abode":
        value = "ZZ99 3VZ"
    elif defect == "council_office":
        value = geography.pcds[office]
    client.postcode_defect, client.postcode_value = defect, value


def _name(rng: np.random.Generator, people: Population, client: Client) -> None:
    """Set the names the council holds: as known, former, shortened, misspelt, in capitals."""
    p = client.person
    given, family, defect = people.given[p], people.family[p], "none"
    draw = rng.random()
    if people.former_family[p] and rng.random() < 0.4:
        family, defect = people.former_family[p], "former_name"
    elif draw < 0.012 and len(given) > 4:
        given, defect = given[:3], "shortened"
    elif draw < 0.024 and len(family) > 4:
        place = int(rng.integers(1, len(family) - 2))
        swapped = family[:place] + family[place + 1] + family[place] + family[place + 2 :]
        family, defect = swapped, "misspelt" if swapped != family else "none"
    elif draw < 0.028:
        given, family, defect = family, given, "names_exchanged"
    elif draw < 0.08:
        given, family = given.upper(), family.upper()
    client.given, client.family, client.name_defect = given, family, defect


def apply(
    rng: np.random.Generator,
    people: Population,
    addresses: Addresses,
    geography: Geography,
    clients: list[Client],
    progress: Callable[[list[Client], str], object],
) -> None:
    """Fill in what each council holds about each client; every error is named on the client."""
    order = np.argsort(people.household, kind="stable")
    edge = np.searchsorted(people.household[order], np.arange(people.household.max() + 2))
    offices = {"316": 0, "306": 1, "308": 2}
    for client in progress(clients, "client records"):
        household = people.household[client.person]
        mates = order[edge[household] : edge[household + 1]].tolist()
        mates += [c.person for c in client.cares_for]
        _nhs(rng, people, mates, client)
        _birth(rng, people, client)
        _postcode(rng, addresses, geography, client, geography.office[offices[client.la_code]])
        _name(rng, people, client)
        label = {1: "Male", 2: "Female"}[int(people.gender[client.person])]
        draw = rng.random()
        if draw < 0.008:
            client.gender_defect, label = "unknown", "Unknown"
        elif draw < 0.010:
            client.gender_defect = "wrong"
            label = "Female" if label == "Male" else "Male"
        client.gender_value = label
        died = people.died[client.person]
        if not np.isnat(died) and died != NAT and rng.random() < 0.96:
            lag = int(rng.choice([3, 10, 25, 60], p=[0.45, 0.35, 0.15, 0.05]))
            client.died_known = int(died.astype(int)) + lag
            client.died_recorded = bool(rng.random() < 0.75)
