"""The auditors' site: what it says of the proof, with one, without one, and with a failing one."""

from pathlib import Path

import pytest
from made_proof import FAILURE, keep_proof
from page_reading import Page, page

from plugins.home import Home
from reports.audit import FAILS, HOLDS, NO_PROOF
from reports.site import write_site


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    home.warehouse.mkdir(parents=True)
    return home


def read(home: Home, name: str) -> Page:
    write_site(home, [("../index.html", "Collection and releases")])
    return page(home.reports / "site" / name)


def test_the_proof_is_shown_with_each_path_and_what_ends_it(home: Home):
    keep_proof(home)
    audit = read(home, "audit.html")
    assert HOLDS in audit.text and FAILS not in audit.text
    assert "Where NHS number ends" in audit.text
    assert "int_health_activity_pseudonymised" in audit.text and "person_token" in audit.text
    assert "It is dropped" in audit.text
    assert "Where agreement ends" not in audit.text


def test_a_failing_proof_says_what_to_do(home: Home):
    keep_proof(home, holds=False, failures=[FAILURE])
    audit = read(home, "audit.html")
    assert FAILS in audit.text and HOLDS not in audit.text
    assert FAILURE["what"] in audit.text and FAILURE["remedy"] in audit.text
    assert FAILS in read(home, "index.html").text


def test_without_a_proof_the_site_says_so(home: Home):
    for name in ("index.html", "audit.html", "lineage.html"):
        assert NO_PROOF in read(home, name).text
    home.lineage.write_text("not a document")
    assert NO_PROOF in read(home, "audit.html").text


def test_a_released_column_says_what_it_is_made_of_and_through_what(home: Home):
    keep_proof(home)
    text = read(home, "lineage.html").text
    assert "linked_persons" in text and "person_pseudonym" in text
    assert "NHS number" in text and "agreement_token" in text


def test_pages_of_an_earlier_site_go(home: Home):
    keep_proof(home)
    old = home.reports / "site" / "old.html"
    read(home, "audit.html")
    old.touch()
    read(home, "audit.html")
    assert not old.exists()
