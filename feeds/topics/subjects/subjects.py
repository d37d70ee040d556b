"""What publishers call their sections and tags → IPTC Media Topics, by a table that users may extend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from scrapers import Record

from ...errors import ConfigError
from ...model import Category
from ..match.tokens import tokens
from .iptc import SCHEME, MediaTopics, media_topics

_PARTS = re.compile(r"[/|>›»:·•]| - ")
_MOST = 12  # subjects of one record


class Subjects:
    """The table, ready to be asked."""

    def __init__(self, tables: Iterable[Mapping[str, str | None]], known: MediaTopics) -> None:
        """`tables`: name in tokens → code, None for "means nothing"; the first one that has a name counts."""
        self._known = known
        self._names: dict[str, str | None] = {}
        for table in tables:
            for name, code in table.items():
                self._names.setdefault(name, code)
        self._known_codes = lru_cache(4096)(self._codes)  # a site has few sections and tags, and says them again

    def of(self, record: Record) -> tuple[str, ...]:
        """The codes that a record's own section and tags stand for, its section's first; the nearest one of a branch.

        A code whose descendant is there too is left out: `topic:` finds it by the descendant.
        """
        return self._known_codes(record.section or "", record.tags)

    def _codes(self, section: str, tags: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        names = [*(_PARTS.split(section) if section else ()), section, *tags]
        for name in names[:100]:
            code = self._code(name[:200])
            if code is not None and code not in found:
                found.append(code)
        above = {parent for code in found for parent in self._known[code].parents}
        return tuple(code for code in found if code not in above)[:_MOST]

    def categories(self, record: Record) -> tuple[Category, ...]:
        """The same as categories of a feed: scheme, term and label."""
        return tuple(Category(self._known[code].term, SCHEME, self._known[code].label) for code in self.of(record))

    def _code(self, name: str) -> str | None:
        key = " ".join(tokens(name))
        if not key:
            return None
        if key in self._names:
            return self._names[key]
        concept = self._known.labelled(key)
        return concept.code if concept is not None else None


def subjects(own: str | None = None, *, where: str = "sections.toml") -> Subjects:
    """The shipped table, with a table of the user's own (TOML text) before it.

    Raises ConfigError with every mistake of that table; `where` names it in them.
    """
    if own is None:
        return _shipped()
    table, mistakes = _read(own, where)
    if mistakes:
        raise ConfigError(mistakes)
    return Subjects((table, _shipped_table()), media_topics())


@cache
def _shipped() -> Subjects:
    return Subjects((_shipped_table(),), media_topics())


@cache
def _shipped_table() -> Mapping[str, str | None]:
    table, mistakes = _read((files(__package__) / "sections.toml").read_text("utf-8"), "sections.toml")
    if mistakes:
        raise ConfigError(mistakes)
    return table


def _read(text: str, where: str) -> tuple[dict[str, str | None], list[str]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{where}: is no TOML: {error}"]
    mistakes = [f"{where}: {key}: there is only [sections]" for key in raw if key != "sections"]
    sections = raw.get("sections", {})
    if not isinstance(sections, dict):
        return {}, [*mistakes, f"{where}: sections: should be a table"]
    found: dict[str, str | None] = {}
    for subject, names in sections.items():
        concept = media_topics().find(subject)
        if concept is None and subject != "none":
            near = media_topics().similar(subject)
            guess = f"; did you mean {' or '.join(near)}?" if near else ""
            mistakes.append(f"{where}: {subject}: there is no such IPTC Media Topic{guess}")
            continue
        if not isinstance(names, list) or not all(isinstance(name, str) and tokens(name) for name in names):
            mistakes.append(f'{where}: {subject}: should be a list of names, such as ["politics", "politik"]')
            continue
        for name in names:
            found.setdefault(" ".join(tokens(name)), concept.code if concept is not None else None)
    return found, mistakes
