"""The trace against truth that the pipeline never sees."""

import pytest

OUTCOMES = """
    select t.*, c.person_id, c.nhs_number as true_number, c.in_index, c.nhs_number_defect
    from identifiable.intermediate.int_persons_traced t
    left join {clients} c using (la_code, la_person_unique_identifier)
"""


@pytest.fixture(scope="module")
def outcomes(warehouse):
    sql = OUTCOMES.format(clients=warehouse.truth("clients"))

    def ask(question: str):
        return warehouse.query(f"with outcomes as ({sql}) {question}")

    return ask


def test_no_link_is_false(outcomes):
    false = outcomes("""
        select count(*) from outcomes
        where nhs_number is not null
            and (nhs_number is distinct from true_number or not coalesce(in_index, false))
    """)
    assert false == [(0,)]


def test_every_traced_client_is_known_to_truth_and_every_client_is_answered(outcomes):
    assert outcomes("select count(*) from outcomes where person_id is null") == [(0,)]


def test_recall_by_what_was_wrong_with_the_number(outcomes):
    # Given the clients who are in the index, by what was wrong with the number supplied
    rows = outcomes("""
        select nhs_number_defect, trace_step, count(*) from outcomes where in_index group by 1, 2
    """)
    found = {(defect, step): n for defect, step, n in rows}
    totals: dict[str, int] = {}
    for (defect, _), n in found.items():
        totals[defect] = totals.get(defect, 0) + n
    for defect in sorted(totals):
        steps = {step: n for (d, step), n in found.items() if d == defect}
        print(f"{defect:14} {totals[defect]:5} {steps}")
    # Then correct numbers are confirmed, and most of the others are found without them
    assert found[("none", "cross_check")] >= 0.97 * totals["none"]
    assert found[("superseded", "cross_check")] >= 0.9 * totals["superseded"]
    wrong = [d for d in totals if d not in ("none", "superseded")]
    linked = sum(n for (d, step), n in found.items() if d in wrong and step != "none")
    assert linked >= 0.9 * sum(totals[d] for d in wrong)


def test_a_superseded_number_is_answered_with_the_current_one_and_code_90(outcomes):
    rows = outcomes("""
        select count(*), count(*) filter (where nhs_number = true_number
            and supplied_nhs_number <> nhs_number)
        from outcomes where response_code = '90'
    """)
    assert rows[0][0] > 0 and rows[0][0] == rows[0][1]


def test_somebody_else_s_number_is_never_confirmed(outcomes):
    rows = outcomes("""
        select count(*) filter (where nhs_number = supplied_nhs_number), count(*)
        from outcomes where nhs_number_defect = 'other_person'
    """)
    assert rows[0][0] == 0 and rows[0][1] > 0


def test_the_weights_of_every_link_add_up_to_its_score(warehouse):
    rows = warehouse.query("""
        select count(*), count(*) filter (where abs(explained.total - traced.match_weight) > 1e-9),
            count(*) filter (where explained.fields <> 8), min(explained.version)
        from identifiable.intermediate.int_persons_traced as traced
        join (
            select la_code, la_person_unique_identifier, sum(weight) as total,
                count(*) as fields, min(weights_version) as version
            from identifiable.intermediate.int_trace_links_explained group by 1, 2
        ) as explained using (la_code, la_person_unique_identifier)
    """)
    linked = warehouse.query("""
        select count(*) from identifiable.intermediate.int_persons_traced
        where nhs_number is not null
    """)
    assert rows[0][0] == linked[0][0] > 0
    assert rows[0][1:3] == (0, 0) and rows[0][3]


def test_an_answer_without_a_number_has_no_probability_and_a_reason(warehouse):
    rows = warehouse.query("""
        select distinct response_code, nhs_number_status_code
        from identifiable.intermediate.int_persons_traced where nhs_number is null
    """)
    assert {code for code, _ in rows} <= {"96", "97", "98"}
    assert {status for _, status in rows} <= {"04", "05"}
