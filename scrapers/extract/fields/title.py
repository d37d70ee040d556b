"""The title: the page's own headline, without the site's name and not the variant for search engines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser

from scrapers.page.class_terms import ClassTerms

from ..claims import Claims, tidy
from ..rules import NONE_DISABLED, Disabled
from .authors import fold
from .headings import Heading, marked_texts
from .site_name import SEPARATOR, bare, without_ending

_GOES_ON = re.compile(r":\s|\s[–—-]\s|[.!?]\s")
_HIDDEN = ClassTerms(r"sr-only visually-?hidden screen-?reader-?text")
_ENDING = frozenset("-|–—_·•:ㅣ/")  # between a headline and the name of its site or section


@dataclass(frozen=True, slots=True)
class Title:
    """The headline that was chosen, its witness, and its heading where it stands in one."""

    text: str
    who: str
    heading: Heading | None


@dataclass(frozen=True, slots=True)
class _Case:
    """The inputs of the decision about a title."""

    ones: list[Heading]  # headings of the first level outside boilerplate, the site's name left out
    twos: list[Heading]  # … of the second
    others: list[Heading]  # elements that say they are headings by their role
    boxed: list[Heading]  # headings of the first level inside what is named like boilerplate
    said: list[tuple[str, str, str]]  # (witness, text, folded); "meta+" for its further titles
    first: dict[str, str]  # witness → its first title, folded
    spelled: dict[str, str]  # folded → as written, with the punctuation between kicker and headline
    strong: frozenset[str]  # first titles of JSON-LD, meta and state
    everything: frozenset[str]
    pages: frozenset[str]  # what JSON-LD of the page, not of the article, calls it
    sections: frozenset[str]
    sites: frozenset[str]
    disabled: Disabled


def decide(
    found: list[Heading],
    claims: list[Claims],
    page_title: str,
    sites: frozenset[str],
    disabled: Disabled = NONE_DISABLED,
) -> Title | None:
    """The headline, by agreement between what the page shows and what its head says: the first step that has one."""
    case = _case(found, claims, page_title, sites, disabled)
    for step in _STEPS:
        if (title := step(case)) is not None:
            return replace(title, text=_without_section(title.text, case.sections))
    return None


def with_marked(title: Title | None, tree: LexborHTMLParser, sites: frozenset[str]) -> tuple[str, str]:
    """The title and its witness, as a smaller heading or a text that is marked as a headline shows it.

    Such a text stands in for a title that nobody tells. One that only the head tells may be shown there, too, perhaps
    without what follows a separator.
    """
    if title is None:
        text = next(marked_texts(tree, sites), "")
        return text, "markup" if text else ""
    if title.who == "meta" and title.text:
        for text in marked_texts(tree, sites):
            if text == title.text or (title.text.startswith(text) and SEPARATOR.match(title.text, len(text))):
                return text, "markup"
    return title.text, title.who


def with_body(title: str, who: str, shown: str, sites: frozenset[str]) -> tuple[str, str]:
    """The title and its witness: `shown`, the headline right above the body, stands against a title that only the head
    gives."""
    folded, told = fold(shown), fold(title)
    if not folded or who not in ("", "meta") or folded in sites:
        return title, who
    if title and " " not in folded and folded.isascii() and folded not in told and told not in folded:
        return title, who  # one word that is none of the title's: the heading of a menu
    rest = without_ending(title, shown)
    return (shown, "body") if rest is None else (rest, who)  # what it cuts off is the site's or section's name


def _without_section(title: str, sections: frozenset[str]) -> str:
    """A headline without the name of its section behind a bar: "Why the bridge matters | Opinion"."""
    cuts = [match for match in SEPARATOR.finditer(title) if "|" in match[0]]
    return title[: cuts[-1].start()].strip() if cuts and fold(title[cuts[-1].end() :]) in sections else title


def _case(
    found: list[Heading], claims: list[Claims], page_title: str, sites: frozenset[str], disabled: Disabled
) -> _Case:
    said = _said(found, claims, page_title, sites)
    first: dict[str, str] = {}
    for who, _, folded in said:
        first.setdefault(who, folded)
    plain = [h for h in found if not h.boilerplate and fold(h.text) not in sites]
    return _Case(
        ones=[h for h in plain if _is_first(h)],
        twos=[h for h in found if h.spot.tag == "h2" and not h.boilerplate],
        others=[h for h in plain if h.spot.tag not in ("h1", "h2") and not _is_first(h)],
        boxed=_boxed(found, sites),
        said=said,
        first=first,
        spelled={folded: text for _, text, folded in reversed(said)},
        strong=frozenset(f for who, f in first.items() if who in ("jsonld", "meta", "state") and f),
        everything=frozenset(folded for _, _, folded in said if folded),
        pages=frozenset(fold(text) for claim in claims if claim.who == "jsonld page" for text in claim.titles[:2]),
        sections=frozenset(fold(name) for claim in claims for name in (*claim.sections, *_folders(claim.urls))),
        sites=sites,
        disabled=disabled,
    )


def _is_first(heading: Heading) -> bool:
    """Whether a heading is of the first level, by its tag or by what it says to screen readers."""
    return heading.spot.tag == "h1" or (heading.spot.tag != "h2" and heading.spot.get("aria-level").strip() == "1")


def _folders(urls: Iterable[str]) -> list[str]:
    """The folders of an article's addresses, which often are its section's names."""
    return [part for url in list(urls)[:4] for part in url[:300].split("?")[0].split("/")[3:-1] if part.isalpha()]


def _boxed(found: list[Heading], sites: frozenset[str]) -> list[Heading]:
    """Level-one headings that a reader sees inside what is named like boilerplate."""
    boxed = [h for h in found if h.boilerplate and h.spot.tag == "h1" and fold(h.text) not in sites]
    return [h for h in boxed if not _HIDDEN.search(h.spot.get("class"))]


def _said(
    found: list[Heading], claims: list[Claims], page_title: str, sites: frozenset[str]
) -> list[tuple[str, str, str]]:
    """The titles of the head without what is the site's: (witness, text, folded)."""
    shown = frozenset(fold(h.text) for h in found if _is_first(h) and not h.boilerplate)
    headlines = shown - sites
    below = [h.text for h in found if h.spot.tag == "h2" and not h.boilerplate and _is_headline(h.text)]
    said: list[tuple[str, str, str]] = []
    for claim in claims:
        if claim.who in ("jsonld", "meta", "state"):
            for i, title in enumerate(claim.titles[:4]):
                text = bare(_as_shown(title, below, shown), sites, headlines)
                said.append((claim.who if i == 0 else claim.who + "+", text, fold(text)))
    said = [(name, *_shorter(text, folded, said)) for name, text, folded in said]
    tab = bare(_as_shown(tidy(page_title), below, shown, alone=not said), sites, headlines | {f for _, _, f in said})
    if tab:
        said.append(("title", tab, fold(tab)))
    return said


def _is_headline(text: str) -> bool:
    """Whether a second heading is long enough to be more than a section's name."""
    return len(text) > (15 if text.isascii() else 8)


def _as_shown(title: str, headings: list[str], shown: frozenset[str], *, alone: bool = False) -> str:
    """A title of the head as a second heading has it that leaves off what follows a separator.

    Not where what follows is a level-one heading (`shown`, folded), unless the title is `alone`: then it names the
    site.
    """
    for text in headings:
        if title.startswith(text) and (sign := SEPARATOR.match(title, len(text))):
            rest = fold(title[sign.end() :])
            if not any(one in rest and (not alone or not rest.endswith(one)) for one in shown):
                return text
    return title


def _repeated(case: _Case) -> Title | None:
    """A level-one heading, or a part of it, that the head repeats."""
    for heading in case.ones:
        if fold(heading.text) in case.strong:
            displayed = _displayed(heading, case.twos, case.first, case.disabled)
            apart = heading.short != heading.text  # the head knows what stands between kicker and headline
            text = case.spelled.get(fold(heading.text), heading.text) if apart else heading.text
            text = heading.short if fold(heading.short) in case.pages else text
            return displayed or Title(text, "markup", heading)
    for heading in case.ones:
        for piece in (heading.short, *heading.parts):
            if fold(piece) in case.strong:
                return Title(piece, "markup", heading)
    for heading in case.ones:
        if _goes_on(heading, case):
            return Title(heading.text, "markup", heading)
    return None


def _goes_on(heading: Heading, case: _Case) -> bool:
    """Whether a level-one heading begins with what `<meta>` calls the page, of three words and more, and goes on behind
    a colon or a dash."""
    told = case.first.get("meta", "")
    if len(told.split()) < 3 or not fold(heading.text).startswith(told + " "):
        return False
    return any(fold(heading.text[: match.start()]) == told for match in _GOES_ON.finditer(heading.text))


def _repeated_below(case: _Case) -> Title | None:
    """A heading of the second level, or by its role, that the head repeats, where no first one is repeated."""
    for heading in (*case.twos[:8], *case.others[:4]):
        texts = (*heading.parts, heading.short, heading.text)
        matching = [text for text in texts if fold(text) in case.strong and fold(text) not in case.sites]
        if matching:  # of a kicker's two forms the one that is shared with others
            text = next((text for text in matching if fold(text) == case.first.get("meta")), matching[0])
            return Title(case.spelled.get(fold(text), text), "markup", heading)
    return None


def _in_the_tab(case: _Case) -> Title | None:
    """A heading that a further title of the head, or `<title>`, repeats."""
    for heading in case.ones:
        if fold(heading.text) in case.everything:
            return Title(heading.short, "markup", heading)
        for piece in (heading.short, *heading.parts):
            if fold(piece) == case.first.get("title") and len(piece.split()) >= 3:
                return Title(piece, "markup", heading)
        if "prefix" not in case.disabled and (longer := _with_kicker(fold(heading.text), case.first)):
            return Title(case.spelled[longer], "markup", heading)
    for heading in (*case.twos[:8], *case.others[:4]):
        if fold(heading.text) == case.first.get("title") and fold(heading.text) not in case.sites:
            return Title(heading.text, "markup", heading)
    return None


def _likest(case: _Case) -> tuple[float, Heading] | None:
    """The level-one heading that shares most words with what the head says."""
    best: tuple[float, Heading] | None = None
    for heading in case.ones:
        likeness = max((_likeness(fold(heading.text), other) for other in case.everything), default=0.0)
        if best is None or likeness > best[0]:
            best = (likeness, heading)
    return best


def _alike(case: _Case) -> Title | None:
    """The level-one heading that is like the head's title, or the only one that is a sentence and no link."""
    best = _likest(case)
    if best is None:
        return None
    plain = [h for h in case.ones if not _is_link(h)]
    lone = len(plain) == 1 and "lone" not in case.disabled and _can_stand_alone(plain[0], best[0], case)
    heading = plain[0] if lone and best[0] < 0.3 else best[1]
    if best[0] >= 0.3 or lone or not case.said:
        longer = _longer(heading, case) or _outdone(heading, case)
        return Title(longer or heading.short, "markup", heading)
    return None


def _longer(heading: Heading, case: _Case) -> str:
    """What `<meta>` and `<title>` agree on, where the heading is only its first one or two words: a section's label."""
    told = case.first.get("meta", "")
    agreed = told and told == case.first.get("title") and told.startswith(fold(heading.text) + " ")
    return case.spelled[told] if agreed and len(heading.text.split()) <= 2 else ""


def _outdone(heading: Heading, case: _Case) -> str:
    """What `<meta>` and `<title>` agree on, where it says more than the heading and does not only add to it.

    A headline has room, a title for search engines has little. A heading of fewer words than that title is a label
    of the page or a call to act.
    """
    told, shown, disabled = case.first.get("meta", ""), fold(heading.text), case.disabled
    if not told or told != case.first.get("title") or "fuller" in disabled:
        return ""
    text = case.spelled[told]
    apart = shown not in told and fold(heading.short) not in told and SEPARATOR.search(text) is None
    return text if apart and len(shown.split()) < len(told.split()) and len(shown) <= len(told) else ""


def _can_stand_alone(heading: Heading, likeness: float, case: _Case) -> bool:
    """Whether the only level-one heading is the headline though the head says something else.

    Where `<title>` is all that the head says, it is often the section's: then a shorter heading will do. A heading
    that shares no long word with titles made for sharing is an appeal, an advertisement or another story.
    """
    if case.strong and not any(_share_a_word(fold(heading.text), other) for other in case.everything):
        return False
    words = len(heading.text.split())
    return words >= 4 or (set(case.first) == {"title"} and words >= (2 if likeness > 0 else 3))


def _told(case: _Case) -> Title | None:
    """What the head says, the site's name aside; the page may show it in a box that is named like boilerplate."""
    for who in ("jsonld", "meta", "state", "title", "jsonld+", "meta+", "state+"):
        for name, text, folded in case.said:
            if name == who and folded and folded not in case.sites:
                for heading in case.boxed:
                    if folded in (fold(heading.text), fold(heading.short)):
                        return Title(text, "markup", heading)
                return Title(text, "meta" if who == "title" else who.rstrip("+"), None)
    return None


def _any_heading(case: _Case) -> Title | None:
    """The heading that is left: the likest of the first level, one by its role, the first of the second, no link."""
    best = _likest(case)
    if best is not None:
        return Title(best[1].short, "markup", best[1])
    for heading in (*case.others, *case.twos[:4]):
        if not _is_link(heading) and fold(heading.text) not in case.sites and len(heading.text.split()) >= 3:
            return Title(heading.short, "markup", heading if heading in case.others else None)
    return None


_STEPS = (_repeated, _repeated_below, _in_the_tab, _alike, _told, _any_heading)


def _shorter(text: str, folded: str, said: list[tuple[str, str, str]]) -> tuple[str, str]:
    """`text` as the other witness gives it who leaves off what follows a separator: a site's or a section's name."""
    for _, other, short in said:
        if (
            short != folded
            and text.startswith(other)
            and len(other) > 15
            and text[len(other) :].lstrip()[:1] in _ENDING
        ):
            return other, short
    return text, folded


def _displayed(one: Heading, twos: list[Heading], first: dict[str, str], disabled: Disabled) -> Title | None:
    """A second-level heading near the first that is one witness's headline while the first is another's: where a page
    gives search engines its first-level heading, the reader sees the second."""
    folded = fold(one.text)
    for heading in twos[:3]:
        if not 0 < heading.spot.place - one.spot.place < 12:
            continue
        for text in (*heading.parts, heading.text):
            other = fold(text)
            if other != folded and other == first.get("meta") and len(other.split()) >= 3:
                return Title(_shortest(heading, text, disabled), "markup", heading)
    return None


def _with_kicker(folded: str, first: dict[str, str]) -> str:
    """The headline with the kicker that stands above it, where JSON-LD and `<meta>` agree on it."""
    longer = first.get("jsonld", "")
    agreed = longer and longer == first.get("meta")
    return longer if agreed and longer.endswith(" " + folded) and len(folded.split()) >= 2 else ""


def _shortest(heading: Heading, text: str, disabled: Disabled) -> str:
    """The headline in a heading of two parts, kicker and headline, whose whole is known as `text`."""
    tails = [p for p in heading.parts if text.endswith(p) and len(p) * 2 > len(text) and p != text]
    return min(tails, key=len) if tails and "kicker" not in disabled else text


def _is_link(heading: Heading) -> bool:
    """Whether the whole heading is a link, as the headings of other sections and stories are."""
    link = heading.spot.node.css_first("a[href]")
    return link is not None and tidy(link.text()) == heading.text


def _share_a_word(a: str, b: str) -> bool:
    """Whether two folded texts have a word in common that is too long for an article or a preposition."""
    return any(len(word) > 4 or not word.isascii() for word in set(a.split()) & set(b.split()))


def _likeness(a: str, b: str) -> float:
    """Share of common words, against the longer text."""
    first, second = set(a.split()), set(b.split())
    return len(first & second) / max(len(first), len(second), 1)
