"""Token joins: do two agreements share pseudonyms, whole or in part?"""

from itertools import combinations

from attack.holding import Holding
from attack.verdict import Verdict

ID = "token-join"
SENTENCE = "Can two recipients join their files by pseudonyms, whole, by head or by tail?"

PART = 16


def attack(holding: Holding) -> Verdict:
    """Compare the tokens of every pair of agreements."""
    verdict = Verdict(ID)
    held = {
        agreement: (
            {token.strip().casefold() for release in releases for token in holding.tokens(release)},
            [release.label for release in releases],
        )
        for agreement, releases in holding.by_agreement()
    }
    for (first, (left, labels)), (second, (right, others)) in combinations(held.items(), 2):
        if not left or not right:
            continue
        verdict.look("pairs of agreements", 1, *labels, *others)
        verdict.look("tokens compared", len(left) + len(right))
        pair = f"{first} and {second}"
        verdict.find(f"{pair}: shared pseudonyms", len(left & right))
        heads = {token[:PART] for token in left} & {token[:PART] for token in right}
        tails = {token[-PART:] for token in left} & {token[-PART:] for token in right}
        verdict.find(f"{pair}: shared heads of pseudonyms", len(heads))
        verdict.find(f"{pair}: shared tails of pseudonyms", len(tails))
    return verdict
