"""The proof that no identifier leaves, over the build that a release is made from.

It is made from the manifest that `dbt build` left beside the warehouse, and goes with every
release as `lineage.json`, whose hash the release's manifest holds.
"""

import json
from pathlib import Path

from lineage.document import as_document
from lineage.policy import read_policy
from lineage.proof import prove
from plugins.home import PROJECT_ROOT, Home

FILE_NAME = "lineage.json"


def lineage_of_build(home: Home, build_id: str) -> str:
    """Return the proof over a build as JSON text; '' when nothing is at hand to make it from.

    It is kept in the warehouse, so that the pages can show it, and stands in when the manifest of
    its build has gone.
    """
    manifest = _read(home.build_manifest)
    if _build_of(manifest.get("metadata")) == build_id:
        text = json.dumps(as_document(prove(manifest, read_policy(PROJECT_ROOT))), indent=1) + "\n"
        unfinished = home.lineage.with_name(home.lineage.name + ".new")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.chmod(0o600)
        unfinished.replace(home.lineage)
        return text
    kept = _read(home.lineage)
    if kept.get("build_id") == build_id:
        return home.lineage.read_text(encoding="utf-8")
    return ""


def lineage_objection(text: str) -> str | None:
    """Return why nothing may be released, or None."""
    if not text:
        return "There is no proof of lineage of the last build: run `dbt build`."
    proof = json.loads(text)
    if proof.get("holds") is True:
        return None
    failures = proof.get("failures") or [{"model": "no model", "column": None, "what": "judged"}]
    first = failures[0]
    place = f"{first['model']}.{first['column']}" if first["column"] else first["model"]
    return (
        f"The proof that no identifier leaves fails in {len(failures)} places, first in {place} "
        f"({first['what']}): see `asc lineage`."
    )


def _read(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _build_of(metadata: object) -> str | None:
    return metadata.get("invocation_id") if isinstance(metadata, dict) else None
