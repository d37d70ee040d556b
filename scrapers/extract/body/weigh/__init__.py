"""The features of units, and the decision trees that score them."""
