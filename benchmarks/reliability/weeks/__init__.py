"""Weeks of made-up fronts: papers with what really happened, their pages, and a replay that counts what came of it."""
