"""`asc`: the commands of the warehouse, in the order in which a record passes through them.

Every command works on the warehouse in `ASC_HOME` (default `./data`). Imports are lazy, so that
`asc --help` is quick and one part can be missing without the others failing.
"""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.failures import SafeGroup
from cli.lifecycle import erase, expire, failed, publish, reissue, say_closed, seal
from cli.lineage import lineage
from cli.output import aligned, document, say
from cli.tracing import trace

if TYPE_CHECKING:
    from plugins.home import Home

_HELP = {"help_option_names": ["-h", "--help"]}
quiet_option = click.option("--quiet", is_flag=True, help="Write nothing but what goes wrong.")
json_option = click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _no_bar(quiet: bool, as_json: bool) -> bool:
    return quiet or as_json or not sys.stderr.isatty()


def date_option(name: str, text: str) -> Callable:
    """Return a click option that takes a date as YYYY-MM-DD."""
    return click.option(name, type=click.DateTime(["%Y-%m-%d"]), callback=_day, help=text)


def _home() -> "Home":
    from plugins.home import Home

    return Home.from_environment()


def _counts(content: dict) -> list[str]:
    return aligned(
        (name.replace("_", " "), value)
        for name, value in content.items()
        if isinstance(value, int) and name != "exit_code"
    )


@click.group(cls=SafeGroup, context_settings=_HELP)
def main() -> None:
    """Client-level adult social care warehouse: collect, check, trace, protect, release."""


for command in (lineage, trace, publish, expire, erase, reissue):
    main.add_command(command)


@main.group()
def keys() -> None:
    """Make, list, rotate and seal keys. None is ever shown; a council's password by `password`."""


keys.add_command(seal)


@keys.command("init")
@quiet_option
@json_option
def keys_init(quiet: bool, as_json: bool) -> None:
    """Make the keys that are not there yet."""
    from plugins.keys import KeyRing

    home = _home()
    made = KeyRing(home.keys).initialise()
    if as_json:
        document({"made": made})
    else:
        say(f"Made {', '.join(made)} in {home.keys}." if made else "All keys are there.", quiet)


@keys.command("list")
@quiet_option
@json_option
def keys_list(quiet: bool, as_json: bool) -> None:
    """List ids and check values."""
    from plugins.keys import KeyRing

    ring = KeyRing(_home().keys)
    ring.require()
    listed = ring.keys_listed()
    if as_json:
        document(listed)
    else:
        rows = [(key["id"], key["kind"], key["check_value"] or "") for key in listed]
        say("\n".join(aligned(rows)), quiet)


@keys.command("rotate")
@click.argument("domain")
@quiet_option
@json_option
def keys_rotate(domain: str, quiet: bool, as_json: bool) -> None:
    """Give DOMAIN its next version.

    DOMAIN is `root`, a zone (its file is encrypted anew), `delivery-REF` (the release files of an
    agreement), `linkage` or an agreement's reference (its tokens change with the next build),
    `rows-CODE` (the password of a council's row lists changes with the next report), or
    `login-NAME` (the password of a login of the server changes with the next `asc publish`).
    """
    from cli.rotation import rotate

    new = rotate(_home(), domain)
    if as_json:
        document({"rotated": domain, "id": new})
    else:
        say(f"{domain} is now {new}.", quiet)


@keys.command("password")
@click.argument("la_code", metavar="CODE")
def keys_password(la_code: str) -> None:
    """Show the password of a council's row lists: hand it over apart from them.

    CODE is the council's 3-digit code.
    """
    from plugins.keys import KeyRing
    from reports.source import council_names

    if la_code not in council_names():
        raise click.UsageError(f"No council with the code {la_code} submits.")
    ring = KeyRing(_home().keys)
    ring.require()
    click.echo(ring.council_password(la_code))


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Default: ASC_HOME.")
@click.option("--persons", type=click.IntRange(min=100), default=6000, show_default=True)
@click.option("--months", type=click.IntRange(min=1), default=6, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=2017, show_default=True)
@click.option(
    "--effect",
    type=(str, click.FloatRange(min=1)),
    metavar="COMPONENT TIMES",
    help="Plant an effect: emergency contacts come TIMES as often once COMPONENT has started.",
)
@quiet_option
@json_option
def sample(
    out: Path | None,
    persons: int,
    months: int,
    seed: int,
    effect: tuple[str, float] | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write a synthetic inbox and its truth."""
    from samples.generate import write_sample

    target = out or _home().root
    try:
        written = write_sample(target, persons, months, seed, _no_bar(quiet, as_json), effect)
    except ValueError as error:  # about the numbers asked for, which are nobody's data
        raise click.UsageError(str(error)) from None
    if as_json:
        document(written)
    else:
        say("\n".join(_counts(written)), quiet)


@main.command()
@click.argument("inbox", required=False, type=click.Path(path_type=Path, file_okay=False))
@date_option("--received-at", "The date the files were received, YYYY-MM-DD.")
@quiet_option
@json_option
@click.pass_context
def land(
    ctx: click.Context, inbox: Path | None, received_at: date | None, quiet: bool, as_json: bool
) -> None:
    """Land all that is new in INBOX (default: ASC_HOME/inbox)."""
    from loaders.land import land_inbox

    home = _home()
    inbox = inbox or home.inbox
    if not inbox.is_dir():
        raise click.UsageError(f"There is no inbox {inbox}.")
    report = land_inbox(home, inbox, received_at, _no_bar(quiet, as_json))
    content = json.loads(report.to_json())
    if as_json:
        document(content)
    else:
        say("\n".join(_counts(content)), quiet)
        for refused in report.refusals:
            where = refused.submission_id or "-", refused.sender_la_code or "-"
            click.echo("  ".join(("refused", *where, refused.reason)), err=True)
    ctx.exit(report.exit_code)


@main.command()
@click.option("--agreement", metavar="REF", help="Only this agreement.")
@date_option("--as-of", "The date the warehouse must be built as of, YYYY-MM-DD.")
@quiet_option
@json_option
@click.pass_context
def release(
    ctx: click.Context, agreement: str | None, as_of: date | None, quiet: bool, as_json: bool
) -> None:
    """Package a release for each agreement in force.

    Exit 4 when a gate refuses: the build is not green, or an agreement that was named or is in
    force is refused.
    """
    from release.run import release as run_release

    report = run_release(_home(), agreement, as_of, quiet=_no_bar(quiet, as_json))
    if as_json:
        document(report.to_dict())
    else:
        for made in report.released:
            rows = sum(made.products.values())
            text = f"{made.path}: {len(made.products)} tables, {rows:,} rows"
            say(f"released  {made.agreement_reference}  {text}", quiet)
    for refused in report.refused:
        if refused.in_force or report.named or not quiet:
            click.echo(
                f"refused  {refused.agreement_reference or 'all'}  {refused.reason}", err=True
            )
    if report.gate and not report.refused:
        click.echo(report.gate, err=True)
    ctx.exit(report.exit_code)


@main.command()
@click.argument("reference", metavar="REF")
@click.option("--reason", required=True, help="Why; kept in the ledger. Name no person in it.")
@quiet_option
@json_option
@click.pass_context
def withdraw(ctx: click.Context, reference: str, reason: str, quiet: bool, as_json: bool) -> None:
    """Mark an agreement's releases as withdrawn; remove their files and take them off servers.

    Exit 1 when a server could not be reached: run it again.
    """
    from release.server.closing import close
    from release.withdraw import withdraw as run_withdraw

    withdrawal = run_withdraw(_home(), reference, reason)
    closed = close(_home(), [reference])
    if as_json:
        document(withdrawal.to_dict() | {"servers": [closing.to_dict() for closing in closed]})
    else:
        count = len(withdrawal.removed)
        say(f"withdrawn  {reference}  {count} release folders removed", quiet)
        say_closed(closed, quiet)
    ctx.exit(failed(closed))


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@quiet_option
@json_option
@click.pass_context
def verify(ctx: click.Context, path: Path | None, quiet: bool, as_json: bool) -> None:
    """Check ledger chain, manifests and file hashes. Exit 5 on any mismatch.

    PATH limits the check of releases to one release folder or file.
    """
    from release.verify import verify as run_verify

    outcome = run_verify(_home(), path)
    if as_json:
        document(outcome.to_dict())
    else:
        for mismatch in outcome.mismatches:
            click.echo(f"mismatch  {mismatch.path}: {mismatch.what}")
        for note in outcome.notes:
            say(f"note      {note.path}: {note.what}", quiet)
        looked = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in outcome.checked.items())
        verdict = (
            f"{len(outcome.mismatches)} mismatches" if outcome.mismatches else "all as recorded"
        )
        say(f"{looked}: {verdict}", quiet)
    ctx.exit(outcome.exit_code)


@main.command("attack")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--aux",
    "known",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV or parquet of persons whom an intruder knows; columns in docs/security.md.",
)
@quiet_option
@json_option
@click.pass_context
def attack_command(
    ctx: click.Context, paths: tuple[Path, ...], known: Path | None, quiet: bool, as_json: bool
) -> None:
    """Run the disclosure attacks on releases. Exit 6 if one succeeds.

    PATH is a release folder, a folder of them or a file; without one, all current releases.
    """
    from cli.attack import as_document, as_lines
    from cli.attack import attack as run_attack

    verdicts = run_attack(_home(), paths, known, _no_bar(quiet, as_json))
    content = as_document(verdicts)
    if as_json:
        document(content)
    else:
        for line, succeeded in as_lines(verdicts):
            say(line, quiet and not succeeded)
    ctx.exit(content["exit_code"])


@main.command()
@click.argument("zone_or_file")
@click.argument("statement", metavar="SELECT")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    help="Default: table on a terminal, csv elsewhere.",
)
@quiet_option
def sql(zone_or_file: str, statement: str, form: str | None, quiet: bool) -> None:
    """Read from `identifiable`, `pseudonymised` or a release (folder or file).

    Null is an empty field in CSV, the empty text is `""`.
    """
    from cli.query import write_query

    form = form or ("table" if sys.stdout.isatty() else "csv")
    write_query(_home(), zone_or_file, statement, form)


@main.command()
@quiet_option
@json_option
def report(quiet: bool, as_json: bool) -> None:
    """Write the data-quality, release and audit pages."""
    from reports.write import write_reports

    written = [str(path) for path in write_reports(_home(), _no_bar(quiet, as_json))]
    if as_json:
        document({"written": written})
    else:
        say("\n".join(written), quiet or not written)


@main.command()
@quiet_option
@json_option
def summary(quiet: bool, as_json: bool) -> None:
    """Say what came in, what became of it, and what went out: counts and paths only."""
    from cli.summary import as_text, summarise

    content = summarise(_home())
    if as_json:
        document(content)
    else:
        say(as_text(content), quiet)


if __name__ == "__main__":
    main()
