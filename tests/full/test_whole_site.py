"""Each page of a whole warehouse's site in a browser, dbt's own too: axe-core, width, requests."""

import json
import os
from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, audit, documentation, needs_chromium
from built_warehouse import Warehouse, build

from benchmarks.site.browser import Browser, asked_for
from plugins.home import Home
from reports import site
from reports.write import write_reports

# Where in dbt's page a reader may begin: one place of each kind.
PLACES = (
    "#!/model/model.asc_warehouse.linked_persons",
    "#!/seed/seed.asc_warehouse.agreements",
    "#!/source_list/landing",
    "#!/macro/macro.asc_warehouse.age_on",
    "#!/exposure/exposure.asc_warehouse.auditors_site",
)
LARGEST = 15_000_000  # bytes
PATIENCE = 900  # seconds; axe-core takes minutes over a long page when others run


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    built = os.environ.get("ASC_TEST_WAREHOUSE")
    warehouse = Warehouse(Path(built)) if built else build(tmp_path_factory.mktemp("warehouse"))
    home = Home.at(warehouse.copy(tmp_path_factory.mktemp("reported") / "home").root)
    manifest = json.loads(home.build_manifest.read_text(encoding="utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "DOCUMENTATION", home.root / "static_index.html")
        site.DOCUMENTATION.write_text(documentation(manifest), encoding="utf-8")
        write_reports(home)
    return home.reports / "site"


def test_the_whole_site_is_light(folder: Path):
    assert (folder / "dbt_docs.html").is_file()
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < LARGEST


def test_no_page_breaks_a_rule_of_accessibility_or_asks_for_anything(folder: Path, tmp_path: Path):
    needs_chromium()
    pages = [(page, "") for page in sorted(folder.rglob("*.html"))]
    assert len(pages) > 50
    pages += [(folder / "dbt_docs.html", place) for place in PLACES]
    wrong = {}
    with Browser(tmp_path, patience=PATIENCE) as browser:
        for page, within in pages:
            for width in (DESKTOP, PHONE):
                found = audit(browser, page, width, within)
                if found["violations"] or found["asked"] or found["needs"] > width:
                    wrong[page.name + within, width] = found
    assert wrong == {}
    assert asked_for(browser.log) == []
