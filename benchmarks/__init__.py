"""Runs over the shared corpora, and speed as ratios. Not part of the installed program."""
