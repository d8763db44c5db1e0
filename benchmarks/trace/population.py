"""A generated national index and its clients, with the hard cases in it and the truth apart.

Everything is drawn by hashing (seed, purpose, number), so that one seed gives one population
whatever the number of threads. Made by DuckDB in blocks of households, so that 60 million persons
need the memory of one block: households live anywhere, so each block is a sample of the country.
Two persons of one family name and postcode share a birth about as often as published (0.4 %).
"""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from benchmarks.trace.names import family_names, given_names

REFERENCE = "date '2017-06-30'"
# Group of the name pools in `samples.names` and size of each list.
_GROUPS = {0: (0, 60_000, 1_400), 1: (7, 700, 160), 2: (6, 1_500, 500), 3: (3, 2_000, 200),
           4: (11, 900, 220), 5: (9, 120, 120)}  # fmt: skip
ETHNICITY = ["White British", "Pakistani or Bangladeshi", "Indian", "Other White", "Black African",
             "Chinese"]  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What is drawn: persons in the country, clients, and how wrong their records are."""

    persons: int
    records: int
    seed: int
    error_rate: float = 1.0  # multiplies every error but the missing numbers
    number_missing: float = 0.45
    absent: float = 0.04
    named: bool = True
    planted_twins: int = 0
    block: int = 10_000_000  # persons made at a time

    @property
    def blocks(self) -> int:
        """How many blocks the country is made in."""
        return -(-self.persons // self.block)

    def share(self, total: int, block: int) -> int:
        """How many of so many fall to a block; all blocks together take the total."""
        return total * (block + 1) // self.blocks - total * block // self.blocks


def _name_tables(connection: duckdb.DuckDBPyConnection) -> None:
    rows: dict[str, list] = {"kind": [], "grp": [], "key": [], "name": []}
    for group, (pool, families, givens) in _GROUPS.items():
        lists = {
            "family": family_names(pool, families),
            "male": given_names(pool, "male", givens),
            "female": given_names(pool, "female", givens),
        }
        for kind, names in lists.items():
            rows["kind"] += [kind] * len(names)
            rows["grp"] += [group] * len(names)
            rows["key"] += [f"{kind} {group} {k}" for k in range(len(names))]
            rows["name"] += names
    table = pa.table(rows)
    connection.register("name_rows", table)
    connection.execute("create or replace temp table names as from name_rows")
    connection.execute(
        "create or replace temp table name_sizes as "
        "select kind, grp, count(*) as size from names group by all"
    )
    connection.unregister("name_rows")


def _macros(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    letters, units = "ABCDEFGHJKLMNPRSTUWY", "ABDEFGHJLNPQRSTUWXYZ"
    for text in (
        f"draw(i, why) as (hash(i, why, {settings.seed}) % 4294967291) / 4294967291.0",
        "pick(x, n) as cast(floor(x * n) as bigint)",
        # Zipf with a shift: rank 0 is the commonest of `size` names.
        "ranked(x, size, s) as least(cast(floor(pow(size + s, x) * pow(s, 1 - x) - s) as bigint),"
        " size - 1)",
        f"""postcode_of(p) as
            substr('{letters}', 1 + cast((p // 9600) // 20 % 20 as int), 1)
            || substr('{letters}', 1 + cast((p // 9600) % 20 as int), 1)
            || ((p // 480) % 20 + 1 + 20 * ((p // 9600) // 400))::varchar || ' '
            || ((p // 60) % 8 + 1)::varchar
            || substr('{units}', 1 + cast(p % 60 % 20 as int), 1)
            || substr('{units}', 1 + cast((p % 60) // 20 * 5 + p % 5 as int), 1)""",
        "practice_of(district, k) as chr(cast(65 + district % 20 as int))"
        " || lpad(((district // 20) * 4 + k)::varchar, 5, '0')",
    ):
        connection.execute(f"create or replace temp macro {text}")


def _valid_number(column: str) -> str:
    """SQL of a ten-digit number, 9 first, for a serial number; null where no check digit fits."""
    serial = f"({column})::bigint"
    digits = " + ".join(f"{serial} // {10 ** (8 - k)} % 10 * {10 - k}" for k in range(1, 9))
    check = f"((11 - (90 + {digits}) % 11) % 11)"
    return f"case when {check} < 10 then (9000000000 + {serial} * 10 + {check})::varchar end"


def _households(connection: duckdb.DuckDBPyConnection, s: Settings, block: int) -> None:
    count = int(s.persons / 2.31)
    first, last = count * block // s.blocks, count * (block + 1) // s.blocks
    postcodes = max(480, s.persons // 36)
    connection.execute(f"""
        create or replace temp table households as
        with drawn as (
            select h, draw(h, 'kind') as kind, pick(draw(h, 'place'), {postcodes}) as postcode,
                draw(h, 'age') as a, draw(h, 'moved') as moved,
                -- the postcodes before: mostly near by
                draw(h, 'far1') < 0.55 as near1, draw(h, 'near1') as x1, draw(h, 'any1') as y1,
                draw(h, 'any2') as y2, draw(h, 'kin') < 0.12 as is_kin,
                draw(h, 'twin head') < 0.003 as is_twin_head,
                (1 + 8000 * pow(draw(h, 'days'), 1.6))::int as days
            from range({max(first - 1, 0)}, {last}) as r (h)
        )
        select h, postcode, a, kind,
            case when kind < 0.22 then 'old_single' when kind < 0.38 then 'old_couple'
                when kind < 0.52 then 'single' when kind < 0.65 then 'couple'
                when kind < 0.84 then 'family' when kind < 0.90 then 'lone_parent'
                when kind < 0.94 then 'generations' when kind < 0.98 then 'grown_children'
                else 'siblings' end as type,
            case when moved < 0.50 then
                case when near1
                    then least((postcode // 480) * 480 + pick(x1, 480), {postcodes} - 1)
                    else pick(y1, {postcodes}) end end as former1,
            case when moved < 0.18 then pick(y2, {postcodes}) end as former2,
            days, is_kin and h > 0 as is_kin, is_twin_head and h > 0 as is_twin_head,
            -- ethnic group: districts differ
            case when draw(h, 'group') < 0.06 + 0.5 * pow(draw((postcode // 480) // 3, 'mix'), 4)
                then 1 + ranked(draw(h, 'which'), 5, 2) else 0 end as grp
        from drawn
    """)
    # The household before is the kin of some: of the first of a block too.
    connection.execute(f"""
        create or replace temp table heads as
        with one as (
            select a.*, case when a.is_twin_head or a.is_kin then b.h else a.h end as name_h,
                case when a.is_twin_head or a.is_kin then b.grp else a.grp end as name_grp,
                case when a.is_twin_head or a.is_kin
                    then coalesce(a.former1, b.postcode) else a.former1 end as shared_former,
                b.a as kin_a, b.type as kin_type
            from households a left join households b on b.h = a.h - 1
            where a.h >= {first}
        )
        select one.*, ranked(draw(name_h, 'surname'), size, 25) as family_k,
            ranked(draw(one.h, 'partner surname'), size, 25) as partner_family_k
        from one join name_sizes on name_sizes.kind = 'family' and name_sizes.grp = name_grp
    """)


def _persons(connection: duckdb.DuckDBPyConnection, s: Settings, block: int) -> None:
    postcodes = max(480, s.persons // 36)
    connection.execute(f"""
        create or replace temp table persons_drawn as
        with slots as (
            select hh.*, slot, h * 8 + slot as i,
                draw(h * 8 + slot, 'age') as b, draw(h * 8 + slot, 'sex') as c
            from heads hh, range(6) as r (slot)
            where slot = 0
                or (slot = 1 and type in ('old_couple', 'couple', 'family', 'generations',
                    'grown_children', 'siblings'))
                or (slot in (2, 3) and type in ('family', 'lone_parent', 'generations')
                    and draw(h * 8 + slot, 'child') < 0.75)
                or (slot = 2 and type = 'grown_children')
                or (slot = 3 and type = 'grown_children' and draw(h, 'second') < 0.3)
                or (slot = 4 and type = 'family' and draw(h, 'third') < 0.3)
                or (slot = 5 and type = 'generations')
        ), aged as (
            select *, case
                when is_twin_head and kin_type not in ('family', 'lone_parent', 'generations')
                    and slot = 0 and kin_type = type then head_age(kin_type, kin_a)
                else head_age(type, a) end as head
            from slots
        ), born as (
            select *, case
                when slot = 0 then head
                when slot = 1 and type = 'siblings'
                    then case when draw(h, 'twins') < 0.08 then head else head - 6 * b end
                when slot = 1 then greatest(18, head + 8 * b - 4)
                when slot = 5 then least(100, head + 21 + 15 * b)
                when slot = 3 and draw(h, 'twins') < 0.03
                    then greatest(2 * draw(h * 8 + 2, 'age'),
                        head - 19 - 15 * draw(h * 8 + 2, 'age'))
                else greatest(2 * b, head - 19 - 15 * b) end as age,
                case
                    when slot = 3 and draw(h, 'twins') < 0.03 then 2
                    when slot = 1 and type = 'siblings' and draw(h, 'twins') < 0.08 then 0
                    when slot = 0 and is_twin_head and kin_type = type then -1
                end as twin_slot
            from aged
        )
        select i, h, slot, type, postcode, former1, shared_former, former2, days, name_grp as grp,
            age, twin_slot,
            case when twin_slot = -1 then (h - 1) * 8 else h * 8 + twin_slot end as twin_of,
            ({REFERENCE} - cast(age * 365.25 as int)) as true_birth,
            case
                when slot = 1 and type in ('old_couple', 'couple', 'family', 'generations')
                    then 3 - case when draw(h * 8, 'sex')
                        < case when type = 'old_single' then 0.34 else 0.5 end then 1 else 2 end
                when c < case when type = 'old_single' then 0.34 else 0.5 end then 1 else 2
            end as sex,
            case
                when slot = 1 and type in ('couple', 'family') and draw(h, 'unmarried') < 0.35
                    then partner_family_k else family_k end as family_k,
            case when slot = 1 and type in ('old_couple', 'couple', 'family', 'generations')
                then partner_family_k end as maiden_k,
            age >= 78 and draw(i, 'home') < 0.10 as in_home
        from born
    """)
    number = _valid_number(f"(serial * 7919 + {s.seed * 13}) % 99999989")
    if s.persons > 70_000_000:
        raise ValueError("at most 70 million persons")
    connection.execute(f"""
        create or replace temp table country as
        with ranks as (
            select p.*, size,
                (ranked(draw(i, 'given'), size, 3) + 11 * (year(true_birth) // 10)) % size as k,
                case when sex = 1 then 'male' else 'female' end as kind
            from persons_drawn p
            join name_sizes n on n.kind = case when sex = 1 then 'male' else 'female' end
                and n.grp = p.grp
        ), numbered as (
            -- nobody gives both twins one name
            select r.*, case when r.twin_slot is not null and t.k = r.k and t.kind = r.kind
                then (r.k + 1 + pick(draw(r.i, 'twin name'), r.size - 1)) % r.size else r.k end
                as given_k, t.i as twin_i
            from ranks r left join ranks t
                on t.i = r.twin_of
        )
        select numbered.* exclude (k, size),
            g.name as given, f.name as family, m.name as maiden,
            case when in_home
                then least((postcode // 480) * 480 + 480 - 1 - pick(draw(i, 'which home'), 4),
                    {postcodes} - 1) else postcode end as now_at,
            case when in_home then postcode else coalesce(former1, shared_former) end as before_at,
            case when in_home then 30 + pick(draw(i, 'home days'), 1500) else days end as since,
            draw(i, 'absent') < {s.absent} as is_absent,
            case when draw(i, 'dead') < 0.02 then {REFERENCE} - (200 + pick(draw(i, 'd'), 900))::int
            end as died
        from numbered
        join names g on g.key = numbered.kind || ' ' || numbered.grp || ' ' || given_k
        join names f on f.key = 'family ' || numbered.grp || ' ' || family_k
        left join names m on m.key = 'family ' || numbered.grp || ' ' || maiden_k
    """)
    # Numbers: serials whose check digit exists, dealt by rank; each block has serials of its own.
    serials = int(s.persons * 1.35) // s.blocks + 2000
    connection.execute(f"""
        create or replace temp table numbers as
        select row_number() over (order by hash(n, {s.seed})) - 1 as r, n as nhs_number
        from (
            select {number} as n
            from range({serials * block}, {serials * (block + 1)}) as r (serial)
        )
        where n is not null
    """)


def _head_age(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        create or replace temp macro head_age(type, x) as case
            when type = 'old_single' then 65 + 33 * pow(x, 0.9)
            when type = 'old_couple' then 65 + 27 * x
            when type = 'single' then 18 + 46 * x
            when type = 'couple' then 25 + 40 * x
            when type = 'family' then 24 + 27 * x
            when type = 'lone_parent' then 20 + 30 * x
            when type = 'generations' then 32 + 26 * x
            when type = 'grown_children' then 56 + 30 * x
            else 55 + 38 * x end
    """)


def _index(connection: duckdb.DuckDBPyConnection, s: Settings) -> None:
    connection.execute("""
        create or replace temp table truth_persons as
        select c.*, n.nhs_number,
            -- the index has not heard of the last move, or has it late
            draw(i, 'unregistered') < case when in_home then 0.30 else 0.10 end
                and before_at is not null and since < 2500 as move_unknown,
            'P' as p
        from (select *, row_number() over (order by i) - 1 as r from country) c
        join numbers n using (r)
    """)
    connection.execute("drop table country; drop table persons_drawn")
    address = "postcode_of({})"
    connection.execute(f"""
        create or replace table person_index_person as
        select nhs_number, given as given_name, family as family_name,
            case when draw(i, 'index 1 Jan') < 0.004
                then make_date(year(true_birth)::int, 1, 1) else true_birth end::varchar
                as date_of_birth,
            case when draw(i, 'index sex') < 0.003 then '9' else sex::varchar end as gender,
            {address.format("case when move_unknown then before_at else now_at end")} as postcode,
            practice_of(case when move_unknown or draw(i, 'old practice') < 0.08
                and before_at is not null then before_at else now_at end // 480,
                ranked(draw(h, 'practice'), 4, 2)) as gp_practice_code,
            died::varchar as date_of_death,
            null::varchar as superseded_by_nhs_number,
            case when draw(i, 'sensitive') < 0.001 then 'S' end as confidentiality_code
        from truth_persons where not is_absent
        union all
        select numbers.nhs_number, null, null, null, null, null, null, null, persons.nhs_number,
            null
        from (
            select nhs_number,
                row_number() over (order by i) - 1 + (select count(*) from truth_persons) as r
            from truth_persons where not is_absent and draw(i, 'superseded') < 0.001
        ) as persons
        join numbers using (r)
    """)
    connection.execute(f"""
        create or replace table person_index_address as
        select nhs_number, {address.format("now_at")} as postcode,
            ({REFERENCE} - since::int)::varchar as valid_from, null::varchar as valid_to
        from truth_persons where not is_absent and not move_unknown
        union all
        select nhs_number, {address.format("before_at")}, null,
            case when not move_unknown then ({REFERENCE} - since::int)::varchar end
        from truth_persons
        where not is_absent and before_at is not null and (move_unknown or draw(i, 'kept') < 0.9)
        union all
        select nhs_number, {address.format("former2")}, null,
            ({REFERENCE} - (since + 3000)::int)::varchar
        from truth_persons
        where not is_absent and former2 is not null and draw(i, 'kept2') < 0.8
    """)
    connection.execute("""
        create or replace table person_index_name as
        select nhs_number, given as given_name, maiden as family_name, null::varchar as valid_from,
            null::varchar as valid_to
        from truth_persons where not is_absent and maiden is not null and maiden <> family
            and draw(i, 'maiden kept') < 0.6
    """)


def generate(connection: duckdb.DuckDBPyConnection, settings: Settings, block: int = 0) -> None:
    """Make one block's person_index_person, _address, _name, records and truth."""
    from benchmarks.trace.records import make_records

    _macros(connection, settings)
    _head_age(connection)
    _name_tables(connection)
    _households(connection, settings, block)
    _persons(connection, settings, block)
    _index(connection, settings)
    make_records(connection, settings, block)
