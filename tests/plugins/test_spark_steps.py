"""Steps of a statement that several others read are stored once; the rest of it stays as it is."""

from plugins.spark_steps import cut

ROUNDS = """create table zone.held using parquet comment 'with (a'
as
select name from (
-- with held
with moves as (
    select * from zone.moves
),
held_0 as (
    select name from moves where name <> 'a)'
),
held_1 as (
    select moves.name from moves
    left join held_0 as held on moves.name = held.name
    union
    select name from held_0
),
held_2 as (
    select name from held_1 join moves on true
    union
    select name from held_1 as held
)
select name from held_2
) as model_subq"""


def test_a_step_is_stored_that_would_be_computed_more_than_twice():
    """Two readers of the second round, two of the first in each: four copies of the first."""
    assert cut(ROUNDS).stored == ["held_0"]


def test_a_mere_import_is_read_from_its_table_each_time():
    steps = {step.name: step for step in cut(ROUNDS).steps}
    assert steps["moves"].is_import and "moves" not in cut(ROUNDS).stored


def test_a_stored_step_brings_only_the_open_steps_that_it_reads():
    statement = cut(ROUNDS)
    first, second = statement.steps[1:3]
    assert statement.query_of(first).startswith("with moves as (")
    assert "held_0 as (" not in statement.query_of(second)
    assert "left join held_0 as held" in statement.query_of(second)


def test_what_stands_around_the_steps_is_kept_to_the_letter():
    rest = cut(ROUNDS).rest()
    assert rest.startswith(ROUNDS[: ROUNDS.index("with moves as")])
    assert rest.endswith("select name from held_2\n) as model_subq")
    assert "held_2 as (" in rest and "held_1 as (" in rest and "held_0 as (" not in rest


def test_a_statement_without_steps_is_left_alone():
    assert cut("create table zone.t as select 'with a as (' as text from zone.u") is None


def test_twelve_rounds_are_read_once_each():
    """Put in place of its readers, the first round would stand there 3 ^ 12 times."""
    rounds = ["r0 as (select 1 as x)"] + [
        f"r{n} as (select x from r{n - 1} union all select x from r{n - 1} "
        f"union all select x from r{n - 1})"
        for n in range(1, 13)
    ]
    statement = cut("select count(*) from (with " + ", ".join(rounds) + " select x from r12)")
    assert statement.stored == [f"r{n}" for n in range(12)]
    texts = [statement.query_of(step) for step in statement.steps] + [statement.rest()]
    assert max(map(len, texts)) < 200
