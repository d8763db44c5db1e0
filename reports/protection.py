"""Numbers of persons as the site's readers may see them: they are not the council that sent."""

import csv
from functools import cache

from plugins.home import PROJECT_ROOT

POLICY_SEED = PROJECT_ROOT / "seeds" / "reports" / "report_policy.csv"
HIDDEN = "hidden"


@cache
def policy() -> dict[str, str]:
    """Return the limits of reports by parameter."""
    with POLICY_SEED.open(encoding="utf-8", newline="") as file:
        return {row["parameter"]: row["value"] for row in csv.DictReader(file)}


def persons_shown(count: int | None) -> int | str | None:
    """Return a number of persons: 0 and None as they are, small ones hidden, others rounded."""
    if not count:
        return count
    if count < int(policy()["site_small_number"]):
        return HIDDEN
    base = int(policy()["site_rounding_base"])
    return (2 * count + base) // (2 * base) * base
