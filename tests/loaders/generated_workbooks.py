"""Workbooks as hypothesis makes them, three programs that write them, and what must land of each.

The oracle below knows what was written and the rulings on what lands; it reads no loader's code.
"""

import datetime
import io
import string
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
import xlsxwriter
import xlwt
from hypothesis import strategies as st

# Headers as councils write them, by the field that they mean.
SPELLINGS = {
    "la_person_unique_identifier": ("LA Person Unique Identifier", "LA Person\nUnique  Identifier"),
    "event_type": ("Event Type", "EVENT_TYPE"),
    "nhs_number": ("NHS Number", "nhs\u00a0number ", "NHS No"),
    "event_start_date": ("Event Start Date", "Event start date:"),
    "postcode": ("Postcode", "Post Code"),
    "unit_cost": ("Unit Cost", "Unit Cost (\u00a3)"),
    "event_description": ("Event Description", "event-description"),
}
KNOWN = {"".join(filter(str.isalnum, h.lower())) for hs in SPELLINGS.values() for h in hs}
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D}
ERRORS |= {"#NUM!": 0x24, "#N/A": 0x2A}
DAY_SECONDS = 86_400
FORMATS = {"date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm:ss", "time": "hh:mm:ss"}
FORMATS["duration"] = "[h]:mm:ss"

Cell = tuple[str, object]  # kind and value: ("text", "a"), ("number", 1.5), ("blank", None) …
BLANK: Cell = ("blank", None)


@dataclass(frozen=True)
class Sheet:
    """A worksheet: title rows, a header from some column on, rows below, some of them hidden."""

    name: str
    titles: tuple[tuple[Cell, ...], ...]
    headers: tuple[tuple[str | None, Cell], ...]  # field meant (None: unknown or blank), cell
    rows: tuple[tuple[Cell, ...], ...]
    indent: int
    hidden: bool
    hidden_rows: frozenset[int]
    merged: bool

    @property
    def header_row(self) -> int:
        """Its number in the worksheet, from 1."""
        return len(self.titles) + 1

    def grid(self) -> list[list[Cell]]:
        """All rows from row 1 and column A on."""
        indent = [BLANK] * self.indent
        headers = tuple(cell for _, cell in self.headers)
        return [indent + list(row) for row in (*self.titles, headers, *self.rows)]

    @property
    def fields(self) -> dict[str, list[int]]:
        """Field -> 0-based columns whose header means it."""
        meant: dict[str, list[int]] = {}
        for column, (field, _) in enumerate(self.headers, start=self.indent):
            if field:
                meant.setdefault(field, []).append(column)
        return meant

    @property
    def is_data(self) -> bool:
        """Whether it names four fields, and of each record what or whose it is."""
        whose = {"la_person_unique_identifier", "event_type"} & self.fields.keys()
        return len(self.fields) >= 4 and bool(whose)


@dataclass(frozen=True)
class Book:
    """A workbook of some sheets."""

    sheets: tuple[Sheet, ...]
    date_1904: bool


# ---------- what must land


def text_of(cell: Cell) -> str | None:
    """The text that must land for a cell; None for one that is blank."""
    kind, value = cell
    match kind:
        case "blank":
            return None
        case "text" | "formula_text":
            return value or None
        case "number" | "formula_number":
            return _shortest(value)
        case "bool" | "formula_bool":
            return "TRUE" if value else "FALSE"
        case "error":
            return value
        case "date":
            return value.strftime("%Y-%m-%d").zfill(10)
        case "moment":
            midnight = value.time() == datetime.time()
            return value.isoformat()[:10] if midnight else value.isoformat()
        case "time":
            return value.isoformat()
        case "duration":
            seconds = int(value.total_seconds())
            return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    raise AssertionError(kind)


def _shortest(number: float) -> str:
    digits = Decimal(repr(number)).normalize()
    return format(digits, "f") if digits else "0"


def rows_to_land(sheet: Sheet) -> dict[int, dict[int, str]]:
    """Row number -> 0-based column -> text, of every row below the header that is not blank."""
    rows = {}
    for number, row in enumerate(sheet.grid(), start=1):
        texts = {column: text for column, cell in enumerate(row) if (text := text_of(cell))}
        if number > sheet.header_row and any(not text.isspace() for text in texts.values()):
            rows[number] = texts
    return rows


# ---------- what is made

XML_TEXT = st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff")
CONTROLS = st.sampled_from([chr(code) for code in range(32)])


def texts(with_controls: bool) -> st.SearchStrategy[str]:
    """Texts such as people and machines leave in cells."""
    anything = st.text(st.one_of(XML_TEXT, CONTROLS) if with_controls else XML_TEXT, max_size=12)
    odd = st.sampled_from(
        [
            *(" ", "\u00a0", "NULL", "=1+1", "+44", "@x", "'1", "#N/A", "1E5", "004512", "\u200b"),
            *("<a>&amp;\"'", "]]>", "a\nb", "\ttab\t", "O\u2019Neil \U0001f600", "total"),
            *(
                "x" * 999,
                "_x0041_",
                "_xD800_",
                "_x005F_",
                "\u202e",
                't="e"',
                "9.43477E+09",
                "\U0010ffff",
            ),
        ]
    )
    longest = st.sampled_from(["y" * 32_767, "\u00e9" * 32_767, "\U0001f600" * 8_000])
    return st.one_of(anything, odd, st.sampled_from(["Service", "01/04/2017"]), longest)


FINITE = st.floats(-9.9e307, 9.9e307, allow_subnormal=False)  # what Excel can show


def cells(writer: "Writer", date_1904: bool) -> st.SearchStrategy[Cell]:
    """Cells that a program can write."""
    first = datetime.datetime(1904, 1, 2) if date_1904 else datetime.datetime(1900, 3, 1)
    moments = st.datetimes(first, datetime.datetime(9999, 12, 30))
    whole = moments.map(lambda moment: moment.replace(microsecond=0))
    kinds = {
        "blank": st.none(),
        "text": texts(writer.controls).filter(writer.can_write),
        "number": st.one_of(
            st.integers(-(2**53), 2**53).map(float), FINITE, st.just(9434765919.0)
        ).map(writer.number_written),
        "date": moments.map(datetime.datetime.date),
        "moment": whole,
        "time": whole.map(datetime.datetime.time),
        "duration": st.timedeltas(datetime.timedelta(), datetime.timedelta(days=400)).map(
            lambda length: datetime.timedelta(seconds=int(length.total_seconds()))
        ),
        "bool": st.booleans(),
        "error": st.sampled_from(sorted(ERRORS)),
    }
    if writer.formulas:
        kinds["formula_text"] = st.text(string.ascii_letters + " &<>", max_size=9)
        kinds["formula_number"] = FINITE.map(writer.number_written)
        kinds["formula_bool"] = st.booleans()
    usual = st.sampled_from([BLANK, ("text", "306"), ("number", 7.0), ("text", "Service")])
    rare = [st.tuples(st.just(kind), values) for kind, values in kinds.items()]
    return st.one_of(usual, *rare)


@st.composite
def sheets(draw, name: str, writer: "Writer", date_1904: bool) -> Sheet:
    """A worksheet, most often one with a header row."""
    cell = cells(writer, date_1904)
    field_count = draw(st.sampled_from([4, 4, 5, 6, 7, 3, 0]))
    fields = draw(st.permutations(sorted(SPELLINGS)))[:field_count]
    headers = [(f, ("text", draw(st.sampled_from(SPELLINGS[f])))) for f in fields]
    for field in draw(st.lists(st.sampled_from(fields), max_size=2)) if fields else ():
        headers.append((field, ("text", draw(st.sampled_from(SPELLINGS[field])))))
    for unknown in draw(st.lists(st.one_of(cell, odd_headers(writer)), max_size=5)):
        text = text_of(unknown) or ""
        if "".join(filter(str.isalnum, text.lower())) not in KNOWN:
            headers.append((None, unknown))
    headers = draw(st.permutations(headers))
    width = st.integers(0, len(headers) + 3)
    rows = draw(st.lists(width.flatmap(lambda n: st.tuples(*[cell] * n)), max_size=6))
    titles = draw(st.lists(st.lists(cell, max_size=2).map(tuple), max_size=4))
    return Sheet(
        name,
        tuple(titles),
        tuple(headers),
        tuple(rows),
        indent=draw(st.integers(0, 2)),
        hidden=draw(st.booleans()),
        hidden_rows=frozenset(draw(st.sets(st.integers(0, 9), max_size=2))),
        merged=draw(st.booleans()),
    )


def odd_headers(writer: "Writer") -> st.SearchStrategy[Cell]:
    """Headers that look like the names which the loader gives to columns without one."""
    letters = st.sampled_from(["A", "B", "C", "D", "E", "F", "G", "H"])
    forms = st.sampled_from(["{}", "[{}]", "[[{}]]", "Ward", "Ward [{}]", "Event Type [{}]"])
    return st.builds(lambda form, letter: ("text", form.format(letter)), forms, letters)


SHEET_NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="[]:*?/\\'\ufffe\uffff"),
    min_size=1,
    max_size=15,
)


@st.composite
def books(draw, writer: "Writer") -> Book:
    """A workbook of one to three sheets in one of the two date systems."""
    names = draw(st.lists(SHEET_NAMES, min_size=1, max_size=3, unique_by=str.casefold))
    date_1904 = draw(st.booleans())
    return Book(tuple(draw(sheets(name, writer, date_1904)) for name in names), date_1904)


# ---------- three programs


def by_xlsxwriter(book: Book) -> bytes:
    """Write as XlsxWriter does: shared strings, control characters escaped, cached results."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": book.date_1904}) as workbook:
        formats = {k: workbook.add_format({"num_format": f}) for k, f in FORMATS.items()}
        for sheet in book.sheets:
            worksheet = workbook.add_worksheet(sheet.name)
            if sheet.merged:
                worksheet.merge_range(0, 30, 1, 32, "")
            for r, row in enumerate(sheet.grid()):
                for c, (kind, value) in enumerate(row):
                    if kind == "text":
                        worksheet.write_string(r, c, value)
                    elif kind == "number":
                        worksheet.write_number(r, c, value)
                    elif kind == "bool":
                        worksheet.write_boolean(r, c, value)
                    elif kind == "error":
                        worksheet.write_formula(r, c, "=NA()", None, value)
                    elif kind.startswith("formula"):
                        worksheet.write_formula(r, c, "=A1", None, value)
                    elif kind == "blank":
                        worksheet.write_blank(r, c, None, formats["date"])
                    else:
                        worksheet.write_datetime(r, c, value, formats[kind])
            for r in sheet.hidden_rows:
                worksheet.set_row(r, None, None, {"hidden": True})
            if sheet.hidden:
                worksheet.hide()
        # Excel opens no workbook of hidden sheets only.
        workbook.add_worksheet("\u00b7notes\u00b7").activate()
    return buffer.getvalue()


def by_openpyxl(book: Book) -> bytes:
    """Write as openpyxl does: full digits, texts as they are."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "\u00b7notes\u00b7"
    if book.date_1904:
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for sheet in book.sheets:
        worksheet = workbook.create_sheet(sheet.name)
        for r, row in enumerate(sheet.grid(), start=1):
            for c, (kind, value) in enumerate(row, start=1):
                if kind == "blank":
                    continue
                cell = worksheet.cell(r, c)
                cell.value = value
                if kind in ("text", "error"):
                    cell.data_type = "s" if kind == "text" else "e"
                elif kind in FORMATS:
                    cell.number_format = FORMATS[kind]
        if sheet.merged:
            worksheet.merge_cells("AE1:AG2")
        for r in sheet.hidden_rows:
            worksheet.row_dimensions[r + 1].hidden = True
        if sheet.hidden:
            worksheet.sheet_state = "veryHidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def by_xlwt(book: Book) -> bytes:
    """Write the old binary form."""
    workbook = xlwt.Workbook()
    workbook.dates_1904 = book.date_1904
    styles = {k: xlwt.easyxf(num_format_str=f) for k, f in FORMATS.items()}
    for sheet in book.sheets:
        worksheet = workbook.add_sheet(sheet.name)
        for r, row in enumerate(sheet.grid()):
            for c, (kind, value) in enumerate(row):
                if kind == "error":
                    worksheet.row(r).set_cell_error(c, ERRORS[value])
                elif kind == "blank":
                    worksheet.write(r, c, "", styles["date"])
                elif kind == "duration":
                    worksheet.write(r, c, value.total_seconds() / DAY_SECONDS, styles[kind])
                elif kind in FORMATS:
                    worksheet.write(r, c, value, styles[kind])
                else:
                    worksheet.write(r, c, value)
        if sheet.merged:
            worksheet.merge(0, 1, 30, 32)
        for r in sheet.hidden_rows:
            worksheet.row(r).hidden = True
        worksheet.visibility = 2 * sheet.hidden
    workbook.add_sheet("\u00b7notes\u00b7")
    workbook.set_active_sheet(len(book.sheets))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


@dataclass(frozen=True)
class Writer:
    """A program that writes workbooks, and what it can write."""

    name: str
    suffix: str
    write: Callable[[Book], bytes]
    controls: bool = False
    formulas: bool = False
    digits: int = 17
    escapes: bool = True

    def can_write(self, text: str) -> bool:
        """Whether the text comes out as it went in."""
        if not self.escapes and ("_x" in text or any(c < " " and c not in "\t\n" for c in text)):
            return False
        return len(text.encode("utf-16-le")) // 2 <= 32_767

    def number_written(self, number: float) -> float:
        """The number that stands in the file: some programs write 16 digits only."""
        return float(f"{number:.{self.digits}G}")


WRITERS = {
    writer.name: writer
    for writer in (
        Writer("xlsxwriter", ".xlsx", by_xlsxwriter, controls=True, formulas=True, digits=16),
        Writer("openpyxl", ".xlsx", by_openpyxl, digits=16, escapes=False),
        Writer("xlwt", ".xls", by_xlwt, controls=True),
    )
}
