"""A council's wish about areas reaches every product that shows one."""

TEST = "releases_keep_to_the_smallest_area"
# A smaller area in each, as if the product were built before the wish.
SPOILT = {
    "linked_persons": "E02001132",
    "cohort_monthly": "E02001132",
    "pathway_outcomes": "E02001133",
    "payment_segments": "E01005464",
    "population_needs": "E01005464",
}


def test_smaller_areas_than_a_council_wishes_turn_the_build_red(warehouse, tmp_path):
    spoilt = warehouse.copy(tmp_path / "spoilt")
    with spoilt.connect(pseudonymised="write") as connection:
        connection.execute(
            "update pseudonymised.governance.entitlements set minimum_area = 'whole' "
            "where la_code = '308' and agreement_reference = 'ASC-01D-HMR'"
        )
        for product, area in SPOILT.items():
            connection.execute(
                f"update pseudonymised.marts.{product} set area_code = ? "
                "where agreement_reference = 'ASC-01D-HMR'",
                [area],
            )
    result = spoilt.dbt("test", "--select", TEST, check=False)
    assert result.returncode == 1
    assert f"FAIL {len(SPOILT)} {TEST}" in result.stdout
