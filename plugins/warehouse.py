"""The dbt-duckdb plugin: attaches the zones, registers the keyed hash, closes the sandbox.

dbt names it in the profile as `plugins.warehouse`. `ASC_ZONES` may narrow a run to
`pseudonymised`, so that marts are built by a process that cannot open the identifiable zone.
"""

import os
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from plugins import kept_manifest, keyed_hash, trace_code, zones
from plugins.errors import without_values
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import ZONES, KeyRing


def _execute_without_values(self, sql, bindings=None):
    """Run a statement; raise what DuckDB says without the value it choked on.

    Guards the log, the terminal and run_results.json: dbt writes the text of an error, and of its
    causes, into all three.
    """
    message = None
    try:
        if bindings is None:
            return self._cursor.execute(sql)
        return self._cursor.execute(sql, bindings)
    except duckdb.Error as error:
        message = without_values(error)
    raise DbtRuntimeError(message)


class Plugin(BasePlugin):
    """See the module's text."""

    def initialize(self, plugin_config):
        """Keep values out of error texts from the first statement on; keep the memory limit."""
        DuckDBCursorWrapper.execute = _execute_without_values
        self._memory_limit = (plugin_config or {}).get("memory_limit")

    def configure_connection(self, conn):
        """Prepare the one connection that all of dbt's cursors share."""
        home = Home.from_environment()
        ring = KeyRing(home.keys)
        wanted = (os.environ.get("ASC_ZONES") or ",".join(ZONES)).split(",")
        kept_manifest.keep_at_exit(home)
        zones.sweep_temporary(home)
        zones.prepare(conn, home, self._memory_limit)
        zones.attach_zones(conn, home, dict.fromkeys(wanted, zones.WRITE))
        # Kept on the plugin: DuckDB holds no reference that keeps the closure alive.
        self._keyed_hash = keyed_hash.register(conn, ring.token_key)
        # dbt works in the folder of the project it builds, which may be a copy of this one.
        here = Path.cwd()
        project = [here] if (here / "dbt_project.yml").exists() else []
        if "identifiable" in wanted:
            trace_code.record(conn, here if project else PROJECT_ROOT)
        zones.sandbox(conn, [home.root, PROJECT_ROOT, *project])
