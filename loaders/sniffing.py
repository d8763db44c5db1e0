"""What a file really is, by its content: refuse what is not a plain .xlsx or .xls workbook."""

import io
import zipfile

import msoffcrypto
import olefile

from loaders.refusals import Refusal, Refused

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
MAXIMUM_UNPACKED_BYTES = 4 * 1024**3
# Sheets pack to a tenth or a fiftieth; what packs better says nothing, at great length.
MAXIMUM_RATIO, RATIO_COUNTS_FROM_BYTES = 100, 256 * 1024**2
_TEXT_PROBE = 4096


def check_name(file_name: str) -> str:
    """Return the suffix (`.xlsx` or `.xls`) of an acceptable name; refuse the others."""
    if file_name.startswith("~$"):
        raise Refused(Refusal.TEMPORARY_NAME)
    _, dot, suffix = file_name.lower().rpartition(".")
    if suffix in ("xlsm", "xltm", "xlam", "xla"):
        raise Refused(Refusal.MACRO)
    if not dot or suffix not in ("xlsx", "xls"):
        raise Refused(Refusal.SUFFIX)
    return f".{suffix}"


def check_content(content: bytes, suffix: str) -> None:
    """Refuse content that is empty, protected, broken, with macros or not what `suffix` says."""
    if not content:
        raise Refused(Refusal.EMPTY_FILE)
    if content.startswith(ZIP_MAGIC):
        _check_zip(content, suffix)
    elif content.startswith(OLE_MAGIC):
        _check_ole(content, suffix)
    else:
        raise Refused(_foreign_content(content))


def _check_zip(content: bytes, suffix: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refused(Refusal.CORRUPT) from error
    names = {entry.filename.lower().replace("\\", "/") for entry in entries}
    if "xl/workbook.xml" not in names:
        raise Refused(Refusal.OTHER_CONTENT)
    if suffix == ".xls":
        raise Refused(Refusal.XLSX_AS_XLS)
    if any(name.rsplit("/", 1)[-1] == "vbaproject.bin" for name in names):
        raise Refused(Refusal.MACRO)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused(Refusal.ENCRYPTED)
    unpacked = sum(entry.file_size for entry in entries)
    bloated = unpacked > max(MAXIMUM_RATIO * len(content), RATIO_COUNTS_FROM_BYTES)
    if bloated or unpacked > MAXIMUM_UNPACKED_BYTES:
        raise Refused(Refusal.TOO_LARGE)


def _check_ole(content: bytes, suffix: str) -> None:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as archive:
            names = {"/".join(path).lower() for path in archive.listdir(storages=True)}
    except Exception as error:  # olefile raises what the broken bytes lead it to
        raise Refused(Refusal.CORRUPT) from error
    if "encryptedpackage" in names:
        raise Refused(Refusal.ENCRYPTED)
    if not names & {"workbook", "book"}:
        raise Refused(Refusal.OTHER_CONTENT)
    if suffix == ".xlsx":
        raise Refused(Refusal.XLS_AS_XLSX)
    if _is_encrypted(content):
        raise Refused(Refusal.ENCRYPTED)
    if any("_vba_project" in name for name in names):
        raise Refused(Refusal.MACRO)


def _is_encrypted(content: bytes) -> bool:
    """Tell whether an .xls is encrypted; what msoffcrypto cannot judge is left to the reader."""
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except Exception:
        return False


def _foreign_content(content: bytes) -> Refusal:
    """Name the kind of content that is neither a zip archive nor an OLE file."""
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    probe = content[:_TEXT_PROBE]
    if probe[:2] in (b"\xff\xfe", b"\xfe\xff"):
        probe = probe[2:].replace(b"\0", b"")
    start = probe.lstrip().lower()
    if any(mark in start for mark in (b"<html", b"<!doctype html", b"<table")):
        return Refusal.HTML_CONTENT
    if start.startswith(b"<?xml"):
        return Refusal.XML_CONTENT
    if start.startswith(b"pk"):
        return Refusal.CORRUPT
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in probe)
    return Refusal.TEXT_CONTENT if controls == 0 else Refusal.OTHER_CONTENT
