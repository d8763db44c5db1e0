"""How long new clients waited: said a second time, in plain Python, request by request.

Written from the published method in words (version 1.1 of May 2026): along the events of each
client in the order of days, with requests before assessments and these before services on one day.
"""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from products_oracle import World, aged

ORDER = ("Request", "Assessment", "Service")
LONG_TERM = ("Nursing care", "Residential care", "Community", "Prison")
MAXIMISING, OTHER, LOW_LEVEL = (
    f"Short term support: {kind}" for kind in ("ST-Max", "Other short term", "Ongoing low level")
)
MONTHS_AFTER = {f"Long term support: {kind}": 12 for kind in LONG_TERM}
MONTHS_AFTER |= {MAXIMISING: 3, OTHER: 3}
NO_REQUEST = ("NFA", "Admitted to hospital")
TO_SERVICE = (
    "Progress to reablement/ST-Max",
    "Progress to support planning or services",
    "Continuation of support or services",
)


class Wait(NamedTuple):
    """One part of a request's wait: the days, or the reason why there are none."""

    council: str
    person: object
    part: str
    band: str
    requested: date
    outcome: object


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def band(row: dict) -> str | None:
    age = aged(row["date_of_birth"], row["derived_event_start_date"])
    if age is None or age < 25:
        return None
    return "25-64" if age < 65 else "65+"


def takes_part(row: dict) -> bool:
    kind, outcome = row["event_type"], row["event_outcome"]
    if kind not in ORDER or band(row) is None:
        return False
    if kind == "Request":
        begins = outcome is not None and not outcome.startswith(NO_REQUEST)
        return row["client_type"] == "Service user" and begins
    if kind == "Assessment":
        return row["assessment_type"] != "Financial assessment"
    return row["service_type"] in MONTHS_AFTER or row["service_type"] == LOW_LEVEL


def is_client_already(request: dict, rows: list[dict]) -> bool:
    day = request["derived_event_start_date"]
    return any(
        row["event_type"] == "Service"
        and row["service_type"] in MONTHS_AFTER
        and row["derived_event_start_date"] < day
        and (
            row["derived_event_end_date"] is None
            or months_later(row["derived_event_end_date"], MONTHS_AFTER[row["service_type"]]) >= day
        )
        for row in rows
    )


def new_clients(world: World) -> Iterable[Wait]:
    """Every part of every wait, and of every request that an existing client made."""
    for (council, person), every in world.rows.items():
        rows = [row for row in every if row["derived_event_start_date"]]
        chain = sorted(
            (row for row in rows if takes_part(row)),
            key=lambda row: (row["derived_event_start_date"], ORDER.index(row["event_type"])),
        )
        already = {
            (row["derived_event_start_date"], band(row))
            for row in chain
            if row["event_type"] == "Request" and is_client_already(row, rows)
        }
        for day, age in already:
            for part in ("response", "service"):
                yield Wait(council, person, part, age, day, "earlier_care")
        turned_away = {day for day, _ in already}
        chain = [
            row
            for row in chain
            if row["event_type"] != "Request" or row["derived_event_start_date"] not in turned_away
        ]
        followed_to, responses, services = -1, -1, -1
        for place, request in enumerate(chain):
            if request["event_type"] != "Request":
                continue
            response, service = ends_of(chain, place)
            known = [end for end in (response, service) if end is not None]
            repeated = (
                followed_to > place
                or (response is not None and response <= responses)
                or (service is not None and service <= services)
            )
            followed_to = max(known, default=-1)
            responses = max(responses, -1 if response is None else response)
            services = max(services, -1 if service is None else service)
            if repeated:
                continue
            day = request["derived_event_start_date"]
            for part, end in (("response", response), ("service", service)):
                if end is None:
                    yield Wait(council, person, part, band(request), day, "outcome")
                else:
                    waited = (chain[end]["derived_event_start_date"] - day).days
                    yield Wait(council, person, part, band(chain[end]), day, waited)


def ends_of(chain: list[dict], place: int) -> tuple[int | None, int | None]:
    """Places of what answered a request first and of the service that it led to."""
    later = range(place + 1, len(chain))
    answers = (end for end in later if chain[end]["event_type"] != "Request")
    response = next(answers, None)
    service = next((end for end in later if chain[end]["event_type"] == "Service"), None)
    if response is not None and chain[response]["event_type"] == "Assessment":
        together = takewhile(lambda row: row["event_type"] == "Assessment", chain[response:])
        if not any(row["event_outcome"] in TO_SERVICE for row in together):
            service = None
    return response, service
