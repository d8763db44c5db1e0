"""Identifier scan: cells, names of columns, comments, manifests and raw bytes."""

import json
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from attack import auxiliary
from attack.cells import NUMERIC
from attack.holding import Holding, Release, plain, quoted
from attack.verdict import Verdict

ID = "identifier-scan"
SENTENCE = "Does any cell, name, comment, manifest or byte hold a number, postcode, birth or name?"

_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?![0-9A-Za-z])")
# Flags and years of neighbouring cells stand side by side in a page: no number begins like them.
_NUMBER_BYTES = re.compile(rb"(?<![0-9A-Za-z])[3-9]\d\d[ -]?\d{3}[ -]?\d{4}(?![0-9A-Za-z])")
_TEN_DIGITS = re.compile(rb"(?=(\d{10}))")
# The same digits where cells of one column meet; a page holds the later cell first.
_BORDER = "\x1f"
_NUMBER_OF_CELLS = re.compile(
    r"(?=([3-9]B\dB\dB[ -]?B\dB\dB\dB[ -]?B\dB\dB\dB\d))".replace("B", f"{_BORDER}?")
)
# Without its space a postcode in small letters could be part of a digest.
_POSTCODE = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][ABD-HJLNP-UW-Z]{2}"
    r"|[A-Za-z]{1,2}[0-9][0-9A-Za-z]? [0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})(?![0-9A-Za-z])"
)
_DAY = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4})(?!\d)")
_NAMED = re.compile(
    r"(^|_)(nhs_?(number|no)|date_of_birth|dob|birth_date|postcode|post_code|surname|forename"
    r"|given_name|family_name|first_name|last_name|full_name|address|uprn|email|telephone"
    r"|person_token|la_person_unique_identifier)($|_)",
    re.IGNORECASE,
)
# How many different names of known persons a column must hold: one may be a word (White, Field).
_NAMES_IN_BULK = 3
_SCANNED = "varchar"
# A sum of costs may have the digits of an id; a column of ids holds little else.
_OWN_IDS = "councils' own ids"
_IDS_IN_BULK, _IDS_SHARE = 3, 0.1


def attack(holding: Holding) -> Verdict:
    """Scan every release of the holding."""
    verdict = Verdict(ID)
    known = {
        "number": {
            re.sub(r"\D", "", value) for value in auxiliary.values(holding, auxiliary.NUMBERS)
        }
        - {""},
        "postcode": {_squeezed(value) for value in auxiliary.values(holding, auxiliary.POSTCODES)},
        "birth": auxiliary.births(holding),
        "name": {
            value.casefold()
            for value in auxiliary.values(holding, auxiliary.NAMES)
            if len(value) > 2
        },
        "local id": {
            value for value in auxiliary.values(holding, auxiliary.LOCAL_IDS) if len(value) > 3
        },
    }
    for release in holding.releases:
        _cells(holding, release, known, verdict)
        _metadata(holding, release, known, verdict)
        _bytes(holding, release, known, verdict)
    return verdict


def passes_modulus_11(digits: str) -> bool:
    """Say whether ten digits are a well-formed NHS number: `passes_modulus_11('9434765919')`."""
    if len(digits) != 10 or not digits.isdigit() or len(set(digits)) == 1:
        return False
    total = sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def _squeezed(postcode: str) -> str:
    return postcode.replace(" ", "").upper()


def _cells(holding: Holding, release: Release, known: dict, verdict: Verdict) -> None:
    tokens = set(holding.token_columns(release))
    with_tokens = {name for name, _ in tokens}
    for name, columns in holding.tables(release).items():
        for column, kind in columns:
            where = f"{release.label}: {plain(name)}.{column}"
            if _NAMED.search(column):
                verdict.find(f"{where}: the column is named for an identifier")
            text = f"cast({quoted(column)} as {_SCANNED})"
            cells = [
                row[0]
                for row in holding.rows(
                    f"select distinct {text} from {name} where {quoted(column)} is not null"
                )
            ]
            verdict.look("cells", len(cells), release.label)
            found = _in_texts(cells, known)
            if NUMERIC.match(kind) and name not in with_tokens:
                _numbers_by_chance(found, len(cells), where, verdict)
            for what, count in found.items():
                verdict.find(f"{where}: {what}", count)
            if (name, column) in tokens:
                continue
            days = [day for cell in cells for day in _DAY.findall(cell)]
            if name in with_tokens:
                verdict.find(f"{where}: exact dates beside a pseudonym", len(days))
            born = {day.isoformat() for text in days if (day := auxiliary.as_date(text))}
            verdict.find(f"{where}: dates of birth of known persons", len(born & known["birth"]))
            _names(cells, where, known["name"], verdict)


def _numbers_by_chance(found: dict[str, int], cells: int, where: str, verdict: Verdict) -> None:
    """Take out what among sums and counts is a council's own id by chance, and note it."""
    hits = found.get(_OWN_IDS, 0)
    if hits and (hits < _IDS_IN_BULK or hits < _IDS_SHARE * cells):
        verdict.note(f"{where}: numbers that are also somebody's own id", found.pop(_OWN_IDS))


def _names(cells: list[str], where: str, known: set[str], verdict: Verdict) -> None:
    hits = {cell.strip().casefold() for cell in cells} & known
    whole = [
        cell
        for cell in cells
        if len(words := re.findall(r"[^\W\d_]+", cell.casefold())) in (2, 3)
        and words[0] in known
        and words[-1] in known
    ]
    if len(hits) >= _NAMES_IN_BULK or len(whole) >= _NAMES_IN_BULK:
        verdict.find(f"{where}: names of known persons", max(len(hits), len(whole)))
    else:
        verdict.note(f"{where}: words that are also somebody's name", len(hits) + len(whole))


def _in_texts(texts: list[str], known: dict) -> dict[str, int]:
    """Return what kinds of identifier stand in texts, and in how many."""
    numbers = postcodes = ids = 0
    for text in texts:
        if any(character.isdigit() for character in text):
            numbers += any(
                passes_modulus_11("".join(parts)) or "".join(parts) in known["number"]
                for parts in _NUMBER.findall(text)
            )
            postcodes += bool(_POSTCODE.search(text)) or _squeezed(text) in known["postcode"]
            ids += text.strip().removesuffix(".0") in known["local id"]
    found = {"NHS numbers": numbers, "full postcodes": postcodes, _OWN_IDS: ids}
    return {what: count for what, count in found.items() if count}


def _metadata(holding: Holding, release: Release, known: dict, verdict: Verdict) -> None:
    texts = [json.dumps(release.manifest, ensure_ascii=False, default=str)]
    for function, fields in (
        ("duckdb_databases", ("comment", "tags")),
        ("duckdb_schemas", ("schema_name", "comment", "tags", "sql")),
        ("duckdb_tables", ("table_name", "comment", "tags", "sql")),
        ("duckdb_columns", ("column_name", "comment", "column_default")),
        ("duckdb_views", ("view_name", "comment", "tags", "sql")),
        ("duckdb_types", ("type_name", "comment", "labels")),
        ("duckdb_functions", ("function_name", "comment", "description", "macro_definition")),
        ("duckdb_sequences", ("sequence_name", "comment", "sql")),
        ("duckdb_indexes", ("index_name", "comment", "sql")),
    ):
        shown = ", ".join(f"cast({field} as varchar)" for field in fields)
        for row in holding.rows(
            f"select {shown} from {function}() where database_name = ?", release.alias
        ):
            texts += [text for text in row if text]
    verdict.look("texts of metadata", len(texts), release.label)
    for what, count in _in_texts(texts, known).items():
        verdict.find(f"{release.label}: comments, definitions or manifest: {what}", count)


def _bytes(holding: Holding, release: Release, known: dict, verdict: Verdict) -> None:
    """Search the file's own bytes, or those of an uncompressed copy of an encrypted one.

    A copy has no deleted pages, so that of an encrypted file the free pages are counted instead.
    """
    free = holding.rows(
        "select free_blocks from pragma_database_size() where database_name = ?", release.alias
    )
    verdict.find(
        f"{release.label}: free pages, which may hold what was deleted", free[0][0] if free else 0
    )
    if release.file is not None:
        content = Path(release.file).read_bytes()
    elif holding.scratch is not None:
        content = _uncompressed(holding, release)
    else:
        return
    verdict.look("bytes", len(content), release.label)
    bounded = Counter(
        digits
        for match in _NUMBER_BYTES.findall(content)
        if passes_modulus_11(digits := re.sub(rb"\D", b"", match).decode())
    )
    if bounded:
        bounded -= _met_between_cells(holding, release)
    # Texts stand without a gap in a page, so a number of somebody known counts wherever it stands.
    known_numbers = {
        digits
        for match in _TEN_DIGITS.findall(content if known["number"] else b"")
        if (digits := match.decode()) in known["number"]
    }
    verdict.find(f"{release.label}: bytes: NHS numbers", len(set(bounded) | known_numbers))


def _met_between_cells(holding: Holding, release: Release) -> Counter:
    """Count ten digits that stand in no cell, and in a page because cells of a column meet there.

    As often as they meet so, and no more often, their bytes say nothing.
    """
    met: Counter = Counter()
    whole = set()
    stored = {
        f"{quoted(release.alias)}.{quoted(schema)}.{quoted(table)}"
        for schema, table in holding.rows(
            "select schema_name, table_name from duckdb_tables() where database_name = ?",
            release.alias,
        )
    }
    for name in sorted(stored):
        for column, kind in holding.tables(release)[name]:
            if kind != "VARCHAR":
                continue
            cells = holding.rows(
                f"select {quoted(column)} from {name} where {quoted(column)} <> '' "
                "order by rowid desc"
            )
            for match in _NUMBER_OF_CELLS.findall(_BORDER.join(cell for (cell,) in cells)):
                digits = re.sub(r"\D", "", match)
                if _BORDER in match:
                    met[digits] += 1
                else:
                    whole.add(digits)
    return Counter({digits: count for digits, count in met.items() if digits not in whole})


def _uncompressed(holding: Holding, release: Release) -> bytes:
    folder = Path(tempfile.mkdtemp(dir=holding.scratch))
    copy = folder / "copy.duckdb"
    before = holding.rows("select current_setting('force_compression')")[0][0]
    try:
        if before != "uncompressed":
            holding.connection.execute("set force_compression = 'uncompressed'")
        holding.connection.execute(f"attach '{str(copy).replace(chr(39), chr(39) * 2)}' as plain")
        try:
            holding.connection.execute(f"copy from database {quoted(release.alias)} to plain")
            holding.connection.execute("checkpoint plain")
        finally:
            holding.connection.execute("detach plain")
        return copy.read_bytes()
    finally:
        if before != "uncompressed":
            holding.connection.execute(f"set force_compression = '{before}'")
        shutil.rmtree(folder, ignore_errors=True)
