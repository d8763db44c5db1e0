"""The whole project: no identifier leaves, and the proof would know if one did."""

import copy
import csv
import json
import re
import time

import pytest

from lineage.document import as_document
from lineage.policy import read_policy
from lineage.proof import prove
from plugins.home import PROJECT_ROOT

DIRECT = ("nhs_number", "la_person_id", "name", "date_of_birth", "postcode", "free_text")


@pytest.fixture(scope="module")
def manifest(warehouse) -> dict:
    return json.loads((warehouse.root / "target" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def policy():
    return read_policy(PROJECT_ROOT)


@pytest.fixture(scope="module")
def proof(manifest, policy):
    started = time.monotonic()
    found = prove(manifest, policy)
    print(f"proof in {time.monotonic() - started:.1f} s")
    return found


def test_no_identifier_leaves(proof):
    assert [str(failure) for failure in proof.failures] == []
    assert proof.holds


def test_every_model_beyond_the_wall_and_every_released_table_was_judged(proof, warehouse):
    with warehouse.connect(pseudonymised="read") as connection:
        built = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'pseudonymised' and table_schema in ('intermediate', 'marts')"
        ).fetchall()
    assert len(built) > 30
    assert {name for (name,) in built} <= set(proof.reaches)
    released = {
        table
        for folders in warehouse.releases().values()
        for folder in folders
        for table in json.loads((folder / "manifest.json").read_text())["products"]
    }
    assert released and released <= set(proof.released)


def test_declared_columns_are_those_that_are_there(manifest, warehouse):
    """Guards the start of every path: a column that nobody declared carries no label."""
    tables = [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]
    tables += list(manifest["sources"].values())
    with warehouse.connect(identifiable="read", pseudonymised="read") as connection:
        for table in tables:
            there = connection.execute(
                "select column_name from duckdb_columns() where database_name = ? "
                "and schema_name = ? and table_name = ?",
                [table["database"], table["schema"], table.get("identifier") or table["name"]],
            ).fetchall()
            hidden = {name for (name,) in there} - set(table["columns"])
            assert not hidden or table["name"] in ("release_ledger", "gp_practice"), (
                table["name"],
                hidden,
            )


@pytest.mark.parametrize("label", DIRECT)
def test_every_direct_identifier_has_a_start_an_end_and_no_way_out(label, proof):
    (path,) = [one for one in as_document(proof)["identifiers"] if one["label"] == label]
    assert path["stays_in"] == "identifiable"
    assert path["sources"] and path["ended"] and path["reaches"] == []


def test_pseudonyms_of_products_come_from_tokens_of_numbers(proof):
    released = as_document(proof)["released"]
    for table in ("linked_persons", "linked_care_events", "linked_health_activity"):
        came = released[table]["person_pseudonym"]
        assert {"nhs_number via person_token", "person_token via agreement_token"} <= set(came)


# ---------- the project, spoilt in one place each

SPOILT = {
    "int_persons_pseudonymised": ("latest.lsoa11,", "latest.lsoa11, latest.date_of_birth,"),
    "int_care_events_pseudonymised": ("tokens.person_token,", "tokens.nhs_number,"),
    "int_health_activity_pseudonymised": ("activities.tariff_cost", "activities.nhs_number"),
    "int_data_quality_counted": ("listed_value,\n", "rule_id as listed_value,\n"),
    "linked_care_events": ("split_part(known_row, '|', 1) as event_type", "person_token as x"),
    "linked_persons": ("protected_persons.sex,", "protected_persons.person_token as sex,"),
    "linked_health_activity": ("activities.activity_type,", "activities.activity_date,"),
}


@pytest.mark.parametrize("model", SPOILT)
def test_a_leak_put_into_the_project_is_found(model, manifest, policy):
    old, new = SPOILT[model]
    spoilt = copy.deepcopy(manifest)
    (node,) = [n for n in spoilt["nodes"].values() if n["name"] == model]
    assert old in node["compiled_code"]
    node["compiled_code"] = node["compiled_code"].replace(old, new, 1)
    assert model in {failure.model for failure in prove(spoilt, policy).failures}


def test_every_pin_is_looked_at(manifest, policy):
    """A pin that is wrong is a failure, whatever it pins."""
    spoilt = copy.deepcopy(policy)
    for key in spoilt.pins:
        spoilt.pins[key] = "0" * 64
    failures = {f.model for f in prove(manifest, spoilt).failures if "reviewed" in f.what}
    assert {name for _, name in policy.pins} <= failures


def test_policy_names_each_thing_once():
    folder = PROJECT_ROOT / "seeds" / "lineage"
    with (folder / "identifier_labels.csv").open() as file:
        names = [row["column_name"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names))
    with (folder / "reviewed_bodies.csv").open() as file:
        assert all(re.fullmatch("[0-9a-f]{64}", row["body_sha256"]) for row in csv.DictReader(file))
