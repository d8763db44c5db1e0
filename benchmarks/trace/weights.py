"""Writes the seed of weights from what a build measured: for review, before it is committed."""

import csv
from datetime import date
from pathlib import Path

from plugins import zones
from plugins.home import PROJECT_ROOT, Home

SEED = PROJECT_ROOT / "seeds" / "tracing" / "trace_weights.csv"
# m of these is one for all contexts: what a council writes does not depend on who lives near by.
_POOLED = ("family_name", "given_name", "date_of_birth")
# Judgements kept whatever was measured; `None` keeps only the other of m and u. Twins are named
# alike more often than a generated population says, sons after fathers; a generated council never
# serves the dead. A given name tells the gender already; the rest follows from counts of the index.
_JUDGED = {
    ("given_name", "twin", "exact"): (None, 0.001),
    ("given_name", "twin", "short_form"): (None, 0.01),
    ("given_name", "twin", "similar"): (None, 0.02),
    ("date_of_birth", "relative", "exact"): (None, 0.0001),
    ("date_of_birth", "neighbour", "exact"): (None, 0.0),
    ("date_of_birth", "far", "exact"): (None, 0.0),
    ("gender", "alike", "same"): (0.996, 0.75),
    ("gender", "alike", "other"): (0.004, 0.25),
    ("practice", "unplaced", "same"): (None, 0.0),
    ("practice", "unplaced", "other"): (None, 0.9996),
    ("given_name", "household", "exact"): (None, 0.005),
    ("given_name", "household", "short_form"): (None, 0.005),
    ("given_name", "household", "similar"): (None, 0.006),
    ("gender", "named", "same"): (None, 0.95),
    ("gender", "named", "other"): (None, 0.05),
    ("postcode", "any", "other"): (None, 0.99),
    # A generated council mistypes the last letter only; people any of seven.
    ("postcode", "any", "one_character"): (0.02, None),
    ("postcode", "any", "wrong_sector"): (0.0025, None),
    ("postcode", "any", "misspelt"): (0.0045, None),
    # Half of those who share birth and postcode are of one household, half are strangers.
    ("practice", "same_birth", "same"): (None, 0.5),
    ("practice", "same_birth", "other"): (None, 0.5),
    ("practice", "misspelt", "same"): (0.84, 0.02),
    ("practice", "misspelt", "other"): (0.16, 0.98),
    # That somebody writes an initial says nothing about who it is; that it is the right one does.
    ("given_name", "initial", "exact"): (0.98, 0.1),
    ("given_name", "initial", "initial"): (0.98, 0.1),
    ("given_name", "initial", "other"): (0.02, 0.9),
    ("date_of_birth", "placeholder_household", "exact"): (None, 0.003),
    ("date_of_birth", "placeholder_household", "year"): (None, 0.08),
    ("date_of_birth", "placeholder_postcode", "exact"): (None, 0.000051118),
    ("date_of_birth", "placeholder_postcode", "year"): (None, 0.015),
    ("nhs_number", "postcode", "confirmed"): (0.9, 0.0),
    ("nhs_number", "far", "confirmed"): (0.9, 0.0),
    ("nhs_number", "postcode", "same"): (None, 0.1),
    ("nhs_number", "postcode", "unknown"): (0.05, 0.4),
    ("nhs_number", "far", "unknown"): (0.05, 0.4),
    ("death", "any", "before_event"): (0.005, 0.05),
    ("death", "any", "same"): (0.02, 0.00005),
}
# Pairs of one person and of two; below, the seed's own figure stands.
_FEW, _FEW_OTHERS = 200, 5000


def measured(home: Home) -> list[dict]:
    """Rows of the measuring model of a built warehouse."""
    with zones.connect(home, identifiable="read") as connection:
        cursor = connection.execute(
            "select * from identifiable.intermediate.int_trace_weights_measured"
        )
        names = [d[0] for d in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    numbers = ("m", "u", "frequency", *(n for n in names if n.endswith("_pairs")))
    return [row | {n: float(row[n] or 0) for n in numbers} for row in rows]


def rewrite(
    home: Home, version: str, measured_on: date, path: Path = SEED, judged: dict = _JUDGED
) -> int:
    """Replace m and u of the seed by what was measured; returns the number of rows changed.

    `judged` holds (m, u) by (field, context, level) that stand whatever was measured; None keeps
    only the other of the two.
    """
    found = {(r["field"], r["context"], r["level"]): r for r in measured(home)}
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    names, changed = list(rows[0]), 0
    for row in rows:
        key = (row["field"], row["context"], row["level"])
        m, u = _m(found, key, float(row["m"])), _u(found, key, float(row["u"]))
        judged_m, judged_u = judged.get(key, (None, None))
        m, u = judged_m or m, u if judged_u is None else judged_u
        if key[0] == "nhs_number":
            u = float(row["u"]) if judged_u is None else judged_u
        if key[0] == "postcode" and float(row["frequency_factor"]):
            u = float(row["u"])  # follows from counts, not from samples
        new = {"m": f"{m:.5g}", "u": f"{u:.5g}", "weights_version": version}
        new |= {"measured_on": measured_on.isoformat()}
        new |= {"sample_pairs": str(int(found[key]["all_match_pairs"]))}
        changed += any(row[k] != v for k, v in new.items())
        row.update(new)
    _mix_postcode(rows, found)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return changed


def install(home: Home, path: Path) -> None:
    """Put the weights of a file in the place of a warehouse's seed."""
    with zones.connect(home, pseudonymised="write", folders=[path.parent]) as connection:
        connection.execute("delete from pseudonymised.reference.trace_weights")
        connection.execute(
            f"insert into pseudonymised.reference.trace_weights by name from read_csv('{path}')"
        )


def _m(found: dict, key: tuple[str, str, str], seed: float) -> float:
    field, context, level = key
    if field in _POOLED and context != "placeholder":
        same = [r for (f, c, v), r in found.items()
                if f == field and v == level and c != "placeholder"]  # fmt: skip
    else:
        same = [found[key]]
    total = sum(r["all_match_pairs"] for r in same)
    if total < _FEW:
        return seed
    return max((sum(r["match_pairs"] for r in same) + 0.5) / (total + 1), 0.0005)


def _u(found: dict, key: tuple[str, str, str], seed: float) -> float:
    row = found[key]
    if row["all_non_match_pairs"] < _FEW_OTHERS:
        return seed
    # Half a pair for what was not seen: nothing is impossible.
    least = 0.0 if row["frequency"] > 0 and key[2] == "exact" else 0.5 / row["all_non_match_pairs"]
    return max(row["u"], least)


def _mix_postcode(rows: list[dict], found: dict) -> None:
    """Without names a neighbour may be a relative: mix household and neighbour by their shares."""
    share = found["family_name", "postcode", "exact"]
    kin = share["non_match_pairs"] / max(share["all_non_match_pairs"], 1)
    u = {(r["context"], r["level"]): r for r in rows if r["field"] == "date_of_birth"}
    for (context, level), row in u.items():
        if context == "postcode":
            pair = float(u["household", level]["u"]), float(u["neighbour", level]["u"])
            row["u"] = f"{kin * pair[0] + (1 - kin) * pair[1]:.5g}"
