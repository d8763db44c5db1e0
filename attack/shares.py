"""Shares of whole groups: nobody, or everybody, of those counted, and so each of them."""

from attack.cells import OUTSIDE, CountTable, count_tables
from attack.holding import Holding
from attack.ratios import is_share, learnt_scale
from attack.verdict import Verdict

ID = "whole-groups"
SENTENCE = "Does a share or rate of nought or all say something of each of the persons counted?"

PERSONS = "persons"
# Sums and counts of these tell of a person's health, and nought tells it of each.
_OF_HEALTH = ("health", "contact", "admission", "attendance")


def attack(holding: Holding) -> Verdict:
    """Look at every share of persons, and at every nought of health care beside persons."""
    verdict = Verdict(ID)
    for release in holding.releases:
        for table in count_tables(holding, release):
            if table.policy.share_margin_persons > 0:
                for kind in table.by_measure():
                    _shares(kind, verdict)
                _noughts_of_health(table, verdict)
    return verdict


def _shares(table: CountTable, verdict: Verdict) -> None:
    """Find rates whose numerator, or what is left of the denominator, is nobody or too few."""
    label = f"{table.release.label}: {table.name}"
    margin = table.policy.share_margin_persons
    for rate in table.rates:
        for count in table.counts:
            for other in table.counts:
                if count == other or other in OUTSIDE:
                    continue
                scale = learnt_scale(table, count, other, rate)
                if scale is None:
                    continue
                share = is_share(table, rate, scale)
                rows = [row for row in table.rows if row[other] and not table.hidden(row, other)]
                verdict.look("shares and rates", len(rows), table.release.label)
                nobody = [row for row in rows if _is_none(row, count, rate)]
                everybody = [row for row in rows if share and _is_all(table, row, count, other)]
                everybody += [
                    row for row in rows if share and row[rate] is not None and row[rate] >= scale
                ]
                verdict.find(f"{label}.{count}: nobody of {other}", len(nobody))
                what = f"{label}.{count}: all of {other}, or all but fewer than {margin}"
                verdict.find(what, len({id(row) for row in everybody}))


def _is_none(row: dict, count: str, rate: str) -> bool:
    return row[count] == 0 or row[rate] == 0


def _is_all(table: CountTable, row: dict, count: str, other: str) -> bool:
    if table.hidden(row, count):
        return False
    least, most = table.interval(row, count)[0], table.interval(row, other)[1]
    return most - least < table.policy.share_margin_persons


def _noughts_of_health(table: CountTable, verdict: Verdict) -> None:
    if PERSONS not in table.counts:
        return
    label = f"{table.release.label}: {table.name}"
    persons = [row for row in table.rows if row[PERSONS] and not table.hidden(row, PERSONS)]
    for number in table.counts + table.rates:
        if any(word in number for word in _OF_HEALTH):
            verdict.look("sums of health care", len(persons), table.release.label)
            noughts = sum(row[number] == 0 for row in persons)
            verdict.find(f"{label}.{number}: none of {PERSONS}", noughts)
