-- Guards a council's wish that its records be shown by no smaller area: in a product that counts
-- persons of several councils, the widest wish of any of them holds for all of it; a person's row
-- keeps to the wish of the person's council, and link rates to what all of them ask for. Returns
-- the places that break one. The names of areas stand in the order of their width.
{% set counted = [
    'cohort_monthly', 'pathway_outcomes', 'payment_segments', 'population_needs'
] %}
with

entitlements as (

    select * from {{ ref('entitlements') }}
    where allowed

),

protected_persons as (

    select * from {{ ref('int_persons_protected') }}

),

linked_persons as (

    select * from {{ ref('linked_persons') }}

),

release_notes as (

    select * from {{ ref('release_notes') }}

),

widest as (

    select
        agreement_reference,
        product,
        max(minimum_area) as minimum_area,
        min(minimum_area) as narrowest
    from entitlements
    group by 1, 2

),

{% for product in counted %}
{{ product }} as (

    select distinct
        agreement_reference,
        area_code
    from {{ ref(product) }}

),

{% endfor %}

shown as (

    select
        linked_persons.agreement_reference,
        'linked_persons' as product,
        linked_persons.area_code,
        entitlements.minimum_area
    from linked_persons
    inner join protected_persons
        on
            linked_persons.agreement_reference = protected_persons.agreement_reference
            and linked_persons.person_pseudonym = protected_persons.person_pseudonym
    inner join entitlements
        on
            protected_persons.agreement_reference = entitlements.agreement_reference
            and protected_persons.la_code = entitlements.la_code
            and entitlements.product = 'linked_persons'

    union all

    select
        release_notes.agreement_reference,
        'release_notes' as product,
        release_notes.subject as area_code,
        widest.narrowest as minimum_area
    from release_notes
    inner join widest
        on
            release_notes.agreement_reference = widest.agreement_reference
            and widest.product = 'linked_persons'

    {% for product in counted %}
    union all

    select
        {{ product }}.agreement_reference,
        '{{ product }}' as product,
        {{ product }}.area_code,
        widest.minimum_area
    from {{ product }}
    inner join widest
        on
            {{ product }}.agreement_reference = widest.agreement_reference
            and widest.product = '{{ product }}'
    {% endfor %}

)

select distinct
    shown.agreement_reference,
    shown.product,
    shown.minimum_area
from shown
where
    (shown.minimum_area = 'whole' and left(shown.area_code, 3) in ('E01', 'E02'))
    or (shown.minimum_area = 'msoa' and left(shown.area_code, 3) = 'E01')
