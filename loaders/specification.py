"""The seeds that landing needs: the fields of the specification, the councils that may send."""

import csv
import datetime
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from plugins.home import PROJECT_ROOT

CODES_SEED = PROJECT_ROOT / "seeds" / "specification" / "specification_codes.csv"
FIELDS_SEED = PROJECT_ROOT / "seeds" / "specification" / "specification_fields.csv"
VERSIONS_SEED = PROJECT_ROOT / "seeds" / "specification" / "specification_versions.csv"
COUNCILS_SEED = PROJECT_ROOT / "seeds" / "register" / "submitting_councils.csv"


@dataclass(frozen=True)
class Field:
    """One field: its landing column, its release 1 header, other headers, its code list if any.

    `version_headers`: (version, header) of versions that have renamed it.
    """

    name: str
    header: str
    aliases: tuple[str, ...]
    code_list: str = ""
    version_headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Council:
    """One council that may send, and every code by which it may call itself."""

    la_code: str
    ons_code: str
    dfe_code: str
    valid_from: datetime.date
    valid_to: datetime.date

    @property
    def own_codes(self) -> frozenset[str]:
        """The social care, ONS and DfE codes, as `comparable_code` writes them."""
        return frozenset(
            comparable_code(code) for code in (self.la_code, self.ons_code, self.dfe_code) if code
        )


def comparable_code(text: str) -> str:
    """Return a code as it is compared, width, case and outer blanks aside: ` 306 ` -> `306`."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_fields(path: Path = FIELDS_SEED) -> list[Field]:
    """Return the fields in the seed's order of position."""
    rows = sorted(_rows(path), key=lambda row: int(row["position"]))
    return [
        Field(
            name=row["field"],
            header=row["header"],
            aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
            code_list=row["code_list"],
            version_headers=tuple(
                (version, header)
                for version, _, header in (
                    renamed.partition("=") for renamed in row["version_headers"].split("|")
                )
                if header
            ),
        )
        for row in rows
    ]


def read_versions(path: Path = VERSIONS_SEED) -> tuple[str, ...]:
    """Return the versions that workbooks are written to; the first wins where two are as likely."""
    rows = [row for row in _rows(path) if row["is_detected"] == "true"]
    ordered = sorted(rows, key=lambda row: int(row["position"]))
    return tuple(row["specification_version"] for row in ordered)


def read_code_versions(path: Path = CODES_SEED) -> dict[str, dict[str, frozenset[str]]]:
    """Return code list -> value -> the versions of the specification that have the value."""
    versions: dict[str, dict[str, frozenset[str]]] = {}
    for row in _rows(path):
        values = versions.setdefault(row["code_list"], {})
        known = values.get(row["value"], frozenset())
        values[row["value"]] = known | {row["specification_version"]}
    return versions


def read_councils(path: Path = COUNCILS_SEED) -> dict[str, list[Council]]:
    """Return the rows of the register by 3-digit code; a council may have several periods."""
    councils: dict[str, list[Council]] = {}
    for row in _rows(path):
        council = Council(
            la_code=row["la_code"],
            ons_code=row["ons_code"],
            dfe_code=row["dfe_code"],
            valid_from=_date(row["valid_from"]) or datetime.date.min,
            valid_to=_date(row["valid_to"]) or datetime.date.max,
        )
        councils.setdefault(council.la_code, []).append(council)
    return councils


def council_on(
    councils: dict[str, list[Council]], la_code: str, day: datetime.date
) -> Council | None:
    """Return the council that may send under `la_code` on `day`, None if there is none."""
    for council in councils.get(la_code, []):
        if council.valid_from <= day <= council.valid_to:
            return council
    return None


def _date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
