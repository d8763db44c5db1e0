"""Pages for every reader: structure without a browser, axe-core in one where there is one."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, audit, documentation, needs_chromium
from made_proof import FAILURE, MART, keep_manifest, keep_proof
from page_reading import Page, page
from reported_warehouse import LIVERPOOL, MANCHESTER, add_releases, make_built

from benchmarks.site.browser import Browser, asked_for
from plugins.home import Home
from reports import site
from reports.write import write_reports

PAGES = (
    f"{MANCHESTER}/data-quality.html",
    f"{MANCHESTER}/2017-07-10-s1.html",
    f"{LIVERPOOL}/data-quality.html",
    "site/index.html",
    "site/collection.html",
    "site/tracing.html",
    "site/releases.html",
    "site/releases/DSA-1.html",
    "site/audit.html",
    "site/lineage.html",
    f"site/lineage/{MART}.html",
    "site/dictionary.html",
    "site/dictionary/models-staging.html",
)
MODELS = "site/dbt_docs.html"
_COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_built(tmp_path_factory.mktemp("pages") / "home")
    add_releases(home)
    keep_proof(home, failures=[FAILURE])
    keep_manifest(home)
    manifest = json.loads(home.build_manifest.read_text(encoding="utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "DOCUMENTATION", home.root / "static_index.html")
        site.DOCUMENTATION.write_text(documentation(manifest), encoding="utf-8")
        write_reports(home)
    return home


@pytest.fixture(params=PAGES)
def read(home: Home, request: pytest.FixtureRequest) -> Page:
    return page(home.reports / request.param)


def test_a_page_has_one_language_title_heading_and_set_of_landmarks(read: Page):
    assert read.attributes("html") == [{"lang": "en-GB"}]
    assert read.title.strip()
    assert [len(read.attributes(tag)) for tag in ("h1", "main", "header", "footer")] == [1] * 4
    assert read.attributes("a")[0] == {"class": "skip", "href": "#main"}
    assert read.attributes("main")[0]["id"] == "main"
    assert all(nav.get("aria-label") for nav in read.attributes("nav"))


def test_no_heading_level_is_skipped(read: Page):
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_what_refers_to_one_finds_it(read: Page):
    ids = [attributes["id"] for _, attributes in read.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    named = [a["aria-labelledby"].split() for _, a in read.tags if a.get("aria-labelledby")]
    assert {name for names in named for name in names} <= set(ids)


def test_every_table_has_a_caption_and_headings_with_a_scope(read: Page):
    assert len(read.tables) == len(read.attributes("table"))
    assert all(cell.get("scope") for cell in read.attributes("th"))
    scrolled = [a for a in read.attributes("div") if a.get("class") == "scroll"]
    assert len(scrolled) == len(read.attributes("table"))
    assert all(a["tabindex"] == "0" and a["role"] == "region" for a in scrolled)


def test_every_drawing_has_words_or_stands_beside_them(read: Page):
    outer = [svg for svg in read.attributes("svg") if "x" not in svg]
    for svg in outer:
        assert svg.get("aria-hidden") == "true" or (svg["role"] == "img" and svg["aria-labelledby"])


def test_a_page_fetches_nothing_and_its_links_lead_somewhere(
    home: Home, read: Page, request: pytest.FixtureRequest
):
    assert not {"script", "img", "iframe", "object", "embed", "form"} & {
        tag for tag, _ in read.tags
    }
    assert "http" not in read.text
    assert "@import" not in read.text and "url(" not in read.text
    links = {a["href"] for a in read.attributes("a")} - {"#main"}
    name = request.node.callspec.params["read"]
    files = {link.partition("#")[0] for link in links}
    assert all((home.reports / name).parent.joinpath(link).is_file() for link in files)
    # A council gets its own folder only.
    alone = name.partition("/")[0] in (MANCHESTER, LIVERPOOL)
    assert not alone or all("/" not in link for link in links)


def _luminance(colour: str) -> float:
    plain = colour.lstrip("#")
    plain = "".join(digit * 2 for digit in plain) if len(plain) == 3 else plain
    parts = [int(plain[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_of_texts_stand_out(read: Page):
    # Given every rule of the style sheet that sets both colours, and texts on the two grounds
    style = re.search(r"<style>(.*?)</style>", read.text, re.DOTALL)[1]
    pairs = []
    for body in re.findall(r"\{([^{}]*)\}", style):
        text = re.search(r"(?:^|[;\s])color: (#\w+)", body)
        ground = re.search(r"background: (#\w+)", body)
        if text and _COLOUR.fullmatch(text[1]):
            grounds = [ground[1]] if ground else ["#ffffff", "#f0f4f5"]
            pairs += [(text[1], on) for on in grounds]
    assert len(pairs) > 8
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []


@pytest.fixture(scope="module")
def audits(home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the browser finds of each page at each width, and what its network log says it asked."""
    needs_chromium()
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        found = {
            (name, width): audit(browser, home.reports / name, width)
            for name in (*PAGES, MODELS)
            for width in (DESKTOP, PHONE)
        }
    return found | {"asked": asked_for(browser.log)}


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("name", [*PAGES, MODELS])
def test_axe_finds_no_violation_and_nothing_overflows(audits: dict, name: str, width: int):
    found = audits[name, width]
    assert found["violations"] == []
    assert found["passes"] > 15
    assert found["needs"] <= found["width"] <= width
    assert found["asked"] == []


def test_the_browser_s_log_knows_of_no_request(audits: dict):
    assert audits["asked"] == []


def test_the_audit_finds_what_is_wrong(tmp_path: Path):
    needs_chromium()
    broken = tmp_path / "broken.html"
    broken.write_text(
        "<!DOCTYPE html><html><head><title></title>"
        "<meta name='viewport' content='width=device-width'></head><body>"
        "<svg role='img' width='900'></svg>"
        "<p style='color:#aaa'>Pale</p><div style='width:900px'>Wide</div>"
        "<img alt='' src='http://tracker.invalid/pixel'></body></html>"
    )
    with Browser(tmp_path) as browser:
        found = audit(browser, broken, PHONE)
    rules = {rule for rule, _ in found["violations"]}
    assert {"document-title", "html-has-lang", "svg-img-alt", "color-contrast"} <= rules
    assert found["needs"] > PHONE
    assert found["asked"] == asked_for(browser.log) == ["http://tracker.invalid/pixel"]
