"""The site over a whole warehouse: its shares against a count by hand, its size, whom it names."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from built_warehouse import seed

from plugins.home import Home

MEGABYTE = 1_000_000
IDENTIFYING = ("la_person_unique_identifier", "nhs_number", "first_name", "last_name", "postcode")


@pytest.fixture(scope="module")
def site(reported: Home) -> Path:
    return reported.reports / "site"


@pytest.fixture(scope="module")
def limits() -> tuple[int, int]:
    policy = {row["parameter"]: row["value"] for row in seed("reports/report_policy")}
    return int(policy["site_small_number"]), int(policy["site_rounding_base"])


@pytest.fixture(scope="module")
def counted(warehouse) -> Counter:
    """Persons by (council, event type, step), counted from rows and outcomes, one by one."""
    steps = {
        row[:2]: row[2]
        for row in warehouse.query(
            "select la_code, la_person_unique_identifier, trace_step "
            "from identifiable.intermediate.int_persons_traced"
        )
    }
    types = defaultdict(set)
    for council, person, event_type in warehouse.query(
        "select sender_la_code, la_person_unique_identifier, event_type "
        "from identifiable.intermediate.int_rows_validated where outcome = 'accepted'"
    ):
        types[council, person].add(event_type or "Unknown")
    found = Counter()
    for (council, person), step in steps.items():
        found[council, "All", step] += 1
        found["all", "All", step] += 1
        for event_type in types[council, person]:
            found[council, event_type, step] += 1
            found["all", event_type, step] += 1
    return found


@pytest.fixture(scope="module")
def rates(warehouse) -> list[tuple]:
    return warehouse.query(
        "select la_code, attribute, category, trace_step, persons, persons_status "
        "from pseudonymised.governance.trace_rates"
    )


def test_what_is_shown_is_the_count_rounded_and_no_small_count_is_shown(counted, rates, limits):
    small, base = limits
    compared = 0
    for council, attribute, category, step, persons, status in rates:
        if attribute not in ("all", "event_type"):
            continue
        count = counted[council, category, step]
        compared += 1
        if status == "hidden":
            assert persons is None and count > 0
        else:
            assert count == 0 or count >= small
            assert abs(persons - count) <= base / 2
    assert compared == len({key[:2] for key in counted}) * len({key[2] for key in counted})


def test_no_sum_that_a_reader_can_make_has_a_single_hidden_cell(rates):
    hidden, sums = Counter(), Counter()
    for council, attribute, category, step, _, status in rates:
        everyone = "all" if council == "all" else "councils"
        keys = [("steps", council, attribute, category), (everyone, attribute, category, step)]
        if attribute != "event_type":  # its categories overlap: they make no sum
            keys.append(("categories", council, attribute, step))
        for key in keys:
            sums[key] += 1
            hidden[key] += status == "hidden"
    told = [
        key
        for key, cells in hidden.items()
        if cells == 1 and key[0] != "all" and not _whole_is_hidden(key, rates)
    ]
    assert told == []
    assert sum(hidden.values()) > 10


def _whole_is_hidden(key: tuple, rates: list[tuple]) -> bool:
    """Nothing else of the sum is there, so that the sum itself is hidden as a small number."""
    what = key[0]
    shown = [
        row[4]
        for row in rates
        if row[5] != "hidden"
        and (
            (what == "steps" and (row[0], row[1], row[2]) == key[1:])
            or (what == "councils" and row[0] != "all" and row[1:4] == key[1:])
            or (what == "categories" and (row[0], row[1], row[3]) == key[1:])
        )
    ]
    return not any(shown)


def test_every_age_band_and_ethnic_group_holds_every_person_once(warehouse):
    by_attribute = warehouse.query(
        "select attribute, sum(persons) from pseudonymised.intermediate.int_trace_outcomes_counted "
        "where attribute in ('all', 'age_band', 'ethnic_group') group by 1"
    )
    assert len(by_attribute) == 3
    assert len({persons for _, persons in by_attribute}) == 1


def test_the_site_names_no_person(site: Path, warehouse):
    values = set()
    for column in IDENTIFYING:
        rows = warehouse.query(
            f"select distinct {column} from identifiable.landing.submission_rows "
            f"where length({column}) > 6"
        )
        # One digit over and over is a placeholder that the dictionary speaks of.
        values |= {str(value).lower() for (value,) in rows if len(set(value)) > 1}
    assert len(values) > 1000
    for page in site.rglob("*.html"):
        words = set(page.read_text(encoding="utf-8").lower().replace("<", " <").split())
        words |= {word.strip(">.,;()\"'") for word in words}
        assert values & words == set(), page.name


def test_every_page_is_there_and_the_site_is_light(site: Path):
    sizes = {page: page.stat().st_size for page in site.rglob("*") if page.is_file()}
    assert len(sizes) > 50
    # dbt's own documentation, where it is generated, is 7 MB more.
    assert sum(sizes.values()) < 7 * MEGABYTE
    assert max(sizes.values()) < MEGABYTE


def test_the_dictionary_holds_every_column_of_the_warehouse(site: Path, warehouse):
    text = "".join(
        page.read_text(encoding="utf-8") for page in (site / "dictionary").glob("*.html")
    )
    columns = warehouse.query(
        "select table_name, column_name from information_schema.columns "
        "where table_schema in ('marts', 'reference')"
    )
    assert len(columns) > 500
    missing = [
        c for c in columns if f'id="{c[0]}"' not in text or f"<span>{c[1]}</span>" not in text
    ]
    assert missing == []
