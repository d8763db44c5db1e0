"""The attacker shares no code with what it attacks."""

import ast
import sys

import pytest

from plugins.home import PROJECT_ROOT

OWN = {path.name for path in PROJECT_ROOT.iterdir() if (path / "__init__.py").exists()}
OUTSIDE = {"duckdb", "highspy"}
MODULES = sorted((PROJECT_ROOT / "attack").glob("**/*.py"))


def imported(source: str) -> set[str]:
    """Top-level packages that a module imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else node.module.partition(".")[0])
        elif isinstance(node, ast.Name) and node.id in ("__import__", "importlib"):
            found.add(node.id)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_of_the_attacker_imports_nothing_of_the_pipeline(path):
    allowed = {"attack", *OUTSIDE, *(sys.stdlib_module_names - {"importlib"})}
    assert imported(path.read_text()) <= allowed


def test_the_check_sees_an_import_of_the_pipeline_wherever_it_stands():
    assert {"attack", "plugins", "release", "cli"} <= OWN and len(MODULES) > 10
    hidden = "def look():\n    from plugins.keys import KeyRing\n    return KeyRing\n"
    assert imported(hidden) == {"plugins"}
    assert imported("__import__('release')") == {"__import__"}
