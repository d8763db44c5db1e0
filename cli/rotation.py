"""`asc keys rotate`: the next version of a key; a zone's file is encrypted anew under it.

A zone's new key waits in `keys/rotating/` until the file encrypted anew is in place. A run killed
in between is finished by the next `asc keys rotate` of that zone.
"""

import contextlib
import csv
import re
import shutil
from pathlib import Path

import duckdb

from cli.failures import EXIT_USAGE, CommandFailed
from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import LOGINS, ROW_LISTS, ZONES, Key, KeyRing
from reports.source import council_names

_DOMAIN = re.compile(r"[A-Za-z0-9][\w.-]*")
_STANDING = ("root", "linkage", *ZONES)


def rotate(home: Home, domain: str) -> str:
    """Give `domain` its next key version and return the new id.

    Errors: `CommandFailed` (2) for a domain that nothing uses, `KeyRingError` without keys,
    `duckdb.IOException` when another process holds the zone.
    """
    ring = KeyRing(home.keys)
    ring.require()
    if not _DOMAIN.fullmatch(domain) or domain.removeprefix("delivery-") not in _used(ring):
        raise CommandFailed(f"Nothing uses a key domain {domain}.", EXIT_USAGE)
    if domain in ZONES and zones.zone_path(home, domain).exists():
        return _rotate_zone(home, ring, domain)
    return ring.rotate(domain)


def _used(ring: KeyRing) -> set[str]:
    """Return the domains in use: standing ones, agreements in the ring or the seed, councils."""
    ids = (key["id"].rpartition(".v")[0] for key in ring.keys_listed())
    used = {*_STANDING, *(name.removeprefix("delivery-") for name in ids)}
    used |= _seeded("agreements", "agreement_reference")
    used |= {LOGINS + login for login in _seeded("analysts", "login_name")}
    return used | {ROW_LISTS + code for code in council_names()}


def _seeded(table: str, column: str) -> set[str]:
    """Return the values of a column of the register."""
    path = PROJECT_ROOT / "seeds" / "register" / f"{table}.csv"
    with contextlib.suppress(OSError, KeyError), path.open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}
    return set()


def _rotate_zone(home: Home, ring: KeyRing, zone: str) -> str:
    waiting = KeyRing(home.keys / "rotating")
    path = zones.zone_path(home, zone)
    if waiting.versions(zone):
        if _opens(home, path, waiting.key(zone)):
            return _take_over(ring, waiting, zone)
        shutil.rmtree(waiting.folder)
    waiting.folder.mkdir(mode=0o700)
    current = ring.key(zone)
    new = waiting.make(zone, current.version + 1)
    fresh = path.with_name(path.name + ".rotating")
    fresh.unlink(missing_ok=True)
    with duckdb.connect(":memory:") as connection:
        zones.prepare(connection, home)
        zones.attach(connection, path, zone, current, zones.WRITE)
        zones.attach(connection, fresh, "fresh", new, zones.WRITE)
        connection.execute(f"copy from database {zone} to fresh")
        connection.execute("checkpoint fresh")
        connection.execute("detach fresh")
        connection.execute(f"checkpoint {zone}")
        connection.execute(f"detach {zone}")
    fresh.replace(path)
    return _take_over(ring, waiting, zone)


def _take_over(ring: KeyRing, waiting: KeyRing, zone: str) -> str:
    key = waiting.key(zone)
    name = f"{key.id}.key"
    (waiting.folder / name).replace(ring.folder / name)
    shutil.rmtree(waiting.folder)
    return key.id


def _opens(home: Home, path: Path, key: Key) -> bool:
    with duckdb.connect(":memory:") as connection:
        zones.prepare(connection, home)
        try:
            zones.attach(connection, path, "probe", key)
        except duckdb.InvalidInputException:
            return False
    return True
