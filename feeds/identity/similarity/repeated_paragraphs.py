"""Boilerplate: paragraphs that are on many pages of a site and belong to none of them. Pure.

A newsletter box, "about us", a plea for support: an extractor cannot tell these from the article, but other pages of
the site do. A paragraph is boilerplate when `ENOUGH` stories of a site have it whose headlines have nothing in common.
The headlines matter: a background paragraph that comes back in every report on one fire, the words that every weather
report begins with, and an article that one site has at three addresses are no boilerplate, however often they are seen.

Boilerplate is published as the site has it. It is left out where texts are compared, searched and matched to topics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from .sketch import words

PAGES = 60  # newest pages of a source that are looked at
ENOUGH = 3  # stories with nothing else in common
BLANKS = 4  # in a line: fewer words are a name, a place or a heading, and may be what a topic asks for
DENSE = 12  # characters of a line in a script without spaces
LETTERS = 4  # of a word in a headline that tells something
HEAVIEST = 6  # that one word of a headline counts, by its letters
SAME = 0.5  # share of the shorter headline that makes two the same
COMMON = 0.25  # share of a site's headlines from which on a word tells nothing ...
PLENTY = 12  # ... when so many are known
MOST = 400  # lines of a page that are looked at


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its neighbours see it."""

    key: str
    story: int | None  # None: not filed yet
    heading: str
    lines: tuple[str, ...]  # of its text

    @property
    def title(self) -> frozenset[str]:
        """The telling words of its headline."""
        return _telling(self.heading)


def page(key: str, title: str, text: str, story: int | None = None) -> Page:
    """What of a page is compared with the others of its site."""
    return Page(key, story, title, tuple(text.split("\n", MOST)[:MOST]))


def recurring(pages: Sequence[Page], of: Iterable[Page] | None = None) -> frozenset[str]:
    """The lines that are boilerplate among these pages of one site; only lines of the pages `of`."""
    asked = chain.from_iterable(one.lines for one in (pages if of is None else of))
    carriers: dict[str, list[Page]] = {line: [] for line in asked if _is_long(line)}
    for one in pages:
        for line in carriers.keys() & one.lines:
            carriers[line].append(one)
    often = {line: having for line, having in carriers.items() if len(having) >= ENOUGH}
    if not often:
        return frozenset()
    common = _common(pages)
    return frozenset(line for line, having in often.items() if _strangers(having, common) >= ENOUGH)


def marked(one: Page, found: Collection[str]) -> tuple[int, ...]:
    """The numbers of the lines of a page that are boilerplate."""
    if not found:
        return ()
    return tuple(number for number, line in enumerate(one.lines) if line in found)


def same_heading(a: str, b: str) -> bool:
    """Whether two headlines have most of what tells something in common; short and common words do not count.

    Without other headlines to compare with, the longer a word is, the more it tells.
    """
    first, second = _telling(a), _telling(b)
    least = min(sum(map(_weight, first)), sum(map(_weight, second)))
    return least > 0 and sum(map(_weight, first & second)) >= SAME * least


def _weight(word: str) -> int:
    return min(max(len(word) - LETTERS + 1, 1), HEAVIEST)


def _is_long(line: str) -> bool:
    blanks = line.count(" ")
    return blanks >= BLANKS or (not blanks and len(line) >= DENSE)


@lru_cache(maxsize=512)  # a title is asked for with each line that its page repeats
def _telling(title: str) -> frozenset[str]:
    tokens = words(title)
    telling = {token for token in tokens if len(token) >= LETTERS} | set(_pairs(tokens))
    return frozenset(telling or tokens)


def _pairs(tokens: Sequence[str]) -> Iterator[str]:
    """Pairs of characters: in scripts without spaces one character alone tells little."""
    for one, next_one in pairwise(tokens):
        if len(one) == len(next_one) == 1:
            yield one + next_one


def _common(pages: Sequence[Page]) -> frozenset[str]:
    """Words that are in too many headlines of a site to tell of one: its own name, "live", "after"."""
    if len(pages) < PLENTY:
        return frozenset()
    counts = Counter(word for one in pages for word in one.title)
    return frozenset(word for word, count in counts.items() if count > COMMON * len(pages))


def _strangers(having: Sequence[Page], common: frozenset[str]) -> int:
    """How many of the pages are stories of their own whose headlines share no telling word."""
    stories: set[int] = set()
    told: set[str] = set()
    count = 0
    for one in having:
        title = one.title - common
        if one.story in stories or not told.isdisjoint(title):
            continue
        if one.story is not None:
            stories.add(one.story)
        told |= title
        count += 1
        if count == ENOUGH:
            break
    return count
