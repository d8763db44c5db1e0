"""Benchmarks of disclosure control: loss of information, and cost, each against a peer."""
