"""The project as dbt's manifest tells it: relations, bodies, and what else could move data.

A proof over the queries alone would miss whatever moves data past them: hooks, macros that ask the
database while SQL is written, materialisations and overrides of dbt's own macros. Each is refused
unless its body was reviewed and pinned.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lineage.declassifiers import Declassifier, body_hash, macro_body
from lineage.policy import Policy

ZONE_BEFORE_THE_WALL = "identifiable"
# Words by which a macro or model has the database answer, or run something, while SQL is written.
_ASKS = re.compile(r"\b(run_query|statement|load_result|query\s*\(|adapter\s*\.\s*execute)")
# Words of dbt that a macro of the same name would stand in for.
_BUILT_IN = {"ref", "source", "function", "config", "var", "this"}
# `kept` is the project's own: a table made anew only when what it is made of has changed.
_MATERIALIZED = ("table", "view", "ephemeral", "kept")


@dataclass(frozen=True)
class Failure:
    """What stands against the proof, where, and what to do about it."""

    model: str
    column: str | None
    what: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        place = f"{self.model}.{self.column}" if self.column else self.model
        return f"{place}: {self.what}; {self.remedy}"


class Project:
    """A manifest, read for the proof."""

    def __init__(self, manifest: dict, policy: Policy) -> None:
        """Index the manifest; nothing is judged yet."""
        self.policy = policy
        self.macros = manifest.get("macros", {})
        self.nodes = manifest.get("nodes", {})
        self.functions = manifest.get("functions") or {}
        self.package = manifest.get("metadata", {}).get("project_name") or "project"
        tables = [n for n in self.nodes.values() if n["resource_type"] in ("model", "seed")]
        self.tables = {
            full_name(table): table for table in [*tables, *manifest.get("sources", {}).values()]
        }

    def models(self) -> list[dict]:
        """Models of the project, by name."""
        return sorted(
            (n for n in self.nodes.values() if n["resource_type"] == "model"),
            key=lambda node: node["name"],
        )

    def own_macros(self) -> dict[str, dict]:
        """The project's own macros by name."""
        return {m["name"]: m for m in self.macros.values() if m["package_name"] == self.package}

    # ---------- bodies

    def macro_text(self, name: str) -> list[str]:
        """Return a macro's text and those of the project's macros that it calls, by name."""
        own, found, waiting = self.own_macros(), {}, [name]
        while waiting:
            macro = own.get(waiting.pop())
            if macro is None or macro["name"] in found:
                continue
            found[macro["name"]] = macro["macro_sql"]
            waiting += [called(key) for key in macro.get("depends_on", {}).get("macros", [])]
        first = [found.pop(name)] if name in found else []
        return first + [found[other] for other in sorted(found)]

    def body(self, kind: str, name: str) -> str | None:
        """Return the hash of a body that `reviewed_bodies` speaks of; None without one."""
        if kind == "function":
            texts = [f["raw_code"] for f in self.functions.values() if f["name"] == name]
        elif kind in ("dictionary", "hook"):
            type_ = "model" if kind == "dictionary" else "operation"
            texts = []
            for node in self.nodes.values():
                if node["name"] == name and node["resource_type"] == type_:
                    macros = sorted(map(called, node["depends_on"].get("macros", [])))
                    texts = [node["raw_code"]]
                    texts += [text for macro in macros for text in self.macro_text(macro)]
        else:
            texts = self.macro_text(name)
        return body_hash(*texts) if texts else None

    def changed(self, kind: str, name: str) -> Failure | None:
        """Say that a body is gone or is not the one that was reviewed; None when it is."""
        found, pinned = self.body(kind, name), self.policy.pins.get((kind, name))
        if found is not None and found == pinned:
            return None
        if found is None:
            what, remedy = f"the {kind} is gone", "take it out of seeds/lineage"
        elif pinned is None:
            what = f"the {kind} was never reviewed"
            remedy = f"review it, then pin {found} in reviewed_bodies"
        else:
            what = f"the body of the {kind} is not the one that was reviewed"
            remedy = f"review it, then pin {found} in reviewed_bodies"
        return Failure(name, None, what, remedy)

    def declassifiers(self) -> tuple[list[Declassifier], list[Failure]]:
        """Return those whose bodies are as reviewed, and what is wrong with the others."""
        good, wrong = [], []
        for (kind, name), rules in self.policy.rules.items():
            if kind == "aggregate":
                good.append(Declassifier(name, kind, [""], rules))
                continue
            failure = self.changed(kind, name)
            if failure:
                wrong.append(failure)
                continue
            try:
                good.append(self._declassifier(kind, name, rules))
            except ValueError as error:
                wrong.append(Failure(name, None, str(error), "write its body out in the macro"))
        return good, wrong

    def _declassifier(self, kind: str, name: str, rules: list) -> Declassifier:
        if kind == "function":
            (node,) = [f for f in self.functions.values() if f["name"] == name]
            arguments = [argument["name"] for argument in node["arguments"]]
            return Declassifier(name, kind, arguments, rules, relation=full_name(node))
        texts = self.macro_text(name)
        signature = re.search(rf"macro\s+{name}\s*\(([^)]*)\)", texts[0])
        arguments = [word.strip() for word in (signature.group(1) if signature else "").split(",")]
        return Declassifier(name, kind, arguments, rules, macro_body(texts[0], name, arguments))

    # ---------- what moves data past the queries

    def objections(self) -> Iterator[Failure]:
        """Yield what could move data past the models' queries."""
        for node in self.nodes.values():
            if node["resource_type"] in ("model", "seed"):
                yield from self._node_objections(node)
            elif node["resource_type"] == "snapshot":
                yield Failure(node["name"], None, "a snapshot copies rows", "make it a model")
            elif node["resource_type"] == "test" and node["config"].get("store_failures"):
                yield Failure(node["name"], None, "a test stores rows", "set store_failures: false")
        for kind, name in self.policy.pins:
            if kind in ("dictionary", "hook", "macro that asks", "override"):
                failure = self.changed(kind, name)
                if failure:
                    yield failure
        for node in self._operations():
            if ("hook", node["name"]) not in self.policy.pins:
                yield Failure(
                    node["name"],
                    None,
                    "a hook of the project runs SQL of its own",
                    "pin its body in reviewed_bodies",
                )
        yield from self._macro_objections()

    def _node_objections(self, node: dict) -> Iterator[Failure]:
        config, name = node["config"], node["name"]
        hooks = [*(config.get("pre-hook") or []), *(config.get("post-hook") or [])]
        if hooks or config.get("sql_header"):
            yield Failure(name, None, "a hook runs SQL of its own", "do without the hook")
        if node["resource_type"] != "model":
            return
        if node.get("language", "sql") != "sql":
            yield Failure(name, None, "a model in Python can't be followed", "write it in SQL")
        if config.get("materialized") not in _MATERIALIZED:
            yield Failure(
                name,
                None,
                f"materialised as {config.get('materialized')}",
                f"use one of {', '.join(_MATERIALIZED)}",
            )
        if _ASKS.search(node.get("raw_code") or ""):
            yield Failure(
                name,
                None,
                "asks the database while its SQL is written",
                "put the question into a macro and have it reviewed",
            )

    def _macro_objections(self) -> Iterator[Failure]:
        foreign = {m["name"] for m in self.macros.values() if m["package_name"] != self.package}
        for name, macro in self.own_macros().items():
            reviewed = {kind for kind, pinned in self.policy.pins if pinned == name}
            if _ASKS.search(macro["macro_sql"]) and not reviewed & {"macro that asks", "override"}:
                yield Failure(
                    name,
                    None,
                    "the macro has the database run something while SQL is written",
                    "review it, then pin it in reviewed_bodies as a macro that asks",
                )
            stands_in = {name, name.partition("__")[2]} & (foreign | _BUILT_IN)
            stands_in = stands_in or name.startswith("materialization_")
            if stands_in and "override" not in reviewed:
                yield Failure(
                    name,
                    None,
                    "the macro stands in for one of dbt's own",
                    "review it, then pin it in reviewed_bodies as an override",
                )

    def _operations(self) -> list[dict]:
        return [n for n in self.nodes.values() if n["resource_type"] == "operation"]


def called(unique_id: str) -> str:
    """Return the name in the unique id of a macro."""
    return unique_id.rpartition(".")[2]


def full_name(node: dict) -> tuple[str, ...]:
    """Return database, schema and name of a relation or function, in lower case."""
    name = node.get("alias") or node.get("identifier") or node["name"]
    return tuple(part.lower() for part in (node["database"], node["schema"], name))


def is_beyond(node: dict) -> bool:
    """Say whether a relation lies beyond the wall."""
    return node["database"].lower() != ZONE_BEFORE_THE_WALL
