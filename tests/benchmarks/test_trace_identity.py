"""The trace gives one answer whatever the threads, the order of its input and what it kept."""

import duckdb
import pytest

from benchmarks.trace import warehouse
from benchmarks.trace.population import Settings
from plugins import trace_code, zones
from plugins.home import Home

MODELS = (
    "path:models/staging/person_index",
    "path:models/staging/tracing",
    "path:models/intermediate/identifiable/tracing",
)
APART = ("int_trace_non_matches_compared", "int_trace_weights_measured")
ANSWERS = """
    select * from identifiable.intermediate.int_persons_traced
    order by la_code, la_person_unique_identifier
"""
EXPLANATIONS = """
    select * from identifiable.intermediate.int_trace_links_explained
    order by la_code, la_person_unique_identifier, field
"""
KEPT = """
    select count(*) filter (where is_kept), count(*)
    from identifiable.intermediate.int_trace_requests_fingerprinted
"""


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population")
    settings = Settings(
        20_000, 1_500, seed=31, error_rate=3.5, number_missing=0.6, planted_twins=100
    )
    warehouse.write_population(folder, settings)
    return folder


def ask(home: Home, question: str) -> list[tuple]:
    with zones.connect(home, identifiable="read") as connection:
        return connection.execute(question).fetchall()


def run(home: Home) -> tuple[list[tuple], list[tuple]]:
    # One number of threads in one warehouse: with another profile dbt would parse it all again.
    words = ("run", "--select", *MODELS, "--exclude", *APART)
    warehouse.dbt(home, *words, threads=1, engine_threads=1)
    return ask(home, ANSWERS), ask(home, EXPLANATIONS)


def traced_anew(home: Home, threads: int) -> tuple[list[tuple], list[tuple]]:
    """What a warehouse answers that has only just been landed."""
    words = ("build", "--select", "path:seeds/tracing", *MODELS, "--exclude", *APART)
    words += ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    warehouse.dbt(home, *words, threads=threads, engine_threads=threads)
    return ask(home, ANSWERS), ask(home, EXPLANATIONS)


@pytest.fixture(scope="module")
def traced(tmp_path_factory, population):
    """A warehouse traced on one thread in the population's own order, and what it answered."""
    home = Home.at(tmp_path_factory.mktemp("traced"))
    warehouse.land(home, population)
    return home, traced_anew(home, threads=1)


def test_two_threads_with_shuffled_input_give_the_answer_of_one_thread(
    tmp_path, population, traced
):
    # Given one population, traced on one thread in its own order
    answers, explanations = traced[1]
    # When it is traced on two threads, with index and records shuffled
    home = Home.at(tmp_path)
    warehouse.land(home, population, "hash(la_person_unique_identifier, 2)", "hash(nhs_number, 2)")
    shuffled = traced_anew(home, threads=2)
    # Then every answer and every weight is the same, to the last digit
    assert len(answers) >= 1_500 and len(explanations) >= 1_000 * 8
    assert shuffled == (answers, explanations)


def test_a_second_run_weighs_only_what_changed_and_answers_like_a_full_one(
    tmp_path, population, traced
):
    home, (answers, _) = traced
    # Given one record in fifty changed, in one way or another, and some under a new identifier
    with duckdb.connect() as connection:
        connection.execute(f"""
            copy (
                select * exclude (n) replace (
                    case when n % 150 = 0 then null else nhs_number end as nhs_number,
                    case when n % 150 = 50 then null else postcode end as postcode,
                    case when n % 150 = 100 then upper(last_name) || 'S' else last_name end
                        as last_name,
                    case when n % 300 = 7 then 'N' || la_person_unique_identifier
                        else la_person_unique_identifier end as la_person_unique_identifier
                )
                from (
                    select *, row_number() over (order by la_person_unique_identifier) as n
                    from '{population / "records"}.parquet'
                )
            ) to '{tmp_path / "records"}.parquet'
        """)
    with zones.connect(home, identifiable="write", folders=[tmp_path]) as connection:
        warehouse.land_records(connection, tmp_path, "la_person_unique_identifier")
    # When the warehouse that traced them before traces them again
    again = run(home)
    # Then most answers were kept, and all are those of a warehouse that never saw the others
    ((kept, requests),) = ask(home, KEPT)
    assert 0.95 * requests < kept < requests
    assert again[0] != answers
    # Nor was the index prepared again
    prepared = {n: m for n, m in warehouse.messages(home).items() if n.startswith("int_index_")}
    assert len(prepared) >= 9 and set(prepared.values()) == {"KEPT"}
    with zones.connect(home, identifiable="write") as connection:
        connection.execute("delete from identifiable.kept.trace_answers")
    assert run(home) == again
    assert ask(home, KEPT) == [(0, requests)]


def test_no_answer_is_kept_when_what_decides_it_has_changed(traced):
    home, _ = traced
    margin = (
        "update pseudonymised.reference.trace_policy set value = '{}' "
        "where parameter = 'minimum_margin'"
    )
    # When a row of the policy changes and the requests are judged again
    with zones.connect(home, pseudonymised="write") as connection:
        connection.execute(margin.format(5))
    warehouse.dbt(home, "run", "--select", "int_trace_requests_fingerprinted", engine_threads=1)
    # Then no answer is kept
    ((kept, requests),) = ask(home, KEPT)
    assert kept == 0 < requests
    # And none when a person leaves the index, with the policy as it was
    with zones.connect(home, identifiable="write", pseudonymised="write") as connection:
        connection.execute(margin.format(4))
        connection.execute(
            "delete from identifiable.landing.person_index_person where nhs_number = "
            "(select min(nhs_number) from identifiable.landing.person_index_person)"
        )
    words = ("tag:index_preparation", "int_trace_requests_fingerprinted")
    warehouse.dbt(home, "run", "--select", *words, engine_threads=1)
    assert ask(home, KEPT) == [(0, requests)]


def test_other_code_has_another_fingerprint(tmp_path):
    seen = set()
    for text in ("select 1", "select 2"):
        path = tmp_path / "macros" / "tracing" / "soundex.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        seen.add(trace_code.fingerprint(tmp_path))
    path.rename(path.with_name("soundex_of.sql"))
    seen.add(trace_code.fingerprint(tmp_path))
    assert len(seen) == 3
