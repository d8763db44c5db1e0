"""`asc trace`: files for the national tracing service, in place of the local index."""

from datetime import datetime
from pathlib import Path

import click

from cli.failures import CommandFailed
from cli.output import document, say
from plugins.home import Home


@click.group()
def trace() -> None:
    """Write request files for the national tracing service, and take its responses in."""


@trace.command("export")
@click.option("--quiet", is_flag=True, help="Write nothing but what goes wrong.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
def export(quiet: bool, as_json: bool) -> None:
    """Write a request for every client of the last build. The file holds identifiers."""
    from loaders.trace_files import export_requests

    path, records = export_requests(Home.from_environment(), datetime.now())
    if as_json:
        document({"path": str(path), "records": records})
    else:
        say(f"{path}: {records:,} records", quiet)


@trace.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--quiet", is_flag=True, help="Write nothing but what goes wrong.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
def import_(path: Path, quiet: bool, as_json: bool) -> None:
    """Land the responses in PATH, in place of all that were landed before.

    They count from the next build on, if the seed `trace_policy` says `national_service`.
    """
    from loaders.trace_files import TraceFileError, import_responses

    try:
        records = import_responses(Home.from_environment(), path)
    except TraceFileError as error:
        raise CommandFailed(str(error), 3) from None
    if as_json:
        document({"records": records})
    else:
        say(f"{records:,} records", quiet)
