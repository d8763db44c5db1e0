"""dbt on Apache Spark: `python -m plugins.spark build …` is `dbt build --target spark …`.

The session is the one that dbt-spark opens by itself, with the settings of the profile. This module
adds what a profile cannot say: the functions that the models call, error texts without values, and
steps of a statement that are stored (`plugins.spark_steps`).
"""

import logging
import os
import re
import sys

from dbt.adapters.spark import session as dbt_session
from dbt.cli.main import dbtRunner
from dbt_common.exceptions import DbtRuntimeError
from pyspark.errors import AnalysisException, ParseException, PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import arrow_udf, udf

from plugins import spark_functions, spark_steps
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing

# Raised while a statement is read and bound: they quote SQL and names, never a row's values.
_PLANNING_ERRORS = (AnalysisException, ParseException)
_MAKES_A_TABLE = re.compile(r"(?:\s|/\*.*?\*/)*create table\b", re.DOTALL)
_prepared: set[int] = set()


def prepare(session: SparkSession) -> None:
    """Register the functions of the models, once for each session."""
    if id(session) in _prepared:
        return
    _prepared.add(id(session))
    session.udf.register("keyed_hash", udf(spark_functions.keyed_hash, "string"))
    session.udf.register("text_similarity", arrow_udf(spark_functions.text_similarity, "double"))
    session.udf.register("text_changes", arrow_udf(spark_functions.text_changes, "bigint"))


def stored_rows(session: SparkSession, query: str) -> DataFrame:
    """Return the rows of a query, computed now.

    A checkpoint alone hands on the size that was guessed for it, which a join multiplies: after
    fifty steps the guess is a number of more digits than can be reckoned with.
    """
    checkpoint = session.sql(query).localCheckpoint()._jdf
    rows = checkpoint.queryExecution().toRdd()
    unsized = session._jsparkSession.internalCreateDataFrame(rows, checkpoint.schema(), False)
    return DataFrame(unsized, session)


def run(session: SparkSession, sql: str) -> DataFrame:
    """Run a statement, each step that several others read once."""
    statement = spark_steps.cut(sql) if _MAKES_A_TABLE.match(sql) else None
    stored = statement.stored if statement else []
    if not stored:
        return session.sql(sql)
    for step in statement.steps:
        if step.name in stored:
            stored_rows(session, statement.query_of(step)).createOrReplaceTempView(step.name)
    try:
        return session.sql(statement.rest())
    finally:
        for name in stored:
            session.catalog.dropTempView(name)


def without_values(error: PySparkException) -> str:
    """Return the text of an error of Spark with every value withheld."""
    if isinstance(error, _PLANNING_ERRORS):
        return str(error).split(";\n")[0]  # what follows is the plan
    return f"[{error.getCondition() or type(error).__name__}] value withheld."


class Cursor(dbt_session.Cursor):
    """dbt-spark's cursor, in a session that is prepared, with errors that hold no value."""

    def execute(self, sql, *parameters):
        """Run a statement; see `run`."""
        builder = SparkSession.builder.enableHiveSupport()
        for name, value in self.server_side_parameters.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        prepare(session)
        self._df = self._guarded(lambda: run(session, sql % parameters if parameters else sql))

    def fetchall(self):
        """Return all rows."""
        return self._guarded(super().fetchall)

    def fetchone(self):
        """Return the first row."""
        return self._guarded(super().fetchone)

    @staticmethod
    def _guarded(step):
        message = None
        try:
            return step()
        except PySparkException as error:
            message = without_values(error)
        except Exception as error:  # of the bridge to the JVM: its text may hold anything
            message = f"{type(error).__name__}: text withheld."
        raise DbtRuntimeError(message)


def main(words: list[str]) -> int:
    """Run dbt with these words on Spark; return its exit code."""
    home = Home.from_environment()
    KeyRing(home.keys).require()
    folder = home.root / "spark"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    # For the profile, and for Spark's workers.
    os.environ["ASC_PROJECT"] = str(PROJECT_ROOT)
    os.environ["ASC_HOME"] = str(home.root)
    os.environ["ASC_KEYS"] = str(home.keys)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    # PySpark logs the text of each error by itself.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    dbt_session.Cursor = Cursor
    result = dbtRunner().invoke([*words, "--target", "spark"])
    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()
    return 0 if result.success else 2 if result.exception else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
