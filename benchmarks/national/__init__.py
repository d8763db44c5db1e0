"""A warehouse of national size: generated as a stream, landed, built, released, stage by stage."""
