"""Codes in words, as readers see them."""

OUTCOMES = {"landed": "Landed", "duplicate": "Duplicate", "refused": "Refused"}
STEPS = {
    "cross_check": "Supplied number confirmed",
    "exact": "Found by exact details",
    "probabilistic": "Found by weighing details",
    "none": "Not found",
}
STATUSES = {
    "01": "number present and verified",
    "04": "trace attempted, no match or several",
    "05": "trace needs to be resolved",
}
RESPONSES = {
    "00": "found",
    "90": "found by way of a superseded number",
    "96": "not enough details to search by",
    "97": "several candidates too close to decide",
    "98": "no match",
}
ENTRIES = {
    "released": "Released",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "expired": "Expired",
    "reissued": "Reissued",
    "published": "Published",
    "erased": "Records erased",
}
PURPOSES = {
    "a": "cohorts over time",
    "b": "outcomes along pathways",
    "c": "evaluation of interventions",
    "d": "payment models",
    "e": "population need",
}


def in_words(words: dict[str, str], value: str | None, code: bool = False) -> str | None:
    """Return a code's words; with `code` the code before them: `98: no match`.

    A code without words is returned as it is.
    """
    if value is None or value not in words:
        return value
    return f"{value}: {words[value]}" if code else words[value]
