"""The parts of an .xlsx package that say how its sheets are read: ECMA-376, by expat alone.

Guards against entity bombs: a document type declaration with entities stops the parse.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from functools import cached_property
from typing import BinaryIO
from xml.parsers import expat

from loaders.cell_text import kind_of_format
from loaders.refusals import Refusal, Refused

_ESCAPED = re.compile(r"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")

Start = Callable[[str, dict[str, str]], None]


def unescaped(text: str) -> str:
    """Undo the `_xHHHH_` escapes by which OOXML stores characters that XML cannot.

    Halves of a surrogate pair are no characters and stay escaped.
    """
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def new_parser() -> expat.XMLParserType:
    """Return a parser that gives text in one piece and refuses entity declarations."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def refuse(*_: object) -> None:
        raise Refused(Refusal.CORRUPT)

    parser.EntityDeclHandler = refuse
    return parser


def local(name: str) -> str:
    """Return an element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]


class XlsxPackage:
    """One .xlsx file in memory: its worksheets, date system, shared strings and cell formats."""

    def __init__(self, content: bytes) -> None:
        """Open the archive and read the workbook part."""
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._parts = {name.lower().replace("\\", "/"): name for name in self._archive.namelist()}
        self.date_1904 = False
        self._sheet_ids: list[tuple[str, str]] = []
        self._parse("xl/workbook.xml", self._workbook_element)
        targets = self._relations("xl/workbook.xml")
        self.sheets: dict[str, str] = {}
        for name, identifier in self._sheet_ids:
            # Guards against sheets that would be left out unseen: of one name, or of none's part.
            if name in self.sheets or not any(identifier in ids for ids in targets.values()):
                raise Refused(Refusal.CORRUPT)
            if identifier in targets.get("worksheet", {}):
                self.sheets[name] = targets["worksheet"][identifier]
        self._targets = targets

    def open_sheet(self, name: str) -> BinaryIO:
        """Open the XML of the worksheet called `name`."""
        return self._archive.open(self._parts[self.sheets[name].lower()])

    def open_shared_strings(self) -> BinaryIO | None:
        """Open the XML of the workbook's own list of texts; None without one, or with several."""
        parts = list(self._targets.get("sharedStrings", {}).values())
        return self._archive.open(self._parts[parts[0].lower()]) if len(parts) == 1 else None

    def kind_of_style(self, style: str) -> str | None:
        """Tell what a cell style shows: `date`, `time`, `duration`, or None for a plain number."""
        if not (style.isascii() and style.isdigit()):
            raise Refused(Refusal.CORRUPT)
        index = int(style)
        return self.format_kinds[index] if index < len(self.format_kinds) else None

    @cached_property
    def shared_strings(self) -> list[str]:
        """The workbook's texts by index; rich text joined, phonetic guides left out."""
        strings: list[str] = []
        pieces: list[str] = []
        inside = {"t": False, "rPh": False}

        def start(name: str, _: dict[str, str]) -> None:
            name = local(name)
            if name == "si":
                pieces.clear()
            elif name in inside:
                inside[name] = True

        def end(name: str) -> None:
            name = local(name)
            if name == "si":
                strings.append(unescaped("".join(pieces)))
            elif name in inside:
                inside[name] = False

        def text(data: str) -> None:
            if inside["t"] and not inside["rPh"]:
                pieces.append(data)

        for part in self._targets.get("sharedStrings", {}).values():
            self._parse(part, start, end, text)
        return strings

    @cached_property
    def format_kinds(self) -> list[str | None]:
        """What each cell style shows: `date`, `time`, `duration` or None, by style index."""
        codes: dict[int, str] = {}
        kinds: list[str | None] = []
        in_cell_styles = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal in_cell_styles
            name = local(name)
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                in_cell_styles = True
            elif name == "xf" and in_cell_styles:
                identifier = int(attributes.get("numFmtId", 0))
                kinds.append(kind_of_format(identifier, codes.get(identifier)))

        def end(name: str) -> None:
            nonlocal in_cell_styles
            if local(name) == "cellXfs":
                in_cell_styles = False

        for part in self._targets.get("styles", {}).values():
            self._parse(part, start, end)
        return kinds

    def _workbook_element(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "workbookPr":
            self.date_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif local(name) == "sheet":
            identifiers = [v for k, v in attributes.items() if ":" in k and local(k) == "id"]
            self._sheet_ids.append((attributes["name"], identifiers[0] if identifiers else ""))

    def _relations(self, part: str) -> dict[str, dict[str, str]]:
        """Return kind of relation -> id -> part name, for the parts that `part` refers to."""
        folder, base = posixpath.split(part)
        found: dict[str, dict[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join(f"/{folder}", attributes["Target"]))
                kind = attributes["Type"].rpartition("/")[2]
                found.setdefault(kind, {})[attributes["Id"]] = target.lstrip("/")

        self._parse(f"{folder}/_rels/{base}.rels", start)
        return found

    def _parse(
        self,
        part: str,
        start: Start,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        parser = new_parser()
        parser.StartElementHandler = start
        if end:
            parser.EndElementHandler = end
        if text:
            parser.CharacterDataHandler = text
        with self._archive.open(self._parts[part.lower()]) as file:
            parser.ParseFile(file)
