"""Writes the country as a stream, a block of households at a time: extracts, and what is sent.

Below `folder`: `inbox/` (person index, health and reference data as the real sources send them, and
workbooks of some councils) and `rows.parquet`, the other councils' rows as they would have landed.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from benchmarks.national import country, donors
from benchmarks.trace.population import Settings, generate
from loaders.extract_contracts import CONTRACTS
from loaders.specification import read_fields
from plugins.home import PROJECT_ROOT

PERSONS_PER_BLOCK = 2_500_000
_BATCH = 100_000
_DATES = {
    "reporting_period_start_date",
    "reporting_period_end_date",
    "event_start_date",
    "event_end_date",
    "date_of_death",
}
_LINKED = ("adult_1_linked_person_id", "adult_2_linked_person_id", "adult_3_linked_person_id")


@dataclass(frozen=True)
class Size:
    """How large the country is: index persons, clients, event rows, spells and attendances."""

    persons: int = 60_000_000
    clients: int = 1_000_000
    rows: int = 6_000_000
    admissions: int = 20_000_000
    attendances: int = 25_000_000
    workbooks: int = 20
    workbook_rows: int = 1_000_000
    seed: int = 2017

    def part_of(self, share: float) -> "Size":
        """The same country, smaller: every number of persons and rows times `share`."""
        names = ("persons", "clients", "rows", "admissions", "attendances", "workbook_rows")
        return Size(
            workbooks=self.workbooks,
            seed=self.seed,
            **{name: round(getattr(self, name) * share) for name in names},
        )


class _Writers:
    """One Parquet file for each table, open while the country is written."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.open = folder, {}
        self.rows: dict[str, int] = {}

    def add(self, connection: duckdb.DuckDBPyConnection, path: str, query: str) -> None:
        """Append the rows of a query to the file `path` below the folder."""
        reader = connection.execute(query).fetch_record_batch(_BATCH)
        if path not in self.open:
            target = self.folder / f"{path}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            self.open[path] = pq.ParquetWriter(target, reader.schema, compression="zstd")
        for batch in reader:
            self.rows[path] = self.rows.get(path, 0) + batch.num_rows
            self.open[path].write_table(pa.Table.from_batches([batch]))

    def close(self) -> None:
        """Finish all files."""
        for writer in self.open.values():
            writer.close()


def write_country(
    folder: Path, work: Path, size: Size, memory: str = "5GB", quiet: bool = False
) -> dict[str, int]:
    """Write the country below `folder`; `work` keeps the sample. Return rows by file.

    At any size about `memory` is needed, and disk space for what is written.
    """
    histories = donors.make(work)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    share = size.workbook_rows / size.rows
    all_councils = country.councils(size.persons, size.workbooks, share)
    settings = Settings(size.persons, size.clients, size.seed, block=PERSONS_PER_BLOCK)
    writers = _Writers(folder)
    try:
        for block in tqdm(range(settings.blocks), desc="blocks", disable=quiet):
            with duckdb.connect() as connection:
                connection.execute(f"set memory_limit = '{memory}'")
                connection.execute(f"set temp_directory = '{folder / 'temp'}'")
                connection.execute("set preserve_insertion_order = false")
                _write_block(connection, writers, histories, size, all_councils, settings, block)
                if block == 0:
                    country.write_reference(
                        connection, folder / "inbox/reference", all_councils, size.persons
                    )
    finally:
        writers.close()
        shutil.rmtree(folder / "temp", ignore_errors=True)
    return writers.rows


def _write_block(
    connection: duckdb.DuckDBPyConnection,
    writers: _Writers,
    histories: Path,
    size: Size,
    all_councils: list[country.Council],
    settings: Settings,
    block: int,
) -> None:
    short = PROJECT_ROOT / "seeds" / "tracing" / "trace_short_names.csv"
    connection.execute(f"create temp table short_names as from read_csv('{short}')")
    generate(connection, settings, block)
    country.make_tables(connection, all_councils)
    for table in ("donors", "donor_rows", "donor_spells", "donor_attendances"):
        connection.execute(f"create temp table {table} as from '{histories / table}.parquet'")
    _clients(connection, size)
    for name in ("person", "address", "name"):
        writers.add(connection, f"inbox/person_index/{name}", f"from person_index_{name}")
    _health(connection, writers, size, 1 / settings.blocks)
    _rows(connection, writers)


def _clients(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    """Make `clients` (who sends what about whom) and `taken` (whose histories a client has)."""
    connection.execute(f"""
        create temp table clients as
        select t.i, p.nhs_number, p.h, p.now_at, councils.la_code, councils.number,
            councils.by_workbook, councils.is_nameless, r.* exclude (sender_la_code, nhs_number),
            r.nhs_number as sent_number,
            {donors.age_group("p.age")} as age_group,
            draw(t.i, 'carer') < (select avg(is_carer::int) from donors where is_client)
                as is_carer
        from truth as t
        join truth_persons as p on t.i = p.i
        join records as r on t.la_person_unique_identifier = r.la_person_unique_identifier
        asof join councils on p.postcode >= councils.first_postcode
    """)
    rows_each = connection.execute(
        "select count(*) / (select count(*) from donors where is_client) from donor_rows"
    ).fetchall()[0][0]
    wanted = size.rows / size.clients / rows_each
    # Nobody is too young or too old for a group: the nearest that has donors.
    connection.execute(f"""
        create temp table taken as
        with groups as (
            select distinct is_carer, age_group, members from donors where is_client
        ), nearest as (
            select groups.is_carer, wanted as age_group,
                min_by(groups.age_group, abs(groups.age_group - wanted)) as donor_group,
                min_by(groups.members, abs(groups.age_group - wanted)) as members
            from groups cross join range(5) as r (wanted)
            group by all
        ), shares as (
            select clients.i, nth, clients.is_carer, donor_group,
                pick(draw(clients.i * 16 + nth, 'donor'), members) as member
            from clients
            join nearest using (is_carer, age_group)
            cross join range({int(wanted) + 1}) as r (nth)
            where nth < {int(wanted)} or draw(clients.i, 'one more') < {wanted - int(wanted)}
        )
        select distinct on (shares.i, donor) shares.i, nth, donor
        from shares
        join donors on donors.is_client
            and shares.is_carer = donors.is_carer and shares.donor_group = donors.age_group
            and donors.member = shares.member
    """)


def _health(
    connection: duckdb.DuckDBPyConnection, writers: _Writers, size: Size, share: float
) -> None:
    """Write the hospital activity: of clients all that their donors have, of others a share."""
    connection.execute(f"""
        create temp table patients as
        select clients.i, clients.i * 16 + nth as history, donor, true as is_client
        from clients join taken on clients.i = taken.i
        union all
        select others.i, others.i * 16, donors.donor, false
        from (
            select p.i, groups.age_group, pick(draw(p.i, 'donor'), groups.members) as member
            from truth_persons as p
            join (select distinct age_group, members from donors where not is_client) as groups
                on {donors.age_group("p.age")} = groups.age_group
            where not p.is_absent and not exists (from clients where clients.i = p.i)
        ) as others
        join donors on not donors.is_client
            and others.age_group = donors.age_group and others.member = donors.member
    """)
    for name, table, wanted in (
        ("admitted_patient_care", "donor_spells", size.admissions),
        ("emergency_care", "donor_attendances", size.attendances),
    ):
        counted = dict(
            connection.execute(f"""
                select is_client, count(*) from patients join {table} using (donor) group by 1
            """).fetchall()
        )
        rest = wanted * share - counted.get(True, 0)
        kept = min(1.0, max(0.0, rest / counted.get(False, 1)))
        contract = next(c for c in CONTRACTS if c.name == f"health_{name}")
        own = {
            "nhs_number": "p.nhs_number",
            "spell_id": "'S' || (history * 256 + part)",
            "attendance_id": "'A' || (history * 256 + part)",
            "gp_practice_code": "practice_of(p.now_at // 480, ranked(draw(p.h, 'practice'), 4, 2))",
            "lsoa11": "lsoa_of(p.now_at)",
        }
        columns = ", ".join(f"{own.get(c, f'd.{c}')} as {c}" for c in contract.columns)
        writers.add(connection, f"inbox/health/{name}", f"""
            select {columns}
            from patients
            join {table} as d using (donor)
            join truth_persons as p on patients.i = p.i
            where (is_client or draw(history * 256 + part, '{name}') < {kept:.6f})
                and (p.died is null or d.day <= p.died)
        """)  # fmt: skip


def _rows(connection: duckdb.DuckDBPyConnection, writers: _Writers) -> None:
    """Write what the councils send: a donor's cells under the client's own name and numbers."""
    connection.execute("""
        create temp table cared_for as
        select i, lead(la_person_unique_identifier, 1) over w as adult_1_linked_person_id,
            lead(la_person_unique_identifier, 2) over w as adult_2_linked_person_id,
            lead(la_person_unique_identifier, 3) over w as adult_3_linked_person_id
        from clients
        window w as (partition by la_code order by hash(i, 'mate'))
    """)
    own = {
        "la_code": "c.la_code",
        "nhs_number": "c.sent_number",
        "la_person_unique_identifier": "c.la_person_unique_identifier",
        "first_name": "case when not c.is_nameless then c.first_name end",
        "last_name": "case when not c.is_nameless then c.last_name end",
        "gp_practice_name": "null::varchar",
        "gp_practice_code": "c.gp_practice_code",
        "gender": "c.gender",
        "date_of_birth": "c.date_of_birth::varchar",
        "postcode": "c.postcode",
        "event_reference": "case when d.event_reference is not null "
        "then c.i || '-' || nth || '-' || d.part end",
    }
    for field in _LINKED:
        own[field] = f"case when d.{field} is not null then cared_for.{field} end"
    for field in _DATES:
        own[field] = f"""coalesce(
            strftime(try_strptime(d.{field}, '%d/%m/%Y'), '%Y-%m-%d'), d.{field})"""
    columns = ", ".join(
        f"{own.get(field.name, f'd.{field.name}')} as {field.name}" for field in read_fields()
    )
    for path, flag in (("rows", "not "), ("workbook_rows", "")):
        writers.add(connection, path, f"""
            select c.la_code as sender_la_code, {columns}
            from clients as c
            join taken on c.i = taken.i
            join donor_rows as d using (donor)
            left join cared_for on c.i = cared_for.i
            where {flag}c.by_workbook
            order by c.la_code, c.i, nth, d.part
        """)  # fmt: skip
