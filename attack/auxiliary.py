"""The file of an intruder who knows some persons already, read from CSV or parquet."""

import re
from datetime import date

from attack.holding import Holding, quoted

TABLE = "auxiliary_persons"
NUMBERS = ("nhs_number", "nhs_numbers", "all_nhs_numbers", "supplied_nhs_number")
POSTCODES = ("postcode", "pcds", "post_code")
BIRTHS = ("date_of_birth", "dob", "birth_date")
NAMES = ("given_name", "family_name", "forename", "first_name", "surname", "last_name")
LOCAL_IDS = ("la_person_unique_identifier", "local_id", "client_id")
PERSON = ("person_id", "person")


def load(connection, path: str) -> str:
    """Read a CSV or parquet file into a table of texts and return its name.

    Errors: `duckdb.Error` when the file cannot be read.
    """
    suffix = path.lower().rpartition(".")[2]
    reader = "read_parquet(?)" if suffix in ("parquet", "pq") else "read_csv(?, all_varchar = true)"
    connection.execute(f"create or replace temp table {TABLE} as select * from {reader}", [path])
    return TABLE


def columns(holding: Holding) -> list[str]:
    """Return the columns of the auxiliary file; none without one."""
    if not holding.auxiliary:
        return []
    return [row[0] for row in holding.rows(f"describe {holding.auxiliary}")]


def values(holding: Holding, names: tuple[str, ...]) -> set[str]:
    """Return the distinct values, as text, of those of the named columns that the file has."""
    found: set[str] = set()
    for column in columns(holding):
        if column.lower() not in names:
            continue
        for (value,) in holding.rows(
            f"select distinct {quoted(column)} from {holding.auxiliary} "
            f"where {quoted(column)} is not null"
        ):
            listed = value if isinstance(value, list) else [value]
            found.update(str(one).strip() for one in listed)
    return found - {""}


def numbers(holding: Holding) -> set[str]:
    """Return the NHS numbers as ten digits."""
    return {re.sub(r"\D", "", value) for value in values(holding, NUMBERS)} - {""}


def births(holding: Holding) -> set[str]:
    """Return the dates of birth as YYYY-MM-DD."""
    return {value[:10] for value in values(holding, BIRTHS) if as_date(value)}


def people(holding: Holding) -> list[list[dict]]:
    """Return the rows of each person; a row is its own person where nothing says whose it is."""
    names = columns(holding)
    owner = next((name for name in names if name.lower() in PERSON), None)
    grouped: dict[object, list[dict]] = {}
    for number, row in enumerate(
        holding.rows(f"from {holding.auxiliary}") if holding.auxiliary else []
    ):
        known = {
            name.lower(): str(value).strip()
            for name, value in zip(names, row, strict=True)
            if value is not None and str(value).strip()
        }
        grouped.setdefault(known.get(owner.lower(), number) if owner else number, []).append(known)
    return list(grouped.values())


def as_date(text: str) -> date | None:
    """Read `2017-04-01` or `01/04/2017`; None for anything else."""
    try:
        if len(text) >= 10 and text[2] in "/.-" and text[5] in "/.-":
            return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
