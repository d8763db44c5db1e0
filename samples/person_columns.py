"""The person columns of a submission that stay the same from month to month."""

import numpy as np

from samples.care import choose
from samples.clients import FIRST_SEEN, Client
from samples.codes import (
    ACCOMMODATION,
    COLUMN,
    EMPLOYMENT,
    ETHNICITIES,
    PSR_CARER,
    PSR_OLDER,
    PSR_WORKING_AGE,
    UNKNOWN_ETHNICITY,
)
from samples.geography import Geography
from samples.population import Population


def fill(
    rng: np.random.Generator, people: Population, geography: Geography, clients: list[Client]
) -> None:
    """Set `static` on each client: column position -> value, Release 1 labels."""
    age = people.age(FIRST_SEEN)
    cared_for = {id(user) for c in clients for user in c.cares_for}
    for client in clients:
        p = client.person
        values: dict[str, str] = {
            "Gender": client.gender_value,
            "Ethnicity": ETHNICITIES[people.ethnicity[p]][0],
        }
        if rng.random() < 0.05:
            values["Ethnicity"] = UNKNOWN_ETHNICITY[int(rng.random() < 0.8)]
        home = people.home[p]
        if home >= 0 and client.role == "residential":
            nursing = geography.home_nursing[home]
            values["Accommodation Status"] = f"Registered {'nursing' if nursing else 'care'} home"
        else:
            values["Accommodation Status"] = choose(rng, ACCOMMODATION)
        if client.role in ("carer", "associated"):
            values["Primary Support Reason"] = PSR_CARER
            values["Has Unpaid Carer"] = "No"
        else:
            working = age[p] < 65
            reason = choose(rng, PSR_WORKING_AGE if working else PSR_OLDER)
            if 2 <= people.slot[p] <= 4 and rng.random() < 0.6:
                reason = "Learning Disability Support"
            values["Primary Support Reason"] = reason
            carer = id(client) in cared_for or rng.random() < 0.2
            values["Has Unpaid Carer"] = (
                "Unknown" if rng.random() < 0.04 else "Yes" if carer else "No"
            )
            if reason == "Learning Disability Support":
                values["Employment Status"] = choose(rng, EMPLOYMENT)
            if rng.random() < 0.85:
                memory = reason == "Support with Memory & Cognition"
                values["Dementia"] = "Yes" if rng.random() < (0.85 if memory else 0.04) else "No"
                autism = reason == "Learning Disability Support" and rng.random() < 0.25
                values["Autism Spectrum Disorder (ASD)"] = "Yes" if autism else "No"
            if rng.random() < 0.6:
                values["Visual Impairment"] = (
                    "Partial sight/sight impaired"
                    if "visual" in reason or rng.random() < 0.05
                    else "No visual impairment"
                )
                values["Hearing Impairment"] = (
                    "Hard of hearing" if rng.random() < 0.08 else "No hearing impairment"
                )
        client.static = {COLUMN[name]: value for name, value in values.items()}
