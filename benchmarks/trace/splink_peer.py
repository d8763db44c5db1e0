"""Splink on a generated population: run by a Python of its own that has `splink` (5.0) installed.

`PYTHON splink_peer.py POPULATION named` writes POPULATION/splink_links.parquet and prints a line of
JSON: seconds, peak memory in MB. Splink's usual comparisons, trained on the data; its pair weights
are turned into a probability per record, for its own threshold judges pairs one by one. It needs
nothing of the project and none of the project needs it: its versions differ from the lock's.
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_ABSENT_ODDS = 0.06  # as the trace assumes: absent, or in the index but reached by no block
_MINIMUM_PROBABILITY = {True: 0.95, False: 0.99}


def _tables(connection: duckdb.DuckDBPyConnection, population: Path) -> None:
    # Every address and name a person ever had is a row of its own, as the published model does it.
    connection.execute(f"""
        create table records as
        select la_person_unique_identifier as unique_id, upper(first_name) as given_name,
            upper(last_name) as family_name, date_of_birth::date::varchar as born, postcode,
            case gender when 'Male' then '1' when 'Female' then '2' end as gender,
            gp_practice_code as practice, la_person_unique_identifier as who
        from '{population / "records"}.parquet'
        where la_person_unique_identifier in (
            select la_person_unique_identifier from '{population / "truth"}.parquet'
            where number_defect <> 'none'
        )
    """)
    connection.execute(f"""
        create table persons as
        with one as (
            select * from '{population / "person_index_person"}*.parquet'
            where superseded_by_nhs_number is null
        ), places as (
            select nhs_number, postcode from one
            union select nhs_number, postcode
            from '{population / "person_index_address"}*.parquet'
        )
        select row_number() over ()::varchar as unique_id, given_name, family_name,
            date_of_birth as born, places.postcode, nullif(gender, '9') as gender,
            gp_practice_code as practice, nhs_number as who
        from one join places using (nhs_number)
    """)


def _settings(named: bool) -> SettingsCreator:
    names = [
        cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]).configure(
            term_frequency_adjustments=True
        ),
        cl.JaroWinklerAtThresholds("family_name", [0.92, 0.8]).configure(
            term_frequency_adjustments=True
        ),
    ]
    blocks = [block_on("born", "postcode"), block_on("born", "practice")]
    if named:
        blocks += [
            block_on("born", "family_name"),
            block_on("born", "given_name"),
            block_on("postcode", "given_name"),
            block_on("given_name", "family_name", "practice"),
        ]
    else:
        blocks += [block_on("postcode", "gender")]
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            *(names if named else []),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("gender"),
            cl.ExactMatch("practice").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=blocks,
        additional_columns_to_retain=["who"],
    )


def main(population: Path, named: bool) -> None:
    """Train, predict, keep the best person per record; the clock stops before the file."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    _tables(connection, population)
    started = time.perf_counter()
    api = DuckDBAPI(connection)
    frames = [api.register(name, dataset_display_name=name) for name in ("records", "persons")]
    linker = Linker(frames, _settings(named))
    sure = [block_on("born", "postcode", "gender")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("born"), block_on("postcode")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_weight=-10).physical_name
    connection.execute(f"""
        create table best as
        with pairs as (
            select case when source_dataset_l = 'records' then who_l else who_r end as record,
                case when source_dataset_l = 'records' then who_r else who_l end as person,
                max(match_weight) as weight
            from {pairs} group by 1, 2
        ), summed as (
            select record, arg_max(person, weight) as person, max(weight) as best,
                sum(pow(2, weight)) as mass
            from pairs group by 1
        )
        select record, person, pow(2, best) / (mass + {_ABSENT_ODDS}) as probability from summed
    """)
    seconds = time.perf_counter() - started
    connection.execute(f"""
        copy (
            select record as la_person_unique_identifier, person as nhs_number,
                probability as match_probability
            from best where probability >= {_MINIMUM_PROBABILITY[named]}
        ) to '{population / "splink_links"}.parquet'
    """)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": round(seconds, 1), "peak_mb": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "named")
