"""Pseudonymising: the whole step against a bare loop of hashes over the same distinct persons."""
