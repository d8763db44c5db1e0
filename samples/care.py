"""True care histories: requests, assessments, services, reviews, and the admissions behind them.

Days are whole days since 1 January 1970. A history is written once; each submission then reports
the part of it that its rolling period covers, as the council knew it on that day.
"""

from dataclasses import dataclass, field

import numpy as np

from samples.clients import FIRST_SEEN, Client
from samples.codes import (
    COLUMN,
    FUNDING,
    HOURS_CARING,
    METHODS,
    NFA_OUTCOMES,
    REVIEW_REASONS,
)
from samples.geography import Geography
from samples.population import Population

EARLIEST = int(np.datetime64("2014-04-07").astype(int))
OPEN_START = int(FIRST_SEEN.astype(int))


@dataclass
class Event:
    """One true event of one client. `end` None while open; `fields` holds its own columns."""

    key: str
    client: Client
    client_type: str
    event_type: str  # '' for a carer known by association
    start: int
    end: int | None
    outcome: str
    fields: dict[int, object] = field(default_factory=dict)
    entered: int = 0  # day the council's system first held it
    end_known: int = 0  # day the council's system first held the end
    ends_open_outcome: str = "Provision of service"
    defect: str = ""  # persistent row defect
    mended: int = 99  # first submission without that defect
    vanishes: int = 99  # first submission (0-based) it is missing from
    corrected: int = 99  # first submission that has the true start
    wrong_start: int = 0  # start reported before that


def choose(rng: np.random.Generator, options: tuple[tuple[str, float], ...]) -> str:
    """One label of a weighted code list."""
    draw = rng.random() * sum(w for _, w in options)
    for label, weight in options:
        draw -= weight
        if draw < 0:
            return label
    return options[-1][0]


class Histories:
    """Writes the events of one client after another; keeps the admissions they rest on."""

    def __init__(
        self, rng: np.random.Generator, people: Population, geography: Geography, last: int
    ) -> None:
        """Hold the sources; `last` is the last day of the data."""
        self.rng, self.people, self.geography, self.last = rng, people, geography, last
        self.events: list[Event] = []
        self.admissions: list[tuple[int, int, int]] = []  # person, admitted, discharged

    def _day(self, low: int, high: int) -> int:
        """A day in [low, high]."""
        return int(self.rng.integers(low, max(low, high) + 1))

    def _add(
        self,
        client: Client,
        event_type: str,
        start: int,
        end: int | None,
        outcome: str,
        fields: dict[str, object],
    ) -> Event | None:
        """Keep an event unless it starts after death or the end of the data; death ends it."""
        rng = self.rng
        died = self.people.died[client.person]
        stop = None if np.isnat(died) else int(died.astype(int))
        if start > self.last or (stop is not None and start > stop) or start < EARLIEST:
            return None
        if stop is not None and (end is None or end > stop):
            if event_type != "Service" and end is not None and client.died_known is None:
                return None
            end = None if client.died_known is None else stop
            outcome = "NFA - Deceased"
        carer = client.role in ("carer", "associated")
        event = Event(
            key=f"{client.la_code}-{len(self.events):07d}",
            client=client,
            client_type="Carer" if carer else "Service User",
            event_type=event_type,
            start=start,
            end=end,
            outcome=outcome,
            fields={COLUMN[name]: value for name, value in fields.items()},
        )
        event.entered = start + int(rng.choice([0, 2, 7, 21], p=[0.5, 0.3, 0.15, 0.05]))
        if end is not None:
            lag = int(rng.choice([0, 4, 15, 50], p=[0.5, 0.25, 0.15, 0.10]))
            if event_type != "Service":
                lag //= 3
            event.end_known = end + lag
            if outcome == "NFA - Deceased" and client.died_known:
                event.end_known = max(end, client.died_known)
        self.events.append(event)
        return event

    def request(self, client: Client, start: int, outcome: str, route: str) -> int:
        """Add a request; returns the day it was completed."""
        end = start + int(self.rng.choice([0, 1, 3, 8], p=[0.45, 0.25, 0.2, 0.1]))
        self._add(client, "Request", start, end, outcome, {"Request: Route of Access": route})
        return end

    def assessment(self, client: Client, start: int, outcome: str, kind: str) -> int:
        """Add an assessment; returns the day it was completed."""
        rng = self.rng
        end = start + int(rng.gamma(2.0, 6 if kind == "Short Term Assessment" else 14))
        fields: dict[str, object] = {"Assessment Type": kind}
        if kind != "Financial Assessment":
            carer = client.role == "carer"
            fields["Method of Assessment"] = "Carer only" if carer else choose(rng, METHODS)
            if rng.random() < 0.8:
                fields["Eligible Needs Identified"] = "No" if outcome.startswith("NFA") else "Yes"
        else:
            fields["Client Funding Status"] = choose(rng, FUNDING)
        self._add(client, "Assessment", start, end, outcome, fields)
        return end

    def service(
        self,
        client: Client,
        start: int,
        end: int | None,
        outcome: str,
        kind: str,
        component: str,
    ) -> Event | None:
        """Add a service with its delivery, provider and cost."""
        rng = self.rng
        fields: dict[str, object] = {"Service Type": kind, "Service Component": component}
        mechanism, cost, frequency, units = "CASSR Managed Personal Budget", None, "", None
        if component in ("Long Term Nursing Care", "Long Term Residential Care"):
            mechanism, frequency = "CASSR Commissioned Support", "Weekly"
            cost = rng.normal(680 if "Nursing" in component else 540, 60)
            home = self.people.home[client.person]
            if home >= 0:
                fields["Provider CQC Location Name"] = self.geography.home_name[home]
                fields["Provider CQC Location ID"] = self.geography.home_cqc[home]
        elif component in ("Home Support", "Reablement"):
            frequency, units = "Hourly", round(float(rng.gamma(3, 4)) * 2) / 2 + 1
            cost = rng.normal(15.2 if component == "Home Support" else 21.5, 0.8)
            if rng.random() < 0.3:
                mechanism = "CASSR Commissioned Support"
        elif component == "Direct Payment":
            mechanism = "Direct Payment"
            frequency = "One-off" if client.role == "carer" else "4-weekly"
            cost = 250.0 if client.role == "carer" else rng.gamma(4, 190)
        elif component == "Equipment":
            mechanism, frequency, cost = "CASSR Commissioned Support", "One-off", rng.gamma(2, 90)
        else:
            frequency, cost, units = "Per session", rng.normal(42, 6), float(rng.integers(1, 6))
        if kind.startswith("Short Term Support: ST-Max") and rng.random() < 0.5:
            cost, frequency, units = None, "", None
        fields["Delivery Mechanism"] = mechanism
        if cost is not None:
            fields["Unit Cost"] = round(abs(float(cost)), 2)
            fields["Cost Frequency (Unit Type)"] = frequency
        if units is not None:
            fields["Planned units per week"] = units
        funding = "Fully Social Care Funded"
        if not kind.startswith("Short Term") and client.role != "carer":
            funding = choose(rng, FUNDING)
        if client.role != "carer":
            fields["Client Funding Status"] = funding
        return self._add(client, "Service", start, end, outcome, fields)

    def reviews(self, client: Client, start: int, end: int | None) -> None:
        """Add reviews about every year of a long-term service."""
        rng = self.rng
        day = start + int(rng.normal(330, 60))
        while day < min(self.last, end or self.last):
            reason = choose(rng, REVIEW_REASONS)
            carer = client.role == "carer"
            fields: dict[str, object] = {
                "Review Reason": reason,
                "Method of Review": "Carer only" if carer else choose(rng, METHODS),
            }
            if not carer:
                fields["Client Funding Status"] = choose(rng, FUNDING)
            if reason == "Planned" or rng.random() < 0.3:
                fields["Review Outcomes Achieved"] = str(
                    rng.choice(["Fully Met", "Partially Met", "Not Met"], p=[0.6, 0.33, 0.07])
                )
            outcome = choose(
                rng,
                (
                    ("No change in package", 0.7),
                    ("Progress to Support Planning / Services", 0.24),
                    ("Progress to Re-assessment / Unplanned Review", 0.06),
                ),
            )
            if day > OPEN_START - 20:
                self._add(client, "Review", day, day + int(rng.integers(0, 15)), outcome, fields)
            day += max(60, int(rng.normal(365, 70)))

    def admission(self, client: Client, discharged: int) -> int:
        """Plant an emergency admission that ends on a day; returns the day of admission."""
        admitted = discharged - 2 - int(self.rng.gamma(1.6, 6))
        self.admissions.append((client.person, admitted, discharged))
        return admitted

    def nfa(self) -> str:
        """Outcome of something that led to no further action."""
        return choose(self.rng, NFA_OUTCOMES)

    def hours(self) -> str:
        """Hours a carer gives each week."""
        return str(self.rng.choice(HOURS_CARING, p=[0.35, 0.25, 0.3, 0.1]))
