"""`asc report`: writes every council's report and the index."""

import re
import shutil
from datetime import date
from pathlib import Path

from tqdm import tqdm

from plugins.home import PROJECT_ROOT, Home
from reports.council import Collection, council_report
from reports.files import private_folder, replacing, write_text
from reports.overview import overview
from reports.pages import render
from reports.rows import rows_to_look_at
from reports.source import Source, council_names, open_source
from reports.workbook import write_workbook

DOCUMENTATION = PROJECT_ROOT / "target" / "static_index.html"


def write_reports(home: Home, quiet: bool = True) -> list[Path]:
    """Write all reports below `home.reports` and return their paths.

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
            written += _write_council(home, source, everything, (code, name))
        index = overview(home, source, everything, names)
    documentation = _copy_documentation(home)
    page = render(
        "index.html",
        report=index,
        written_on=date.today(),
        documentation=documentation.name if documentation else None,
    )
    written.append(write_text(home.reports / "index.html", page))
    return written + ([documentation] if documentation else [])


def _write_council(
    home: Home, source: Source, everything: Collection, council: tuple[str, str]
) -> list[Path]:
    report = council_report(everything, *council)
    folder = private_folder(home.reports / report.code)
    page = render("council.html", report=report, written_on=date.today())
    return [
        write_text(folder / "data-quality.html", page),
        write_workbook(folder / "data-quality.xlsx", report, rows_to_look_at(source, report.code)),
    ]


def _copy_documentation(home: Home) -> Path | None:
    """Copy the generated documentation of the models, if it is there; return the copy."""
    if not DOCUMENTATION.is_file():
        return None
    target = home.reports / "dbt_docs.html"
    with replacing(target) as unfinished:
        shutil.copyfile(DOCUMENTATION, unfinished)
    return target
