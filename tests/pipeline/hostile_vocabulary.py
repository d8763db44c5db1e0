"""The corpus' controls: values of release 1 as its documents spell them, of which nothing is said.

Written out from the published lists, not from the project's: a list misspelt there shows here.
"""

from hostile_workbooks import ALL_ROWS, CORPUS, plant

__all__ = ["CORPUS"]

VOCABULARY = {
    "gender": ["Male", "Female", "Other", "Unknown"],
    "has_unpaid_carer": ["Yes", "No", "Unknown"],
    "primary_support_reason": [
        "Physical Support: Access & mobility only",
        "Physical Support: Personal care support",
        "Sensory Support: Support for visual impairment",
        "Sensory Support: Support for hearing impairment",
        "Sensory Support: Support for dual impairment",
        "Support with Memory & Cognition",
        "Learning Disability Support",
        "Mental Health Support",
        "Social Support: Substance misuse support",
        "Social Support: Asylum seeker support",
        "Social Support: Support for Social Isolation/Other",
        "Social Support: Support to Carer",
        "Unknown",
    ],
    "client_funding_status": [
        "18(3) (full cost client)",
        "Joint Client and Social Care Funded",
        "Fully Social Care Funded",
        "Self-funder - Metering Only",
        "Joint Health and Social Care Funded",
        "Fully Health Funded",
        "Unknown - Individual Level",
    ],
    "request_route_of_access": [
        "Planned Entry (Transition)",
        "Discharge from Hospital",
        "Diversion from Hospital Services",
        "Community / Other route",
        "Prison",
        "Self-Funder",
        "Discharge from Reablement",
        "Transfer from Other LA",
    ],
    "event_outcome": [
        "Progress to Reablement/ST-Max",
        "Progress to Assessment",
        "Progress to Re-assessment / Unplanned Review",
        "Progress to financial assessment",
        "Progress to Support Planning / Services",
        "No change in package",
        "Provision of service",
        "Progress to End of Life Care",
        "Admitted to hospital",
        "NFA - Moved to another LA",
        "NFA - 100% NHS funded care",
        "NFA - Self-funded client (Inc. 12wk disregard)",
        "NFA - Information & Advice / Signposting only",
        "NFA - Support declined",
        "NFA - Deceased",
        "Service ended as planned",
        "NFA - Support ended: Other reason",
        "NFA - No services offered: Other reason",
        "NFA- Other",
    ],
    "accommodation_status": [
        "Owner occupier or shared ownership scheme",
        "Tenant",
        "Tenant - private landlord",
        "Settled mainstream housing with family / friends",
        "Supported accommodation / supported lodgings / supported group home",
        "Shared Lives scheme",
        "Approved premises for offenders released from prison or under probation supervision",
        "Sheltered housing / extra care housing / other sheltered housing",
        "Mobile accommodation for Gypsy / Roma and Traveller communities",
        "Rough sleeper / squatting",
        "Night shelter / emergency hostel / direct access hostel",
        "Refuge",
        "Placed in temporary accommodation by the council (inc. homelessness resettlement)",
        "Staying with family / friends as a short-term guest",
        "Acute / long-term healthcare residential facility or hospital",
        "Registered care home",
        "Registered nursing home",
        "Prison / Young offenders institution / detention centre",
        "Other temporary accommodation",
        "Unknown",
    ],
    "employment_status": [
        "Paid: Less than 16 hours a week",
        "Paid: 16 or more hours a week",
        "Paid: Hours per week unknown",
        "Not in Paid Employment (seeking work)",
        "Not in Paid Employment (not actively seeking work / retired)",
        "Not in Paid Employment (voluntary work only)",
        "Unknown",
    ],
    "ethnicity": [
        *(
            f"Asian or Asian British - {group}"
            for group in (
                "Indian",
                "Pakistani",
                "Bangladeshi",
                "Chinese",
                "Any other Asian background",
            )
        ),
        "Black, Black British, Caribbean or African - Caribbean",
        "Black, Black British, Caribbean or African - African",
        "Black, Black British, Caribbean or African - Any other Black, Black British or Caribbean "
        "background",
        "Mixed or multiple ethnic groups - White and Black Caribbean",
        "Mixed or multiple ethnic groups - White and Black African",
        "Mixed or multiple ethnic groups - White and Asian",
        "Mixed or multiple ethnic groups - Any other Mixed or multiple ethnic background",
        "White - English, Welsh, Scottish, Northern Irish or British",
        "White - Irish",
        "White - Gypsy or Irish Traveller",
        "White - Roma",
        "White - Any other White background",
        "Other ethnic group - Arab",
        "Other ethnic group - Any other ethnic group",
        "No data - Refused",
        "No data - Undeclared or Not known",
    ],
    "review_reason": [
        "Planned",
        "Unplanned - Hospital (Planned and unplanned episodes)",
        "Unplanned - Carer related",
        "Unplanned - Safeguarding concern",
        "Unplanned - Other Reason",
        "Unplanned - Provider Failure",
        "Unplanned - Change in Commissioning arrangements",
    ],
}
LONGEST = max(map(len, VOCABULARY.values()))

for first in range(0, LONGEST, len(ALL_ROWS)):
    plant(
        f"sound_values_from_{first}",
        {
            (row, name): values[(first + place) % len(values)]
            for place, row in enumerate(ALL_ROWS)
            for name, values in VOCABULARY.items()
        },
    )
# A carer states what a service user does not, and the other way round.
plant(
    "sound_carers",
    {
        (row, name): value
        for row in ALL_ROWS
        for name, value in {
            "client_type": "Carer",
            "primary_support_reason": "Social Support: Support to Carer",
            "client_funding_status": None,
            "total_hrs_caring_per_week": None,
            "no_of_adults_being_cared_for": 1,
            "adult_1_linked_person_id": "P1",
        }.items()
    },
)
