"""The house's rules over models, marts and what is made of them."""

import subprocess
from collections import Counter

from plugins.home import PROJECT_ROOT
from reports import exposures

HEADINGS = ("**Assumptions.**", "**Nuance.**", "**Primary key.**", "**Who may see it.**")
LONGEST = 400
# Files that are longer, each for a reason. dbt's partial parse of a `target/` that stands already
# breaks when descriptions or unit tests of known models move to another file: those stay whole.
_MOVED = "dbt's partial parse breaks when what it describes moves"
_CASES = "cases, one after the other: a reader looks one up"
COLLECTION = "models/intermediate/identifiable/collection"
TRACING = "models/intermediate/identifiable/tracing"
LONGER = {
    f"{COLLECTION}/_collection__models.yml": _MOVED,
    f"{COLLECTION}/_collection__unit_tests.yml": _MOVED,
    f"{COLLECTION}/_lifecycle__unit_tests.yml": _MOVED,
    f"{TRACING}/_tracing__models.yml": _MOVED,
    f"{TRACING}/_tracing__unit_tests.yml": _MOVED,
    "models/marts/governance/release_utility.sql": "one common table expression for each figure",
    "tests/attack/made_releases.py": _CASES,
    "tests/lineage/cases.py": _CASES,
    "tests/loaders/test_loader_verbatim.py": _CASES,
    "tests/pipeline/hostile_rows.py": _CASES,
}


def models(manifest) -> list[dict]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]


def marts(manifest) -> list[dict]:
    return [node for node in models(manifest) if node["fqn"][1] == "marts"]


def test_every_mart_is_public_contracted_owned_and_tested(manifest):
    tested = {
        name
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        for name in node["depends_on"]["nodes"]
    }
    groups = {group["name"]: group["owner"] for group in manifest["groups"].values()}
    assert len(marts(manifest)) > 20
    wrong = [
        node["name"]
        for node in marts(manifest)
        if node["access"] != "public"
        or not node["config"]["contract"]["enforced"]
        or not groups.get(node["group"], {}).get("name")
        or node["unique_id"] not in tested
    ]
    assert wrong == []


def test_every_mart_s_description_has_the_house_s_headings(manifest):
    wrong = {
        node["name"]: [heading for heading in HEADINGS if heading not in node["description"]]
        for node in marts(manifest)
    }
    assert {name: missing for name, missing in wrong.items() if missing} == {}


def test_every_model_says_its_primary_key(manifest):
    # The trace's own tables are told by their grain: pairs, levels and counts that nobody reads.
    wrong = [
        node["name"]
        for node in models(manifest)
        if "**Primary key.**" not in node["description"] and "tracing" not in node["fqn"]
    ]
    assert wrong == []


def test_every_mart_has_an_exposure_and_every_exposure_reads_marts_only(manifest):
    exposed = {
        name: exposure["name"]
        for exposure in manifest["exposures"].values()
        for name in exposure["depends_on"]["nodes"]
    }
    ids = {node["unique_id"]: node["name"] for node in marts(manifest)}
    assert sorted(ids[one] for one in set(ids) - set(exposed)) == []
    assert sorted(name for one, name in exposed.items() if one not in ids) == []


def test_every_exposure_has_an_owner_and_says_what_it_is(manifest):
    found = list(manifest["exposures"].values())
    assert [e["name"] for e in found if not e["owner"].get("name")] == []
    assert [e["name"] for e in found if len(e["description"]) < 40 or not e["label"]] == []


def test_the_agreements_exposures_are_those_of_the_register():
    assert exposures.FILE.read_text() == exposures.as_text(), "run `make exposures`"


def test_every_model_says_who_may_see_it(manifest):
    wrong = [
        node["name"]
        for node in models(manifest)
        if not node["config"]["meta"].get("who_may_see_it")
    ]
    assert wrong == []


def test_names_of_models_say_their_layer(manifest):
    prefixes = {"staging": "stg_", "intermediate": "int_"}
    wrong = [
        node["name"]
        for node in models(manifest)
        if not node["name"].startswith(prefixes.get(node["fqn"][1], ""))
        or (node["fqn"][1] == "marts" and node["name"].startswith(("stg_", "int_", "dim_", "fct_")))
    ]
    assert wrong == []


def test_staging_joins_nothing(manifest):
    wrong = [
        node["name"]
        for node in models(manifest)
        if node["fqn"][1] == "staging" and len(set(node["depends_on"]["nodes"])) > 1
    ]
    # A row gets the birth certificate of its submission.
    assert wrong == ["stg_submissions__rows"]


def test_nothing_stands_twice_under_one_name(manifest):
    names = Counter(
        node["name"]
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if node["resource_type"] in ("model", "seed", "source")
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_no_file_is_long_without_a_reason():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    written = [name for name in listed if name.endswith((".py", ".sql", ".yml", ".md", ".html"))]
    long = [
        name
        for name in written
        if (PROJECT_ROOT / name).is_file()
        and len((PROJECT_ROOT / name).read_text().splitlines()) > LONGEST
    ]
    assert len(written) > 500
    assert sorted(set(long) - set(LONGER)) == []


def test_the_project_stands_in_the_folders_that_its_readme_names():
    folders = {
        *("loaders", "models", "functions", "macros", "seeds", "tests", "profiles", "plugins"),
        *("release", "reports", "samples", "benchmarks", "docs", "cli", "lineage", "attack"),
    }
    there = {path.name for path in PROJECT_ROOT.iterdir() if path.is_dir()}
    readme = (PROJECT_ROOT / "README.md").read_text()
    assert folders <= there
    assert [name for name in sorted(folders) if f"`{name}/`" not in readme] == []
