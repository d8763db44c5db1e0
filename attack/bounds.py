"""Exact bounds of unknown counts under linear relations, by HiGHS."""

import math
from dataclasses import dataclass, field

import highspy

TOO_FINE = 1e-6


@dataclass
class Relations:
    """Unknown counts with intervals, and sums that must hold: {unknown: factor} within limits."""

    intervals: dict = field(default_factory=dict)
    sums: list[tuple[dict, float, float]] = field(default_factory=list)

    def add_sum(self, factors: dict, lowest: float = 0.0, highest: float = 0.0) -> None:
        """Require that the weighted sum of unknowns lies within limits (default: is zero)."""
        self.sums.append((factors, lowest, highest))

    def parts(self) -> list["Relations"]:
        """Split into parts that share no sum; unknowns in no sum are left out."""
        parent = {unknown: unknown for factors, *_ in self.sums for unknown in factors}

        def root(unknown: object) -> object:
            while parent[unknown] != unknown:
                parent[unknown] = parent[parent[unknown]]
                unknown = parent[unknown]
            return unknown

        for factors, *_ in self.sums:
            first, *others = factors
            for other in others:
                parent[root(other)] = root(first)
        grouped: dict[object, Relations] = {}
        for unknown in parent:
            part = grouped.setdefault(root(unknown), Relations())
            part.intervals[unknown] = self.intervals[unknown]
        for sum_ in self.sums:
            grouped[root(next(iter(sum_[0])))].sums.append(sum_)
        return list(grouped.values())

    def bounds(self, wanted: list) -> dict | None:
        """Return {unknown: (lowest, highest) whole number}; None where nothing fits the sums."""
        columns = {unknown: number for number, unknown in enumerate(self.intervals)}
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        for lowest, highest in self.intervals.values():
            model.addVar(lowest, highest if math.isfinite(highest) else highspy.kHighsInf)
        for factors, lowest, highest in self.sums:
            model.addRow(
                lowest,
                highest if math.isfinite(highest) else highspy.kHighsInf,
                len(factors),
                [columns[unknown] for unknown in factors],
                list(factors.values()),
            )
        found = {}
        for unknown in wanted:
            model.changeColCost(columns[unknown], 1.0)
            ends = []
            for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
                model.changeObjectiveSense(sense)
                model.run()
                status = model.getModelStatus()
                if status == highspy.HighsModelStatus.kOptimal:
                    ends.append(model.getInfo().objective_function_value)
                elif status == highspy.HighsModelStatus.kInfeasible:
                    return None
                else:
                    ends.append(math.inf if ends else self.intervals[unknown][0])
            model.changeColCost(columns[unknown], 0.0)
            # Counts are whole: an interval of 1.2 to 2.9 holds only 2.
            low = math.ceil(ends[0] - TOO_FINE)
            high = math.floor(ends[1] + TOO_FINE) if math.isfinite(ends[1]) else math.inf
            found[unknown] = (low, high)
        return found
