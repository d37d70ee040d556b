"""Records and their stories."""
