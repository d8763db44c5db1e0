"""Where a column comes from, and what ended which identifier on the way."""

import pytest
from made_manifests import Made

from lineage.paths import Step, column_paths
from lineage.policy import read_policy
from lineage.proof import prove
from plugins.home import PROJECT_ROOT


@pytest.fixture(scope="module")
def proof():
    made = Made()
    made.model(
        "released",
        "select {{ agreement_token }}(a.agreement_reference, e.person_token) as person_pseudonym, "
        "{{ month_of('e.event_start_date') }} as month, e.gender, b.band, count(*) as events, "
        "'x' as constant from @events as e cross join @agreements as a "
        "inner join @bands as b on e.la_code = b.band group by all",
    )
    return prove(made.manifest(), read_policy(PROJECT_ROOT))


def test_a_pseudonym_comes_from_the_number_by_two_keyed_hashes(proof):
    path = column_paths(proof, "released")["person_pseudonym"]
    assert path.sources == ("agreements.agreement_reference", "landed_persons.nhs_number")
    assert path.models == ("persons", "tokens", "events", "released")
    assert path.ended == (
        Step("nhs_number", "person_token", "tokens"),
        Step("person_token", "agreement_token", "released"),
    )


def test_a_month_comes_from_a_day_that_ended_where_it_was_made(proof):
    path = column_paths(proof, "released")["month"]
    assert path.sources == ("landed_persons.event_start_date",)
    assert path.ended == (Step("care_date", "month_of", "released"),)


def test_an_attribute_has_its_source_and_nothing_to_end(proof):
    path = column_paths(proof, "released")["gender"]
    assert (path.sources, path.ended) == (("landed_persons.gender",), ())


def test_what_only_joins_or_counts_is_no_source(proof):
    paths = column_paths(proof, "released")
    assert paths["band"].sources == ("bands.band",)
    assert paths["events"].sources == () == paths["constant"].sources


def test_a_model_that_is_not_there_has_no_path(proof):
    assert column_paths(proof, "nowhere") == {}
