"""Commands around seeds: find, list, change, remove and repair sources."""
