"""The column contracts of the extracts: the public interface of `inbox/`, as data."""

from dataclasses import dataclass

from loaders.landing_tables import SCHEMA


@dataclass(frozen=True)
class Contract:
    """One extract: where it arrives, which table it fills, its columns in the table's order.

    `required` columns must be in the file, the others land as null when they are not. Without
    `has_header` the file's columns count by position. `formats` are the suffixes accepted.
    """

    name: str
    folder: str
    file: str
    columns: tuple[str, ...]
    required: frozenset[str]
    formats: tuple[str, ...] = ("parquet", "csv")
    has_header: bool = True

    @property
    def table(self) -> str:
        """Full name of the landing table."""
        return f"{SCHEMA}.{self.name}"


def _contract(path: str, required: str, optional: str = "", **options: object) -> Contract:
    """Build a contract; columns in order, those of `optional` behind those of `required`."""
    folder, file = path.split("/")
    needed = tuple(required.split())
    return Contract(
        name=f"{folder}_{file}",
        folder=folder,
        file=file,
        columns=needed + tuple(optional.split()),
        required=frozenset(needed),
        **options,
    )


CONTRACTS: tuple[Contract, ...] = (
    _contract(
        "person_index/person",
        required="nhs_number given_name family_name date_of_birth gender postcode",
        optional="gp_practice_code date_of_death superseded_by_nhs_number confidentiality_code",
    ),
    _contract(
        "person_index/address",
        required="nhs_number postcode",
        optional="valid_from valid_to",
    ),
    _contract(
        "person_index/name",
        required="nhs_number given_name family_name",
        optional="valid_from valid_to",
    ),
    _contract(
        "health/admitted_patient_care",
        required="nhs_number spell_id provider_code admission_date discharge_date",
        optional="admission_method discharge_method discharge_destination treatment_function_code "
        "primary_diagnosis hrg_code tariff_cost gp_practice_code lsoa11",
    ),
    _contract(
        "health/emergency_care",
        required="nhs_number attendance_id provider_code arrival_at",
        optional="departure_at department_type arrival_mode discharge_destination "
        "primary_diagnosis tariff_cost gp_practice_code lsoa11",
    ),
    _contract(
        "reference/postcode",
        required="pcds dointr doterm oslaua lsoa11 msoa11 ccg imd",
        formats=("csv",),
    ),
    _contract(
        "reference/gp_practice",
        required=" ".join(f"column_{number:02}" for number in range(1, 28)),
        formats=("csv",),
        has_header=False,
    ),
    _contract(
        "reference/population",
        required="lsoa11 age_band sex population year",
        formats=("csv",),
    ),
)
