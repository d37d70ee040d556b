"""The two search indexes: full text and similar texts."""
