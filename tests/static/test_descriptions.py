"""Every model, seed, source and column says what it is and how sensitive it is."""

LABELS = {"direct_identifier", "quasi_identifier", "sensitive", "pseudonym", "non_personal"}


def tables(manifest):
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")]
    return nodes + list(manifest["sources"].values())


def test_every_table_has_a_description_that_begins_with_its_grain(manifest):
    wrong = [t["name"] for t in tables(manifest) if not t["description"].strip()]
    assert wrong == []
    models = [t for t in tables(manifest) if t["resource_type"] == "model"]
    wrong = [t["name"] for t in models if not t["description"].strip().startswith("One row per")]
    assert wrong == []


def test_every_table_states_its_grain(manifest):
    wrong = [t["name"] for t in tables(manifest) if not t["config"].get("meta", {}).get("grain")]
    assert wrong == []


def test_every_column_is_described_and_has_a_sensitivity(manifest):
    wrong = [
        f"{table['name']}.{column['name']}"
        for table in tables(manifest)
        for column in table["columns"].values()
        if not column["description"].strip()
        or column.get("config", {}).get("meta", {}).get("sensitivity") not in LABELS
    ]
    assert wrong == []
    assert all(table["columns"] for table in tables(manifest))


def test_every_mart_has_an_enforced_contract(manifest):
    marts = [n for n in manifest["nodes"].values() if n.get("fqn", [])[1:2] == ["marts"]]
    assert marts
    assert [
        m["name"]
        for m in marts
        if m["resource_type"] == "model" and not m["config"]["contract"]["enforced"]
    ] == []


def test_no_mart_column_is_a_direct_identifier(manifest):
    wrong = [
        f"{node['name']}.{column['name']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["database"] == "pseudonymised"
        for column in node["columns"].values()
        if column["config"]["meta"]["sensitivity"] == "direct_identifier"
    ]
    assert wrong == []


def test_every_test_has_a_name_of_its_own_that_reads_as_a_sentence(manifest):
    # A generic test that nobody named begins with its kind; a sentence has three words or more.
    kinds = ("not_null_", "unique_", "accepted_values_", "relationships_", "expression_holds_")
    tests = [n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    tests += [n["name"] for n in manifest["unit_tests"].values()]
    assert len(tests) > 50
    assert [t for t in tests if t.startswith(kinds) or t.count("_") < 2] == []
