"""The pathways clients take through care, by the role they were chosen for."""

from collections.abc import Callable

import numpy as np

from samples.care import EARLIEST, OPEN_START, Event, Histories
from samples.clients import Client
from samples.codes import COLUMN, DEFAULT_ROUTE

_COMMUNITY = (
    ("Home Support", 0.52),
    ("Direct Payment", 0.18),
    ("Day Support", 0.14),
    ("Community Supported Living", 0.10),
    ("Meals", 0.03),
    ("Extra Care Housing", 0.03),
)
_LONG_COMMUNITY = "Long Term Support: Community"
_PLAN = "Progress to Support Planning / Services"
_ASSESS = "Progress to Assessment"
_ENABLE = "Progress to Reablement/ST-Max"
_DONE = "Service ended as planned"


def _component(h: Histories) -> str:
    """One community component."""
    labels = [c for c, _ in _COMMUNITY]
    return str(h.rng.choice(labels, p=[w for _, w in _COMMUNITY]))


def _long_term(h: Histories, client: Client, start: int, stop: int | None = None) -> None:
    """A community package of one or two rows with its reviews; some end for other reasons."""
    end, outcome = stop, "NFA - Moved to another LA" if stop else "Provision of service"
    if stop is None and h.rng.random() < 0.18:
        end = start + 60 + int(h.rng.exponential(400))
        outcome = str(
            h.rng.choice([_DONE, "NFA - Support ended: Other reason", "NFA - Support declined"])
        )
        if end < OPEN_START + 15:
            end = h._day(OPEN_START + 15, h.last)
        if end > h.last:
            end, outcome = None, "Provision of service"
    first = _component(h)
    h.service(client, start, end, outcome, _LONG_COMMUNITY, first)
    if h.rng.random() < 0.28:
        second = _component(h)
        if second != first:
            later = start + int(h.rng.choice([0, 30, 200]))
            if end is None or later < end:
                h.service(client, later, end, outcome, _LONG_COMMUNITY, second)
    h.reviews(client, start, end)


def residential(h: Histories, client: Client) -> None:
    """Move into a care home: perhaps a request and assessment, then the placement."""
    person = client.person
    start = max(EARLIEST, int(h.people.home_from[person].astype(int)))
    nursing = bool(h.geography.home_nursing[h.people.home[person]])
    word = "Nursing" if nursing else "Residential"
    if start > OPEN_START - 60:
        asked = start - 20 - int(h.rng.integers(0, 30))
        route = DEFAULT_ROUTE
        if h.rng.random() < 0.5:
            route = "Discharge from Hospital"
            h.admission(client, start)
        done = h.request(client, asked, _ASSESS, route)
        h.assessment(client, done + 2, _PLAN, "Long Term Assessment")
        if h.rng.random() < 0.5:
            h.assessment(client, done + 5, "", "Financial Assessment")
    h.service(
        client,
        start,
        None,
        "Provision of service",
        f"Long Term Support: {word} Care",
        f"Long Term {word} Care",
    )
    h.reviews(client, start, None)


def community(h: Histories, client: Client) -> None:
    """Long-term support that began before the first period."""
    _long_term(h, client, h._day(EARLIEST, OPEN_START + 30))


def left(h: Histories, client: Client) -> None:
    """Support that ended on moving to another council."""
    moved = client.moved_on or h.last
    _long_term(h, client, h._day(EARLIEST, moved - 120), moved - 1)


def transfer(h: Histories, client: Client) -> None:
    """Support taken over from the council the person moved from."""
    moved = client.moved_on or h.last
    done = h.request(client, moved + 1, _ASSESS, "Transfer from Other LA")
    done = h.assessment(client, done + 3, _PLAN, "Long Term Assessment")
    _long_term(h, client, done + 2)


def reablement(h: Histories, client: Client) -> None:
    """Request, often at discharge from hospital, then reablement and what followed."""
    rng = h.rng
    asked = h._day(OPEN_START - 30, h.last - 12)
    hospital = rng.random() < 0.55
    route = DEFAULT_ROUTE
    if hospital:
        route = "Discharge from Hospital"
    elif rng.random() < 0.15:
        route = "Diversion from Hospital Services"
    done = h.request(client, asked, _ENABLE, route)
    if hospital:
        h.admission(client, done + int(rng.integers(0, 3)))
    if rng.random() < 0.5:
        h.assessment(client, asked, _ENABLE, "Short Term Assessment")
    start = done + int(rng.integers(0, 5))
    end = start + 8 + int(rng.gamma(4, 7))
    draw = rng.random()
    kind = "Short Term Support: ST-Max"
    if draw < 0.28:
        h.service(client, start, end, _PLAN, kind, "Reablement")
        done = h.assessment(client, end - 5, _PLAN, "Long Term Assessment")
        _long_term(h, client, max(end, done) + int(rng.integers(0, 4)))
    elif draw < 0.38:
        h.service(client, start, end, "Admitted to hospital", kind, "Reablement")
        h.admissions.append((client.person, end, end + 2 + int(rng.gamma(2, 5))))
    else:
        outcome = _DONE if draw < 0.75 else h.nfa()
        h.service(client, start, end, outcome, kind, "Reablement")
        if rng.random() < 0.12:
            again = end + int(rng.integers(10, 80))
            h.admissions.append((client.person, again, again + 2 + int(rng.gamma(2, 4))))


def new_community(h: Histories, client: Client) -> None:
    """Request, long-term assessment, finance, long-term support."""
    asked = h._day(OPEN_START - 20, h.last - 25)
    hospital = h.rng.random() < 0.22
    done = h.request(client, asked, _ASSESS, "Discharge from Hospital" if hospital else _route(h))
    if hospital:
        h.admission(client, done + 1)
    done = h.assessment(client, done + int(h.rng.integers(1, 15)), _PLAN, "Long Term Assessment")
    if h.rng.random() < 0.6:
        h.assessment(client, done + 1, "", "Financial Assessment")
    _long_term(h, client, done + int(h.rng.integers(1, 21)))


def low_level(h: Histories, client: Client) -> None:
    """Request, short assessment, equipment or other low-level support."""
    asked = h._day(OPEN_START, h.last - 12)
    done = h.request(client, asked, _ASSESS, _route(h))
    done = h.assessment(client, done + 1, _PLAN, "Short Term Assessment")
    kind = "Short Term Support: Ongoing Low Level"
    if h.rng.random() < 0.8:
        h.service(client, done, done + int(h.rng.integers(0, 3)), _DONE, kind, "Equipment")
    else:
        h.service(client, done, None, "Provision of service", kind, "Meals")


def request(h: Histories, client: Client) -> None:
    """A request that led to nothing further."""
    h.request(client, h._day(OPEN_START, h.last - 12), h.nfa(), _route(h))


def _route(h: Histories) -> str:
    """Route of access other than from hospital."""
    return str(
        h.rng.choice(
            [DEFAULT_ROUTE, "Self-Funder", "Planned Entry (Transition)", "Prison"],
            p=[0.93, 0.04, 0.025, 0.005],
        )
    )


def carer(h: Histories, client: Client) -> None:
    """A carer's request, assessment and support."""
    asked = h._day(OPEN_START, h.last - 30)
    done = h.request(client, asked, _ASSESS, DEFAULT_ROUTE)
    supported = h.rng.random() < 0.6
    outcome = _PLAN if supported else "NFA - Information & Advice / Signposting only"
    done = h.assessment(client, done + 4, outcome, "Long Term Assessment")
    if supported and h.rng.random() < 0.6:
        kind = "Carer Support: Direct to Carer"
        component = "Direct Payment" if h.rng.random() < 0.7 else "Carer Universal Services"
        end = None if h.rng.random() < 0.5 else done + int(h.rng.integers(1, 200))
        h.service(client, done + 2, end, _DONE if end else "Provision of service", kind, component)
        h.reviews(client, done + 2, end)


def associated(h: Histories, client: Client) -> None:
    """A carer the council knows only through the person cared for: no event at all."""
    event = Event(
        key=f"{client.la_code}-{len(h.events):07d}",
        client=client,
        client_type="Carer known by association",
        event_type="",
        start=h._day(OPEN_START - 400, h.last - 30),
        end=None,
        outcome="",
    )
    event.entered = event.start
    h.events.append(event)


_PATHWAYS = {
    "residential": residential,
    "community": community,
    "reablement": reablement,
    "new_community": new_community,
    "low_level": low_level,
    "request": request,
    "carer": carer,
    "associated": associated,
    "left": left,
    "transfer": transfer,
}


def write(
    h: Histories, clients: list[Client], progress: Callable[[list[Client], str], object]
) -> None:
    """Write every client's events; each client gets at least one that some period covers."""
    linked = [COLUMN[f"Adult {i} Linked Person_ID"] for i in (1, 2, 3)]
    for client in progress(clients, "care histories"):
        before = len(h.events)
        _PATHWAYS[client.role](h, client)
        if not any(_seen(e, h.last) for e in h.events[before:]):
            died = h.people.died[client.person]
            latest = h.last - 12 if np.isnat(died) else int(died.astype(int)) - 12
            day = h._day(OPEN_START, min(latest, h.last - 12))
            h.request(client, day, h.nfa(), DEFAULT_ROUTE)
        if client.cares_for:
            hours = h.hours()
            for event in h.events[before:]:
                event.fields[COLUMN["Total Hrs Caring per week"]] = hours
                event.fields[COLUMN["No. of adults being cared for"]] = len(client.cares_for)
                for column, adult in zip(linked, client.cares_for, strict=False):
                    event.fields[column] = adult.la_id


def _seen(event: Event, last: int) -> bool:
    """Whether the last file of some rolling period is sure to cover the event."""
    if event.event_type == "Service":
        return event.start < last - 45 and (event.end is None or event.end >= OPEN_START)
    return event.event_type == "" or OPEN_START <= (event.end or 0) < last - 30
