"""Desks and scrapers over one PostgreSQL and loopback sites. `python -m benchmarks.scale`."""
