"""Stories → Feed. Pure."""
