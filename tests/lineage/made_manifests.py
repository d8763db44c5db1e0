"""Small manifests, made as dbt makes them, with the project's own macros and functions in them.

SQL of a case names relations as `@name` and calls macros as a model does; it is rendered and filled
in here, so that the checker sees compiled SQL only.
"""

import re

import jinja2

from plugins.home import PROJECT_ROOT

MACROS = (
    *("age_on", "month_of", "quarter_of", "year_of", "month_start_of", "month_number_of"),
    *("persons_counted", "row_outcome", "largest_amount"),
)
FUNCTIONS = {
    "person_token": ["identifier"],
    "local_person_token": ["la_code", "la_person_unique_identifier"],
    "agreement_token": ["agreement_reference", "person_token"],
}
DIRECT, QUASI, NONE = "direct_identifier", "quasi_identifier", "non_personal"
PERSONS = {
    "nhs_number": DIRECT,
    "la_person_unique_identifier": DIRECT,
    "first_name": DIRECT,
    "date_of_birth": DIRECT,
    "postcode": DIRECT,
    "event_reference": QUASI,
    "event_start_date": QUASI,
    "gender": QUASI,
    "la_code": NONE,
}
SAFE = "select la_code, gender from @persons"


def macro_text(name: str) -> str:
    """A macro of the project as dbt's manifest has it: the block, without the comment above it."""
    text = (PROJECT_ROOT / "macros" / "declassifiers" / f"{name}.sql").read_text()
    return text[text.index("{% macro") :].strip()


def _columns(tags: dict[str, str]) -> dict:
    return {
        name: {"name": name, "config": {"meta": {"sensitivity": tag}}} for name, tag in tags.items()
    }


def table(kind: str, name: str, zone: str, schema: str, tags: dict[str, str], **more) -> dict:
    return {
        "unique_id": f"{kind}.made.{name}",
        "resource_type": kind,
        "name": name,
        "database": zone,
        "schema": schema,
        "columns": _columns(tags),
        "config": {"materialized": "table", "pre-hook": [], "post-hook": []},
        "depends_on": {"nodes": [], "macros": []},
    } | more


class Made:
    """A manifest in the making."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict] = {}
        self.sources: dict[str, dict] = {}
        self.macros: dict[str, dict] = {}
        self.functions: dict[str, dict] = {}
        for name in MACROS:
            self.macro(name, macro_text(name))
        for name, arguments in FUNCTIONS.items():
            self.functions[f"function.made.{name}"] = {
                "name": name,
                "database": "pseudonymised",
                "schema": "functions",
                "arguments": [{"name": argument} for argument in arguments],
                "raw_code": (PROJECT_ROOT / "functions" / f"{name}.sql").read_text(),
            }
        self.source("landed_persons", "identifiable", PERSONS)
        self.model("persons", "select * from @landed_persons", zone="identifiable")
        self.seed("bands", {"age": NONE, "band": NONE})
        self.seed("lookups", {"code": NONE, "said": NONE, "nhs_number_like": NONE})
        self.seed("agreements", {"agreement_reference": NONE})
        self.model(
            "tokens",
            "select nhs_number, {{ person_token }}(nhs_number) as person_token from @persons",
            zone="identifiable",
        )
        self.model(
            "events",
            "select t.person_token, p.event_start_date, p.gender, p.la_code "
            "from @persons as p inner join @tokens as t on p.nhs_number = t.nhs_number",
        )

    def macro(self, name: str, sql: str, package: str = "made", calls: tuple = ()) -> None:
        self.macros[f"macro.{package}.{name}"] = {
            "name": name,
            "package_name": package,
            "macro_sql": sql,
            "depends_on": {"macros": [f"macro.{package}.{call}" for call in calls]},
        }

    def source(self, name: str, zone: str, tags: dict[str, str]) -> None:
        node = table("source", name, zone, "landing", tags)
        self.sources[node["unique_id"]] = node

    def seed(self, name: str, tags: dict[str, str], zone: str = "pseudonymised") -> None:
        node = table("seed", name, zone, "reference", tags)
        self.nodes[node["unique_id"]] = node

    def model(
        self,
        name: str,
        sql: str,
        zone: str = "pseudonymised",
        schema: str = "intermediate",
        columns: tuple[str, ...] = (),
        **more,
    ) -> dict:
        tables = {n["name"]: n for n in [*self.nodes.values(), *self.sources.values()]}
        read = []

        def filled(found: re.Match) -> str:
            node = tables[found.group(1)]
            read.append(node["unique_id"])
            return '"{database}"."{schema}"."{name}"'.format(**node)

        called = [m for m in self.macros.values() if re.search(rf"\b{m['name']}\(", sql)]
        compiled = re.sub(r"@(\w+)", filled, self._rendered(sql))
        node = table("model", name, zone, schema, dict.fromkeys(columns, NONE))
        node |= {"raw_code": sql, "compiled_code": compiled, "language": "sql"}
        node["depends_on"] = {
            "nodes": read,
            "macros": [f"macro.{m['package_name']}.{m['name']}" for m in called],
        }
        node |= more
        self.nodes[node["unique_id"]] = node
        return node

    def _rendered(self, sql: str) -> str:
        environment = jinja2.Environment(autoescape=False)  # noqa: S701  SQL is no HTML
        for macro in self.macros.values():
            module = environment.from_string(macro["macro_sql"]).module
            environment.globals[macro["name"]] = getattr(module, macro["name"])
        for name in FUNCTIONS:
            environment.globals[name] = f'"pseudonymised"."functions"."{name}"'
        return environment.from_string(sql).render()

    def manifest(self) -> dict:
        return {
            "metadata": {"project_name": "made", "invocation_id": "made"},
            "nodes": self.nodes,
            "sources": self.sources,
            "macros": self.macros,
            "functions": self.functions,
        }
