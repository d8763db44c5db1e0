"""Who the councils' clients are: service users, carers, and the numbers councils know them by."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from samples.addresses import Addresses
from samples.areas import AREA_BY_CODE, CLIENT_SHARE, COUNCILS, SENDS_NO_NAMES
from samples.geography import Geography
from samples.population import Population

FIRST_SEEN = np.datetime64("2016-07-01")  # start of the first rolling period
_BANDS = ((18, 25, 0.04), (25, 45, 0.11), (45, 65, 0.19), (65, 75, 0.14), (75, 85, 0.24))
_OLDEST = 0.28  # 85 and over
RESIDENTIAL_SHARE, CARER_SHARE, ASSOCIATED_SHARE = 0.11, 0.09, 0.03
_ROLES = {
    "community": 0.36,
    "reablement": 0.25,
    "new_community": 0.13,
    "low_level": 0.09,
    "request": 0.17,
}

Register = Callable[[str, int, str], "Client"]  # council, person, role


@dataclass
class Client:
    """One person as one council knows them. Defect names are 'none' for a sound value."""

    la_code: str
    la_id: str
    person: int
    role: str
    cares_for: list["Client"] = field(default_factory=list)
    moved_on: int | None = None  # day (since 1970) the person left or joined the council's area
    nhs_defect: str = "none"
    nhs_value: str = ""
    nhs_format: str = "plain"
    dob_defect: str = "none"
    dob_value: str = ""
    postcode_defect: str = "none"
    postcode_value: str = ""  # '' means as the council's address history says
    gender_defect: str = "none"
    gender_value: str = ""
    name_defect: str = "none"
    given: str = ""
    family: str = ""
    static: dict[int, str] = field(default_factory=dict)  # person columns that never change
    died_known: int | None = None  # day the council learnt of the death
    died_recorded: bool = False  # whether it filled the date-of-death column


def residents_wanted(persons: int) -> dict[str, int]:
    """Council-funded care-home residents by council."""
    return {c: round(persons * s * RESIDENTIAL_SHARE) for c, s in CLIENT_SHARE.items()}


def _la_id(rng: np.random.Generator, la_code: str, used: set[str]) -> str:
    """An unused client number in the council's own style; leading zeros are meant."""
    while True:
        if la_code == "316":
            value = f"{rng.integers(1, 3_000_000):07d}"
        elif la_code == "306":
            value = f"M{rng.integers(10_000, 1_000_000):06d}"
        else:
            value = f"{rng.integers(1, 600_000):06d}"
        if value not in used:
            used.add(value)
            return value


def _service_users(
    rng: np.random.Generator, people: Population, code: str, wanted: int
) -> np.ndarray:
    """Draw service users living at home: ages as in the national return, whiter than residents."""
    age = people.age(FIRST_SEEN)
    alive = np.isnat(people.died) | (people.died > np.datetime64("2016-10-01"))
    could = np.flatnonzero(
        (people.area == AREA_BY_CODE[code]) & (people.home < 0) & alive & (age >= 18)
    )
    weight = np.zeros(len(could))
    bands = [*_BANDS, (85, 130, _OLDEST)]
    for low, high, share in bands:
        here = (age[could] >= low) & (age[could] < high)
        if here.any():
            weight[here] = share / here.sum()
    weight *= np.where(people.ethnicity[could] == 0, 1.25, 0.75)
    # A disabled grown child at home is a typical client of working age.
    weight *= np.where((people.slot[could] >= 2) & (people.slot[could] <= 4), 2.0, 1.0)
    # Women live longer alone; twins are kept common enough to test tracing on.
    weight *= np.where((people.gender[could] == 2) & (age[could] >= 65), 1.3, 1.0)
    weight *= np.where(people.twin_of[could] >= 0, 3.0, 1.0)
    wanted = min(wanted, len(could) // 2)
    return rng.choice(could, wanted, replace=False, p=weight / weight.sum())


def _carers(
    rng: np.random.Generator, people: Population, code: str, users: list[Client], wanted: int
) -> list[tuple[int, Client]]:
    """Pair carers with the service user they care for: co-residents first, then neighbours."""
    taken = {u.person for u in users}
    adult = (people.age(FIRST_SEEN) >= 18) & (
        np.isnat(people.died) | (people.died > np.datetime64("2017-01-01"))
    )
    by_household: dict[int, list[int]] = {}
    for p in np.flatnonzero((people.area == AREA_BY_CODE[code]) & adult & (people.home < 0)):
        if p not in taken:
            by_household.setdefault(int(people.household[p]), []).append(int(p))
    pairs: list[tuple[int, Client]] = []
    at_home = [u for u in users if u.role != "residential"]
    for i in rng.permutation(len(at_home)):
        if len(pairs) >= wanted * 0.85:
            break
        mates = by_household.get(int(people.household[at_home[i].person]))
        if mates:
            pairs.append((mates.pop(0), at_home[i]))
    used = taken | {p for p, _ in pairs}
    age = people.age(FIRST_SEEN)
    others = [
        int(p)
        for p in np.flatnonzero((people.area == AREA_BY_CODE[code]) & (age > 35) & (age < 78))
        if p not in used and np.isnat(people.died[p]) and people.home[p] < 0
    ]
    missing = min(wanted - len(pairs), len(others))
    for p, i in zip(
        rng.choice(others, missing, replace=False),
        rng.integers(0, len(at_home), missing),
        strict=True,
    ):
        pairs.append((int(p), at_home[i]))
    return pairs


def choose(
    rng: np.random.Generator,
    people: Population,
    addresses: Addresses,
    geography: Geography,
    persons: int,
    last: np.datetime64,
) -> list[Client]:
    """Choose `persons` clients over the three councils and register them; marks who is unindexed.

    A few get a second number in their council, or a record at the council they moved from.
    """
    clients: list[Client] = []
    used: dict[str, set[str]] = {code: set() for code in COUNCILS}

    def register(code: str, person: int, role: str) -> Client:
        client = Client(code, _la_id(rng, code, used[code]), int(person), role)
        clients.append(client)
        return client

    left = persons
    for code in COUNCILS:
        total = left if code == COUNCILS[-1] else round(persons * CLIENT_SHARE[code])
        left -= total
        payer = people.home_payer == AREA_BY_CODE[code]
        users = [register(code, p, "residential") for p in np.flatnonzero(payer)]
        carers = round(total * CARER_SHARE)
        associated = round(total * ASSOCIATED_SHARE)
        wanted = total - carers - associated - len(users)
        roles = rng.choice(list(_ROLES), wanted, p=np.array(list(_ROLES.values())))
        drawn = _service_users(rng, people, code, wanted)
        users += [register(code, p, str(r)) for p, r in zip(drawn, roles, strict=False)]
        for k, (person, user) in enumerate(_carers(rng, people, code, users, carers + associated)):
            carer = register(code, person, "associated" if k % 4 == 3 else "carer")
            carer.cares_for = [user]
    _second_numbers(rng, clients, register)
    _former_councils(addresses, geography, clients, register, persons, last)
    _leave_out_of_index(rng, people, clients, persons)
    return clients


def _second_numbers(rng: np.random.Generator, clients: list[Client], register: Register) -> None:
    """Register about one client in two hundred twice in the same council."""
    firsts = [c for c in clients if c.role in ("community", "reablement", "new_community")]
    for i in rng.choice(len(firsts), max(2, len(clients) // 200), replace=False):
        register(firsts[i].la_code, firsts[i].person, "request")


def _former_councils(
    addresses: Addresses,
    geography: Geography,
    clients: list[Client],
    register: Register,
    persons: int,
    last: np.datetime64,
) -> None:
    """Give clients who moved between councils a record at the one they left."""
    spell_area = geography.area[addresses.postcode]
    by_code = {AREA_BY_CODE[c]: c for c in COUNCILS}
    wanted = max(1, persons // 125)
    for client in list(clients):
        if wanted == 0:
            return
        if client.role not in ("community", "new_community", "reablement"):
            continue
        first, end = np.searchsorted(addresses.person, [client.person, client.person + 1])
        for k in range(first + 1, end):
            start = addresses.start[k]
            came = by_code.get(int(spell_area[k - 1]))
            if (
                came
                and came != client.la_code
                and by_code.get(int(spell_area[k])) == client.la_code
                and FIRST_SEEN + 20 < start < last - 60
            ):
                client.role, client.moved_on = "transfer", int(start.astype(int))
                register(came, client.person, "left").moved_on = client.moved_on
                wanted -= 1
                break


def _leave_out_of_index(
    rng: np.random.Generator, people: Population, clients: list[Client], persons: int
) -> None:
    """Take about 3 % of clients out of the patient index, most of them with relatives in it.

    Twins of one gender stay in it where the council sends no names: date of birth, gender and
    postcode are then those of the twin, and no evidence in the record can tell the two apart.
    """
    size = np.bincount(people.household)
    twin = people.twin_of
    alike = (twin >= 0) & (people.gender == people.gender[twin])
    nameless = {c.person for c in clients if c.la_code in SENDS_NO_NAMES}
    could = {c.person for c in clients if not (alike[c.person] and c.person in nameless)}
    with_kin = sorted(p for p in could if size[people.household[p]] > 1)
    alone = sorted(could - set(with_kin))
    wanted = max(2, round(persons * 0.03))
    kin = min(len(with_kin), round(wanted * 0.8))
    people.in_index[rng.choice(with_kin, kin, replace=False)] = False
    people.in_index[rng.choice(alone, min(wanted - kin, len(alone)), replace=False)] = False
    # An unindexed person cannot also be a sensitive or renumbered one.
    people.confidentiality[~people.in_index] = ""
    for p in np.flatnonzero(~people.in_index):
        people.old_numbers[p] = []
