"""The page of benchmarks: the latest value of each ratio, and where each run's point stands."""

import json

from benchmarks.page import EDGE, HEIGHT, WIDTH, lines_by_area


def keep(folder, name: str, area: str, measured_at: str, **ratio) -> None:
    """Write one result with one ratio."""
    result = {"area": area, "measured_at": measured_at, "ratios": [ratio]}
    (folder / name).write_text(json.dumps(result))


def test_given_runs_in_any_order_then_the_latest_is_shown_and_the_line_goes_from_old_to_new(
    tmp_path,
):
    keep(tmp_path, "b.json", "collect", "2026-11-01T10:00:00+00:00", what="faster", value=4.0)
    keep(
        tmp_path, "a.json", "collect", "2026-11-03T10:00:00+00:00",
        what="faster", value=12.95, target=">= 12", met=True,
    )  # fmt: skip
    keep(tmp_path, "c.json", "disclosure", "2026-11-02T10:00:00+00:00", what="loss", value=0.02)

    areas = lines_by_area(tmp_path)

    (faster,), (loss,) = areas["collect"], areas["disclosure"]
    assert (faster.value, faster.target, faster.met, faster.runs) == ("12.95", ">= 12", True, 2)
    assert faster.points == [(EDGE, HEIGHT - EDGE), (WIDTH - EDGE, EDGE)]
    assert faster.words == "4 on 2026-11-01 10:00, 12.95 on 2026-11-03 10:00"
    assert (loss.value, loss.met, loss.points) == ("0.02", None, [(WIDTH / 2, HEIGHT / 2)])
