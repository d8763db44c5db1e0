"""Workbooks that only their council opens: made in memory, encrypted, and only then written.

The form is that of a workbook saved with a password (ECMA-376 agile encryption: AES-256, SHA-512,
100,000 rounds): Excel and LibreOffice ask for the password and open it.
"""

from io import BytesIO
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile

from reports.files import replacing


def write_encrypted(path: Path, workbook: bytes, password: str) -> Path:
    """Write a workbook's bytes encrypted (mode 0600), replacing an older one; return its path."""
    sealed = BytesIO()
    OOXMLFile(BytesIO(workbook)).encrypt(password, sealed)
    with replacing(path) as unfinished:
        unfinished.write_bytes(sealed.getvalue())
    return path
