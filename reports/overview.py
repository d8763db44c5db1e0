"""The content of the site's first page: state of the build, and what came in and went out."""

from dataclasses import dataclass

from release import ledger
from reports.collection import total
from reports.everything import Collection
from reports.source import Source
from reports.tables import percentage, shown

_BUILDS = "pseudonymised.governance.builds"
_LAST_BUILD = f"""
select ended_at, outcome, as_of_date, accept_test_nhs_numbers from {_BUILDS}
order by started_at desc limit 1"""
NOT_BUILT = "The warehouse has not been built yet: run `asc land` and `dbt build`."
NOTHING_LANDED = "No submission has been received yet."
_TEST_NUMBERS = "This build accepts test NHS numbers: it is not for real data."


@dataclass(frozen=True)
class Overview:
    """The first page. `facts` are (label, value) pairs, `notes` sentences for the top."""

    notes: list[str]
    facts: list[tuple[str, object]]


def overview(source: Source, everything: Collection, listed: list[dict]) -> Overview:
    """Compose the page; `listed` are the entries of the ledger."""
    sent = everything.submissions
    accepted, quarantined = total(sent, "accepted"), total(sent, "quarantined")
    return Overview(
        notes=_notes(everything, source.read(_LAST_BUILD, _BUILDS)),
        facts=[
            ("Submissions received", len(sent)),
            ("Rows read", total(sent, "rows_read")),
            ("Rows accepted", percentage(accepted, accepted + quarantined)),
            ("Releases in force", len(ledger.live_releases(listed))),
        ],
    )


def _notes(everything: Collection, builds: list[dict]) -> list[str]:
    if not builds:
        return [NOT_BUILT] if everything.submissions else [NOTHING_LANDED, NOT_BUILT]
    build = builds[0]
    text = f"Last build: {build['outcome']}"
    if build["ended_at"]:
        text += f", on {shown(build['ended_at'])}"
    if build["as_of_date"]:
        text += f", as of {shown(build['as_of_date'])}"
    return [f"{text}.", *([_TEST_NUMBERS] if build["accept_test_nhs_numbers"] else [])]
