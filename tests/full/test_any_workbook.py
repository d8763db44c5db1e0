"""Far more workbooks and damaged files than the default tests try, other ones in each run."""

import pytest
from damaged_workbooks import damaged_files, damaged_packages
from generated_workbooks import WRITERS, books
from hypothesis import HealthCheck, given, settings
from landing_judged import judge, judge_damaged, landing_at

UNBOUNDED = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def landing(tmp_path_factory):
    with landing_at(tmp_path_factory.mktemp("landing") / "home") as landing:
        yield landing


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_given_any_workbook_when_landed_then_every_cell_of_every_row_can_be_found_again(
    writer, landing
):
    @settings(UNBOUNDED, max_examples=1000)
    @given(books(writer))
    def holds(book):
        judge(book, landing.land(writer.write(book), writer.suffix))

    holds()


@pytest.mark.parametrize(
    ("damaged", "suffix"),
    [
        (damaged_files(".xlsx"), ".xlsx"),
        (damaged_files(".xls"), ".xls"),
        (damaged_packages(), ".xlsx"),
    ],
    ids=["xlsx_bytes", "xls_bytes", "xlsx_parts"],
)
def test_given_any_damage_to_a_file_when_landed_then_it_is_refused_with_a_sentence_or_lands(
    damaged, suffix, landing, capfd
):
    @settings(UNBOUNDED, max_examples=4000)
    @given(damaged)
    def holds(content):
        judge_damaged(landing.land(content, suffix))

    holds()
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")
