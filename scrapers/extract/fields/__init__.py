"""One decision for each field, from what the witnesses claim."""
