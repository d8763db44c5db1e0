"""The keyed hash: HMAC-SHA-256, first 16 bytes as 32 hex characters, as a DuckDB function.

The key lives in a Python closure: it is never a literal, macro, variable or parameter of SQL, so
no plan, catalogue, log or profile can show it.
"""

import hashlib
from collections.abc import Callable

import duckdb

TOKEN_BYTES = 16
_BLOCK = 64


class KeyedHash:
    """HMAC-SHA-256 (RFC 2104) under one key, over text in UTF-8; null and empty text give null."""

    def __init__(self, key: bytes) -> None:
        """Absorb the two padded keys once; each value then costs two copied contexts."""
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded))
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in padded))

    def token(self, value: str | None) -> str | None:
        """Return the token of `value`: 32 hex characters, or None for None and ''."""
        if not value:
            return None
        inner = self._inner.copy()
        inner.update(value.encode("utf-8"))
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()[:TOKEN_BYTES].hex()


def register(connection: duckdb.DuckDBPyConnection, key_of: Callable[[str], bytes]) -> Callable:
    """Register `keyed_hash(domain, value)` and return the function, which must be kept alive.

    `key_of(domain)` gives the key of a domain. Both arguments are text; a null domain, a null or an
    empty value gives null. Register on the connection itself, not on a cursor of it. The function
    raises no error that holds an argument.
    """
    hashes: dict[str, KeyedHash] = {}

    def keyed_hash(domain: str | None, value: str | None) -> str | None:
        if domain is None or not value:
            return None
        hasher = hashes.get(domain)
        if hasher is None:
            hasher = hashes[domain] = KeyedHash(key_of(domain))
        return hasher.token(value)

    # Row by row on purpose: of a vectorised (Arrow) function DuckDB keeps no hold on the text it
    # returns, and inside `coalesce` or `case` tokens came out silently wrong.
    connection.create_function(
        "keyed_hash",
        keyed_hash,
        ["VARCHAR", "VARCHAR"],
        "VARCHAR",
        type="native",
        null_handling="special",
        side_effects=False,
    )
    return keyed_hash
