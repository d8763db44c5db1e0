"""Judges traced records against the truth that the pipeline never saw."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from benchmarks.trace.population import ETHNICITY

# Records to trace: the number was missing, malformed or wrong.
SEGMENTS = {
    "error": """case when birth_defect = 'none' and postcode_defect = 'none'
        and gender_defect = 'none' and given_defect = 'none' and family_defect = 'none'
        then 'clean' end""",
    "number": "number_defect",
    "birth": "birth_defect",
    "postcode": "postcode_defect",
    "practice": "practice_defect",
    "gender": "gender_defect",
    "given name": "given_defect",
    "family name": "family_defect",
    "age": """case when true_age < 18 then '0-17' when true_age < 40 then '18-39'
        when true_age < 65 then '40-64' when true_age < 75 then '65-74'
        when true_age < 85 then '75-84' else '85+' end""",
    "sex": "case true_sex when 1 then 'male' else 'female' end",
    "ethnic group": "ethnicity",
    "event": "event_type",
    "home": "case when in_home then 'care home' else 'own home' end",
    "twin": "case when is_twin then 'twin' else 'no twin' end",
}


def judge(connection: duckdb.DuckDBPyConnection, population: Path, links: str) -> None:
    """Make the temporary table `judged`, a row per record to trace.

    `links` is SQL with la_person_unique_identifier, nhs_number and match_probability (or null).
    """
    cases = " ".join(f"when {k} then '{name}'" for k, name in enumerate(ETHNICITY))
    connection.execute(f"""
        create or replace temp table judged as
        select truth.*, case ethnic_group {cases} end as ethnicity,
            links.nhs_number as given_number,
            links.match_probability, links.nhs_number is not null as is_linked,
            coalesce(links.nhs_number = truth.nhs_number and in_index, false) as is_right
        from '{population / "truth"}.parquet' as truth
        left join ({links}) as links using (la_person_unique_identifier)
        where number_defect <> 'none'
    """)


_MEASURES = """
    count(*) as records, count(*) filter (where in_index) as in_index,
    count(*) filter (where is_linked) as linked,
    count(*) filter (where is_linked and not is_right) as false_links,
    1 - false_links / greatest(linked, 1) as precision,
    count(*) filter (where is_right) / greatest(count(*) filter (where in_index), 1) as recall,
    count(*) filter (where is_linked and not in_index)
        / greatest(count(*) filter (where not in_index), 1) as absent_linked,
    sum(1 - match_probability) filter (where is_linked) as expected_false
"""


def overall(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Precision, recall, absent persons linked, false links found and expected."""
    cursor = connection.execute(f"select {_MEASURES} from judged")
    names = [d[0] for d in cursor.description]
    return dict(zip(names, cursor.fetchall()[0], strict=True))


def by_segment(connection: duckdb.DuckDBPyConnection) -> Iterable[tuple]:
    """Rows (segment, value, records, false links, precision, recall) over every segment."""
    for name, expression in SEGMENTS.items():
        yield from connection.execute(f"""
            select '{name}', {expression} as value, count(*),
                count(*) filter (where is_linked and not is_right),
                1 - count(*) filter (where is_linked and not is_right)
                    / greatest(count(*) filter (where is_linked), 1),
                count(*) filter (where is_right)
                    / greatest(count(*) filter (where in_index), 1)
            from judged where {expression} is not null group by 2 order by 2
        """).fetchall()
