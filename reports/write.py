"""`asc report`: writes every council's reports, the managers' page, the index and the site.

Below `home.reports` stand aggregates only. The failing rows of each submission are identifiable:
they go into the zone's own folder, in a workbook encrypted with the council's password.
"""

import re
import shutil
from datetime import date
from pathlib import Path

from tqdm import tqdm

from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing
from reports.agreements import agreement_pages
from reports.council import council_report
from reports.encrypted import write_encrypted
from reports.everything import Collection
from reports.figures import figures_table
from reports.files import private_folder, remove_others, replacing, write_bytes, write_text
from reports.managers import managers_page
from reports.overview import overview
from reports.pages import render
from reports.rows import failing_rows
from reports.site import FOLDER as SITE
from reports.site import START, write_site
from reports.source import Source, council_names, open_source
from reports.submission import submission_report
from reports.workbook import workbook

DOCUMENTATION = PROJECT_ROOT / "target" / "static_index.html"
COUNCIL_PAGE, MANAGERS_PAGE, INDEX = "data-quality.html", "managers.html", "index.html"
AGREEMENTS = "agreements"


def write_reports(home: Home, quiet: bool = True) -> list[Path]:
    """Write all reports and return their paths; those that no longer stand are removed.

    Every file gets mode 0600, every folder 0700; older ones are replaced. Errors: as of
    `zones.connect`, where there is a zone file but no key that opens it.
    """
    private_folder(home.reports)
    # Codes name folders, so nothing but three digits will do.
    names = {code: name for code, name in council_names().items() if re.fullmatch("[0-9]{3}", code)}
    with open_source(home) as source:
        everything = Collection.read(source)
        written = []
        for code, name in tqdm(names.items(), desc="reports", unit="council", disable=quiet):
            written += _write_council(home, source, everything.of(code), (code, name))
        index = overview(home, source, everything, names)
        pages = _write_agreements(home, source)
    written += pages
    documentation = _copy_documentation(home)
    managers = render(
        "managers.html", report=managers_page(everything, names), written_on=date.today()
    )
    page = render(
        "index.html",
        report=index,
        written_on=date.today(),
        managers=MANAGERS_PAGE,
        site=f"{SITE}/{START}",
        agreements=[(page.stem, f"{AGREEMENTS}/{page.name}") for page in pages],
        documentation=documentation.name if documentation else None,
    )
    written.append(write_text(home.reports / MANAGERS_PAGE, managers))
    written.append(write_text(home.reports / INDEX, page))
    others = [(f"../{INDEX}", "Collection and releases"), (f"../{MANAGERS_PAGE}", "Schedule")]
    if documentation:
        others.append((f"../{documentation.name}", "Models, columns and their graph"))
    written += write_site(home, others)
    return written + ([documentation] if documentation else [])


def _write_council(
    home: Home, source: Source, own: Collection, council: tuple[str, str]
) -> list[Path]:
    code, name = council
    folder = private_folder(home.reports / code)
    page = render("council.html", report=council_report(own, code, name), written_on=date.today())
    written = [write_text(folder / COUNCIL_PAGE, page)]
    row_lists: list[Path] = []
    landed = [row for row in own.submissions if row["outcome"] == "landed"]
    figures = figures_table(own.figures)
    for submission in landed:
        report = submission_report(own, submission, name)
        page = render("submission.html", report=report, home=COUNCIL_PAGE, written_on=date.today())
        # What the figures stand on is the whole of what was received: they belong to the latest.
        of_latest = figures if submission is landed[-1] else None
        written.append(write_text(folder / f"{report.stem}.html", page))
        written.append(write_bytes(folder / f"{report.stem}.xlsx", workbook(report, of_latest)))
        if submission["accepted"] is not None:
            rows = workbook(report, rows=failing_rows(source, submission["submission_id"]))
            private_folder(home.row_lists)
            path = private_folder(home.row_lists / code) / f"{report.stem}.xlsx"
            row_lists.append(write_encrypted(path, rows, KeyRing(home.keys).council_password(code)))
    remove_others(folder, written)
    remove_others(home.row_lists / code, row_lists)
    return written + row_lists


def _write_agreements(home: Home, source: Source) -> list[Path]:
    folder = private_folder(home.reports / AGREEMENTS)
    written = []
    for report in agreement_pages(source):
        page = render("agreement.html", report=report, home=INDEX, written_on=date.today())
        written.append(write_text(folder / f"{report.reference}.html", page))
    remove_others(folder, written)
    return written


def _copy_documentation(home: Home) -> Path | None:
    """Copy the generated documentation of the models, if it is there; return the copy."""
    if not DOCUMENTATION.is_file():
        return None
    target = home.reports / "dbt_docs.html"
    with replacing(target) as unfinished:
        shutil.copyfile(DOCUMENTATION, unfinished)
    return target
