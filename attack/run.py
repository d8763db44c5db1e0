"""Run every attack: on each release, for each recipient, each coalition, and all together."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from attack import (
    cell_changes,
    changes,
    classes,
    contents,
    fingerprints,
    footprints,
    identifiers,
    intruder,
    ratios,
    shares,
    tables,
    token_joins,
    tokens,
)
from attack.holding import Holding
from attack.verdict import Verdict

FILE, TIME, ALL = "each release", "each recipient", "each recipient, coalition and all together"


@dataclass(frozen=True)
class Attack:
    """One attack: its id, what it asks, over whose releases it runs, and its function."""

    id: str
    sentence: str
    scope: str
    run: Callable[[Holding], Verdict]


ATTACKS = (
    Attack(identifiers.ID, identifiers.SENTENCE, FILE, identifiers.attack),
    Attack(contents.ID, contents.SENTENCE, FILE, contents.attack),
    Attack(tokens.ID, tokens.SENTENCE, TIME, tokens.attack),
    Attack(token_joins.ID, token_joins.SENTENCE, ALL, token_joins.attack),
    Attack(classes.ID, classes.SENTENCE, FILE, classes.attack),
    Attack(intruder.ID, intruder.SENTENCE, FILE, intruder.attack),
    Attack(changes.DIFFERENCE_ID, changes.DIFFERENCE_SENTENCE, TIME, changes.differences),
    Attack(changes.TRAJECTORY_ID, changes.TRAJECTORY_SENTENCE, TIME, changes.trajectories),
    Attack(fingerprints.ID, fingerprints.SENTENCE, ALL, fingerprints.attack),
    Attack(footprints.ID, footprints.SENTENCE, ALL, footprints.attack),
    Attack(tables.ID, tables.SENTENCE, ALL, tables.attack),
    Attack(cell_changes.ID, cell_changes.SENTENCE, ALL, cell_changes.attack),
    Attack(ratios.ID, ratios.SENTENCE, FILE, ratios.attack),
    Attack(shares.ID, shares.SENTENCE, FILE, shares.attack),
)


def coalitions(holding: Holding) -> Iterator[tuple[str, list[str]]]:
    """Yield (who, agreements) of every recipient, of every processor and coalition, and of all.

    Processors and coalitions are those that the manifests name, of two agreements or more; the same
    agreements are attacked together once.
    """
    parties: dict[str, set[str]] = defaultdict(set)
    agreements = [agreement for agreement, _ in holding.by_agreement()]
    for agreement in agreements:
        yield f"recipient of {agreement}", [agreement]
    for release in holding.releases:
        for processor in release.manifest.get("processors") or []:
            code = processor.get("code") if isinstance(processor, dict) else processor
            parties[f"processor {code}"].add(release.agreement)
        for name in (release.manifest.get("policy") or {}).get("coalitions") or []:
            parties[f"coalition {name}"].add(release.agreement)
    told = []
    for party, held in sorted(parties.items(), key=lambda one: (one[0][0] == "c", one)):
        if len(held) > 1 and held not in told:
            told.append(held)
            yield party, sorted(held)
    if len(agreements) > 1:
        yield "all together", agreements


def steps(holding: Holding) -> list[tuple[Attack, str, Holding]]:
    """List every run: the attack, who holds the releases, and the releases as a holding."""
    listed = []
    groups = [
        (who, [release for release in holding.releases if release.agreement in agreements])
        for who, agreements in coalitions(holding)
    ]
    for attack in ATTACKS:
        for who, releases in groups:
            if attack.scope == ALL or who.startswith("recipient"):
                listed.append((attack, who, holding.part(who, releases)))
    return listed


def run(
    holding: Holding, progress: Callable[[list], Iterator] = iter, only: set[str] | None = None
) -> dict[str, Verdict]:
    """Run the attacks (or only those of the ids given) and return a verdict for each id."""
    verdicts = {
        attack.id: Verdict(attack.id) for attack in ATTACKS if not only or attack.id in only
    }
    chosen = [step for step in steps(holding) if step[0].id in verdicts]
    said: dict[tuple[str, str], int] = {}
    for attack, who, part in progress(chosen):
        outcome = attack.run(part)
        if attack.scope == ALL:
            outcome.found = _news(attack.id, who, outcome.found, said)
            outcome.notes = _news(attack.id, who, outcome.notes, said)
            verdicts[attack.id].merge(outcome)
        else:
            verdicts[attack.id].add(outcome)
    return verdicts


def _news(attack: str, who: str, places: dict[str, int], said: dict) -> dict[str, int]:
    """Keep what smaller holders did not find already, or found less of; name who holds it."""
    fresh = {}
    for where, count in places.items():
        if count > said.get((attack, where), 0):
            said[attack, where] = count
            fresh[f"{who}: {where}"] = count
    return fresh
