"""dbt's own page of the models, mended so that it can stand in the site.

As dbt 1.11 generates it, nobody can zoom, there are no landmarks, headings skip levels, texts are
pale, no keyboard scrolls it, a phone shows its left edge, it asks for files that are not there, and
a browser reads much that is never shown before it shows anything. Each place of dbt's text that is
changed must stand there as often as is said, or the page is refused: nobody would know what else
has changed in it.
"""

import json

# The page is as wide as the window, one column where that is narrow.
_STYLE = """<style>
.token.keyword { color: #00628a !important; }
.token.comment { color: #5f5f55 !important; }
.token.number { color: #1b6e6c !important; }
@media (max-width: 960px) {
  body { min-width: 0 !important; }
  .app { position: static !important; min-width: 0 !important; height: auto !important; }
  .app-row.app, .app-menu.app-column, .app-content.app-column { display: block !important; }
  .app-menu, .app-content { width: auto !important; max-width: none !important; }
  .app-scroll, .app-body { position: static !important; height: auto !important; }
  .switches .switch .switch-label { padding: .45rem .5rem !important; }
  .panel-body th, .panel-body td { padding: .25rem !important; overflow-wrap: anywhere; }
}
</style>"""
# (what dbt writes, what the site writes, how often it stands there)
_PLACES = (
    # Zoom (WCAG 1.4.4).
    ("width=device-width,minimum-scale=1,maximum-scale=1,", "width=device-width,", 1),
    # Requests for names that dbt's own build, or the page itself, fills in too late.
    ("${require('./assets/favicons/favicon.ico')}", "data:,", 1),
    ('xlink:href="{{ getIcon(', 'ng-attr-href="{{ getIcon(', 4),
    # Landmarks and headings.
    ('"app-menu app-column"', '"app-menu app-column" role="navigation" aria-label="Models"', 1),
    ('"app-content app-column"', '"app-content app-column" role="main"', 1),
    ("<h6>", '<h2 class="h6">', 46),
    ("</h6>", "</h2>", 46),
    # Regions that scroll can be reached by a keyboard.
    ('"app-details app-scroll app-pad"', '"app-details app-scroll app-pad" tabindex="0"', 1),
    ('class="detail-body"', 'class="detail-body" tabindex="0"', 7),
    ('class="table-responsive"', 'class="table-responsive" tabindex="0"', 3),
    ('id="code" ng-model', 'id="searched_code" ng-model', 1),
    ('<label for="code"', '<label for="searched_code"', 2),
    # Pale texts.
    ("#8b969e", "#56616a", 78),
    ("#0bb", "#00707c", 106),
    ("</head>", f"{_STYLE}</head>", 1),
)
_MANIFEST, _CATALOG = "n={manifest:", ",catalog:"
# What nodes and unit tests hold that the page never reads.
_UNREAD = {"checksum", "compiled_path", "build_path", "unrendered_config", "given", "expect"}


class ModelsPageError(Exception):
    """dbt's page is not as this version of the project knows it."""


def mended(text: str) -> str:
    """Return dbt's static page as the site shows it; `text` is what `dbt docs generate` wrote."""
    before, found, rest = text.partition(_MANIFEST)
    if not found:
        raise _unknown(_MANIFEST)
    manifest, rest = _document(rest, _MANIFEST)
    if not rest.startswith(_CATALOG):
        raise _unknown(_CATALOG)
    catalog, after = _document(rest.removeprefix(_CATALOG), _CATALOG)
    for theirs, ours, times in _PLACES:
        if before.count(theirs) + after.count(theirs) != times:
            raise _unknown(theirs)
        before, after = (part.replace(theirs, ours) for part in (before, after))
    parts = (before, _MANIFEST, _script(_read_only(manifest)), _CATALOG, _script(catalog), after)
    return "".join(parts)


def _document(text: str, mark: str) -> tuple[dict, str]:
    """Return the document of JSON that a text begins with, and what follows it."""
    try:
        document, end = json.JSONDecoder().raw_decode(text)
    except ValueError as error:
        raise _unknown(mark) from error
    return document, text[end:]


def _read_only(manifest: dict) -> dict:
    """Return the manifest without what the page never reads: macros of dbt itself, and more."""
    project = manifest["metadata"]["project_name"]
    macros = {
        name: macro
        for name, macro in manifest["macros"].items()
        if macro["package_name"] == project
    }
    kinds = {
        kind: {
            name: {key: value for key, value in node.items() if key not in _UNREAD}
            for name, node in manifest[kind].items()
        }
        for kind in ("nodes", "unit_tests")
    }
    return manifest | {"macros": macros} | kinds


def _unknown(place: str) -> ModelsPageError:
    return ModelsPageError(
        f"dbt's page of the models is not as expected at `{place}`: generate it with the locked "
        "version of dbt, `dbt docs generate --static`, or mend reports/models_page.py."
    )


def _script(document: dict) -> str:
    """Return an expression of JavaScript that is the document: a text of JSON is read faster."""
    text = json.dumps(json.dumps(document, separators=(",", ":")))
    # No text of a model may end the script that it stands in.
    return f"JSON.parse({text})".replace("<", "\\u003c")
