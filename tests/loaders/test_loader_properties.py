"""Any workbook lands cell by cell or is refused with a sentence; so is any damaged file.

The deeper tests (`make test-full`) try many times as many.
"""

import pytest
from damaged_workbooks import damaged_files, damaged_packages
from generated_workbooks import WRITERS, books
from hypothesis import HealthCheck, Phase, given, settings
from landing_judged import judge, judge_damaged, landing_at

# The same examples every time, and no shrinking, which takes minutes.
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def landing(tmp_path_factory):
    with landing_at(tmp_path_factory.mktemp("landing") / "home") as landing:
        yield landing


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_given_any_workbook_when_landed_then_every_cell_of_every_row_can_be_found_again(
    writer, landing
):
    @settings(BOUNDED, max_examples=40)
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
    @settings(BOUNDED, max_examples=150)
    @given(damaged)
    def holds(content):
        judge_damaged(landing.land(content, suffix))

    holds()
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")
