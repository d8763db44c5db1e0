"""What followed short-term support, and what services cost: said a second time, in plain Python."""

from fractions import Fraction

from products_oracle import FOREVER, ST_MAX, World, begins, days, finishes, merged

NO_SEQUEL = {
    "NFA: Deceased",
    "NFA: Referral to NHS services or NHS funded social care",
    "NFA: Self-funded client or under 12wk disregard",
    "NFA: Support declined",
    "NFA: Responsibility moved to another local authority",
}
# Weeks of service that one unit pays for; None where the planned units a week multiply it.
WEEKS_A_UNIT = {
    "Weekly": 1,
    "Fortnightly": 2,
    "4-weekly": 4,
    "Monthly": Fraction(52, 12),
    "Quarterly": Fraction(52, 4),
    "Annually": 52,
    "Hourly": None,
    "Daily": None,
    "Per session": None,
}


def sequels(world: World) -> list[tuple]:
    """Episodes of short-term support that ended: (council, person, start, end, outcome)."""
    found = []
    for (council, person), rows in world.rows.items():
        services = [
            row | {"start": row["derived_event_start_date"], "end": row["derived_event_end_date"]}
            for row in rows
            if row["event_type"] == "Service" and row["service_type"]
        ]
        first, last = min(world.covered[council]), world.last_day(council)
        long_term = [row for row in services if row["service_type"].startswith("Long term support")]
        for episode in merged((row for row in services if row["service_type"] == ST_MAX), 7):
            start, end = begins(episode), finishes(episode)
            if end is None or not first <= end <= last:
                continue
            outcomes = {row["event_outcome"] for row in episode if row["end"] == end}
            follow = [
                row
                for row in long_term
                if row["start"] <= end + days(7) and (row["end"] or FOREVER) >= start
            ]
            if end + days(7) > last:
                outcome: object = "not_covered"
            elif any(row["start"] < start for row in follow):
                outcome = "earlier_care"
            elif outcomes & NO_SEQUEL:
                outcome = "outcome"
            else:
                outcome = int(not any((row["end"] or FOREVER) > end for row in follow))
            found.append((council, person, start, end, outcome))
    return found


def costs(world: World) -> list[tuple]:
    """What service rows cost in each month: (council, person, start, month, pence)."""
    found = []
    for (council, person), services in world.services.items():
        for row in services:
            cost, frequency = row["unit_cost"], row["cost_frequency_unit_type"]
            funded = row["client_funding_status"] != "Release 1 specification only: Not mapped"
            if not cost or not funded:
                continue
            pence = abs(Fraction(str(cost))) * 100
            for month in sorted(world.covered[council]):
                month_end = (month.replace(day=28) + days(4)).replace(day=1) - days(1)
                first = max(row["start"], month)
                last = min(row["end"] or month_end, month_end)
                if first > last:
                    continue
                if frequency == "One-off":
                    exact = pence if row["start"] >= month else None
                elif frequency in WEEKS_A_UNIT:
                    weeks = Fraction((last - first).days + 1, 7)
                    unit = WEEKS_A_UNIT[frequency]
                    units = abs(Fraction(str(row["planned_units_per_week"] or 0)))
                    exact = pence * weeks / unit if unit else pence * weeks * units
                    exact = exact if unit or units else None
                else:
                    exact = None
                if exact is not None:
                    rounded = int(exact + Fraction(1, 2))
                    found.append((council, person, row["start"], month, rounded))
    return found
