"""Headers are matched to fields whatever their spelling; versions by the values in use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cell_text import kind_of_format, text_of_number, text_of_serial
from loaders.exact_xlsx import column_index
from loaders.headers import HeaderMatcher, column_letters, normalised
from loaders.specification import (
    Field,
    read_code_versions,
    read_councils,
    read_fields,
    read_versions,
)
from loaders.versions import VersionDetector

FIELDS = read_fields()
MATCHER = HeaderMatcher(FIELDS)
GOOD = ["LA Code", "NHS Number", "Event Type", "Postcode"]


def test_given_the_seed_then_it_has_the_fifty_fields_and_no_header_means_two_of_them():
    forms = [
        (normalised(form), field.name)
        for field in FIELDS
        for form in {field.header, *field.aliases}
    ]

    assert len(FIELDS) == 50
    assert len({form for form, _ in forms}) == len(set(forms))
    assert set(read_councils()) == {"306", "308", "316"}


@pytest.mark.parametrize(
    ("header", "field", "kind"),
    [
        ("Request: Route of Access", "request_route_of_access", "exact"),
        ("request - route of\naccess", "request_route_of_access", "normalised"),
        ("Route of Access", "request_route_of_access", "alias"),
        ("NHS\u00a0Number ", "nhs_number", "normalised"),
        ("Adult_1_Linked_Person_ID", "adult_1_linked_person_id", "normalised"),
        ("D.O.B", "date_of_birth", "alias"),
        ("Ward", None, "unknown"),
    ],
)
def test_given_a_header_when_matched_then_the_field_and_the_kind_are_told(header, field, kind):
    assert MATCHER.match(header) == (field, kind)


def test_given_two_columns_of_a_field_when_matched_then_the_better_match_wins_over_the_first():
    columns = MATCHER.columns(["NHS No", "NHS Number", "nhs number"])

    assert [(c.field, c.match_kind) for c in columns] == [
        ("nhs_number", "duplicate"),
        ("nhs_number", "exact"),
        ("nhs_number", "duplicate"),
    ]


def test_given_title_rows_when_searched_then_the_row_that_names_most_fields_is_the_header():
    rows = [(1, ["Client level data"]), (3, [*GOOD]), (4, [*GOOD, "Gender"]), (5, [*GOOD])]

    assert MATCHER.find(rows).row_number == 4


@pytest.mark.parametrize(
    "rows",
    [
        [(51, GOOD)],
        [(1, GOOD[:3])],
        [(1, ["Gender", "Ethnicity", "Postcode", "Dementia", "Service Type"])],
        [(1, ["Event Type", "event type", "EVENT TYPE", "Event_Type"])],
    ],
    ids=["too_far_down", "three_fields", "lookup_sheet", "one_field_four_times"],
)
def test_given_no_row_that_is_a_header_when_searched_then_none_is_found(rows):
    assert MATCHER.find(rows) is None


@given(st.integers(0, 16_383))
def test_given_any_column_when_named_then_the_name_leads_back_to_it(index):
    assert column_index(column_letters(index)) == index


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_given_any_number_when_written_then_it_is_plain_and_reads_back(number):
    text = text_of_number(number)

    assert float(text) == number
    assert "e" not in text
    assert not text.endswith(".0")


@given(st.integers(61, 2_958_465), st.integers(0, 86_399))
def test_given_any_serial_when_written_then_both_date_systems_are_1462_days_apart(day, second):
    serial = day + second / 86_400

    if day >= 1462:
        assert text_of_serial(serial, "date", False) == text_of_serial(serial - 1462, "date", True)
    assert text_of_serial(float(day), "date", False).count("-") == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", "date"),
        ("mmm-yy", "date"),
        ("[$-809]dd mmmm yyyy;@", "date"),
        ("hh:mm", "time"),
        ("[h]:mm", "duration"),
        ("General", None),
        ('0.00" days"', None),
        ("[Red]0.00", None),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", None),
        ("0.00E+00", None),
    ],
)
def test_given_a_number_format_when_judged_then_dates_times_and_numbers_are_told_apart(code, kind):
    assert kind_of_format(164, code) == kind


@pytest.mark.parametrize(
    ("columns", "version"),
    [
        ({}, "release_1"),
        ({"client_type": ["Service User", None, "Service user"], "gender": ["Male"]}, "release_1"),
        ({"client_type": ["Service user", "Unpaid carer"]}, "release_2"),
        ({"client_type": [" Service user "], "event_type": ["Service"] * 9}, "release_2"),
    ],
    ids=["nothing", "mostly_release_1", "release_2", "shared_values_decide_nothing"],
)
def test_given_a_sheets_values_when_judged_then_the_version_that_spells_so_is_told(
    columns, version
):
    detector = VersionDetector(FIELDS, read_code_versions(), read_versions())

    assert detector.detect(columns) == version


@pytest.mark.parametrize(
    ("header", "values", "version"),
    [
        ("Event Outcome", ["Old"], "first"),
        ("Next Step", ["Old"], "second"),
        ("next-step", [None], "second"),
        ("Next Step", ["Older"], "first"),
        ("Outcome", ["Old"], "first"),
    ],
    ids=["nothing_tells", "own_header", "respelled", "values_outweigh_it", "alias_tells_nothing"],
)
def test_given_a_renamed_field_when_the_values_do_not_tell_then_its_header_tells_the_version(
    header, values, version
):
    field = Field("outcome", "Event Outcome", ("Outcome",), "list", (("second", "Next Step"),))
    codes = {"list": {"Old": frozenset({"first", "second"}), "Older": frozenset({"first"})}}
    detector = VersionDetector([field], codes, ("first", "second"))
    columns = HeaderMatcher([field]).columns([header])

    assert detector.detect({"outcome": values}, columns) == version
    assert columns[0].field == "outcome"
