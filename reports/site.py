"""The auditors' and analysts' site: static pages below `reports/site/`, nothing fetched.

Every page stands alone, finds the others by relative links, and opens from a folder as from any
web server. The whole site stays below 15 MB: over half of it is the documentation of the models.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb

from lineage.policy import read_policy
from lineage.proof import prove
from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRingError
from release.catalogue import ZONE
from release.verify import Verification, verify
from reports import columns, dictionary, recipients
from reports.agreements import agreement_pages
from reports.audit import audit_page, read_proof
from reports.everything import Collection
from reports.files import private_folder, remove_others, write_text
from reports.managers import managers_page
from reports.models_page import mended
from reports.overview import overview
from reports.pages import render
from reports.protection import policy
from reports.releases import ledger_entries, manifests_read
from reports.source import Source
from reports.tracing import tracing_page

FOLDER, START, AGREEMENTS = "site", "index.html", "agreements"
DOCUMENTATION = PROJECT_ROOT / "target" / "static_index.html"
_DOCUMENTATION = "dbt_docs.html"
NO_MANIFEST = "Nothing is known of the models yet: run `dbt build`."
# (file, words of the link, what is found there), in the order of the way round the site.
_PAGES = (
    (START, "Start", ""),
    ("collection.html", "Collection", "What councils sent, when it was due, what was accepted."),
    ("tracing.html", "Tracing", "Whose NHS number is found, and whose less often."),
    ("releases.html", "Releases", "Who got what, what protection cost, whether it is as recorded."),
    ("audit.html", "No identifier leaves", "The proof: each identifier, and what ends its paths."),
    ("lineage.html", "Column lineage", "What each column of each mart is made of."),
    ("dictionary.html", "Data dictionary", "Every table and column, in words."),
)
_MODELS = (_DOCUMENTATION, "Models", "The graph of the models, as dbt documents it.")
# A page of the site: file, template, page of the navigation that it belongs to, values.
Page = tuple[str, str, str, dict]


def verification(home: Home) -> Verification | None:
    """Return whether files and ledger are as recorded; None where that can't be told."""
    if not home.releases.exists() and not zones.zone_path(home, ZONE).exists():
        return None
    try:
        return verify(home)
    except (KeyRingError, duckdb.IOException):
        return None


def write_site(
    home: Home,
    source: Source,
    everything: Collection,
    names: dict[str, str],
    verified: Verification | None = None,
) -> list[Path]:
    """Write the site and return its pages; files that are no part of it are removed.

    `names`: the councils that may send, code -> name. `verified` must be made before the zones are
    open, as `verification` does.
    """
    folder = private_folder(home.reports / FOLDER)
    documentation = _documentation(folder)
    ways = [*_PAGES, *([_MODELS] if documentation else [])]
    written = [documentation] if documentation else []
    pages = [(name, words) for name, words, _ in ways]
    content = [
        *_collected(source, everything, names, ways),
        *_released(home, source, verified),
        *_audited(home),
    ]
    for name, template, part_of, values in content:
        private_folder((folder / name).parent)
        written.append(
            write_text(
                folder / name,
                render(
                    template,
                    pages=pages,
                    here=name,
                    part_of=part_of,
                    root="../" * name.count("/"),
                    written_on=date.today(),
                    **values,
                ),
            )
        )
    for inside in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        remove_others(inside, written)
    return written


def _collected(
    source: Source, everything: Collection, names: dict[str, str], ways: list[tuple]
) -> Iterator[Page]:
    first = overview(source, everything, ledger_entries(source))
    documented = any(name == _DOCUMENTATION for name, _, _ in ways)
    values = {"overview": first, "ways": ways[1:], "documentation": documented}
    yield START, "site_start.html", START, values
    linked = policy()["site_links_councils"] == "true"
    links = {code: f"../{code}/data-quality.html" for code in names} if linked else {}
    report = managers_page(everything, names, first.notes, links)
    page = "collection.html"
    yield page, "site_collection.html", page, {"report": report, "linked": linked}
    values = {
        "report": tracing_page(source, names),
        "limit": policy()["site_small_number"],
        "base": policy()["site_rounding_base"],
    }
    yield "tracing.html", "site_tracing.html", "tracing.html", values


def _released(home: Home, source: Source, verified: Verification | None) -> Iterator[Page]:
    manifests, listed = manifests_read(home), ledger_entries(source)
    page = "releases.html"
    drawn = agreement_pages(source)
    charted = {one.reference: f"{AGREEMENTS}/{one.reference}.html" for one in drawn}
    values = {
        "report": recipients.releases_page(manifests, listed, verified),
        "notes": [] if verified else [recipients.NOT_VERIFIED],
        "charted": charted,
    }
    yield page, "site_releases.html", page, values
    for one in drawn:
        yield charted[one.reference], "agreement.html", page, {"report": one}
    for one in recipients.recipient_pages(manifests, listed, verified):
        name = f"{recipients.FOLDER}/{one.reference}.html"
        charts = f"../{charted[one.reference]}" if one.reference in charted else None
        yield name, "site_recipient.html", page, {"report": one, "charts": charts}


def _audited(home: Home) -> Iterator[Page]:
    audit = audit_page(read_proof(home))
    yield "audit.html", "site_audit.html", "audit.html", {"audit": audit}
    manifest = _manifest(home)
    notes = [] if manifest else [NO_MANIFEST]
    marts, chapters = [], []
    if manifest:
        marts = columns.mart_lineages(prove(manifest, read_policy(PROJECT_ROOT)), manifest)
        chapters = dictionary.chapters(manifest)
    page = "lineage.html"
    values = {"table": columns.index_table(marts), "notes": notes}
    yield page, "site_lineage.html", page, values
    for mart in marts:
        yield f"{columns.FOLDER}/{mart.name}.html", "site_mart.html", page, {"mart": mart}
    page = "dictionary.html"
    values = {"table": dictionary.index_table(chapters), "notes": notes}
    yield page, "site_dictionary.html", page, values
    for chapter in chapters:
        name = f"{dictionary.FOLDER}/{chapter.name}.html"
        yield name, "site_chapter.html", page, {"chapter": chapter}


def _manifest(home: Home) -> dict | None:
    """Return dbt's manifest of the last build; None when there is none that can be read."""
    try:
        content = json.loads(home.build_manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _documentation(folder: Path) -> Path | None:
    """Write the generated documentation of the models, if it is there; return the page."""
    if not DOCUMENTATION.is_file():
        return None
    return write_text(folder / _DOCUMENTATION, mended(DOCUMENTATION.read_text(encoding="utf-8")))
