"""What a life made by hand is made of: care rows, hospital stays, a row of the patient index."""

from dataclasses import dataclass, field

from handmade_submissions import event

COUNCIL = "316"
FIRST_DAY, LAST_DAY = "2016-07-01", "2017-06-30"
REABLED = {
    "service_type": "Short Term Support: ST-Max",
    "service_component": "Reablement",
    "event_outcome": "Service ended as planned",
    "unit_cost": None,
    "cost_frequency_unit_type": None,
}
HOME = {
    "service_type": "Long Term Support: Residential Care",
    "service_component": "Long Term Residential Care",
    "event_outcome": "Provision of service",
}
NURSING = HOME | {
    "service_type": "Long Term Support: Nursing Care",
    "service_component": "Long Term Nursing Care",
}


@dataclass
class Life:
    """One client; without rows nobody's. `expected` is worked out by hand, by measure."""

    name: str
    rows: list[dict]
    stays: list[dict] = field(default_factory=list)
    born: str = "1940-05-05"
    died_by_index: str | None = None
    traced: bool = True
    old_number: bool = False
    lives_elsewhere: bool = False
    expected: dict = field(default_factory=dict)


def service(start: str, end: str | None = None, **cells) -> dict:
    """A service row; the client's own columns are filled in when it lands."""
    return event("Service", None, start, end, **cells)


def stay(admitted: str, discharged: str | None, method: str = "21", **cells) -> dict:
    """A hospital spell that ended at home."""
    ended = {"discharge_method": "1", "discharge_destination": "19"} if discharged else {}
    return {
        "admission_date": admitted,
        "discharge_date": discharged,
        "admission_method": method,
        "treatment_function_code": "300",
        "provider_code": "RQ6",
        "primary_diagnosis": "J189",
        "tariff_cost": "1500.50",
        **ended,
        **cells,
    }
