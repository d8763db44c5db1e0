"""What engines say differently stands in macros/dialect and nowhere else."""

import re

import pytest

from plugins.home import PROJECT_ROOT

# Rooms that speak to one engine by name.
ROOMS = ("macros/dialect/", "macros/dbt_overrides/")
# Words that DuckDB knows and Spark does not, or not so; the macro that says it for both.
ONLY_DUCKDB = {
    r"\bas varchar\b": "cast to string",
    r"\bstarts_with\(": "begins_with",
    r"\bsha256\(": "sha256_of",
    r"\bstrip_accents\(": "accents_stripped",
    r"\b(?:unnest|string_split)\(": "text_parts_each",
    r"\bgenerate_series\(": "months_between_each",
    r"\bstring_agg\(": "text_listed, sorted_text",
    r"\bto_months\(": "months_added",
    r"\bregexp_(?:matches|extract|replace)\(": "matched, extracted, replaced",
    r"\b(?:jaro_winkler_similarity|damerau_levenshtein)\(": "text_similarity, text_changes",
    r"\S\s*//\s*\S": "integer_divided",
    r"\bby name\b": "columns in order",
    r"\bselect \* (?:exclude|replace)\b": "columns by name",
    r"\blist_(?:filter|transform|sort|distinct|aggregate|contains|value)\(": "rows, not lists",
    r"\b(?:try_)?(?:strptime|strftime)\(": "day_from_parts, substr of a date",
    r"\bquantile_(?:cont|disc)\(": "percentile_cont within group",
}
COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def only_duckdb(text: str) -> list[str]:
    text = COMMENTS.sub("", text)
    return [f"{word}: {instead}" for word, instead in ONLY_DUCKDB.items() if re.search(word, text)]


def test_models_and_macros_outside_the_dialect_say_what_every_engine_knows():
    wrong = {
        str(path.relative_to(PROJECT_ROOT)): found
        for folder in ("models", "macros", "tests/generic", "tests/singular", "functions")
        for path in sorted((PROJECT_ROOT / folder).rglob("*.sql"))
        if not str(path.relative_to(PROJECT_ROOT)).startswith(ROOMS)
        and (found := only_duckdb(path.read_text()))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(step as varchar) from {{ ref('steps') }}",
        "select days // 7 from stays",
        "select * exclude (name) from persons",
        "where starts_with(postcode, 'M')",
    ],
)
def test_what_only_duckdb_knows_is_found(sql):
    assert only_duckdb(sql)


@pytest.mark.parametrize("sql", ["-- by name, varchar\nselect 1", "{# a // b #}select a / b"])
def test_comments_may_say_anything(sql):
    assert only_duckdb(sql) == []


def test_each_macro_of_the_dialect_that_dispatches_has_an_answer_for_both_engines():
    lacking = [
        path.name
        for path in sorted((PROJECT_ROOT / "macros" / "dialect").glob("*.sql"))
        if "adapter.dispatch" in (text := path.read_text())
        and not all(f"macro {engine}__{path.stem}(" in text for engine in ("default", "spark"))
    ]
    assert lacking == []
