"""Lives made by hand for the products: each says in its name what it is the case of.

All are clients of one council whose submission covers July 2016 to June 2017. A life is its care
rows as the council writes them, its hospital stays as the extract holds them, and its row of the
patient index. What is expected of it is worked out by hand and stands beside it.
"""

from built_warehouse import Warehouse
from handmade_reablement import REABLEMENT
from handmade_reach import REACH
from handmade_submissions import Handmade, empty_landing, land, steady_months
from handmade_waits import WAITS
from life_parts import COUNCIL, FIRST_DAY, HOME, LAST_DAY, NURSING, REABLED, Life, service

__all__ = ["FIRST_DAY", "LAST_DAY", "Life"]


def admitted(name: str, expected: object, *rows: dict, **life) -> Life:
    """A life in care homes. Expected: how many new admissions, or a reason of the only row."""
    return Life(name, list(rows), expected={"admissions": expected}, **life)


SELF_FUNDED = {"event_outcome": "NFA - Self-funded client (Inc. 12wk disregard)"}
ADMISSIONS = [
    admitted("new_in_a_home", 1, service("2016-11-07", **HOME)),
    admitted("starts_on_the_first_day_covered", 1, service("2016-07-01", **HOME)),
    admitted("started_the_day_before", 0, service("2016-06-30", **HOME)),
    admitted("starts_on_the_last_day_covered", 1, service("2017-06-30", **HOME)),
    admitted("is_64_the_day_before_65", 1, service("2016-11-07", **HOME), born="1951-11-08"),
    admitted("starts_on_the_65th_birthday", 1, service("2016-11-07", **HOME), born="1951-11-07"),
    admitted("is_17", 0, service("2016-11-07", **HOME), born="1999-01-08"),
    admitted("turns_18_that_day", 1, service("2016-11-07", **HOME), born="1998-11-07"),
    admitted(
        "moves_from_nursing_to_residential",
        1,
        service("2016-11-07", "2017-01-10", **NURSING),
        service("2017-01-11", **HOME),
    ),
    admitted(
        "moves_the_same_day",
        1,
        service("2016-11-07", "2017-01-10", **HOME),
        service("2017-01-10", **NURSING),
    ),
    admitted(
        "two_days_between_two_stays",
        1,
        service("2016-11-07", "2017-01-10", **HOME),
        service("2017-01-13", **HOME),
    ),
    admitted(
        "restarts_on_1_april",
        0,
        service("2015-04-01", "2016-03-31", **HOME),
        service("2016-04-01", "2017-03-31", **HOME),
        service("2017-04-01", **HOME),
    ),
    admitted(
        "new_and_restarts_on_1_april",
        1,
        service("2016-11-07", "2017-03-31", **HOME),
        service("2017-04-01", **HOME),
    ),
    admitted(
        "price_rises",
        1,
        service("2016-11-07", "2017-01-31", **HOME | {"unit_cost": "500"}),
        service("2017-02-01", **HOME | {"unit_cost": "525.50"}),
    ),
    admitted(
        "two_rows_at_once", 1, service("2016-11-07", **HOME), service("2016-12-01", **NURSING)
    ),
    admitted(
        "blank_component_in_a_home", 1, service("2016-11-07", **HOME | {"service_component": None})
    ),
    admitted(
        "short_term_component_in_a_home",
        0,
        service("2016-11-07", **HOME | {"service_component": "Short Term Residential Care"}),
    ),
    admitted(
        "short_term_first_then_long_term",
        1,
        service(
            "2016-10-01",
            "2016-11-06",
            service_type="Short Term Support: Other Short Term",
            service_component="Short Term Residential Care",
        ),
        service("2016-11-07", **HOME),
    ),
    admitted("pays_for_it", "outcome", service("2016-11-07", "2016-12-31", **HOME | SELF_FUNDED)),
    admitted(
        "paid_for_it_then_the_council",
        1,
        service("2016-11-07", "2016-12-31", **HOME | SELF_FUNDED),
        service("2017-02-01", **HOME),
    ),
    admitted(
        "ended_less_than_a_year_before",
        0,
        service("2016-05-01", "2016-07-10", **HOME),
        service("2017-06-20", **HOME),
    ),
    admitted("ends_on_the_day_it_starts", 1, service("2016-11-07", "2016-11-07", **HOME)),
    admitted("dies_on_the_day", 1, service("2016-11-07", **HOME), died_by_index="2016-11-07"),
    admitted("died_the_day_before", 0, service("2016-11-07", **HOME), died_by_index="2016-11-06"),
    admitted("in_a_home_and_not_traced", 1, service("2016-11-07", **HOME), traced=False),
]


def ended(
    name: str, expected: object, *more: dict, end: str | None = "2017-02-01", **cells
) -> Life:
    """A life with an episode of short-term support from 1 January.

    Expected: 1 not followed by long-term support, 0 followed, a reason, or None for no episode.
    """
    return Life(
        name,
        [service("2017-01-01", end, **REABLED | cells), *more],
        expected={"short_term_no_long_term": expected},
        born="1939-02-02",
    )


def long_term(start: str, end: str | None = None, **cells) -> dict:
    return service(start, end, event_outcome="Provision of service", **cells)


LOW_LEVEL = {
    "service_type": "Short Term Support: Ongoing Low Level",
    "service_component": "Equipment",
}
SEQUELS = [
    ended("nothing_follows", 1),
    ended("long_term_on_the_last_day", 0, long_term("2017-02-01")),
    ended("long_term_on_the_seventh_day", 0, long_term("2017-02-08")),
    ended("long_term_on_the_eighth_day", 1, long_term("2017-02-09")),
    ended("long_term_begins_within_and_goes_on", 0, long_term("2017-01-15")),
    ended("long_term_begins_and_ends_within", 1, long_term("2017-01-15", "2017-01-20")),
    ended("long_term_begins_with_it", 0, long_term("2017-01-01")),
    ended("long_term_since_the_day_before", "earlier_care", long_term("2016-12-31")),
    ended("long_term_that_goes_on_since_long", "earlier_care", long_term("2015-12-31")),
    ended("long_term_ended_the_day_before", 1, long_term("2016-05-01", "2016-12-31")),
    ended("long_term_ended_that_day", "earlier_care", long_term("2016-05-01", "2017-01-01")),
    ended("home_follows", 0, service("2017-02-03", **HOME)),
    ended("low_level_follows", 1, service("2017-02-03", "2017-02-04", **LOW_LEVEL)),
    ended("blank_outcome", 1, event_outcome=None),
    ended("died_by_outcome", "outcome", event_outcome="NFA - Deceased"),
    ended("health_pays", "outcome", event_outcome="NFA - 100% NHS funded care"),
    ended("client_pays", "outcome", **SELF_FUNDED),
    ended("declines", "outcome", event_outcome="NFA - Support declined"),
    ended("moves_away", "outcome", event_outcome="NFA - Moved to another LA"),
    ended("goes_into_hospital", 1, event_outcome="Admitted to hospital"),
    ended("goes_on_after_seven_days", 1, service("2017-02-08", "2017-02-20", **REABLED)),
    ended(
        "goes_on_after_seven_days_then_long_term",
        0,
        service("2017-02-08", "2017-02-20", **REABLED),
        long_term("2017-02-22"),
    ),
    ended("ends_with_time_to_see", 1, end="2017-06-23"),
    ended("ends_without_time_to_see", "not_covered", end="2017-06-24"),
    ended("has_not_ended", None, end=None),
]


def priced(name: str, pence: int | None, start: str, end: str | None, **cells) -> Life:
    """A life with one service, and its whole cost in the months covered, in pence."""
    base = {"event_outcome": "Provision of service", "unit_cost": "100"}
    died = cells.pop("died_by_index", None)
    return Life(
        name,
        [service(start, end, **base | cells)],
        born="1945-03-03",
        died_by_index=died,
        expected={"cost": pence},
    )


def by(frequency: str, **cells) -> dict:
    return {"cost_frequency_unit_type": frequency, **cells}


WEEK = ("2017-05-01", "2017-05-07")
COSTS = [
    priced("a_week_by_week", 10000, *WEEK, **by("Weekly")),
    priced("a_day_of_a_week_rounds", 1429, "2017-05-01", "2017-05-01", **by("Weekly")),
    priced(
        "half_a_penny_rounds_up",
        4,
        "2017-05-01",
        "2017-05-01",
        **by("Fortnightly", unit_cost="0.49"),
    ),
    priced("a_fortnight", 5000, *WEEK, **by("Fortnightly")),
    priced("four_weeks", 2500, *WEEK, **by("4-weekly")),
    priced("a_month_is_12_in_52_weeks", 2308, *WEEK, **by("Monthly")),
    priced("a_quarter_is_4_in_52_weeks", 769, *WEEK, **by("Quarterly")),
    priced("a_year_is_52_weeks", 192, *WEEK, **by("Annually")),
    priced(
        "hours_a_week", 22755, *WEEK, **by("Hourly", unit_cost="15.17", planned_units_per_week="15")
    ),
    priced(
        "hours_with_halves",
        3793,
        *WEEK,
        **by("Hourly", unit_cost="15.17", planned_units_per_week="2.5"),
    ),
    priced("hours_without_number", None, *WEEK, **by("Hourly", unit_cost="15.17")),
    priced("sessions", 20000, *WEEK, **by("Per session", planned_units_per_week="2")),
    priced("days", 30000, *WEEK, **by("Daily", planned_units_per_week="3")),
    priced("once", 10000, "2017-05-01", None, **by("One-off")),
    priced("once_before_the_months_covered", None, "2016-06-30", None, **by("One-off")),
    priced("negative", 10000, *WEEK, **by("Weekly", unit_cost="-100")),
    priced("nought", None, *WEEK, **by("Weekly", unit_cost="0")),
    priced("blank_cost", None, *WEEK, **by("Weekly", unit_cost=None)),
    priced("blank_frequency", None, *WEEK, cost_frequency_unit_type=None),
    priced("over_two_months", 14286, "2017-04-28", "2017-05-07", **by("Weekly")),
    priced("goes_on_to_the_end", 14286, "2017-06-21", None, **by("Weekly")),
    priced("ends_after_the_end", 14286, "2017-06-21", "2017-07-05", **by("Weekly")),
    priced("began_before_the_start", 14286, "2016-01-01", "2016-07-10", **by("Weekly")),
    priced("death_ends_it", 10000, "2017-05-01", None, died_by_index="2017-05-07", **by("Weekly")),
    priced(
        "starts_after_death", None, "2017-05-08", None, died_by_index="2017-05-07", **by("Weekly")
    ),
    priced(
        "health_funded", None, *WEEK, **by("Weekly", client_funding_status="Fully Health Funded")
    ),
    priced(
        "client_funded_is_gross",
        10000,
        *WEEK,
        **by("Weekly", client_funding_status="18(3) (full cost client)"),
    ),
    priced("over_the_end_of_february", 5715, "2017-02-26", "2017-03-01", **by("Weekly")),
]

LIVES = [*REABLEMENT, *REACH, *ADMISSIONS, *SEQUELS, *COSTS, *WAITS]


def check_digit_completed(nine: str) -> str | None:
    """The NHS number that begins with nine digits; None where there is none."""
    digit = 11 - sum(int(n) * w for n, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if digit == 10 else nine + str(digit % 11)


def numbers() -> list[str]:
    """Numbers that were never issued, in the range that samples leave alone."""
    found = (check_digit_completed(f"9990{n:05d}") for n in range(10_000, 11_000))
    return [number for number in found if number]


def land_lives(warehouse: Warehouse) -> None:
    """Put the lives, and nothing else of any council, into the landing tables of a scratch copy."""
    empty_landing(warehouse)
    issued = iter(numbers())
    rows, people, stays = steady_months(FIRST_DAY, "2017-06-01"), [], []
    with warehouse.connect(identifiable="read") as connection:
        (postcode, lsoa) = connection.execute(
            "select pcds, lsoa11 from identifiable.landing.reference_postcode "
            "where oslaua = 'E08000012' and coalesce(doterm, '') = '' order by 1 limit 1"
        ).fetchone()
        (elsewhere,) = connection.execute(
            "select min(lsoa11) from identifiable.landing.reference_postcode "
            "where oslaua = 'E08000003'"
        ).fetchone()
    for life in LIVES:
        number, old = next(issued), next(issued)
        about = {
            "la_person_unique_identifier": life.name,
            "date_of_birth": life.born,
            "gender": "Female",
            "nhs_number": number if life.traced else None,
            "postcode": postcode if life.traced else None,
        }
        rows += [row | about for row in life.rows]
        person = {"nhs_number": number, "date_of_birth": life.born, "gender": "2"}
        person |= {"given_name": "Ada", "family_name": "Lovell", "postcode": postcode}
        if life.traced:
            people.append(person | {"date_of_death": life.died_by_index})
            people.append({"nhs_number": old, "superseded_by_nhs_number": number})
        for place, spell in enumerate(life.stays):
            key = {"spell_id": f"{life.name}-{place}"}
            key["lsoa11"] = elsewhere if life.lives_elsewhere else lsoa
            if "spell_id" in spell:
                key["spell_id"] = f"{life.name}-{spell['spell_id']}"
            shown = old if life.old_number else number
            stays.append(spell | key | {"nhs_number": shown})
    land(warehouse, [Handmade("lives", COUNCIL, "2017-07-10 09:00:00", rows)])
    with warehouse.connect(identifiable="write") as connection:
        for table, listed in (
            ("person_index_person", people),
            ("health_admitted_patient_care", stays),
        ):
            for row in listed:
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into identifiable.landing.{table} ({', '.join(row)}) values ({marks})",
                    list(row.values()),
                )
