"""What ends, what replaces what, and who is sent what opens it: every step a row of the ledger."""

import json
from datetime import timedelta

import pyrage
import pytest
from small_warehouse import (
    EXPIRED,
    IN_FORCE,
    PENDING,
    SECOND,
    TODAY,
    add_agreement,
    add_build,
    change,
    flip_byte,
    ledger_rows,
)

from plugins import zones
from plugins.home import Home
from plugins.keys import KeyRing
from release import ledger
from release.envelope import EnvelopeRefused, seal
from release.expire import expire
from release.reissue import affected, reissue
from release.run import UnknownAgreement, release
from release.verify import verify

LATER = TODAY + timedelta(days=101)


def entries(home: Home, *types: str) -> list[dict]:
    return [row for row in ledger_rows(home) if row["entry_type"] in types]


def build_again(home: Home) -> None:
    """A build after the releases there are, as if it had begun now."""
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_build(connection, "green")
        connection.execute(
            "update pseudonymised.governance.builds set started_at = "
            "(select max(recorded_at) + interval 1 millisecond from "
            "pseudonymised.governance.release_ledger) where started_at = "
            "(select max(started_at) from pseudonymised.governance.builds)"
        )


# ------------------------------------------------------------------ expiry


def test_after_the_last_day_files_go_and_the_ledger_stays(home: Home):
    release(home)
    release(home, IN_FORCE)
    assert expire(home, LATER - timedelta(days=1)) == []
    found = expire(home, LATER)
    assert {(one.agreement_reference, len(one.removed)) for one in found} == {
        (IN_FORCE, 2),
        (SECOND, 1),
    }
    assert len(entries(home, "released")) == 3
    assert len(entries(home, "expired")) == 3
    assert list((home.releases / IN_FORCE).iterdir()) == []
    assert verify(home).exit_code == 0
    assert expire(home, LATER) == []


def test_asc_release_removes_what_is_over_first_of_all(home: Home):
    release(home)
    report = release(home, today=LATER)
    assert [one.agreement_reference for one in report.expired] == [IN_FORCE, SECOND]
    assert report.released == []
    assert verify(home).exit_code == 0


def test_files_that_a_killed_expiry_left_are_found_and_removed_by_the_next(home: Home, monkeypatch):
    release(home)
    monkeypatch.setattr("release.folders.remove", lambda *_: [])
    expire(home, LATER)
    text = " ".join(m.what for m in verify(home).mismatches)
    assert "was expired, yet its files are still there: run `asc expire` again" in text
    monkeypatch.undo()
    expire(home, LATER)
    assert verify(home).exit_code == 0


def test_an_agreement_that_left_the_register_is_over(home: Home):
    release(home)
    change(
        home,
        f"delete from pseudonymised.reference.agreements where agreement_reference = '{SECOND}'",
    )
    (found,) = expire(home)
    assert (found.agreement_reference, found.reason) == (
        SECOND,
        "the agreement is in the register no more",
    )


# ------------------------------------------------------------ entitlements


@pytest.mark.parametrize("column", ["valid_from", "valid_to"])
def test_an_answer_that_changed_since_the_build_stops_the_release(home: Home, column: str):
    day = TODAY + timedelta(days=1) if column == "valid_from" else TODAY - timedelta(days=1)
    change(
        home,
        f"update pseudonymised.governance.entitlements set {column} = date '{day}' "
        f"where agreement_reference = '{IN_FORCE}' and product = 'cohort_monthly'",
    )
    report = release(home)
    (refused,) = [one for one in report.refused if one.agreement_reference == IN_FORCE]
    assert refused.reason.startswith(
        "entitlement: that of cohort_monthly to records of council 306"
    )
    assert report.exit_code == 4
    assert refused.reason in {entry["reason"] for entry in entries(home, "refused")}


def test_a_manifest_says_whose_records_each_product_holds(home: Home):
    (made,) = release(home, IN_FORCE).released
    manifest = json.loads((home.root / made.path / "manifest.json").read_text())
    assert manifest["councils"] == {"cohort_monthly": ["306"], "linked_persons": ["306"]}


def test_a_manifest_gives_notice_of_tokens_that_changed(home: Home):
    change(
        home,
        "create table pseudonymised.governance.token_changes as select * from (values "
        f"('{IN_FORCE}', 'number_merged', '25'), ('{IN_FORCE}', 'number_found', '*'), "
        f"('{SECOND}', 'number_found', '10')) as t (agreement_reference, change_type, persons)",
    )
    (made,) = release(home, IN_FORCE).released
    manifest = json.loads((home.root / made.path / "manifest.json").read_text())
    assert manifest["token_changes"] == {"number_found": "*", "number_merged": "25"}


# ----------------------------------------------------------------- reissue


def test_a_correction_replaces_the_releases_that_it_touches_and_no_other(home: Home):
    change(
        home,
        "insert into pseudonymised.governance.entitlements values "
        f"('{SECOND}', '316', 'cohort_monthly', true, 'agreed', null, null)",
    )
    release(home)
    first = {e["agreement_reference"]: e["release_id"] for e in entries(home, "released")}
    assert affected(home, "316") == []  # nothing was built since
    build_again(home)
    assert [(one.agreement_reference, one.release_id) for one in affected(home, "316")] == [
        (SECOND, first[SECOND])
    ]
    outcome = reissue(home, "316", "a file was sent twice")
    new = outcome.replaced[f"{SECOND}/{first[SECOND]}"]
    assert outcome.exit_code == 0
    assert sorted(f.name for f in (home.releases / SECOND).iterdir()) == [new]
    assert [f.name for f in (home.releases / IN_FORCE).iterdir()] == [first[IN_FORCE]]
    (entry,) = entries(home, "reissued")
    assert entry["release_id"] == first[SECOND]
    assert entry["reason"] == f"council 316: a file was sent twice; replaced by {new}"
    assert verify(home).exit_code == 0
    assert affected(home, "316") == []
    assert reissue(home, "316", "again").replaced == {}


def test_an_erasure_touches_whoever_was_shown_though_nothing_is_entitled_any_more(home: Home):
    change(
        home,
        "update pseudonymised.intermediate.int_persons_placed set la_code = '308'",
    )
    release(home, IN_FORCE)
    build_again(home)
    (found,) = affected(home, "308")
    assert (found.agreement_reference, found.why) == (IN_FORCE, "it shows persons of the council")


def test_a_reissue_killed_before_the_end_is_finished_by_the_next(home: Home, monkeypatch):
    release(home)
    build_again(home)

    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("release.ledger.end_release", killed)
    with pytest.raises(KeyboardInterrupt):
        reissue(home, "306", "corrected")
    monkeypatch.undo()
    outcome = reissue(home, "306", "corrected")
    assert len(outcome.replaced) == 2
    assert len(entries(home, "released")) == 4  # no third release of any
    assert verify(home).exit_code == 0


def test_what_has_no_successor_stands_and_is_told(home: Home):
    release(home)
    build_again(home)
    outcome = reissue(home, "306", "corrected", today=LATER)
    assert outcome.exit_code == 4
    assert set(outcome.refused) == {IN_FORCE, SECOND}


# --------------------------------------------------------------- envelopes


@pytest.fixture
def identity(home: Home) -> pyrage.x25519.Identity:
    """The council's key pair; its public half stands in the register."""
    made = pyrage.x25519.Identity.generate()
    change(
        home,
        "create table pseudonymised.reference.recipient_keys (organisation_code varchar, "
        "public_key varchar, valid_from date, valid_to date, checked_by varchar)",
        "insert into pseudonymised.reference.recipient_keys values "
        f"('306', '{made.to_public()}', null, null, 'data access manager')",
    )
    return made


def test_an_envelope_opens_for_its_recipient_alone_and_holds_what_opens_the_release(
    home: Home, identity: pyrage.x25519.Identity
):
    (made,) = release(home, IN_FORCE).released
    sealed = seal(home, IN_FORCE, "306")
    content = json.loads(pyrage.decrypt(sealed.path.read_bytes(), [identity]))
    key = KeyRing(home.keys).key(f"delivery-{IN_FORCE}")
    assert content["releases"] == {
        made.release_id: {"delivery_key_id": key.id, "delivery_key": key.text}
    }
    assert sealed.path.stat().st_mode & 0o777 == 0o600
    assert home.releases not in sealed.path.parents
    assert key.text.encode() not in sealed.path.read_bytes()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.path.read_bytes(), [pyrage.x25519.Identity.generate()])
    flip_byte(sealed.path, 0.9)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.path.read_bytes(), [identity])
    assert verify(home).exit_code == 0


@pytest.mark.parametrize(
    ("reference", "organisation", "why"),
    [
        (IN_FORCE, "0DE", "neither the controller nor a processor"),
        (IN_FORCE, "X2C4Y", "no public key"),
        (SECOND, "306", "no current release"),
        (PENDING, "306", "pending"),
        (EXPIRED, "306", "expired"),
    ],
)
def test_an_envelope_for_anybody_else_is_refused_and_recorded(
    home: Home, identity: pyrage.x25519.Identity, reference: str, organisation: str, why: str
):
    release(home, IN_FORCE)
    with pytest.raises(EnvelopeRefused, match=why) as refusal:
        seal(home, reference, organisation)
    assert refusal.value.exit_code == 4
    (entry,) = entries(home, "refused")
    assert entry["reason"].startswith(f"envelope for {organisation}: ")
    assert not (home.root / "envelopes").exists()
    with pytest.raises(UnknownAgreement):
        seal(home, "DSA-NOBODY", "306")


def test_a_public_key_that_is_over_is_not_sealed_to(home: Home, identity: pyrage.x25519.Identity):
    release(home, IN_FORCE)
    change(
        home,
        f"update pseudonymised.reference.recipient_keys set valid_to = date '{TODAY}' - 1",
    )
    with pytest.raises(EnvelopeRefused, match="no public key"):
        seal(home, IN_FORCE, "306")


# ------------------------------------------------------------------- keys


def test_rotating_the_root_key_raises_the_version_of_every_domain(home: Home):
    ring = KeyRing(home.keys)
    before = {name: ring.token_key(name) for name in ("linkage", IN_FORCE)}
    ring.rotate(IN_FORCE)
    assert (ring.domain_version(IN_FORCE), ring.domain_version("linkage")) == (2, 1)
    ring.rotate("root")
    assert (ring.domain_version(IN_FORCE), ring.domain_version("linkage")) == (3, 2)
    assert ring.rotate(IN_FORCE) == f"{IN_FORCE}.v4"
    assert all(ring.token_key(name) != key for name, key in before.items())


# ----------------------------------------------------------------- renewal


def test_a_renewal_that_waits_leaves_the_version_before_it_in_force(home: Home):
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        add_agreement(connection, IN_FORCE, 2, decision="pending", approved_on=None)
    (made,) = release(home, IN_FORCE).released
    manifest = json.loads((home.root / made.path / "manifest.json").read_text())
    assert manifest["version"] == 1
    key = manifest["key_check_value"]
    change(
        home,
        "update pseudonymised.reference.agreements set decision = 'approved', "
        f"approved_on = date '{TODAY}' where version = 2",
    )
    (made,) = release(home, IN_FORCE).released
    manifest = json.loads((home.root / made.path / "manifest.json").read_text())
    assert (manifest["version"], manifest["key_check_value"]) == (2, key)


# ------------------------------------------------------------------ ledger


def test_any_flipped_byte_of_the_file_that_holds_the_ledger_is_found(home: Home):
    release(home)
    path = zones.zone_path(home, "pseudonymised")
    sound, name = path.read_bytes(), home.relative(path)
    for place in (0.001, 0.2, 0.4, 0.6, 0.8, 0.999):
        flip_byte(path, place)
        outcome = verify(home)
        assert outcome.exit_code == 5, place
        assert name in {mismatch.path.partition(":")[0] for mismatch in outcome.mismatches}
        path.write_bytes(sound)
    flip_byte(ledger.head_path(home), 0.5)
    outcome = verify(home)
    assert [mismatch.path for mismatch in outcome.mismatches] == ["releases/ledger_head.json"]
