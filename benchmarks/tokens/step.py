"""Trials of pseudonymising traced persons; each returns its seconds and number of hashes."""

import hashlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import pyarrow as pa

from plugins import keyed_hash, zones
from plugins.home import PROJECT_ROOT, Home
from plugins.keys import KeyRing

BIN = Path(sys.executable).parent
MODELS = ("int_tokens_assigned", "int_tokens_replaced")
_LINKAGE, _LOCAL = "linkage", "local"
# Of all clients: without a number, known to a second council too; of all numbers: merged.
_UNTRACED, _TWICE, _MERGED = 0.12, 0.03, 0.01


def prepare(work: Path, persons: int) -> Path:
    """A home with so many traced and untraced persons, and the step's SQL as dbt compiles it."""
    root = work / f"tokens_{persons}"
    if (root / "ready").exists():
        return root
    home = Home.at(root)
    KeyRing(home.keys).initialise()
    with zones.connect(home, identifiable="write", pseudonymised="write") as connection:
        connection.execute("create schema if not exists identifiable.intermediate")
        connection.execute(f"""
            create or replace table identifiable.intermediate.int_persons_traced as
            with persons as (
                select n, hash(n, 'traced') % 1000 >= {1000 * _UNTRACED} as is_traced,
                    hash(n, 'twice') % 1000 < {1000 * _TWICE} as is_twice
                from range({persons}) as r (n)
            )
            select (101 + (n + second) % 153)::varchar as la_code,
                'C' || n || '-' || second as la_person_unique_identifier,
                case when is_traced then (9000000000 + n)::varchar end as nhs_number
            from persons cross join range(2) as s (second)
            where second = 0 or is_twice
        """)
        connection.execute(f"""
            create or replace table identifiable.intermediate.int_index_numbers_resolved as
            select (9900000000 + n)::varchar as nhs_number,
                (9000000000 + n)::varchar as current_nhs_number
            from range({persons}) as r (n) where hash(n, 'merged') % 1000 < {1000 * _MERGED}
        """)
    functions = ("person_token", "local_person_token", "agreement_token")
    for words in (
        ("build", "--select", *functions, "--full-refresh"),
        ("compile", "--select", *MODELS),
    ):
        _dbt(root, *words)
    (root / "ready").touch()
    return root


def _dbt(root: Path, *words: str) -> None:
    command = [BIN / "dbt", "--quiet", *words, "--profiles-dir", "profiles"]
    command += ["--target-path", root / "target", "--log-path", root / "logs"]
    environment = os.environ | {"ASC_HOME": str(root)}
    subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=True, stdout=sys.stderr)


def _compiled(root: Path, model: str) -> str:
    return next((root / "target" / "compiled").rglob(f"{model}.sql")).read_text()


def build(root: str) -> dict:
    """Run the step's models as tables in the encrypted zones."""
    return _build(Path(root), KeyRing(Home.at(Path(root)).keys).token_key)


def _build(root: Path, key_of: object) -> dict:
    with zones.connect(Home.at(root), identifiable="write", pseudonymised="write") as connection:
        kept = keyed_hash.register(connection, key_of)
        start = time.perf_counter()
        for model, zone in zip(MODELS, ("identifiable", "pseudonymised"), strict=True):
            connection.execute(f"create schema if not exists {zone}.intermediate")
            sql = _compiled(root, model)
            connection.execute(f"create or replace table {zone}.intermediate.{model} as {sql}")
        seconds = time.perf_counter() - start
        del kept
        rows = connection.execute(
            "select count(*), count(distinct person_token) "
            "from identifiable.intermediate.int_tokens_assigned"
        ).fetchall()[0]
    return {"seconds": seconds, "rows": rows[0], "tokens": rows[1]}


def _counting(counted: Counter) -> type[keyed_hash.KeyedHash]:
    """A keyed hash that counts how often each domain and value is hashed."""

    class Counting(keyed_hash.KeyedHash):
        def digests(self, values: Iterable[str | None]) -> list[bytes | None]:
            counted.update((id(self), value) for value in values if value)
            return super().digests(values)

    return Counting


def count(root: str) -> dict:
    """Count the hashes of the step: none of a domain and value twice, none of nobody."""
    counted: Counter = Counter()
    with mock.patch.object(keyed_hash, "KeyedHash", _counting(counted)):
        found = build(root)
    again = sum(times - 1 for times in counted.values())
    return found | {"hashes": sum(counted.values()), "distinct": len(counted), "again": again}


def _hashed(key: bytes, values: list[str]) -> list[str]:
    """HMAC-SHA-256 by hashlib alone, the padded keys absorbed once: the peer, none of our code."""
    padded = key.ljust(64, b"\0")
    inner_key = hashlib.sha256(bytes(b ^ 0x36 for b in padded))
    outer_key = hashlib.sha256(bytes(b ^ 0x5C for b in padded))
    tokens = []
    for value in values:
        inner = inner_key.copy()
        inner.update(value.encode("utf-8"))
        outer = outer_key.copy()
        outer.update(inner.digest())
        tokens.append(outer.digest()[:16].hex())
    return tokens


def loop(root: str) -> dict:
    """Hash the same distinct persons in a bare loop, from an Arrow column to an Arrow column."""
    home = Home.at(Path(root))
    key_of = KeyRing(home.keys).token_key
    with zones.connect(home, identifiable="read") as connection:
        # All that the step hashes, once each: persons by number, numbers merged, clients' own ids.
        read = {
            _LINKAGE: """
                select distinct nhs_number as value
                from identifiable.intermediate.int_persons_traced where nhs_number is not null
                union all
                select numbers.nhs_number
                from identifiable.intermediate.int_index_numbers_resolved as numbers
                where current_nhs_number in
                    (select nhs_number from identifiable.intermediate.int_persons_traced)
            """,
            _LOCAL: """
                select la_code || '|' || la_person_unique_identifier as value
                from identifiable.intermediate.int_persons_traced
            """,
        }
        columns = {
            domain: connection.execute(sql).to_arrow_table().column("value").combine_chunks()
            for domain, sql in read.items()
        }
    hashed = 0
    start = time.perf_counter()
    for domain, column in columns.items():
        tokens = pa.array(_hashed(key_of(domain), column.to_pylist()), pa.string())
        hashed += len(tokens)
    return {"seconds": time.perf_counter() - start, "hashes": hashed}
