"""A record as the rules see it: its tokens and their positions, and what the store knows of its story."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, lru_cache

from scrapers import Record

from ..subjects.iptc import media_topics
from ..subjects.subjects import subjects
from .tokens import tokens

BARRIER = "·"  # separates two values of one field: a phrase does not span it


class Facts:
    """The facts of a record without its words: enough to reject many records before their text is read."""

    __slots__ = ("_domains", "language", "published", "publisher_name", "source", "url")

    def __init__(
        self, *, source: str, url: str, publisher: str | None, language: str | None, published: datetime
    ) -> None:
        self.source = source
        self.url = url
        self.publisher_name = publisher
        self.language = (language or "").lower()
        self.published = published
        self._domains: frozenset[str] | None = None

    @property
    def domains(self) -> frozenset[str]:
        """The names by which `source:` knows this record: its seed, and each domain that its address belongs to."""
        if self._domains is None:
            found = {self.source.lower()}
            name = self.url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
            while "." in name:
                found.add(name)
                name = name.partition(".")[2]
            self._domains = frozenset(found)
        return self._domains

    @property
    def publisher(self) -> tuple[str, ...]:
        """The publisher's name in tokens."""
        return tuple(tokens(self.publisher_name or ""))


class Doc(Facts):
    """A record, cut into tokens once, for any number of rules, when the first asks for them.

    `medtops`: its IPTC codes and all above them.
    """

    def __init__(self, record: Record, outlets: int, is_copy: bool, medtops: frozenset[str]) -> None:
        super().__init__(
            source=record.source,
            url=record.url,
            publisher=record.publisher,
            language=record.language,
            published=record.published,
        )
        self.record = record
        self.outlets = outlets
        self.is_copy = is_copy
        self.medtops = medtops
        self._places: dict[str, dict[str, list[int]]] = {}
        self._sorted: dict[str, list[str]] = {}

    @cached_property
    def tokens(self) -> dict[str, list[str]]:
        """The tokens of each field, in their order."""
        return field_tokens(self.record)

    @cached_property
    def vocabulary(self) -> dict[str, frozenset[str]]:
        """The tokens of each field, each once."""
        return {name: frozenset(found) for name, found in self.tokens.items()}

    @cached_property
    def anywhere(self) -> frozenset[str]:
        """The tokens of title and text."""
        return self.vocabulary["title"] | self.vocabulary["text"]

    def places(self, field: str) -> dict[str, list[int]]:
        """Token → its positions in a field."""
        found = self._places.get(field)
        if found is None:
            found = {}
            for at, token in enumerate(self.tokens[field]):
                if token in found:
                    found[token].append(at)
                else:
                    found[token] = [at]
            self._places[field] = found
        return found

    def in_order(self, field: str) -> list[str]:
        """The tokens of a field by the alphabet, each once."""
        tokens = self._sorted.get(field)
        if tokens is None:
            tokens = self._sorted[field] = sorted(self.vocabulary[field])
        return tokens

    def beginning(self, field: str, prefix: str) -> list[str]:
        """The tokens of a field that begin with `prefix`."""
        tokens = self.in_order(field)
        at = bisect_left(tokens, prefix)
        end = at
        while end < len(tokens) and tokens[end].startswith(prefix):
            end += 1
        return tokens[at:end]

    def raw(self, field: str) -> str:
        """A field as it was written, for exact forms and patterns."""
        return raw_field(self.record, field)


def doc(record: Record, *, outlets: int = 1, is_copy: bool = False, medtops: Iterable[str] | None = None) -> Doc:
    """`record` as a Doc. `outlets`: how many carry its story.

    `medtops`: its IPTC codes, with or without `medtop:`; by default those that its section and tags stand for.
    """
    codes = subjects().of(record) if medtops is None else [code.removeprefix("medtop:") for code in medtops]
    return Doc(record, outlets, is_copy, media_topics().with_parents(codes) if codes else frozenset())


def field_tokens(record: Record) -> dict[str, list[str]]:
    """What each field of words is made of; the full-text index is fed the same."""
    text = tokens(record.subtitle) if record.subtitle else []
    if text:
        text.append(BARRIER)
    text += _text_tokens(record.text)
    return {
        "title": tokens(record.title),
        "text": text,
        "author": _joined(record.authors),
        "section": tokens(record.section or ""),
        "tag": _joined(record.tags),
    }


@lru_cache(maxsize=64)  # all records of a visit are taken up by the full-text index, then all are put to the topics
def _text_tokens(text: str) -> tuple[str, ...]:
    return tuple(tokens(text))


def forget_texts() -> None:
    """Forget the tokens of the texts that were asked for last: some hundred kB each, which nobody asks for again."""
    _text_tokens.cache_clear()


def raw_field(record: Record, field: str) -> str:
    """A field as it was written; its values one a line."""
    if field == "title":
        return record.title
    if field == "text":
        return f"{record.subtitle}\n{record.text}" if record.subtitle else record.text
    if field == "author":
        return "\n".join(record.authors)
    if field == "section":
        return record.section or ""
    if field == "tag":
        return "\n".join(record.tags)
    return record.url


def _joined(values: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for value in values:
        if found:
            found.append(BARRIER)
        found += tokens(value)
    return found
