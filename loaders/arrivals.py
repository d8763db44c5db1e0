"""Files as they come: what is in the councils' folders, when it came and what tells it apart."""

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from loaders.headers import Header
from loaders.landing_tables import Submission
from loaders.refusals import Refused, unreadable
from loaders.sniffing import check_name


@dataclass(frozen=True)
class InboxFile:
    """A file in a council's folder. `sender` is the folder; `received_at` in UTC, whole seconds."""

    path: Path
    sender: str
    received_at: datetime.datetime


def list_files(folder: Path, received_at: datetime.date | None) -> tuple[list[InboxFile], int]:
    """List the files to land, first received first, and count entries outside a sender's folder.

    The order decides which of two equal files is the duplicate, so it must not change between runs.
    """
    files: list[InboxFile] = []
    out_of_place = 0
    for sender in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not sender.is_dir():
            out_of_place += 1
            continue
        for path in sender.iterdir():
            if path.is_file():
                files.append(InboxFile(path, sender.name, _received(path, received_at)))
            else:
                out_of_place += 1
    files.sort(key=lambda file: (file.sender, file.received_at, file.path.name))
    return files, out_of_place


def _received(path: Path, day: datetime.date | None) -> datetime.datetime:
    if day is not None:
        return datetime.datetime(day.year, day.month, day.day)
    modified = datetime.datetime.fromtimestamp(int(path.stat().st_mtime), datetime.UTC)
    return modified.replace(tzinfo=None)


def submission_id(sender: str, file_name: str, sha256: str, sheet_name: str | None) -> str:
    """Return the id of a sheet (of the whole file for None): 16 hex characters, always the same."""
    parts = "\0".join((sender, file_name, sha256, sheet_name or ""))
    return hashlib.sha256(parts.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass(frozen=True)
class Arrival:
    """A file as it came: its content, or why it cannot be read, and what all its sheets share."""

    sender: str
    file_name: str
    received_at: datetime.datetime
    content: bytes | None
    sha256: str
    refusal: Refused | None = None

    @classmethod
    def of(cls, file: InboxFile) -> "Arrival":
        """Read a file."""
        # The name is stored as text: bytes that are no UTF-8 become question marks.
        name = file.path.name.encode("utf-8", "replace").decode("utf-8")
        try:
            content = file.path.read_bytes()
        except OSError as error:
            return cls(file.sender, name, file.received_at, None, "", unreadable(error))
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(file.sender, name, file.received_at, content, sha256)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells a file that has come before."""
        return self.sender, self.file_name, self.sha256

    @property
    def twin_key(self) -> tuple[str, str]:
        """What tells the same content under another name."""
        return self.sender, self.sha256

    @property
    def suffix(self) -> str | None:
        """`.xlsx` or `.xls`; None where the name is none of a workbook."""
        try:
            return check_name(self.file_name)
        except Refused:
            return None

    def submission_id(self, sheet_name: str | None) -> str:
        """Return the id of a sheet, of the whole file for None."""
        return submission_id(self.sender, self.file_name, self.sha256, sheet_name)

    def whole_file(self, outcome: str, reason: str) -> Submission:
        """Return the row of a file of which nothing landed."""
        return Submission(
            submission_id=self.submission_id(None),
            sender_la_code=self.sender,
            file_name=self.file_name,
            file_sha256=self.sha256,
            sheet_name=None,
            received_at=self.received_at,
            specification_version=None,
            rows_read=0,
            outcome=outcome,
            reason=reason,
            sheet_position=None,
            header_row_number=None,
            file_bytes=len(self.content),
            date_system=None,
        )

    def sheet(
        self,
        sheet_name: str,
        position: int,
        header: Header,
        rows: int,
        date_system: str,
        version: str,
    ) -> Submission:
        """Return the row of a sheet that lands."""
        return Submission(
            submission_id=self.submission_id(sheet_name),
            sender_la_code=self.sender,
            file_name=self.file_name,
            file_sha256=self.sha256,
            sheet_name=sheet_name,
            received_at=self.received_at,
            specification_version=version,
            rows_read=rows,
            outcome="landed",
            reason=None,
            sheet_position=position,
            header_row_number=header.row_number,
            file_bytes=len(self.content),
            date_system=date_system,
        )
