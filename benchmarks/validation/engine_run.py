"""Run by the engine's own Python: one CSV through its three stages, as its pipeline runs them.

`python engine_run.py CONTRACT CSV OUTPUT` prints the seconds of each stage as JSON. Left out are
the audit tables and the Excel report of all errors, for which there is nothing to compare.
"""

import json
import shutil
import sys
import time
from pathlib import Path

import duckdb
from dve.core_engine.backends.implementations.duckdb.auditing import DDBAuditingManager
from dve.core_engine.models import SubmissionInfo
from dve.pipeline.duckdb_pipeline import DDBDVEPipeline

SUBMISSION = "submission"


def main() -> None:
    """Transform, apply the contract, apply the rules."""
    contract, source, output = (Path(argument).resolve() for argument in sys.argv[1:])
    entity = contract.name.partition(".")[0]
    (output / SUBMISSION).mkdir(parents=True)
    file = output / SUBMISSION / "events.csv"
    file.symlink_to(source)
    with duckdb.connect() as connection:
        pipeline = DDBDVEPipeline(
            processed_files_path=output.as_posix(),
            audit_tables=DDBAuditingManager(":memory:", connection=connection),
            connection=connection,
            rules_path=contract.as_posix(),
            submitted_files_path=None,
        )
        info = SubmissionInfo(
            submission_id=SUBMISSION, dataset_id=entity, file_name="events", file_extension="csv"
        )
        seconds, status = {}, ()
        for name, stage in (
            ("file transformation", pipeline.file_transformation),
            ("data contract", pipeline.apply_data_contract),
            ("business rules", pipeline.apply_business_rules),
        ):
            start = time.perf_counter()
            # Each stage after the first is told how the one before ended.
            _, *status = stage(info, *status)
            seconds[name] = round(time.perf_counter() - start, 2)
    if (output / SUBMISSION / "processing_errors").exists():
        sys.exit("the engine could not process the file")
    shutil.rmtree(output / SUBMISSION / "transform")
    found = {
        "records": status[0].number_of_records,
        "rejected": status[0].number_of_records_rejected,
        "stages": seconds,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
