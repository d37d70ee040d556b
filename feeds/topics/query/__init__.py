"""The topic language: text → tree → text."""
