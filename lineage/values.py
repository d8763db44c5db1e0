"""What a column holds of identifiers: labels, each with the columns it came by."""

from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

# Begins the label of what nobody can tell: no declassifier takes it.
UNDETERMINED = "undetermined: "
# What tells nobody by itself: followed so that each column's sources are known, held to no limit.
ATTRIBUTE = "attribute"


class Origin(NamedTuple):
    """A column of a relation that a model reads."""

    relation: str
    column: str


class Flow(NamedTuple):
    """A label that reaches a column.

    `plain` says that the value arrives as it was or not at all: whether it is null then says only
    whether it is known, and nothing of what it is.
    """

    label: str
    origin: Origin
    plain: bool = True


Value = frozenset[Flow]
NOTHING: Value = frozenset()


class End(NamedTuple):
    """Where a named declassifier ended a label on its way into a model."""

    declassifier: str
    label: str
    origin: Origin


class UndeterminedError(Exception):
    """Lineage that can't be told. The message says what stands in the way and what to do."""


@dataclass
class Relation:
    """Columns from left to right, and what each holds.

    `key` is the key column of a dictionary: a relation that says what a text means.
    """

    columns: dict[str, Value]
    key: str | None = None


@dataclass
class Result(Relation):
    """A query's columns, and all that it looked at besides (`touched`)."""

    touched: Value = NOTHING


@dataclass
class Scope:
    """Where names are resolved: relations by alias, select aliases, and the query around."""

    parent: "Scope | None" = None
    relations: dict[str, Relation] = field(default_factory=dict)
    aliases: dict[str, exp.Expression] = field(default_factory=dict)
    windows: dict[str, Value] = field(default_factory=dict)
    # What was taken from the queries around this one.
    outer: Value = NOTHING
    # The rows are grouped by person: an aggregate of one person's rows is that person's.
    per_person: bool = False
    # Columns that a join merged by USING.
    merged: dict[str, Value] = field(default_factory=dict)


def derived(value: Value) -> Value:
    """Return the flows of a value that was made into something else."""
    return frozenset(flow._replace(plain=False) for flow in value)


def labels(value: Value) -> set[str]:
    """Return the labels of a value."""
    return {flow.label for flow in value}


def joined(*values: Value) -> Value:
    """Return all flows of several values."""
    return NOTHING.union(*values)
