"""What is true about the sample, for tests only; nothing in the pipeline reads it."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa

from samples.addresses import Addresses
from samples.areas import AREAS, words
from samples.clients import Client
from samples.codes import ETHNICITIES, GENDER_LABEL
from samples.geography import Geography
from samples.index import write_table
from samples.population import Population
from samples.submissions import Submission

_TEXT, _DATE, _INT, _LIST = pa.string(), pa.date32(), pa.int64(), pa.list_(pa.string())

_ROW_COLUMNS = words(
    "la_code file_name sheet_name row_number la_person_unique_identifier person_id row_defects "
    "event_type event_key restart_of"
)
_FILE_COLUMNS = words("la_code file_name rows period_start period_end received_at")


def person_id(position: int) -> str:
    """Stable identifier of a person of the sample."""
    return f"P{position:07d}"


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


def write_persons(
    folder: Path, people: Population, addresses: Addresses, geography: Geography
) -> None:
    """Write persons.parquet and addresses.parquet over the whole population."""
    folder.mkdir(parents=True, exist_ok=True)
    n = len(people)
    columns = {
        "person_id": [person_id(i) for i in range(n)],
        "nhs_number": people.nhs_number,
        "all_nhs_numbers": [
            [*old, new] for old, new in zip(people.old_numbers, people.nhs_number, strict=True)
        ],
        "given_name": people.given,
        "family_name": people.family,
        "former_family_name": [f or None for f in people.former_family],
        "date_of_birth": people.born,
        "gender": [GENDER_LABEL[g] for g in people.gender],
        "ethnicity": [ETHNICITIES[e][0] for e in people.ethnicity],
        "in_index": people.in_index,
        "sensitive": people.confidentiality == "S",
        "twin_of": [person_id(t) if t >= 0 else None for t in people.twin_of],
        "household_id": [f"H{h:07d}" for h in people.household],
        "date_of_death": people.died,
        "care_home_from": people.home_from,
    }
    schema = _schema(
        person_id=_TEXT,
        nhs_number=_TEXT,
        all_nhs_numbers=_LIST,
        given_name=_TEXT,
        family_name=_TEXT,
        former_family_name=_TEXT,
        date_of_birth=_DATE,
        gender=_TEXT,
        ethnicity=_TEXT,
        in_index=pa.bool_(),
        sensitive=pa.bool_(),
        twin_of=_TEXT,
        household_id=_TEXT,
        date_of_death=_DATE,
        care_home_from=_DATE,
    )
    write_table(folder / "persons.parquet", columns, schema)
    where = addresses.postcode
    columns = {
        "person_id": [person_id(i) for i in addresses.person],
        "postcode": geography.pcds[where],
        "valid_from": addresses.start,
        "valid_to": addresses.end,
        "lsoa11": geography.lsoa[where],
        "ccg_code": [AREAS[a].ccg_ods for a in geography.area[where]],
        "la_code": [AREAS[a].la_code for a in geography.area[where]],
        "gp_practice_code": geography.practice_code[addresses.practice],
        "care_home": addresses.care_home,
    }
    schema = _schema(
        person_id=_TEXT,
        postcode=_TEXT,
        valid_from=_DATE,
        valid_to=_DATE,
        lsoa11=_TEXT,
        ccg_code=_TEXT,
        la_code=_TEXT,
        gp_practice_code=_TEXT,
        care_home=pa.bool_(),
    )
    write_table(folder / "addresses.parquet", columns, schema)


def write_clients(folder: Path, people: Population, clients: list[Client]) -> None:
    """Write clients.parquet: one row a council and client number."""
    columns: dict[str, object] = {
        "la_code": [c.la_code for c in clients],
        "la_person_unique_identifier": [c.la_id for c in clients],
        "person_id": [person_id(c.person) for c in clients],
        "nhs_number": [people.nhs_number[c.person] for c in clients],
        "in_index": people.in_index[np.array([c.person for c in clients])],
        "nhs_number_defect": [c.nhs_defect for c in clients],
        "nhs_number_format": [c.nhs_format for c in clients],
        "supplied_nhs_number": [c.nhs_value or None for c in clients],
        "date_of_birth_defect": [c.dob_defect for c in clients],
        "postcode_defect": [c.postcode_defect for c in clients],
        "gender_defect": [c.gender_defect for c in clients],
        "name_defect": [c.name_defect for c in clients],
        "role": [c.role for c in clients],
    }
    schema = pa.schema([(name, pa.bool_() if name == "in_index" else _TEXT) for name in columns])
    write_table(folder / "clients.parquet", columns, schema)


class RowTruth:
    """Collects the truth of workbook rows, file by file."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: dict[str, list[object]] = {name: [] for name in _ROW_COLUMNS}
        self.files: dict[str, list[object]] = {name: [] for name in _FILE_COLUMNS}

    def add(self, submission: Submission, sheet: str, first_row: int, total_row: bool) -> None:
        """Add one submission whose first data row stands at Excel row `first_row`."""
        truth: Iterable = submission.truth
        for number, (la_id, person, defects, event, key, of) in enumerate(truth, first_row):
            self._row(
                submission, sheet, number, la_id, person_id(person), defects, event or None, key, of
            )
        if total_row:
            number = first_row + len(submission.rows)
            self._row(submission, sheet, number, None, None, ["total_row"], None, None, None)
        values = (
            submission.la_code,
            submission.file_name,
            len(submission.rows) + total_row,
            np.datetime64(submission.start, "D").item(),
            np.datetime64(submission.end, "D").item(),
            submission.received.replace(tzinfo=None),
        )
        for name, value in zip(self.files, values, strict=True):
            self.files[name].append(value)

    def _row(self, submission: Submission, sheet: str, *values: object) -> None:
        line = (submission.la_code, submission.file_name, sheet, *values)
        for name, value in zip(self.rows, line, strict=True):
            self.rows[name].append(value)

    def write(self, folder: Path) -> None:
        """Write rows.parquet and files.parquet."""
        types = {"row_number": _INT, "row_defects": _LIST}
        schema = pa.schema([(name, types.get(name, _TEXT)) for name in self.rows])
        write_table(folder / "rows.parquet", self.rows, schema)
        types = {
            "rows": _INT,
            "period_start": _DATE,
            "period_end": _DATE,
            "received_at": pa.timestamp("us"),
        }
        schema = pa.schema([(name, types.get(name, _TEXT)) for name in self.files])
        write_table(folder / "files.parquet", self.files, schema)
