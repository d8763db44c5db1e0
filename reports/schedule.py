"""The submission schedule in words: what was due, what came, what is late."""

from datetime import date

from reports.tables import Column, Table, Tag

_STATUSES = {
    "on_time": ("On time", "good"),
    "late": ("Late", "warning"),
    "missing": ("Missing", "bad"),
    "not_due": ("Not due yet", "plain"),
}
NO_SCHEDULE = "No schedule has been agreed, or the warehouse has not been built."


def status_tag(row: dict) -> Tag:
    """Return what became of a month due: `Late, 3 days`; of what is missing, no days."""
    words, kind = _STATUSES.get(row["status"], (row["status"], "plain"))
    days = row["days_late"]
    if not days or row["status"] != "late":
        return Tag(words, kind)
    return Tag(f"{words}, {days:,} {'day' if days == 1 else 'days'}", kind)


def month(day: date) -> str:
    """Return a month in words: `June 2017`."""
    return f"{day:%B %Y}"


def due_table(monitored: list[dict]) -> Table:
    """Return the months due of one council, newest first."""
    columns = (Column("Month"), Column("Due by"), Column("First received"), Column("State"))
    rows = [
        (month(row["period_month"]), row["due_date"], row["received_on"], status_tag(row))
        for row in sorted(monitored, key=lambda row: row["period_month"], reverse=True)
    ]
    return Table("Submissions due", columns, rows, NO_SCHEDULE)
