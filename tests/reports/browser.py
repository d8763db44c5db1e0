"""A page as a reader's browser shows it: axe-core's findings, its width, what it asks for."""

import importlib.util
import json
import warnings
from functools import cache
from pathlib import Path

import pytest
from dbt.task.docs import DOCS_INDEX_FILE_PATH

from benchmarks.site.browser import Browser, chromium

DESKTOP, PHONE = 1280, 390
_OVERVIEW = {"name": "__overview__", "package_name": "dbt", "block_contents": "# The models"}
_KINDS = (
    *("exposures", "metrics", "semantic_models", "saved_queries", "groups", "unit_tests"),
    *("parent_map", "child_map"),
)
_NONE = "no Chromium: pages were not audited by axe"
_AUDIT = """
axe.run(document).then(result => ({
  width: document.documentElement.clientWidth,
  needs: document.documentElement.scrollWidth,
  passes: result.passes.length,
  violations: result.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]),
}))"""


def needs_chromium() -> None:
    """Skip, aloud, where there is no Chromium."""
    if not chromium():
        warnings.warn(_NONE, stacklevel=2)
        pytest.skip(_NONE)


@cache
def axe() -> str:
    """Return the source of axe-core."""
    found = importlib.util.find_spec("axe_core_python")
    assert found and found.origin
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def audit(browser: Browser, page: Path, width: int, within: str = "") -> dict:
    """Return width, needs (the width it takes), passes, violations and asked of a page.

    `asked` are the addresses that it asked for; `within` is where in the page to begin, `#…`.
    """
    with browser.page(page.as_uri() + within, width) as shown:
        shown.interactive()
        shown.evaluate(axe())
        return shown.evaluate(_AUDIT) | {"asked": shown.asked()}


def documentation(manifest: dict) -> str:
    """Return what `dbt docs generate --static` writes of a manifest, types of columns left out.

    What the page needs and a made manifest lacks is filled in.
    """
    filled = {kind: {} for kind in _KINDS} | {"docs": {"doc.dbt.__overview__": _OVERVIEW}}
    manifest = filled | manifest
    manifest["metadata"] = {"adapter_type": "duckdb"} | manifest["metadata"]
    text = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    inlined = {"MANIFEST": manifest, "CATALOG": {"nodes": {}, "sources": {}}}
    for name, document in inlined.items():
        mark = f'"{name}.JSON INLINE DATA"'
        assert text.count(mark) == 1
        text = text.replace(mark, json.dumps(document))
    return text
