"""Submissions made by hand and landed without a workbook: lives that samples seldom show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from built_warehouse import Warehouse
from lifecycle_oracle import Period, end_of, months_of

TYPES = {
    "Request": {"request_route_of_access": "Community / Other route"},
    "Assessment": {"assessment_type": "Long Term Assessment"},
    "Review": {"review_reason": "Planned"},
    "Service": {
        "service_type": "Long Term Support: Community",
        "service_component": "Home Support",
        "delivery_mechanism": "CASSR Commissioned Support",
        "unit_cost": "120",
        "cost_frequency_unit_type": "Weekly",
    },
}


@dataclass
class Handmade:
    """One worksheet as if it had landed; `rows` as the council wrote them."""

    submission_id: str
    council: str
    received: str
    rows: list[dict] = field(default_factory=list)
    stated: tuple[str, str] = ("2016-07-01", "2017-06-30")
    outcome: str = "landed"
    file_name: str = ""


def event(event_type: str, client: str | None, start: str, end: str | None = None, **cells) -> dict:
    """Cells of one event, valid unless told otherwise."""
    return {
        "la_person_unique_identifier": client,
        "client_type": "Service User",
        "event_type": event_type,
        "event_start_date": start,
        "event_end_date": end,
        "event_outcome": "NFA - Support declined",
        **TYPES[event_type],
        **cells,
    }


def steady_months(first: str, last: str, of_each_type: int = 3) -> list[dict]:
    """As many events of each type in every month, so that every month counts as covered."""
    period = Period(date.fromisoformat(first), end_of(date.fromisoformat(last)))
    return [
        event(kind, f"{kind}{month:%Y%m}{i}", str(month.replace(day=3)), str(month.replace(day=20)))
        for month in months_of(period)
        for kind in TYPES
        for i in range(of_each_type)
    ]


def land(warehouse: Warehouse, submissions: Iterable[Handmade]) -> None:
    """Write submissions into the landing tables, as the loader would have."""
    with warehouse.connect(identifiable="write") as connection:

        def insert(table: str, row: dict) -> None:
            marks = ", ".join("?" * len(row))
            connection.execute(
                f"insert into identifiable.landing.{table} ({', '.join(row)}) values ({marks})",
                list(row.values()),
            )

        connection.execute("begin")
        for submission in submissions:
            insert(
                "submissions",
                {
                    "submission_id": submission.submission_id,
                    "sender_la_code": submission.council,
                    "file_name": submission.file_name or f"{submission.submission_id}.xlsx",
                    "file_sha256": submission.submission_id,
                    "sheet_name": "Sheet1",
                    "received_at": datetime.fromisoformat(submission.received),
                    "specification_version": "release_1",
                    "rows_read": len(submission.rows),
                    "outcome": submission.outcome,
                    "sheet_position": 1,
                    "date_system": "1900",
                },
            )
            for row_number, row in enumerate(submission.rows, start=2):
                start, end = submission.stated
                insert(
                    "submission_rows",
                    {
                        "submission_id": submission.submission_id,
                        "row_number": row_number,
                        "la_code": submission.council,
                        "reporting_period_start_date": start,
                        "reporting_period_end_date": end,
                        **row,
                    },
                )
        connection.execute("commit")


def empty_landing(warehouse: Warehouse) -> None:
    """Forget every submission of a scratch warehouse."""
    with warehouse.connect(identifiable="write") as connection:
        for table in ("submissions", "submission_columns", "submission_rows"):
            connection.execute(f"delete from identifiable.landing.{table}")


# One number under two ids of one council; of the range kept for tests.
NUMBER = "9990000018"
# Sent without an identifier at first, with one later.
NUMBER_OF_LATER = "9990000026"

# 306: a year that restarts on 1 April, then corrections, then a top-up sent as if it were a whole.
FIRST_YEAR = [
    *steady_months("2016-07-01", "2017-06-01"),
    event("Service", "restarts", "2016-04-01", "2017-03-31"),
    event("Service", "restarts", "2017-04-01"),
    event("Service", "closed_late", "2016-01-11"),
    event("Service", "stays_open", "2016-01-11"),
    event("Service", "dies_later", "2016-01-11"),
    event("Review", "vanishes", "2017-05-02", "2017-05-09"),
    event("Request", "sent_twice", "2017-05-02", "2017-05-09"),
    event("Request", "sent_twice", "2017-05-02", "2017-05-09"),
    event("Request", "two_outcomes", "2017-05-02", "2017-05-09"),
    event(
        "Request",
        "two_outcomes",
        "2017-05-02",
        "2017-05-09",
        event_outcome="Progress to Assessment",
    ),
    event("Request", "two_outcomes", "2017-05-02", "2017-05-09", event_outcome=None),
    event("Request", "talks", "2017-05-02", "2017-05-09", event_description="First Conversation"),
    event("Request", "talks", "2017-05-02", "2017-05-09", event_description="a call"),
    event("Service", "uplifted", "2016-09-05", unit_cost="100"),
    event("Service", "uplifted", "2016-09-05", unit_cost="100.00"),
    event("Service", "uplifted", "2016-09-05", unit_cost="104.50"),
    event("Assessment", "one_id", "2017-05-02", "2017-05-09", nhs_number=NUMBER),
    event("Assessment", "another_id", "2017-05-02", "2017-05-09", nhs_number=NUMBER),
    event("Assessment", "one_id", "2017-05-02", "2017-05-09", nhs_number=None),
    event("Request", "dead_before", "2017-05-02", "2017-05-09", date_of_death="2017-05-01"),
    event("Request", "dead_within", "2017-05-02", "2017-05-20", date_of_death="2017-05-09"),
    event("Service", "dead_in_spring", "2016-05-02", None, date_of_death="2016-06-30"),
    event("Review", None, "2017-05-02", "2017-05-09", nhs_number=NUMBER_OF_LATER),
    event("Service", "ends_after", "2016-05-02", "2017-07-04"),
    event("Request", "ends_after", "2016-05-02", "2017-07-04"),
    event("Request", "ends_first", "2017-06-20", "2017-06-10"),
    event("Service", "open_copy", "2016-05-02"),
    event("Service", "open_copy", "2016-05-02", "2017-05-09"),
    event("Request", "two_ends", "2017-05-02", "2017-05-09"),
    event("Request", "two_ends", "2017-05-02", "2017-05-10"),
    event("Request", "two_routes", "2017-05-02", "2017-05-09"),
    event("Request", "two_routes", "2017-05-02", "2017-05-09", request_route_of_access="Prison"),
    event("Assessment", "two_kinds", "2017-05-02", "2017-05-09"),
    event(
        "Assessment",
        "two_kinds",
        "2017-05-02",
        "2017-05-09",
        assessment_type="Short Term Assessment",
    ),
]
CORRECTED = {"closed_late": {"event_end_date": "2017-05-15"}}
CORRECTED["dies_later"] = {"date_of_death": "2017-07-08"}
SECOND_YEAR = [
    row | CORRECTED.get(row["la_person_unique_identifier"], {})
    for row in [*FIRST_YEAR, *steady_months("2017-07-01", "2017-07-01")]
    if row["la_person_unique_identifier"] != "vanishes"
]
SECOND_YEAR.append(event("Review", "later", "2017-05-16", "2017-05-18", nhs_number=NUMBER_OF_LATER))
TOP_UP = [
    event("Request", "topped_up", "2017-08-02", "2017-08-09"),
    event("Review", "topped_up", "2017-06-02", "2017-06-09"),
    event("Service", "stays_open", "2016-01-11"),
]

SUBMISSIONS = [
    Handmade("manchester_1", "306", "2017-07-10 09:00:00", FIRST_YEAR),
    Handmade("manchester_2", "306", "2017-08-10 09:00:00", SECOND_YEAR),
    Handmade("manchester_2_again", "306", "2017-08-11 09:00:00", SECOND_YEAR, outcome="duplicate"),
    Handmade("manchester_top_up", "306", "2017-09-10 09:00:00", TOP_UP),
    # 308: halves of a year landed together, then two whole files landed together.
    Handmade("half_1", "308", "2017-07-10 09:00:00", steady_months("2016-07-01", "2016-12-01")),
    Handmade("half_2", "308", "2017-07-10 09:00:00", steady_months("2017-01-01", "2017-06-01")),
    Handmade(
        "sent_as_b",
        "308",
        "2017-09-10 09:00:00",
        steady_months("2016-11-01", "2017-06-01"),
        file_name="b.xlsx",
    ),
    Handmade(
        "sent_as_a",
        "308",
        "2017-09-10 09:00:00",
        steady_months("2017-04-01", "2017-08-01"),
        file_name="a.xlsx",
    ),
    # 316: a file that states more than it holds, then one of few open services that states months
    # to come.
    Handmade(
        "states_more",
        "316",
        "2017-07-10 09:00:00",
        [
            *steady_months("2016-07-01", "2017-04-01", of_each_type=6),
            # Under 2 % of the file, though of three types; then many, though of one type.
            event("Request", "thin_month", "2017-05-02", "2017-05-09"),
            event("Review", "thin_month", "2017-05-02", "2017-05-09"),
            event("Assessment", "thin_month", "2017-05-02", "2017-05-09"),
            *(event("Request", f"one_type{i}", "2017-06-02", "2017-06-09") for i in range(9)),
            event("Service", "stays_open", "2016-01-11"),
        ],
    ),
    Handmade(
        "states_the_future",
        "316",
        "2017-08-10 09:00:00",
        [event("Service", "stays_open", "2016-01-11")],
        stated=("2017-05-01", "2017-12-31"),
    ),
]
