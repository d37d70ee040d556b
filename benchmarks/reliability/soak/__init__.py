"""Weeks of a newsroom in minutes: `python -m benchmarks.soak`."""
