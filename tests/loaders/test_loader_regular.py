"""The reader of the plain form gives what the exact reader gives, or leaves the sheet to it."""

import loader_files as files
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.exact_xlsx import exact_rows
from loaders.regular_xlsx import RegularSheet
from loaders.xlsx_package import XlsxPackage
from loaders.xml_arrays import Irregular

# So many texts that a mark misread for a digit would find one.
TEXTS = ["one", "two & three", " four ", "five\nsix", *(f"text {n}" for n in range(300))]
BASE = files.xlsx_bytes({"Data": [TEXTS]})

# What stands between <sheetData> and </sheetData>, and whether the plain form covers it.
PLAIN = {
    "number": b'<row r="1"><c r="A1"><v>12</v></c></row>',
    "long_number": b'<row r="1"><c r="A1"><v>1234567890123456789</v></c></row>',
    "exponent": b'<row r="1"><c r="A1"><v>9.43E+09</v></c></row>',
    "shared": b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>',
    "inline": b'<row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; b</t></is></c></row>',
    "preserved": b'<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a</t></is></c>'
    b"</row>",
    "formula": b'<row r="1"><c r="A1"><f>B1+1</f><v>3</v></c><c r="B1"><f>1&lt;2</f></c></row>',
    "text_formula": b'<row r="1"><c r="A1" t="str"><f>B1</f><v>&#233;&#x1F600;</v></c></row>',
    "error": b'<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>',
    "boolean": b'<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c></row>',
    "iso_date": b'<row r="1"><c r="A1" t="d"><v>2017-04-01T00:00:00</v></c></row>',
    "empty_cells": b'<row r="1"><c r="A1" s="0"/><c r="B1" s="0" /><c r="C1"><v/></c>'
    b'<c r="D1"><v>1</v></c><c r="E1"><v /></c><c r="F1"><v></v></c></row>',
    "empty_rows": b'<row r="2"/><row r="5" ht="15"/><row r="9"><c r="B9"><v>1</v></c></row>',
    "row_of_blanks": b'<row r="1"><c r="A1" t="str"><v> </v></c></row>'
    b'<row r="2"><c r="A2" t="str"><v>x</v></c></row>',
    "far_column": b'<row r="10"><c r="AZ10"><v>1</v></c><c r="XFD10"><v>2</v></c></row>',
    "attributes": b'<row r="1" x:y="&gt;"><c r="A1" s="0" t="s" cm=\'1\'><v>0</v></c></row>',
    "attributes_of_many_lengths": b'<row r="1"><c r="A1"><v>7</v></c><c r="B1" s="0"><v>1</v></c>'
    b'<c r="C1" t="str" s="0"><v>b</v></c><c r="D1" s="0" t="str"><v>c</v></c></row>',
    "attributes_longer_than_two_words": b'<row r="1"><c r="A1" s="0" t="str" cm="12"><v>a</v></c>'
    b'<c r="B1" s="0" t="e" cm="12"><v>b</v></c><c r="C1"><v>1</v></c></row>',
    "noughts_before_an_index": b'<row r="1"><c r="A1" t="s"><v>00000001</v></c></row>',
    "sign_in_text": b'<row r="1"><c r="A1" t="str"><v>a > b</v></c></row>',
}
UNUSUAL = {
    "comment": b'<row r="1"><!-- x --><c r="A1"><v>1</v></c></row>',
    "cdata": b'<row r="1"><c r="A1" t="str"><v><![CDATA[<v>1</v>]]></v></c></row>',
    "no_reference": b"<row><c><v>1</v></c><c><v>2</v></c></row>",
    "reference_behind": b'<row r="1"><c t="s" r="A1"><v>0</v></c></row>',
    "line_ends": b'<row r="1">\n<c r="A1"><v>1</v></c>\n</row>\n',
    "carriage_return": b'<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
    "rich_text": b'<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>'
    b"</row>",
    "out_of_order": b'<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "twice": b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "shared_formula": b'<row r="1"><c r="A1"><f t="shared" si="0">B1</f><v>2</v></c></row>',
    "other_row_in_reference": b'<row r="1"><c r="A7"><v>1</v></c></row>',
    "long_index": b'<row r="1"><c r="A1" t="s"><v>000000001</v></c></row>',
    "signed_index": b'<row r="1"><c r="A1" t="s"><v>+1</v></c></row>',
    "small_letters": b'<row r="1"><c r="b1"><v>1</v></c></row>',
}
REFUSED = {
    "rows_go_back": b'<row r="2"><c r="A2"><v>1</v></c></row><row r="1"/>',
    "row_beyond_the_last": b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    "no_such_text": b'<row r="1"><c r="A1" t="s"><v>999</v></c></row>',
    "no_index": b'<row r="1"><c r="A1" t="s"><v>1:</v></c></row>',
    "no_whole_index": b'<row r="1"><c r="A1" t="s"><v>1.0</v></c></row>',
    "no_number": b'<row r="1"><c r="A1"><v>abc</v></c></row>',
    "unknown_entity": b'<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
    "no_character": b'<row r="1"><c r="A1" t="str"><v>&#11;</v></c></row>',
    "not_closed": b'<row r="1"><c r="A1"><v>1</c></row>',
    "closed_twice": b'<row r="1"><c r="A1"><v>1</v></v></c></row>',
    "attribute_twice": b'<row r="1"><c r="A1" t="s" t="s"><v>0</v></c></row>',
    "no_utf8": b'<row r="1"><c r="A1" t="str"><v>\xff</v></c></row>',
    "control": b'<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>',
    "end_of_cdata": b'<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
    "unknown_entity_in_formula": b'<row r="1"><c r="A1"><f>&nbsp;</f><v>1</v></c></row>',
    "style_of_no_number": b'<row r="1"><c r="A1" s="D1"><v>1</v></c></row>',
    "style_below_nought": b'<row r="1"><c r="A1" s="-1"><v>1</v></c></row>',
    "sign_in_attribute": b'<row r="1" x="<"><c r="A1"><v>1</v></c></row>',
}


def package_with(rows: bytes) -> XlsxPackage:
    """A package whose only sheet holds these rows."""

    def change(part: bytes) -> bytes:
        head, _, rest = part.partition(b"<sheetData>")
        return head + b"<sheetData>" + rows + b"</sheetData>" + rest.partition(b"</sheetData>")[2]

    return XlsxPackage(files.with_part(BASE, "xl/worksheets/sheet1.xml", change))


def regularly(package):
    """Rows by the reader of the plain form; raises `Irregular`."""
    blocks = list(RegularSheet(package, "Data").blocks())
    return {number: trimmed(cells) for block in blocks for number, cells in block.rows()}


def exactly(package):
    """Rows by the exact reader, rows of blanks left out."""
    rows = {number: trimmed(cells) for number, cells in exact_rows(package, "Data")}
    return {number: cells for number, cells in rows.items() if any(c and c.strip() for c in cells)}


def trimmed(cells):
    """Cells without the empty ones at the end."""
    last = max((index for index, cell in enumerate(cells, start=1) if cell), default=0)
    return [cell or None for cell in cells[:last]]


@pytest.mark.parametrize("rows", PLAIN.values(), ids=PLAIN)
def test_given_rows_of_the_plain_form_when_read_then_they_are_as_the_exact_reader_reads_them(rows):
    package = package_with(rows)

    assert regularly(package) == exactly(package) != {}


@pytest.mark.parametrize("rows", UNUSUAL.values(), ids=UNUSUAL)
def test_given_rows_of_an_unusual_form_when_read_then_they_are_left_to_the_exact_reader(rows):
    package = package_with(rows)

    assert exactly(package)
    with pytest.raises(Irregular):
        regularly(package)


@pytest.mark.parametrize("rows", REFUSED.values(), ids=REFUSED)
def test_given_rows_that_are_wrong_when_read_then_the_exact_reader_decides_and_refuses(rows):
    package = package_with(rows)

    with pytest.raises(Irregular):
        regularly(package)
    with pytest.raises(Exception):  # noqa: B017 - whichever: each is a refusal to the loader
        exactly(package)


FRAGMENTS = sorted(
    {
        piece
        for rows in (*PLAIN.values(), *UNUSUAL.values(), *REFUSED.values())
        for piece in rows.replace(b"<", b"\0<").replace(b">", b">\0").split(b"\0")
        if piece
    }
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.sampled_from([*PLAIN.values(), *UNUSUAL.values(), *REFUSED.values()]),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    put_in=st.lists(st.sampled_from(FRAGMENTS), max_size=4),
)
def test_given_rows_cut_and_patched_when_both_readers_take_them_then_they_never_differ(
    rows, cut, put_in
):
    first, last = sorted(int(share * len(rows)) for share in cut)
    assert_never_differ(package_with(rows[:first] + b"".join(put_in) + rows[last:]))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cells=st.lists(
        st.tuples(
            st.sampled_from(["", ' t="s"', ' s="0" t="s"', ' t="s" s="0" cm="10"', ' t="str"']),
            st.text("0123456789/:+-.eA\u0663\u00b2", min_size=1, max_size=9)
            | st.integers(0, 400).map(str),
        ),
        min_size=1,
        max_size=26,
    )
)
def test_given_any_indexes_and_attributes_when_both_readers_take_them_then_they_never_differ(cells):
    row = "".join(
        f'<c r="{chr(ord("A") + column)}1"{attributes}><v>{text}</v></c>'
        for column, (attributes, text) in enumerate(cells)
    )
    assert_never_differ(package_with(f'<row r="1">{row}</row>'.encode()))


def assert_never_differ(package: XlsxPackage) -> None:
    try:
        regular = regularly(package)
    except Irregular:
        return
    try:
        exact = exactly(package)
    except Exception as error:
        raise AssertionError("read by one, refused by the other") from error
    assert regular == exact
