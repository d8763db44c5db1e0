"""The stages of an end-to-end run: what each takes, in seconds and in memory."""

from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.national import project
from benchmarks.national.project import Watched

# Stage of a dbt node by where its file lies; the first that fits.
_BY_PATH = (
    ("models/intermediate/identifiable/collection", "validation"),
    ("models/intermediate/identifiable/tracing", "tracing"),
    ("models/intermediate/identifiable/tokens", "tokens"),
    ("models/intermediate/wall", "wall"),
    ("models/intermediate/pseudonymised", "pseudonymised"),
    ("models/marts", "marts"),
    ("models/staging", "staging"),
)
INDEX_TAG = "index_preparation"
SLOWEST = 12


@dataclass(frozen=True)
class Stage:
    """One stage: seconds of work (models side by side are added up), peak resident MB."""

    name: str
    seconds: float
    peak_mb: int
    slowest: dict[str, float]


def stage_of(node: dict) -> str:
    """Name of the stage that a dbt node belongs to."""
    if node["kind"] == "unit_test":
        return "unit tests"  # of made-up rows: the same at any size
    if node["kind"] == "test":
        return "tests"
    if node["kind"] in ("seed", "function"):
        return "seeds"
    if INDEX_TAG in node["tags"]:
        return "index preparation"
    return next(stage for path, stage in _BY_PATH if node["path"].startswith(path))


def of_build(folder: Path, watched: Watched) -> list[Stage]:
    """Stages of the dbt run whose results are in the project `folder`."""
    by_stage: dict[str, list[dict]] = {}
    for node in project.node_times(folder):
        by_stage.setdefault(stage_of(node), []).append(node)
    found = []
    for name, nodes in by_stage.items():
        slowest = sorted(nodes, key=lambda node: -node["seconds"])[:SLOWEST]
        peaks = [watched.peak(n["start"], n["end"]) for n in nodes if n["start"]]
        found.append(
            Stage(
                name,
                round(sum(node["seconds"] for node in nodes), 2),
                max(peaks, default=0),
                {node["name"]: round(node["seconds"], 2) for node in slowest},
            )
        )
    return found


def of_command(name: str, watched: Watched) -> Stage:
    """The one stage of a whole command."""
    return Stage(name, round(watched.seconds, 2), watched.peak(), {})


def as_dicts(stages: list[Stage]) -> list[dict]:
    """Stages as they are kept."""
    return [asdict(stage) for stage in stages]
