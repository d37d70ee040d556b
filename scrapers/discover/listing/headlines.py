"""The headline of a teaser without what stands beside it: kicker, author, time, counts, marks of paid articles.

A heading or a link is read as pieces, the texts of its elements. Which of them are the headline is told by their
elements, by the words of the story's address, and by what the other teasers of the page have at the same place.
"""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from ...page.class_terms import ClassTerms
from ...page.text import TITLE, clean
from .card_text import is_date
from .evidence import spellings, weigh_text

MAX_NODES = 80  # of one heading or link
_LEAST = 3  # teasers with a piece of the same kind at the same place, from which it is the page's custom …
_SHARE = 0.25  # … and so much of all of them

KICKER = ClassTerms(
    r"kickers? dachzeile overline eyebrow topline top-?title roofline roof volanta spitzmarke ante-?t[ií]tulo pre-?title pre-?head(?:line)? supra-?title "
    r"surtitre chapeau occhiello catchline lead-?in rubric rubrik rubrique ressort"
)
_APART = ClassTerms(
    r"categor(?:y|ies) kategorie section section-name label labels badge badges tag tags topic topics flag prefix "
    r"by-?lines? authors? autor autore auteur writer date datum fecha time timestamp time-?ago relative-time published "
    r"reading-time read-time readtime duration comments? comment-?count(?:er)? counter sr-only sr visually-?hidden hidden-visually screen-?reader-?(?:text|only)? "
    r"plus premium paywall paid abo subscribers? subscription exclusive exclusiv exklusiv locked lock payant marker"
)
_TITLED = ClassTerms(r"titles? headlines? titel titre t[ií]tulo titolo hed heading rubrikk otsikko")
_EMPHASIS = frozenset(("em", "i", "strong", "b", "mark", "u", "q", "cite", "small", "sup", "abbr", "font"))
_THROUGH = frozenset(("wbr", "picture", "img"))
_NAMES = ("class", "data-testid", "data-test", "data-role", "itemprop")
_UNREAD = frozenset(("script", "style", "noscript", "template", "svg"))
_BLOCKS = frozenset(
    ("div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "section", "header", "footer")
)
_BADGES = re.compile(
    r"\W{0,8}(?:plus|premium|[a-z]{0,5}\s?\+|abo|exclusive|exklusiv|exclusif|exclusivo|esclusiva|paywall|pro|live|video|podcast|audio|"
    r"subscribers? only|members? only|réservé aux abonnés|abonnés|suscriptores|abbonati|prenumerant|für abonnenten)\W{0,8}",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\W{0,8}(?:\d{1,3}(?:[.,]?\d{3})?k?|"
    r"\d{1,6}\W{0,3}(?:comments?|kommentare?r?|comentarios?|comentários?|commentaires?|comment[io]|reacties?|réactions?|kommentti?a?|komentarz[ey]?|komentář[eůi]?|komentar[ai]?|"
    r"коммента\w{2,6}|yorum|hozzászólás|replies|reply|antworten|respuestas|shares?|likes?|views|aufrufe|コメント|评论|評論|댓글)|"
    r"(?:comments?|kommentare?r?|comentarios?|comentários?|commentaires?|commenti|reacties)\W{0,3}\d{1,6})\W{0,8}",
    re.IGNORECASE,
)
_READING = re.compile(
    r"\W{0,8}(?:(?:lesezeit|lesedauer|reading time|read time|temps de lecture|lecture|tiempo de lectura|tempo di lettura|tempo de leitura|leestijd|lästid|læsetid|"
    r"lukuaika|czas czytania|doba čtení|время чтения)\W{0,3}(?:ca\.?\s)?)?"
    r"\d{1,3}\s?-?\s?(?:mins?|minutes?|minuten?|minut[iyoa]s?|minuutt?ia?|мин|минуты?|分|分钟|分鐘|분|['′])\.?"
    r"(?:\s?-?(?:read|reading|to read|lesezeit|lesen|de lecture|de lectura|di lettura|de leitura|leestijd|lezen|läsning|czytania|čtení|чтения))?\W{0,8}",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|von|de|por|par|di|door|av|af|od|от|автор)\s?:?\s(?=\w)", re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,2}[:.h]\d\d(?:\s?(?:uhr|h|hs|am|pm|a\.m\.|p\.m\.))?(?:\s*[|·•–—:-])?\s+(?=\S)", re.IGNORECASE
)
_CAPITALS = re.compile(r"(?:[^\W\d_a-z]{3,20}\s){1,3}(?=[^\W\d_](?:\s|[^\WA-Z]))")  # one to three words in capitals
_TAIL = re.compile(r"(?:\s[|·•–—-]\s|\s\(|\s\[|\s\|)(?=[^|·•–—()\[\]]{1,40}[)\]]?$)")
_WORD = re.compile(r"\w+")
_SPLIT = re.compile(r"[^\w]|_")
_AT_ONCE = frozenset(",.:;!?)…»”’")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of one element within a heading or a link."""

    text: str
    sign: str  # tag and first class of its element; of the node's own text ""
    names: str  # class names and the like of the elements that hold it and not the whole node
    tag: str
    block: bool  # it begins a line of its own
    broken: bool = False  # a <br> stands before it


@dataclass(frozen=True, slots=True)
class Usual:
    """What the teasers of a page have in common before, behind and within their headlines."""

    before: frozenset[str] = frozenset()  # signs of first pieces
    kickers: frozenset[str] = frozenset()  # … of those which the addresses prove to be no part of the headline
    behind: frozenset[str] = frozenset()  # signs of last pieces
    cuts: frozenset[str] = frozenset()  # kinds of additions within one text


class _Reader:
    """Gathers the pieces of one node."""

    def __init__(self) -> None:
        self.found: list[tuple[Piece, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.owner = 0
        self.block, self.broken = True, False
        self.left = MAX_NODES
        self.told: tuple[str, str, tuple[str, ...]] = ("", "", ())

    def close(self, *, block: bool = False, broken: bool = False) -> None:
        """End the piece that is being read; the next one begins a line, or stands behind a <br>."""
        text = clean(" ".join(self.texts), 2 * TITLE)
        self.texts.clear()
        if text:
            sign, tag, names = self.told
            self.found.append((Piece(text, sign, "", tag, self.block, self.broken), names))
            self.block = self.broken = False
        self.block, self.broken, self.owner = self.block or block, self.broken or broken, 0

    def walk(self, parent: LexborNode, sign: str, tag: str, names: tuple[str, ...]) -> None:
        """Read what stands in an element."""
        for child in parent.iter(include_text=True):
            self.left -= 1
            inner = child.tag or ""
            if self.left < 0 or inner in _UNREAD:
                continue
            if child.is_text_node:
                text = child.text_content or ""
                if text.strip():
                    if self.owner != parent.mem_id:
                        self.close()
                        self.owner, self.told = parent.mem_id, (sign, tag, names)
                    self.texts.append(text)
            elif inner == "br":
                self.close(broken=True)
            elif inner not in _THROUGH:
                if inner in _BLOCKS:
                    self.close(block=True)
                told = child.attributes
                said = " ".join(filter(None, (told.get(name) for name in _NAMES)))
                self.walk(child, f"{inner}.{(told.get('class') or ' ').split(' ')[0]}", inner, (*names, said))
                if inner in _BLOCKS:
                    self.close(block=True)


def pieces_of(node: LexborNode) -> list[Piece]:
    """The texts of a heading or a link, each with its element, in their order."""
    reader = _Reader()
    reader.walk(node, "", "", ())
    reader.close()
    chains = [names for _, names in reader.found]
    shared = 0
    while len(chains) > 1 and all(len(c) > shared and c[shared] == chains[0][shared] for c in chains):
        shared += 1
    return [replace(piece, names=" ".join(names[shared:])) for piece, names in reader.found]


def usual_of(teasers: Iterable[tuple[Sequence[Piece], str]], language: str | None) -> Usual:
    """What many of the teasers of a page have at the same place; each is its pieces and the path of its address."""
    before: Counter[str] = Counter()
    kickers: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    cuts: Counter[str] = Counter()
    count = 0
    for told, path in teasers:
        count += 1
        if len(told) > 1:
            sign = told[0].sign
            before[sign] += 1
            behind[told[-1].sign] += 1
            kickers[sign] += is_made_from(slug_words(path), _joined(told[1:]), told[0].text)
        cuts.update(kind for piece in told for kind in _additions(piece.text, language))
    least = max(_LEAST, _SHARE * count)

    def many(counts: Counter[str]) -> frozenset[str]:
        return frozenset(name for name, times in counts.items() if name and times >= least)

    proven = frozenset(sign for sign in many(kickers) if kickers[sign] * 2 >= before[sign])
    return Usual(many(before), proven, many(behind), many(cuts))


def headline(told: Sequence[Piece], path: str, usual: Usual, language: str | None) -> str:
    """The headline among the pieces of a heading or a link; `path` is that of the story's address."""
    whole = _joined(told)
    slug = slug_words(path)
    lines = [rest for line in _lines(told) if (rest := _read_on(line, language))]
    line = _best_line(lines, slug) if len(lines) > 1 else lines[0] if lines else list(told)
    text = _joined(_trimmed(line, slug, usual))
    return _cut(text.strip(" :|·•"), slug, usual, language) or text or whole


def slug_words(path: str) -> frozenset[str]:
    """The words of an address that may be those of a headline: of the part that has most of them."""
    best: list[str] = []
    for part in path.split("/"):
        words = [word for word in _SPLIT.split(part.lower()) if len(word) >= 3 and not word.isdecimal()]
        best = max(best, words, key=len)
    return frozenset(best)


def is_apart(piece: Piece, language: str | None) -> bool:
    """Whether a piece is no part of a headline by itself: its element or its form says what it is."""
    if piece.tag == "time" or KICKER.search(piece.names):
        return True
    text = piece.text
    if len(text) <= 60 and _APART.search(piece.names) and not _TITLED.search(piece.names):
        return True
    if not any(c.isalnum() for c in text):
        return True
    if len(text) > 60:
        return False
    formal = _COUNT.fullmatch(text) or _READING.fullmatch(text) or is_date(text, language)
    return bool(formal) or _is_byline(text) or _is_meta(text, language)


def _is_meta(text: str, language: str | None) -> bool:
    """Whether a line is several things in a row, one of them a date, a count or a time of reading."""
    parts = [part.strip() for part in re.split(r"\s[|·•–—]\s|\s?[|·•]\s?", text)]
    if len(parts) < 2:
        return False
    return any(_COUNT.fullmatch(part) or _READING.fullmatch(part) or is_date(part, language) for part in parts if part)


def _is_byline(text: str) -> bool:
    """ "By Ida Holm": a word for "by" and one to six words with a capital or without case, hardly more."""
    match = _BYLINE.match(text)
    if match is None:
        return False
    words = text[match.end() :].split()
    names = [word for word in words if word[0].isupper() or not (word[0].isalpha() and word[0].islower())]
    return 1 < len(words) <= 7 and len(names) * 3 >= len(words) * 2 and text[-1] not in ".!?:"


def _lines(told: Sequence[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = []
    for piece in told:
        if piece.block or not lines:
            lines.append([])
        lines[-1].append(piece)
    return lines


def _read_on(line: Sequence[Piece], language: str | None) -> list[Piece]:
    """A line without what is no headline before and behind it; empty if it is a line of dates, names and counts."""
    apart = [is_apart(piece, language) for piece in line]
    first, last = 0, len(line)
    if len(line) > 2 and apart[1] and not apart[0] and _is_short(line[0].text):  # section, time, headline
        rest = _joined(line[2:])
        first = 2 if len(rest.split()) >= 3 and not rest[0].islower() else 0
    while first < last and apart[first]:
        first += 1
    while last > first and apart[last - 1] and line[last - 1].text != ":":  # a colon says what is before it
        last -= 1
    left = list(line[first:last])
    if not left or (
        any(apart[first:last]) and _is_short(_joined([p for p, out in zip(line, apart, strict=True) if not out]))
    ):
        return []
    if _is_headline(_joined(left)):
        return left
    return list(line) if len(line) > len(left) else left  # a single word is read with what stands beside it


def _best_line(lines: Sequence[list[Piece]], slug: frozenset[str]) -> list[Piece]:
    """The line that is the headline: marked as one, or the one that the address is made from, or the first long one."""
    texts = [_joined(line) for line in lines]
    marked = [
        n for n, line in enumerate(lines) if any(_TITLED.search(p.names) and not KICKER.search(p.names) for p in line)
    ]
    if len(marked) == 1:
        return lines[marked[0]]
    hits = [len(slug & spellings(text)) for text in texts]
    best = max(range(len(lines)), key=lambda n: (hits[n], -n))
    if hits[best] >= 2 and hits[best] * 2 > len(slug):
        return lines[best]
    for n, (line, text) in enumerate(zip(lines, texts, strict=True)):
        rivals = [t for other, t in zip(lines[n + 1 :], texts[n + 1 :], strict=True) if not _is_summary(other, t, line)]
        if text.endswith((":", "|")) and rivals:
            continue
        if not (_is_short(text) and any(weigh_text(rival) > 1.4 * weigh_text(text) for rival in rivals)):
            return line
    return lines[-1]


def _is_summary(line: Sequence[Piece], text: str, before: Sequence[Piece]) -> bool:
    """Whether a line below another is sentences on its story."""
    paragraph = line[0].tag == "p" and before[0].tag != "p"
    return paragraph or len(text.split()) > 20 or (text[-1] in ".…。" and len(text.split()) > 8)


def _trimmed(line: Sequence[Piece], slug: frozenset[str], usual: Usual) -> list[Piece]:
    """A line without the kicker before the headline and the mark or name behind it."""
    left = list(line)
    while len(left) > 1 and _is_before(left, slug, usual):
        left = left[1:]
    while len(left) > 1 and _is_behind(left, slug, usual):
        left = left[:-1]
    return left


def _is_before(line: Sequence[Piece], slug: frozenset[str], usual: Usual) -> bool:
    first, rest = line[0], _joined(line[1:])
    emphasis = first.tag in _EMPHASIS
    if not _is_headline(rest) or rest[0].islower():
        return False
    if emphasis and (first.sign not in usual.before or first.text[-1:] == ":"):
        return False
    if _BADGES.fullmatch(first.text) and first.sign and len(rest.split()) >= 3:
        return True
    if first.sign in usual.kickers:
        return True
    if not emphasis and (first.sign or line[1].broken) and is_made_from(slug, rest, first.text):
        return True
    if not (_is_short(first.text) and len(rest.split()) >= 3 and weigh_text(rest) > 1.4 * weigh_text(first.text)):
        return False
    two = len(line) == 2 and bool(first.sign) and bool(line[1].sign) and not emphasis and line[1].tag not in _EMPHASIS
    return two or (first.sign in usual.before and first.text[-1:] not in ",;")


def is_made_from(slug: frozenset[str], headline: str, other: str) -> bool:
    """Whether an address is made from a headline, and not from what stands beside it."""
    words = [word for word in spellings(other) if len(word) >= 3]
    hits = len(slug & spellings(headline))
    return hits >= 3 and hits * 5 >= len(slug) * 3 and len(slug.intersection(words)) * 3 <= len(words)


def _is_behind(line: Sequence[Piece], slug: frozenset[str], usual: Usual) -> bool:
    last, rest = line[-1], _joined(line[:-1])
    if not _is_headline(rest) or not last.sign or last.tag in _EMPHASIS:
        return bool(_BADGES.fullmatch(last.text)) and last.sign != "" and len(rest.split()) >= 3
    if _BADGES.fullmatch(last.text):
        return True
    if last.text[0].islower() or len(last.text.split()) > 4 or rest[-1] in ":,–—-":
        return False
    return is_made_from(slug, rest, last.text) and (last.sign in usual.behind or slug <= spellings(rest))


def _additions(text: str, language: str | None) -> list[str]:
    """The kinds of additions that one text has before or behind its headline."""
    found = []
    if _CLOCK.match(text):
        found.append("clock")
    if (capitals := _CAPITALS.match(text)) and capitals[0].isupper():
        found.append("capitals")
    if (tail := _tail(text)) and (kind := _kind_of_tail(tail[1], language)):
        found.append(kind)
    return found


def _tail(text: str) -> tuple[str, str] | None:
    """A text without its last part behind a sign, and that part."""
    last = None
    for found in _TAIL.finditer(text):
        last = found
    if last is None:
        return None
    return text[: last.start()].rstrip(), text[last.end() :].strip(" ()[]")


def _kind_of_tail(tail: str, language: str | None) -> str:
    if _COUNT.fullmatch(tail):
        return "count"
    if _READING.fullmatch(tail):
        return "reading"
    if _BADGES.fullmatch(tail):
        return "badge"
    return "date" if is_date(tail, language) else ""


def _cut(text: str, slug: frozenset[str], usual: Usual, language: str | None) -> str:
    """A headline without the additions that many of its page have."""
    if not usual.cuts:
        return text
    if "capitals" in usual.cuts and (capitals := _CAPITALS.match(text)) and capitals[0].isupper():
        rest = text[capitals.end() :]
        text = rest if is_made_from(slug, rest, capitals[0]) else text
    if "clock" in usual.cuts and (clock := _CLOCK.match(text)):
        text = text[clock.end() :]
    tail = _tail(text)
    if tail and _kind_of_tail(tail[1], language) in usual.cuts and _is_headline(tail[0]):
        text = tail[0]
    return text


def _joined(line: Sequence[Piece]) -> str:
    text = ""
    for piece in line:
        text += piece.text if not text or piece.text[0] in _AT_ONCE else f" {piece.text}"
    return text.strip(" |·•") if len(line) > 1 else text


def _is_short(text: str) -> bool:
    return len(text.split()) <= 4 and weigh_text(text) <= 32


def _is_headline(text: str) -> bool:
    return len(_WORD.findall(text)) >= 2 or weigh_text(text) >= 10
