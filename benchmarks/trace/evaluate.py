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


def judge(
    connection: duckdb.DuckDBPyConnection, population: Path, links: str, table: str = "judged"
) -> None:
    """Make the temporary table `judged` (or as named), a row per record to trace.

    `links` is SQL with la_person_unique_identifier, nhs_number and match_probability (or null).
    """
    cases = " ".join(f"when {k} then '{name}'" for k, name in enumerate(ETHNICITY))
    connection.execute(f"""
        create or replace temp table {table} as
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


def overall(connection: duckdb.DuckDBPyConnection, table: str = "judged") -> dict[str, float]:
    """Precision, recall, absent persons linked, false links found and expected."""
    cursor = connection.execute(f"select {_MEASURES} from {table}")
    names = [d[0] for d in cursor.description]
    return dict(zip(names, cursor.fetchall()[0], strict=True))


def by_segment(connection: duckdb.DuckDBPyConnection) -> Iterable[tuple]:
    """Compare the tables `judged` and `judged_steps` over every segment.

    Rows: segment, value, records, false links, of them expected, precision, recall, and the step
    rules' precision and recall.
    """

    def measures(table: str) -> str:
        false = f"count(*) filter (where {table}.is_linked and not {table}.is_right)"
        return f"""
            1 - {false} / greatest(count(*) filter (where {table}.is_linked), 1),
            count(*) filter (where {table}.is_right)
                / greatest(count(*) filter (where judged.in_index), 1)
        """

    for name, expression in SEGMENTS.items():
        yield from connection.execute(f"""
            select '{name}', {expression} as value, count(*),
                count(*) filter (where judged.is_linked and not judged.is_right),
                coalesce(sum(1 - judged.match_probability)
                    filter (where judged.is_linked), 0),
                {measures("judged")}, {measures("steps")}
            from judged
            join (
                select la_person_unique_identifier, is_linked, is_right from judged_steps
            ) as steps using (la_person_unique_identifier)
            where {expression} is not null group by 2 order by 2
        """).fetchall()


def worse_than_steps(row: tuple) -> bool:
    """Whether a segment of 500 records or more does worse than the step rules do there.

    At no lower precision no lower recall; clean records may differ by one in a thousand.
    """
    name, _, records, _, _, precision, recall, step_precision, step_recall = row
    slack = 0.001 if name == "error" else 0.0
    return records >= 500 and (recall < step_recall - slack or precision < step_precision)


def unequal(connection: duckdb.DuckDBPyConnection) -> Iterable[tuple]:
    """Recall by group beside what explains a gap: the share of records with no wrong detail.

    Rows: segment, value, records, recall, share without any error but the number's, and recall
    among those.
    """
    clean = SEGMENTS["error"] + " = 'clean' and practice_defect = 'none'"
    for name in ("ethnic group", "age", "sex", "event"):
        yield from connection.execute(f"""
            select '{name}', {SEGMENTS[name]} as value, count(*),
                count(*) filter (where is_right) / count(*) as recall,
                count(*) filter (where {clean}) / count(*) as without_error,
                count(*) filter (where is_right and {clean})
                    / greatest(count(*) filter (where {clean}), 1) as recall_without_error
            from judged where in_index group by 2 order by 2
        """).fetchall()
