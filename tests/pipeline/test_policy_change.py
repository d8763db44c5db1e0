"""Policy is data: another policy gives other releases, and other judgements, with no other edit."""

import json
import re
import shutil
from datetime import date

import pytest
import test_disclosure
from changed_policy import Changed, change
from test_disclosure import AGREEMENTS, POLICY, recipient_type
from test_releases_over_time import ABSENT, shown, trajectories

NEW = {"k_persons": "20", "batch_persons": "20", "small_number_threshold": "10"}
# A council and a CCG that one processor serves.
TOGETHER = ("ASC-316-LIVERPOOL", "ASC-99A-LIVERPOOL")
REBASED_ON = date(2017, 8, 1)


@pytest.fixture(scope="module")
def stricter(warehouse, tmp_path_factory) -> Changed:
    def edit(row: dict) -> str:
        return NEW.get(row["parameter"], row["value"])

    return change(warehouse, tmp_path_factory.mktemp("stricter"), edit, with_history=False)


@pytest.fixture(scope="module")
def rebased(warehouse, tmp_path_factory) -> Changed:
    def edit(row: dict) -> str:
        return str(REBASED_ON.month) if row["parameter"] == "rebase_month" else row["value"]

    return change(warehouse, tmp_path_factory.mktemp("rebased"), edit, with_history=True)


@pytest.fixture
def as_stricter(monkeypatch):
    """Let the tests of releases judge by the changed policy."""
    for kind, parameter in list(POLICY):
        if parameter in NEW:
            monkeypatch.setitem(POLICY, (kind, parameter), float(NEW[parameter]))


JUDGEMENTS = (
    test_disclosure.test_every_person_looks_like_k_others_by_what_anybody_could_know,
    test_disclosure.test_every_person_looks_like_k_others_by_what_the_recipient_knows_already,
    test_disclosure.test_no_class_tells_the_sensitive_value_of_its_members,
    test_disclosure.test_no_small_count_is_shown_and_every_count_is_rounded,
)


def judgements_passed(warehouse, reference: str) -> list[bool]:
    with warehouse.open_release(warehouse.releases()[reference][-1]) as connection:
        passed = []
        for judge in JUDGEMENTS:
            try:
                judge((reference, connection))
            except AssertionError:
                passed.append(False)
            else:
                passed.append(True)
    return passed


def test_releases_under_a_stricter_policy_hold_by_it_and_those_before_do_not(
    warehouse, stricter, as_stricter
):
    for reference in AGREEMENTS:
        assert all(judgements_passed(stricter.warehouse, reference)), reference
        assert not all(judgements_passed(warehouse, reference)), reference


def test_manifest_ledger_notes_and_attacks_follow_the_policy(warehouse, stricter, tmp_path):
    hashes = {}
    for reference, folders in stricter.warehouse.releases().items():
        manifest = json.loads((folders[-1] / "manifest.json").read_text())
        assert NEW.items() <= manifest["policy"].items()
        before = json.loads((warehouse.releases()[reference][-1] / "manifest.json").read_text())
        assert manifest["policy_hash"] != before["policy_hash"]
        hashes[reference] = manifest["policy_hash"]
        with stricter.warehouse.open_release(folders[-1]) as connection:
            (rule,) = connection.execute(
                "select value from release_notes where note_type = 'rounding'"
            ).fetchone()
        assert re.findall(r"\d+", rule) == ["10", "5"]
    recorded = stricter.warehouse.query(
        "select agreement_reference, policy_hash from pseudonymised.governance.release_ledger "
        "where entry_type = 'released'"
    )
    assert dict(recorded) == hashes
    # When the releases are attacked under their policy, then nothing is found
    result = stricter.asc("attack", "--json", "--quiet", *TOGETHER, check=False)
    assert (result.returncode, json.loads(result.stdout)["succeeded"]) == (0, [])
    # When the manifest of a release of before says the new policy, then it is
    reference, folders = next(iter(warehouse.releases().items()))
    copy = tmp_path / reference / folders[-1].name
    shutil.copytree(folders[-1], copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["policy"] |= NEW
    (copy / "manifest.json").write_text(json.dumps(manifest))
    result = warehouse.run("asc", "attack", "--json", "--quiet", copy, check=False)
    found = set(json.loads(result.stdout)["succeeded"])
    assert result.returncode == 6
    assert "person-classes" in found


CONTRADICTED = """
    select count(*) filter (where p.age_band not in ('*', n.age_band_five, n.age_band_ten,
            n.age_band_adult)), count(*)
    from pseudonymised.intermediate.int_persons_placed p
    join pseudonymised.intermediate.int_persons_pseudonymised n using (person_token, la_code)
    where p.is_shown and p.reference_date {which} ?
"""


def test_at_the_re_base_ages_are_taken_anew_under_the_same_pseudonyms(warehouse, rebased):
    # Given some ages that are not those of the new day any more
    stale = warehouse.query(CONTRADICTED.format(which="<>"), REBASED_ON)[0]
    anew = rebased.warehouse.query(CONTRADICTED.format(which="="), REBASED_ON)[0]
    left = rebased.warehouse.query(CONTRADICTED.format(which="<>"), REBASED_ON)[0]
    assert stale[1] > 1000
    # Then nearly everybody's are of that day, and contradict no age
    assert anew[0] == 0
    assert anew[1] > 0.8 * (anew[1] + left[1])
    changed = 0
    for reference, folders in rebased.warehouse.releases().items():
        last = []
        for folder in folders[-2:]:
            with rebased.warehouse.open_release(folder) as connection:
                last.append(shown(reference, connection))
        before, after = last
        # Then pseudonyms stay, those who could not leave included
        assert len(before.keys() & after.keys()) >= 0.9 * len(before)
        changed += sum(before[token][:4] != after[token][:4] for token in before.keys() & after)
    assert changed > 0


def test_releases_on_both_sides_of_the_re_base_tell_nobody_apart(rebased):
    for reference, folders in rebased.warehouse.releases().items():
        told = []
        for folder in folders:
            with rebased.warehouse.open_release(folder) as connection:
                told.append((shown(reference, connection),))
        paths = trajectories(told)
        groups: dict[tuple, int] = {}
        for path in paths.values():
            groups[path] = groups.get(path, 0) + 1
        assert min(groups.values()) >= POLICY[recipient_type(reference), "k_persons"]
        assert any(path[-1] not in (path[-2], ABSENT) for path in groups)
    result = rebased.asc("attack", "--json", "--quiet", *TOGETHER, check=False)
    assert (result.returncode, json.loads(result.stdout)["succeeded"]) == (0, [])
