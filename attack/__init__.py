"""An attacker on released files: it reads what a recipient reads, and nothing of the pipeline.

No module here imports the code that made a release, so that no attack can share its assumptions.
Each attack is a function from a `Holding` (what somebody holds) to a `Verdict`.
"""
