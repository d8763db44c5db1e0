keyed_hash('local', la_code || '|' || nullif(trim(la_person_unique_identifier), ''))
