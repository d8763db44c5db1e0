"""An agreement's page draws what its products say, for every reader, and of no other agreement."""

from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, audit, needs_chromium
from page_reading import page
from reported_warehouse import make_built

from benchmarks.site.browser import Browser
from plugins import zones
from plugins.home import Home
from reports.lines import lines
from reports.write import write_reports

MARTS = """
create schema if not exists pseudonymised.reference;
create table pseudonymised.reference.agreements as
    select * from (values ('ASC-1', 'First'), ('ASC-2', 'Second'))
        as t (agreement_reference, title);
create table pseudonymised.marts.payment_segments as
    select agreement_reference, segment, 40::bigint as persons, 20::bigint as person_years,
        care_cost, 500::bigint as health_cost, 30::bigint as cost_per_person_year,
        null::bigint as top_1_cost_percent, 20::bigint as top_5_cost_percent,
        36::bigint as top_10_cost_percent
    from (values ('ASC-1', 'frail', 6600001), ('ASC-1', 'Total', null), ('ASC-2', 'frail', 7700001))
        as t (agreement_reference, segment, care_cost);
create table pseudonymised.marts.cohort_monthly as
    select 'ASC-1' as agreement_reference, '2017-0' || m as month, 'dementia' as cohort,
        case when m = 3 then null else 10 * m end as persons
    from range(1, 6) as t (m);
create table pseudonymised.marts.pathway_outcomes as
    select 'ASC-1' as agreement_reference, 'reablement_at_home_84_days' as measure,
        'any' as category, 'ASCOF 2D part 1' as definition_id, 2024 as definition_year,
        25::bigint as numerator, 30::bigint as denominator, 83.3::double as value,
        null::bigint as lower_quartile_days, null::bigint as median_days,
        null::bigint as upper_quartile_days
    union all select 'ASC-1', 'at_home_by_day', 'day ' || lpad(d::varchar, 2, '0'),
        'At home by day', 2024, 25, 30, case when d > 0 then 95.5 - d end, null, null, null
    from range(0, 22, 7) as t (d)
    union all select 'ASC-1', 'request_to_assessment_days', 'any', 'Waiting times', 2024,
        560, 40, 14, 4, 12, 22;
create table pseudonymised.marts.intervention_panel as
    select 'ASC-1' as agreement_reference, 'reablement' as intervention, group_name,
        month_relative::integer as month_relative,
        (0.1 * (month_relative + 3))::double as use_per_person_month
    from range(-2, 3) as t (month_relative), (values ('started'), ('comparison')) as g (group_name);
create table pseudonymised.marts.release_notes as
    select 'ASC-1' as agreement_reference, 'intervention effect' as note_type,
        'reablement' as subject, measure, value
    from (values ('effect', '0.07 (-0.03 to 0.18)'), ('balance before', '0.02'),
        ('matched in 100', '85')) as t (measure, value);
create table pseudonymised.marts.population_needs as
    select 'ASC-1' as agreement_reference, year::integer as year,
        case when year = 2017 then 'observed' else 'population_change' end as scenario,
        (100 + year - 2017)::bigint as users
    from range(2017, 2021) as t (year);
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_built(tmp_path_factory.mktemp("agreements") / "home")
    with zones.connect(home, pseudonymised=zones.WRITE) as connection:
        for statement in MARTS.split(";"):
            connection.execute(statement)
    write_reports(home)
    return home


def test_a_page_draws_the_five_purposes_from_its_own_cells(home: Home):
    text = (home.reports / "site" / "agreements" / "ASC-1.html").read_text()
    for shown in (
        "6,600,001",
        "83.3 % of 30",
        "-0.03 to 0.18",
        "Costliest 10 in 100",
        "Dementia",
        "12 (4 to 22)",
        "day 14 81.5",
    ):
        assert shown.lower() in text.lower(), shown
    assert text.count('role="img"') == 4
    assert "7,700,001" not in text


def test_an_agreement_with_little_to_draw_says_so(home: Home):
    text = (home.reports / "site" / "agreements" / "ASC-2.html").read_text()
    assert "Persons at the end of each month, cells shown: too few persons to draw." in text
    assert "6,600,001" not in text


def test_the_page_of_releases_leads_to_every_agreement(home: Home):
    links = [a.get("href") for a in page(home.reports / "site/releases.html").attributes("a")]
    assert {"agreements/ASC-1.html", "agreements/ASC-2.html"} <= set(links)


def test_a_hidden_value_leaves_a_gap_in_a_line():
    chart = lines("t", {"a": {"1": 5, "2": 10, "4": 5}}, ["1", "2", "3", "4"])
    (line,) = chart.lines
    assert [point.label for point in line.points] == ["1", "2", "4"]
    assert [(one.label, other.label) for one, other in line.segments] == [("1", "2")]
    assert [point.y for point in line.points] == [50, 0, 50]


def test_a_page_fits_and_breaks_no_rule_of_accessibility(home: Home, tmp_path: Path):
    needs_chromium()
    with Browser(tmp_path) as browser:
        for width in (DESKTOP, PHONE):
            found = audit(browser, home.reports / "site" / "agreements" / "ASC-1.html", width)
            assert found["violations"] == []
            assert found["needs"] <= found["width"]
            assert found["asked"] == []
