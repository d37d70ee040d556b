"""What makes the tables of weights that the program carries."""
