"""Writes small workbooks and extracts for the tests; nothing in them belongs to a real person."""

import datetime
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import msoffcrypto.format.ooxml
import olefile
import xlsxwriter
import xlwt

HEADERS = ("LA Code", "NHS Number", "LA Person Unique Identifier", "Event Type", "Event Start Date")


def records(count: int, la_code: str = "306") -> list[list[str]]:
    """`count` rows of text under HEADERS."""
    return [[la_code, "9434765919", f"P{n:04}", "Service", "01/04/2017"] for n in range(count)]


def xlsx_bytes(sheets: dict[str, list[list]]) -> bytes:
    """An .xlsx with the given rows of plain values (None: no cell) per sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        # Guards the tests of equal content: the time of writing would make the bytes differ.
        workbook.set_properties({"created": datetime.datetime(2017, 7, 1)})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row_index, row in enumerate(rows):
                for column_index, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(row_index, column_index, value)
                    elif value is not None:
                        sheet.write_number(row_index, column_index, value)
    return buffer.getvalue()


def xls_bytes(sheets: dict[str, list[list]]) -> bytes:
    """An .xls with the given rows of plain values per sheet."""
    workbook = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = workbook.add_sheet(name)
        for row_index, row in enumerate(rows):
            for column_index, value in enumerate(row):
                if value is not None:
                    sheet.write(row_index, column_index, value)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def good_xlsx(count: int = 3, la_code: str = "306") -> bytes:
    """A workbook that lands."""
    return xlsx_bytes({"Data": [list(HEADERS), *records(count, la_code)]})


def encrypted_xlsx() -> bytes:
    """A password-protected .xlsx (ECMA-376 agile encryption)."""
    buffer = io.BytesIO()
    package = msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(good_xlsx()))
    package.encrypt("secret", buffer)
    return buffer.getvalue()


def encrypted_xls() -> bytes:
    """An .xls whose workbook stream says that it is encrypted.

    A FILEPASS record (type 0x2F, MS-XLS 2.4.117) is laid over the record behind the first BOF.
    """
    content = bytearray(xls_bytes({"Data": [list(HEADERS), *records(400)]}))
    with olefile.OleFileIO(io.BytesIO(content)) as archive:
        stream = archive.openstream("Workbook").read()
    start = bytes(content).index(stream[:512])
    behind_bof = start + 4 + int.from_bytes(stream[2:4], "little")
    content[behind_bof : behind_bof + 10] = bytes.fromhex("2f00 0600 0000 1234 5678")
    return bytes(content)


def macro_xls() -> bytes:
    """An .xls with the storage `_VBA_PROJECT_CUR` beside its workbook stream (MS-CFB 2.6.1)."""
    content = bytearray(xls_bytes({"Data": [list(HEADERS), *records(400)]}))
    directory = bytes(content).index("Root Entry".encode("utf-16-le"))
    workbook, storage = directory + 128, directory + 256
    name = "_VBA_PROJECT_CUR".encode("utf-16-le")
    none = (0xFFFFFFFF).to_bytes(4, "little")
    entry = name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little") + b"\x01\x01" + none * 3
    content[storage : storage + 128] = entry.ljust(128, b"\0")
    content[workbook + 72 : workbook + 76] = (2).to_bytes(4, "little")  # its right sibling
    return bytes(content)


def with_entry(content: bytes, name: str, data: bytes = b"x") -> bytes:
    """An .xlsx package with one part more."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An .xlsx package with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():  # written under its own date: the same bytes at any time
            data = old.read(part)
            new.writestr(part, change(data) if part.filename == name else data)
    return buffer.getvalue()


def put(home_root: Path, council: str, name: str, content: bytes, day: int = 10) -> Path:
    """Write a file into a council's inbox folder, received on `day` July 2017 at 09:00 UTC."""
    folder = home_root / "inbox" / "submissions" / council
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    received = datetime.datetime(2017, 7, day, 9, tzinfo=datetime.UTC).timestamp()
    os.utime(path, (received, received))
    return path
