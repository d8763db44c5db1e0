"""Workbooks with one kind of defect each, and what the rules mean to say of it, cell by cell."""

from hostile_vocabulary import CORPUS
from hostile_workbooks import (
    ASSESSMENT,
    BOTH,
    ENDED,
    NUMBERS,
    REQUEST,
    REVIEW,
    SERVICE,
    ErrorCell,
    Layout,
    UncalculatedCell,
    cell,
    day,
    moment,
    numbers,
    plant,
    several,
)

__all__ = ["CORPUS"]

# ---------- nothing wrong

plant("sound", {}, suffixes=BOTH)
plant("sound_release_2", {}, layout=Layout(release_2=True))
plant(
    "sound_1904",
    {},
    reads={(REQUEST, "event_start_date"): "2017-04-03", (REVIEW, "date_of_birth"): "1940-05-17"},
    suffixes=BOTH,
    layout=Layout(date_1904=True),
)
plant(
    "sound_below_titles",
    {(6, "gender"): "Male"},
    reads={(6, "gender"): "Male"},
    layout=Layout(above=("Client level data", "Quarter 1"), lookup_sheet=True, hidden=True),
)
typed = next(NUMBERS)
plant(
    "sound_typed_as_numbers",
    {(REQUEST, "nhs_number"): float(typed)},
    reads={(REQUEST, "nhs_number"): typed},
    suffixes=BOTH,
)
# What the specification does not ask for is no fault: a carer by association has no event, a
# financial assessment no outcome, block contracts no cost, an unplanned review no outcomes.
plant(
    "sound_by_the_conditions",
    {
        (REQUEST, "client_type"): "Carer known by association",
        **{
            (REQUEST, name): None
            for name in (
                "event_type",
                "event_start_date",
                "event_end_date",
                "event_outcome",
                "request_route_of_access",
                "client_funding_status",
                "primary_support_reason",
            )
        },
        (ASSESSMENT, "assessment_type"): "Financial Assessment",
        (ASSESSMENT, "event_outcome"): None,
        (ASSESSMENT, "method_of_assessment"): None,
        (SERVICE, "delivery_mechanism"): "CASSR Commissioned Support",
        (SERVICE, "unit_cost"): None,
        (SERVICE, "cost_frequency_unit_type"): None,
        (REVIEW, "review_reason"): "Unplanned - Safeguarding concern",
        (REVIEW, "review_outcomes_achieved"): None,
    },
)
plant(
    "sound_at_the_edges",
    {
        (REQUEST, "date_of_birth"): day("1999-04-03"),  # 18 on the day
        (ASSESSMENT, "event_start_date"): day("2014-04-01"),  # the collection's first day
        (REVIEW, "date_of_death"): day("2017-06-09"),  # ends on the day of death
        (ENDED, "event_start_date"): day("2017-06-15"),  # one day
        (REQUEST, "last_name"): "Total",  # a client's name
        (SERVICE, "event_description"): "Total hip replacement",
        (ASSESSMENT, "la_person_unique_identifier"): "004512",
        (SERVICE, "la_person_unique_identifier"): "1E5",
    },
    reads={
        (ASSESSMENT, "la_person_unique_identifier"): "004512",
        (SERVICE, "la_person_unique_identifier"): "1E5",
    },
    suffixes=BOTH,
)
# One column's 17/05 tells how the other columns of the file write dates.
plant(
    "sound_text_dates",
    {(REQUEST, "event_start_date"): "03/04/2017", (REQUEST, "date_of_birth"): "17/05/1940"},
    reads={(REQUEST, "event_start_date"): "2017-04-03"},
    suffixes=BOTH,
)

# ---------- blanks and errors

cell(REVIEW, "gender", None, "mandatory_blank", suffixes=BOTH)
cell(REVIEW, "gender", "NULL", "mandatory_blank", suffixes=BOTH)
cell(REVIEW, "gender", " \u00a0", "mandatory_blank")
cell(REVIEW, "gender", UncalculatedCell(), "mandatory_blank")
cell(REQUEST, "la_code", None, "mandatory_blank")
cell(REQUEST, "nhs_number", None, "mandatory_blank")
cell(REQUEST, "request_route_of_access", None, "mandatory_blank")
cell(REQUEST, "event_end_date", None, "mandatory_blank", undecided=True)
cell(REQUEST, "client_type", None, "mandatory_blank", undecided=True)
cell(ASSESSMENT, "method_of_assessment", None, "mandatory_blank")
cell(SERVICE, "unit_cost", None, "mandatory_blank")
cell(REVIEW, "review_outcomes_achieved", None, "mandatory_blank")
cell(
    SERVICE,
    "employment_status",
    None,
    "mandatory_blank",
    also={
        "primary_support_reason": "Learning Disability Support",
        "date_of_birth": day("1980-01-10"),
    },
)
cell(
    SERVICE,
    "planned_units_per_week",
    None,
    "mandatory_blank",
    also={"cost_frequency_unit_type": "Hourly"},
)
cell(
    SERVICE,
    "event_end_date",
    None,
    "mandatory_blank",
    also={"date_of_death": day("2017-06-01")},
    undecided=True,
)
cell(REVIEW, "gender", ErrorCell("#N/A"), "error_value", read=None, suffixes=BOTH)
cell(REVIEW, "date_of_birth", "#REF!", "error_value", read=None, undecided=True)
cell(REVIEW, "gender", "#GETTING_DATA", "error_value", read=None)
cell(REVIEW, "postcode", "#FIELD!", "error_value", read=None)
cell(
    REVIEW,
    "la_person_unique_identifier",
    ErrorCell("#N/A"),
    "error_value",
    more=[(REVIEW, None, "person_id_blank")],
    suffixes=BOTH,
)

# ---------- values of a list

cell(REVIEW, "gender", " Female ", "blanks_around_value", read="Female", suffixes=BOTH)
cell(REVIEW, "gender", "Female\u00a0", "blanks_around_value", read="Female")
cell(REVIEW, "date_of_birth", "17/05/1940 ", "blanks_around_value", read="1940-05-17")
cell(SERVICE, "unit_cost", " 120.50", "blanks_around_value", read="120.50")
cell(REVIEW, "postcode", " M1 1AE", "blanks_around_value", read="M1 1AE")
cell(REVIEW, "la_person_unique_identifier", "P1 ", "blanks_around_value", read="P1")
cell(REVIEW, "gp_practice_code", "P84009\t", "blanks_around_value", read="P84009")
cell(
    REQUEST,
    "event_outcome",
    "NFA \u2013 Support declined",
    "spelling_repaired",
    read="NFA: Support declined",
    suffixes=BOTH,
)
cell(REQUEST, "event_outcome", "NFA - Other", "spelling_repaired", read="NFA: Other")
several(
    "client_type",
    ["Service  User", "Service\u00a0User"],
    "spelling_repaired",
    ["Service user", "Service user"],
)
cell(REVIEW, "gender", "Woman", "not_on_list", read=None, suffixes=BOTH)
cell(REVIEW, "has_unpaid_carer", True, "not_on_list", read=None, suffixes=BOTH)
cell(REVIEW, "gender", "female", "capitals_differ", read="Female", suffixes=BOTH)
cell(REVIEW, "ethnicity", "White: Irish", "other_release_value", read="White: Irish")
# The pilot's lists have all values of release 1: one more of the pilot's makes it a pilot file.
plant(
    "sound_of_the_pilot",
    {(REQUEST, "event_type"): "Referral"},
    reads={(REQUEST, "event_type"): "Request"},
)
plant(
    "other_release_value_of_the_pilot",
    {(REQUEST, "event_type"): "Referral"},
    (REQUEST, "event_type", "other_release_value"),
    reads={(REQUEST, "event_type"): "Request"},
    layout=Layout(release_2=True),
)
plant(
    "release_1_value",
    {(REQUEST, "client_type"): "Service User"},
    (REQUEST, "client_type", "release_1_value"),
    reads={(REQUEST, "client_type"): "Service user"},
    suffixes=BOTH,
    layout=Layout(release_2=True),
)
cell(REVIEW, "ethnicity", "B", "nhs_ethnic_category", read="White: Irish", suffixes=BOTH)
several(
    "ethnicity",
    ["A", "Z", "99"],
    "nhs_ethnic_category",
    [
        "White: English, Welsh, Scottish, Northern Irish or British",
        "No data: Refused",  # Z is not stated, 99 not known
        "No data: Undeclared or Not known",
    ],
)

# ---------- dates

cell(
    REVIEW,
    "date_of_birth",
    "31/02/1940",
    "date_unreadable",
    read=None,
    suffixes=BOTH,
    undecided=True,
)
cell(REVIEW, "date_of_birth", "17/05/40", "date_unreadable", read=None, undecided=True)
cell(REVIEW, "date_of_death", "not known", "date_unreadable", read=None, undecided=True)
cell(SERVICE, "event_start_date", 42857, "date_as_serial", read="2017-05-02", suffixes=BOTH)
plant(
    "date_as_serial_of_1904",
    {(SERVICE, "event_start_date"): 42857 - 1462},
    (SERVICE, "event_start_date", "date_as_serial"),
    reads={(SERVICE, "event_start_date"): "2017-05-02"},
    suffixes=BOTH,
    layout=Layout(date_1904=True),
)
cell(
    SERVICE,
    "event_start_date",
    moment("2017-05-02 14:05"),
    "date_with_time",
    read="2017-05-02",
    suffixes=BOTH,
)
# 23:00 is a time of day too: both are said of the cell.
cell(
    SERVICE,
    "event_start_date",
    moment("2017-05-01 23:00"),
    "date_may_be_shifted",
    "date_with_time",
    read="2017-05-01",
    suffixes=BOTH,
)
cell(SERVICE, "event_start_date", "02/05/2017", "date_convention_assumed", read="2017-05-02")
several(
    "event_start_date",
    ["04/03/2017", "04/12/2017", "05/02/2017", "06/01/2017", "05/24/2017"],
    "date_month_first",
    ["2017-04-03", "2017-04-12", "2017-05-02", "2017-06-01", "2017-05-24"],
    suffixes=BOTH,
)
# The column holds two days first and one second: day first it is, and 05/24 no date in it.
plant(
    "date_ambiguous",
    {
        (REQUEST, "event_start_date"): "03/04/2017",
        (ASSESSMENT, "event_start_date"): "13/04/2017",
        (SERVICE, "event_start_date"): "05/24/2017",
        (REVIEW, "event_start_date"): "01/06/2017",
        (ENDED, "event_start_date"): "14/05/2017",
    },
    (REQUEST, "event_start_date", "date_ambiguous"),
    (REVIEW, "event_start_date", "date_ambiguous"),
    (SERVICE, "event_start_date", "date_unreadable"),
    (SERVICE, "event_start_date", "rule_not_evaluated"),
    (SERVICE, None, "event_start_missing"),
    reads={(REQUEST, "event_start_date"): "2017-04-03", (SERVICE, "event_start_date"): None},
)
cell(REVIEW, "date_of_birth", day("1901-06-30"), "date_outside_limits")
cell(REVIEW, "date_of_death", day("2031-06-05"), "date_outside_limits")
cell(SERVICE, "event_start_date", day("2031-05-02"), "date_outside_limits")
cell(REVIEW, "date_of_birth", day("1900-01-01"), "date_of_birth_placeholder", suffixes=BOTH)
cell(REVIEW, "date_of_birth", "01/01/1800", "date_of_birth_placeholder")

# ---------- numbers

cell(SERVICE, "unit_cost", "to be agreed", "number_unreadable", read=None, suffixes=BOTH)
cell(SERVICE, "unit_cost", "1.234,50", "number_unreadable", read=None)
cell(
    REQUEST,
    "no_of_adults_being_cared_for",
    "two",
    "number_unreadable",
    read=None,
    also={"client_type": "Carer", "client_funding_status": None},
)
cell(SERVICE, "unit_cost", "\u00a31,234.50", "number_repaired", read="1234.50", suffixes=BOTH)
cell(SERVICE, "unit_cost", "1234.50 pw", "number_repaired", read="1234.50")
cell(SERVICE, "unit_cost", 120.504, "number_rounded", read="120.50", suffixes=BOTH)
cell(SERVICE, "unit_cost", -120.5, "number_negative", read="-120.50", suffixes=BOTH)

# ---------- NHS numbers

five = [next(NUMBERS) for _ in range(5)]
FULL_WIDTH = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))
several(
    "nhs_number",
    [
        f"{five[0][:3]} {five[0][3:6]}\u00a0{five[0][6:]}",
        f"{five[1][:3]}-{five[1][3:6]}-{five[1][6:]}",
        f"'{five[2]}\t",
        five[3].translate(FULL_WIDTH),
        five[4].replace("0", "O"),
    ],
    "nhs_number_repaired",
    five,
    suffixes=BOTH,
)
cell(REVIEW, "nhs_number", "9.99E+09", "nhs_number_unrecoverable", read=None, suffixes=BOTH)
cell(REVIEW, "nhs_number", "999000001", "nhs_number_malformed", read=None)
cell(REVIEW, "nhs_number", "see notes", "nhs_number_malformed", read=None)
sound = next(NUMBERS)
cell(REVIEW, "nhs_number", f"{sound[:9]}{(int(sound[9]) + 1) % 10}", "nhs_number_check_digit")
cell(REVIEW, "nhs_number", "0000000000", "nhs_number_repeated_digit")
cell(REVIEW, "nhs_number", "9999999999", "nhs_number_repeated_digit")
cell(REVIEW, "nhs_number", next(numbers("170540")), "nhs_number_other_issuer")
cell(REVIEW, "nhs_number", next(numbers("3210")), "nhs_number_other_issuer")
cell(REVIEW, "nhs_number", next(numbers("5120")), "nhs_number_never_issued")

# ---------- codes

cell(REVIEW, "postcode", "NFA", "postcode_unreadable", read=None)
cell(REVIEW, "postcode", "m11ae", "postcode_repaired", read="M1 1AE", suffixes=BOTH)
cell(REVIEW, "postcode", "M1  1AE", "postcode_repaired", read="M1 1AE")
cell(REVIEW, "postcode", "ZZ99 3VZ", "postcode_pseudo")
cell(REVIEW, "gp_practice_code", "12345", "practice_code_malformed")
cell(SERVICE, "provider_cqc_location_id", "Sunny House", "location_id_malformed")
cell(REVIEW, "la_code", "355", "other_council", suffixes=BOTH)
for own_code in ("352", "E08000003"):
    plant(
        f"own_code_{own_code}",
        {(REVIEW, "la_code"): own_code},
        (REVIEW, "la_code", "own_code_of_other_kind"),
        (None, "la_code", "sender_code_of_other_kind"),
        reads={(REVIEW, "la_code"): "306"},
        council="306",
    )
