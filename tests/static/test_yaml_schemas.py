"""dbt checks few YAML keys on DuckDB: every file is held against the JSON schemas dbt ships."""

import json
from pathlib import Path

import dbt.jsonschemas as shipped
import jsonschema
import pytest
import yaml

from plugins.home import PROJECT_ROOT

FOLDERS = ("models", "seeds", "macros", "functions", "tests")
FILES = sorted(p for f in FOLDERS for p in (PROJECT_ROOT / f).rglob("*.yml"))


def schema(kind: str) -> dict:
    folder = Path(shipped.__file__).parent / kind
    # Of the resources a file `latest` is shipped; of the project only numbered ones.
    newest = max(folder.glob("*.*.*.json"), key=lambda p: [int(n) for n in p.stem.split(".")])
    latest = folder / "latest.json"
    return json.loads((latest if latest.exists() else newest).read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_resource_file_holds_only_keys_that_dbt_knows(path):
    jsonschema.validate(yaml.safe_load(path.read_text()), schema("resources"))


def test_the_project_file_holds_only_keys_that_dbt_knows():
    content = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    jsonschema.validate(content, schema("project"))
