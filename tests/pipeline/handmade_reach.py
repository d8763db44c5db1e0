"""Lives made by hand with a discharge that reablement may follow: each named for its case."""

from life_parts import HOME, REABLED, Life, service, stay

IN_TIME = ("2016-10-20", "2016-11-01")
IN_COMMUNITY = {
    "service_type": "Long Term Support: Community",
    "service_component": "Home Support",
    "event_outcome": "Provision of service",
}
COMMUNITY, NEITHER = "long_term_community", "no_long_term"
KNOWN_BY = service("2016-11-01", "2016-11-01", **IN_COMMUNITY)  # after admission: says nothing


def followed(start: str = "2016-11-02") -> dict:
    """Reablement for four weeks."""
    end = f"{start[:5]}{int(start[5:7]) + 1:02d}{start[7:]}"
    return service(start, end, **REABLED)


def discharged(name: str, expected: object, *rows: dict, stays=None, **life) -> Life:
    """A life with a discharge on 1 November.

    Expected: (support at admission, clusters, discharges) or a reason that leaves it out; None
    where there is nothing to count. Without rows it is nobody's client: how many of its discharges
    the oracle must find.
    """
    hospital = [stay(*IN_TIME)] if stays is None else stays
    return Life(name, list(rows), hospital, expected={"reach": expected}, **life)


REACH = [
    discharged("reabled_without_support_before", (NEITHER, 1, 1), followed()),
    discharged("not_reabled", (NEITHER, 0, 1), KNOWN_BY),
    discharged(
        "reabled_with_support_before",
        (COMMUNITY, 1, 1),
        service("2016-08-01", **IN_COMMUNITY),
        followed(),
    ),
    discharged(
        "not_reabled_with_support_before", (COMMUNITY, 0, 1), service("2016-08-01", **IN_COMMUNITY)
    ),
    discharged(
        "support_ended_the_day_before_admission",
        (NEITHER, 1, 1),
        service("2016-08-01", "2016-10-19", **IN_COMMUNITY),
        followed(),
    ),
    discharged(
        "support_ended_on_the_day_of_admission",
        (COMMUNITY, 1, 1),
        service("2016-08-01", "2016-10-20", **IN_COMMUNITY),
        followed(),
    ),
    discharged(
        "support_began_the_day_after_admission",
        (NEITHER, 1, 1),
        service("2016-10-21", **IN_COMMUNITY),
        followed(),
    ),
    discharged(
        "restarts_on_1_april_in_the_community",
        (COMMUNITY, 0, 1),
        service("2016-08-01", "2017-03-31", **IN_COMMUNITY),
        service("2017-04-01", **IN_COMMUNITY),
        stays=[stay("2017-04-01", "2017-04-05")],
    ),
    discharged(
        "in_a_home_before_admission", "earlier_care", service("2016-08-01", **HOME), followed()
    ),
    discharged(
        "in_prison_before_admission",
        "earlier_care",
        service("2016-08-01", **IN_COMMUNITY | {"service_type": "Long Term Support: Prison"}),
        followed(),
    ),
    discharged("no_night_and_reabled", "activity", followed(), stays=[stay(*IN_TIME[1:] * 2)]),
    discharged(
        "died_there",
        None,
        service("2016-08-01", **IN_COMMUNITY),
        stays=[stay(*IN_TIME, discharge_method="4", discharge_destination="79")],
    ),
    discharged("maternity_code", None, KNOWN_BY, stays=[stay(*IN_TIME, "31")]),
    discharged(
        "went_to_a_hospice", None, KNOWN_BY, stays=[stay(*IN_TIME, discharge_destination="88")]
    ),
    discharged(
        "specialty_of_mental_health",
        None,
        KNOWN_BY,
        stays=[stay(*IN_TIME, treatment_function_code="710")],
    ),
    discharged(
        "moved_between_trusts",
        (NEITHER, 1, 1),
        followed(),
        stays=[
            stay("2016-10-20", "2016-10-26", discharge_destination="51"),
            stay("2016-10-26", "2016-11-01", "81", provider_code="REM"),
        ],
    ),
    discharged(
        "two_discharges_one_reabled",
        (NEITHER, 1, 2),
        followed(),
        stays=[stay("2016-09-01", "2016-09-05"), stay(*IN_TIME)],
    ),
    discharged("is_64_at_discharge", None, followed(), born="1951-11-02"),
    discharged("is_65_at_discharge", (NEITHER, 1, 1), followed(), born="1951-11-01"),
    discharged("shown_under_an_old_number", (NEITHER, 1, 1), followed(), old_number=True),
    discharged(
        "discharged_on_the_last_day_covered",
        (NEITHER, 0, 1),
        KNOWN_BY,
        stays=[stay("2017-06-20", "2017-06-30")],
    ),
    discharged(
        "discharged_before_the_first_day_covered",
        None,
        KNOWN_BY,
        stays=[stay("2016-06-20", "2016-06-30")],
    ),
    discharged("not_yet_discharged", None, KNOWN_BY, stays=[stay("2016-10-20", None)]),
    discharged("reabled_seven_days_after", (NEITHER, 1, 1), followed("2016-11-08")),
    discharged("reabled_eight_days_after", (NEITHER, 0, 1), followed("2016-11-09")),
    discharged("reabled_three_days_before", (NEITHER, 1, 1), followed("2016-10-29")),
    discharged(
        "cannot_be_followed_but_reached",
        (NEITHER, 1, 1),
        followed("2017-05-02"),
        stays=[stay("2017-04-20", "2017-05-01")],
    ),
    discharged("reabled_and_untraced", "not_traced", followed(), traced=False, stays=[]),
    discharged("reabled_here_lives_elsewhere", (NEITHER, 1, 0), followed(), lives_elsewhere=True),
    discharged("nobodys_client", 1),
    discharged("nobodys_client_of_64", 0, born="1951-11-02"),
    discharged("nobodys_client_under_an_old_number", 1, old_number=True),
    discharged("nobodys_client_who_lives_elsewhere", 0, lives_elsewhere=True),
    discharged(
        "nobodys_client_who_died_there",
        0,
        stays=[stay(*IN_TIME, discharge_method="4", discharge_destination="79")],
    ),
    discharged(
        "nobodys_client_moved_between_trusts",
        1,
        stays=[
            stay("2016-10-20", "2016-10-26", discharge_destination="51"),
            stay("2016-10-26", "2016-11-01", "81", provider_code="REM"),
        ],
    ),
    discharged("nobodys_client_twice", 2, stays=[stay("2016-09-01", "2016-09-05"), stay(*IN_TIME)]),
]
