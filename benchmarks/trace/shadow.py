"""Estimates false links without truth: `python -m benchmarks.trace.shadow HOME SCRATCH`.

In a copy of a built warehouse some persons are hidden from the index, and the confirmed numbers of
their clients from the records. Whoever is linked all the same is linked to somebody else: the rate
at which the trace links persons whom the index lacks, the main source of false links.
"""

import shutil
from pathlib import Path

import click

from benchmarks.trace import warehouse
from plugins import zones
from plugins.home import Home

_HIDDEN = "((try_cast({} as bigint) * 69621) % 2147483647) / 2147483647.0 < {}"


def linked_though_hidden(home: Home, scratch: Path, share: float) -> tuple[int, int, int]:
    """Return clients hidden, how many of them were linked, and clients without a confirmed number.

    `scratch` takes the copy and is removed at the end.
    """
    if scratch.exists():
        raise click.UsageError(f"{scratch} exists already")
    try:
        for folder in ("keys", "warehouse"):
            shutil.copytree(home.root / folder, scratch / folder)
        copy = Home.at(scratch)
        with zones.connect(copy, identifiable="write") as connection:
            connection.execute("use identifiable")
            connection.execute(f"""
                create table landing.shadow as
                select la_code, la_person_unique_identifier
                from intermediate.int_persons_traced
                where trace_step = 'cross_check' and {_HIDDEN.format("nhs_number", share)}
            """)
            ((unconfirmed,),) = connection.execute("""
                select count(*) from intermediate.int_persons_traced
                where trace_step <> 'cross_check'
            """).fetchall()
            connection.execute(
                "delete from landing.person_index_person where "
                + _HIDDEN.format("nhs_number", share)
            )
            connection.execute("""
                update intermediate.int_rows_validated as validated set nhs_number = null
                from landing.shadow where validated.sender_la_code = shadow.la_code
                    and validated.la_person_unique_identifier = shadow.la_person_unique_identifier
            """)
        models = ("path:models/staging/person_index", "path:models/staging/tracing")
        tracing = "path:models/intermediate/identifiable/tracing"
        warehouse.dbt(copy, "run", "--select", *models, tracing, "--exclude", *warehouse.APART)
        with zones.connect(copy, identifiable="read") as connection:
            ((hidden, linked),) = connection.execute("""
                select count(*), count(nhs_number)
                from identifiable.intermediate.int_persons_traced
                join identifiable.landing.shadow using (la_code, la_person_unique_identifier)
            """).fetchall()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return hidden, linked, unconfirmed


@click.command()
@click.argument("root", metavar="HOME", type=click.Path(path_type=Path, exists=True))
@click.argument("scratch", type=click.Path(path_type=Path))
@click.option("--share", default=0.01, show_default=True, help="Of the index persons, hidden.")
@click.option("--absent", default=0.05, show_default=True, help="Share assumed to be absent.")
def main(root: Path, scratch: Path, share: float, absent: float) -> None:
    """Hide persons from a copy of the warehouse below HOME and count who is linked all the same."""
    hidden, linked, unconfirmed = linked_though_hidden(Home.at(root), scratch, share)
    rate = linked / max(hidden, 1)
    click.echo(f"hidden clients {hidden}, linked to somebody else {linked} ({rate:.4%})")
    click.echo(
        f"of {unconfirmed} clients without a confirmed number, at {absent:.0%} absent: "
        f"about {rate * absent * unconfirmed:.1f} false links to absent persons' kin or namesakes"
    )


if __name__ == "__main__":
    main()
