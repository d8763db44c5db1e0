"""Keeps the manifest of a whole `dbt build` beside the warehouse that it built.

dbt overwrites its own at the next command, and one project may build many warehouses. What was
compiled for the build is what the proof that no identifier leaves is made from.
"""

import atexit
import shutil
from pathlib import Path

from dbt.flags import get_flags

from plugins.home import Home

_registered: set[Path] = set()


def keep_at_exit(home: Home) -> None:
    """Keep the manifest when this process ends: dbt writes it last of all."""
    if home.root not in _registered:
        _registered.add(home.root)
        atexit.register(_keep, home)


def _keep(home: Home) -> None:
    flags = get_flags()
    if getattr(flags, "WHICH", None) != "build":
        return
    target = getattr(flags, "TARGET_PATH", None) or "target"
    written = Path(getattr(flags, "PROJECT_DIR", None) or ".") / target / "manifest.json"
    if not written.is_file() or not home.warehouse.is_dir():
        return
    unfinished = home.build_manifest.with_name(home.build_manifest.name + ".new")
    shutil.copyfile(written, unfinished)
    unfinished.chmod(0o600)
    unfinished.replace(home.build_manifest)
