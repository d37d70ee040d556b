"""Word lists of many languages."""
