"""What has landed, handed on to Spark: `python -m plugins.spark_sources`.

Writes each table that is a source of dbt from the zone files to Parquet, in the folder of its zone
below `ASC_HOME/spark` (or where `ASC_SPARK_IDENTIFIABLE` and `ASC_SPARK_PSEUDONYMISED` say).
Parquet files are not encrypted by this project: the disk or the store must be.
"""

import os
import shutil
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

from plugins import zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import ZONES

# The trace's own memory of earlier builds: Spark's begins empty.
_EMPTY = "kept"


def sources() -> list[tuple[str, str, str]]:
    """Zone, schema and table of every source, as dbt knows them."""
    words = ["parse", "--quiet", "--project-dir", str(PROJECT_ROOT), "--target", "duckdb"]
    manifest = dbtRunner().invoke(words).result
    return sorted({(s.database, s.schema, s.identifier) for s in manifest.sources.values()})


def zone_folder(home: Home, zone: str) -> Path:
    """Folder of a zone's tables on Spark."""
    return Path(os.environ.get(f"ASC_SPARK_{zone.upper()}") or home.root / "spark" / zone)


def hand_on(home: Home) -> int:
    """Write all sources; return how many tables."""
    listed = sources()
    folders = [zone_folder(home, zone) for zone in ZONES]
    with zones.connect(home, folders=folders, **dict.fromkeys(ZONES, zones.WRITE)) as connection:
        for zone, schema, table in listed:
            folder = zone_folder(home, zone) / schema / table
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            rows = f"from {zone}.{schema}.{table}" + (" limit 0" if schema == _EMPTY else "")
            columns = ", ".join(
                f"cast({name} as varchar) as {name}" if kind == "JSON" else name
                for name, kind, *_ in connection.execute(f"describe {rows}").fetchall()
            )
            target = str(folder / "part-0.parquet").replace("'", "''")
            connection.execute(f"copy (select {columns} {rows}) to '{target}' (format parquet)")
    return len(listed)


if __name__ == "__main__":
    print(f"{hand_on(Home.from_environment())} tables handed on to Spark.")
    sys.exit(0)
