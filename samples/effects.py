"""A planted effect of an intervention: contacts after its start come several times as often."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from samples.care import Event
from samples.codes import COLUMN
from samples.index import write_table
from samples.truth import person_id


@dataclass
class Effect:
    """What is planted: whose contacts after which day come `times` as often.

    `starts` maps persons to days since 1970; `added` collects (person, day) of what was added.
    """

    starts: dict[int, int]
    times: float
    rng: np.random.Generator
    added: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(
        cls, events: list[Event], component: str, times: float, rng: np.random.Generator
    ) -> "Effect":
        """Return the effect on everybody who has a service of a component (release 1 label).

        Raises ValueError for a component that nobody has, or fewer times than one.
        """
        starts: dict[int, int] = {}
        for event in events:
            if event.fields.get(COLUMN["Service Component"]) == component:
                person = event.client.person
                starts[person] = min(event.start, starts.get(person, event.start))
        if not starts or times < 1:
            raise ValueError("an effect needs a component that somebody has, and one time or more")
        return cls(starts, times, rng)

    def more(self, person: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return persons and days of the contacts to add to those given, each shape (n,)."""
        never = np.iinfo(np.int64).max
        start = np.array([self.starts.get(int(p), never) for p in person], dtype=np.int64)
        after = np.flatnonzero(day > start)
        chosen = np.repeat(after, self.rng.poisson(self.times - 1, len(after)))
        self.added += [(int(person[i]), int(day[i])) for i in chosen]
        return person[chosen], day[chosen]

    def write(self, folder: Path) -> None:
        """Write effects.parquet: one row a contact that was added."""
        columns = {
            "person_id": [person_id(person) for person, _ in self.added],
            "day": np.array([day for _, day in self.added], dtype="M8[D]"),
        }
        schema = pa.schema([("person_id", pa.string()), ("day", pa.date32())])
        write_table(folder / "effects.parquet", columns, schema)
