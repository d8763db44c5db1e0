"""`asc summary`: what came in, what became of it, what went out. Counts and paths, no rows."""

import json
from pathlib import Path

import duckdb

from cli.output import aligned
from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import ZONES

_WORKBOOKS = """
select outcome, count(distinct (sender_la_code, file_name)) from identifiable.landing.submissions
group by outcome order by outcome"""
_ROWS_LANDED = """
select coalesce(sum(rows_read), 0)::bigint from identifiable.landing.submissions
where outcome = 'landed'"""
_ROWS = """
select outcome, count(*) from identifiable.intermediate.int_rows_validated
group by outcome order by outcome"""
_PERSONS = """
select trace_step, count(*) from identifiable.intermediate.int_persons_traced
group by trace_step order by count(*) desc, trace_step"""
_OUTCOMES = ("landed", "duplicate", "refused")


def summarise(home: Home) -> dict:
    """Return the summary as plain data; what is not there yet is null or empty.

    Shape: workbooks {outcome: n}, rows {landed, accepted, quarantined}, persons {trace step: n},
    linked_share (0 to 1), releases [{agreement_reference, release_id, persons, rows, path}], paths.
    """
    content: dict = {"home": str(home.root), "workbooks": None, "rows": {"landed": None}}
    content |= {"persons": None, "linked_share": None}
    if zones.zone_path(home, ZONES[0]).exists():
        with zones.connect(home, identifiable=zones.READ) as connection:
            content |= _identifiable(connection)
    content["releases"] = _latest_releases(home)
    content["paths"] = {
        "releases": _there(home.releases),
        "reports": _there(home.reports),
        "documentation": _there(PROJECT_ROOT / "target" / "static_index.html"),
    }
    return content


def as_text(content: dict) -> str:
    """Return the summary as aligned text."""
    share = content["linked_share"]
    lines = [f"Warehouse {content['home']}"]
    lines += _section("Workbooks", content["workbooks"])
    lines += _section("Rows", content["rows"])
    lines += _section("Persons by trace step", content["persons"])
    if share is not None:
        lines.append(f"  linked to an NHS number: {share:.1%}")
    lines += ["", "Latest release of each agreement"]
    head = ("agreement", "release", "persons", "rows", "path")
    made = [
        (r["agreement_reference"], r["release_id"], r["persons"], r["rows"], r["path"])
        for r in content["releases"]
    ]
    lines += aligned([head, *made], "  ") if made else ["  none"]
    return "\n".join(lines + _section("Where to look", content["paths"]))


def _section(title: str, values: dict | None) -> list[str]:
    return ["", title, *(aligned(values.items(), "  ") if values else ["  not built yet"])]


def _identifiable(connection: duckdb.DuckDBPyConnection) -> dict:
    workbooks = _counts(connection, _WORKBOOKS)
    landed = _counts(connection, _ROWS_LANDED)
    rows = _counts(connection, _ROWS)
    persons = _counts(connection, _PERSONS)
    total = sum(count for _, count in persons or [])
    unlinked = dict(persons or []).get("none", 0)
    return {
        "workbooks": dict.fromkeys(_OUTCOMES, 0) | dict(workbooks)
        if workbooks is not None
        else None,
        "rows": {"landed": landed[0][0] if landed else None}
        | {what: dict(rows).get(what, 0) if rows is not None else None for what in _VALIDATED},
        "persons": dict(persons) if persons is not None else None,
        "linked_share": round((total - unlinked) / total, 4) if total else None,
    }


_VALIDATED = ("accepted", "quarantined")


def _counts(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple] | None:
    try:
        return connection.execute(query).fetchall()
    except duckdb.CatalogException:
        return None


def _latest_releases(home: Home) -> list[dict]:
    """Return the latest release on disk of each agreement, read from its manifest.

    Latest is the highest sequence number, the last three digits of a release id.
    """
    latest: dict[str, tuple[int, dict]] = {}
    for path in sorted(home.releases.glob("*/*/manifest.json")):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            sequence = int(path.parent.name.rpartition("-")[2])
            products = manifest["products"]
            found = {
                "agreement_reference": manifest["agreement_reference"],
                "release_id": manifest["release_id"],
                "persons": products.get("linked_persons", {}).get("rows"),
                "rows": sum(product["rows"] for product in products.values()),
                "path": home.relative(path.parent),
            }
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue  # `asc verify` names it; a summary goes on
        reference = path.parent.parent.name
        if path.parent.name.startswith(".") or latest.get(reference, (0,))[0] > sequence:
            continue
        latest[reference] = (sequence, found)
    return [found for _, found in latest.values()]


def _there(path: Path) -> str | None:
    return str(path) if path.exists() else None
