"""Switches for measuring: a rule or witness that is named here is left out.

`benchmarks` fills the set to see what each one brings; the program itself never does.
"""

from __future__ import annotations

DISABLED: set[str] = set()
"""Names of witnesses ("jsonld", "meta", "microdata", "state", "markup", "url") and of rules."""
