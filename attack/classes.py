"""Classes of persons: k, l and top share, counted over persons by what the recipient knows."""

from attack.holding import TOKEN, Holding, Release, plain, quoted
from attack.persons import SILENT, PersonFile, is_silent, person_file
from attack.verdict import Verdict

ID = "person-classes"
SENTENCE = "Is anybody one of fewer than k, or of persons who share what the recipient would learn?"


def attack(holding: Holding) -> Verdict:
    """Count the classes of every release that has record-level tables."""
    verdict = Verdict(ID)
    for release in holding.releases:
        held = person_file(holding, release)
        if held is not None:
            _judge(held, verdict)
        _orphans(holding, release, set(held.persons) if held else set(), verdict)
    return verdict


def _judge(held: PersonFile, verdict: Verdict) -> None:
    policy, label = held.release.policy, held.release.label
    classes = held.classes()
    verdict.look("persons", len(held.persons), label)
    verdict.look("classes", len(classes), label)
    small = single = dominated = 0
    alone: dict[str, int] = {}
    columns = held.learnt_columns()
    for values in classes.values():
        persons = sum(values.values())
        small += persons < policy.k_persons
        telling = {value for value in values if not is_silent(value)}
        if columns and telling:
            single += len(values) < policy.l_values
            top = max(values[value] for value in telling)
            dominated += top > policy.top_share * persons
            if len(values) >= policy.l_values:
                for position, column in enumerate(columns):
                    seen = {row[position] for value in values for row in value}
                    if len(seen) == 1 and not seen & SILENT:
                        alone[column] = alone.get(column, 0) + 1
    verdict.find(f"{label}: classes of fewer than {policy.k_persons} persons", small)
    verdict.find(f"{label}: classes with fewer than {policy.l_values} values to learn", single)
    verdict.find(f"{label}: classes in which one value exceeds {policy.top_share}", dominated)
    for column, count in alone.items():
        verdict.note(f"{label}: classes all of one {column}, other columns differing", count)


def _orphans(holding: Holding, release: Release, persons: set[str], verdict: Verdict) -> None:
    for name, columns in holding.tables(release).items():
        if TOKEN not in {column for column, _ in columns}:
            continue
        tokens = {
            row[0]
            for row in holding.rows(
                f"select distinct cast({quoted(TOKEN)} as varchar) from {name} "
                f"where {quoted(TOKEN)} is not null"
            )
        }
        verdict.look("record-level tables", 1, release.label)
        verdict.find(
            f"{release.label}: {plain(name)}: persons who belong to no class", len(tokens - persons)
        )
