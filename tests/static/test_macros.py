"""Macros that decide something, rendered alone and asked case by case."""

import duckdb
import jinja2
import pytest

from plugins.home import PROJECT_ROOT

MACROS = PROJECT_ROOT / "macros"


def render(macro: str, *arguments: str) -> str:
    """SQL that a macro writes; macros of its folder and the default dialect are at hand to it."""
    (path,) = MACROS.rglob(f"{macro}.sql")
    environment = jinja2.Environment(autoescape=False)  # noqa: S701  SQL is no HTML
    for dialect in sorted((MACROS / "dialect").glob("*.sql")):
        for name, value in vars(environment.from_string(dialect.read_text()).module).items():
            if name.startswith("default__"):
                environment.globals[name.removeprefix("default__")] = value
    for neighbour in sorted(path.parent.glob("*.sql")):
        if neighbour != path:
            for name, value in vars(environment.from_string(neighbour.read_text()).module).items():
                environment.globals[name] = value
    return getattr(environment.from_string(path.read_text()).module, macro)(*arguments)


def ask(expression: str, source: str = "(select 1)"):
    return duckdb.connect().execute(f"select {expression} from {source}").fetchone()[0]


AGES = {
    "the day before the birthday": ("1950-03-12", "2017-03-11", 66),
    "the birthday": ("1950-03-12", "2017-03-12", 67),
    "born on 29 February, on 28 February of a common year": ("1952-02-29", "2017-02-28", 64),
    "born on 29 February, on 1 March of a common year": ("1952-02-29", "2017-03-01", 65),
    "the day somebody turns 65": ("1952-04-01", "2017-04-01", 65),
    "a hundred and more": ("1912-12-31", "2017-04-01", 104),
}


@pytest.mark.parametrize("case", AGES)
def test_age_counts_completed_years(case):
    born, day, age = AGES[case]
    assert ask(render("age_on", f"date '{born}'", f"date '{day}'")) == age


BIRTHS = {
    "the same day": ("1950-03-12", "1950-03-12", "exact"),
    "day and month swapped": ("1950-03-12", "1950-12-03", "swapped"),
    "one digit of the day": ("1950-03-12", "1950-03-13", "one_digit"),
    "one digit of the year": ("1950-03-12", "1960-03-12", "one_digit"),
    "another day of the same month": ("1950-03-12", "1950-03-27", "two_parts"),
    "transposed digits of the year": ("1957-03-12", "1975-03-12", "one_digit"),
    "transposed digits of month and day": ("1957-10-24", "1957-12-04", "one_digit"),
    "two digits of the day": ("1957-03-12", "1957-03-23", "two_parts"),
    "only the year": ("1950-03-12", "1950-11-27", "none"),
    "nothing to compare with": ("1950-03-12", None, "none"),
}


@pytest.mark.parametrize("case", BIRTHS)
def test_dates_of_birth_agree_by_level(case):
    left, right, level = BIRTHS[case]
    right = f"date '{right}'" if right else "null::date"
    assert ask(render("date_of_birth_level", f"date '{left}'", right)) == level


CLOSE_BIRTHS = {
    "two parts agree": ("1950-03-12", "1950-03-27", True),
    "day and month swapped": ("1950-03-12", "1950-12-03", True),
    "another year": ("1950-03-12", "1968-03-12", True),
    "transposed digits of month and day": ("1957-10-24", "1957-12-04", True),
    "transposed digits of month and day, of another year": ("1957-10-24", "1958-12-04", False),
    "only the year": ("1950-03-12", "1950-11-27", False),
    "nothing to compare with": ("1950-03-12", None, False),
}


@pytest.mark.parametrize("case", CLOSE_BIRTHS)
def test_dates_of_birth_are_close_enough_to_be_weighed(case):
    left, right, close = CLOSE_BIRTHS[case]
    right = f"date '{right}'" if right else "null::date"
    assert ask(render("births_are_close", f"date '{left}'", right)) == close


NAMES = {
    "equal": ("ANNE", "ANNE", True),
    "a short form": ("CHRIS", "CHRISTOPHER", True),
    "an initial": ("A", "ANNE", True),
    "one letter wrong in a long name": ("KATHRYN", "KATHRIN", True),
    "one letter apart in a short name": ("JOHN", "JOAN", False),
    "twins named alike": ("CHRISTIAN", "CHRISTOPHER", False),
    "another name": ("JOE", "ALBERT", False),
}


@pytest.mark.parametrize("case", NAMES)
def test_given_names_agree(case):
    left, right, agree = NAMES[case]
    assert ask(render("given_names_agree", f"'{left}'", f"'{right}'")) is agree
    assert ask(render("given_names_agree", f"'{right}'", f"'{left}'")) is agree


COUNTS = {
    0: (0, "zero"),
    1: (None, "hidden"),
    7: (None, "hidden"),
    8: (10, "rounded"),
    12: (10, "rounded"),
    13: (15, "rounded"),
    1002: (1000, "rounded"),
}


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_is_hidden_below_the_threshold_and_rounded_above(count):
    source = f"(select {count} as n, 8 as small_number_threshold, 5 as rounding_base) as limits"
    shown, status = COUNTS[count]
    assert ask(render("protected_count", "n", "limits"), source) == shown
    assert ask(render("protected_status", "n", "limits"), source) == status


def test_periods_are_calendar_quarters_years_and_months():
    assert ask(render("quarter_of", "date '2017-05-03'")) == "2017-Q2"
    assert ask(render("year_of", "date '2017-12-31'")) == "2017"
    assert ask(render("month_of", "date '2017-05-03'")) == "2017-05"
    assert ask(render("quarter_of", "null::date")) is None


def test_months_are_first_days_or_numbers_that_can_be_subtracted():
    assert str(ask(render("month_start_of", "date '2017-05-03'"))) == "2017-05-01"
    assert ask(render("month_start_of", "null::date")) is None
    number = "date '2017-01-31'", "date '2016-12-01'"
    assert (
        ask(f"{render('month_number_of', number[0])} - {render('month_number_of', number[1])}") == 1
    )


def test_the_largest_amount_is_a_number_and_never_a_day():
    amounts = "(values (12.5), (7), (null)) as amounts (amount)"
    assert float(ask(render("largest_amount", "amount"), amounts)) == 12.5
    with pytest.raises(duckdb.Error):
        ask(render("largest_amount", "day"), "(select date '2017-05-03' as day) as days")


def test_counted_persons_outcomes_and_results():
    rows = "(values ('a'), ('a'), ('b'), (null)) as rows (person)"
    assert ask(render("persons_counted", "person"), rows) == 2
    assert ask(render("row_outcome", "null")) == "accepted"
    assert ask(render("row_outcome", "'total_row'")) == "quarantined"
    assert ask(render("cell_result", "'rule'", "-3", "true")) == -3
    assert ask(render("cell_result", "null", "null", "true")) == 0
    assert ask(render("cell_result", "null", "null", "false")) == 1
