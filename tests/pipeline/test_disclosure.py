"""What the released files themselves say: judged from outside, with nothing of the pipeline."""

from collections import Counter, defaultdict

import pytest
from built_warehouse import seed

POLICY = {
    (row["recipient_type"], row["parameter"]): float(row["value"])
    for row in seed("disclosure/disclosure_policy")
    if row["product"] == "all"
}
ORGANISATIONS = {row["organisation_code"]: row for row in seed("register/organisations")}
AGREEMENTS = {
    row["agreement_reference"]: row
    for row in seed("register/agreements")
    if row["end_date"] > "2026"
}
QUASI_IDENTIFIERS = "age_band, sex, ethnic_group, area_code"


def recipient_type(reference: str) -> str:
    return ORGANISATIONS[AGREEMENTS[reference]["controller_code"]]["organisation_type"]


@pytest.fixture(params=sorted(AGREEMENTS))
def release(request, warehouse):
    folder = warehouse.releases()[request.param][-1]
    with warehouse.open_release(folder) as connection:
        yield request.param, connection


def known_rows(reference: str, connection) -> dict[str, tuple]:
    """Each person's rows on the side that the recipient knows already, as shown in the file."""
    if recipient_type(reference) == "council":
        sql = "select person_pseudonym, event_type, service_type, start_period, end_period "
        sql += "from linked_care_events"
    else:
        sql = "select person_pseudonym, activity_type, period from linked_health_activity"
    rows = defaultdict(list)
    for pseudonym, *shown in connection.execute(sql).fetchall():
        rows[pseudonym].append(tuple(str(value) for value in shown))
    return {pseudonym: tuple(sorted(shown)) for pseudonym, shown in rows.items()}


def test_every_person_looks_like_k_others_by_what_anybody_could_know(release):
    reference, connection = release
    k = POLICY[recipient_type(reference), "k_persons"]
    smallest = connection.execute(f"""
        select min(persons) from (
            select count(distinct person_pseudonym) as persons
            from linked_persons group by {QUASI_IDENTIFIERS}
        )
    """).fetchone()[0]
    assert smallest >= k


def test_every_person_looks_like_k_others_by_what_the_recipient_knows_already(release):
    # Given the quasi-identifiers, the rows the recipient holds itself, and to a council its own
    # setting and reason for support
    reference, connection = release
    k = POLICY[recipient_type(reference), "k_persons"]
    own = "primary_support_reason, care_setting" if recipient_type(reference) == "council" else "''"
    persons = connection.execute(
        f"select person_pseudonym, {QUASI_IDENTIFIERS}, {own} from linked_persons"
    ).fetchall()
    known = known_rows(reference, connection)
    # When persons are put together who can't be told apart by them
    classes = Counter((*rest, known.get(pseudonym, ())) for pseudonym, *rest in persons)
    # Then no class is smaller than k
    assert persons and min(classes.values()) >= k


def test_no_class_tells_the_sensitive_value_of_its_members(release):
    reference, connection = release
    kind = recipient_type(reference)
    sensitive = (
        "emergency_admissions || emergency_attendances"
        if kind == "council"
        else "primary_support_reason"
    )
    own = "primary_support_reason, care_setting" if kind == "council" else "''"
    persons = connection.execute(
        f"select person_pseudonym, {sensitive}, {QUASI_IDENTIFIERS}, {own} from linked_persons"
    ).fetchall()
    known = known_rows(reference, connection)
    classes = defaultdict(Counter)
    for pseudonym, value, *rest in persons:
        classes[(*rest, known.get(pseudonym, ()))][value] += 1
    for values in classes.values():
        assert len(values) >= POLICY[kind, "l_values"]
        assert max(values.values()) <= POLICY[kind, "top_share"] * sum(values.values())


def test_every_linked_row_belongs_to_a_linked_person(release):
    _, connection = release
    for table in ("linked_care_events", "linked_health_activity"):
        orphans = connection.execute(f"""
            select count(*) from {table} anti join linked_persons using (person_pseudonym)
        """).fetchone()[0]
        assert orphans == 0


def test_no_small_count_is_shown_and_every_count_is_rounded(release):
    reference, connection = release
    threshold = POLICY[recipient_type(reference), "small_number_threshold"]
    base = POLICY[recipient_type(reference), "rounding_base"]
    rows = connection.execute("""
        select unnest([persons, starts, ends]),
            unnest([persons_status, starts_status, ends_status])
        from cohort_monthly
    """).fetchall()
    assert {status for _, status in rows} == {"zero", "hidden", "rounded"}
    for count, status in rows:
        assert (count is None) == (status == "hidden")
        assert count is None or count == 0 or (count >= threshold and count % base == 0)


COHORTS = "select month, age_band, sex, cohort, persons from cohort_monthly"


def test_a_shown_cohort_is_the_true_count_rounded(warehouse, release):
    # Given the exact counts of the warehouse, and what the first release showed
    reference, connection = release
    with warehouse.open_release(warehouse.releases()[reference][0]) as earlier:
        before = {tuple(cell): persons for *cell, persons in earlier.execute(COHORTS).fetchall()}
    threshold = POLICY[recipient_type(reference), "small_number_threshold"]
    base = POLICY[recipient_type(reference), "rounding_base"]
    exact = {
        row[:4]: row[4]
        for row in warehouse.query(
            "select strftime(month_start, '%Y-%m'), age_band, sex, cohort, persons "
            "from pseudonymised.intermediate.int_cohorts_counted where agreement_reference = ?",
            reference,
        )
    }
    shown = {tuple(cell): persons for *cell, persons in connection.execute(COHORTS).fetchall()}
    assert shown.keys() - before.keys() and shown.keys() & before.keys()
    for cell, persons in shown.items():
        true = exact[cell]
        small = 0 < true < threshold
        # Then a cell is hidden when small, unless an earlier release has said otherwise of it
        if cell not in before:
            assert (persons is None) == small
        elif before[cell] is None:
            assert persons is None
        elif small:
            assert persons == before[cell]
            continue
        assert persons is None or abs(persons - true) <= base // 2


def test_an_area_is_an_official_code_of_the_recipient_s_area(release):
    reference, connection = release
    own = ORGANISATIONS[AGREEMENTS[reference]["controller_code"]]["ons_code"]
    areas = {
        row[0]
        for row in connection.execute("select distinct area_code from linked_persons").fetchall()
    }
    assert all(area == own or area.startswith("E0200") for area in areas)


@pytest.mark.parametrize("reference", sorted(AGREEMENTS))
def test_a_file_holds_only_persons_of_the_recipient(warehouse, reference):
    # Given truth: who is a client of which council, and who lived or was registered where
    controller = AGREEMENTS[reference]["controller_code"]
    council = recipient_type(reference) == "council"
    with warehouse.open_release(warehouse.releases()[reference][-1]) as connection:
        shown = connection.execute(
            "select distinct person_pseudonym from linked_persons"
        ).fetchall()
    earlier = set()
    for folder in warehouse.releases()[reference][:-1]:
        with warehouse.open_release(folder) as connection:
            rows = connection.execute("select person_pseudonym from linked_persons").fetchall()
            earlier |= {pseudonym for (pseudonym,) in rows}
    by_pseudonym = defaultdict(set)
    for pseudonym, la_code, la_id in warehouse.query(
        """
        select p.person_pseudonym, t.la_code, t.la_person_unique_identifier
        from pseudonymised.intermediate.int_persons_protected p
        join identifiable.intermediate.int_tokens_assigned t using (person_token)
        where p.agreement_reference = ?
    """,
        reference,
    ):
        by_pseudonym[pseudonym].add((la_code, la_id))
    places = defaultdict(set)
    for person, ccg in warehouse.query(f"""
        select distinct person_id, ccg_code from {warehouse.truth("addresses")}
        union
        select distinct c.person_id, g.column_15
        from {warehouse.truth("clients")} c
        join identifiable.landing.submission_rows r
            on c.la_person_unique_identifier = r.la_person_unique_identifier
        join identifiable.landing.reference_gp_practice g on r.gp_practice_code = g.column_01
    """):
        places[person].add(ccg)
    persons = {
        (la, client): person
        for la, client, person in warehouse.query(
            "select la_code, la_person_unique_identifier, person_id "
            f"from {warehouse.truth('clients')}"
        )
    }
    # Then each person shown is one of the recipient's
    withheld = {
        row["la_code"]
        for row in seed("register/council_preferences")
        if row["recipient_code"] == controller and row["preference"] == "withhold"
    }
    assert shown
    # A person whose number was found or merged since has a new token; the old one is kept until a
    # group large enough may go.
    old = {pseudonym for (pseudonym,) in shown if not by_pseudonym[pseudonym]}
    assert old <= earlier and len(old) < 0.02 * len(shown)
    for pseudonym in {pseudonym for (pseudonym,) in shown} - old:
        clients = by_pseudonym[pseudonym]
        if council:
            assert any(la == controller for la, _ in clients)
        else:
            assert any(controller in places[persons[client]] for client in clients)
            assert any(la not in withheld for la, _ in clients)


def test_a_council_that_withholds_keeps_its_people_out_of_that_file(warehouse):
    # Given a council that withholds from a CCG in which some of its clients live or are registered
    (rule,) = [r for r in seed("register/council_preferences") if r["preference"] == "withhold"]
    recipient, la_code = rule["recipient_code"], rule["la_code"]
    concerned = warehouse.query(
        """
        select count(distinct person_token)
        from pseudonymised.intermediate.int_care_events_pseudonymised
        where la_code = ? and (resident_ccg_code = ? or registered_ccg_code = ?)
    """,
        la_code,
        recipient,
        recipient,
    )[0][0]
    assert concerned > 0
    # Then none of them stands in its file unless another council reported the person too
    reference = next(r for r, a in AGREEMENTS.items() if a["controller_code"] == recipient)
    councils = warehouse.query(
        """
        select distinct la_code from pseudonymised.intermediate.int_care_events_entitled
        where agreement_reference = ?
    """,
        reference,
    )
    assert councils and (la_code,) not in councils
