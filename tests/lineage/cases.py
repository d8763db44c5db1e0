"""Ways in which an identifier gets out, each beside a twin that differs in just that and is clean.

`WALL`: the query is a model beyond the wall. `RELEASE`: the query is a table that is released.
"""

WALL = {
    "alias": (
        "select nhs_number as reference from @persons",
        "select la_code as reference from @persons",
    ),
    "star": (
        "select * from @persons",
        "select * from (select la_code, gender from @persons)",
    ),
    "star of one table": (
        "select p.* from @persons as p cross join @lookups as l",
        "select l.* from @persons as p cross join @lookups as l",
    ),
    "star that leaves out one too few": (
        "select * exclude (nhs_number, la_person_unique_identifier, first_name, date_of_birth, "
        "event_reference) from @persons",
        "select * exclude (nhs_number, la_person_unique_identifier, first_name, date_of_birth, "
        "event_reference, postcode) from @persons",
    ),
    "star with a replacement": (
        "select * replace (nhs_number as gender) from (select gender, nhs_number from @persons)",
        "select * replace (la_code as gender) from (select gender, la_code from @persons)",
    ),
    "star with another name": (
        "select * rename (postcode as place) from (select postcode from @persons)",
        "select * rename (la_code as place) from (select la_code from @persons)",
    ),
    "union by name": (
        "select la_code, null as x from @persons union all by name "
        "select first_name as x, la_code from @persons",
        "select la_code, null as x from @persons union all by name "
        "select gender as x, la_code from @persons",
    ),
    "union by place": (
        "select la_code, gender from @persons union all select gender, postcode from @persons",
        "select la_code, gender from @persons union all select gender, la_code from @persons",
    ),
    "intersection": (
        "select la_code from @persons intersect select nhs_number from @persons",
        "select la_code from @persons intersect select said from @lookups",
    ),
    "unkeyed hash": (
        "select md5(nhs_number) as person_token from @persons",
        "select {{ person_token }}(nhs_number) as person_token from @persons",
    ),
    "salted hash": (
        "select sha256('salt' || nhs_number) as person_token from @persons",
        "select {{ person_token }}(trim(nhs_number)) as person_token from @persons",
    ),
    "keyed hash without its function": (
        "select keyed_hash('linkage', nhs_number) as person_token from @persons",
        "select {{ person_token }}(nhs_number) as person_token from @persons",
    ),
    "function of the same name elsewhere": (
        'select "pseudonymised"."other"."person_token"(nhs_number) as t from @persons',
        'select "pseudonymised"."functions"."person_token"(nhs_number) as t from @persons',
    ),
    "token of something else": (
        "select {{ person_token }}(date_of_birth) as t from @persons",
        "select {{ person_token }}(nhs_number) as t from @persons",
    ),
    "token of the wrong stage": (
        "select {{ agreement_token }}(a.agreement_reference, p.nhs_number) as t "
        "from @persons as p cross join @agreements as a",
        "select {{ agreement_token }}(a.agreement_reference, p.person_token) as t "
        "from @events as p cross join @agreements as a",
    ),
    "identifier in another argument of the token": (
        "select {{ local_person_token }}(first_name, la_person_unique_identifier) as t "
        "from @persons",
        "select {{ local_person_token }}(la_code, la_person_unique_identifier) as t from @persons",
    ),
    "case": (
        "select case when nhs_number like '9%' then 'a' else 'b' end as kind from @persons",
        "select case when gender like 'F%' then 'a' else 'b' end as kind from @persons",
    ),
    "case of a named value": (
        "select case nhs_number when '9434765919' then 1 else 0 end as kind from @persons",
        "select case gender when 'Female' then 1 else 0 end as kind from @persons",
    ),
    "substring": (
        "select substr(postcode, 1, 4) as district from @persons",
        "select substr(la_code, 1, 1) as district from @persons",
    ),
    "concatenation": (
        "select la_code || '_' || la_person_unique_identifier as x from @persons",
        "select la_code || '_' || gender as x from @persons",
    ),
    "arithmetic": (
        "select cast(nhs_number as bigint) % 97 as x from @persons",
        "select cast(la_code as bigint) % 97 as x from @persons",
    ),
    "comparison": (
        "select nhs_number = '9434765919' as is_known from @persons",
        "select nhs_number is not null as is_known from @persons",
    ),
    "null test of something made of it": (
        "select nullif(nhs_number, '9434765919') is null as is_known from @persons",
        "select nullif(trim(nhs_number), '') is null as is_known from @persons",
    ),
    "null test of something made of it further up": (
        "with made as (select case when nhs_number < '5' then 1 end as x from @persons) "
        "select x is null as is_low from made",
        "with made as (select nhs_number as x from @persons) select x is null as is_low from made",
    ),
    "scalar subquery": (
        "select la_code, (select max(first_name) from @persons) as x from @lookups, "
        "(select la_code from @persons) as c",
        "select la_code, (select max(gender) from @persons) as x from @lookups, "
        "(select la_code from @persons) as c",
    ),
    "scalar subquery that only filters by it": (
        "select la_code, (select count(*) from @persons where nhs_number = code) as x "
        "from @lookups, (select la_code from @persons) as c",
        "select la_code, (select count(*) from @persons where gender = code) as x "
        "from @lookups, (select la_code from @persons) as c",
    ),
    "correlated exists": (
        "select p.la_code, exists (select 1 from @lookups as l where l.code = p.nhs_number) as x "
        "from @persons as p",
        "select p.la_code, exists (select 1 from @lookups as l where l.code = p.gender) as x "
        "from @persons as p",
    ),
    "membership": (
        "select p.la_code, p.nhs_number in (select code from @lookups) as x from @persons as p",
        "select p.la_code, p.gender in (select code from @lookups) as x from @persons as p",
    ),
    "struct": (
        "with s as (select {'a': la_code, 'b': nhs_number} as s from @persons) "
        "select s.b as x from s",
        "with s as (select {'a': la_code, 'b': gender} as s from @persons) select s.b as x from s",
    ),
    "packed struct": (
        "select struct_pack(a := nhs_number) as x from @persons",
        "select struct_pack(a := gender) as x from @persons",
    ),
    "list": (
        "select [la_code, nhs_number][2] as x from @persons",
        "select [la_code, gender][2] as x from @persons",
    ),
    "lambda": (
        "select list_transform(['a'], y -> y || nhs_number) as x from @persons",
        "select list_transform(['a'], y -> y || gender) as x from @persons",
    ),
    "unnested list": (
        "select unnest([nhs_number, la_code]) as x from @persons",
        "select unnest([gender, la_code]) as x from @persons",
    ),
    "unnested table": (
        "select u.x from @persons as p, unnest([p.nhs_number]) as u(x)",
        "select u.x from @persons as p, unnest([p.gender]) as u(x)",
    ),
    "lateral": (
        "select u.x from @persons as p, lateral (select p.nhs_number as x) as u",
        "select u.x from @persons as p, lateral (select p.gender as x) as u",
    ),
    "lateral that only filters by it": (
        "select u.x from @persons as p, lateral (select 1 as x where p.nhs_number > '5') as u",
        "select u.x from @persons as p, lateral (select 1 as x where p.gender > '5') as u",
    ),
    "lateral without the word": (
        "select u.x from @persons as p, (select upper(p.first_name) as x) as u",
        "select u.x from @persons as p, (select upper(p.gender) as x) as u",
    ),
    "from first": (
        "from @persons",
        "from (select la_code from @persons)",
    ),
    "from first with a select": (
        "from @persons select first_name",
        "from @persons select gender",
    ),
    "window partition": (
        "select la_code, count(*) over (partition by date_of_birth) as n from @persons",
        "select la_code, count(*) over (partition by gender) as n from @persons",
    ),
    "window order": (
        "select la_code, rank() over (order by date_of_birth) as n from @persons",
        "select la_code, rank() over (order by gender) as n from @persons",
    ),
    "named window": (
        "select la_code, count(*) over w as n from @persons window w as (partition by postcode)",
        "select la_code, count(*) over w as n from @persons window w as (partition by gender)",
    ),
    "value of another row": (
        "select lag(first_name) over (order by la_code) as x from @persons",
        "select lag(gender) over (order by first_name) as x from @persons",
    ),
    "cte that shadows a cte": (
        "with a as (select la_code as x from @persons), b as "
        "(with a as (select nhs_number as x from @persons) select x from a) select x from b",
        "with a as (select nhs_number as x from @persons), b as "
        "(with a as (select la_code as x from @persons) select x from a) select x from b",
    ),
    "cte that reads a shadowed one": (
        "with a as (select nhs_number as x from @persons), b as (select x from a), "
        "c as (with a as (select la_code as x from @persons) select x from b) select x from c",
        "with a as (select gender as x from @persons), b as (select x from a), "
        "c as (with a as (select la_code as x from @persons) select x from b) select x from c",
    ),
    "cte with columns renamed": (
        "with a (la_code, gender) as (select la_code, nhs_number from @persons) "
        "select gender from a",
        "with a (la_code, gender) as (select nhs_number, la_code from @persons) "
        "select gender from a",
    ),
    "alias that hides a column": (
        "select la_code as nhs_number, nhs_number as x from @persons",
        "select la_code as code, code as x from @persons",
    ),
    "alias used again": (
        "select nhs_number is null as a, first_name as n, n || 'x' as x from @persons",
        "select nhs_number is null as a, gender as n, n || 'x' as x from @persons",
    ),
    "join": (
        "select b.postcode as x from @persons as a inner join @persons as b using (nhs_number)",
        "select b.gender as x from @persons as a inner join @persons as b using (nhs_number)",
    ),
    "natural join": (
        "select first_name as x from @tokens natural join @persons",
        "select gender as x from @tokens natural join @persons",
    ),
    "look-up by an identifier": (
        "select l.said from @persons as p inner join @lookups as l "
        "on substr(p.nhs_number, 1, 1) = l.code",
        "select l.said from @persons as p inner join @lookups as l "
        "on substr(p.gender, 1, 1) = l.code",
    ),
    "look-up by the same name": (
        "select l.said from (select nhs_number as code from @persons) as p "
        "inner join @lookups as l using (code)",
        "select l.said from (select gender as code from @persons) as p "
        "inner join @lookups as l using (code)",
    ),
    "look-up in the filter": (
        "select l.said from @persons as p, @lookups as l where p.nhs_number = l.code",
        "select l.said from @persons as p, @lookups as l where p.gender = l.code",
    ),
    "look-up by a range": (
        "select l.said from @persons as p left join @lookups as l "
        "on p.date_of_birth between l.code and l.nhs_number_like",
        "select l.said from @persons as p left join @lookups as l "
        "on p.gender between l.code and l.nhs_number_like",
    ),
    "band of a raw age": (
        "select b.band from @persons as p inner join @bands as b "
        "on date_diff('year', p.date_of_birth, current_date) = b.age",
        "select b.band from @persons as p inner join @bands as b "
        "on {{ age_on('p.date_of_birth', 'current_date') }} = b.age",
    ),
    "body of a declassifier written out": (
        "select substr(cast(nhs_number as varchar), 1, 7) as x from @persons",
        "select substr(cast(gender as varchar), 1, 7) as x from @persons",
    ),
    "declassifier that takes another label": (
        "select {{ month_of('date_of_birth') }} as x from @persons",
        "select {{ month_of('event_start_date') }} as x from @persons",
    ),
    "age by another formula": (
        "select extract(year from current_date) - extract(year from date_of_birth) as age "
        "from @persons",
        "select {{ age_on('date_of_birth', 'current_date') }} as age from @persons",
    ),
    "age written out and not called": (
        "select cast(extract(year from current_date) - extract(year from date_of_birth) - case "
        "when extract(month from current_date) * 100 + extract(day from current_date) "
        "< extract(month from date_of_birth) * 100 + extract(day from date_of_birth) then 1 "
        "else 0 end as integer) as age from @persons",
        "select {{ age_on('date_of_birth', 'current_date') }} as age from @persons",
    ),
    "outcome with the reason beside it": (
        "select {{ row_outcome('first_name') }} as x, first_name as reasons from @persons",
        "select {{ row_outcome('first_name') }} as x from @persons",
    ),
    "greatest value": (
        "select la_code, max(nhs_number) as x from @persons group by 1",
        "select la_code, max(gender) as x from @persons group by 1",
    ),
    "greatest by": (
        "select max_by(first_name, la_code) as x from @persons",
        "select max_by(gender, date_of_birth) as x from @persons",
    ),
    "list of values": (
        "select string_agg(first_name, ',') as x from @persons",
        "select string_agg(gender, ',') as x from @persons",
    ),
    "order inside an aggregate": (
        "select string_agg(la_code, ',' order by date_of_birth) as x from @persons",
        "select string_agg(la_code, ',' order by gender) as x from @persons",
    ),
    "count where": (
        "select la_code, count(*) filter (where date_of_birth > date '1950-01-01') as n "
        "from @persons group by 1",
        "select la_code, count(*) filter (where gender = 'Female') as n from @persons group by 1",
    ),
    "count without its name": (
        "select la_code, count(distinct nhs_number) as n from @persons group by 1",
        "select la_code, {{ persons_counted('nhs_number') }} as n from @persons group by 1",
    ),
    "grouped by": (
        "select date_of_birth as d, count(*) as n from @persons group by all",
        "select la_code as d, count(*) as n from @persons group by la_code, date_of_birth",
    ),
    "unpivoted": (
        "select v from (select la_code, first_name, gender from @persons) "
        "unpivot (v for k in (first_name, gender))",
        "select v from (select la_code, first_name, gender from @persons) "
        "unpivot (v for k in (la_code, gender))",
    ),
    "filter only": (
        "select first_name as x from @persons where la_code = '316'",
        "select la_code as x from @persons where first_name is not null and nhs_number like '9%'",
    ),
    "semi-join only": (
        "select p.first_name as x from @persons as p semi join @tokens as t using (nhs_number)",
        "select p.gender as x from @persons as p semi join @tokens as t using (nhs_number)",
    ),
    "order only": (
        "select first_name as x from @persons order by la_code",
        "select la_code as x from @persons order by first_name limit 3",
    ),
    "quoted and in capitals": (
        'select "NHS_NUMBER" as x from @persons',
        'select "LA_CODE" as x from @persons',
    ),
}

RELEASE = {
    "exact day": (
        "select a.agreement_reference, event_start_date as d from @events cross join @agreements a",
        "select a.agreement_reference, {{ quarter_of('event_start_date') }} as d "
        "from @events cross join @agreements a",
    ),
    "day by a cut that looks alike": (
        "select a.agreement_reference, substr(cast(event_start_date as varchar), 1, 10) as d "
        "from @events cross join @agreements a",
        "select a.agreement_reference, {{ month_of('event_start_date') }} as d "
        "from @events cross join @agreements a",
    ),
    "token of the warehouse": (
        "select a.agreement_reference, person_token as d from @events cross join @agreements a",
        "select a.agreement_reference, "
        "{{ agreement_token }}(a.agreement_reference, person_token) as d "
        "from @events cross join @agreements a",
    ),
    "one domain for all": (
        "select a.agreement_reference, {{ agreement_token }}('SHARED', person_token) as d "
        "from @events cross join @agreements a",
        "select a.agreement_reference, "
        "{{ agreement_token }}(upper(a.agreement_reference), person_token) as d "
        "from @events cross join @agreements a",
    ),
    "domain taken from the data": (
        "select a.agreement_reference, {{ agreement_token }}(la_code, person_token) as d "
        "from @events cross join @agreements a",
        "select a.agreement_reference, "
        "{{ agreement_token }}(a.agreement_reference, person_token) as d "
        "from @events cross join @agreements a",
    ),
    "hash of the token": (
        "select a.agreement_reference, md5(person_token) as d "
        "from @events cross join @agreements a",
        "select a.agreement_reference, md5(gender) as d from @events cross join @agreements a",
    ),
    "count of one person's days": (
        "select a.agreement_reference, "
        "count(case when event_start_date = date '2017-05-03' then 1 end) as d "
        "from @events cross join @agreements a group by a.agreement_reference, person_token",
        "select a.agreement_reference, "
        "count(case when event_start_date = date '2017-05-03' then 1 end) as d "
        "from @events cross join @agreements a group by a.agreement_reference, la_code",
    ),
    "sum over a window": (
        "select a.agreement_reference, "
        "sum(extract(day from event_start_date)) over (partition by la_code) as d "
        "from @events cross join @agreements a",
        "select a.agreement_reference, sum(extract(day from event_start_date)) as d "
        "from @events cross join @agreements a group by 1",
    ),
    "largest amount of one person": (
        "select a.agreement_reference, {{ largest_amount('extract(day from event_start_date)') }} "
        "as d from @events cross join @agreements a group by 1, person_token",
        "select a.agreement_reference, {{ largest_amount('extract(day from event_start_date)') }} "
        "as d from @events cross join @agreements a group by 1, la_code",
    ),
    "largest amount by another name": (
        "select a.agreement_reference, max(extract(day from event_start_date)) as d "
        "from @events cross join @agreements a group by 1",
        "select a.agreement_reference, {{ largest_amount('extract(day from event_start_date)') }} "
        "as d from @events cross join @agreements a group by 1",
    ),
    "month beside its day": (
        "select a.agreement_reference, date_trunc('week', event_start_date) as d "
        "from @events cross join @agreements a",
        "select a.agreement_reference, {{ month_start_of('event_start_date') }} as d "
        "from @events cross join @agreements a",
    ),
    "first day of a group": (
        "select a.agreement_reference, min(event_start_date) as d "
        "from @events cross join @agreements a group by 1",
        "select a.agreement_reference, {{ year_of('min(event_start_date)') }} as d "
        "from @events cross join @agreements a group by 1",
    ),
}

# What can't be followed, or would move data past the query: each is a failure by itself.
CLOSED = {
    "pivot": "select * from @lookups pivot (max(said) for code in ('a', 'b'))",
    "pivot by itself": "pivot @lookups on code using max(said)",
    "file": "select * from 'persons.parquet'",
    "file by a function": "select * from read_csv('persons.csv')",
    "text of files": "select content from read_text('*.csv')",
    "query in a text": "select * from query('select 1 as x')",
    "table in a text": "select * from query_table('persons')",
    "catalogue": "select database_name from duckdb_tables()",
    "setting": "select getvariable('x') as x",
    "environment": "select getenv('HOME') as x",
    "parameter": "select $1 as x",
    "unknown function": "select looked_up(la_code) as x from @persons",
    "columns by pattern": "select columns('la.*') from @persons",
    "whole row": "select p from @persons as p",
    "whole row as a document": "select to_json(p) as x from @persons as p",
    "column that isn't there": "select nowhere from @persons",
    "column of the wrong table": "select l.la_code from @persons as p cross join @lookups as l",
    "two statements": "select la_code from @persons; select la_code from @persons",
    "copy": "copy (select 1) to 'x.csv'",
    "creation": "create table x as select 1 as y",
    "attached file": "attach 'x.duckdb' as x",
    "name without ref": "select la_code from identifiable.intermediate.persons",
    "bare name": "select la_code from persons",
    "recursion": (
        "with recursive a as (select 1 as x union all select x + 1 from a where x < 3) "
        "select x from a"
    ),
    "fields of a struct": "select unnest({'a': la_code}) from @persons",
    "no SQL at all": "this is not a query (",
    "nothing": "",
}
