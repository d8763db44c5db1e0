"""Named declassifiers: how each is recognised in compiled SQL, and what it takes from a value.

A macro leaves no name in compiled SQL, so it is recognised by its whole body: the macro is
rendered with marks for its arguments, parsed, and held against the parsed query node by node. What
matches is the body that was pinned, so nothing that merely looks alike passes. A function of dbt
keeps its full name, which only that function can have. An aggregate has the engine's own name.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import jinja2
import sqlglot
from sqlglot import exp

from lineage.values import ATTRIBUTE, NOTHING, UNDETERMINED, End, Value, derived

ALL = "*"
VIA = " via "
_MARK = "__argument_{}__"


@dataclass(frozen=True)
class Rule:
    """One row of the seed: which label may stand in which argument, and what it becomes.

    `needs` (`argument:label`) names an argument that must carry a label, or nothing is ended;
    `only_in` the one model in which the rule holds.
    """

    argument: str
    label: str
    gives: str
    needs: str = ""
    only_in: str = ""


@dataclass
class Declassifier:
    """`body` is the parsed body with marks in it (macros), `relation` the full name (functions)."""

    name: str
    kind: str
    arguments: list[str]
    rules: list[Rule]
    body: exp.Expression | None = None
    relation: tuple[str, ...] = ()

    def apply(self, parts: dict[str, Value], persons: set[str]) -> tuple[Value, set[End]]:
        """Return what is left of the arguments' values, and which labels were ended.

        An ended label goes on as `<label> via <declassifier>`, which no limit is set to. A label
        that stands in an argument which doesn't take it stays. A label of persons that is given
        starts plain: whether a token is null says only whether there is one.
        """
        left, ends = set(), set()
        for argument, value in parts.items():
            for flow in derived(value):
                over = VIA in flow.label or flow.label.startswith(UNDETERMINED)
                over = over or flow.label == ATTRIBUTE
                rule = None if over else self._rule(argument, flow.label, parts)
                if rule is None:
                    left.add(flow)
                    continue
                ends.add(End(self.name, flow.label, flow.origin))
                left.add(flow._replace(label=f"{flow.label}{VIA}{self.name}"))
                if rule.gives:
                    left.add(flow._replace(label=rule.gives, plain=rule.gives in persons))
        return frozenset(left), ends

    def _rule(self, argument: str, label: str, parts: dict[str, Value]) -> Rule | None:
        for rule in self.rules:
            if rule.argument not in (argument, ALL) or rule.label not in (label, ALL):
                continue
            needed, _, wanted = rule.needs.partition(":")
            if rule.needs and wanted not in {f.label for f in parts.get(needed, NOTHING)}:
                continue
            return rule
        return None


def body_hash(*texts: str) -> str:
    """Return the SHA-256 that pins a body: of its lines without trailing blanks."""
    lines = [line.rstrip() for text in texts for line in text.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def macro_body(source: str, name: str, arguments: list[str]) -> exp.Expression:
    """Render a macro with marks for its arguments and return the parsed body.

    Errors: `ValueError` when the macro needs more than its arguments (it must be its own text), or
    when its body is nothing but an argument.
    """
    # SQL is no HTML: nothing in it is escaped.
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
    try:
        module = environment.from_string(source).module
        text = getattr(module, name)(*[_MARK.format(argument) for argument in arguments])
        (tree,) = sqlglot.parse(f"select {text}", read="duckdb")
    except (jinja2.TemplateError, sqlglot.ParseError, AttributeError, ValueError) as error:
        raise ValueError(f"{name} can't be rendered by itself: {type(error).__name__}") from error
    (body,) = tree.expressions
    body = _bare(body)
    if isinstance(body, exp.Column):
        raise ValueError(f"{name} does nothing to its argument")
    return body


def bindings(pattern: exp.Expression, node: exp.Expression) -> dict[str, exp.Expression] | None:
    """Return what stands in the marks of `pattern` where `node` has the same body, else None."""
    bound: dict[str, exp.Expression] = {}
    return bound if _same(pattern, node, bound) else None


def _same(pattern: object, node: object, bound: dict) -> bool:
    if isinstance(pattern, list):
        return (
            isinstance(node, list)
            and len(pattern) == len(node)
            and all(_same(one, other, bound) for one, other in zip(pattern, node, strict=True))
        )
    if not isinstance(pattern, exp.Expression):
        return pattern == node
    if not isinstance(node, exp.Expression):
        return False
    pattern, node = _bare(pattern), _bare(node)
    argument = _argument(pattern)
    if argument:
        if argument in bound:
            return bound[argument] == node
        bound[argument] = node
        return True
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, exp.Identifier):
        return pattern.name.lower() == node.name.lower()
    return all(
        _same(pattern.args.get(key) or None, node.args.get(key) or None, bound)
        for key in set(pattern.args) | set(node.args)
    )


def _bare(node: exp.Expression) -> exp.Expression:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _argument(node: exp.Expression) -> str | None:
    head, tail = _MARK.split("{}")
    if isinstance(node, exp.Column) and len(node.parts) == 1:
        name = node.name.lower()
        if name.startswith(head) and name.endswith(tail):
            return name[len(head) : -len(tail)]
    return None


def function_call(node: exp.Expression) -> tuple[tuple[str, ...], list[exp.Expression]] | None:
    """Return (full name, arguments) of a call by a name with dots, else None."""
    if not isinstance(node, exp.Dot):
        return None
    parts = list(_dotted(node))
    if not isinstance(parts[-1], exp.Anonymous):
        return None
    if not all(isinstance(part, exp.Identifier) for part in parts[:-1]):
        return None
    return tuple(part.name.lower() for part in parts), parts[-1].expressions


def _dotted(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.Dot):
        yield from _dotted(node.this)
        yield node.expression
    else:
        yield node
