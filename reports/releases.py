"""What went out: the release ledger, and the manifests that are on disk."""

import json
from datetime import date, datetime

from plugins.home import Home
from release import ledger, manifest
from release.folders import all_release_folders
from reports.source import Source
from reports.tables import Column, Table, percentage
from reports.words import ENTRIES, in_words

_NO_MANIFEST = "The files are not here any more."
_BROKEN = "The manifest cannot be read: run `asc verify`."
_HASH_SHOWN = 12
_ALL_RECEIVED = "all received"
_UTILITY = {
    "persons_shown": "Persons shown",
    "persons_waiting": "Waiting",
    "persons_hidden": "Hidden",
    "left_out_at_most_percent": "Left out, at most %",
    "persons_kept": "Gone but kept",
    "persons_joined": "Joined",
    "persons_left": "Left",
    "loss_of_information": "Loss of information (0 to 1)",
    "query_error_percent": "Query error %",
}
_NOT_RECORDED = "Not in the ledger: run `asc verify`."
# (agreement reference, release id) -> manifest, with `title`, `controller`, `utility` and `listed`
# as pages show them.
Manifests = dict[tuple[str, str], dict | None]


def manifests_read(home: Home) -> Manifests:
    """Return the manifests on disk; None for one that cannot be read, or lacks what is shown."""
    found: Manifests = {}
    for reference, folder in all_release_folders(home):
        try:
            content = json.loads((folder / manifest.FILE_NAME).read_text(encoding="utf-8"))
            found[reference, folder.name] = content | {
                "title": str(content["title"]),
                "controller": f"{content['controller']['name']} ({content['controller']['code']})",
                "utility": content.get("utility") or {},
                "listed": [
                    f"{name}: {product['rows']:,}" for name, product in content["products"].items()
                ],
            }
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            found[reference, folder.name] = None
    return found


def ledger_entries(source: Source) -> list[dict]:
    """Return the ledger, oldest entry first; [] before the first build."""
    return ledger.entries(source.connection) if source.has(ledger.TABLE) else []


def releases(manifests: Manifests, listed: list[dict]) -> Table:
    """Return all releases, newest first, with products and rows as their manifests say."""
    live = {key_of(entry) for entry in ledger.live_releases(listed)}
    rows = []
    recorded = {key_of(entry): entry for entry in listed if entry["entry_type"] == "released"}
    for key, entry in reversed(recorded.items()):
        state = "Issued" if key in live else "Withdrawn"
        rows.append(_row(key, manifests.get(key), entry["recorded_at"], entry["as_of_date"], state))
    for key, content in manifests.items():
        if key not in recorded:
            rows.append(_row(key, content, None, None, _NOT_RECORDED))
    columns = (
        Column("Agreement"),
        Column("Controller"),
        Column("Release"),
        Column("Released on"),
        Column("Data as of"),
        Column("Products and rows"),
        Column("State"),
    )
    return Table("Releases", columns, rows, "Nothing has been released yet.")


def utility(manifests: Manifests, listed: list[dict]) -> Table:
    """Return what protection cost each live release, newest first, as its manifest says."""
    live = {key_of(entry) for entry in ledger.live_releases(listed)}
    rows = []
    for entry in reversed(listed):
        content = manifests.get(key_of(entry))
        if entry["entry_type"] != "released" or key_of(entry) not in live or not content:
            continue
        figures = content["utility"]
        cells = list((figures.get("cells") or {}).values())
        rows.append(
            (
                *key_of(entry),
                *(figures.get(name) for name in _UTILITY),
                percentage(sum(one["hidden"] for one in cells), sum(one["cells"] for one in cells)),
                figures.get("cells_hidden_by_audit"),
            )
        )
    columns = (
        Column("Agreement"),
        Column("Release"),
        *(Column(label, numeric=True) for label in _UTILITY.values()),
        Column("Cells hidden", numeric=True),
        Column("Hidden by the audit", numeric=True),
    )
    return Table(
        "What protection cost each release", columns, rows, "Nothing has been released yet."
    )


def other_entries(listed: list[dict]) -> Table:
    """Return what else the ledger records, newest first; what repeats itself is told once."""
    told: dict[tuple, list[datetime]] = {}
    for entry in listed:
        if entry["entry_type"] != "released":
            what = (entry["entry_type"], *key_of(entry), entry["reason"])
            told.setdefault(what, []).append(entry["recorded_at"])
    rows = [
        (in_words(ENTRIES, kind), reference or "All", release_id, reason, times[-1], len(times))
        for (kind, reference, release_id, reason), times in sorted(
            told.items(), key=lambda item: item[1][-1], reverse=True
        )
    ]
    columns = (
        Column("Entry"),
        Column("Agreement"),
        Column("Release"),
        Column("Reason"),
        Column("Last recorded on"),
        Column("Times", numeric=True),
    )
    caption = "Withdrawn, refused and other entries of the release ledger"
    return Table(caption, columns, rows, "The ledger has no such entry.")


def ledger_table(listed: list[dict]) -> Table:
    """Return the whole ledger, newest entry first, with the heads of its hashes."""
    columns = (
        Column("Entry", numeric=True),
        Column("What"),
        Column("Agreement"),
        Column("Release"),
        Column("Recorded on"),
        Column("Hash"),
        Column("Hash before"),
    )
    rows = [
        (
            entry["entry_number"],
            in_words(ENTRIES, entry["entry_type"]),
            entry["agreement_reference"] or "All",
            entry["release_id"],
            entry["recorded_at"],
            entry["entry_hash"][:_HASH_SHOWN],
            entry["previous_hash"][:_HASH_SHOWN],
        )
        for entry in reversed(listed)
    ]
    return Table(
        "Release ledger, newest entry first", columns, rows, "The ledger has no entry yet."
    )


def key_of(entry: dict) -> tuple[str | None, str | None]:
    """Return (agreement reference, release id) of an entry."""
    return entry["agreement_reference"], entry["release_id"]


def _row(
    key: tuple, content: dict | None, on: date | None, as_of: date | None, state: str
) -> tuple:
    reference, release_id = key
    if content is None:
        reason = _NO_MANIFEST if state == "Withdrawn" else _BROKEN
        return reference, None, release_id, on, as_of or _ALL_RECEIVED, reason, state
    return (
        reference,
        content["controller"],
        release_id,
        on,
        as_of or content.get("as_of_date") or _ALL_RECEIVED,
        content["listed"],
        state,
    )
