"""Where a warehouse lives: one folder (`ASC_HOME`), so that several can stand side by side."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """Paths of one warehouse. `root` is `ASC_HOME`; `keys` is `ASC_KEYS`, else `root/keys`."""

    root: Path
    keys: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """Read `ASC_HOME` (default `./data`) and `ASC_KEYS` (default `ASC_HOME/keys`)."""
        root = Path(os.environ.get("ASC_HOME") or "data").expanduser().resolve()
        keys = os.environ.get("ASC_KEYS")
        return cls(root=root, keys=Path(keys).expanduser().resolve() if keys else root / "keys")

    @classmethod
    def at(cls, root: Path) -> "Home":
        """Build the paths for a warehouse in `root`, keys inside it."""
        root = Path(root).resolve()
        return cls(root=root, keys=root / "keys")

    @property
    def inbox(self) -> Path:
        """Folder that councils' workbooks and the extracts arrive in."""
        return self.root / "inbox"

    @property
    def warehouse(self) -> Path:
        """Folder of the two zone files and of DuckDB's encrypted temporary files."""
        return self.root / "warehouse"

    @property
    def build_manifest(self) -> Path:
        """dbt's manifest of the latest build, as it was compiled for it."""
        return self.warehouse / "build_manifest.json"

    @property
    def lineage(self) -> Path:
        """The proof over the latest build that no identifier leaves."""
        return self.warehouse / "lineage.json"

    @property
    def releases(self) -> Path:
        """Folder of what goes out: one sub-folder per agreement and release."""
        return self.root / "releases"

    @property
    def reports(self) -> Path:
        """Folder of the councils' and auditors' pages."""
        return self.root / "reports"

    @property
    def row_lists(self) -> Path:
        """Folder of the councils' encrypted row lists, beside the identifiable zone."""
        return self.warehouse / "row_lists"

    @property
    def logs(self) -> Path:
        """Folder of `asc`'s logs."""
        return self.root / "logs"

    def relative(self, path: Path) -> str:
        """Return `path` relative to `root`, with forward slashes, as ledgers and manifests do."""
        return Path(path).resolve().relative_to(self.root).as_posix()
