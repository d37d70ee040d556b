"""What bad days and bad input do to it."""
