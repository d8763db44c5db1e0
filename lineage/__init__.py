"""The proof that no identifier leaves: every column beyond the wall, traced back to its sources.

`project` reads dbt's manifest, `flows` follows columns through compiled SQL, `declassifiers`
recognises what may end a path, `proof` puts it together.
"""
