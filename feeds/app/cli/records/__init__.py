"""Commands that export and import records."""
