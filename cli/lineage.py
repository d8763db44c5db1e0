"""`asc lineage`: the proof that no identifier leaves, over a build or over a manifest of dbt."""

import json
from pathlib import Path

import click

from cli.failures import CommandFailed
from cli.output import document, say
from plugins.home import PROJECT_ROOT, Home

EXIT_LEAKS = 7


@click.command()
@click.option(
    "--manifest",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A manifest that dbt wrote after building or compiling all. Default: the last build's.",
)
@click.option("--quiet", is_flag=True, help="Write nothing but what goes wrong.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
@click.pass_context
def lineage(ctx: click.Context, path: Path | None, quiet: bool, as_json: bool) -> None:
    """Prove that no identifier leaves: follow every column to its sources.

    Exit 7 when an identifier gets past its limit, or a path can't be followed.
    """
    from lineage.document import as_document
    from lineage.policy import read_policy
    from lineage.proof import prove

    path = path or Home.from_environment().build_manifest
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CommandFailed("There is no build yet: run `dbt build`.") from None
    except ValueError:
        raise CommandFailed(f"{path.name} is no manifest of dbt.") from None
    proof = prove(manifest, read_policy(PROJECT_ROOT))
    content = as_document(proof)
    if as_json:
        document(content)
    else:
        for failure in proof.failures:
            click.echo(str(failure))
        verdict = "no identifier leaves" if proof.holds else f"{len(proof.failures)} failures"
        say(
            f"{content['models']} models and {content['columns']} columns beyond the wall: "
            f"{verdict}",
            quiet and proof.holds,
        )
    ctx.exit(0 if proof.holds else EXIT_LEAKS)
