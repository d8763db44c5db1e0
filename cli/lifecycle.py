"""`asc publish`, `expire`, `erase`, `reissue`, `keys seal`: releases over time and on servers."""

import sys
from pathlib import Path
from typing import IO

import click

from cli.failures import EXIT_FAILED, EXIT_USAGE, CommandFailed
from cli.output import document, say
from plugins.home import Home

_quiet = click.option("--quiet", is_flag=True, help="Write nothing but what goes wrong.")
_json = click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")


@click.command()
@click.option("--to", "address", required=True, metavar="URL", help="postgresql://…, over TLS.")
@click.option("--agreement", metavar="REF", help="Only this agreement.")
@_quiet
@_json
@click.pass_context
def publish(
    ctx: click.Context, address: str, agreement: str | None, quiet: bool, as_json: bool
) -> None:
    """Load current releases into PostgreSQL, one role and schema per agreement.

    Give the administrator's password by PGPASSFILE or PGPASSWORD, not in URL. Exit 4 when the
    server is not safe, or a named agreement or a login is refused.
    """
    from release.server.publish import publish as run_publish

    bar = quiet or as_json or not sys.stderr.isatty()
    outcome = run_publish(Home.from_environment(), address, agreement, quiet=bar)
    if as_json:
        document(outcome.to_dict())
    else:
        for made in outcome.published:
            text = f"{made.release_id} in {made.schema_name}, {len(made.logins)} logins"
            say(f"published  {made.agreement_reference}  {text}", quiet)
        say(f"audited by {outcome.audited_by}, {outcome.sessions_ended} sessions ended", quiet)
        for name, reason in (outcome.refused | outcome.logins_refused).items():
            click.echo(f"refused  {name}  {reason}", err=True)
    ctx.exit(outcome.exit_code)


@click.command()
@_quiet
@_json
@click.pass_context
def expire(ctx: click.Context, quiet: bool, as_json: bool) -> None:
    """Remove the files of agreements that are over, and take them off their servers.

    Run it every night. Exit 1 when a server could not be reached: run it again.
    """
    from release.expire import expire as run_expire
    from release.server.closing import close

    home = Home.from_environment()
    expired = run_expire(home)
    closed = close(home, [found.agreement_reference for found in expired])
    if as_json:
        document(
            {
                "expired": [found.to_dict() for found in expired],
                "servers": [closing.to_dict() for closing in closed],
            }
        )
    else:
        for found in expired:
            text = f"{found.reason}; {len(found.removed)} release folders removed"
            say(f"expired  {found.agreement_reference}  {text}", quiet)
        say_closed(closed, quiet)
    ctx.exit(failed(closed))


@click.command()
@click.argument("council", metavar="CODE")
@click.argument("persons", metavar="FILE", type=click.File(encoding="utf-8-sig"))
@click.option("--reason", required=True, help="Why; kept in the ledger. Name no person in it.")
@_quiet
@_json
def erase(council: str, persons: IO[str], reason: str, quiet: bool, as_json: bool) -> None:
    """Take the records of persons out of what a council sent, and keep them out.

    CODE is the council's 3-digit code, FILE (`-` for stdin) lists its own identifiers of them, one
    a line. Nothing is released until the next `dbt build`; then replace releases: `asc reissue`.
    """
    from release.erasure import erase as run_erase

    known_council(council)
    listed = [line.strip() for line in persons if line.strip()]
    if not listed:
        raise CommandFailed("FILE lists nobody.", EXIT_USAGE)
    outcome = run_erase(Home.from_environment(), council, listed, reason)
    if as_json:
        document(outcome.to_dict())
    else:
        said = f"{outcome.persons} persons, {outcome.rows} rows"
        say(f"erased  {outcome.erasure_id or 'nobody new'}  {said}", quiet)
        for found in outcome.affected:
            say(f"{found.agreement_reference}/{found.release_id}  {found.why}", quiet)


@click.command()
@click.argument("council", metavar="CODE")
@click.option("--reason", help="Why; kept in the ledger. Name no person in it.")
@click.option("--list", "only_list", is_flag=True, help="Say which releases, and do nothing.")
@_quiet
@_json
@click.pass_context
def reissue(
    ctx: click.Context,
    council: str,
    reason: str | None,
    only_list: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Replace the releases that hold records of a council, after its correction or erasure.

    CODE is the council's 3-digit code. Land what was corrected and build first. Exit 4 when a
    successor is refused.
    """
    from release import reissue as steps

    home = Home.from_environment()
    known_council(council)
    if not only_list and not reason:
        raise click.UsageError("Give --reason, or --list to see which releases are affected.")
    if only_list:
        outcome = steps.Reissue(council, steps.affected(home, council), {}, {})
    else:
        outcome = steps.reissue(home, council, str(reason))
    if as_json:
        document(outcome.to_dict())
    else:
        for found in outcome.affected:
            old = f"{found.agreement_reference}/{found.release_id}"
            new = outcome.replaced.get(old)
            became = f"replaced by {new}" if new else "stands"
            say(f"{old}  {found.why}  {became}", quiet)
        for reference, said in outcome.refused.items():
            click.echo(f"refused  {reference}  {said}", err=True)
        if not outcome.affected:
            say(
                "No release older than the latest build or erasure holds records of the council.",
                quiet,
            )
    ctx.exit(outcome.exit_code)


@click.command()
@click.argument("reference", metavar="REF")
@click.argument("organisation", metavar="CODE")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@_quiet
@_json
def seal(reference: str, organisation: str, out: Path | None, quiet: bool, as_json: bool) -> None:
    """Seal what opens the current releases of REF into an envelope for CODE.

    CODE is the agreement's controller or a processor that it names; its public key stands in the
    register. Send the envelope apart from the release. Exit 4 when it is refused.
    """
    from release.envelope import seal as run_seal

    sealed = run_seal(Home.from_environment(), reference, organisation, out)
    if as_json:
        document(sealed.to_dict())
    else:
        what = f"{len(sealed.key_ids)} keys, {len(sealed.logins)} logins"
        say(f"sealed  {reference}  {organisation}  {sealed.path}: {what}", quiet)


def known_council(council: str) -> None:
    """Raise `CommandFailed` for a code by which no council submits."""
    from reports.source import council_names

    if council not in council_names():
        raise CommandFailed(f"No council with the code {council} submits.", EXIT_USAGE)


def say_closed(closed: list, quiet: bool) -> None:
    """Write what was taken off each server; what could not be goes to stderr whatever `quiet`."""
    for closing in closed:
        if closing.agreements or closing.sessions_ended:
            text = f"{len(closing.agreements)} schemas removed, {closing.sessions_ended} sessions"
            say(f"closed  {closing.server}  {text} ended", quiet)
        if closing.problem:
            click.echo(f"not closed  {closing.server}  {closing.problem}", err=True)


def failed(closed: list) -> int:
    """Return 1 when a server could not be closed, else 0."""
    return EXIT_FAILED if any(closing.problem for closing in closed) else 0
