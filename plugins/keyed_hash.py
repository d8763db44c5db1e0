"""The keyed hash: HMAC-SHA-256, first 16 bytes as 32 hex characters, as a DuckDB function.

The key lives in a Python closure: it is never a literal, macro, variable or parameter of SQL, so
no plan, catalogue, log or profile can show it.
"""

import hashlib
from collections.abc import Callable, Iterable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

TOKEN_BYTES = 16
_BLOCK = 64
_TOKENS = pa.uuid()


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
        (found,) = self.digests((value,))
        return found.hex() if found else None

    def digests(self, values: Iterable[str | None]) -> list[bytes | None]:
        """Return the tokens of many values as their 16 bytes; None for None and ''."""
        inner_of, outer_of, found = self._inner.copy, self._outer.copy, []
        for value in values:
            if not value:
                found.append(None)
                continue
            inner, outer = inner_of(), outer_of()
            inner.update(value.encode("utf-8"))
            outer.update(inner.digest())
            found.append(outer.digest()[:TOKEN_BYTES])
        return found


def register(connection: duckdb.DuckDBPyConnection, key_of: Callable[[str], bytes]) -> Callable:
    """Register `keyed_hash(domain, value)` and return the function, which must be kept alive.

    `key_of(domain)` gives the key of a domain. Both arguments are text; a null domain, a null or an
    empty value gives null. Register on the connection itself, not on a cursor of it, while its own
    database is the default one. The function raises no error that holds an argument.
    """
    hashes: dict[str, KeyedHash] = {}

    def hash_of(domain: str) -> KeyedHash:
        if domain not in hashes:
            hashes[domain] = KeyedHash(key_of(domain))
        return hashes[domain]

    def keyed_hash(domains: pa.Array, values: pa.Array) -> pa.Array:
        named = pc.unique(domains).to_pylist()
        texts = values.to_pylist()
        # Nearly always one domain at a time; its key is read when the first value asks for it.
        if len(named) == 1 and named[0] is not None and any(texts):
            digests = hash_of(named[0]).digests(texts)
        else:
            digests = [
                hash_of(domain).digests((text,))[0] if text and domain is not None else None
                for domain, text in zip(domains.to_pylist(), texts, strict=True)
            ]
        return pa.ExtensionArray.from_storage(_TOKENS, pa.array(digests, _TOKENS.storage_type))

    # A vector at a time, and as a UUID: of text that such a function returns DuckDB keeps no hold,
    # and inside `coalesce` or `case` tokens came out silently wrong; a UUID is copied.
    connection.create_function(
        "keyed_hash_bytes",
        keyed_hash,
        ["VARCHAR", "VARCHAR"],
        "UUID",
        type="arrow",
        null_handling="special",
        side_effects=False,
    )
    connection.execute(
        "create or replace macro keyed_hash(domain, value) as "
        "replace(cast(keyed_hash_bytes(domain, value) as varchar), '-', '')"
    )
    return keyed_hash
