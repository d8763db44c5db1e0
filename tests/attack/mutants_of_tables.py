"""Mutants: hidden counts that can be computed."""

from made_releases import CCG, CCG_AREA, COUNCIL, LSOAS, MONTHS, World, exact_cells
from spoiling import cell, mutant, show


# ----------------------------------------------------------------------- tables
@mutant("table-bounds")
def total_unrounded_beside_unrounded_parts(world: World) -> None:
    release = world.last(COUNCIL)
    exact = exact_cells(0)
    for place in (("65-84", "Male"), ("65-84", "Total")):
        show(cell(release, *place), exact[place])


@mutant("table-bounds")
def small_count_shown(world: World) -> None:
    show(cell(world.last(CCG), "85+", "Female"), 5)


@mutant("table-bounds")
def total_shown_over_one_hidden_part(world: World) -> None:
    # 5 + 0 = 5: the nought and a total that is not hidden with its only part give it away.
    show(cell(world.last(COUNCIL), "85+", "Total"), 5)


@mutant("table-bounds")
def part_of_a_footprint_exact(world: World) -> None:
    # The CCG's area lacks one brick of the council's; exact counts of both pin who lives there.
    for agreement in (COUNCIL, CCG):
        for release in world.of(agreement):
            release.tables["area_bricks"].rows = [
                row
                for row in release.tables["area_bricks"].rows
                if (row["area_code"], row["lsoa11"]) != (CCG_AREA, LSOAS[-1])
            ]
            for row in release.tables["cohort_monthly"].rows:
                place = (row["age_band"], row["sex"])
                if row["persons_status"] == "rounded":
                    exact = exact_cells(MONTHS.index(row["month"]))[place]
                    part = place[0] in ("18-64", "Total") and place[1] != "Male"
                    row["persons"] = exact - (2 if part and agreement == CCG else 0)


@mutant("table-bounds")
def bounds_met_over_two_tables(world: World) -> None:
    # A second table of the same cells, in other bands, whose totals leave only one number.
    release = world.last(COUNCIL)
    (row,) = [
        r for r in release.tables["cohort_monthly"].rows if r is cell(release, "65-84", "Total")
    ]
    narrow = {"age_band": "65-74", "sex": "Total", "persons": 12, "persons_status": "rounded"}
    wide = {"age_band": "75-84", "sex": "Total", "persons": None, "persons_status": "hidden"}
    release.tables["cohort_monthly"].rows += [row | narrow, row | wide]
    show(row, 18)


@mutant("release-difference")
def hidden_cell_shown_in_the_next_release(world: World) -> None:
    show(cell(world.last(CCG), "65-84", "Female"), 10)


@mutant("release-difference")
def count_that_changes_by_one(world: World) -> None:
    for month, release in enumerate(world.of(COUNCIL)):
        show(cell(release, "18-64", "Female"), 23 + month)


@mutant("ratio-recovery")
def rate_beside_a_hidden_numerator(world: World) -> None:
    for row in world.last(COUNCIL).tables["pathway_outcomes"].rows:
        if row["numerator"] is None:
            row["value"] = 11.1


@mutant("ratio-recovery")
def mean_cost_beside_hidden_persons(world: World) -> None:
    row = world.last(CCG).tables["payment_segments"].rows[-1]
    row["care_cost"], row["cost_per_person"] = 4 * 1234.5, 1234.5


@mutant("ratio-recovery")
def rate_beside_all_but_a_few(world: World) -> None:
    # Hidden to guard the three who were not at home; the share gives them away.
    row = world.last(COUNCIL).tables["pathway_outcomes"].rows[0]
    row["numerator"], row["numerator_status"], row["value"] = None, "hidden", 94.0


@mutant("whole-groups")
def nobody_of_many(world: World) -> None:
    row = world.last(COUNCIL).tables["pathway_outcomes"].rows[0]
    row["numerator"], row["numerator_status"], row["value"] = 0, "zero", 0.0


@mutant("whole-groups")
def everybody_of_many(world: World) -> None:
    row = world.last(CCG).tables["pathway_outcomes"].rows[0]
    row["numerator"], row["value"] = row["denominator"], 100.0


@mutant("whole-groups")
def a_share_of_all_beside_a_hidden_numerator(world: World) -> None:
    row = world.last(CCG).tables["pathway_outcomes"].rows[0]
    row["numerator"], row["numerator_status"], row["value"] = None, "hidden", 100.0


@mutant("whole-groups")
def none_of_a_segment_was_in_hospital(world: World) -> None:
    table = world.last(CCG).tables["payment_segments"]
    table.columns.append(("health_cost", "double", "sensitive"))
    for row in table.rows:
        row["health_cost"] = 0.0 if row["persons"] == 40 else 1234.5
