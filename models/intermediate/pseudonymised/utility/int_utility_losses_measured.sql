-- One row per agreement: loss of information of its record-level products by attribute, the mean
-- over persons: 0 as fine as it gets, 1 hidden.
with

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

agreements as (

    select * from {{ ref('int_agreements_current') }}

),

age_bands as (

    select * from {{ ref('age_bands') }}

),

{{ age_bands_of_each_width('age_bands') }},

widths as (

    select
        bands.age_band,
        {{ quotient('(count(*) - 1.0)', '(max(all_bands.number_of_bands) - 1)') }} as loss
    from bands
    cross join (
        select count(distinct five_year_band) as number_of_bands
        from age_bands
    ) as all_bands
    group by 1

),

losses as (

    select
        protected_persons.agreement_reference,
        avg(case when protected_persons.age_band = '*' then 1 else coalesce(widths.loss, 0) end)
            as age_band,
        avg(case when protected_persons.sex = '*' then 1 else 0 end) as sex,
        avg(case when protected_persons.ethnic_group = '*' then 1 else 0 end) as ethnic_group,
        avg(case
            when protected_persons.area_code = agreements.recipient_ons_code then 1
            else 0
        end) as area_code,
        avg({{ quotient('protected_persons.known_level', '4.0') }}) as known_side
    from protected_persons
    inner join agreements
        on protected_persons.agreement_reference = agreements.agreement_reference
    left join widths
        on protected_persons.age_band = widths.age_band
    group by 1

)

select * from losses
