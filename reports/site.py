"""The auditors' and analysts' site: static pages below `reports/site/`, nothing fetched."""

from datetime import date
from pathlib import Path

from plugins.home import Home
from reports.audit import audit_page, lineage_page, read_proof
from reports.files import private_folder, remove_others, write_text
from reports.pages import render

FOLDER, START = "site", "index.html"
# (file, words of the link), in the order of the way round the site.
_PAGES = (
    (START, "Start"),
    ("audit.html", "No identifier leaves"),
    ("lineage.html", "Columns released"),
)


def write_site(home: Home, others: list[tuple[str, str]]) -> list[Path]:
    """Write the site and return its pages; files that are no part of it are removed.

    `others` are pages outside the site: (path relative to the site, words of the link).
    """
    folder = private_folder(home.reports / FOLDER)
    proof = read_proof(home)
    contents = {
        START: ("site_start.html", {"others": others, "audit": audit_page(proof)}),
        "audit.html": ("site_audit.html", {"audit": audit_page(proof)}),
        "lineage.html": ("site_lineage.html", {"lineage": lineage_page(proof)}),
    }
    written = [
        write_text(
            folder / name,
            render(template, pages=_PAGES, here=name, written_on=date.today(), **values),
        )
        for name, (template, values) in contents.items()
    ]
    remove_others(folder, written)
    return written
