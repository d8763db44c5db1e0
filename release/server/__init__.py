"""A PostgreSQL server that hands out current releases: one schema and group role per agreement.

`publish` loads what was released, `closing` takes it back. Below them: `connection` (how it is
reached), `hardening` (what it must be, and what nobody may do), `logins`, `loading`, `swapping`.
"""
