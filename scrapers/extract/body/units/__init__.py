"""A parsed page → its units: parts that are kept or left out as a whole."""
