"""What an agreement's counted products say, drawn: made of protected cells only."""

import csv
from dataclasses import dataclass
from functools import cache

from plugins.home import PROJECT_ROOT
from reports.charts import Bar, Bars
from reports.lines import Lines, lines
from reports.source import Source
from reports.tables import Column, Table

MARTS = "pseudonymised.marts"
_COHORTS = ("long_term_community", "care_home_residents", "dementia", "short_term_maximising")
_AT_HOME = ("reablement_at_home_84_days", "reablement_at_home_91_days_all_year")
_BY_DAY = "at_home_by_day"
_PANEL = "reablement"
_SHARES = (1, 5, 10)


@dataclass(frozen=True)
class AgreementPage:
    """One agreement's page: charts in the order of the five purposes, and tables beside them."""

    reference: str
    title: str
    cohorts: Lines
    at_home: Bars
    survival: Lines
    outcomes: Table
    panel: Lines
    effects: Table
    concentration: Bars
    segments: Table
    needs: Lines


@cache
def _titles(seed: str, key: str) -> dict[str, str]:
    path = PROJECT_ROOT / "seeds" / "products" / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row["title"] for row in csv.DictReader(file)}


def agreement_pages(source: Source) -> list[AgreementPage]:
    """Return a page of each agreement that has rows in a counted product, by reference."""
    rows = source.read(
        "select distinct agreement_reference, title from pseudonymised.reference.agreements "
        f"inner join {MARTS}.payment_segments using (agreement_reference) order by 1",
        "pseudonymised.reference.agreements",
        f"{MARTS}.payment_segments",
    )
    return [_page(source, row["agreement_reference"], row["title"]) for row in rows]


def _page(source: Source, reference: str, title: str) -> AgreementPage:
    def read(table: str, query: str) -> list[dict]:
        return source.read(
            f"from (from {MARTS}.{table} where agreement_reference = "
            f"'{reference.replace(chr(39), chr(39) * 2)}') {query}",
            f"{MARTS}.{table}",
        )

    outcomes = read("pathway_outcomes", "select * order by measure, category")
    segments = read("payment_segments", "select * order by segment")
    return AgreementPage(
        reference=reference,
        title=title,
        cohorts=_cohorts(read),
        at_home=_at_home(outcomes),
        survival=_survival(outcomes),
        outcomes=_outcomes(outcomes),
        panel=_panel(read),
        effects=_effects(read),
        concentration=_concentration(segments),
        segments=_segments([row for row in segments if row["segment"] != "Total"]),
        needs=_needs(read),
    )


def _cohorts(read) -> Lines:
    rows = read(
        "cohort_monthly",
        "select month, cohort, sum(persons) as persons group by all order by month",
    )
    series = {
        _titles("cohorts", "cohort").get(cohort, cohort): {
            row["month"]: float(row["persons"])
            for row in rows
            if row["cohort"] == cohort and row["persons"]
        }
        for cohort in _COHORTS
    }
    months = sorted({row["month"] for row in rows})
    return lines("Persons at the end of each month, cells shown", series, months)


def _at_home(outcomes: list[dict]) -> Bars:
    shown = [row for row in outcomes if row["measure"] in _AT_HOME and row["value"] is not None]
    return Bars(
        "At home after a discharge into reablement, aged 65 and over",
        [
            Bar(
                row["measure"].removeprefix("reablement_at_home_").replace("_", " "),
                min(float(row["value"]) / 100, 1),
                f"{row['value']:g} % of {row['denominator']:,}",
            )
            for row in shown
        ],
    )


def _survival(outcomes: list[dict]) -> Lines:
    """Draw who was still at home day by day; each day's cell stands for itself."""
    by_day = [row for row in outcomes if row["measure"] == _BY_DAY]
    shown = {row["category"]: float(row["value"]) for row in by_day if row["value"] is not None}
    title = "Still at home without a break after a discharge into reablement, in 100"
    return lines(title, {"Still at home": shown}, [row["category"] for row in by_day], top=100)


def _days(row: dict) -> str | None:
    """Return the median of days and its quartiles in words; None where it is hidden or none."""
    if row["median_days"] is None:
        return None
    low, high = row["lower_quartile_days"], row["upper_quartile_days"]
    around = "" if None in (low, high) else f" ({low} to {high})"
    return f"{row['median_days']}{around}"


def _outcomes(outcomes: list[dict]) -> Table:
    titles = _titles("pathway_measures", "measure")
    columns = (
        Column("Measure", width=60),
        Column("Category"),
        Column("Definition"),
        Column("Numerator", numeric=True),
        Column("Denominator", numeric=True),
        Column("Value", numeric=True),
        Column("Median days (quartiles)", numeric=True),
    )
    rows = [
        (
            titles.get(row["measure"], row["measure"]),
            None if row["category"] == "any" else row["category"].replace("_", " "),
            f"{row['definition_id']}, {row['definition_year']}",
            row["numerator"],
            row["denominator"],
            None if row["value"] is None else f"{row['value']:,g}",
            _days(row),
        )
        for row in outcomes
        if row["measure"] != _BY_DAY
    ]
    return Table("Outcomes; a dash is a hidden cell", columns, rows, "No outcome yet.")


def _panel(read) -> Lines:
    rows = read(
        "intervention_panel",
        "select group_name, month_relative, use_per_person_month as use "
        f"where intervention = '{_PANEL}' order by month_relative",
    )
    series: dict[str, dict[str, float]] = {"Started": {}, "Comparison": {}}
    for row in rows:
        if row["use"] is not None:
            place = f"month {row['month_relative']:+d}"
            series[row["group_name"].capitalize()][place] = float(row["use"])
    places = [f"month {number:+d}" for number in sorted({row["month_relative"] for row in rows})]
    title = "Emergency contacts a person-month around the start of reablement"
    return lines(title, series, places)


def _effects(read) -> Table:
    rows = read(
        "release_notes",
        "select subject, max(value) filter (where measure = 'effect') as effect, "
        "max(value) filter (where measure = 'balance before') as balance, "
        "max(value) filter (where measure = 'matched in 100') as matched "
        "where note_type = 'intervention effect' group by 1 order by 1",
    )
    titles = _titles("interventions", "intervention")
    columns = (
        Column("Intervention", width=40),
        Column("Effect and 95 % interval"),
        Column("Balance before", numeric=True),
        Column("Matched, in 100", numeric=True),
    )
    listed = [
        (titles.get(row["subject"], row["subject"]), row["effect"], row["balance"], row["matched"])
        for row in rows
        if row["effect"] != "*"
    ]
    caption = "Change of emergency contacts a person-month beyond that of the comparison group"
    return Table(caption, columns, listed, "No group is large enough to show an effect.")


def _concentration(segments: list[dict]) -> Bars:
    total = next((row for row in segments if row["segment"] == "Total"), None)
    shares = [(share, total and total[f"top_{share}_cost_percent"]) for share in _SHARES]
    return Bars(
        "Share of all cost that the costliest persons make up",
        [
            Bar(f"Costliest {share} in 100 persons", value / 100, f"{value} %")
            for share, value in shares
            if value is not None
        ],
    )


def _segments(segments: list[dict]) -> Table:
    titles = _titles("payment_segments_defined", "segment")
    columns = (
        Column("Segment", width=40),
        Column("Persons", numeric=True),
        Column("Person-years", numeric=True),
        Column("Care cost, pounds", numeric=True),
        Column("Health cost, pounds", numeric=True),
        Column("Pounds a person-year", numeric=True),
    )
    rows = [
        (
            titles.get(row["segment"], row["segment"]),
            row["persons"],
            row["person_years"],
            row["care_cost"],
            row["health_cost"],
            row["cost_per_person_year"],
        )
        for row in segments
    ]
    return Table("Payment segments; a dash is hidden or unknown", columns, rows, "No segment yet.")


def _needs(read) -> Lines:
    rows = read(
        "population_needs",
        "select year, scenario, sum(users) as users group by all order by year",
    )
    observed = {str(r["year"]): float(r["users"]) for r in rows if r["scenario"] == "observed"}
    series = {
        scenario.replace("_", " ").capitalize(): observed
        | {str(row["year"]): float(row["users"]) for row in rows if row["scenario"] == scenario}
        for scenario in dict.fromkeys(row["scenario"] for row in rows)
        if scenario != "observed"
    }
    years = sorted({str(row["year"]) for row in rows})
    return lines("Persons in support, observed and projected, cells shown", series, years)
