"""The proof itself: every column beyond the wall and of every release, against the limits."""

import sys
from dataclasses import dataclass, field, replace
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from lineage.flows import Query
from lineage.policy import IDENTIFIABLE, UNLABELLED, WAREHOUSE, Policy
from lineage.project import Failure, Project, full_name, is_beyond
from lineage.values import (
    ATTRIBUTE,
    UNDETERMINED,
    End,
    Flow,
    Origin,
    Relation,
    UndeterminedError,
    Value,
    labels,
)

# What goes out with a release, in its file or its manifest, stands here and says whose it is.
RELEASED_SCHEMAS, RELEASED_COLUMN = ("marts", "governance"), "agreement_reference"
DICTIONARY = "column_dictionary"
_DEEP = 20_000


@dataclass
class Proof:
    """What was found. `reaches`: the labels of each column beyond the wall, by model and column.

    `relations`: the same of every model, source and seed.
    """

    invocation_id: str | None
    failures: list[Failure] = field(default_factory=list)
    ends: dict[str, set[End]] = field(default_factory=dict)
    reaches: dict[str, dict[str, Value]] = field(default_factory=dict)
    relations: dict[str, dict[str, Value]] = field(default_factory=dict)
    origins: dict[str, set[Origin]] = field(default_factory=dict)
    policy: Policy | None = None
    released: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """No failure, and something was looked at."""
        return not self.failures and bool(self.reaches)


def prove(manifest: dict, policy: Policy) -> Proof:
    """Trace every column of every model of a manifest, and hold those beyond the wall to limits."""
    # Long unions and conditions are deep trees.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEP))
    return _Prover(manifest, policy).run()


class _Prover:
    def __init__(self, manifest: dict, policy: Policy) -> None:
        self.policy = policy
        self.project = Project(manifest, policy)
        self.declassifiers, wrong = self.project.declassifiers()
        self.proof = Proof(manifest.get("metadata", {}).get("invocation_id"), wrong)
        self.relations: dict[tuple[str, ...], Relation] = {}
        self.under_way: set[tuple[str, ...]] = set()
        tables = self.project.tables.values()
        self.beyond = {
            table["name"]
            for table in tables
            if is_beyond(table) and table["resource_type"] == "model"
        }

    def run(self) -> Proof:
        proof, project = self.proof, self.project
        proof.failures += project.objections()
        proof.policy = self.policy
        for name, table in sorted(project.tables.items()):
            relation = self._relation(name)
            proof.relations[table["name"]] = relation.columns
            if table["resource_type"] in ("seed", "source"):
                self._hold_source(table, relation)
            elif is_beyond(table):
                self._hold(table, relation)
        proof.failures.sort(key=lambda failure: (failure.model, failure.column or ""))
        return proof

    # ---------- what relations hold

    def _relation(self, name: tuple[str, ...]) -> Relation:
        if name not in self.relations:
            table = self.project.tables[name]
            self.relations[name] = (
                self._model(table)
                if table["resource_type"] == "model"
                else Relation(
                    {
                        column["name"].lower(): self._label(table, column)
                        for column in table["columns"].values()
                    }
                )
            )
        return self.relations[name]

    def _label(self, table: dict, column: dict) -> Value:
        meta = (column.get("config") or {}).get("meta") or column.get("meta") or {}
        name = column["name"].lower()
        label = self.policy.label_of(name, meta.get("sensitivity"))
        origin = Origin(table["name"], name)
        if label is None or label == ATTRIBUTE:
            return frozenset({Flow(ATTRIBUTE, origin)})
        self.proof.origins.setdefault(label, set()).add(origin)
        return frozenset({Flow(label, origin)})

    def _model(self, node: dict) -> Relation:
        name = full_name(node)
        self.under_way.add(name)
        try:
            columns = self._columns(node)
        except (UndeterminedError, SqlglotError, RecursionError) as error:
            what = str(error) if isinstance(error, UndeterminedError) else "its SQL can't be read"
            flow = Flow(f"{UNDETERMINED}{what}", Origin(node["name"], "*"))
            columns = {column.lower(): frozenset({flow}) for column in node["columns"]}
            columns["*"] = frozenset({flow})
        finally:
            self.under_way.discard(name)
        return Relation(columns, self.policy.dictionaries.get(node["name"]))

    def _columns(self, node: dict) -> dict[str, Value]:
        if node.get("language", "sql") != "sql" or not node.get("compiled_code"):
            raise UndeterminedError("it is not compiled: build or compile the whole project")
        statements = _parsed(node["compiled_code"])
        if len(statements) != 1:
            raise UndeterminedError("more than one statement: a model is one select")
        query = Query(
            self._reader(node),
            self.policy.walled() if is_beyond(node) else set(),
            self._at_hand(node),
            self.policy.functions,
            self.policy.persons,
        )
        columns = query.query(statements[0], {}, None).columns
        self.proof.ends.setdefault(node["name"], set()).update(query.ends)
        return columns

    def _at_hand(self, node: dict) -> list:
        """Return the declassifiers that a model calls: a macro's body written out is no call."""
        own, seen = self.project.own_macros(), set()
        waiting = [key.rpartition(".")[2] for key in node["depends_on"].get("macros", [])]
        while waiting:
            name = waiting.pop()
            if name not in seen and name in own:
                seen.add(name)
                called = own[name].get("depends_on", {}).get("macros", [])
                waiting += [key.rpartition(".")[2] for key in called]
        return [
            replace(d, rules=[r for r in d.rules if r.only_in in ("", node["name"])])
            for d in self.declassifiers
            if d.kind != "macro" or d.name in seen
        ]

    def _reader(self, node: dict):
        known = set(node["depends_on"]["nodes"])

        def read(name: tuple[str, ...]) -> Relation:
            table = self.project.tables.get(name)
            if table is None or table["unique_id"] not in known:
                raise UndeterminedError(
                    f"{'.'.join(name)} is read by its name: use ref or source, and no file"
                )
            if name in self.under_way:
                raise UndeterminedError("it reads itself: a model reads others only")
            relation = self._relation(name)
            columns = {
                column: frozenset(
                    flow._replace(origin=Origin(table["name"], column)) for flow in value
                )
                for column, value in relation.columns.items()
                if column != "*"
            }
            return Relation(columns, relation.key)

        return read

    # ---------- limits

    def _hold_source(self, table: dict, relation: Relation) -> None:
        for column, value in relation.columns.items():
            if UNLABELLED in labels(value):
                self._fail(
                    table,
                    column,
                    "it is tagged as identifying and has no label",
                    "give it one in identifier_labels",
                )
            if is_beyond(table) and labels(value) & self.policy.walled():
                self._fail(
                    table,
                    column,
                    "an identifier stands beyond the wall",
                    "keep it in the identifiable zone",
                )

    def _hold(self, node: dict, relation: Relation) -> None:
        released = self._is_released(node)
        if released:
            self.proof.released.append(node["name"])
        columns = {c: v for c, v in relation.columns.items() if c != "*"}
        self.proof.reaches[node["name"]] = columns
        for column, value in relation.columns.items():
            for flow in sorted(value):
                self._judge(node, column, flow, released)
        declared = {column.lower() for column in node["columns"]}
        for column in sorted(declared ^ set(columns) if released else ()):
            said = "declared and not made" if column in declared else "made and not declared"
            self._fail(node, column, f"the column is {said}", "declare what the query gives")

    def _judge(self, node: dict, column: str, flow: Flow, released: bool) -> None:
        """Fail a column once: where the label comes over the limit, not wherever it goes on to."""
        where = f"{flow.origin.relation}.{flow.origin.column}"
        if flow.label.startswith(UNDETERMINED):
            what = flow.label.removeprefix(UNDETERMINED)
            own = flow.origin.relation == node["name"]
            if not own and flow.origin.relation in self.beyond:
                return
            self._fail(
                node,
                None if own else column,
                "its lineage can't be told" if own else f"the lineage of {where} can't be told",
                what,
            )
            return
        limit = self.policy.limit(flow.label)
        over = limit == IDENTIFIABLE and flow.origin.relation not in self.beyond
        if over or (released and limit == WAREHOUSE):
            self._fail(
                node,
                column,
                f"{flow.label} reaches it from {where}",
                "drop it or end it by a declassifier that takes it",
            )

    def _is_released(self, node: dict) -> bool:
        return node["schema"] in RELEASED_SCHEMAS and (
            RELEASED_COLUMN in node["columns"] or node["name"] == DICTIONARY
        )

    def _fail(self, node: dict, column: str | None, what: str, remedy: str) -> None:
        failure = Failure(node["name"], column, what, remedy)
        if failure not in self.proof.failures:
            self.proof.failures.append(failure)


@lru_cache(maxsize=1000)
def _parsed(sql: str) -> tuple[exp.Expression, ...]:
    """Return the statements of a text. Nobody changes what was parsed, so it is parsed once."""
    return tuple(one for one in sqlglot.parse(sql, read="duckdb") if one)
