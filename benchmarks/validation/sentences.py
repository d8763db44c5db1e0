"""The seeds of the specification as SQL of the engine: what texts mean, which rows break a rule."""

import csv

from benchmarks.national.fill import RECEIVED
from loaders.specification import read_fields
from plugins.home import PROJECT_ROOT

ENTITY = "events"
_SEEDS = PROJECT_ROOT / "seeds"
_FIRST_DAY = "date '2014-04-01'"
_RECEIVED_ON = f"date '{RECEIVED:%Y-%m-%d}'"
_ASSOCIATION = "Unpaid carer known by association"
_DAYS_OF_NOBODY = "date '1900-01-01', date '1901-01-01', date '1800-01-01'"
_NUMBERS = ("money", "integer")
_POSTCODE = "^[A-Z]{1,2}[0-9][A-Z0-9]? *[0-9][A-Z]{2}$"
_REPEATED = [f"'{str(digit) * 10}'" for digit in range(10)]


def seed(name: str) -> list[dict[str, str]]:
    """Rows of one of the project's seeds."""
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Specification:
    """The seeds, as SQL of the engine: what a field's text means in the words of release 2."""

    def __init__(self) -> None:
        """Read fields, code lists and conditions."""
        self.fields = {row["field"]: row for row in seed("specification/specification_fields")}
        self.names = [field.name for field in read_fields()]
        self.codes = [
            row
            for row in seed("specification/specification_codes")
            if row["specification_version"] != "derived"
        ]

    def listed(self, code_list: str) -> list[str]:
        """Values of a code list in release 1, of which the rows are."""
        return [
            row["value"]
            for row in self.codes
            if row["code_list"] == code_list and row["specification_version"] == "release_1"
        ]

    def known(self, field: str) -> str:
        """SQL: the text is a value of the field's list, in any version and any capitals."""
        return self._among(field, lambda row: True)

    def means(self, field: str, *labels: str) -> str:
        """SQL: the text means one of these labels of release 2."""
        return self._among(field, lambda row: row["release_2_value"] in labels)

    def _among(self, field: str, wanted: object) -> str:
        code_list = self.fields[field]["code_list"]
        texts = {
            row["value"].lower()
            for row in self.codes
            if row["code_list"] == code_list and wanted(row)
        }
        listed = ", ".join("'{}'".format(text.replace("'", "''")) for text in sorted(texts))
        return f"coalesce(lower({field}) in ({listed}), false)"


def _age(at: str) -> str:
    return f"date_sub('year', date_of_birth, {at})"


def _condition(specification: Specification, row: dict[str, str]) -> str:
    """SQL of one row of the conditions: it holds where each filled column lists the value."""
    terms = []
    for column, text in row.items():
        if column in ("field", "position", "field_status", "reason") or not text:
            continue
        if column == "age_group":
            age = _age(f"coalesce(reporting_period_end_date, {_RECEIVED_ON})")
            terms.append(
                "date_of_birth is null" if text == "<none>" else f"{age} between 18 and 64"
            )
        elif column == "date_of_death":
            terms.append("date_of_death is not null")
        else:
            labels = text.split("|")
            either = [specification.means(column, *labels)] if labels != ["<none>"] else []
            either += [f"not {specification.known(column)}"] if "<none>" in labels else []
            terms.append(f"({' or '.join(either)})")
    return " and ".join(terms) or "true"


def due_fields(specification: Specification) -> dict[str, str]:
    """Field -> SQL: it is mandatory on this row, for fields that are not so on every row."""
    by_field: dict[str, list[dict[str, str]]] = {}
    for row in seed("specification/specification_conditions"):
        by_field.setdefault(row["field"], []).append(row)
    found = {}
    for field, rows in by_field.items():
        ordered = sorted(rows, key=lambda row: int(row["position"]))
        if not any(row["field_status"] == "2" for row in ordered) or len(ordered) == 1:
            continue
        cases = " ".join(
            f"when {_condition(specification, row)} then {row['field_status']}" for row in ordered
        )
        found[field] = f"case {cases} end = 2"
    return found


def always_due() -> list[str]:
    """Fields that are mandatory on every row."""
    return [
        row["field"]
        for row in seed("specification/specification_conditions")
        if row["field_status"] == "2" and row["reason"] == "Always."
    ]


def row_rules(of: Specification) -> dict[str, str]:
    """Rule -> SQL: the row breaks it. Dates are typed and null where they could not be read."""
    association = of.means("client_type", _ASSOCIATION)
    of_service = of.means("event_type", "Service")
    of_other = f"({of.known('event_type')} and not {of_service})"
    texts = ", ".join(name for name in of.names if of.fields[name]["data_type"] not in _NUMBERS)
    number = "translate(nhs_number, ' -', '')"
    return {
        "total_row": f"not {of.known('client_type')} and not {of.known('event_type')} "
        "and event_start_date is null and ("
        f"regexp_matches(lower(concat_ws('|', {', '.join(of.names)})), "
        r"'(^|\|)(grand |sub[- ]?)?totals?([ :][^|]*)?(\||$)') "
        f"or coalesce(trim(concat_ws('', {texts})), '') = '')",
        "event_type_missing": f"not {of.known('event_type')} and not {association}",
        "event_start_missing": f"event_start_date is null and not {association}",
        "end_before_start": "event_end_date < event_start_date",
        "end_after_receipt": f"{of_other} and event_end_date > {_RECEIVED_ON}",
        "event_before_collection": f"case when {of_service} then event_end_date < {_FIRST_DAY} "
        f"when {of.known('event_type')} or coalesce(event_end_date, event_start_date) is not null "
        f"then coalesce(event_end_date, event_start_date) < {_FIRST_DAY} end",
        "event_start_before_collection": f"{of_other} and event_start_date < {_FIRST_DAY} "
        f"and event_end_date >= {_FIRST_DAY}",
        "birth_after_event": "date_of_birth > event_start_date",
        "death_before_event": "date_of_death < event_start_date",
        "event_outlives_client": "event_end_date > date_of_death "
        "and event_start_date <= date_of_death",
        "client_under_18": f"date_of_birth <= event_start_date and {_age('event_start_date')} < 18",
        "outcome_of_financial_assessment": of.means("assessment_type", "Financial assessment")
        + f" and {of.known('event_outcome')}",
        "event_of_association": f"{association} and {of.known('event_type')}",
        "direct_payment_in_prison": of.means("service_type", "Long term support: Prison")
        + f" and {of.means('delivery_mechanism', 'Direct payment')}",
        "cost_without_frequency": "unit_cost is not null "
        f"and not {of.known('cost_frequency_unit_type')}",
        "other_council": "la_code <> sender_la_code",
        "nhs_number_repeated_digit": f"{number} in ({', '.join(_REPEATED)})",
        "nhs_number_other_issuer": f"{_valid(number)} and {number} not in ({', '.join(_REPEATED)}) "
        f"and {number} similar to '[0-3].*'",
        "nhs_number_never_issued": f"{_valid(number)} and {number} not in ({', '.join(_REPEATED)}) "
        f"and {number} similar to '[58].*'",
        "postcode_pseudo": "upper(postcode) like 'ZZ99%'",
        "date_of_birth_placeholder": f"date_of_birth in ({_DAYS_OF_NOBODY})",
    } | {
        f"date_outside_limits:{field}": f"{field} > {_RECEIVED_ON}" + (
            "" if field == "event_start_date" else
            f" or (date_sub('year', {field}, {_RECEIVED_ON}) > 115 "
            f"and {field} not in ({_DAYS_OF_NOBODY}))"
        )
        for field in ("date_of_birth", "date_of_death", "event_start_date")
    } | {
        f"number_negative:{field}": f"{field} < 0"
        for field in of.names if of.fields[field]["data_type"] in _NUMBERS
    }  # fmt: skip


def _valid(number: str) -> str:
    total = " + ".join(
        f"try_cast(substring({number}, {place}, 1) as integer) * {11 - place}"
        for place in range(1, 10)
    )
    return (
        f"coalesce({number} similar to '[0-9]{{10}}' and (11 - ({total}) % 11) % 11 "
        f"= try_cast(right({number}, 1) as integer), false)"
    )


def person_steps(of: Specification) -> tuple[list[dict], dict[str, tuple[str, str]]]:
    """Steps that gather rows by person, number and postcode; rule -> (entity, SQL: it breaks)."""
    number = "translate(nhs_number, ' -', '')"
    repeated = ", ".join(_REPEATED)
    issued = f"{_valid(number)} and {number} not in ({repeated}) and {number} similar to '[4679].*'"
    communal = [row["accommodation_status"] for row in seed("specification/communal_accommodation")]
    first = {"min(__record_index__)": "__record_index__"}

    def filtered(entity: str, where: str) -> dict:
        return {"operation": "filter_without_notifying", "entity": ENTITY, "filter_rule": where,
                "new_entity_name": entity}  # fmt: skip

    def grouped(entity: str, new: str, by: list[str], counted: dict[str, str]) -> dict:
        return {"operation": "group_by", "entity": entity, "new_entity_name": new,
                "group_by": {name: name for name in by}, "agg_columns": counted}  # fmt: skip

    person = ["sender_la_code", "la_person_unique_identifier"]
    known = "la_person_unique_identifier is not null"
    steps = [
        filtered("rows_of_persons", known),
        grouped("rows_of_persons", "persons", person, first | {
            f"count(distinct case when {issued} then {number} end)": "nhs_numbers",
            f"count(distinct case when date_of_birth not in ({_DAYS_OF_NOBODY}) "
            "then date_of_birth end)": "dates_of_birth",
        }),
        filtered("rows_with_number", f"{known} and {issued}"),
        grouped("rows_with_number", "numbers", ["sender_la_code", "nhs_number"], first | {
            "count(distinct la_person_unique_identifier)": "persons"}),
        filtered("rows_at_home", f"{known} and regexp_matches(upper(postcode), '{_POSTCODE}') "
                 f"and not {of.means('accommodation_status', *communal)}"),
        grouped("rows_at_home", "at_postcode", ["sender_la_code", "postcode", person[1]], first),
        grouped("at_postcode", "postcodes", ["sender_la_code", "postcode"], {
            "count(*)": "persons"}),
        {"operation": "inner_join", "entity": "at_postcode", "target": "postcodes",
         "join_condition": "at_postcode.sender_la_code = postcodes.sender_la_code "
         "and at_postcode.postcode = postcodes.postcode",
         "new_columns": {"postcodes.persons": "persons"}},
    ]  # fmt: skip
    return steps, {
        "person_with_two_nhs_numbers": ("persons", "nhs_numbers > 1"),
        "person_with_two_dates_of_birth": ("persons", "dates_of_birth > 1"),
        "nhs_number_of_two_persons": ("numbers", "persons > 1"),
        "postcode_of_many_persons": ("at_postcode", "persons >= 25"),
    }
