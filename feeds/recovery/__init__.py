"""Rebuilds a store from the published documents."""
