"""Files that only their owner may read, put in place whole or not at all."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_BUILDING = ".building"


def private_folder(path: Path) -> Path:
    """Make a folder of mode 0700, or give one that is there that mode; return it."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield an empty file of mode 0600 to write to; it takes the place of `path` at the end.

    It lies in a folder of its own, where a writer may also keep temporary files: what a killed run
    left there is swept away first.
    """
    building = path.parent / _BUILDING
    shutil.rmtree(building, ignore_errors=True)
    private_folder(building)
    unfinished = building / path.name
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def write_text(path: Path, text: str) -> Path:
    """Write a private file, replacing an older one; return its path."""
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return path


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a private file, replacing an older one; return its path."""
    with replacing(path) as unfinished:
        unfinished.write_bytes(content)
    return path


def remove_others(folder: Path, kept: Iterable[Path]) -> None:
    """Remove the pages and workbooks of a folder, if it is there, that are not among `kept`."""
    kept = set(kept)
    for path in folder.glob("*"):
        if path.suffix in (".html", ".xlsx") and path not in kept:
            path.unlink()
