"""Change over releases of one agreement: differences of classes, and trajectories of tokens."""

from collections import Counter
from itertools import combinations

from attack.holding import Holding
from attack.persons import PersonFile, is_silent, person_file
from attack.verdict import Verdict

DIFFERENCE_ID = "class-difference"
DIFFERENCE_SENTENCE = "Do two releases differ by a few persons of one class who are all alike?"
TRAJECTORY_ID = "trajectories"
TRAJECTORY_SENTENCE = "Do pseudonyms that stay the same tell anybody apart by what changed?"

ABSENT = None


def differences(holding: Holding) -> Verdict:
    """Compare the classes of every two releases of an agreement, without using tokens.

    Succeeds where fewer than k persons, all with one value to be learnt, came to a class or left
    it: each of them is known to have that value. Those who came and who left count apart.
    """
    verdict = Verdict(DIFFERENCE_ID)
    for agreement, held in _record_files(holding):
        k = held[-1].release.policy.k_persons
        for one, other in combinations(held, 2):
            verdict.look("pairs of releases", 1, one.release.label, other.release.label)
            before, after = one.classes(), other.classes()
            groups = persons = 0
            for known in before.keys() | after.keys():
                verdict.look("classes", 1)
                sides: dict[bool, list[int]] = {True: [], False: []}
                then, now = before.get(known, Counter()), after.get(known, Counter())
                for value in then.keys() | now.keys():
                    change = now[value] - then[value]
                    if change and not is_silent(value):
                        sides[change > 0].append(abs(change))
                for changed in sides.values():
                    if len(changed) == 1 and changed[0] < k:
                        groups += 1
                        persons += changed[0]
            pair = f"{agreement}: {_short(one)} to {_short(other)}"
            verdict.find(f"{pair}: classes that gain or lose fewer than {k} persons alike", groups)
            verdict.find(f"{pair}: persons whose value is told by that", persons)
    return verdict


def trajectories(holding: Holding) -> Verdict:
    """Group the pseudonyms of an agreement by their classes in all its releases.

    A group smaller than k is found: whoever knows how a person's known side went on is left with
    fewer candidates than the policy says. Those not in every release count by the policy's batch.
    """
    verdict = Verdict(TRAJECTORY_ID)
    for agreement, held in _record_files(holding):
        policy = held[-1].release.policy
        paths: dict[str, list] = {}
        for position, one in enumerate(held):
            codes: dict[tuple, int] = {}
            for token, person in one.persons.items():
                known = one.known(person)
                paths.setdefault(token, [ABSENT] * len(held))[position] = codes.setdefault(
                    known, len(codes)
                )
        verdict.look("pseudonyms", len(paths), *(one.release.label for one in held))
        groups = Counter(tuple(path) for path in paths.values())
        verdict.look("trajectories", len(groups))
        for what, count in _alike(held, paths).items():
            verdict.find(f"{agreement}: {what}", count)
        movers = {path: n for path, n in groups.items() if ABSENT not in path}
        batches = {path: n for path, n in groups.items() if ABSENT in path}
        small = [n for n in movers.values() if n < policy.k_persons]
        verdict.find(f"{agreement}: trajectories of fewer than {policy.k_persons}", len(small))
        verdict.find(f"{agreement}: persons on them", sum(small))
        small = [n for n in batches.values() if n < policy.batch]
        verdict.find(
            f"{agreement}: groups of fewer than {policy.batch} who came or left together",
            len(small),
        )
        verdict.find(f"{agreement}: persons in them", sum(small))
    return verdict


def _alike(held: list[PersonFile], paths: dict[str, list]) -> dict[str, int]:
    """Count the trajectories whose persons share too much of what a release tells of them."""
    policy = held[-1].release.policy
    few, dominated = set(), set()
    for one in held:
        values: dict[tuple, Counter] = {}
        for token, person in one.persons.items():
            values.setdefault(tuple(paths[token]), Counter())[one.learnt(person)] += 1
        for path, counted in values.items():
            telling = [value for value in counted if one.learnt_columns() and not is_silent(value)]
            if not telling:
                continue
            if len(counted) < policy.l_values:
                few.add(path)
            if max(counted[value] for value in telling) > policy.top_share * counted.total():
                dominated.add(path)
    return {
        f"trajectories with fewer than {policy.l_values} values to learn": len(few),
        f"trajectories in which one value exceeds {policy.top_share}": len(dominated),
    }


def _record_files(holding: Holding):
    """Yield (agreement, person files, oldest first) where there are two or more."""
    for agreement, releases in holding.by_agreement():
        held = [file for release in releases if (file := person_file(holding, release))]
        if len(held) > 1:
            yield agreement, held


def _short(held: PersonFile) -> str:
    return str(held.release.manifest.get("release_id") or held.release.label)
