"""A baseline: deterministic steps in the manner of the Master Person Service, in plain SQL.

Cross-check on the number and date of birth, then alphanumeric (family-name Soundex, gender, date
of birth, given-name Soundex, postcode), then algorithmic (date of birth, postcode and gender, names
by Jaro-Winkler, five points before the next). Written from the published specification, apart from
the project's models: it shares no line with them. Reads the population's parquet files.
"""

from pathlib import Path

import duckdb

_SOUND = """
    create or replace temp macro sound(n) as left(n, 1) || rpad(substr(replace(
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        translate(regexp_replace(n, '[^A-Z]', '', 'g'),
            'BFPVCGJKQSXZDTLMNRAEIOUYHW', '111122222222334556000000'),
        '1+', '1', 'g'), '2+', '2', 'g'), '3+', '3', 'g'), '4+', '4', 'g'), '5+', '5', 'g'),
        '6+', '6', 'g'), '0', ''), case when n[1] in ('A','E','I','O','U','Y','H','W') then 1
        else 2 end, 3), 3, '0')
"""


def trace(connection: duckdb.DuckDBPyConnection, population: Path) -> str:
    """Make the temporary table `step_links`; return SQL that reads it."""
    connection.execute(_SOUND)
    index = ("person_index_person*", "person_index_address*", "person_index_name*")
    for name in (*index, "records"):
        view = f"create or replace temp view b_{name.removesuffix('*')}"
        connection.execute(f"{view} as from '{population / name}.parquet'")
    connection.execute("""
        create or replace temp table r as
        select la_person_unique_identifier as id, nhs_number as n, upper(first_name) as g,
            upper(last_name) as f, date_of_birth as d, postcode as p,
            case gender when 'Male' then '1' when 'Female' then '2' end as s
        from b_records
    """)
    connection.execute("""
        create or replace temp table i as
        select nhs_number as n, given_name as g, family_name as f, date_of_birth::date as d,
            gender as s, postcode as p
        from b_person_index_person where superseded_by_nhs_number is null
    """)
    connection.execute("""
        create or replace temp table a as
        select nhs_number as n, postcode as p from b_person_index_address where postcode is not null
        union select n, p from i
    """)
    connection.execute("""
        create or replace temp table alphanumeric as
        select r.id, any_value(i.n) as n from r join i
            on r.d = i.d and r.s = i.s and sound(r.f) = sound(i.f) and sound(r.g) = sound(i.g)
        where r.p is null or exists (select 1 from a where a.n = i.n and a.p = r.p)
        group by r.id having count(distinct i.n) = 1
    """)
    connection.execute("""
        create or replace temp table algorithmic as
        with candidates as (
            select distinct r.id, i.n, 100.0 * case when r.f is null then 1 else
                (3 + jaro_winkler_similarity(r.f, i.f) + jaro_winkler_similarity(r.g, i.g)) / 5 end
                as score
            from r join a on r.p = a.p join i on i.n = a.n and i.d = r.d and i.s = r.s
        ), placed as (
            select *, row_number() over (partition by id order by score desc, n) as place,
                lead(score) over (partition by id order by score desc, n) as next_score
            from candidates
        )
        select id, n from placed where place = 1 and coalesce(score - next_score, 100) > 5
    """)
    connection.execute("""
        create or replace temp table step_links as
        select r.id as la_person_unique_identifier,
            coalesce(alphanumeric.n, algorithmic.n) as nhs_number,
            null::double as match_probability
        from r left join alphanumeric using (id) left join algorithmic using (id)
    """)
    return "select * from step_links"
