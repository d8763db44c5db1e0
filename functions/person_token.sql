keyed_hash('linkage', nullif(trim(identifier), ''))
