"""Dictionary attack: are pseudonyms made of NHS numbers by a recipe that can be guessed?

Numbers come from the auxiliary file. Without one, numbers of the range that the file may hold are
sampled, and the verdict says how many hits to expect of tokens that anybody could make.
"""

import base64
import hashlib
import hmac
import json
import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePath

from attack import auxiliary
from attack.holding import Holding, Release
from attack.identifiers import passes_modulus_11
from attack.verdict import Verdict

ID = "token-dictionary"
SENTENCE = "Can a pseudonym be made from an NHS number without a secret, or is it a counter?"

SHORTEST = 16
_HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
_KEYED = ("md5", "sha1", "sha256")
_SEED = 11
# Of every range that is enumerated, the size and how many numbers of it are tried at most.
_TEST_RANGE, _REAL_RANGE = 909_091, 636_363_637
_MOST_PLAIN, _MOST_KEYED = 20_000, 2_500
_KNOWN_KEYED = 1_000
_HITS_WANTED = 12
_COMMON = ("", "0", "salt", "secret", "key", "password", "changeme", "nhs", "pseudonym", "test")
_MOST_STRINGS = 40
# A hit by chance is out of the question from this length on.
_TELLING = 6


def attack(holding: Holding) -> Verdict:
    """Try every agreement's tokens."""
    verdict = Verdict(ID)
    known = sorted(auxiliary.numbers(holding))
    for agreement, releases in holding.by_agreement():
        tokens = set().union(*(holding.tokens(release) for release in releases))
        if not tokens:
            continue
        verdict.look("tokens", len(tokens), *(release.label for release in releases))
        _shapes(agreement, tokens, verdict)
        index = _Index(tokens)
        test = any(release.manifest.get("test_numbers_accepted") for release in releases)
        spread = known[:: len(known) // _KNOWN_KEYED + 1]
        plain, keyed = (known, spread) if known else _sampled(len(tokens), test)
        if not known:
            size = _TEST_RANGE if test else _REAL_RANGE
            verdict.look("hits to expect of tokens without a key", len(tokens) * len(plain) // size)
            if len(tokens) * len(keyed) < 5 * size:
                verdict.note(
                    f"{agreement}: few numbers tried with each key: give --aux", len(keyed)
                )
        strings = _strings(releases)
        verdict.look("numbers", len(plain))
        verdict.look("guessed keys", len(strings))
        hits = sum(index.holds(text) for number in plain for text in _unkeyed(number))
        verdict.find(f"{agreement}: tokens that are an unkeyed hash of an NHS number", hits)
        verdict.find(
            f"{agreement}: tokens that are DuckDB's hash of an NHS number",
            _engine_hits(holding, plain, index),
        )
        hits = sum(
            index.holds(text)
            for string in strings
            for make in _recipes(string.encode())
            for text in (make(number.encode()) for number in keyed)
        )
        verdict.find(f"{agreement}: tokens keyed or salted with a text that can be guessed", hits)
    return verdict


class _Index:
    """Tokens by length, so that a digest cut to a token's length, from either end, is seen."""

    def __init__(self, tokens: set[str]) -> None:
        self.by_length: dict[int, set[str]] = {}
        for token in tokens:
            self.by_length.setdefault(len(token), set()).add(token.casefold())

    def holds(self, text: str) -> bool:
        """Say whether the text, its head or its tail is a token."""
        text = text.casefold()
        length = len(text)
        for size, tokens in self.by_length.items():
            if size == length:
                if text in tokens:
                    return True
            elif _TELLING <= size < length and (text[:size] in tokens or text[-size:] in tokens):
                return True
        return False


def _shapes(agreement: str, tokens: set[str], verdict: Verdict) -> None:
    short = sum(len(token) < SHORTEST for token in tokens)
    verdict.find(f"{agreement}: tokens of fewer than {SHORTEST} characters", short)
    numbers = [int(token) for token in tokens if token.isascii() and token.isdigit()]
    if len(numbers) > 1 and max(numbers) - min(numbers) < 10 * len(numbers):
        verdict.find(f"{agreement}: tokens that count up", len(numbers))
    heads = {token[:8] for token in tokens}
    if len(tokens) >= 20 and len(heads) * 2 < len(tokens):
        verdict.find(f"{agreement}: tokens that share their heads", len(tokens) - len(heads))
    verdict.find(
        f"{agreement}: tokens that are NHS numbers",
        sum(passes_modulus_11(token) for token in tokens),
    )


def _sampled(tokens: int, test: bool) -> tuple[list[str], list[str]]:
    """Draw numbers until enough tokens would be hit if they were made of such numbers."""
    size = _TEST_RANGE if test else _REAL_RANGE
    wanted = _HITS_WANTED * size // max(tokens, 1) + 1
    plain, keyed = min(wanted, _MOST_PLAIN), min(wanted, _MOST_KEYED)
    chooser = random.Random(_SEED)  # noqa: S311  a sample, no secret
    numbers: set[str] = set()
    while len(numbers) < plain:
        start = "999" if test else str(chooser.choice((4, 6, 7)))
        digits = start + "".join(str(chooser.randrange(10)) for _ in range(9 - len(start)))
        total = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True))
        check = (11 - total % 11) % 11
        if check != 10:
            numbers.add(f"{digits}{check}")
    listed = sorted(numbers)
    return listed, chooser.sample(listed, keyed)


def _unkeyed(number: str) -> Iterator[str]:
    spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
    for form in (number, spaced, f"{number[:3]}-{number[3:6]}-{number[6:]}"):
        raw = form.encode()
        for name in _HASHES if form == number else _KEYED:
            digest = hashlib.new(name, raw).digest()
            yield digest.hex()
            yield base64.b64encode(digest).decode()
        yield base64.b64encode(raw).decode()
        yield base64.b32encode(raw).decode()
        yield raw.hex()
        yield form[::-1]
        yield form
        yield f"{zlib.crc32(raw):08x}"
        yield str(zlib.crc32(raw))
        yield f"{zlib.adler32(raw):08x}"
    yield f"{int(number):x}"
    yield hashlib.sha256(hashlib.sha256(number.encode()).digest()).hexdigest()
    yield hashlib.sha256(hashlib.sha256(number.encode()).hexdigest().encode()).hexdigest()


def _engine_hits(holding: Holding, numbers: list[str], index: _Index) -> int:
    rows = holding.rows(
        "select hash(n), hash(cast(n as bigint)) from (select unnest(?) as n)",
        numbers,
    )
    return sum(
        index.holds(str(value)) or index.holds(f"{value:x}") for row in rows for value in row
    )


def _recipes(salt: bytes) -> Iterator[Callable[[bytes], str]]:
    for name in _KEYED:
        yield lambda raw, name=name: hmac.digest(salt, raw, name).hex()
        keyed, salted = hashlib.new(name, salt), hashlib.new(name)

        def before(raw: bytes, start: "hashlib._Hash" = keyed) -> str:
            digest = start.copy()
            digest.update(raw)
            return digest.hexdigest()

        def after(raw: bytes, start: "hashlib._Hash" = salted) -> str:
            digest = start.copy()
            digest.update(raw + salt)
            return digest.hexdigest()

        yield before
        yield after


def _strings(releases: list[Release]) -> list[str]:
    """Return what a guesser would try as a key: every short text of the manifests, and habits.

    Short parts first of the latest release; at most forty in all.
    """
    found: dict[str, None] = dict.fromkeys(_COMMON[1:])
    latest = max(releases, key=lambda release: release.order)
    for text in (latest.agreement, *PurePath(latest.label).parts, *_texts(latest.manifest)):
        for form in (text, text.lower()):
            if 0 < len(form) <= 80:
                found.setdefault(form)
    for part in latest.agreement.split("-"):
        found.setdefault(part)
    return list(found)[:_MOST_STRINGS]


def _texts(value: object, path: str = "") -> Iterator[str]:
    """Yield the texts of a manifest; digests of tables last, since nobody keys with those."""
    if isinstance(value, dict):
        later = [key for key in value if key in ("products", "policy")]
        for key in [key for key in value if key not in later] + later:
            yield from _texts(value[key], key)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None and not isinstance(value, bool):
        text = value if isinstance(value, str) else json.dumps(value)
        if path != "sha256":
            yield text
