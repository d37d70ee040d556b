"""Stories in JSON: APIs, and data embedded in pages."""
