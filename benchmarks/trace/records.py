"""What councils write down about a sample of the country: errors drawn, named and kept as truth."""

import duckdb

_DIGIT = "chr(48 + cast(floor(draw(i, '{}') * 10) as int))"


def _damaged(number: str) -> dict[str, str]:
    """SQL of a number by defect."""
    at = "(1 + pick(draw(i, 'place'), 9))::int"
    other = "((substr({n}, {a}, 1)::int + 1 + pick(draw(i, 'digit'), 9)) % 10)::varchar"
    one = (
        f"left({number}, {at} - 1) || {other.format(n=number, a=at)} || substr({number}, {at} + 1)"
    )
    swap = (
        f"left({number}, {at} - 1) || substr({number}, {at} + 1, 1) || substr({number}, {at}, 1)"
        f" || substr({number}, {at} + 2)"
    )
    return {
        "one_digit": one,
        "transposed": swap,
        "nine_digits": f"left({number}, {at} - 1) || substr({number}, {at} + 1)",
        "household_member": "mate_number",
        "stranger": "stranger_number",
        "nonsense": "'123456' || lpad(pick(draw(i, 'junk'), 10000)::varchar, 4, '0')",
    }


def make_records(connection: duckdb.DuckDBPyConnection, s, block: int) -> None:
    """Make `records` (what a council sends) and `truth` (what is so), one row per client."""
    records, planted_twins = s.share(s.records, block), s.share(s.planted_twins, block)
    # Care needs rise with age; twins may be planted on top.
    connection.execute(f"""
        create or replace temp table chosen as
        with weighed as (
            select i, hash(i, 'chosen', {s.seed}) as x, case when age >= 85 then 9 when age >= 75
                then 4 when age >= 65 then 1.6 when age >= 18 then 0.5 else 0.15 end as care
            from truth_persons where died is null or draw(i, 'paper') < 0.02
        ), drawn as (
            select i, -ln((x % 4294967291 + 1) / 4294967292.0) / care as key from weighed
        )
        (select i, false as planted from drawn order by key limit {records})
        union all
        (select i, true from truth_persons where twin_i is not null
            and i not in (select i from drawn order by key limit {records})
            order by hash(i, 'planted', {s.seed}) limit {planted_twins})
    """)
    e = s.error_rate
    # A fifth of the clients are careless records: three times the errors; the rest has half.
    m = f"({e} * case when draw(i, 'careless') < 0.2 then 3.0 else 0.5 end)"

    def cumulative(purpose: str, shares: dict[str, float]) -> str:
        edge, parts = 0.0, []
        for name, share in shares.items():
            edge += share
            parts.append(f"when draw(i, '{purpose}') < {edge:.5f} * {m} then '{name}'")
        return f"case {' '.join(parts)} else 'none' end"

    number_defect = cumulative(
        "number",
        {"one_digit": 0.008, "transposed": 0.010, "nine_digits": 0.004, "household_member": 0.006,
         "stranger": 0.003, "nonsense": 0.004},
    )  # fmt: skip
    connection.execute("""
        create or replace temp table mates as
        select c.i, min_by(t.nhs_number, hash(t.i, 'mate')) as mate_number
        from chosen c join truth_persons me on me.i = c.i
        join truth_persons t on t.h = me.h and t.i <> c.i group by 1
    """)
    connection.execute("""
        create or replace temp table strangers as
        select a.i, b.nhs_number as stranger_number
        from (select i, row_number() over (order by i) as r from chosen) a
        join (select i, 1 + (row_number() over (order by i) + 76) % (select count(*) from chosen)
            as r from chosen) bb using (r)
        join truth_persons b on b.i = bb.i
    """)
    connection.execute(f"""
        create or replace temp table marked as
        select t.*, c.planted, mate_number, stranger_number,
            case when planted or draw(i, 'no number') < {s.number_missing} then 'missing'
                else {number_defect} end as number_defect,
            {
        cumulative(
            "birth",
            {
                "one_digit": 0.010,
                "swapped": 0.005,
                "other_part": 0.003,
                "first_of_january": 0.003,
                "missing": 0.003,
                "decade": 0.002,
            },
        )
    } as birth_defect,
            {
        cumulative(
            "postcode",
            {
                "former": 0.05,
                "typo": 0.012,
                "missing": 0.02,
                "office": 0.004,
                "pseudo": 0.003,
                "unknown_to_all": 0.015,
            },
        )
    } as postcode_defect,
            {cumulative("sex", {"missing": 0.006, "wrong": 0.002})} as gender_defect,
            {cumulative("practice", {"other_near": 0.05, "missing": 0.06})} as practice_defect,
            {
        cumulative(
            "given",
            {"short": 0.02, "typo": 0.012, "initial": 0.004, "other": 0.004, "exchanged": 0.002},
        )
    } as given_defect,
            {cumulative("family", {"typo": 0.012, "maiden": 0.01, "other": 0.004})}
                as family_defect,
            {"draw(i, 'nameless') < 0.01" if s.named else "true"} as is_nameless
        from chosen c join truth_persons t using (i)
        left join mates using (i) left join strangers using (i)
    """)
    typo_at = "(2 + pick(draw(i, 'typo {0}'), greatest(length({1}) - 2, 1)))::int"

    def typo(column: str) -> str:
        a = typo_at.format(column, column)
        swapped = (
            f"left({column}, {a} - 1) || substr({column}, {a} + 1, 1) || substr({column}, {a}, 1)"
            f" || substr({column}, {a} + 2)"
        )
        return (
            f"case pick(draw(i, 'way {column}'), 3) when 0 then {swapped} "
            f"when 1 then left({column}, {a} - 1) || substr({column}, {a} + 1) "
            f"else left({column}, {a} - 1) || chr(65 + pick(draw(i, 'letter'), 26)::int) "
            f"|| substr({column}, {a} + 1) end"
        )

    damaged = _damaged("nhs_number")
    numbers = " ".join(f"when '{d}' then {sql}" for d, sql in damaged.items())
    connection.execute(f"""
        create or replace table truth as
        select 'C' || lpad(i::varchar, 9, '0') as la_person_unique_identifier,
            (300 + i % 50)::varchar as la_code, i, nhs_number, not is_absent as in_index, planted,
            number_defect, birth_defect, postcode_defect, gender_defect, practice_defect,
            given_defect, family_defect, is_nameless, grp as ethnic_group, sex as true_sex,
            age as true_age, in_home, twin_i is not null
                or i in (select twin_i from truth_persons where twin_i is not null) as is_twin,
            t.type as household_type,
            ['request', 'assessment', 'service', 'review'][1 + pick(draw(i, 'event'), 4)]
                as event_type,
            case number_defect when 'none' then nhs_number when 'missing' then null
                {numbers} end as sent_number,
            nullif(case given_defect
                when 'short' then coalesce(short_name, left(given, 3))
                when 'typo' then {typo("given")}
                when 'initial' then left(given, 1) when 'other' then 'ALEX'
                when 'exchanged' then family else given end, '') as sent_given,
            case when given_defect = 'exchanged' then given else case family_defect
                when 'typo' then {typo("family")} when 'maiden' then coalesce(maiden, family)
                when 'other' then 'WELBY' else family end end as sent_family,
            case birth_defect
                when 'none' then true_birth
                when 'missing' then null
                when 'first_of_january' then make_date(year(true_birth)::int, 1, 1)
                when 'swapped' then coalesce(try_cast(year(true_birth) || '-' || day(true_birth)
                    || '-' || month(true_birth) as date), true_birth)
                when 'decade' then true_birth + interval 10 year
                when 'other_part' then coalesce(try_cast(year(true_birth) || '-'
                    || (1 + pick(draw(i, 'month'), 12)) || '-' || day(true_birth) as date),
                    true_birth)
                else case pick(draw(i, 'part'), 3)
                    when 0 then coalesce(try_cast(year(true_birth) || '-' || month(true_birth)
                        || '-' || case when day(true_birth) % 10 = 9 then day(true_birth) - 1
                            else day(true_birth) + 1 end as date), true_birth)
                    when 1 then make_date((year(true_birth) // 10 * 10
                        + (year(true_birth) + 1 + pick(draw(i, 'y'), 9)) % 10)::int,
                        month(true_birth)::int, least(day(true_birth), 28)::int)
                    else coalesce(try_cast(year(true_birth) || '-' || month(true_birth) || '-' ||
                        (day(true_birth) + 10) as date), true_birth + interval 1 day) end
            end::date as sent_birth,
            case postcode_defect
                when 'former' then postcode_of(coalesce(before_at, now_at))
                when 'missing' then null
                when 'office' then postcode_of((now_at // 9600) * 9600)
                when 'pseudo' then 'ZZ99 3VZ'
                when 'unknown_to_all' then postcode_of((now_at // 480) * 480
                    + pick(draw(i, 'elsewhere'), 480))
                when 'typo' then left(postcode_of(now_at), length(postcode_of(now_at)) - 1)
                    || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + pick(draw(i, 'unit'), 20)::int, 1)
                else postcode_of(now_at) end as sent_postcode,
            case gender_defect when 'missing' then null when 'wrong' then 3 - sex else sex end
                as sent_sex,
            case practice_defect when 'missing' then null
                when 'other_near' then practice_of(now_at // 480, pick(draw(i, 'gp'), 4))
                else practice_of(now_at // 480, ranked(draw(h, 'practice'), 4, 2)) end
                as sent_practice
        from marked as t
        left join (select name, min(also_known_as) as short_name from short_names
            where length(also_known_as) < length(name) group by 1) as short
            on short.name = t.given
    """)
    connection.execute("""
        create or replace table records as
        select la_code as sender_la_code, la_person_unique_identifier, sent_number as nhs_number,
            case when not is_nameless then sent_given end as first_name,
            case when not is_nameless then sent_family end as last_name,
            sent_birth as date_of_birth, sent_postcode as postcode,
            case sent_sex when 1 then 'Male' when 2 then 'Female' else 'Unknown' end as gender,
            sent_practice as gp_practice_code
        from truth
    """)
