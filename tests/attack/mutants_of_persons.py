"""Mutants: persons who can be told apart, in one release, over releases, between recipients."""

from made_releases import AREAS, CCG, COUNCIL, HOSPITAL, REASONS, World, digest, token
from spoiling import a_class, mutant, remove, rows_of, spine


# ---------------------------------------------------------------------- classes
@mutant("person-classes")
def class_of_nine(world: World) -> None:
    for one in a_class(world)[9:]:
        for release in world.of(COUNCIL):
            remove(release, one)
    for one in a_class(world, month=1):
        remove(world.last(COUNCIL), one)


@mutant("person-classes")
def class_with_one_sensitive_value(world: World) -> None:
    for release in world.of(COUNCIL):
        for one in a_class(world) + a_class(world, month=release.month):
            spine(release, one)["emergency_admissions"] = "1"
            spine(release, one)["emergency_attendances"] = "1"


@mutant("person-classes")
def top_share_of_95_in_100(world: World) -> None:
    members = a_class(world)
    release = world.releases[COUNCIL, 0]
    for place, one in enumerate(members):
        value = HOSPITAL[0] if place == 0 else HOSPITAL[3]
        row = spine(release, one)
        row["emergency_admissions"], row["emergency_attendances"] = value


@mutant("person-classes")
def exact_ages(world: World) -> None:
    for one in world.persons:
        spine(world.last(CCG), one)["age_band"] = str(2017 - int(one.date_of_birth[:4]))


@mutant("person-classes")
def rows_counted_for_persons(world: World) -> None:
    # Ten rows, five persons: whoever counts rows sees a class of ten.
    release = world.releases[CCG, 0]
    table = release.tables["linked_persons"]
    for one in world.persons[:5]:
        row = spine(release, one)
        row["ethnic_group"] = "White"
        table.rows.append(dict(row))


@mutant("person-classes")
def care_that_singles_a_client_out(world: World) -> None:
    release = world.last(COUNCIL)
    row = rows_of(release, token(COUNCIL, world.persons[7]))[-1]
    table = release.tables["linked_care_events"]
    table.rows.append(row | {"event_type": "Review", "start_period": "2017-Q2"})
    table.rows[-1].pop("activity_type", None)


@mutant("person-classes")
def patient_s_admission_that_singles_out(world: World) -> None:
    release = world.last(CCG)
    release.tables["linked_health_activity"].rows.append(
        {
            "person_pseudonym": token(CCG, world.persons[7]),
            "activity_type": "emergency_admission",
            "period": "2017-Q2",
        }
    )


@mutant("person-classes")
def person_in_events_only(world: World) -> None:
    table = world.last(CCG).tables["linked_care_events"]
    table.rows.append(table.rows[0] | {"person_pseudonym": digest("sha256", "nobody")[:32]})


# --------------------------------------------------------------------- intruder
@mutant("motivated-intruder")
def known_person_alone_in_a_band(world: World) -> None:
    one = world.persons[0]
    world.known[0]["date_of_birth"] = "1930-05-05"
    spine(world.last(CCG), one)["age_band"] = "85-89"


@mutant("motivated-intruder")
def candidates_all_alike(world: World) -> None:
    first = world.persons[0]
    release = world.releases[CCG, 0]
    for one in world.persons:
        kind = (one.age_band, one.sex, one.area, one.joined)
        if kind == (first.age_band, first.sex, first.area, 0):
            spine(release, one)["primary_support_reason"] = REASONS[0]


@mutant("motivated-intruder")
def client_known_by_one_service(world: World) -> None:
    one = world.persons[0]
    world.known[0]["service_type"] = "Nursing care"
    for row in rows_of(world.last(COUNCIL), token(COUNCIL, one)):
        if row.get("event_type") == "Service":
            row["service_type"] = "Nursing care"


# ---------------------------------------------------------------- over releases
@mutant("class-difference")
def one_joins_a_class(world: World) -> None:
    for one in a_class(world, month=1)[1:]:
        remove(world.last(COUNCIL), one)


@mutant("class-difference")
def three_alike_leave_a_class(world: World) -> None:
    for one in a_class(world)[:3]:
        remove(world.last(CCG), one)
    for one in world.persons:
        if one.joined:
            remove(world.last(CCG), one)


@mutant("class-difference")
def one_person_s_value_changes(world: World) -> None:
    one = world.persons[-60]
    spine(world.last(COUNCIL), one)["emergency_admissions"] = "2+"
    spine(world.last(COUNCIL), one)["emergency_attendances"] = "2+"


@mutant("trajectories")
def tuple_of_a_mover_changes(world: World) -> None:
    one = world.persons[0]
    spine(world.last(CCG), one)["area_code"] = next(area for area in AREAS if area != one.area)


@mutant("trajectories")
def five_join_together(world: World) -> None:
    for one in a_class(world, month=1)[5:]:
        remove(world.last(COUNCIL), one)


# ------------------------------------------------------------ between recipients
@mutant("fingerprint-join")
def columns_that_fingerprint(world: World) -> None:
    for agreement in (COUNCIL, CCG):
        for release in world.of(agreement):
            table = release.tables["linked_persons"]
            table.columns.append(("weekly_cost", "varchar", "sensitive"))
            for place, one in enumerate(world.persons):
                if one.joined <= release.month:
                    spine(release, one)["weekly_cost"] = str(100 + place % 211)


@mutant("fingerprint-join")
def events_that_fingerprint(world: World) -> None:
    for agreement in (COUNCIL, CCG):
        release = world.last(agreement)
        for place, one in enumerate(world.persons):
            if place % 8 == 0:
                row = rows_of(release, token(agreement, one))[1]
                row["start_period"], row["end_period"] = f"{1900 + place}", "2017"


@mutant("nested-footprints")
def sliver_between_two_recipients(world: World) -> None:
    # Three of one place live outside the CCG: the files differ by them alone.
    for one in a_class(world)[:3]:
        for release in world.of(CCG):
            remove(release, one)
