"""`asc report`: writes every council's reports, and the site.

Below `home.reports` stand aggregates only. The failing rows of each submission are identifiable:
they go into the zone's own folder, in a workbook encrypted with the council's password.
"""

import re
from datetime import date
from pathlib import Path

from tqdm import tqdm

from plugins.home import Home
from plugins.keys import KeyRing
from reports.council import council_report
from reports.encrypted import write_encrypted
from reports.everything import Collection
from reports.figures import figures_table
from reports.files import private_folder, remove_others, write_bytes, write_text
from reports.pages import render
from reports.rows import failing_rows
from reports.site import verification, write_site
from reports.source import Source, council_names, open_source
from reports.submission import submission_report
from reports.workbook import workbook

COUNCIL_PAGE = "data-quality.html"


def write_reports(home: Home, quiet: bool = True) -> list[Path]:
    """Write all reports and return their paths; those that no longer stand are removed.

    Every file gets mode 0600, every folder 0700; older ones are replaced. Errors: as of
    `zones.connect`, where there is a zone file but no key that opens it.
    """
    private_folder(home.reports)
    # Codes name folders, so nothing but three digits will do.
    names = {code: name for code, name in council_names().items() if re.fullmatch("[0-9]{3}", code)}
    verified = verification(home)
    with open_source(home) as source:
        everything = Collection.read(source)
        written = []
        for code, name in tqdm(names.items(), desc="reports", unit="council", disable=quiet):
            written += _write_council(home, source, everything.of(code), (code, name))
        written += write_site(home, source, everything, names, verified)
    # Pages that stood here before the site held them.
    for folder in (home.reports, home.reports / "agreements"):
        remove_others(folder, written)
    return written


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
