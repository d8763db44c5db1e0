"""Trials at a size: the k check and the search of a lattice in SQL, and pyCANON's k check."""

import json
import subprocess
import time
from pathlib import Path

import duckdb

from benchmarks.disclosure.recoding import Hierarchy, nodes, prepare, search

K = 10
ATTRIBUTES = ("sex", "age", "race", "marital_status", "education")
_PYCANON = """
import json, sys, time
import pandas
from pycanon import anonymity
table = pandas.read_parquet(sys.argv[1])
began = time.perf_counter()
k = anonymity.k_anonymity(table, json.loads(sys.argv[2]))
print(json.dumps({"seconds": time.perf_counter() - began, "k": int(k)}))
"""


def generated(path: Path, persons: int) -> Path:
    """Write a table of the shape of UCI Adult: five attributes, unevenly spread (parquet)."""
    if not path.exists():
        with duckdb.connect() as connection:
            connection.execute("select setseed(0.5)")
            connection.execute(f"""
                copy (
                    select
                        case when random() < 0.67 then 'Male' else 'Female' end as sex,
                        (17 + floor(73 * power(random(), 3)))::integer::varchar as age,
                        'r' || floor(5 * power(random(), 20))::integer as race,
                        'm' || floor(7 * power(random(), 10))::integer as marital_status,
                        'e' || floor(16 * power(random(), 8))::integer as education
                    from range({persons})
                ) to '{path}'
            """)
    return path


def hierarchies() -> list[Hierarchy]:
    """Hierarchies of 2, 5, 2, 3 and 4 levels: a lattice of 240 nodes, as that of UCI Adult."""
    ages = {}
    for age in range(17, 90):
        bands = [f"{age // width * width}+{width}" for width in (5, 10, 20)]
        ages[str(age)] = [str(age), *bands, "*"]
    return [
        Hierarchy("sex", {value: [value, "*"] for value in ("Male", "Female")}),
        Hierarchy("age", ages),
        Hierarchy("race", {f"r{n}": [f"r{n}", "*"] for n in range(5)}),
        Hierarchy("marital_status", {f"m{n}": [f"m{n}", f"g{n // 3}", "*"] for n in range(7)}),
        Hierarchy(
            "education",
            {f"e{n}": [f"e{n}", f"g{n // 3}", f"h{n // 6}", "*"] for n in range(16)},
        ),
    ]


def in_sql(table: str) -> dict:
    """Check k on the finest tuples and search all nodes, from the rows of a table in memory."""
    levels = hierarchies()
    lattice = nodes(levels)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"create table persons as from '{table}'")
        began = time.perf_counter()
        prepare(connection, "persons", levels)
        (k,) = connection.execute("select min(persons) from tuples").fetchone()
        scored = search(connection, lattice, K)
        seconds = time.perf_counter() - began
        (tuples,) = connection.execute("select count(*) from tuples").fetchone()
    best = min(loss for _, loss, _ in scored)
    facts = {"k": int(k), "tuples": tuples, "nodes": len(scored), "least_loss": round(best, 1)}
    return {"seconds": seconds} | facts


def check_in_sql(table: str) -> dict:
    """Check k alone, from the rows of a table in memory, as pyCANON does."""
    columns = ", ".join(ATTRIBUTES)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"create table persons as from '{table}'")
        began = time.perf_counter()
        (k,) = connection.execute(
            f"select min(n) from (select count(*) as n from persons group by {columns})"
        ).fetchone()
        return {"seconds": time.perf_counter() - began, "k": int(k)}


def in_pycanon(table: str, python: str) -> dict:
    """Check k with pyCANON, in the Python that has it, from a data frame in memory."""
    found = subprocess.run(
        [python, "-c", _PYCANON, table, json.dumps(ATTRIBUTES)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(found.stdout.splitlines()[-1])
