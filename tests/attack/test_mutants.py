"""Every attack catches its own mutants, and none sees anything in the good releases."""

from collections import Counter

import pytest
from made_releases import CCG, COUNCIL, make_world, written
from mutants import MUTANTS
from spoiling import cells_that_meet_as_a_number

from attack.cells import CountTable
from attack.identifiers import passes_modulus_11
from attack.policy import Policy
from attack.ratios import is_share
from attack.run import ATTACKS, coalitions, run
from attack.verdict import EMPTY, FOUND


def test_no_attack_succeeds_on_the_good_releases_and_each_examines_something(tmp_path):
    # Given the good releases on disk, and an intruder who knows every third person of them
    holding = written(make_world(), tmp_path)
    # When everything is tried
    verdicts = run(holding)
    # Then nothing is found, and no attack passed for want of anything to look at
    assert {id_: verdict.found for id_, verdict in verdicts.items() if verdict.found} == {}
    assert [id_ for id_, verdict in verdicts.items() if verdict.outcome == EMPTY] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.attack}:{mutant.name}")
def test_a_mutant_is_caught_by_its_own_attack(mutant, tmp_path):
    world = make_world()
    mutant.spoil(world)
    holding = written(world, tmp_path if mutant.on_disk else None)
    verdict = run(holding, only={mutant.attack})[mutant.attack]
    assert verdict.outcome == FOUND


def test_every_attack_has_a_mutant_and_there_are_enough():
    counted = Counter(mutant.attack for mutant in MUTANTS)
    assert set(counted) == {attack.id for attack in ATTACKS}
    assert len(MUTANTS) == len({mutant.name for mutant in MUTANTS}) >= 24


def test_a_sum_that_has_the_digits_of_somebody_s_id_is_noted_and_no_success():
    # Given costs of which one, 49,380, is somebody's id by chance
    world = make_world()
    for place, one in enumerate(world.known):
        one["local_id"] = str(49380 + 7 * place)
    verdict = run(written(world), only={"identifier-scan"})["identifier-scan"]
    assert verdict.found == {}
    assert any(where.endswith("also somebody's own id") for where in verdict.notes)


def test_ten_digits_that_neighbouring_cells_make_in_a_page_are_no_number(tmp_path):
    # Given two cells of a column that stand side by side in the file, together a number
    world = make_world()
    number = cells_that_meet_as_a_number(world)
    holding = written(world, tmp_path)
    assert passes_modulus_11(number)
    assert any(number.encode() in one.file.read_bytes() for one in holding.releases)
    # When the bytes are searched
    verdict = run(holding, only={"identifier-scan"})["identifier-scan"]
    # Then nothing is found
    assert verdict.found == {}


def test_so_many_per_something_is_no_share_though_it_never_goes_beyond_one():
    row = {"use_per_person_month": 1.0, "value": 1.0}
    table = CountTable(None, "panel", (), (), tuple(row), (row,))
    assert is_share(table, "value", 1)
    assert not is_share(table, "use_per_person_month", 1)


def test_coalitions_are_processors_and_those_that_the_policy_names_once_each():
    world = make_world()
    for release in world.releases.values():
        release.manifest["processors"] = []
        release.manifest["policy"]["coalitions"] = ["one_office", "another_name"]
    parties = list(coalitions(written(world)))
    assert parties == [
        (f"recipient of {CCG}", [CCG]),
        (f"recipient of {COUNCIL}", [COUNCIL]),
        ("coalition another_name", [CCG, COUNCIL]),
        ("all together", [CCG, COUNCIL]),
    ]


def test_what_the_policy_says_of_a_product_goes_before_what_it_says_of_all():
    stated = {"k_persons": "20", "products": {"cohort_monthly": {"k_persons": "5"}}}
    assert Policy.of({"policy": stated}, "cohort_monthly").k_persons == 5
    assert Policy.of({"policy": stated}, "linked_persons").k_persons == 20
