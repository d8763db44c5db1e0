"""Benchmarks by area, as ratios against peers of the same run: `python -m benchmarks.<area>`."""
