"""What stands in the warehouse is what the project's YAML describes, column by column."""

import json


def described(warehouse) -> dict[tuple[str, str, str], set[str]]:
    """Columns that the project describes, by database, schema and table."""
    manifest = json.loads((warehouse.root / "target" / "manifest.json").read_text())
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")]
    nodes += manifest["sources"].values()
    return {
        (n["database"], n["schema"], n.get("alias") or n["identifier"]): set(n["columns"])
        for n in nodes
    }


def test_every_column_of_the_warehouse_is_described(warehouse):
    known = described(warehouse)
    columns = warehouse.query(
        "select table_catalog, table_schema, table_name, column_name "
        "from information_schema.columns "
        "where table_catalog in ('identifiable', 'pseudonymised')"
    )
    assert len(columns) > 2000
    assert sorted({c[:3] for c in columns} - set(known)) == []
    assert sorted(c for c in columns if c[3] not in known[c[:3]]) == []
