"""The site: what its pages say of proof, tracing, releases and models; whole, private, linked."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from made_proof import FAILURE, MART, keep_manifest, keep_proof
from page_reading import Page, page
from reported_warehouse import PLANTED, add_releases, make_built

from plugins import zones
from plugins.home import Home
from reports import protection
from reports.audit import FAILS, HOLDS, NO_PROOF
from reports.protection import HIDDEN, persons_shown
from reports.recipients import NOT_VERIFIED
from reports.site import NO_MANIFEST
from reports.write import write_reports


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_built(tmp_path_factory.mktemp("site") / "home")
    add_releases(home)
    keep_proof(home)
    keep_manifest(home)
    write_reports(home)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    home.warehouse.mkdir(parents=True)
    return home


def read(home: Home, name: str, again: bool = True) -> Page:
    if again:
        write_reports(home)
    return page(home.reports / "site" / name)


# ---------- the proof


def test_the_proof_is_shown_with_each_path_and_what_ends_it(built: Home):
    audit = read(built, "audit.html", again=False)
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


def test_without_a_proof_or_a_manifest_the_site_says_so(home: Home):
    assert NO_PROOF in read(home, "audit.html").text
    for name in ("lineage.html", "dictionary.html"):
        assert NO_MANIFEST in read(home, name, again=False).text
    assert NOT_VERIFIED in read(home, "releases.html", again=False).text
    home.lineage.write_text("not a document")
    home.build_manifest.write_text("[]")
    assert NO_PROOF in read(home, "audit.html").text


# ---------- columns


def test_a_column_says_its_sources_its_way_and_what_ended_an_identifier(built: Home):
    (_, pseudonym, month) = read(built, f"lineage/{MART}.html", again=False).tables[MART]
    assert pseudonym[0] == "person_pseudonym"
    assert "landed_persons.nhs_number" in pseudonym[1]
    assert "NHS number: person_token in tokens" in pseudonym[2]
    assert f"person token: agreement_token in {MART}" in pseudonym[2]
    assert month[1:3] == ["landed_persons.event_start_date", f"care date: month_of in {MART}"]


def test_the_dictionary_has_every_table_and_column_in_the_words_of_the_yaml(built: Home):
    listed = read(built, "dictionary.html", again=False).tables["Every table by folder"]
    assert MART in [row[0] for row in listed]
    described = read(built, "dictionary/models-marts.html", again=False)
    columns = described.tables[f"Columns of {MART}"]
    assert [row[:3] for row in columns if row[0] == "month"] == [["month", "–", "non personal"]]  # noqa: RUF001
    assert "What <code>month</code> is." in described.text
    assert "<strong>Nuance.</strong> &lt;None&gt;." in described.text


# ---------- tracing


def test_a_share_that_is_hidden_is_bounded_by_what_is_shown(built: Home):
    tracing = read(built, "tracing.html", again=False)
    by_council = {r[0]: r[1:] for r in tracing.tables["Persons by trace step, by council"]}
    assert by_council["Manchester"] == ["110", "100", HIDDEN, "0", HIDDEN, "91 or more in 100"]
    assert by_council["All"] == ["210", "180", "10", "0", "20", "90 in 100"]


def test_a_category_of_few_says_nothing_of_them(built: Home):
    tracing = read(built, "tracing.html", again=False)
    by_age = {r[0]: r[1:] for r in tracing.tables["Persons by trace step, by age"]}
    assert by_age["18-24"] == [HIDDEN, "0", "0", "0", HIDDEN, HIDDEN]
    assert by_age["85+"][-1] == "80 in 100"
    councils = {r[0]: r[1:] for r in tracing.tables["Linked persons in 100 by council, by age"]}
    assert councils["85+"] == ["100 in 100", "–", "–", "80 in 100"]  # noqa: RUF001


def test_where_everybody_is_linked_the_page_says_so(tmp_path: Path):
    # Given a trace that left nobody out, so that no row says `none`
    home = make_built(tmp_path / "home")
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        connection.execute(
            "delete from pseudonymised.governance.trace_rates where trace_step <> 'cross_check'"
        )
    tracing = read(home, "tracing.html")
    by_council = {r[0]: r[1:] for r in tracing.tables["Persons by trace step, by council"]}
    assert by_council["All"] == ["210", "180", "0", "0", "0", "100 in 100"]


@pytest.mark.parametrize(
    ("count", "shown"),
    [(None, None), (0, 0), (1, HIDDEN), (7, HIDDEN), (8, 10), (12, 10), (13, 15), (1000, 1000)],
)
def test_a_number_of_persons_is_hidden_when_small_and_rounded_else(
    monkeypatch: pytest.MonkeyPatch, count, shown
):
    limits = {"site_small_number": "8", "site_rounding_base": "5"}
    monkeypatch.setattr(protection, "policy", lambda: limits)
    assert persons_shown(count) == shown


# ---------- releases


def test_a_recipient_s_page_says_what_it_holds_and_whether_it_is_as_recorded(built: Home):
    # Given a release in force whose file is missing
    held = read(built, "releases/DSA-1.html", again=False)
    products = held.tables["Tables of the release in force"]
    assert products[1][:2] == ["linked_persons", "1,234"]
    assert "Not as recorded" in held.text
    wrong = read(built, "releases.html", again=False).tables["What is not as recorded"]
    assert any("DSA-1/20240101-002" in row[0] for row in wrong)


def test_an_agreement_under_which_nothing_is_in_force_has_its_history(built: Home):
    refused = read(built, "releases/DSA-2.html", again=False)
    entries = refused.tables["Entries of the ledger, newest first"]
    assert [row[1::3] for row in entries[1:]] == [["Refused", "expired"]] * 2
    assert "Nothing is in force" in refused.text


def test_the_ledger_stands_whole_and_newest_first(built: Home):
    listed = read(built, "releases.html", again=False).tables["Release ledger, newest entry first"]
    assert [row[0] for row in listed[1:]] == ["5", "4", "3", "2", "1"]
    hashes = {row[0]: row[5:] for row in listed[1:]}
    assert hashes["5"][1] == hashes["4"][0]


# ---------- the whole


def links(home: Home) -> list[tuple[Path, str]]:
    pages = (home.reports / "site").rglob("*.html")
    return [(one, a["href"]) for one in pages for a in page(one).attributes("a")]


def test_every_link_within_the_site_and_to_the_councils_resolves(built: Home):
    broken = []
    for one, href in links(built):
        parts = urlsplit(href)
        assert not parts.scheme and not parts.netloc, href
        target = (one.parent / unquote(parts.path)).resolve() if parts.path else one
        ids = {a.get("id") for _, a in page(target).tags} if target.is_file() else set()
        if not target.is_file() or (parts.fragment and parts.fragment not in ids):
            broken.append((one.name, href))
    assert len(links(built)) > 100
    assert broken == []


def test_councils_pages_are_linked_only_where_the_policy_says_so(
    built: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    outside = [href for _, href in links(built) if "data-quality.html" in href]
    assert sorted(set(outside)) == [f"../{c}/data-quality.html" for c in ("306", "308", "316")]
    limits = protection.policy() | {"site_links_councils": "false"}
    monkeypatch.setattr("reports.site.policy", lambda: limits)
    alone = Home.at(tmp_path / "home")
    write_reports(alone)
    assert [href for _, href in links(alone) if "data-quality" in href] == []


def test_no_page_names_a_person_or_leads_to_another_machine(built: Home):
    for one in (built.reports / "site").rglob("*.html"):
        text = one.read_text(encoding="utf-8")
        assert [word for word in PLANTED if word.lower() in text.lower()] == [], one.name
        assert "://" not in text and "<script" not in text, one.name


def test_pages_of_an_earlier_site_go(home: Home):
    old = home.reports / "site" / "lineage" / "old.html"
    old.parent.mkdir(parents=True)
    old.touch()
    read(home, "audit.html")
    assert not old.exists()
