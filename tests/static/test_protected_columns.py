"""What disclosure control must know of a table of counts is in its list."""

import csv

from plugins.home import PROJECT_ROOT

LIST = PROJECT_ROOT / "seeds" / "disclosure" / "protected_columns.csv"


def test_every_released_count_with_a_status_is_listed_and_every_listed_column_stands(manifest):
    with LIST.open(newline="") as file:
        roles = {
            (row["table_name"], row["column_name"]): row["role"] for row in csv.DictReader(file)
        }
    products = {
        node["name"]: list(node["columns"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1:3] == ["marts", "products"]
    }
    counts = {
        (table, column.removesuffix("_status"))
        for table, columns in products.items()
        for column in columns
        if column.endswith("_status") and column.removesuffix("_status") in columns
    }
    assert ("cohort_monthly", "persons") in counts
    assert {one for one in counts if roles.get(one) not in ("measure", "derived")} == set()
    built = {key for key in roles if key[0] in products}
    assert {(table, column) for table, column in built if column not in products[table]} == set()
