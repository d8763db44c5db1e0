"""The pages of releases: all of them, and for each agreement what its recipient got and holds."""

from dataclasses import dataclass

from release import ledger
from release.verify import Verification
from reports import releases
from reports.releases import Manifests, key_of
from reports.tables import Column, Link, Table, Tag, percentage
from reports.words import ENTRIES, PURPOSES, in_words

FOLDER = "releases"
NOT_VERIFIED = (
    "Whether files and ledger are as recorded is not known: there are no keys or no build."
)
NOTHING_LIVE = "Nothing is in force: what was released has ended, or nothing was."
_AS_RECORDED, _NOT_AS_RECORDED = Tag("As recorded", "good"), Tag("Not as recorded", "bad")
# Lists in the policy too long to read; they are the seeds of the same names.
_LONG = 100


@dataclass(frozen=True)
class ReleasesPage:
    """All releases. `facts` are (label, value) pairs."""

    facts: list[tuple[str, object]]
    mismatches: Table
    recipients: Table
    releases: Table
    utility: Table
    other_entries: Table
    ledger: Table


@dataclass(frozen=True)
class RecipientPage:
    """One agreement; the tables but `history` are None when nothing of it is in force."""

    reference: str
    title: str
    notes: list[str]
    facts: list[tuple[str, object]]
    history: Table
    products: Table | None = None
    utility: Table | None = None
    policy: Table | None = None
    seals: Table | None = None


def releases_page(
    manifests: Manifests, listed: list[dict], verified: Verification | None
) -> ReleasesPage:
    """Compose the page of all releases; `verified` is None where nothing could be verified."""
    live = ledger.live_releases(listed)
    mismatches = verified.mismatches if verified else []
    return ReleasesPage(
        facts=[
            ("Files and ledger", _state(verified)),
            ("Ledger entries", len(listed)),
            ("Releases in force", len(live)),
            ("Recipients of them", len({entry["agreement_reference"] for entry in live})),
        ],
        mismatches=Table(
            "What is not as recorded",
            (Column("Where"), Column("What")),
            [(one.path, one.what) for one in mismatches],
        ),
        recipients=_recipients(manifests, listed, verified),
        releases=releases.releases(manifests, listed),
        utility=releases.utility(manifests, listed),
        other_entries=releases.other_entries(listed),
        ledger=releases.ledger_table(listed),
    )


def recipient_pages(
    manifests: Manifests, listed: list[dict], verified: Verification | None
) -> list[RecipientPage]:
    """Compose a page for each agreement that the ledger or a folder names, by reference."""
    return [_recipient(one, manifests, listed, verified) for one in _references(manifests, listed)]


def _references(manifests: Manifests, listed: list[dict]) -> list[str]:
    named = {entry["agreement_reference"] for entry in listed} | {key[0] for key in manifests}
    return sorted(reference for reference in named if reference)


def _state(verified: Verification | None, reference: str | None = None) -> Tag | None:
    """Return whether all, or what lies in an agreement's folder, is as recorded; None: unknown."""
    if verified is None:
        return None
    place = f"releases/{reference}/" if reference else ""
    wrong = [one for one in verified.mismatches if f"{one.path}/".startswith(place)]
    return _NOT_AS_RECORDED if wrong else _AS_RECORDED


def _latest(manifests: Manifests, listed: list[dict], reference: str) -> tuple[dict, dict] | None:
    """Return entry and manifest of the latest release of an agreement that is in force."""
    for entry in reversed(ledger.live_releases(listed)):
        content = manifests.get(key_of(entry))
        if entry["agreement_reference"] == reference and content:
            return entry, content
    return None


def _recipients(manifests: Manifests, listed: list[dict], verified: Verification | None) -> Table:
    columns = (
        Column("Agreement"),
        Column("Controller"),
        Column("Release in force"),
        Column("Tables", numeric=True),
        Column("Rows", numeric=True),
        Column("Files"),
    )
    rows = []
    for reference in _references(manifests, listed):
        found = _latest(manifests, listed, reference)
        link = Link(reference, f"{FOLDER}/{reference}.html")
        if found is None:
            rows.append((link, None, Tag("None"), None, None, None))
            continue
        entry, content = found
        products = content["products"].values()
        rows.append(
            (
                link,
                content["controller"],
                entry["release_id"],
                len(products),
                sum(product["rows"] for product in products),
                _state(verified, reference),
            )
        )
    return Table("What each recipient holds", columns, rows, "Nothing has been released yet.")


def _recipient(
    reference: str, manifests: Manifests, listed: list[dict], verified: Verification | None
) -> RecipientPage:
    history = _history([e for e in listed if e["agreement_reference"] == reference])
    found = _latest(manifests, listed, reference)
    if found is None:
        return RecipientPage(reference, "", [NOTHING_LIVE], [], history)
    entry, content = found
    processors = [f"{one['name']} ({one['code']})" for one in content.get("processors", [])]
    purposes = [PURPOSES.get(one, one) for one in content.get("purposes", [])]
    return RecipientPage(
        reference=reference,
        title=content["title"],
        notes=[],
        facts=[
            ("Controller", content["controller"]),
            ("Processors", ", ".join(processors) or "None"),
            ("Purposes", ", ".join(purposes)),
            ("Release in force", entry["release_id"]),
            ("Released on", entry["recorded_at"]),
            ("Files", _state(verified, reference)),
        ],
        history=history,
        products=_products(content),
        utility=_figures("Persons and loss of information", content["utility"]),
        policy=_figures("Parameters", content.get("policy") or {}),
        seals=_seals(entry, content),
    )


def _history(entries: list[dict]) -> Table:
    columns = (
        Column("Recorded on"),
        Column("What"),
        Column("Release"),
        Column("Version of the agreement"),
        Column("Reason"),
    )
    rows = [
        (
            entry["recorded_at"],
            in_words(ENTRIES, entry["entry_type"]),
            entry["release_id"],
            entry["agreement_version"],
            entry["reason"],
        )
        for entry in reversed(entries)
    ]
    return Table("Entries of the ledger, newest first", columns, rows, "The ledger has none.")


def _products(content: dict) -> Table:
    columns = (
        Column("Table"),
        Column("Rows", numeric=True),
        Column("Councils"),
        Column("Cells", numeric=True),
        Column("Hidden", numeric=True),
        Column("Hidden share", numeric=True),
    )
    cells = content["utility"].get("cells") or {}
    councils = content.get("councils") or {}
    rows = []
    for name, product in sorted(content["products"].items()):
        counted = cells.get(name, {})
        hidden, whole = counted.get("hidden"), counted.get("cells")
        sent = ", ".join(councils.get(name, [])) or None
        rows.append((name, product["rows"], sent, whole, hidden, percentage(hidden, whole)))
    return Table("Tables of the release in force", columns, rows)


def _figures(caption: str, content: dict) -> Table:
    rows = []
    for name, value in content.items():
        if value is None or isinstance(value, dict):
            continue
        text = ", ".join(value) or "None" if isinstance(value, list) else str(value)
        if len(text) <= _LONG:
            rows.append((name.replace("_", " ").capitalize(), text))
    return Table(caption, (Column("Figure"), Column("Value")), rows)


def _seals(entry: dict, content: dict) -> Table:
    rows = [
        ("File (SHA-256)", content.get("file_sha256")),
        ("Manifest (SHA-256)", entry["manifest_sha256"]),
        ("Proof of lineage (SHA-256)", content.get("lineage_sha256")),
        ("Policy (SHA-256)", content.get("policy_hash")),
        ("Entry of the ledger", entry["entry_hash"]),
        ("Entry before it", entry["previous_hash"]),
        ("Version of the code", content.get("code_version")),
        ("Build", content.get("build_id")),
        ("Key of the pseudonyms", _key(content)),
    ]
    return Table("Hashes", (Column("What"), Column("Value")), rows)


def _key(content: dict) -> str:
    return f"version {content.get('key_version')}, check value {content.get('key_check_value')}"
