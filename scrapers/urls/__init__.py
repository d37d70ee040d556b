"""Addresses: the site they belong to, their canonical key, and the ids minted from it."""
