"""What both found, rule by rule and row by row."""

from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from benchmarks.validation import contract
from benchmarks.validation.product import SCHEMA
from plugins import zones
from plugins.home import Home


@dataclass(frozen=True)
class Agreement:
    """Rows that break one rule: as the engine, the project and both say.

    `excused` are rows that only one of them names, where they read a cell differently (the project
    mends `£12.50`, the engine refuses it) or the project calls the row a total; `differ` are all
    others that only one of them names.
    """

    code: str
    engine: int
    project: int
    both: int
    excused: int
    differ: int


def agreements(warehouse: Path, errors: Path) -> list[dict]:
    """Compare the project's findings with the engine's messages, for every rule of both."""
    with zones.connect(
        Home.at(warehouse / "home"), folders=[errors], identifiable="read"
    ) as connection:
        _engine_found(connection, errors)
        _project_found(connection)
        rows = connection.execute("""
            select code,
                count_if(by_engine),
                count_if(by_project),
                count_if(by_engine and by_project),
                count_if(by_engine <> by_project and is_excused),
                count_if(by_engine <> by_project and not is_excused)
            from (
                select coalesce(e.code, p.code) as code, coalesce(e.n, p.n) as n,
                    e.n is not null as by_engine, p.n is not null as by_project,
                    x.n is not null as is_excused
                from engine_found as e
                full join project_found as p on e.code = p.code and e.n = p.n
                left join excused as x
                    on coalesce(e.code, p.code) = x.code and coalesce(e.n, p.n) = x.n
            )
            group by code
        """).fetchall()
    found = {row[0]: Agreement(*row) for row in rows}
    every = [one.code for one in contract.compared()]
    return [asdict(found.get(code, Agreement(code, 0, 0, 0, 0, 0))) for code in every]


def _engine_found(connection: duckdb.DuckDBPyConnection, errors: Path) -> None:
    connection.execute(f"""
        create temp table engine_found as
        select distinct ErrorCode as code, RecordIndex as n
        from read_json(
            '{errors}/*_errors.jsonl', format = 'newline_delimited',
            columns = {{'ErrorCode': 'VARCHAR', 'RecordIndex': 'BIGINT'}}
        )
    """)


def _project_found(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create temp table compared (code varchar, rule_id varchar, field varchar, same boolean)"
    )
    connection.executemany(
        "insert into compared values (?, ?, ?, ?)",
        [
            (one.code, rule, field, rules is one.rules)
            for one in contract.compared()
            for rules, field in ((one.rules, one.field), (one.excused, one.excused_field))
            for rule in rules
        ],
    )
    connection.execute(f"""
        create temp table findings as
        select rule_id, field, event_reference[2:]::bigint as n
        from {SCHEMA}.int_validation_findings
        join {SCHEMA}.int_rows_read using (submission_id, row_number)
    """)
    for table, same in (("project_found", "same"), ("excused_by_field", "not same")):
        connection.execute(f"""
            create temp table {table} as
            select distinct compared.code, findings.n
            from findings
            join compared
                on findings.rule_id = compared.rule_id
                and (compared.field is null or findings.field = compared.field)
            where {same}
        """)
    connection.execute("""
        create temp table excused as
        from excused_by_field
        union
        select codes.code, findings.n
        from findings
        cross join (select distinct code from compared) as codes
        where findings.rule_id = 'total_row'
    """)
