"""A mutation test: bugs at random, each of which has to turn a test red (RELIABILITY §5)."""
