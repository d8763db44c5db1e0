"""Lives made by hand with reablement after a discharge: each named for its case."""

from life_parts import HOME, REABLED, Life, service, stay

IN_TIME = ("2016-10-20", "2016-11-01")  # day 84 is 24 January 2017, day 91 is 31 January


def reabled(
    name: str,
    on_day_91: object,
    in_84_days: object,
    *more: dict,
    stays: list[dict] | None = None,
    start: str = "2016-11-02",
    end: str | None = "2016-11-30",
    after: tuple[dict, ...] = (),
    cells: dict | None = None,
    **life,
) -> Life:
    """A life with reablement after a discharge, and what the two measures make of it.

    Expected is 1 (at home), 0 (not), a reason for leaving it out, or None (no case at all).
    """
    hospital = [stay(*IN_TIME)] if stays is None else stays
    return Life(
        name,
        [service(start, end, **REABLED | (cells or {})), *more],
        [*hospital, *after],
        expected={
            "reablement_at_home_91_days_all_year": on_day_91,
            "reablement_at_home_84_days": in_84_days,
        },
        **life,
    )


REABLEMENT = [
    reabled("at_home_all_along", 1, 1),
    reabled("dies_on_day_84", 0, 0, died_by_index="2017-01-24"),
    reabled("dies_on_day_85", 0, 1, died_by_index="2017-01-25"),
    reabled("dies_on_day_91", 0, 1, died_by_index="2017-01-31"),
    reabled("dies_on_day_92", 1, 1, died_by_index="2017-02-01"),
    reabled("readmitted_on_day_84", 1, 0, after=(stay("2017-01-24", "2017-01-27"),)),
    reabled("readmitted_on_day_85", 1, 1, after=(stay("2017-01-25", "2017-01-28"),)),
    reabled("in_hospital_on_day_91", 0, 1, after=(stay("2017-01-30", "2017-02-02"),)),
    reabled("admitted_on_day_91", 0, 1, after=(stay("2017-01-31", "2017-02-03"),)),
    reabled("discharged_on_day_91", 1, 1, after=(stay("2017-01-28", "2017-01-31"),)),
    reabled("still_in_hospital", 0, 1, after=(stay("2017-01-28", None),)),
    reabled("readmitted_without_a_night", 1, 1, after=(stay("2016-12-01", "2016-12-01"),)),
    reabled("readmitted_as_planned", 1, 1, after=(stay("2016-12-01", "2016-12-05", "11"),)),
    reabled("readmitted_by_a_letter_code", 1, 0, after=(stay("2016-12-01", "2016-12-05", "2A"),)),
    reabled("into_a_home_on_day_84", 0, 0, service("2017-01-24", **HOME)),
    reabled("into_a_home_on_day_85", 0, 1, service("2017-01-25", **HOME)),
    reabled("in_a_home_for_a_while", 1, 0, service("2016-12-01", "2016-12-20", **HOME)),
    reabled("last_day_in_a_home_is_day_91", 0, 0, service("2016-12-01", "2017-01-31", **HOME)),
    reabled("last_day_in_a_home_is_day_90", 1, 0, service("2016-12-01", "2017-01-30", **HOME)),
    reabled("turns_65_on_the_day_of_discharge", 1, 1, born="1951-11-01"),
    reabled("turns_65_the_day_after", None, None, born="1951-11-02"),
    reabled("service_seven_days_after_discharge", 1, 1, start="2016-11-08"),
    reabled("service_eight_days_after_discharge", None, None, start="2016-11-09"),
    reabled("service_three_days_before_discharge", 1, 1, start="2016-10-29"),
    reabled("service_four_days_before_discharge", None, None, start="2016-10-28"),
    reabled(
        "admitted_after_the_service_began",
        None,
        None,
        stays=[stay("2016-11-03", "2016-11-04")],
    ),
    reabled(
        "moved_to_another_trust",
        1,
        1,
        stays=[
            stay("2016-10-20", "2016-10-26", discharge_destination="51"),
            stay("2016-10-26", "2016-11-01", "81", provider_code="REM"),
        ],
    ),
    reabled(
        "moved_the_day_after_by_method",
        1,
        1,
        stays=[
            stay("2016-10-20", "2016-10-26"),
            stay("2016-10-27", "2016-11-01", "2B", provider_code="REM"),
        ],
    ),
    reabled(
        "two_discharges_the_later_counts",
        1,
        1,
        stays=[stay("2016-10-20", "2016-10-27"), stay("2016-10-29", "2016-11-01")],
    ),
    reabled(
        "two_episodes_of_one_spell",
        1,
        1,
        stays=[
            stay("2016-10-20", "2016-10-24", spell_id="one", discharge_destination="51"),
            stay("2016-10-24", "2016-11-01", spell_id="one"),
        ],
    ),
    reabled(
        "discharged_to_another_hospital_unseen",
        "activity",
        "activity",
        stays=[stay(*IN_TIME, discharge_destination="51")],
    ),
    reabled("no_night_in_hospital", 1, "activity", stays=[stay("2016-11-01", "2016-11-01")]),
    reabled("maternity_by_mistake", 1, "activity", stays=[stay(*IN_TIME, "31")]),
    reabled(
        "rehabilitation_specialty_65x",
        1,
        "activity",
        stays=[stay(*IN_TIME, treatment_function_code="653")],
    ),
    reabled("to_a_hospice", 1, "activity", stays=[stay(*IN_TIME, discharge_destination="88")]),
    reabled("blank_component", 1, None, cells={"service_component": None}),
    reabled("equipment_only", None, None, cells={"service_component": "Equipment"}),
    reabled(
        "in_a_home_at_admission",
        0,
        "earlier_care",
        service("2016-03-01", **HOME),
    ),
    reabled("not_traced", "not_traced", "not_traced", traced=False, stays=[]),
    reabled("under_a_superseded_number", 1, 1, old_number=True),
    reabled("service_goes_on", 1, 1, end=None),
    reabled(
        "discharged_after_the_last_that_can_be_followed",
        "not_covered",
        "not_covered",
        stays=[stay("2017-04-01", "2017-04-15")],
        start="2017-04-16",
        end="2017-05-10",
    ),
    reabled(
        "day_91_is_the_last_day_covered",
        1,
        1,
        stays=[stay("2017-03-20", "2017-03-31")],
        start="2017-04-01",
        end="2017-05-10",
    ),
    reabled(
        "day_84_is_covered_and_day_91_is_not",
        "not_covered",
        1,
        stays=[stay("2017-03-20", "2017-04-07")],
        start="2017-04-08",
        end="2017-05-10",
    ),
    reabled(
        "services_seven_days_apart_are_one",
        1,
        1,
        service("2016-12-07", "2016-12-20", **REABLED),
        after=(stay("2016-12-08", "2016-12-09", "11"),),
    ),
    reabled(
        "died_in_hospital_only_there_known",
        0,
        0,
        after=(stay("2016-12-01", "2016-12-09", discharge_method="4", discharge_destination="79"),),
    ),
    reabled(
        "council_says_dead_and_the_index_later",
        1,
        1,
        cells={"date_of_death": "2016-12-15"},
        died_by_index="2017-03-01",
    ),
    reabled(
        "restarts_on_1_april_in_a_home",
        0,
        0,
        service("2017-03-10", "2017-03-31", **HOME),
        service("2017-04-01", **HOME),
        stays=[stay("2017-02-20", "2017-03-04")],
        start="2017-03-05",
        end="2017-03-09",
    ),
]
