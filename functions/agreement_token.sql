keyed_hash(agreement_reference, person_token)
