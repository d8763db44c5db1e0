"""Histories for the country's people: those of a landed sample, cell by cell as they landed.

A client of the country takes over the care and the hospital activity of sample clients of about its
age; anybody else the hospital activity of a sample person of about its age. So what the warehouse
meets is as mixed and as faulty as the sample, at any size.
"""

from pathlib import Path

import duckdb

from benchmarks.collect.inputs import asc
from plugins import zones
from plugins.home import Home

PERSONS = 8000
_TABLES = ("donors", "donor_rows", "donor_spells", "donor_attendances")
_GROUP = "least({} // 20, 4)"
# Day on which ages are taken: the last of the sample's period.
_DAY = "date '2017-06-30'"


def make(work: Path) -> Path:
    """Make the sample and write its histories as Parquet; return their folder."""
    folder, home = work / "donors", Home.at(work / "donor_home")
    if (folder / f"{_TABLES[-1]}.parquet").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    asc(home.root, "keys", "init", "--quiet")
    asc(home.root, "sample", "--persons", str(PERSONS), "--months", "1", "--quiet")
    asc(home.root, "land", "--quiet")
    with zones.connect(home, folders=[folder], identifiable="read") as connection:
        _collect(connection, home.root / "truth")
        for table in _TABLES:
            connection.execute(f"copy {table} to '{folder / table}.parquet'")
    return folder


def age_group(years: str) -> str:
    """SQL of the age group that people and their donors share, from an age in years."""
    return _GROUP.format(f"cast({years} as int)")


def _collect(connection: duckdb.DuckDBPyConnection, truth: Path) -> None:
    age = f"date_diff('day', date_of_birth, {_DAY}) // 365.25"
    connection.execute(f"""
        create temp table people as
        select persons.person_id, nhs_number,
            {age_group(f"({age})")} as age_group, date_of_death
        from '{truth / "persons"}.parquet' as persons
    """)
    connection.execute(f"""
        create temp table donor_clients as
        select clients.la_code, clients.la_person_unique_identifier, people.nhs_number,
            people.age_group, clients.role in ('carer', 'associated') as is_carer
        from '{truth / "clients"}.parquet' as clients
        join people on clients.person_id = people.person_id
    """)
    connection.execute("""
        create temp table landed as
        select submissions.sender_la_code, submission_rows.*
        from identifiable.landing.submission_rows
        join identifiable.landing.submissions using (submission_id)
    """)
    # One row a donor. `member` counts from 0 within the donors that may stand for each other.
    connection.execute("""
        create temp table donors as
        with all_donors as (
            select distinct donor_clients.*, true as is_client
            from donor_clients
            join landed
                on donor_clients.la_code = landed.sender_la_code
                and donor_clients.la_person_unique_identifier = landed.la_person_unique_identifier
            union all
            select null, null, nhs_number, age_group, false, false
            from people
            where nhs_number not in (select nhs_number from donor_clients)
        ), numbered as (
            select *,
                row_number() over (order by is_client, la_code, la_person_unique_identifier,
                    nhs_number) as donor
            from all_donors
        )
        select *,
            row_number() over (
                partition by is_client, is_carer, age_group order by donor
            ) - 1 as member,
            count(*) over (partition by is_client, is_carer, age_group) as members
        from numbered
    """)
    connection.execute("""
        create temp table donor_rows as
        select donors.donor,
            row_number() over (partition by donors.donor order by landed.row_number) as part,
            landed.*
        from landed
        join donors
            on landed.sender_la_code = donors.la_code
            and landed.la_person_unique_identifier = donors.la_person_unique_identifier
    """)
    for source, table, day in (
        ("admitted_patient_care", "donor_spells", "admission_date"),
        ("emergency_care", "donor_attendances", "arrival_at"),
    ):
        connection.execute(f"""
            create temp table {table} as
            select donors.donor,
                row_number() over (partition by donors.donor order by {day}) as part,
                cast({day} as date) as day, health.* exclude (nhs_number)
            from identifiable.landing.health_{source} as health
            join donors on health.nhs_number = donors.nhs_number
        """)
