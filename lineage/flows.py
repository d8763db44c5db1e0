"""Follows identifiers through queries: what each column of a statement holds.

Filters, joins, groups and whatever chooses a row put nothing into a column, so they are no flow.
But an identifier that is looked up in a table which doesn't hold it flows into what is found there,
and what a subquery takes from the query around it flows into all that it gives. What isn't
understood raises `UndeterminedError`: the proof fails closed.
"""

from collections.abc import Callable, Iterator

from sqlglot import exp

from lineage.expressions import Ctes, Expressions, kind
from lineage.values import (
    ATTRIBUTE,
    NOTHING,
    Relation,
    Result,
    Scope,
    UndeterminedError,
    Value,
    derived,
    joined,
    labels,
)

# What a select, a table and a join may be made of.
_SELECT = {
    *("with_", "kind", "expressions", "from_", "joins", "where", "group", "having", "qualify"),
    *("windows", "distinct", "order", "limit", "offset"),
}
_TABLE = {"this", "alias", "db", "catalog", "pivots"}
_JOIN = {"this", "method", "side", "kind", "on", "using"}
_SERIES = (exp.GenerateSeries, exp.Explode, exp.Unnest)


class Query(Expressions):
    """One model's query.

    `read` gives a relation by its full name; `walled` are the labels for which a look-up is a
    flow: none inside the identifiable zone.
    """

    def __init__(
        self, read: Callable[[tuple[str, ...]], Relation], walled: set[str], *given, **named
    ) -> None:
        """Keep where relations are read, and what `Expressions` needs."""
        super().__init__(*given, **named)
        self.read, self.walled = read, walled

    def query(self, node: exp.Expression, ctes: Ctes, parent: Scope | None) -> Result:
        """Return what a query gives, with what it looked at besides."""
        ctes = self._with(node, ctes, parent)
        if isinstance(node, exp.Subquery):
            _only(node, {"this", "alias", "with_", "pivots"})
            result = self.query(node.this, ctes, parent)
            for pivot in node.args.get("pivots") or []:
                result.columns = _unpivoted(pivot, result).columns
            return result
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, ctes, parent)
        if isinstance(node, exp.Select):
            return self._select(node, ctes, parent)
        raise UndeterminedError(f"{kind(node)} is no query that can be followed: write a select")

    def _with(self, node: exp.Expression, ctes: Ctes, parent: Scope | None) -> Ctes:
        clause = node.args.get("with_")
        if clause is None:
            return ctes
        if clause.args.get("recursive"):
            raise UndeterminedError("a recursive query can't be followed: write its steps out")
        ctes = dict(ctes)
        for cte in clause.expressions:
            given = self.query(cte.this, ctes, parent)
            ctes[cte.alias.lower()] = _renamed(given, cte.args.get("alias"))
        return ctes

    def _set_operation(self, node: exp.SetOperation, ctes: Ctes, parent: Scope | None) -> Result:
        left = self.query(node.this, ctes, parent)
        right = self.query(node.expression, ctes, parent)
        if node.args.get("by_name"):
            names = dict.fromkeys([*left.columns, *right.columns])
            columns = {
                name: left.columns.get(name, NOTHING) | right.columns.get(name, NOTHING)
                for name in names
            }
        else:
            if len(left.columns) != len(right.columns):
                raise UndeterminedError("a union of different numbers of columns: list them")
            pairs = zip(left.columns.items(), right.columns.values(), strict=True)
            columns = {name: one | other for (name, one), other in pairs}
        return Result(columns, touched=left.touched | right.touched)

    def _select(self, node: exp.Select, ctes: Ctes, parent: Scope | None) -> Result:
        _only(node, _SELECT)
        scope = Scope(parent=parent)
        scope.aliases = {
            one.alias.lower(): one.this for one in node.expressions if isinstance(one, exp.Alias)
        }
        touched = self._from(node, scope, ctes)
        for window in node.args.get("windows") or []:
            scope.windows[window.name.lower()] = self.window_keys(window, scope, ctes)
        touched |= self._group(node, scope, ctes)
        columns: dict[str, Value] = {}
        for name, value in self._outputs(node, scope, ctes):
            if name in columns:
                raise UndeterminedError(f"two columns are called {name}: name them apart")
            columns[name] = value
        for part in ("where", "having", "qualify", "order", "distinct", "limit", "offset"):
            if isinstance(node.args.get(part), exp.Expression):
                touched |= self.parts(node.args[part], scope, ctes)
        if parent is not None:
            columns = {name: value | derived(scope.outer) for name, value in columns.items()}
        return Result(columns, _dictionary_key(node, scope), touched | scope.outer)

    # ---------- relations

    def _from(self, node: exp.Select, scope: Scope, ctes: Ctes) -> Value:
        """Fill the scope from left to right; return what the joins look at."""
        touched = NOTHING
        if node.args.get("from_") is not None:
            self._add(node.args["from_"].this, scope, ctes)
        for join in node.args.get("joins") or []:
            _only(join, _JOIN)
            before = list(scope.relations)
            alias = self._add(join.this, scope, ctes)
            using = [name.name.lower() for name in join.args.get("using") or []]
            if join.args.get("method") == "NATURAL":
                using = [
                    c
                    for c in scope.relations[alias].columns
                    if any(c in scope.relations[name].columns for name in before)
                ]
            for name in using:
                touched |= self._merge(name, alias, before, scope)
            if join.args.get("on") is not None:
                side = join.args.get("side") or ""
                asked = {"": set(scope.relations), "LEFT": {alias}, "RIGHT": set(before)}
                touched |= self._looked_up(join.args["on"], scope, ctes, asked.get(side, set()))
            if join.args.get("kind") in ("SEMI", "ANTI"):
                del scope.relations[alias]
        if node.args.get("where") is not None:
            self._looked_up(node.args["where"].this, scope, ctes, set(scope.relations))
        return touched

    def _add(self, node: exp.Expression, scope: Scope, ctes: Ctes) -> str:
        if isinstance(node, exp.Table):
            relation = self._table(node, scope, ctes)
        elif isinstance(node, exp.Subquery):
            relation = self.query(node, ctes, scope)
        elif isinstance(node, exp.Lateral):
            _only(node, {"this", "alias"})
            inner = node.this
            relation = (
                self.query(inner, ctes, scope)
                if isinstance(inner, exp.Query)
                else Relation({"unnest": self.value(inner, scope, ctes)})
            )
        elif isinstance(node, exp.Unnest):
            relation = Relation({"unnest": self.parts_of(node.expressions, scope, ctes)})
        elif isinstance(node, exp.Values):
            rows = [row.expressions for row in node.expressions]
            relation = Relation(
                {
                    f"col{place}": self.parts_of(cells, scope, ctes)
                    for place, cells in enumerate(zip(*rows, strict=True))
                }
            )
        else:
            raise UndeterminedError(f"{kind(node)} is no relation that can be followed")
        relation = _renamed(relation, node.args.get("alias"))
        alias = (node.alias_or_name or f"({len(scope.relations)})").lower()
        if alias in scope.relations:
            raise UndeterminedError(f"two relations are called {alias}: name them apart")
        scope.relations[alias] = relation
        return alias

    def parts_of(self, nodes: list[exp.Expression], scope: Scope, ctes: Ctes) -> Value:
        """Return what several expressions hold together."""
        return derived(joined(*(self.value(node, scope, ctes) for node in nodes)))

    def _table(self, node: exp.Table, scope: Scope, ctes: Ctes) -> Relation:
        _only(node, _TABLE)
        if isinstance(node.this, _SERIES):
            value = derived(self.parts(node.this, scope, ctes))
            return Relation({kind(node.this): value})
        if not isinstance(node.this, exp.Identifier):
            raise UndeterminedError(
                f"{kind(node.this)} reads something that is no model: refer to a model or source"
            )
        if not node.db and node.name.lower() in ctes:
            relation = ctes[node.name.lower()]
        else:
            relation = self.read(
                tuple(part.name.lower() for part in node.parts if isinstance(part, exp.Identifier))
            )
        for pivot in node.args.get("pivots") or []:
            relation = _unpivoted(pivot, relation)
        return relation

    def _merge(self, name: str, alias: str, before: list[str], scope: Scope) -> Value:
        left = joined(*(scope.relations[one].columns.get(name, NOTHING) for one in before))
        right = scope.relations[alias].columns.get(name, NOTHING)
        self._find({alias}, (labels(left) - labels(right)) & self.walled, left, scope)
        scope.merged[name] = left | right | scope.merged.get(name, NOTHING)
        return left | right

    def _looked_up(
        self, condition: exp.Expression, scope: Scope, ctes: Ctes, asked: set[str]
    ) -> Value:
        """Let identifiers flow into what they find; return all that the condition looks at.

        `asked` are the relations of which no row is kept that the condition doesn't hold for.
        """
        touched = NOTHING
        for conjunct in _conjuncts(condition):
            value = self.value(conjunct, scope, ctes)
            touched |= value
            named = _relations_in(conjunct, scope)
            if isinstance(conjunct, exp.EQ | exp.NullSafeEQ):
                self._by_dictionary(conjunct, scope, ctes, asked)
                sides = (conjunct.this, conjunct.expression)
                left, right = (self.value(side, scope, ctes) for side in sides)
                # Two of one kind compared link what is one person's, and find nothing out.
                linked = labels(left) & labels(right) & self.walled
                for side, mine in ((1, left), (0, right)) if len(named) > 1 and not linked else ():
                    found = _relations_in(sides[side], scope)
                    self._find(found, labels(mine) & self.walled, mine, scope)
            elif len(named) > 1:
                self._find(named, labels(value) & self.walled, value, scope)
        return touched

    def _find(self, found: set[str], alone: set[str], value: Value, scope: Scope) -> None:
        flows = derived(frozenset(flow for flow in value if flow.label in alone))
        for alias in found if flows else ():
            old = scope.relations[alias]
            scope.relations[alias] = Relation(
                {name: column | flows for name, column in old.columns.items()}, old.key
            )

    def _by_dictionary(self, conjunct: exp.EQ, scope: Scope, ctes: Ctes, asked: set[str]) -> None:
        """What a dictionary says of a text is the text's own: it takes the labels of its key."""
        sides = (conjunct.this, conjunct.expression)
        for key, text in (sides, sides[::-1]):
            if not isinstance(key, exp.Column) or len(key.parts) != 2:
                continue
            relation = scope.relations.get(key.table.lower())
            if (
                key.table.lower() not in asked
                or relation is None
                or relation.key != key.name.lower()
            ):
                continue
            value = derived(self.value(text, scope, ctes))
            scope.relations[key.table.lower()] = Relation(
                {
                    name: value if labels(old) - {ATTRIBUTE} else old
                    for name, old in relation.columns.items()
                }
            )

    # ---------- columns

    def _group(self, node: exp.Select, scope: Scope, ctes: Ctes) -> Value:
        group = node.args.get("group")
        if group is None:
            return NOTHING
        scope.per_person = True
        keys = NOTHING
        others = [value for name, value in group.args.items() if name != "expressions" and value]
        for one in [*group.expressions, *others]:
            for key in one if isinstance(one, list) else [one]:
                if isinstance(key, exp.Literal) and key.is_int:
                    if any(part.is_star for part in node.expressions):
                        raise UndeterminedError("a group by number beside *: name the columns")
                    key = node.expressions[int(key.name) - 1]
                if isinstance(key, exp.Expression):
                    keys |= self.value(key, scope, ctes)
        scope.per_person = group.args.get("all") is not None or bool(labels(keys) & self.persons)
        return keys

    def _outputs(self, node: exp.Select, scope: Scope, ctes: Ctes) -> Iterator[tuple[str, Value]]:
        for one in node.expressions or [exp.Star()]:
            if isinstance(one, exp.Star):
                yield from self._star(one, None, scope, ctes)
            elif isinstance(one, exp.Column) and isinstance(one.this, exp.Star):
                yield from self._star(one.this, one.table.lower(), scope, ctes)
            elif isinstance(one, exp.Explode | exp.Aliases):
                raise UndeterminedError("unnest may give any columns: name one")
            else:
                name = one.alias_or_name or one.sql("duckdb")
                yield name.lower(), self.value(one, scope, ctes)

    def _star(
        self, star: exp.Star, alias: str | None, scope: Scope, ctes: Ctes
    ) -> Iterator[tuple[str, Value]]:
        _only(star, {"except_", "replace", "rename"})
        if alias is not None and alias not in scope.relations:
            raise UndeterminedError(f"{alias}.* is not a relation's: name its columns")
        left_out = {column.name.lower() for column in star.args.get("except_") or []}
        replaced = {one.alias.lower(): one.this for one in star.args.get("replace") or []}
        renamed = {
            one.this.name.lower(): one.alias.lower() for one in star.args.get("rename") or []
        }
        columns = scope.merged if alias is None else {}
        pairs = list(columns.items())
        for name, relation in scope.relations.items():
            if alias in (None, name):
                pairs += [pair for pair in relation.columns.items() if pair[0] not in columns]
        for name, value in pairs:
            if name in left_out:
                continue
            if name in replaced:
                value = self.value(replaced[name], scope, ctes)
            yield renamed.get(name, name), value


def _only(node: exp.Expression, known: set[str]) -> None:
    unknown = [name for name, part in node.args.items() if part and name not in known]
    if unknown:
        raise UndeterminedError(f"{unknown[0].strip('_')} of a {kind(node)} can't be followed")


def _renamed(relation: Relation, alias: exp.Expression | None) -> Relation:
    names = [column.name.lower() for column in (alias.args.get("columns") or [])] if alias else []
    if not names:
        return Relation(relation.columns, relation.key)
    values = list(relation.columns.values())
    if len(values) == 1:
        return Relation(dict.fromkeys(names, values[0]))
    if len(names) != len(values):
        raise UndeterminedError("an alias that names only some of the columns: name all")
    return Relation(dict(zip(names, values, strict=True)))


def _unpivoted(pivot: exp.Pivot, relation: Relation) -> Relation:
    fields, values = pivot.args.get("fields") or [], pivot.expressions
    if not pivot.args.get("unpivot") or len(fields) != 1 or len(values) != 1:
        raise UndeterminedError("a pivot makes columns of values: write a case for each column")
    turned = fields[0].expressions
    if not all(
        isinstance(one, exp.Column) and one.name.lower() in relation.columns for one in turned
    ):
        raise UndeterminedError("an unpivot of something other than columns: list them")
    names = {one.name.lower() for one in turned}
    columns = {name: value for name, value in relation.columns.items() if name not in names}
    columns[fields[0].this.name.lower()] = NOTHING
    columns[values[0].name.lower()] = joined(*(relation.columns[name] for name in names))
    return Relation(columns)


def _conjuncts(condition: exp.Expression) -> Iterator[exp.Expression]:
    while isinstance(condition, exp.Paren):
        condition = condition.this
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.this)
        yield from _conjuncts(condition.expression)
    else:
        yield condition


def _relations_in(node: exp.Expression, scope: Scope) -> set[str]:
    found = set()
    for column in node.find_all(exp.Column):
        first = column.parts[0].name.lower()
        if len(column.parts) > 1 and first in scope.relations:
            found.add(first)
        else:
            found |= {alias for alias, r in scope.relations.items() if first in r.columns}
    return found


def _dictionary_key(node: exp.Select, scope: Scope) -> str | None:
    """A plain copy of a dictionary, whole or in part of its rows, is one too."""
    stars = [one for one in node.expressions if isinstance(one, exp.Star)]
    copies = [one for one in stars if not any(one.args.values())]
    if len(scope.relations) == 1 and len(copies) == 1 and len(node.expressions) == 1:
        return next(iter(scope.relations.values())).key
    return None
