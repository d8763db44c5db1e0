"""Pseudonyms: stable within an agreement, worthless outside it."""

from itertools import combinations

from built_warehouse import seed

from plugins.keyed_hash import KeyedHash
from plugins.keys import KeyRing


def pseudonyms(warehouse, folder) -> set[str]:
    with warehouse.open_release(folder) as connection:
        found: set[str] = set()
        for table in ("linked_persons", "linked_care_events", "linked_health_activity"):
            rows = connection.execute(f"select distinct person_pseudonym from {table}").fetchall()
            found |= {row[0] for row in rows}
        return found


def test_the_same_persons_have_the_same_pseudonyms_in_two_releases(warehouse):
    releases = warehouse.releases()
    assert len(releases) == 6
    for *_, first, second in releases.values():
        one, two = pseudonyms(warehouse, first), pseudonyms(warehouse, second)
        assert one and one == two


def test_two_agreements_share_no_pseudonym_nor_part_of_one(warehouse):
    shown = {
        ref: pseudonyms(warehouse, folders[-1]) for ref, folders in warehouse.releases().items()
    }
    for one, two in combinations(shown, 2):
        for cut in (slice(None), slice(0, 16), slice(16, 32)):
            assert not {t[cut] for t in shown[one]} & {t[cut] for t in shown[two]}


def test_a_pseudonym_is_the_two_stage_hash_of_the_true_current_number(warehouse):
    # Given truth's numbers and the keys, hashed here by hand
    ring = KeyRing(warehouse.home.keys)
    linkage = KeyedHash(ring.token_key("linkage"))
    agreement = "ASC-316-LIVERPOOL"
    delivery = KeyedHash(ring.token_key(agreement))
    clients = warehouse.query(f"""
        select distinct nhs_number from {warehouse.truth("clients")}
        where la_code = '316' and in_index
    """)
    expected = {delivery.token(linkage.token(number)) for (number,) in clients}
    # When the linked persons of the release are read
    with warehouse.open_release(warehouse.releases()[agreement][-1]) as connection:
        linked = connection.execute(
            "select person_pseudonym from linked_persons where link_status = 'linked'"
        ).fetchall()
    # Then each is the pseudonym of a true client, by the current number
    assert linked and {row[0] for row in linked} <= expected


def test_a_superseded_and_the_current_number_give_one_token(warehouse):
    # Given clients known to a council by an old number, each with one token
    rows = warehouse.query(f"""
        select p.nhs_number, a.person_token
        from {warehouse.truth("clients")} c
        join {warehouse.truth("persons")} p using (person_id)
        join identifiable.intermediate.int_tokens_assigned a
            using (la_code, la_person_unique_identifier)
        where c.nhs_number_defect = 'superseded' and a.person_token_type = 'nhs_number'
    """)
    linkage = KeyedHash(KeyRing(warehouse.home.keys).token_key("linkage"))
    assert rows and all(linkage.token(current) == token for current, token in rows)


def test_no_internal_token_leaves_the_warehouse(warehouse):
    tokens = {
        row[0]
        for row in warehouse.query(
            "select distinct person_token from identifiable.intermediate.int_tokens_assigned"
        )
    }
    for folders in warehouse.releases().values():
        assert not tokens & pseudonyms(warehouse, folders[-1])


def test_each_agreement_of_the_register_is_released_or_refused_by_name(warehouse):
    released = set(warehouse.releases())
    refused = {
        row[0]
        for row in warehouse.query("""
        select agreement_reference from pseudonymised.governance.release_ledger
        where entry_type = 'refused' and agreement_reference is not null
    """)
    }
    register = {row["agreement_reference"] for row in seed("register/agreements")}
    assert released | refused == register and not released & refused
    assert refused == {"ASC-01J-KNOWSLEY"}


def test_former_tokens_are_those_of_merged_numbers_and_of_clients_not_yet_traced(warehouse):
    # Given the index's merged numbers of the persons that councils know, hashed here by hand
    linkage = KeyedHash(KeyRing(warehouse.home.keys).token_key("linkage"))
    merged = warehouse.query(
        "select r.nhs_number, r.current_nhs_number "
        "from identifiable.intermediate.int_index_numbers_resolved r where r.current_nhs_number in "
        "(select nhs_number from identifiable.intermediate.int_persons_traced)"
    )
    expected = {(linkage.token(old), linkage.token(new)) for old, new in merged}
    # When former tokens are read
    found = warehouse.query(
        "select former_token, person_token from pseudonymised.intermediate.int_tokens_replaced "
        "where change_type = 'number_merged'"
    )
    # Then each former token leads to the present one
    assert len(expected) > 20
    assert set(found) == expected
    # And a client's own token before tracing is known too
    clients = warehouse.query("""
        select count(*), count(distinct former_token) from
        pseudonymised.intermediate.int_tokens_replaced where change_type = 'number_found'
    """)[0]
    traced = warehouse.query("""
        select count(*) from identifiable.intermediate.int_persons_traced
        where nhs_number is not null
    """)[0][0]
    assert clients == (traced, traced)
