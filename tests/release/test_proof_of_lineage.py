"""A release goes with the proof over its build that no identifier leaves, or not at all."""

import hashlib
import json

import pytest
from small_warehouse import IN_FORCE, ledger_rows

from plugins.home import Home
from release.run import release
from release.verify import verify


def test_the_proof_stands_beside_the_manifest_which_holds_its_hash(home: Home):
    folder = home.root / release(home, IN_FORCE).released[0].path
    manifest = json.loads((folder / "manifest.json").read_text())
    proof = (folder / "lineage.json").read_bytes()
    assert json.loads(proof)["build_id"] == manifest["build_id"]
    assert manifest["lineage_sha256"] == hashlib.sha256(proof).hexdigest()
    assert verify(home).mismatches == []


@pytest.mark.parametrize("spoil", ["changed", "taken away"])
def test_a_proof_that_was_tampered_with_is_a_mismatch(spoil, home: Home):
    path = home.root / release(home, IN_FORCE).released[0].path / "lineage.json"
    if spoil == "changed":
        path.write_text(path.read_text().replace("true", "false"))
    else:
        path.unlink()
    assert [mismatch.path.rpartition("/")[2] for mismatch in verify(home).mismatches] == [
        "lineage.json"
    ]


FAILURE = {"model": "linked_persons", "column": "sex", "what": "name reaches it", "remedy": "drop"}
REFUSED = {
    "a failure": {"build_id": "run", "holds": False, "failures": [FAILURE]},
    "nothing judged": {"build_id": "run", "holds": False, "failures": []},
    "a proof of another build": {"build_id": "other", "holds": True, "failures": []},
    "no word of whether it holds": {"build_id": "run", "failures": []},
    "no proof": None,
}


@pytest.mark.parametrize("case", REFUSED)
def test_without_a_proof_that_holds_nothing_is_released(case, home: Home):
    if REFUSED[case] is None:
        home.lineage.unlink()
    else:
        home.lineage.write_text(json.dumps(REFUSED[case]))
    report = release(home)
    assert report.exit_code == 4 and report.released == []
    assert ("linked_persons.sex" in report.gate) == (case == "a failure")
    assert ledger_rows(home)[-1]["entry_type"] == "refused"


def test_a_manifest_of_the_build_is_proved_anew_whatever_was_kept(home: Home):
    # Given a build whose manifest holds nothing that could be proved
    home.build_manifest.write_text(json.dumps({"metadata": {"invocation_id": "run"}}))
    # Then the proof that was kept doesn't stand in for it
    assert release(home).exit_code == 4
    assert json.loads(home.lineage.read_text())["holds"] is False
