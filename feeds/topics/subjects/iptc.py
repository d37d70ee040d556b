"""IPTC Media Topics: the newsroom's own vocabulary, as a tree of 1,084 concepts.

IPTC Media Topic NewsCodes, release of 9 October 2025, © IPTC, https://cv.iptc.org/newscodes/mediatopic/, used under
CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); reduced to code, English label and parent. IPTC endorses
neither this program nor its use of the codes.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..match.tokens import tokens

SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept. `code` has eight digits; `parents` are the codes above it, the nearest first."""

    code: str
    label: str
    parents: tuple[str, ...] = ()

    @property
    def term(self) -> str:
        """The code as it stands in a feed's category."""
        return f"medtop:{self.code}"


class MediaTopics:
    """The vocabulary: found by code or by label."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._by_code = {concept.code: concept for concept in concepts}
        self._by_label: dict[str, Concept] = {}
        # Where two have one label ("politics" at two levels), the higher one is meant.
        for concept in sorted(self._by_code.values(), key=lambda one: (len(one.parents), one.code)):
            self._by_label.setdefault(_key(concept.label), concept)

    def __len__(self) -> int:
        return len(self._by_code)

    def __getitem__(self, code: str) -> Concept:
        return self._by_code[code]

    def find(self, name: str) -> Concept | None:
        """The concept of a code (`medtop:20000344`, `20000344`) or an English label; of a branch one word will do."""
        code = name.strip().lower().removeprefix(SCHEME).removeprefix("medtop:")
        if code in self._by_code:
            return self._by_code[code]
        key = _key(name)
        if key in self._by_label:
            return self._by_label[key]
        # "politics" is meant for "politics and government": a word that one branch alone has in its name.
        branches = [one for one in self._by_code.values() if not one.parents and key in tokens(one.label)]
        return branches[0] if len(branches) == 1 else None

    def labelled(self, key: str) -> Concept | None:
        """The concept whose label, cut into tokens and joined by spaces, is just `key`."""
        return self._by_label.get(key)

    def similar(self, name: str, count: int = 3) -> list[str]:
        """Labels that look like `name` or begin with it, the likeliest first."""
        key = _key(name)
        if not key:
            return []
        begun = [concept.label for found, concept in self._by_label.items() if f" {key}" in f" {found}"]
        if begun:
            return sorted(begun, key=len)[:count]
        words = {word: label for label in self._by_label for word in (label, *label.split())}
        close = (self._by_label[words[found]].label for found in difflib.get_close_matches(key, words, count, 0.75))
        return list(dict.fromkeys(close))

    def with_parents(self, codes: Iterable[str]) -> frozenset[str]:
        """The codes and all above them: what `topic:` may ask for and hold."""
        found: set[str] = set()
        for code in codes:
            concept = self._by_code.get(code)
            if concept is not None:
                found.add(code)
                found.update(concept.parents)
        return frozenset(found)


@cache
def media_topics() -> MediaTopics:
    """The vocabulary that is shipped, read once."""
    lines = (files(__package__) / "iptc_mediatopics.jsonl").read_text("utf-8").splitlines()
    raw: Mapping[str, Mapping[str, str | None]] = {
        str(concept["code"]): concept for concept in map(json.loads, lines) if "code" in concept
    }

    def above(code: str) -> tuple[str, ...]:
        parents: list[str] = []
        parent = raw[code]["parent"]
        while parent is not None and parent not in parents:
            parents.append(parent)
            parent = raw[parent]["parent"]
        return tuple(parents)

    return MediaTopics(Concept(code, str(one["label"]), above(code)) for code, one in raw.items())


def _key(label: str) -> str:
    return " ".join(tokens(label))
