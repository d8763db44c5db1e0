"""The trace against truth on populations of the default size, one for each seed."""

import pytest
from built_warehouse import Warehouse

OUTCOMES = """
    select
        count(*) filter (where t.nhs_number is not null),
        count(*) filter (where t.nhs_number is not null
            and (t.nhs_number <> c.nhs_number or not c.in_index)),
        count(*) filter (where c.in_index and c.nhs_number_defect not in ('none', 'superseded')),
        count(*) filter (where c.in_index and c.nhs_number_defect not in ('none', 'superseded')
            and t.nhs_number is not null)
    from identifiable.intermediate.int_persons_traced t
    join {clients} c using (la_code, la_person_unique_identifier)
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_link_is_false_in_a_population_of_the_default_size(tmp_path, seed):
    warehouse = Warehouse(tmp_path)
    warehouse.run("asc", "keys", "init", "--quiet")
    warehouse.run("asc", "sample", "--months", "2", "--seed", str(seed), "--quiet")
    warehouse.run("asc", "land", "--quiet")
    warehouse.dbt("build", "--select", "+int_persons_traced")
    ((linked, false, without, found),) = warehouse.query(
        OUTCOMES.format(clients=warehouse.truth("clients"))
    )
    print(
        f"seed {seed}: {linked} linked, {false} falsely; {found} of {without} without a good number"
    )
    assert false == 0
    assert linked > 5000 and found >= 0.7 * without
