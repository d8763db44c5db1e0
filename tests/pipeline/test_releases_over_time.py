"""Releases laid on top of each other by their tokens, as a recipient could: read from the files."""

from collections import Counter, defaultdict

import pytest
from test_disclosure import AGREEMENTS, POLICY, QUASI_IDENTIFIERS, known_rows, recipient_type

ABSENT = "absent"
CELL = "month, area_code, age_band, sex, cohort"
COUNTS = ("persons", "starts", "ends")


def shown(reference: str, connection) -> dict[str, tuple]:
    """What the recipient could recognise each person of a release by: token -> attributes, rows."""
    own = "primary_support_reason, care_setting" if recipient_type(reference) == "council" else "''"
    rows = connection.execute(
        f"select person_pseudonym, {QUASI_IDENTIFIERS}, {own} from linked_persons"
    ).fetchall()
    known = known_rows(reference, connection)
    return {token: (*rest, known.get(token, ())) for token, *rest in rows}


def sensitive(reference: str, connection) -> dict[str, str]:
    """The value that must not be told: token -> health to a council, support reason to a CCG."""
    value = "primary_support_reason"
    if recipient_type(reference) == "council":
        value = "emergency_admissions || '|' || emergency_attendances"
    rows = connection.execute(f"select person_pseudonym, {value} from linked_persons").fetchall()
    return dict(rows)


@pytest.fixture(params=sorted(AGREEMENTS), scope="module")
def history(request, warehouse):
    """All releases of an agreement: what each shows, hides and counts, oldest first."""
    told = []
    for folder in warehouse.releases()[request.param]:
        with warehouse.open_release(folder) as connection:
            cells = connection.execute(
                f"select {CELL}, {', '.join(COUNTS)} from cohort_monthly"
            ).fetchall()
            told.append(
                (
                    shown(request.param, connection),
                    sensitive(request.param, connection),
                    {row[:5]: row[5:] for row in cells},
                )
            )
    return request.param, told


def trajectories(told: list) -> dict[str, tuple]:
    """What each token ever shown looked like in every release, absence included."""
    tokens = set().union(*(persons for persons, *_ in told))
    return {token: tuple(persons.get(token, ABSENT) for persons, *_ in told) for token in tokens}


def test_the_releases_differ_in_whom_they_show(warehouse):
    # Guards the tests below against comparing releases with themselves.
    joined = 0
    for folders in warehouse.releases().values():
        tokens = []
        for folder in folders:
            with warehouse.open_release(folder) as connection:
                rows = connection.execute("select person_pseudonym from linked_persons").fetchall()
                tokens.append({token for (token,) in rows})
        assert len(tokens) >= 3
        joined += bool(tokens[-1] - tokens[0])
    assert joined >= len(AGREEMENTS) / 2


def test_no_fewer_than_k_persons_share_what_all_releases_together_show(history):
    reference, told = history
    sizes = Counter(trajectories(told).values())
    assert min(sizes.values()) >= POLICY[recipient_type(reference), "k_persons"]


def test_no_group_told_apart_by_all_releases_shares_one_sensitive_value(history):
    reference, told = history
    kind = recipient_type(reference)
    values = defaultdict(Counter)
    for token, path in trajectories(told).items():
        if path[-1] != ABSENT:
            values[path][told[-1][1][token]] += 1
    assert values
    for counted in values.values():
        assert len(counted) >= POLICY[kind, "l_values"]
        assert max(counted.values()) <= POLICY[kind, "top_share"] * counted.total()


def test_attributes_of_a_person_stay_as_first_shown(history):
    _, told = history
    for token, path in trajectories(told).items():
        seen = {state[:4] for state in path if state != ABSENT}
        assert len(seen) == 1, token


def test_a_cell_is_never_hidden_in_one_release_and_shown_in_another(history):
    _, told = history
    states = defaultdict(set)
    for *_, cells in told:
        for cell, counts in cells.items():
            for name, count in zip(COUNTS, counts, strict=True):
                states[cell, name].add(count is None)
    common = set.intersection(*(set(cells) for *_, cells in told))
    assert common
    assert {len(hidden) for hidden in states.values()} == {1}
