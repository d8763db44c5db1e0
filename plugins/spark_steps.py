"""Steps of a statement that are stored on the way.

Spark puts a common table expression in the place of each of its readers. Where one is read twice,
by another that is read twice, and so on for fifty steps of local recoding, the plan has more copies
than anything can hold. DuckDB computes each once; here a step that would be computed more than
twice is stored, for the time of the statement.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from sqlglot.dialects import Spark
from sqlglot.tokens import Token, TokenType

# How often a step may be computed before it is stored: storing one costs a job of Spark's.
_COPIES = 2
_READ_AFTER = {TokenType.FROM, TokenType.JOIN}


@dataclass(frozen=True)
class Step:
    """One common table expression: its name, its query, the names of the steps that it reads."""

    name: str
    query: str
    reads: tuple[str, ...]
    is_import: bool


@dataclass(frozen=True)
class Statement:
    """A statement cut at its first `with`: what stands before, the steps, what stands after."""

    before: str
    steps: tuple[Step, ...]
    after: str
    reads: tuple[str, ...]

    @cached_property
    def stored(self) -> list[str]:
        """Names of the steps to store, in their order: all others are computed twice at most."""
        copies, stored = Counter(self.reads), []
        for step in reversed(self.steps):
            if copies[step.name] > _COPIES and not step.is_import:
                copies[step.name] = 1
                stored.insert(0, step.name)
            for name in step.reads:
                copies[name] += copies[step.name]
        return stored

    @cached_property
    def _by_name(self) -> dict[str, Step]:
        return {step.name: step for step in self.steps}

    def query_of(self, step: Step) -> str:
        """Return the query of a step, with those before it that are not stored."""
        return self._with_open_steps(step.reads) + step.query

    def rest(self) -> str:
        """Return the statement itself, without the steps that are stored."""
        return f"{self.before}{self._with_open_steps(self.reads)}{self.after}"

    def _with_open_steps(self, reads: tuple[str, ...]) -> str:
        closed = set(self.stored)
        wanted: set[str] = set()
        waiting = list(reads)
        while waiting:
            name = waiting.pop()
            if name not in closed and name not in wanted:
                wanted.add(name)
                waiting += self._by_name[name].reads
        bodies = [f"{s.name} as (\n{s.query}\n)" for s in self.steps if s.name in wanted]
        return "with " + ",\n".join(bodies) + "\n" if bodies else ""


def cut(sql: str) -> Statement | None:
    """Cut a statement into its steps; None where it has none."""
    tokens = Spark().tokenize(sql)
    at = next((i for i, token in enumerate(tokens) if token.token_type is TokenType.WITH), None)
    if at is None:
        return None
    start = tokens[at].start
    bodies: list[tuple[str, list[Token]]] = []
    while True:
        name, opening = tokens[at + 1], at + 3
        if tokens[at + 2].token_type is not TokenType.ALIAS or (
            tokens[opening].token_type is not TokenType.L_PAREN
        ):
            return None
        closing = _closing(tokens, opening)
        bodies.append((name.text, tokens[opening + 1 : closing]))
        at = closing + 1
        if at >= len(tokens) or tokens[at].token_type is not TokenType.COMMA:
            break
    names: list[str] = []
    steps = []
    for name, inner in bodies:
        query = sql[inner[0].start : inner[-1].end + 1]
        steps.append(Step(name, query, _reads(inner, names), _is_import(inner)))
        names.append(name)
    end = tokens[at - 1].end + 1
    return Statement(sql[:start], tuple(steps), sql[end:], _reads(tokens[at:], names))


def _closing(tokens: list[Token], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        if tokens[at].token_type is TokenType.L_PAREN:
            depth += 1
        elif tokens[at].token_type is TokenType.R_PAREN:
            depth -= 1
            if depth == 0:
                return at
    raise ValueError("A statement ends inside of a step.")


def _reads(tokens: list[Token], names: list[str]) -> tuple[str, ...]:
    following = [*tokens[1:], None]
    after = [*tokens[2:], None, None]
    return tuple(
        name.text
        for token, name, then in zip(tokens, following, after, strict=True)
        if token.token_type in _READ_AFTER
        and name is not None
        and name.text in names
        and (then is None or then.token_type is not TokenType.DOT)
    )


def _is_import(tokens: list[Token]) -> bool:
    """Tell whether a step is `select * from` a table, whole or by a simple condition."""
    kinds = [token.token_type for token in tokens[:3]]
    return kinds == [TokenType.SELECT, TokenType.STAR, TokenType.FROM] and not any(
        token.token_type in (TokenType.JOIN, TokenType.L_PAREN) for token in tokens
    )
