"""Contents: does the file hold what its manifest and dictionary list, and nothing else?"""

from attack.holding import DICTIONARY, Holding, Release, plain, quoted
from attack.verdict import Verdict

ID = "contents"
SENTENCE = "Does the file hold a table, column, view or row that its manifest does not list?"


def attack(holding: Holding) -> Verdict:
    """Compare every release with its manifest and its dictionary of columns."""
    verdict = Verdict(ID)
    for release in holding.releases:
        _tables(holding, release, verdict)
        _columns(holding, release, verdict)
        for what, function in (("views", "views"), ("sequences", "sequences")):
            own = "and not internal" if function == "views" else ""
            count = holding.rows(
                f"select count(*) from duckdb_{function}() where database_name = ? {own}",
                release.alias,
            )[0][0]
            verdict.find(f"{release.label}: {what}", count)
    return verdict


def _tables(holding: Holding, release: Release, verdict: Verdict) -> None:
    products = release.manifest.get("products")
    if not isinstance(products, dict):
        verdict.note(f"{release.label}: the manifest lists no products")
        return
    listed = holding.tables(release)
    verdict.look("tables", len(listed), release.label)
    for name in listed:
        stated = products.get(plain(name))
        if stated is None or f'"{release.alias}"."main".' not in name:
            verdict.find(f"{release.label}: {plain(name)}: a table that the manifest does not list")
            continue
        rows = holding.rows(f"select count(*) from {name}")[0][0]
        if isinstance(stated, dict) and "rows" in stated and int(stated["rows"]) != rows:
            verdict.find(f"{release.label}: {plain(name)}: not the number of rows in the manifest")


def _columns(holding: Holding, release: Release, verdict: Verdict) -> None:
    described = holding.sensitivities(release)
    if not described:
        verdict.note(f"{release.label}: there is no {DICTIONARY} to compare columns with")
        return
    for name, columns in holding.tables(release).items():
        for column, _ in columns:
            verdict.look("columns", 1, release.label)
            sensitivity = described.get((plain(name), column))
            where = f"{release.label}: {plain(name)}.{quoted(column)}"
            if sensitivity is None:
                verdict.find(f"{where}: a column that the dictionary does not describe")
            elif sensitivity == "direct_identifier":
                verdict.find(f"{where}: a direct identifier by the dictionary's own word")
