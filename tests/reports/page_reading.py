"""Reading pages and workbooks back, as a reader would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import msoffcrypto
import openpyxl

_VOID = {"meta", "link", "br"}


@dataclass
class Page(HTMLParser):
    """A parsed page: tags that fit together, tables as lists of rows by caption."""

    text: str
    tags: list[tuple[str, dict]] = field(default_factory=list)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    title: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.caption = ""
        self.feed(self.text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "table":
            self.rows, self.caption = [], ""
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "table":
            assert self.caption
            self.tables[self.caption] = self.rows

    def handle_data(self, data):
        if "caption" in self.open:
            self.caption += data
        elif "title" in self.open:
            self.title += data
        elif {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data.strip()

    def attributes(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def sheet(path: Path | BytesIO, name: str) -> list[tuple]:
    return [tuple(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]


def unlocked(path: Path, password: str) -> BytesIO:
    """Return an encrypted workbook's content."""
    content = BytesIO()
    with path.open("rb") as file:
        locked = msoffcrypto.OfficeFile(file)
        locked.load_key(password=password)
        locked.decrypt(content)
    content.seek(0)
    return content


def everything_in(folder: Path) -> str:
    """Return all text of all files below a folder, workbooks read cell by cell."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            texts += [str(c.value) for ws in book for row in ws.iter_rows() for c in row]
        elif path.is_file():
            texts.append(path.read_text(encoding="utf-8"))
    return "\n".join(texts)
