"""Workbooks cut off, overwritten, spliced, or with nonsense inside parts whose checksums fit."""

import datetime
import io
import re
import zipfile

import loader_files as files
import openpyxl
from generated_workbooks import Book, Sheet, by_xlsxwriter, by_xlwt
from hypothesis import strategies as st

_HEADERS = ("LA Person Unique Identifier", "Event Type", "Event Start Date", "NHS Number", "Ward")
_FIELDS = ("la_person_unique_identifier", "event_type", "event_start_date", "nhs_number", None)
_ROW = (
    ("text", "P\u00e9\U0001f600"),
    ("text", "Service"),
    ("date", datetime.date(2017, 4, 1)),
    ("number", 9434765919.0),
    ("bool", True),
)
_ODD_ROW = (("error", "#N/A"), ("text", "x" * 99), ("time", datetime.time(9, 30)), ("number", 0.5))
_SHEET = Sheet(
    "Data",
    titles=((("text", "Title"),),),
    headers=tuple((f, ("text", h)) for f, h in zip(_FIELDS, _HEADERS, strict=True)),
    rows=(_ROW, _ODD_ROW) * 20,
    indent=0,
    hidden=False,
    hidden_rows=frozenset(),
    merged=True,
)
_BOOK = Book((_SHEET,), date_1904=False)


def _streamed_xlsx() -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Data")
    sheet.append(list(_HEADERS))
    for number in range(30):
        sheet.append([f"P{number}", "Service", datetime.date(2017, 4, 1), 9434765919, "x"])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


SOUND = {
    ".xlsx": (by_xlsxwriter(_BOOK), _streamed_xlsx(), files.good_xlsx(3)),
    ".xls": (
        by_xlwt(_BOOK),
        files.xls_bytes({"Data": [list(files.HEADERS), *files.records(200)]}),
    ),
}

# What stands where a number, a reference, a name or an id should.
NONSENSE = [
    *("", "0", "-1", "99999999999999999999", "1e400", "-1e400", "nan", "1_0", "0x10", "\u0663"),
    *("ZZZZZZZ1", "XFE1", "xfd1", "A0", "A1048577", "A99999999999", "1A", "A", "rId99", "s", "e"),
    *("b", "d", "str", "inlineStr", "2017-02-30", "_xD800_", "../../up", "true", "\u00e9"),
]
_ATTRIBUTE = re.compile(rb'"[^"<>]*"')
_CONTENT = re.compile(rb">[^<>]+<")


FAULTS = ["cut", "flip", "overwrite", "zero", "double", "omit", "splice"]
PART_FAULTS = ["attribute", "attribute", "content", "bytes", "missing", "swap"]


@st.composite
def damaged_bytes(draw, content: bytes, other: bytes) -> bytes:
    """Bytes with one to three faults: cut, flipped, overwritten, doubled, left out or spliced."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.sampled_from([1, 2, 8, 64, 512, 4096]))
        match draw(st.sampled_from(FAULTS)):
            case "cut":
                content = content[:start]
            case "flip":
                flipped = bytearray(content)
                for _ in range(draw(st.integers(1, 8)) if flipped else 0):
                    place = draw(st.integers(0, len(flipped) - 1))
                    flipped[place] ^= 1 << draw(st.integers(0, 7))
                content = bytes(flipped)
            case "overwrite":
                new = draw(st.binary(min_size=1, max_size=16))
                content = content[:start] + new + content[start + len(new) :]
            case "zero":
                content = content[:start] + bytes(length) + content[start + length :]
            case "double":
                content = content[: start + length] + content[start:]
            case "omit":
                content = content[:start] + content[start + length :]
            case "splice":
                content = content[:start] + other[draw(st.integers(0, len(other))) :]
    return content


@st.composite
def damaged_files(draw, suffix: str) -> bytes:
    """A file of the suffix, its bytes damaged."""
    content, other = draw(st.permutations(SOUND[suffix]))[:2]
    return draw(damaged_bytes(content, other))


@st.composite
def damaged_packages(draw) -> bytes:
    """A whole .xlsx package in which one or two parts hold nonsense, are missing or are doubled."""
    source = draw(st.sampled_from(SOUND[".xlsx"]))
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    telling = [name for name in parts if "xl/" in name and "theme" not in name]
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(telling))
        match draw(st.sampled_from(PART_FAULTS)):
            case "attribute":
                parts[name] = _replaced(draw, _ATTRIBUTE, parts[name], b'"', b'"')
            case "content":
                parts[name] = _replaced(draw, _CONTENT, parts[name], b">", b"<")
            case "bytes":
                other = draw(st.sampled_from(telling))
                parts[name] = draw(damaged_bytes(parts[name], parts[other]))
            case "missing":
                parts[name] = b""
            case "swap":
                other = draw(st.sampled_from(telling))
                parts[name], parts[other] = parts[other], parts[name]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if data or draw(st.booleans()):
                archive.writestr(name, data)
    return buffer.getvalue()


def _replaced(draw, pattern: re.Pattern[bytes], part: bytes, before: bytes, after: bytes) -> bytes:
    found = list(pattern.finditer(part))
    if not found:
        return part
    match = draw(st.sampled_from(found))
    nonsense = draw(st.sampled_from(NONSENSE)).encode()
    return part[: match.start()] + before + nonsense + after + part[match.end() :]
