"""Lives made by hand with a request that a new client waits upon: each named for its case."""

from handmade_submissions import event
from life_parts import Life, service

LOW = {"service_type": "Short Term Support: Ongoing Low Level", "service_component": "Equipment"}
MAXIMISING = {
    "service_type": "Short Term Support: ST-Max",
    "service_component": "Reablement",
    "event_outcome": "Service ended as planned",
}
CARER = {
    "service_type": "Carer Support: Direct to Carer",
    "service_component": "Carer Respite",
}
TO_SERVICE = "Progress to Support Planning / Services"
REQUEST_DAY = "2016-09-01"


def request(start: str = REQUEST_DAY, outcome: str = "Progress to Assessment", **cells) -> dict:
    return event("Request", None, start, start, **{"event_outcome": outcome, **cells})


def assessment(start: str, outcome: str = TO_SERVICE, **cells) -> dict:
    return event("Assessment", None, start, start, **{"event_outcome": outcome, **cells})


def waiting(name: str, expected: list[tuple], *rows: dict, **life) -> Life:
    """A life with requests. Expected: (band, to first response, to first service) of each."""
    return Life(name, list(rows), expected={"waits": expected}, **life)


OLD, YOUNG = "65+", "25-64"
NOTHING, CLIENT = "outcome", "earlier_care"
WAITS = [
    waiting(
        "assessed_then_served",
        [(OLD, 10, 20)],
        request(),
        assessment("2016-09-11"),
        service("2016-09-21"),
    ),
    waiting("served_on_the_day_of_the_request", [(OLD, 0, 0)], request(), service(REQUEST_DAY)),
    waiting(
        "assessed_on_the_day_of_the_request",
        [(OLD, 0, 20)],
        request(),
        assessment(REQUEST_DAY),
        service("2016-09-21"),
    ),
    waiting(
        "assessment_leads_to_no_service",
        [(OLD, 10, NOTHING)],
        request(),
        assessment("2016-09-11", "NFA - Support declined"),
        service("2016-09-21"),
    ),
    waiting(
        "second_assessment_leads_to_the_service",
        [(OLD, 10, 20)],
        request(),
        assessment("2016-09-11", "NFA - Support declined"),
        assessment("2016-09-15"),
        service("2016-09-21"),
    ),
    waiting(
        "served_before_the_assessment",
        [(OLD, 4, 4)],
        request(),
        service("2016-09-05"),
        assessment("2016-09-11", "NFA - Support declined"),
    ),
    waiting("nothing_came", [(OLD, NOTHING, NOTHING)], request()),
    waiting(
        "nothing_came_but_before", [(OLD, NOTHING, NOTHING)], request(), assessment("2016-08-31")
    ),
    waiting(
        "request_without_further_action",
        [],
        request(outcome="NFA - Information & Advice / Signposting only"),
        assessment("2016-09-11"),
    ),
    waiting(
        "admitted_to_hospital", [], request(outcome="Admitted to hospital"), service("2016-09-11")
    ),
    waiting(
        "asks_again_before_the_assessment",
        [(OLD, 10, 20)],
        request(),
        request("2016-09-05"),
        assessment("2016-09-11"),
        service("2016-09-21"),
    ),
    waiting(
        "asks_again_between_assessment_and_service",
        [(OLD, 10, 20)],
        request(),
        assessment("2016-09-11"),
        request("2016-09-15"),
        service("2016-09-21"),
    ),
    waiting(
        "asks_again_after_low_level_support",
        [(OLD, 4, 4), (OLD, 9, 9)],
        request(),
        service("2016-09-05", "2016-09-06", **LOW),
        request("2016-11-01"),
        service("2016-11-10", "2016-11-11", **LOW),
    ),
    waiting(
        "asks_again_three_months_after_reablement",
        [(OLD, 4, 4), (OLD, CLIENT, CLIENT)],
        request(),
        service("2016-09-05", "2016-10-16", **MAXIMISING),
        request("2017-01-16"),
    ),
    waiting(
        "asks_again_a_day_later_than_that",
        [(OLD, 4, 4), (OLD, NOTHING, NOTHING)],
        request(),
        service("2016-09-05", "2016-10-16", **MAXIMISING),
        request("2017-01-17"),
    ),
    waiting("is_in_long_term_support", [(OLD, CLIENT, CLIENT)], service("2016-01-01"), request()),
    # The exact boundary of twelve months lies outside what one submission covers.
    waiting(
        "left_long_term_support_within_the_year",
        [(OLD, CLIENT, CLIENT)],
        service("2015-10-01", "2016-07-10"),
        request("2017-06-20"),
    ),
    waiting("is_24", [], request(), service("2016-09-21"), born="1991-09-22"),
    waiting(
        "turns_25_on_the_day_of_the_request",
        [(YOUNG, 20, 20)],
        request(),
        service("2016-09-21"),
        born="1991-09-01",
    ),
    waiting(
        "turns_65_while_waiting",
        [(OLD, 10, 20)],
        request(),
        assessment("2016-09-11"),
        service("2016-09-21"),
        born="1951-09-10",
    ),
    waiting("is_a_carer", [], request(client_type="Carer"), assessment("2016-09-11")),
    waiting(
        "financial_assessment_is_no_answer",
        [(OLD, 20, 20)],
        request(),
        assessment("2016-09-11", assessment_type="Financial Assessment", event_outcome=None),
        service("2016-09-21"),
    ),
    waiting(
        "support_of_a_carer_is_no_answer",
        [(OLD, NOTHING, NOTHING)],
        request(),
        service("2016-09-21", **CARER),
    ),
]
