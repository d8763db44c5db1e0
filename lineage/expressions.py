"""Follows identifiers through expressions: what a value looks at flows into it."""

from collections.abc import Iterable

from sqlglot import exp

from lineage.declassifiers import Declassifier, bindings, function_call
from lineage.values import (
    NOTHING,
    End,
    Relation,
    Result,
    Scope,
    UndeterminedError,
    Value,
    derived,
    joined,
)

# The value of another row; what the window is made by only chooses the row.
_OF_ANOTHER_ROW = (
    *(exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue, exp.Max, exp.Min),
)
# One of the values as it was, or null.
_AS_IT_WAS = (exp.Max, exp.Min, exp.AnyValue, exp.Coalesce, exp.Trim, exp.Upper, exp.Lower)
# Of other rows or files, of settings, or of more columns than are named.
_REFUSED = (
    *(exp.Command, exp.ReadCSV, exp.ReadParquet, exp.Columns, exp.Parameter, exp.Placeholder),
    *(exp.SessionParameter, exp.Star, exp.Pivot, exp.Table),
)
Ctes = dict[str, Relation]


class Expressions:
    """Values of expressions. `ends` collects what named declassifiers ended."""

    def __init__(
        self, declassifiers: Iterable[Declassifier], allowed: set[str], persons: set[str]
    ) -> None:
        """Keep what may end a path, the functions that are known, and the labels of persons."""
        declassifiers = list(declassifiers)
        self.macros = [d for d in declassifiers if d.kind == "macro"]
        self.functions = {d.relation: d for d in declassifiers if d.kind == "function"}
        self.aggregates = {d.name: d for d in declassifiers if d.kind == "aggregate"}
        self.allowed, self.persons = allowed, persons
        self.ends: set[End] = set()

    def query(self, node: exp.Expression, ctes: Ctes, parent: Scope | None) -> Result:
        """Return what a query gives; a subclass knows how."""
        raise NotImplementedError

    def value(self, node: exp.Expression, scope: Scope, ctes: Ctes) -> Value:
        """Return what an expression holds."""
        declassified = self._declassified(node, scope, ctes)
        if declassified is not None:
            return declassified
        if isinstance(node, exp.Column):
            return resolve(self, node, scope, ctes)
        if isinstance(node, exp.Query):
            result = self.query(node, ctes, scope)
            return derived(joined(result.touched, *result.columns.values()))
        if isinstance(node, exp.Paren | exp.Alias):
            return self.value(node.this, scope, ctes)
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            tested = self.value(node.this, scope, ctes)
            return derived(frozenset(flow for flow in tested if not flow.plain))
        if isinstance(node, exp.Window):
            return self._window(node, scope, ctes)
        if isinstance(node, exp.AggFunc | exp.Filter):
            return self._aggregate(node, scope, ctes)
        if isinstance(node, exp.Dot):
            return self._dotted(node, scope, ctes)
        if isinstance(node, exp.Lambda):
            bound = {name.name.lower() for name in node.expressions}
            inner = Scope(parent=scope, relations={"": Relation(dict.fromkeys(bound, NOTHING))})
            value = self.value(_columns_for(node.this, bound), inner, ctes)
            return derived(value)
        if isinstance(node, exp.Anonymous) and node.name.lower() not in self.allowed:
            raise UndeterminedError(
                f"the function {node.name.lower()} is not known to look at its arguments only: "
                "list it in lineage_functions if it does, else do without"
            )
        if isinstance(node, _REFUSED):
            raise UndeterminedError(f"{kind(node)} can't be followed: name columns of models")
        if isinstance(node, exp.Identifier):
            raise UndeterminedError(f"the name {node.name} stands where a column can't be told")
        parts = self.parts(node, scope, ctes)
        return parts if _is_plain(node) else derived(parts)

    def parts(self, node: exp.Expression, scope: Scope, ctes: Ctes) -> Value:
        """Return what all parts of an expression hold together."""
        skipped = {"this"} if isinstance(node, exp.PropertyEQ | exp.Kwarg) else set()
        if isinstance(node, exp.Count) and isinstance(node.this, exp.Star):
            skipped.add("this")
        if isinstance(node, exp.Cast):
            skipped.add("to")
        found = NOTHING
        for name, part in node.args.items():
            if name in skipped:
                continue
            for one in part if isinstance(part, list) else [part]:
                if isinstance(one, exp.Expression):
                    found |= self.value(one, scope, ctes)
        return found

    def _declassified(self, node: exp.Expression, scope: Scope, ctes: Ctes) -> Value | None:
        for declassifier in self.macros:
            if type(node) is not type(declassifier.body):
                continue
            # What is aggregated over one person's rows is still that person's.
            if isinstance(node, exp.AggFunc) and scope.per_person:
                continue
            bound = bindings(declassifier.body, node)
            if bound is not None:
                parts = {name: self.value(part, scope, ctes) for name, part in bound.items()}
                return self._apply(declassifier, parts)
        return None

    def _apply(self, declassifier: Declassifier, parts: dict[str, Value]) -> Value:
        left, ends = declassifier.apply(parts, self.persons)
        self.ends |= ends
        return left

    def _dotted(self, node: exp.Dot, scope: Scope, ctes: Ctes) -> Value:
        call = function_call(node)
        if call is None:
            return derived(self.value(node.this, scope, ctes))
        name, arguments = call
        declassifier = self.functions.get(name)
        if declassifier is None or len(arguments) != len(declassifier.arguments):
            raise UndeterminedError(f"the function {'.'.join(name)} is not one of the project's")
        values = [self.value(argument, scope, ctes) for argument in arguments]
        return self._apply(declassifier, dict(zip(declassifier.arguments, values, strict=True)))

    def _aggregate(self, node: exp.Expression, scope: Scope, ctes: Ctes) -> Value:
        condition, call = NOTHING, node
        if isinstance(node, exp.Filter):
            condition, call = self.parts(node.expression, scope, ctes), node.this
        if isinstance(call, exp.ArgMax | exp.ArgMin):
            # The second argument chooses the row.
            return self.value(call.this, scope, ctes) | condition
        inside = self.parts(call, scope, ctes)
        inside = (inside if _is_plain(call) else derived(inside)) | derived(condition)
        declassifier = self.aggregates.get(call.sql_name().lower())
        if declassifier is None or scope.per_person:
            return inside
        return self._apply(declassifier, {"": inside})

    def _window(self, node: exp.Window, scope: Scope, ctes: Ctes) -> Value:
        call = node.this
        while isinstance(call, exp.IgnoreNulls | exp.RespectNulls):
            call = call.this
        if isinstance(call, _OF_ANOTHER_ROW):
            return self.parts(call, scope, ctes)
        named = scope.windows.get(node.alias.lower(), NOTHING) if node.alias else NOTHING
        inside = (
            joined(self.parts(call.this, scope, ctes), self.parts(call.expression, scope, ctes))
            if isinstance(call, exp.Filter)
            else self.parts(call, scope, ctes)
        )
        return derived(joined(inside, named, self.window_keys(node, scope, ctes)))

    def window_keys(self, node: exp.Window, scope: Scope, ctes: Ctes) -> Value:
        """Return what a window is partitioned and ordered by."""
        keys = [self.value(key, scope, ctes) for key in node.args.get("partition_by") or []]
        if node.args.get("order") is not None:
            keys.append(self.parts(node.args["order"], scope, ctes))
        return joined(*keys)


def resolve(by: Expressions, column: exp.Column, scope: Scope, ctes: Ctes) -> Value:
    """Return what a named column holds, from the innermost query that has it."""
    parts = [part.name.lower() for part in column.parts]
    passed: list[Scope] = []
    here: Scope | None = scope
    while here is not None:
        found = _in_scope(by, parts, here, ctes)
        if found is not None:
            for inner in passed:
                inner.outer |= found
            return found
        passed.append(here)
        here = here.parent
    raise UndeterminedError(f"the column {'.'.join(parts)} can't be found: write its table's name")


def _in_scope(by: Expressions, parts: list[str], scope: Scope, ctes: Ctes) -> Value | None:
    relations = scope.relations
    if len(parts) > 1 and parts[0] in relations:
        if parts[1] in relations[parts[0]].columns:
            value = relations[parts[0]].columns[parts[1]]
            return value if len(parts) == 2 else derived(value)
        if parts[0] not in relations[parts[0]].columns:
            raise UndeterminedError(f"{parts[0]} has no column {parts[1]} that is declared")
    holders = [
        relation.columns[parts[0]]
        for relation in relations.values()
        if parts[0] in relation.columns
    ]
    if holders or parts[0] in scope.merged:
        value = joined(scope.merged.get(parts[0], NOTHING), *holders)
        return value if len(parts) == 1 else derived(value)
    if parts[0] in relations:
        raise UndeterminedError(f"{parts[0]} is a whole row: name its columns")
    if parts[0] in scope.aliases:
        aliased = scope.aliases.pop(parts[0])
        try:
            value = by.value(aliased, scope, ctes)
        finally:
            scope.aliases[parts[0]] = aliased
        return value if len(parts) == 1 else derived(value)
    return None


def kind(node: exp.Expression) -> str:
    """Return what a part of SQL is called, for messages."""
    return node.key.replace("_", " ")


def _is_plain(node: exp.Expression) -> bool:
    if isinstance(node, exp.Nullif):
        return isinstance(node.expression, exp.Literal) and node.expression.name == ""
    return isinstance(node, (*_AS_IT_WAS, exp.Cast, exp.TryCast))


def _columns_for(node: exp.Expression, bound: set[str]) -> exp.Expression:
    """Make the bare names of a lambda's parameters columns, so that they resolve as such."""

    def as_column(part: exp.Expression) -> exp.Expression:
        inside = isinstance(part.parent, exp.Column | exp.PropertyEQ | exp.Dot)
        if isinstance(part, exp.Identifier) and part.name.lower() in bound and not inside:
            return exp.Column(this=part.copy())
        return part

    return node.copy().transform(as_column)
