"""Writes the whole sample: inbox for the pipeline, truth for its tests."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from tqdm import tqdm

from samples import (
    addresses,
    clients,
    defects,
    geography,
    health,
    index,
    pathways,
    person_columns,
    population,
    reference,
    submissions,
    workbooks,
)
from samples.areas import COUNCILS
from samples.care import Histories
from samples.effects import Effect
from samples.truth import RowTruth, write_clients, write_persons

INDEX_PER_CLIENT = 8


def write_sample(
    out: Path,
    persons: int = 6000,
    months: int = 6,
    seed: int = 2017,
    quiet: bool = True,
    effect: tuple[str, float] | None = None,
) -> dict:
    """Write `out/inbox` and `out/truth`; returns counts.

    `persons` distinct clients over three councils, `months` submissions of each (the first period
    ends on 30 June 2017). `effect` plants one: the service component (release 1 label) after whose
    start emergency contacts come so many times as often. Equal arguments give equal contents.
    Raises ValueError when a council's .xls could not hold its rows or nobody has the component,
    FileExistsError when `out` holds an inbox that is not a sample.
    """
    if persons < 100 or months < 1:
        raise ValueError("a sample needs at least 100 persons and one month")

    def progress(items: Iterable, label: str) -> Iterable:
        return tqdm(items, desc=label, disable=quiet, leave=False)

    # One independent stream per part, so that a change in one part leaves the others alone.
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(10)]
    last = submissions.last_day(months)
    last_date = np.datetime64(last, "D")
    inbox, truth = Path(out) / "inbox", Path(out) / "truth"
    _clear(inbox, truth)
    (inbox / "reference").mkdir(parents=True, exist_ok=True)

    size = persons * INDEX_PER_CLIENT
    places = geography.build(streams[0], size // 2, max(12, persons // 130))
    people = population.build(streams[1], size, last_date)
    addresses.place_in_homes(
        streams[2], people, places, clients.residents_wanted(persons), last_date
    )
    lived = addresses.settle(streams[2], people, places, last_date)
    registered = clients.choose(streams[3], people, lived, places, persons, last_date)
    defects.apply(streams[4], people, lived, places, registered, progress)
    person_columns.fill(streams[4], people, places, registered)
    histories = Histories(streams[5], people, places, last)
    pathways.write(histories, registered, progress)

    counts: dict = {
        "persons": len({c.person for c in registered}),
        "client_numbers": len(registered),
        "events": len(histories.events),
        "population": len(people),
        "postcode": reference.write_postcodes(inbox / "reference" / "postcode.csv", places),
        "gp_practice": reference.write_practices(inbox / "reference" / "gp_practice.csv", places),
        "population_rows": reference.write_population(
            inbox / "reference" / "population.csv", streams[0]
        ),
    }
    counts |= index.write(inbox / "person_index", streams[6], people, lived, places)
    in_care = np.zeros(len(people), dtype=bool)
    in_care[[c.person for c in registered]] = True
    planted = Effect.of(histories.events, *effect, streams[9]) if effect else None
    counts |= health.write(
        inbox / "health",
        streams[7],
        people,
        lived,
        places,
        in_care,
        histories.admissions,
        last,
        progress,
        planted,
    )
    write_persons(truth, people, lived, places)
    write_clients(truth, people, registered)
    if planted:
        planted.write(truth)
    counts |= _write_submissions(
        inbox / "submissions", truth, streams[8], people, lived, places, histories, months, progress
    )
    return counts


def _clear(inbox: Path, truth: Path) -> None:
    """Remove the workbooks of an earlier sample; refuse to touch an inbox that is not one."""
    earlier = truth / "files.parquet"
    if earlier.exists():
        for file in pq.read_table(earlier).to_pylist():
            (inbox / "submissions" / file["la_code"] / file["file_name"]).unlink(missing_ok=True)
    elif any(path.is_file() for path in inbox.rglob("*")):
        raise FileExistsError(f"{inbox} holds files that are not a sample; choose another folder")


def _write_submissions(
    folder: Path,
    truth: Path,
    rng: np.random.Generator,
    people: population.Population,
    lived: addresses.Addresses,
    places: geography.Geography,
    histories: Histories,
    months: int,
    progress: Callable[[Iterable, str], Iterable],
) -> dict:
    """Write every council's workbooks and the truth of their rows; returns counts."""
    submissions.plan_changes(rng, histories.events, months)
    reporter = submissions.Reporter(rng, people, lived, places, histories.events)
    styles: dict[str, dict[str, str]] = {code: {} for code in COUNCILS}
    for event in histories.events:
        client = event.client
        if client.nhs_format != "plain":
            styles[client.la_code][client.la_id] = client.nhs_format
    record = RowTruth()
    found: Counter[str] = Counter()
    for code, month in progress([(c, m) for c in COUNCILS for m in range(months)], "workbooks"):
        submission = reporter.fill(submissions.calendar(code, month))
        layout = workbooks.LAYOUTS[code]
        rows = workbooks.cells(rng, submission, layout, styles[code])
        workbooks.write(folder / code / submission.file_name, submission, rows)
        record.add(submission, layout.sheet, layout.first_row, layout.total_row)
        found.update(d for row in submission.truth for d in row[2])
    record.write(truth)
    files = dict(zip(record.files["file_name"], record.files["rows"], strict=True))
    return {
        "workbooks": len(files),
        "rows": sum(files.values()),
        "rows_by_workbook": files,
        "row_defects": dict(sorted(found.items())),
    }
