"""What the visible page says around its headline: bylines, dates, standfirst, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborNode

from .claims import MAX_NAME, MAX_SUBTITLE, Claims, distinct, tidy
from .headline import Heading
from .parts import Parts, Spot

_AUTHOR = re.compile(
    r"(?<![a-z])(?:by-?line|author|autor|auteur|writer|journalist|reporter|contributor|redacteur|creator)", re.I
)
_NOT_AUTHOR = re.compile(
    r"bio|social|follow|avatar|image|img|photo|picture|desc|comment|related|more|share|icon|date|time|role|title|job|position|"
    r"function|twitter|mail|link-list|box|card|teaser|recommend|sidebar|footer|nav|caption|credit|copyright|source|count|location",
    re.I,
)
_DATE = re.compile(
    r"(?<![a-z])(?:date|datum|fecha|data|time|publish|publi|pubdate|posted|timestamp|dateline|created|meta|info)", re.I
)
_SUBTITLE = re.compile(
    r"(?<![a-z])(?:stand-?first|sub-?title|sub-?head|sub-?headline|dek|deck|lead|lede|teaser|intro|summary|excerpt|chapo|chapeau|"
    r"abstract|entradilla|bajada|vorspann|anlauf|ingress|manchet|perex|sommario|occhiello|description|untertitel|preamble|strapline)",
    re.I,
)
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|da|af|av|door|autor(?:in)?|text|tekst|texte|testo|od|από|του|автор|авторы|текст|"
    r"written by|reported by|oleh|yazan|kirjoittaja|szerző|a cura di|geschreven door|"
    r"skrevet a[fv]|بقلم|מאת)\b\s{0,3}:?\s{1,3}(?=\S)",
    re.I,
)
_AUTHOR_HREF = re.compile(
    r"/(?:authors?|autor(?:en|es|as|zy|i)?|auteurs?|profiles?|profil|people|staff|writers?|contributors?|journalists?|"
    r"journalisten|redacteur|redaktion|reporters?|by|person|team|experte?s?|autore|autori|signature|firmas?|columnists?|"
    r"skribent|redaktor|user|users|bio|correspondents?)/[^/]{2,80}/?",
    re.I,
)
_OUTSIDE = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption"))
_ELSEWHERE = re.compile(
    r"(?<![a-z])(?:related|teaser|comment|recommend|sidebar|(?<!post-)(?<!entry-)(?<!article-)(?<!article_)footer|"
    r"newsletter|more-|most-|trending|latest|popular|promo|widget|"
    r"also|similar|next-|card|carousel|slider|list-item|menu|nav|current-?(?:date|time)|today|masthead|topbar|weather|joined|copyright)",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)|[۰-۹]{4}|\d\d?[./]\d\d?[./]\d\d(?!\d)")
_LEADING_TAG_WORDS = re.compile(
    r"^(?:tags?|topics?|themen|schlagwörter|schlagworte|etiquetas|temas|mots-clés|tagi|stichworte)\s{0,3}:\s{0,3}", re.I
)


@dataclass(slots=True)
class Around:
    """What stands near the headline."""

    authors: list[str] = field(default_factory=list)  # names in marked elements
    bylines: list[str] = field(default_factory=list)  # texts that begin with "By" and its like
    dates: list[Dated] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)


_CHANGED = re.compile(
    r"updat|modif|changed|aktuali|actuali|aggiorn|geändert|mis à jour|bijgewerkt|opdater|oppdater|uppdater|päivitet|"
    r"zmien|изменен|обновлен|оновлен|frissít|güncel|更新|수정|تحديث|עודכן|revised|edited|lastmod|"
    r"korrigiert|diperbarui|cập nhật",
    re.I,
)
_PUBLISHED = re.compile(
    r"publi|posted|erstellt|veröffentlicht|stand:|opublik|zveřejn|publik|julkais|создан|опублик|megjelen|yayın|発行|公開|入力|등록|"
    r"입력|发布|發布|نشر|פורסם|created|written|erscheinung|verfasst am|geschrieben|gepost|geplaatst|"
    r"pubblicat|datecreated|pubdate|entry-date|dt-published|first",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that the page shows, and what its label or class calls it."""

    text: str
    kind: Literal["published", "changed", ""] = ""


def dated(text: str, label: str) -> Dated:
    """`text` with what it is a date of. A word of change after the date does not count: "May 2, updated at noon"."""
    shown = _CHANGED.search(text)
    digit = _YEAR.search(text)
    if shown is not None and (digit is None or shown.start() < digit.start()):
        return Dated(text, "" if (told := _PUBLISHED.search(text)) and told.start() < shown.start() else "changed")
    if shown is None and _CHANGED.search(label) and not _PUBLISHED.search(label + " " + text):
        return Dated(text, "changed")
    return Dated(text, "published" if _PUBLISHED.search(text) or _PUBLISHED.search(label) else "")


def region(heading: Heading | None) -> list[LexborNode]:
    """The nodes around the headline: its block without the body, and its short neighbours."""
    if heading is None:
        return []
    node = heading.spot.node
    for _ in range(5):
        up = node.parent
        if up is None or up.tag in ("body", "html", "-document", None) or len(up.css("p")) > 5 or len(up.css("a")) > 40:
            break
        node = up
    nodes = [node]
    for forward in (True, False):
        other = node.next if forward else node.prev
        seen = 0
        while other is not None and seen < (6 if forward else 3):
            if other.is_element_node:
                if other.tag in ("script", "style", "noscript", "template"):
                    other = other.next if forward else other.prev
                    continue
                seen += 1
                if len(other.css("p")) > 3 or len(other.css("a")) > 30:
                    break
                nodes.append(other)
            other = other.next if forward else other.prev
    return nodes


def around(heading: Heading | None) -> Around:
    """Names, dates and a standfirst near the headline."""
    found = Around()
    if heading is None:
        return found
    budget = 400
    for root in region(heading):
        for node in root.css("*"):
            budget -= 1
            if budget < 0:
                return found
            tag = node.tag
            if tag in (
                "script",
                "style",
                "svg",
                "path",
                "img",
                "source",
                "picture",
                "h1",
                "br",
                "use",
                "button",
                "input",
            ):
                continue
            attributes = node.attributes
            name = (
                (attributes.get("class") or "")
                + " "
                + (attributes.get("data-testid") or "")
                + " "
                + (attributes.get("id") or "")
            )
            if tag == "time":
                value = attributes.get("datetime") or ""
                text = tidy(node.text(), 120)
                label = name + " " + (attributes.get("itemprop") or "") + " " + _label(node) + " " + text
                found.dates.extend(_times(value, text, label))
                continue
            if tag == "a" and (
                _AUTHOR_HREF.search((attributes.get("href") or "")[:300]) or "author" in (attributes.get("rel") or "")
            ):
                text = tidy(node.text(), MAX_NAME)
                if text:
                    found.authors.append(text)
                continue
            if len(name) > 2:
                if _AUTHOR.search(name) and not _NOT_AUTHOR.search(name):
                    text = tidy(node.text(separator=" | "), MAX_NAME)
                    if 2 < len(text) < 160:
                        found.bylines.append(text)
                if _SUBTITLE.search(name) and tag in ("p", "div", "h2", "h3", "span", "section", "strong"):
                    text = tidy(node.text(), MAX_SUBTITLE)
                    if 30 <= len(text) <= 1000:
                        found.subtitles.append(text)
                if _DATE.search(name):
                    text = tidy(node.text(separator=" "), 128)
                    if 6 <= len(text) <= 100 and any(c.isdigit() for c in text):
                        found.dates.append(dated(text, name))
                        continue
            child = node.first_child
            if (
                child is not None
                and child.tag == "-text"
                and tag in ("p", "div", "span", "li", "address", "small", "strong", "em", "b")
            ):
                text = tidy(node.text(separator=" | "), MAX_NAME)
                if 5 < len(text) < 160 and _BYLINE.match(text):
                    found.bylines.append(text)
                elif 8 <= len(text) <= 80 and _YEAR.search(text):
                    found.dates.append(dated(text, name))
    return found


def _times(value: str, text: str, label: str) -> Iterator[Dated]:
    """The date of a `<time>`: its attribute, and its text where that tells the time of day as well."""
    kind = dated(text, label).kind
    if len(value) >= 8:
        yield Dated(value, kind)
        if ":" in value or ":" not in text:
            return
    if text:
        yield Dated(text, kind)


def _label(node: LexborNode) -> str:
    """The words right before a date, such as "Updated"."""
    parent = node.parent
    if parent is None:
        return ""
    own = parent.text(deep=False)
    previous = node.prev
    before = (
        previous.text()
        if previous is not None
        and previous.is_element_node
        and previous.tag in ("span", "strong", "b", "label", "em", "small", "div")
        else ""
    )
    attributes = parent.attributes
    return (own[:60] + " " + before[:60] + " " + (attributes.get("class") or "")[:80]).strip()


def line_of(node: LexborNode | None) -> frozenset[int]:
    """The node and its ancestors, as identities: what holds the headline is no furniture, whatever it is called."""
    line: list[int] = []
    while node is not None and len(line) < 60:
        line.append(node.mem_id)
        node = node.parent
    return frozenset(line)


def elsewhere(node: LexborNode, line: frozenset[int], limit: int = 8) -> bool:
    """Whether a node stands in the furniture: a related story, a comment, a menu, the foot of the page. `line` holds
    the headline's ancestors: where the search reaches one of them, the node belongs to the article."""
    up: LexborNode | None = node
    for _ in range(limit):
        if up is None or up.mem_id in line or up.tag in ("body", "html", "main"):
            return False
        if up.tag in _OUTSIDE:
            return True
        attributes = up.attributes
        name = attributes.get("class")
        if name and _ELSEWHERE.search(name):
            return True
        up = up.parent
    return False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the visible page says."""

    claims: Claims
    bylines: Claims  # names out of running text
    dates: tuple[Dated, ...]  # nearest to the headline first


def read(parts: Parts, heading: Heading | None) -> Shown:
    """What stands around the headline, and the marked authors, dates and tags of the whole page."""
    near = around(heading)
    line = line_of(heading.spot.node if heading is not None else None)
    authors = list(near.authors)
    for spot in parts.rels:
        rel = spot.get("rel").lower()
        if "author" in rel.split() and not elsewhere(spot.node, line):
            authors.append(tidy(spot.node.text(), MAX_NAME))
    tags: list[str] = []
    for spot in parts.rels:
        if "tag" in spot.get("rel").lower().split() and not elsewhere(spot.node, line, 5):
            tags.append(_LEADING_TAG_WORDS.sub("", tidy(spot.node.text(), MAX_NAME)).lstrip("#"))
    bylines = list(near.bylines)
    if not bylines and not authors:
        bylines.extend(_marked(parts, heading, line))
    dates = list(near.dates)
    place = heading.spot.place if heading is not None else 0
    for spot in sorted(parts.times, key=lambda s: (s.place < place, abs(s.place - place)))[:12]:
        if elsewhere(spot.node, line):
            continue
        value = spot.get("datetime")
        text = tidy(spot.node.text(), 120)
        label = spot.get("class") + " " + spot.get("itemprop") + " " + _label(spot.node) + " " + text
        dates.extend(_times(value, text, label))
    return Shown(
        Claims("markup", authors=distinct(authors), subtitles=distinct(near.subtitles), tags=distinct(tags)),
        Claims("byline", authors=distinct(bylines)),
        tuple(dict.fromkeys(dates))[:20],
    )


def _marked(parts: Parts, heading: Heading | None, line: frozenset[int]) -> Iterator[str]:
    """Elements of the page whose class names an author, outside the furniture, nearest after the headline first."""
    place = heading.spot.place if heading is not None else 0
    spots = [s for s in parts.classed if _AUTHOR.search(s.get("class")) and not _NOT_AUTHOR.search(s.get("class"))]
    for spot in sorted(spots, key=lambda s: (s.place < place, abs(s.place - place)))[:10]:
        if not elsewhere(spot.node, line):
            text = tidy(spot.node.text(separator=" | "), MAX_NAME)
            if 3 <= len(text) < 120:
                yield text


def microdata(parts: Parts) -> Claims:
    """schema.org properties in the markup, of the article alone."""
    authors: list[str] = []
    published: list[str] = []
    updated: list[str] = []
    tags: list[str] = []
    titles: list[str] = []
    for spot in parts.props[:400]:
        prop = spot.get("itemprop").lower().split()
        if not prop or not _of_article(spot):
            continue
        if "datepublished" in prop or "datecreated" in prop:
            published.append(_value(spot))
        elif "datemodified" in prop:
            updated.append(_value(spot))
        elif "author" in prop or "creator" in prop:
            if spot.tag == "meta":
                authors.append(tidy(spot.get("content"), MAX_NAME))
            else:
                names = spot.node.css("[itemprop~=name]")
                authors.extend(tidy(n.attributes.get("content") or n.text(), MAX_NAME) for n in names[:6])
                if not names:
                    authors.append(tidy(spot.node.text(separator=" "), MAX_NAME))
        elif "keywords" in prop and spot.tag != "meta":
            tags.append(tidy(spot.node.text(), MAX_NAME))
        elif "headline" in prop:
            titles.append(_value(spot))
    return Claims(
        "microdata",
        titles=distinct(titles),
        authors=distinct(authors),
        published=distinct(published),
        updated=distinct(updated),
        tags=distinct(tags),
    )


def _value(spot: Spot) -> str:
    return tidy(spot.get("content") or spot.get("datetime") or spot.node.text(), 500)


def _of_article(spot: Spot) -> bool:
    """Whether the nearest item is an article, or there is none."""
    node: LexborNode | None = spot.node.parent
    for _ in range(14):
        if node is None:
            return True
        attributes = node.attributes
        if "itemscope" in attributes or "itemtype" in attributes:
            kind = (attributes.get("itemtype") or "").lower()
            return kind == "" or "article" in kind or "posting" in kind or "webpage" in kind or "creativework" in kind
        node = node.parent
    return True
