"""XML of the plain kind, read as arrays: where each tag begins and ends, and what stands between.

Programs write the many cells of a workbook in a handful of forms. Such a piece is checked against
a small grammar and split by whole-array operations, twenty times as fast as one event per tag.
Whatever is not of that form is `Irregular`: a proper parser decides on it. Source: ECMA-376 part 1,
18.3.1 and 18.4; XML 1.0, sections 2.1 to 2.4.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.parsers import expat

import numpy as np
import pyarrow as pa

# Room for whole words of 8 bytes before the first tag and behind the last.
_PADDING = b"\0" * 32
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
# "0" in the last places of a word, as many as a number has digits.
_NOUGHTS = np.array(
    [int.from_bytes(b"0" * size, "little") << 8 * (8 - size) for size in range(9)], np.uint64
)
_HIGH_BITS = np.uint64(int.from_bytes(b"\x80" * 8, "little"))
_TO_HIGH_BIT = np.uint64(int.from_bytes(b"\x76" * 8, "little"))  # 9 + 118 = 127
_EVEN = np.array([0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF], np.uint64)
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos);|&")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_LINE_FEED, _TAB, _SPACE = 10, 9, 32


class Irregular(Exception):
    """The piece is not of the plain form. Says nothing of whether it is right."""


@dataclass(frozen=True)
class Grammar:
    """Opening tags that may occur, which may follow which, and what must stand before the next.

    `follow`: name -> next name -> what ends right where the next tag begins. A name is what follows
    `<`, at most 8 bytes, told apart by the first two; the empty name is begin and end of a piece.
    Tags whose name does not end with `>` go on with attributes. `texts`: names after which text may
    stand. Closing tags are not looked for: their number must be the one that the grammar gives.
    """

    follow: dict[bytes, dict[bytes, bytes]]
    texts: frozenset[bytes]

    def __post_init__(self) -> None:
        """Work out the tables by which whole arrays of tags are judged."""
        names = list(self.follow)
        count = len(names)
        of_start = np.zeros(1 << 16, np.intp)  # as tables are indexed, without a cast
        for kind, name in enumerate(names[1:], start=1):
            of_start[int.from_bytes(name[:2], "little")] = kind
        before_next = np.full(count * count, -1, np.intp)
        closings = sorted({ending for nexts in self.follow.values() for ending in nexts.values()})
        for name, nexts in self.follow.items():
            for following, ending in nexts.items():
                pair = names.index(name) * count + names.index(following)
                before_next[pair] = closings.index(ending)
        tables = {
            "names": names,
            "of_start": of_start,
            "name_words": _words(names),
            "name_masks": _MASKS[[len(name) for name in names]],
            "before_next": before_next,
            "closings": closings,
            "closing_words": _words([ending[-8:].rjust(8, b"\0") for ending in closings]),
            "closing_masks": ~_MASKS[[8 - min(8, len(ending)) for ending in closings]],
            "closing_sizes": np.array([len(ending) for ending in closings], np.uint8),
            "closing_tags": np.array([ending.count(b"<") for ending in closings], np.uint8),
            "starts_inside": np.array([1 + len(name) for name in names], np.uint8),
            "has_nothing_inside": np.array(
                [name[-1:] == b">" and name not in self.texts for name in names]
            ),
        }
        for name, table in tables.items():
            object.__setattr__(self, name, table)

    def read(self, piece: bytes) -> "Tags":
        """Split a piece that begins and ends with a tag; raises `Irregular`."""
        _check_characters(piece)
        padded = np.frombuffer(_PADDING + piece + _PADDING, np.uint8)
        words = np.ndarray(len(padded) - 7, "<u8", padded, strides=(1,))
        is_tag = padded[:-1] == ord("<")
        tags = int(np.count_nonzero(is_tag))
        is_tag &= padded[1:] != ord("/")
        starts = np.flatnonzero(is_tag)
        if not len(starts) or starts[0] != len(_PADDING):
            raise Irregular
        heads = words[starts + 1]
        kinds = self.of_start[heads & 0xFFFF]
        if ((heads & self.name_masks[kinds]) != self.name_words[kinds]).any() or not kinds.all():
            raise Irregular
        nexts = np.append(starts[1:], len(_PADDING) + len(piece))
        closings = self.before_next[kinds * len(self.names) + np.append(kinds[1:], 0)]
        if (closings < 0).any() or not self._may_begin(kinds[0]):
            raise Irregular
        self._check_closings(words, nexts, closings)
        # Guards the texts: every `<` of the piece is one of these tags or what must close them.
        if tags != len(starts) + int(self.closing_tags[closings].sum()):
            raise Irregular
        inner_ends = nexts - self.closing_sizes[closings]
        inner_starts = starts + self.starts_inside[kinds]
        gaps = inner_ends - inner_starts
        if gaps.min() < 0 or gaps[self.has_nothing_inside[kinds]].any():
            raise Irregular
        return Tags(self, padded, words, starts, inner_starts, inner_ends, heads, kinds)

    def _may_begin(self, kind: int) -> bool:
        return self.before_next[kind] >= 0

    def _check_closings(self, words: np.ndarray, ends: np.ndarray, closings: np.ndarray) -> None:
        """What stands before each next tag must be what the grammar says."""
        last = words[ends - 8] & self.closing_masks[closings]
        if (last != self.closing_words[closings]).any():
            raise Irregular
        for index, closing in enumerate(self.closings):
            if len(closing) > 8:
                at = ends[closings == index] - len(closing)
                if not _stands(words, at, closing).all():
                    raise Irregular

    def kind(self, name: bytes) -> int:
        """Return the number of a kind of tag."""
        return self.names.index(name)


def _stands(words: np.ndarray, positions: np.ndarray, text: bytes) -> np.ndarray:
    """Tell of each position whether `text` stands there."""
    found = np.ones(len(positions), bool)
    for begin in range(0, len(text), 8):
        part = text[begin : begin + 8]
        here = words[positions + begin] & _MASKS[len(part)]
        found &= here == int.from_bytes(part, "little")
    return found


def _distinct(values: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Return the different values, and each one's index among them."""
    found = pa.array(values).dictionary_encode()
    return found.dictionary.to_pylist(), np.asarray(found.indices)


def _text_of(word: int) -> str:
    return word.to_bytes(8, "little").rstrip(b"\0").decode()


def _words(texts: Sequence[bytes]) -> np.ndarray:
    return np.array([int.from_bytes(text[:8], "little") for text in texts], np.uint64)


@dataclass(frozen=True)
class Tags:
    """Opening tags of a piece in order.

    `starts`: byte positions of `<`. `inner_starts`, `inner_ends`: of what stands behind the name:
    a tag's attributes, or the text after a tag. `heads`: the 8 bytes after `<`. `kinds`: by name.
    """

    grammar: Grammar
    characters: np.ndarray
    words: np.ndarray
    starts: np.ndarray
    inner_starts: np.ndarray
    inner_ends: np.ndarray
    heads: np.ndarray
    kinds: np.ndarray

    def are(self, *names: bytes) -> np.ndarray:
        """Tell of each tag whether it is of one of these kinds."""
        first, *others = (self.kinds == self.grammar.kind(name) for name in names)
        return np.logical_or.reduce([first, *others]) if others else first

    def inner(self, chosen: np.ndarray, attributes: dict[bytes, bytes]) -> tuple[np.ndarray, ...]:
        """Return begin and end of the texts after some tags.

        `attributes`: name -> the only attributes that tags of this name may have, `>` included.
        """
        starts, ends = self.inner_starts[chosen], self.inner_ends[chosen]
        for name, text in attributes.items():
            named = self.kinds[chosen] == self.grammar.kind(name)
            if not _stands(self.words, starts[named], text).all():
                raise Irregular
            starts[named] += len(text)
        if (starts > ends).any():
            raise Irregular
        return starts, ends

    def digits(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Read whole numbers of 1 to 7 digits that end with a quotation mark.

        Returns the bytes of each as a number, quotation mark included; how many digits; the value.
        """
        words = self.words[positions]
        characters = words.view(np.uint8).reshape(-1, 8).astype(np.int64)
        quotes = characters == ord('"')
        sizes = quotes.argmax(axis=1)
        digits = characters - ord("0")
        inside = np.arange(8) < sizes[:, None]
        if not quotes.any(axis=1).all() or (inside & ((digits < 0) | (digits > 9))).any():
            raise Irregular
        values = np.zeros(len(positions), np.int64)
        for place in range(7):
            values = np.where(inside[:, place], values * 10 + digits[:, place], values)
        return words & _MASKS[sizes + 1], sizes, values

    def letters(self, tags: np.ndarray, behind: int) -> tuple[np.ndarray, np.ndarray]:
        """Read columns' letters, at most three, that stand in tags behind so many bytes.

        Returns the 0-based column and the number of letters; 0 letters where there are none.
        """
        characters = self.heads[tags].view(np.uint8).reshape(-1, 8)
        columns = np.zeros(len(tags), np.int32)
        sizes = np.zeros(len(tags), np.int64)
        goes_on = np.ones(len(tags), bool)
        for place in range(3):
            letters = characters[:, behind + place] - np.uint8(ord("A"))  # others wrap around
            goes_on = goes_on & (letters < 26)
            columns = np.where(goes_on, columns * 26 + letters + 1, columns)
            sizes += goes_on
        return columns - 1, sizes

    def word(self, positions: np.ndarray, sizes: np.ndarray | int) -> np.ndarray:
        """Return up to 8 bytes from each position, as numbers."""
        return self.words[positions] & _MASKS[sizes]

    def numbers(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Read whole numbers of 1 to 8 digits and nothing else; raises `Irregular`."""
        sizes = ends - starts
        if len(sizes) and (sizes.min() < 1 or sizes.max() > 8):
            raise Irregular
        # Digits to the right end of a word, noughts before them: each byte is then 0 to 9.
        digits = (self.words[starts] << (64 - 8 * sizes).astype(np.uint64)) ^ _NOUGHTS[sizes]
        if ((digits | (digits + _TO_HIGH_BIT)) & _HIGH_BITS).any():
            raise Irregular
        for places, size in enumerate((8, 16, 32)):  # digits to pairs, fours, eights
            ten = np.uint64(10 ** (1 << places))
            digits = (digits * ten + (digits >> np.uint64(size))) & _EVEN[places]
        return digits.astype(np.int64)

    def encoded(self, starts: np.ndarray, ends: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Return the different texts that stand from starts to ends, and each one's index."""
        sizes = ends - starts
        longest = int(sizes.max(initial=0))
        if longest > 16:
            found = self.texts(starts, ends).dictionary_encode()
            return found.dictionary.to_pylist(), np.asarray(found.indices)
        # A word tells a text of up to 8 bytes from all others: no byte of a piece is 0.
        firsts, codes = _distinct(self.word(starts, np.minimum(sizes, 8)))
        if longest <= 8:
            return [_text_of(word) for word in firsts], codes
        seconds, others = _distinct(self.word(starts + 8, np.maximum(sizes - 8, 0)))
        pairs, codes = _distinct(codes.astype(np.int64) * len(seconds) + others)
        at = [divmod(pair, len(seconds)) for pair in pairs]
        return [_text_of(firsts[one]) + _text_of(seconds[two]) for one, two in at], codes

    def texts(self, starts: np.ndarray, ends: np.ndarray) -> pa.StringArray:
        """Return what stands from each start to before each end, entities left as they are."""
        sizes = ends - starts
        offsets = np.zeros(len(sizes) + 1, np.int32)
        np.cumsum(sizes, out=offsets[1:])
        index = np.arange(offsets[-1], dtype=np.int64)
        index += np.repeat(starts - offsets[:-1], sizes)
        data = self.characters[index]
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
        return pa.StringArray.from_buffers(len(sizes), *buffers[1:])


def _check_characters(piece: bytes) -> None:
    """Guards what a parser would refuse or change: no UTF-8, controls, line ends other than LF."""
    if not piece.isascii():
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError:
            raise Irregular from None
        if b"\xef\xbf\xbe" in piece or b"\xef\xbf\xbf" in piece:
            raise Irregular
    characters = np.frombuffer(piece, np.uint8)
    if (characters == ord("]")).any() and b"]]>" in piece:
        raise Irregular
    low = characters[characters < _SPACE]
    if ((low != _LINE_FEED) & (low != _TAB)).any():
        raise Irregular


def without_entities(text: str) -> str:
    """Replace XML's own entities and character references; raises `Irregular` for others."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        raise Irregular
    if name[0] != "#":
        return _ENTITIES[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    plain = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    if not (plain or 0x10000 <= code < 0x110000):
        raise Irregular
    return chr(code)


def attributes_of(rest: str) -> dict[str, str]:
    """Return the attributes that stand behind a tag's reference `r`; raises `Irregular`."""
    found: dict[str, str] = {}
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.update(attributes)
    try:
        parser.Parse(f'<e r=""{rest}/>', True)
    except expat.ExpatError:
        raise Irregular from None
    return found
