"""Which topics a record belongs to, and why."""
