"""dbt exposures of the agreements, written from the register: `make exposures`.

An exposure says in dbt's graph what goes to whom. A row in the register is enough to release; this
file follows it, and a static test says when it does not.
"""

import csv
import re
import sys

import yaml

from plugins.home import PROJECT_ROOT

FILE = PROJECT_ROOT / "models" / "_agreements__exposures.yml"
REGISTER = PROJECT_ROOT / "seeds" / "register"
# What every release carries besides its products, in its file or its manifest.
_ALWAYS = (
    *("column_dictionary", "release_notes", "release_policies", "release_utility", "token_changes"),
)
_HEAD = "# Written by `make exposures` from seeds/register: one exposure for each agreement.\n"


def exposures() -> dict:
    """Return the content of the file: one exposure for each agreement, by reference."""
    owners = {row["organisation_code"]: row["organisation_name"] for row in _rows("organisations")}
    products: dict[str, set[str]] = {}
    for row in _rows("agreement_products"):
        products.setdefault(row["agreement_reference"], set()).add(row["product"])
    latest = {
        row["agreement_reference"]: row
        for row in sorted(_rows("agreements"), key=lambda row: int(row["version"]))
    }
    return {
        "version": 2,
        "exposures": [
            {
                "name": "release_" + re.sub(r"\W", "_", reference).lower(),
                "label": reference,
                "type": "analysis",
                "maturity": "high",
                "description": f"{row['title']}: one encrypted file per release, for the "
                "agreement's controller and the processors it names.",
                "owner": {"name": owners.get(row["controller_code"], row["controller_code"])},
                "depends_on": [
                    f"ref('{model}')"
                    for model in sorted(products.get(reference, set()) | set(_ALWAYS))
                ],
                "config": {"meta": {"agreement_reference": reference}},
            }
            for reference, row in sorted(latest.items())
        ],
    }


def as_text() -> str:
    """Return the file as it must stand."""
    return _HEAD + yaml.safe_dump(exposures(), sort_keys=False, width=100, allow_unicode=True)


def _rows(table: str) -> list[dict[str, str]]:
    with (REGISTER / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(PROJECT_ROOT)}\n")
