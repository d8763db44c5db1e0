-- What the texts of fields with a code list mean, seven fields at a time: their combinations are
-- few, a tenth of the rows or less. A row is joined once for seven fields, in a third of the time,
-- and the joins with single values are over before those with rows begin, in half of the memory.
{%- set fields = specification_fields_list() %}

with

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

-- The landed rows are named by their model: a common table that is read twice would be held in
-- memory whole.
combinations as (

    {{ texts_combined(fields, ref('stg_submissions__rows'), 'submissions') }}

)

select
    ---------- identifiers
    combinations.bundle,
    combinations.submission_id,

    ---------- the fields, by their places in the bundle
    {{ places_read('combinations') }}
from combinations
{{ places_joined('combinations', ref('int_values_read')) }}
