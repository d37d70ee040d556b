"""What an installation does on request."""
