"""The validation benchmark: what it compares with the engine, and what it leaves out."""

import json

from benchmarks.validation import contract, rows
from loaders.specification import read_fields


def test_each_rule_of_the_project_is_compared_or_left_out_for_a_reason_said():
    """A rule new in the seeds must be written for the engine, or it must be said why not."""
    compared = {rule for one in contract.compared() for rule in one.rules}
    left_out = {rule for rules in contract.NOT_COMPARED.values() for rule in rules}
    rules = {row["rule_id"] for row in contract.seed("specification/validation_rules")}

    assert compared | left_out == rules
    assert not compared & left_out


def test_the_engines_document_has_every_field_code_list_and_rule(tmp_path):
    """The contract is made of the seeds: a field or a list that is added there reaches it."""
    document = json.loads(contract.write(tmp_path).read_text(encoding="utf-8"))

    fields = document["contract"]["datasets"][contract.ENTITY]["fields"]
    assert [*fields] == ["sender_la_code", *(field.name for field in read_fields())]
    lists = {field.code_list for field in read_fields()} - {""}
    assert set(document["contract"]["types"]) == lists
    details = json.loads((tmp_path / "error_details.json").read_text(encoding="utf-8"))
    codes = {kind["error_code"] for kinds in details.values() for kind in kinds.values()}
    codes |= {rule["error_code"] for rule in document["transformations"]["filters"]}
    assert {one.code for one in contract.compared()} <= codes


def test_faults_are_planted_in_fields_of_the_specification():
    """A field renamed in the seeds may not drop its fault from the benchmark unseen."""
    assert {field for field, *_ in rows.FAULTS} <= {field.name for field in read_fields()}
