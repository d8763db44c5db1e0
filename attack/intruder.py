"""Motivated intruder: somebody who knows persons looks for them in the file.

The persons come from the auxiliary file (docs/security.md lists its columns). They are coded as the
release's own dictionary and manifest explain; `*` and a wider code fit everybody.
"""

from collections import Counter
from datetime import date

from attack import auxiliary
from attack.codes import band, is_whole
from attack.holding import Holding, Release
from attack.persons import HIDDEN, PersonFile, person_file
from attack.policy import CCG, COUNCIL
from attack.verdict import Verdict

ID = "motivated-intruder"
SENTENCE = "Is somebody whom the intruder knows one of fewer than k, or of persons all alike?"

_SEXES = {"1": "male", "m": "male", "2": "female", "f": "female"}
_AREAS = ("area_code", "lsoa11", "msoa11", "lsoa_code", "msoa_code", "lsoa", "msoa", "ons_code")
_CARE_FACT = ("service_type", "event_start_date", "start_period")
_HEALTH_FACT = ("activity_type", "activity_date", "period")


def attack(holding: Holding) -> Verdict:
    """Look for every known person in every release."""
    verdict = Verdict(ID)
    people = auxiliary.people(holding)
    for release in holding.releases:
        held = person_file(holding, release) if people else None
        if held is not None and held.persons:
            _search(holding, held, people, verdict)
    return verdict


def _search(holding: Holding, held: PersonFile, people: list[list[dict]], verdict: Verdict) -> None:
    policy, label = held.release.policy, held.release.label
    # Public side -> (rows of care, rows of health) -> persons by value to be learnt.
    classes: dict[tuple, dict[tuple, Counter]] = {}
    for person in held.persons.values():
        rows = classes.setdefault(person.public, {})
        rows.setdefault((person.care_rows, person.health_rows), Counter())[held.learnt(person)] += 1
    bricks = _bricks(holding, held.release)
    stated = (held.release.manifest.get("policy") or {}).get("reference_date")
    reference = auxiliary.as_date(str(stated))
    vocabulary = {
        column: {row[position].casefold() for public in classes for row in public}
        for position, column in enumerate(held.public_columns)
    }
    verdict.look("known persons", len(people), label)
    seen: dict[tuple, tuple[int, bool]] = {}
    for facts in ("", "care", "health"):
        targets = [target for target in people if not facts or _has_facts(target, facts)]
        few = alike = located = 0
        for target in targets:
            coded = _coded(target[0], reference)
            events = _facts(target, facts)
            key = (tuple(sorted(coded.items())), events, facts)
            if key not in seen:
                seen[key] = _candidates(held, classes, coded, events, facts, bricks, vocabulary)
            count, single = seen[key]
            located += count > 0
            few += 0 < count < policy.k_persons
            alike += count >= policy.k_persons and single
        if not facts:
            verdict.look("known persons with candidates", located, label)
        allowed = not facts or facts == {COUNCIL: "care", CCG: "health"}.get(policy.recipient_type)
        tell = verdict.find if allowed else verdict.note
        by = f" by {facts} too" if facts else ""
        tell(f"{label}: known persons{by} with fewer than {policy.k_persons} candidates", few)
        tell(f"{label}: known persons{by} whose candidates all share what is learnt", alike)


def _candidates(
    held: PersonFile,
    classes: dict,
    coded: dict,
    events: frozenset,
    facts: str,
    bricks: dict,
    vocabulary: dict,
) -> tuple[int, bool]:
    """Return how many persons fit, and whether they all show one telling value to be learnt."""
    fitting: Counter = Counter()
    for public, by_rows in classes.items():
        if not any(
            all(
                _fits(column, shown, coded, bricks, vocabulary[column])
                for column, shown in zip(held.public_columns, row, strict=True)
            )
            for row in public
        ):
            continue
        for (care_rows, health_rows), learnt in by_rows.items():
            rows = {"care": care_rows, "health": health_rows}.get(facts, ())
            # Who shows no row may have been any of those whose rows are withheld.
            if not rows or all(_shown(event, rows) for event in events):
                fitting.update(learnt)
    telling = all(cell not in (HIDDEN, "") for value in fitting for row in value for cell in row)
    return sum(fitting.values()), len(fitting) == 1 and telling


def _fits(column: str, shown: str, coded: dict, bricks: dict, vocabulary: set[str]) -> bool:
    if shown in (HIDDEN, ""):
        return True
    if "age" in column:
        age = coded.get("age")
        limits = (int(shown), int(shown)) if shown.isdigit() else band(shown)
        return age is None or limits is None or limits[0] <= age <= limits[1]
    if "area" in column or "soa" in column:
        known = coded.get("areas", frozenset())
        if is_whole(shown) or not known:
            return True
        if shown in bricks:
            return bool(bricks[shown] & known) or shown in known
        same_kind = {code for code in known if code[:3] == shown[:3]}
        return not same_kind or shown in known
    value = coded.get("sex" if column in ("sex", "gender") else column)
    if value is None or value not in vocabulary:
        return True
    return shown.casefold() == value


def _coded(row: dict, reference: date | None) -> dict:
    coded: dict = {}
    for name, value in row.items():
        if name in auxiliary.BIRTHS and reference and (born := auxiliary.as_date(value)):
            before = (reference.month, reference.day) < (born.month, born.day)
            coded["age"] = reference.year - born.year - before
        elif name in ("sex", "gender"):
            coded["sex"] = _SEXES.get(value.casefold(), value.casefold())
        elif name not in (*_AREAS, *_CARE_FACT, *_HEALTH_FACT):
            coded[name] = value.casefold()
    coded["areas"] = frozenset(row[name] for name in _AREAS if name in row)
    return {
        name: value
        for name, value in coded.items()
        if name in ("age", "sex", "areas") or name.startswith(("ethnic", "marital", "religion"))
    }


def _bricks(holding: Holding, release: Release) -> dict[str, set[str]]:
    name = holding.table(release, "area_bricks")
    found: dict[str, set[str]] = {}
    if name:
        for area, lsoa in holding.rows(f"select area_code, lsoa11 from {name}"):
            found.setdefault(str(area), set()).add(str(lsoa))
    return found


def _has_facts(target: list[dict], facts: str) -> bool:
    return bool(_facts(target, facts))


def _facts(target: list[dict], facts: str) -> frozenset:
    """Return (kind, date or period) of what the intruder knows of one side."""
    names = {"care": _CARE_FACT, "health": _HEALTH_FACT}.get(facts)
    if not names:
        return frozenset()
    kind, *when = names
    return frozenset(
        (row[kind], next((row[name] for name in when if name in row), ""))
        for row in target
        if kind in row
    )


def _shown(event: tuple[str, str], rows: tuple) -> bool:
    """Say whether one of the rows can be the event: same kind, same period or a wider one."""
    kind, when = event
    day = auxiliary.as_date(when)
    periods = {HIDDEN, "", when}
    if day:
        periods |= {str(day.year), f"{day.year}-Q{(day.month + 2) // 3}", when[:7]}
    return any(
        kind in row and any(cell in periods for cell in row[2:] if cell != kind) for row in rows
    )
