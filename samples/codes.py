"""Release 1 column headers and code lists of the client-level specification, and NHS code lists."""

HEADERS: tuple[str, ...] = (
    "LA Code",
    "Reporting Period Start Date",
    "Reporting Period End Date",
    "NHS Number",
    "LA Person Unique Identifier",
    "First Name",
    "Last Name",
    "GP Practice Name",
    "GP Practice Code",
    "Gender",
    "Ethnicity",
    "Date of Birth",
    "Date of Death",
    "Client Type",
    "Primary Support Reason",
    "Postcode",
    "Accommodation Status",
    "Employment Status",
    "Has Unpaid Carer",
    "Autism Spectrum Disorder (ASD)",
    "Visual Impairment",
    "Hearing Impairment",
    "Dementia",
    "Client Funding Status",
    "Event Type",
    "Event Reference",
    "Event Start Date",
    "Event End Date",
    "Event Description",
    "Event Outcome",
    "Request: Route of Access",
    "Assessment Type",
    "Eligible Needs Identified",
    "Method of Assessment",
    "Total Hrs Caring per week",
    "No. of adults being cared for",
    "Adult 1 Linked Person_ID",
    "Adult 2 Linked Person_ID",
    "Adult 3 Linked Person_ID",
    "Service Type",
    "Service Component",
    "Delivery Mechanism",
    "Provider CQC Location Name",
    "Provider CQC Location ID",
    "Review Reason",
    "Review Outcomes Achieved",
    "Method of Review",
    "Unit Cost",
    "Cost Frequency (Unit Type)",
    "Planned units per week",
)
COLUMN: dict[str, int] = {header: i for i, header in enumerate(HEADERS)}
DATE_COLUMNS = frozenset(
    COLUMN[h]
    for h in (
        "Reporting Period Start Date",
        "Reporting Period End Date",
        "Date of Birth",
        "Date of Death",
        "Event Start Date",
        "Event End Date",
    )
)

# (Release 1 label, NHS ethnic category letter that leaks into submissions)
ETHNICITIES: tuple[tuple[str, str], ...] = (
    ("White - English, Welsh, Scottish, Northern Irish or British", "A"),
    ("White - Irish", "B"),
    ("White - Gypsy or Irish Traveller", "C"),
    ("White - Any other White background", "C"),
    ("Mixed or multiple ethnic groups - White and Black Caribbean", "D"),
    ("Mixed or multiple ethnic groups - White and Asian", "F"),
    ("Asian or Asian British - Indian", "H"),
    ("Asian or Asian British - Pakistani", "J"),
    ("Asian or Asian British - Bangladeshi", "K"),
    ("Asian or Asian British - Chinese", "R"),
    ("Asian or Asian British - Any other Asian background", "L"),
    ("Black, Black British, Caribbean or African - African", "N"),
    ("Black, Black British, Caribbean or African - Caribbean", "M"),
    (
        "Black, Black British, Caribbean or African - "
        "Any other Black, Black British or Caribbean background",
        "P",
    ),
    ("Other ethnic group - Arab", "S"),
    ("Other ethnic group - Any other ethnic group", "S"),
)
UNKNOWN_ETHNICITY = ("No data - Refused", "No data - Undeclared or Not known")
# Percent of residents in the order of ETHNICITIES, Census 2011, some small groups estimated.
ETHNICITY_SHARE: dict[str, tuple[float, ...]] = {
    "316": (84.8, 1.4, 0.1, 2.5, 1.4, 1.1, 1.1, 0.4, 0.3, 1.7, 0.6, 1.8, 0.3, 0.5, 1.2, 0.8),
    "306": (59.3, 2.4, 0.1, 4.9, 3.2, 1.5, 2.3, 8.5, 1.3, 2.7, 2.3, 5.1, 1.9, 1.6, 1.9, 1.2),
    "308": (78.6, 1.3, 0.1, 1.7, 0.9, 0.8, 0.6, 10.5, 2.1, 0.6, 1.1, 0.8, 0.3, 0.2, 0.1, 0.3),
    "": (90.0, 1.2, 0.1, 1.8, 0.9, 0.5, 1.0, 2.2, 0.6, 0.6, 0.4, 0.4, 0.2, 0.1, 0.1, 0.1),
}

GENDER_LABEL: dict[int, str] = {1: "Male", 2: "Female", 9: "Other", 0: "Unknown"}

PSR_WORKING_AGE: tuple[tuple[str, float], ...] = (
    ("Learning Disability Support", 0.45),
    ("Physical Support: Personal care support", 0.24),
    ("Physical Support: Access & mobility only", 0.06),
    ("Mental Health Support", 0.20),
    ("Sensory Support: Support for visual impairment", 0.01),
    ("Sensory Support: Support for hearing impairment", 0.01),
    ("Social Support: Substance misuse support", 0.02),
    ("Social Support: Support for Social Isolation/Other", 0.01),
)
PSR_OLDER: tuple[tuple[str, float], ...] = (
    ("Physical Support: Personal care support", 0.66),
    ("Physical Support: Access & mobility only", 0.08),
    ("Support with Memory & Cognition", 0.14),
    ("Learning Disability Support", 0.03),
    ("Mental Health Support", 0.05),
    ("Sensory Support: Support for visual impairment", 0.015),
    ("Sensory Support: Support for dual impairment", 0.005),
    ("Social Support: Support for Social Isolation/Other", 0.02),
)
PSR_CARER = "Social Support: Support to Carer"

ACCOMMODATION: tuple[tuple[str, float], ...] = (
    ("Owner occupier or shared ownership scheme", 0.36),
    ("Tenant", 0.33),
    ("Tenant - private landlord", 0.10),
    ("Settled mainstream housing with family / friends", 0.12),
    ("Supported accommodation / supported lodgings / supported group home", 0.03),
    ("Sheltered housing / extra care housing / other sheltered housing", 0.04),
    ("Other temporary accommodation", 0.01),
    ("Unknown", 0.01),
)
EMPLOYMENT: tuple[tuple[str, float], ...] = (
    ("Paid: Less than 16 hours a week", 0.05),
    ("Paid: 16 or more hours a week", 0.02),
    ("Not in Paid Employment (seeking work)", 0.10),
    ("Not in Paid Employment (not actively seeking work / retired)", 0.75),
    ("Unknown", 0.08),
)
FUNDING: tuple[tuple[str, float], ...] = (
    ("Fully Social Care Funded", 0.38),
    ("Joint Client and Social Care Funded", 0.52),
    ("18(3) (full cost client)", 0.06),
    ("Joint Health and Social Care Funded", 0.03),
    ("Unknown - Individual Level", 0.01),
)
METHODS: tuple[tuple[str, float], ...] = (
    ("Service user only", 0.55),
    ("Service user and carer", 0.40),
    ("Carer only", 0.05),
)
HOURS_CARING = ("1-19 hours", "20-49 hours", "50 or more hours", "Unknown")
REVIEW_REASONS: tuple[tuple[str, float], ...] = (
    ("Planned", 0.62),
    ("Unplanned - Hospital (Planned and unplanned episodes)", 0.14),
    ("Unplanned - Carer related", 0.06),
    ("Unplanned - Safeguarding concern", 0.03),
    ("Unplanned - Other Reason", 0.13),
    ("Unplanned - Provider Failure", 0.01),
    ("Unplanned - Change in Commissioning arrangements", 0.01),
)
NFA_OUTCOMES: tuple[tuple[str, float], ...] = (
    ("NFA - Information & Advice / Signposting only", 0.55),
    ("NFA - Support declined", 0.12),
    ("NFA - Self-funded client (Inc. 12wk disregard)", 0.06),
    ("NFA - No services offered: Other reason", 0.17),
    ("NFA- Other", 0.10),
)
DEFAULT_ROUTE = "Community / Other route"
