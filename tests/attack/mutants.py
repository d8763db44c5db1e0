"""Mutants of good releases: each one fault, and the attack that must catch it."""

import mutants_of_files
import mutants_of_persons
import mutants_of_tables
from spoiling import MUTANTS

__all__ = ["MUTANTS", "mutants_of_files", "mutants_of_persons", "mutants_of_tables"]
