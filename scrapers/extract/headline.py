"""The title: the page's own headline, without the site's name and not the variant for search engines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scrapers.urls import registrable

from .claims import Claims, tidy
from .names import fold
from .parts import Parts, Spot
from .rules import DISABLED

MAX_HEADINGS = 24

_SEPARATOR = re.compile(
    r"\s{1,3}(?:[|–—•·»«:]|-{1,2}|::|›|>|⋆|~|/|\\)\s{1,3}|\s?[|ㅣ｜]\s?|"
    r"(?<=\S)(?: - |\s-(?=\S)|-(?=[^\s-]{2,30}[ㅣ|]))|_(?=\S{2,20}$)"
)
_FURNITURE = re.compile(
    r"(?<![a-z])bread-?crumb|\b(?:nav|navigation|menu|logo|site-?title|site-?name|masthead|related|sidebar|footer|teaser|newsletter|"
    r"comments?|cookie|consent|modal|popup|widget|recommend\w{0,10}|sr-only|visually-?hidden|screen-reader-text)\b",
    re.I,
)
_KICKER = re.compile(
    r"(?<![a-z])(?:kicker|dachzeile|overline|eyebrow|topline|roofline|roof|volanta|spitzmarke|antet[ií]tulo|topic|prefix|"
    r"category|rubric|label|supra-?title|suprat[ií]tulo|pretitle|pre-?head|headline-?intro|hidden|sr-only|badge|ressort)",
    re.I,
)
_HOME = frozenset(("/", "./", "#", "index.html", "/index.html", "index.php", "/index.php"))
_OUTSIDE = frozenset(("nav", "aside", "footer", "li", "form", "dialog"))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page: its whole text, the texts of its parts, and whether it stands in the furniture."""

    text: str
    parts: tuple[str, ...]
    short: str  # without the kicker, where the markup tells it apart
    spot: Spot
    furniture: bool


@dataclass(frozen=True, slots=True)
class Title:
    """The headline that was chosen, its witness, and its heading where it stands in one."""

    text: str
    who: str
    heading: Heading | None


def headings(parts: Parts) -> list[Heading]:
    """The first headings of the page in order, those without text left out."""
    found: list[Heading] = []
    second = 0
    for spot in parts.headings:
        if spot.tag == "h2":
            second += 1
            if second > MAX_HEADINGS:
                continue
        text = tidy(spot.node.text(separator=" ", strip=False))
        if 2 <= len(text) <= 400:
            found.append(Heading(tidy(spot.node.text()), *_pieces(spot.node), spot, _in_furniture(spot)))
        if len(found) >= MAX_HEADINGS:
            break
    return found


def _pieces(node: LexborNode) -> tuple[tuple[str, ...], str]:
    """The texts of the elements inside a heading and its own text without them; and the whole without its kicker."""
    whole = tidy(node.text())
    inner: list[str] = []
    kicker = ""
    for child in node.css("*")[1:12]:
        text = tidy(child.text())
        if len(text) > 2:
            inner.append(text)
            if not kicker and text[-1] != ":" and _KICKER.search(child.attributes.get("class") or ""):
                kicker = text
    if not inner:
        return (), whole
    own = tidy(node.text(deep=False))
    if len(own) > 2:
        inner.append(own)
    rest = whole.removeprefix(kicker).lstrip(" :|–—-·•/.") if kicker and "kicker" not in DISABLED else whole
    return tuple(dict.fromkeys(inner)), rest if len(rest.split()) >= 2 or len(rest) > 12 else whole


def _in_furniture(spot: Spot) -> bool:
    if _FURNITURE.search(spot.get("class")) or any("breadcrumb" in name for name in spot.attributes):
        return True
    if any(link.attributes.get("href") in _HOME for link in spot.node.css("a")[:2]):
        return True  # the site's name that leads to its front
    node: LexborNode | None = spot.node.parent
    for _ in range(5):
        if node is None or node.tag in ("body", "main", "article"):
            return False
        if node.tag in _OUTSIDE:
            return True
        attributes = node.attributes
        if _FURNITURE.search((attributes.get("class") or "") + " " + (attributes.get("id") or "")):
            return True
        node = node.parent
    return False


def site_names(claims: Iterable[Claims], host: str, extra: Iterable[str | None] = ()) -> frozenset[str]:
    """Folded names under which the site goes."""
    names = [name for claim in claims for name in claim.publishers] + [name for name in extra if name]
    found = {fold(name) for name in names}
    if host and not host.replace(".", "").isdigit():
        own = registrable(host)
        found |= {fold(host), fold(host.removeprefix("www.")), fold(own), fold(own.partition(".")[0])}
    return frozenset(name for name in found if len(name) > 1)


def bare(title: str, sites: frozenset[str], others: frozenset[str] = frozenset()) -> str:
    """`title` without the site's name (and section names) at its end or beginning.

    `others` holds folded headlines that the page shows: what is left after one of them is cut as well.
    """
    folded = fold(title)
    if folded in others:
        return title
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
    for start, _ in cuts:
        if fold(title[:start]) in others:
            return title[:start].strip()
    for _, end in cuts:
        if fold(title[end:]) in others:
            return title[end:].strip()
    for _ in range(3):
        cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)]
        if not cuts:
            break
        start, end = cuts[-1]
        if _is_site(title[end:], sites):
            title = title[:start].strip()
            continue
        start, end = cuts[0]
        if _is_site(title[:start], sites):
            title = title[end:].strip()
            continue
        break
    return title


def without_ending(title: str, name: str) -> str | None:
    """`title` less `name` and what follows it, where that stands behind a separator; None where it does not."""
    folded = fold(name)
    for match in _SEPARATOR.finditer(title):
        if folded and fold(title[match.end() :]).startswith(folded):
            return title[: match.start()].strip() or None
    return None


def _is_site(text: str, sites: frozenset[str]) -> bool:
    """Whether `text` names the site: exactly, by its domain, or as a longer form of its name."""
    folded = fold(text)
    if not folded or len(folded) > 60:
        return False
    squeezed = folded.replace(" ", "")
    for name in sites:
        if folded == name or squeezed == name.replace(" ", ""):
            return True
        if (
            len(name) > 4
            and len(folded) < len(name) + 24
            and (folded.startswith(name + " ") or folded.endswith(" " + name))
        ):
            return True
        if len(squeezed) > 4 and name.replace(" ", "").startswith(squeezed) and len(name) < len(squeezed) + 20:
            return True
    return False


def decide(found: list[Heading], claims: list[Claims], page_title: str, sites: frozenset[str]) -> Title | None:
    """The headline, by agreement between what the page shows and what its head says."""
    shown = frozenset(fold(h.text) for h in found if h.spot.tag == "h1" and not h.furniture)
    said: list[tuple[str, str, str]] = []  # (witness, text, folded)
    for claim in claims:
        if claim.who in ("jsonld", "meta", "state"):
            for i, title in enumerate(claim.titles[:4]):
                text = bare(title, sites, shown)
                said.append((claim.who if i == 0 else claim.who + "+", text, fold(text)))
    said = [(name, *_shorter(text, folded, said)) for name, text, folded in said]
    tab = bare(tidy(page_title), sites, shown | {f for _, _, f in said})
    if tab:
        said.append(("title", tab, fold(tab)))
    first: dict[str, str] = {}
    for who, _, folded in said:
        first.setdefault(who, folded)
    spelled = {folded: text for _, text, folded in reversed(said)}  # with the punctuation between kicker and headline
    strong = {folded for who, folded in first.items() if who in ("jsonld", "meta", "state") and folded}
    everything = {folded for _, _, folded in said if folded}

    ones = [h for h in found if h.spot.tag == "h1" and not h.furniture and fold(h.text) not in sites]
    twos = [h for h in found if h.spot.tag == "h2" and not h.furniture]
    # 1. A level-one heading, or a part of it, that the head repeats.
    for heading in ones:
        if fold(heading.text) in strong:
            return _displayed(heading, twos, first) or Title(heading.text, "markup", heading)
    for heading in ones:
        for piece in (heading.short, *heading.parts):
            if fold(piece) in strong:
                return Title(piece, "markup", heading)
    # 2. A heading of the second level that the head repeats, where no first one is repeated: the displayed headline.
    for heading in twos[:8]:
        texts = (*heading.parts, heading.short, heading.text)
        matching = [text for text in texts if fold(text) in strong]
        if matching:  # of a kicker's two forms the one that is shared with others
            text = next((text for text in matching if fold(text) == first.get("meta")), matching[0])
            return Title(spelled.get(fold(text), text), "markup", heading)
    for heading in ones:
        if fold(heading.text) in everything:
            return Title(heading.text, "markup", heading)
        if "prefix" not in DISABLED and (longer := _with_kicker(fold(heading.text), first)):
            return Title(spelled[longer], "markup", heading)
    for heading in twos[:8]:
        if fold(heading.text) == first.get("title"):
            return Title(heading.text, "markup", heading)
    # 3. The level-one heading that shares most words with what the head says.
    best: tuple[float, Heading] | None = None
    for heading in ones:
        likeness = max((_likeness(fold(heading.text), other) for other in everything), default=0.0)
        if best is None or likeness > best[0]:
            best = (likeness, heading)
    plain = [h for h in ones if not _is_link(h)]
    lone = len(plain) == 1 and len(plain[0].text.split()) >= 4 and "lone" not in DISABLED
    if lone and best is not None and best[0] < 0.3:
        best = (0.0, plain[0])
    if best is not None and (best[0] >= 0.3 or lone or not said):
        return Title(best[1].short, "markup", best[1])
    # 4. What the head says.
    for who in ("jsonld", "meta", "state", "title"):
        for name, text, folded in said:
            if name == who and folded and folded not in sites:
                return Title(text, who if who != "title" else "meta", None)
    if best is not None:
        return Title(best[1].short, "markup", best[1])
    return None


def _shorter(text: str, folded: str, said: list[tuple[str, str, str]]) -> tuple[str, str]:
    """`text` as the other witness gives it who leaves off what follows a separator: a site's or a section's name."""
    for _, other, short in said:
        if (
            short != folded
            and text.startswith(other)
            and len(other) > 15
            and text[len(other) :].lstrip()[:1] in "-|–—_·•:ㅣ/"
        ):
            return other, short
    return text, folded


def _displayed(one: Heading, twos: list[Heading], first: dict[str, str]) -> Title | None:
    """A second-level heading near the first that is one witness's headline while the first is another's: where a page
    gives search engines its first-level heading, the reader sees the second."""
    folded = fold(one.text)
    for heading in twos[:3]:
        if not 0 < heading.spot.place - one.spot.place < 12:
            continue
        for text in (*heading.parts, heading.text):
            other = fold(text)
            if other != folded and other == first.get("meta") and len(other.split()) >= 3:
                return Title(_shortest(heading, text), "markup", heading)
    return None


def _with_kicker(folded: str, first: dict[str, str]) -> str:
    """The headline with the kicker that stands above it, where JSON-LD and `<meta>` agree on it."""
    longer = first.get("jsonld", "")
    agreed = longer and longer == first.get("meta")
    return longer if agreed and longer.endswith(" " + folded) and len(folded.split()) >= 2 else ""


def _shortest(heading: Heading, text: str) -> str:
    """The headline in a heading of two parts, kicker and headline, whose whole is known as `text`."""
    tails = [p for p in heading.parts if text.endswith(p) and len(p) * 2 > len(text) and p != text]
    return min(tails, key=len) if tails and "kicker" not in DISABLED else text


def _is_link(heading: Heading) -> bool:
    """Whether the whole heading is a link, as the headings of other sections and stories are."""
    link = heading.spot.node.css_first("a[href]")
    return link is not None and tidy(link.text()) == heading.text


def _likeness(a: str, b: str) -> float:
    """Share of common words, against the longer text."""
    first, second = set(a.split()), set(b.split())
    return len(first & second) / max(len(first), len(second), 1)
