"""A council's wish about areas reaches every product that shows one."""

import pytest

TEST = "releases_keep_to_the_smallest_area"
WISH = (
    "update pseudonymised.governance.entitlements set minimum_area = 'whole' "
    "where la_code = '308' and agreement_reference = 'ASC-01D-HMR' and product = ?"
)


@pytest.mark.parametrize(
    ("product", "spoil"),
    [
        # Built before the wish: persons' rows show MSOAs.
        ("linked_persons", None),
        ("cohort_monthly", "area_code = 'E02001132'"),
        ("population_needs", "area_code = 'E01005464'"),
    ],
)
def test_a_smaller_area_than_a_council_wishes_turns_the_build_red(
    warehouse, tmp_path, product: str, spoil: str | None
):
    spoilt = warehouse.copy(tmp_path / "spoilt")
    with spoilt.connect(pseudonymised="write") as connection:
        connection.execute(WISH, [product])
        if spoil:
            connection.execute(
                f"update pseudonymised.marts.{product} set {spoil} "
                "where agreement_reference = 'ASC-01D-HMR'"
            )
    result = spoilt.dbt("test", "--select", TEST, check=False)
    assert result.returncode == 1
    assert f"FAIL 1 {TEST}" in result.stdout or f"FAIL 2 {TEST}" in result.stdout
