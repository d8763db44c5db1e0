"""What one run of landing did: counts and refusals, without file names or values."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class RefusedFile:
    """One file refused in this run. `submission_id` is null where nothing could be recorded."""

    submission_id: str | None
    sender_la_code: str | None
    reason: str


@dataclass(frozen=True)
class LandedExtract:
    """One extract landed in this run; `columns_ignored` counts those outside its contract."""

    extract: str
    rows: int
    columns_ignored: int


@dataclass
class LandingReport:
    """Counts of one run. `submissions_*` count files' sheets, `files_*` count files."""

    submissions_landed: int = 0
    files_landed: int = 0
    files_duplicate: int = 0
    files_refused: int = 0
    files_already_there: int = 0
    entries_out_of_place: int = 0
    rows_landed: int = 0
    extracts_landed: list[LandedExtract] = field(default_factory=list)
    extracts_refused: int = 0
    extracts_already_there: int = 0
    refusals: list[RefusedFile] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when all landed or was already there, 3 when a file was refused in this run."""
        return 3 if self.refusals else 0

    def to_json(self) -> str:
        """Return the report as one JSON document."""
        return json.dumps(asdict(self) | {"exit_code": self.exit_code}, indent=1)
