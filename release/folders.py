"""Release folders on disk: where they stand, what a killed run left, and how that is put right.

A release is built in `releases/<ref>/.building-<release_id>/`, recorded in the ledger, and only
then renamed to `releases/<ref>/<release_id>/`. So one that can be seen is whole and recorded.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from plugins.home import Home
from release import manifest, package
from release.digests import file_sha256
from release.ledger import live_releases

BUILDING = ".building-"


def release_folder(home: Home, reference: str, release_id: str) -> Path:
    """Folder of a finished release."""
    return home.releases / reference / release_id


def building_folder(home: Home, reference: str, release_id: str) -> Path:
    """Folder that a release is built in."""
    return home.releases / reference / f"{BUILDING}{release_id}"


def make_building_folder(home: Home, reference: str, release_id: str) -> Path:
    """Make the (empty) folder that a release is built in; mode 0700, its parents too."""
    folder = building_folder(home, reference, release_id)
    for path in (home.releases, folder.parent, folder):
        path.mkdir(exist_ok=path != folder, parents=True)
        path.chmod(0o700)
    return folder


def next_release_id(home: Home, listed: list[dict], reference: str, day: str) -> str:
    """Return `<day>-<sequence>`; the sequence counts within the agreement and is never used twice.

    `day` is YYYYMMDD. Both the ledger and the folders on disk are looked at.
    """
    used = [
        entry["release_id"]
        for entry in listed
        if entry["agreement_reference"] == reference and entry["release_id"]
    ]
    used += [folder.name for folder in _folders(home.releases / reference)]
    numbers = [int(tail) for name in used if (tail := name.rpartition("-")[2]).isdigit()]
    return f"{day}-{max(numbers, default=0) + 1:03d}"


def all_release_folders(home: Home) -> Iterator[tuple[str, Path]]:
    """Yield (agreement reference, folder) of every folder that looks like a release, sorted."""
    for agreement in _folders(home.releases):
        for folder in _folders(agreement):
            if not folder.name.startswith(BUILDING):
                yield agreement.name, folder


def unfinished_folders(home: Home) -> Iterator[tuple[str, Path]]:
    """Yield (agreement reference, folder) of what killed runs left."""
    for agreement in _folders(home.releases):
        for folder in _folders(agreement):
            if folder.name.startswith(BUILDING):
                yield agreement.name, folder


def remove(home: Home, reference: str, release_ids: list[str]) -> list[str]:
    """Remove the folders of releases; return those that were there, relative to ASC_HOME."""
    removed = []
    for release_id in release_ids:
        for folder in (
            release_folder(home, reference, release_id),
            building_folder(home, reference, release_id),
        ):
            if folder.exists():
                removed.append(home.relative(folder))
                shutil.rmtree(folder)
    return removed


def recover(home: Home, listed: list[dict]) -> None:
    """Finish the releases that were recorded but not yet renamed; remove what was not recorded."""
    recorded = {(e["agreement_reference"], e["release_id"]): e for e in live_releases(listed)}
    for reference, folder in list(unfinished_folders(home)):
        release_id = folder.name.removeprefix(BUILDING)
        entry = recorded.get((reference, release_id))
        target = release_folder(home, reference, release_id)
        if entry and not target.exists() and _is_whole(folder, entry):
            folder.rename(target)
        else:
            shutil.rmtree(folder)


def _is_whole(folder: Path, entry: dict) -> bool:
    expected = {
        manifest.FILE_NAME: entry["manifest_sha256"],
        package.FILE_NAME: entry["file_sha256"],
    }
    return all(
        (folder / name).is_file() and file_sha256(folder / name) == sha256
        for name, sha256 in expected.items()
    )


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir())
