"""The engine's contract and rules, written from the project's own seeds of the specification.

Fields, types, mandatory fields and code lists stand in the contract; what hangs on other fields, in
rules. `compared()` says which of the project's findings each code of the engine answers to.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.validation import sentences
from benchmarks.validation.sentences import ENTITY, Specification, seed

_LISTED = ("not_on_list", "capitals_differ", "release_1_value", "other_release_value",
           "nhs_ethnic_category")  # fmt: skip
_TYPES = {
    "date": "date",
    "text": "str",
    "integer": "int",
    "nhs_number": "permissivenhsno",
    "postcode": {"callable": "postcode"},
    "money": {"callable": "condecimal", "constraints": {"max_digits": 18, "decimal_places": 2}},
}
# What a cell that the engine's type does not take is to the project, and what it reads in spite.
_UNREADABLE = {
    "date": (("date_unreadable",), ("date_as_serial", "date_with_time")),
    "integer": (("number_unreadable",), ("number_repaired",)),
    "money": (("number_unreadable",), ("number_repaired", "number_rounded")),
    "nhs_number": (
        ("nhs_number_malformed", "nhs_number_check_digit", "nhs_number_unrecoverable"),
        ("nhs_number_repaired",),
    ),
    "postcode": (("postcode_unreadable",), ("postcode_repaired",)),
    "gp_practice_code": (("practice_code_malformed",), ()),
    "provider_cqc_location_id": (("location_id_malformed",), ()),
}
_SHAPES = {
    "gp_practice_code": "^[A-Za-z][0-9A-Za-z][0-9]{4}$",
    "provider_cqc_location_id": "^1-[0-9]{6,12}$",
}

# The project's rules that the engine's document leaves out, by why.
NOT_COMPARED = {
    "A repair: the engine refuses what is not written as its type asks, and mends nothing.": (
        "blanks_around_value", "spelling_repaired", "date_as_serial", "date_with_time",
        "number_repaired", "number_rounded", "nhs_number_repaired", "postcode_repaired",
        "own_code_of_other_kind", "person_id_backfilled",
    ),
    "How a column of a submission writes its dates: the engine knows one way for each field.": (
        "date_may_be_shifted", "date_convention_assumed", "date_month_first", "date_ambiguous",
    ),
    "About the arrival of a submission, which a CSV does not show.": (
        "columns_not_recognised", "headers_normalised", "columns_missing",
        "sender_code_of_other_kind", "last_row_of_the_format", "more_than_monthly",
        "received_late", "not_on_schedule",
    ),
    "About a submission beside its council's others, and the months that its events cover.": (
        "period_not_derived", "period_differs", "fewer_rows_than_before",
        "fewer_clients_than_before", "emptier_than_before", "older_than_history",
    ),
    "What follows from what: the engine has no findings about findings.": ("rule_not_evaluated",),
    "Said by the engine with the blank cell itself.": ("person_id_blank",),
    "None in the rows: what a spreadsheet shows for an error does not come as CSV.": (
        "error_value",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One code of the engine: the project's rules for the same fault, of the same field if any.

    Where the project has one of the `excused` rules for `excused_field` on the row, the two read
    one of its cells differently, and what one of them says alone is no difference in the rule.
    """

    code: str
    rules: tuple[str, ...]
    field: str | None = None
    excused: tuple[str, ...] = ()
    excused_field: str | None = None


def write(folder: Path) -> Path:
    """Write the engine's document and its error codes into `folder`; return the document's path."""
    of = Specification()
    severities = {row["rule_id"]: row for row in seed("specification/validation_rules")}
    always = sentences.always_due()
    types = {
        name: {
            "callable": "constr",
            "constraints": {
                "strip_whitespace": True,
                "regex": f"^(?:{'|'.join(re.escape(value) for value in of.listed(name))})$",
            },
        }
        for name in sorted({row["code_list"] for row in of.fields.values()} - {""})
    }
    fields = {"sender_la_code": "str"}
    for name in of.names:
        row = of.fields[name]
        if name in _SHAPES:
            fields[name] = {"callable": "constr", "constraints": {"regex": _SHAPES[name]}}
        else:
            fields[name] = row["code_list"] or _TYPES.get(row["data_type"], "str")
    steps, of_persons = sentences.person_steps(of)
    filters = [
        _filter(
            f"blank:{field}", ENTITY, f"{field} is null and {due}", "mandatory_blank", severities
        )
        for field, due in sentences.due_fields(of).items()
    ]
    filters += [
        _filter(code, ENTITY, broken, code.partition(":")[0], severities)
        for code, broken in sentences.row_rules(of).items()
    ]
    filters += [
        _filter(rule, entity, broken, rule, severities)
        for rule, (entity, broken) in of_persons.items()
    ]
    made = ["rows_of_persons", "persons", "rows_with_number", "numbers", "rows_at_home",
            "at_postcode", "postcodes"]  # fmt: skip
    document = {
        "contract": {
            "error_details": "error_details.json",
            "types": types,
            "datasets": {
                ENTITY: {
                    "fields": fields,
                    "mandatory_fields": always,
                    "reporting_fields": ["event_reference"],
                    "reader_config": {".csv": {"reader": "DuckDBCSVReader"}},
                }
            },
        },
        "transformations": {
            "parameters": {"entity": ENTITY},
            "rules": steps,
            "filters": filters,
            "post_filter_rules": [{"operation": "remove_entities", "entity": made}],
        },
    }
    details = {
        name: {
            # Only a row without its person is put aside, as by the project.
            kind: {
                "error_code": f"{code}:{name}",
                "error_message": words,
                "is_informational": name != "la_person_unique_identifier",
            }
            for kind, code, words in (
                ("Blank", "blank", "cannot be blank"),
                ("Bad value", "bad", "is invalid"),
                ("Wrong format", "bad", "is invalid"),
            )
        }
        for name in of.names
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "error_details.json").write_text(json.dumps(details, indent=1), encoding="utf-8")
    path = folder / "events.dischema.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def _filter(code: str, entity: str, broken: str, rule: str, severities: dict) -> dict:
    """One filter of the engine: a row passes unless it breaks the rule."""
    return {
        "name": code,
        "entity": entity,
        "expression": f"not coalesce({broken}, false)",
        "failure_message": severities[rule]["sentence"],
        "error_code": code,
        "is_informational": severities[rule]["quarantines"] != "true",
    }


def compared() -> list[Compared]:
    """All codes that the engine's document gives, and the project's rules for the same."""
    of = Specification()
    found = []
    for field in [*sentences.always_due(), *sentences.due_fields(of)]:
        # The engine's typed column is null, too, where it could not read the cell.
        refused = sum(_UNREADABLE.get(of.fields[field]["data_type"], ()), ())
        found.append(Compared(f"blank:{field}", ("mandatory_blank",), field, refused, field))
    for field, row in of.fields.items():
        code = f"bad:{field}"
        if row["code_list"]:
            found.append(Compared(code, _LISTED, field, ("spelling_repaired",), field))
        elif key := next((key for key in (field, row["data_type"]) if key in _UNREADABLE), None):
            same, repaired = _UNREADABLE[key]
            found.append(Compared(code, same, field, repaired, field))
    for code in sentences.row_rules(of):
        rule, _, field = code.partition(":")
        cost = ("number_repaired", "unit_cost") if rule == "cost_without_frequency" else None
        found.append(
            Compared(code, (rule,), field or None, cost[:1] if cost else (), cost and cost[1])
        )
    found += [Compared(rule, (rule,)) for rule in sentences.person_steps(of)[1]]
    return found
