"""The way out: one encrypted file per agreement and release, a manifest, a hash-chained ledger.

`run` packages releases, `withdraw` takes them back, `verify` proves that nothing has changed. All
open the pseudonymised zone only; `verify` looks whether the other zone file opens, no more.
"""
