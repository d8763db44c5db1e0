"""All aggregates of the collection, read once for all reports."""

from dataclasses import dataclass

from reports import collection
from reports.collection import of_council, of_submission
from reports.source import Source


@dataclass(frozen=True)
class Collection:
    """The aggregates, each a list of dictionaries; all but the comparators have `la_code`."""

    submissions: list[dict]
    by_rule: list[dict]
    by_field: list[dict]
    by_all: list[dict]
    persons: list[dict]
    rates: list[dict]
    values: list[dict]
    figures: list[dict]
    monitored: list[dict]
    comparators: list[dict]

    @classmethod
    def read(cls, source: Source) -> "Collection":
        """Read them all, once."""
        return cls(
            submissions=collection.submissions(source),
            by_rule=collection.findings(source, "rule_id", "severity"),
            by_field=collection.findings(source, "field", "of_row", "event_type"),
            by_all=collection.findings(
                source, "severity", "field", "of_row", "event_type", "rule_id"
            ),
            persons=collection.persons(source),
            rates=collection.marts(source, collection.RATES),
            values=collection.marts(source, collection.VALUES),
            figures=collection.marts(source, collection.FIGURES),
            monitored=collection.marts(source, collection.MONITORED),
            comparators=collection.marts(source, collection.COMPARATORS),
        )

    def of(self, code: str) -> "Collection":
        """Return what one council may see: its own rows, and the comparators of all together."""
        names = [name for name in self.__dataclass_fields__ if name != "comparators"]
        own = {name: of_council(getattr(self, name), code) for name in names}
        return Collection(**own, comparators=self.comparators)

    def rate(self, submission_id: str | None, field: str | None = None) -> dict | None:
        """Return the cells due and valid of a submission's field; of all fields for None."""
        found = of_submission(self.rates, submission_id)
        return next((row for row in found if row["field"] == field), None)

    def comparator(self, field: str | None = None) -> float | None:
        """Return the valid share of all councils together, 0 to 1; None where it is not shown."""
        found = (row["share_valid"] for row in self.comparators if row["field"] == field)
        share = next(found, None)
        return None if share is None else float(share)
