"""The trace gives one answer whatever the number of threads and the order of its input."""

import pytest

from benchmarks.trace import warehouse
from benchmarks.trace.population import Settings
from plugins import zones
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


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population")
    settings = Settings(
        20_000, 1_500, seed=31, error_rate=3.5, number_missing=0.6, planted_twins=100
    )
    warehouse.write_population(folder, settings)
    return folder


def traced(root, population, shuffled: bool, threads: int):
    home = Home.at(root)
    order = f"hash(nhs_number, {threads})"
    if shuffled:
        warehouse.land(home, population, f"hash(la_person_unique_identifier, {threads})", order)
    else:
        warehouse.land(home, population)
    warehouse.dbt(home, "seed", "--select", "path:seeds/tracing")
    words = ("run", "--select", *MODELS, "--exclude", *APART)
    warehouse.dbt(home, *words, threads=threads, engine_threads=threads)
    with zones.connect(home, identifiable="read") as connection:
        return connection.execute(ANSWERS).fetchall(), connection.execute(EXPLANATIONS).fetchall()


def test_one_thread_and_two_threads_with_shuffled_input_give_one_answer(tmp_path, population):
    # Given one population, traced on one thread in its own order
    answers, explanations = traced(tmp_path / "one", population, shuffled=False, threads=1)
    # When it is traced on two threads, with index and records shuffled
    shuffled = traced(tmp_path / "shuffled", population, shuffled=True, threads=2)
    # Then every answer and every weight is the same, to the last digit
    assert len(answers) >= 1_500 and len(explanations) >= 1_000 * 8
    assert shuffled == (answers, explanations)
