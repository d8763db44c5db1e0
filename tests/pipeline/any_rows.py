"""Workbooks of sound rows of which hypothesis has overwritten any cells with anything."""

import datetime

from hostile_workbooks import (
    ALL_ROWS,
    BOTH,
    CODE_LISTS,
    HEADERS,
    XLS_ERRORS,
    ErrorCell,
    Layout,
    workbook,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# What looks like a date, a number, a code or a total, and is none or an odd one.
ODD_TEXTS = [
    *("31/02/2017", "2017-13-45", "99999", "1e5", "0001-01-01", "99999999", "00/00/0000", "1/1/1"),
    *("2017-04-01T25:61:61", "31/12/9999", "1 Foo 2017", "29 February 2017", "-1", "12/13/2017"),
    *("2017-04-01 00:00:00.000", "04/2017", "73051", "2101.999999", "01.04.2017 99:99", "9" * 50),
    *("\u00a31,234.567", "-", ".", "1e400", "-0", "0.005", "\u0661\u0662\u0663", "1,2,3", "5 pw"),
    *("NULL", " null ", "\u00a0", "\u200b", "#N/A", "#REF!", "N/A", "Total", "Grand total: 5"),
    *(
        "9.43477E+09",
        "9434765919.0",
        "943 476 5919",
        "\uff19\uff14\uff13",
        "0000000000",
        "ZZ99 3VZ",
    ),
    *(
        "M1 1AE",
        "m11ae",
        "SERVICE USER",
        "service  user",
        "Unknown ",
        "White \u2013 Irish",
        "A",
        "%",
    ),
    *(
        "a|b",
        "a;b",
        "\\d",
        "x" * 5000,
        "\U0001f600",
        "\t",
        "a\nb",
        "'; drop table x; --",
        "{{ x }}",
    ),
]
VALUES = st.one_of(
    st.none(),
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(ODD_TEXTS).map(lambda text: f" {text.swapcase()}\u00a0"),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")),
    st.floats(-9e307, 9e307, allow_subnormal=False),
    st.integers(-99, 120_000),
    st.dates(datetime.date(1904, 1, 2)),
    st.booleans(),
    st.sampled_from(sorted(XLS_ERRORS)).map(ErrorCell),
)
# The sender's own code stays in one row, or the file would be refused as another council's.
CELLS = st.tuples(st.sampled_from(ALL_ROWS), st.sampled_from(sorted(HEADERS))).filter(
    lambda cell: cell != (ALL_ROWS[0], "la_code")
)
LISTED = sorted(name for name, code_list in CODE_LISTS.items() if code_list)
LAYOUTS = st.builds(Layout, date_1904=st.booleans(), release_2=st.booleans())


def any_workbooks(la_code: str, count: int) -> dict[str, bytes]:
    """File name -> content of so many workbooks of five rows, the same ones every time."""
    made: dict[str, bytes] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.dictionaries(CELLS, VALUES, max_size=40),
        st.dictionaries(st.sampled_from(LISTED), st.sampled_from(ODD_TEXTS), max_size=3),
        LAYOUTS,
        st.sampled_from(BOTH),
    )
    def make(cells, listed, layout, suffix):
        changes = {(row, name): text for name, text in listed.items() for row in ALL_ROWS} | cells
        name = f"any_{len(made)}{suffix}"
        made[name] = workbook(suffix, la_code, changes, layout)

    make()
    return made
