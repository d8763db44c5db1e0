"""dbt's own page, taken apart and mended: what it says stays, what is not known is refused."""

import json
import re

import pytest
from browser import documentation

from reports.models_page import ModelsPageError, mended

SQL = "select '</script><!--<script>' as \"x\\\" -- \u2028"
MANIFEST = {
    "metadata": {"project_name": "made"},
    "nodes": {"model.made.a": {"name": "a", "raw_code": SQL, "checksum": {"name": "sha256"}}},
    "unit_tests": {"unit_test.made.t": {"name": "t", "given": [{"rows": [1]}], "expect": {}}},
    "macros": {
        "macro.made.ours": {"package_name": "made", "macro_sql": "1"},
        "macro.dbt.theirs": {"package_name": "dbt", "macro_sql": "2"},
    },
}


def _shown(page: str) -> dict:
    """The manifest as the page's script reads it."""
    expression = re.search(r"n=\{manifest:JSON\.parse\((.*?)\),catalog:JSON", page, re.DOTALL)[1]
    return json.loads(json.loads(expression))


def test_what_the_page_says_is_what_the_manifest_says():
    page = mended(documentation(MANIFEST))
    shown = _shown(page)
    assert shown["nodes"] == {"model.made.a": {"name": "a", "raw_code": SQL}}
    assert shown["unit_tests"] == {"unit_test.made.t": {"name": "t"}}
    assert shown["macros"] == {"macro.made.ours": MANIFEST["macros"]["macro.made.ours"]}
    # A text of a model can't end the script that it stands in.
    assert page.count("</script>") == documentation(MANIFEST).count("</script>") - 1


@pytest.mark.parametrize(
    "known", ["maximum-scale=1,", '"app-content app-column"', "n={manifest:", "<h6>"]
)
def test_a_page_that_dbt_changed_is_refused_and_the_place_is_named(known: str):
    changed = documentation(MANIFEST).replace(known, "", 1)
    with pytest.raises(ModelsPageError, match="not as expected at") as refused:
        mended(changed)
    assert known.strip('",') in str(refused.value)


def test_a_manifest_with_no_catalog_beside_it_is_refused():
    whole = documentation(MANIFEST)
    with pytest.raises(ModelsPageError, match=",catalog"):
        mended(whole.replace(',catalog:{"nodes"', ',listed:{"nodes"'))


def test_documents_that_are_cut_short_are_refused():
    whole = documentation(MANIFEST)
    with pytest.raises(ModelsPageError, match=r"n=\{manifest"):
        mended(whole[: whole.index("n={manifest:") + 40])


def test_the_words_of_a_model_may_hold_what_is_mended():
    manifest = MANIFEST | {"docs": {"doc.made.d": {"block_contents": "<h6>#8b969e</h6>"}}}
    assert _shown(mended(documentation(manifest)))["docs"]["doc.made.d"] == {
        "block_contents": "<h6>#8b969e</h6>"
    }
