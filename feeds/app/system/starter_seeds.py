"""Starter seeds: sources to begin with, each with what it is and in which groups. They are off until chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .resources import seeds_folder, starter_config

_TOLD = re.compile(r"^# Starter of ([\w, -]+): (.+)$", re.MULTILINE)
FOLDER = "starters"  # below seeds/: where those wait that were not chosen
_EXAMPLE = """
# [[topics]]
# name = "harbour"
# title = "Harbour and ferries"
# query = 'harbour OR ferry OR "fishing boats"'
"""


@dataclass(frozen=True, slots=True)
class Starter:
    """A starter seed."""

    name: str
    groups: tuple[str, ...]  # a part of the world, and the language
    what: str
    path: Path


def starters() -> list[Starter]:
    """All of them, by name."""
    found = []
    for path in sorted(seeds_folder().glob("*.toml")):
        told = _TOLD.search(path.read_text(encoding="utf-8"))
        groups = tuple(group.strip() for group in told[1].split(",")) if told else ()
        found.append(Starter(path.stem, groups, told[2] if told else "", path))
    return found


def chosen(words: Iterable[str], among: Iterable[Starter]) -> tuple[list[Starter], list[str]]:
    """The starters that groups or names mean ("all": every one), and the words that mean none."""
    among, wanted = list(among), [word.strip().lower() for word in words if word.strip()]
    means = {word: [one for one in among if word in ("all", one.name, *one.groups)] for word in wanted}
    names = {one.name for found in means.values() for one in found}
    return [one for one in among if one.name in names], [word for word, found in means.items() if not found]


def configuration(*, topics: bool) -> str:
    """The text of a new config.toml: with topics to begin with, or with an example in comments."""
    text = starter_config().read_text(encoding="utf-8")
    return text if topics else text.partition("\n[[topics]]")[0].rstrip() + "\n" + _EXAMPLE
