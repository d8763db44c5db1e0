"""Synthetic inbox: a made-up population, its care and health, and the files councils send.

Every person, number, address pairing and event is invented. NHS numbers begin with 9, a range used
for testing. `generate.write_sample` is the entry point.
"""
