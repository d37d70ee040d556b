"""Is a record new, a copy, or a revision? Pure decisions."""
