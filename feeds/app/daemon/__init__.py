"""The daemon and what it does beside its visits."""
