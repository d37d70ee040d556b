"""Feed → files."""
