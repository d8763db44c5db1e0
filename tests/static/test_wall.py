"""The wall: nothing outside the permitted rooms can name the identifiable zone."""

import re
import shutil

import pytest
from project_parsing import parse

from plugins.home import PROJECT_ROOT

# Rooms that may read the identifiable zone. Staged reference data hold nothing personal.
ROOMS = ("models/staging/", "models/intermediate/identifiable/", "models/intermediate/wall/")
COPIED = (
    "models",
    "macros",
    "seeds",
    "functions",
    "tests/generic",
    "tests/singular",
    "tests/unit",
    "profiles",
    "plugins",
    "docs/dbt",
)


def identifiable(manifest):
    everything = manifest["nodes"] | manifest["sources"]
    return {key for key, node in everything.items() if node.get("database") == "identifiable"}


def test_only_permitted_rooms_refer_to_the_identifiable_zone(manifest):
    walled = identifiable(manifest)
    wrong = [
        node["original_file_path"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and not node["original_file_path"].startswith(ROOMS)
        and walled & set(node["depends_on"]["nodes"])
    ]
    assert walled and wrong == []


def test_only_permitted_rooms_declare_the_identifiable_group(manifest):
    wrong = [
        node["original_file_path"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["config"].get("group") == "identifiable"
        and not node["original_file_path"].startswith(ROOMS)
    ]
    assert wrong == []


def test_no_model_outside_the_rooms_writes_the_zone_s_name_in_sql():
    wrong = [
        str(path.relative_to(PROJECT_ROOT))
        for path in (PROJECT_ROOT / "models").rglob("*.sql")
        if not str(path.relative_to(PROJECT_ROOT)).startswith(ROOMS)
        and re.search(r"\bidentifiable\b", path.read_text())
    ]
    assert wrong == []


def test_models_of_the_identifiable_rooms_are_private_and_their_wall_protected(manifest):
    for node in manifest["nodes"].values():
        path = node["original_file_path"]
        if node["resource_type"] != "model":
            continue
        if path.startswith("models/intermediate/identifiable/"):
            assert node["access"] == "private", path
        if path.startswith("models/intermediate/wall/"):
            assert node["access"] == "protected", path
            assert node["database"] == "pseudonymised", path


def copied(project):
    for folder in COPIED:
        if (PROJECT_ROOT / folder).exists():
            shutil.copytree(PROJECT_ROOT / folder, project / folder)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
    return project


@pytest.mark.parametrize("room", ["marts/products", "intermediate/pseudonymised"])
def test_a_model_outside_the_group_that_reads_an_identifiable_model_does_not_parse(
    tmp_path, parsed, room
):
    # Given a copy of the project with one model too many
    project = copied(tmp_path / "project")
    leak = project / "models" / room / "leak.sql"
    leak.write_text("select nhs_number from {{ ref('int_persons_traced') }}\n")
    # When it is parsed
    result = parse(project, tmp_path, like=parsed)
    # Then it is refused, for the reason meant
    assert result.returncode != 0
    assert "int_persons_traced" in result.stdout and "private" in result.stdout


def test_a_model_more_that_reads_what_it_may_parses(tmp_path, parsed):
    """Guards the test above: what is refused there is the reference, not the copy."""
    project = copied(tmp_path / "project")
    more = project / "models" / "intermediate" / "pseudonymised" / "more.sql"
    more.write_text("select person_token from {{ ref('int_persons_pseudonymised') }}\n")
    assert parse(project, tmp_path, like=parsed).returncode == 0
