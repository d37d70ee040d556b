"""The texts of a teaser's elements: its headline without kicker, author and time, and the lines that are dates."""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re
from datetime import UTC, datetime

from selectolax.lexbor import LexborNode

from ...page import dates
from ...page.class_terms import ClassTerms
from ...page.text import TITLE, clean
from .evidence import weigh_text

MAX_PARTS = 24  # elements of one headline that are looked at
_LATER = datetime(2100, 1, 1, tzinfo=UTC)  # for telling whether a text is a distance at all

APART = ClassTerms(
    r"kickers? dachzeile overline eyebrow topline roofline roof volanta spitzmarke antet[ií]tulo pre-?title pre-?head supra-?title "
    r"rubric rubrik ressort categor(?:y|ies) kategorie section-name label labels badge badges tag tags topic topics flag "
    r"by-?lines? authors? autor autore auteur writer date datum fecha time timestamp time-ago relative-time published "
    r"reading-time duration comments? comment-count sr-only visually-?hidden screen-?reader-?text hidden"
)
DATE = ClassTerms(r"\w*dates? datum fecha \w*time timestamp time-?ago published pubdate posted data dato")
AUTHOR = ClassTerms(r"by-?lines? authors? author-?name autor autore auteur writer reporter user-name fn")
LABEL = re.compile(
    r"publi|posted|erschienen|stand:|veröffentlicht|aktualis|updated|aggiornato|actualizado|mis à jour|opublik|julkais|"
    r"発行|公開|更新|입력|发布|發布|نشر|פורסם|опублик",
    re.I,
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_EMPHASIS = frozenset(
    ("em", "i", "strong", "b", "mark", "u", "q", "cite", "br", "wbr", "img", "svg", "picture", "small", "sup")
)


def headline(node: LexborNode, language: str | None) -> str:
    """The text of a heading or a link without the kicker, author, time and count of comments in it."""
    whole = _text(node)
    rest = whole
    for child in node.css("*")[1 : MAX_PARTS + 1]:
        text = _text(child)
        if not text or len(text) >= len(rest) or not _is_apart(child, text, language):
            continue
        cut = _without(rest, text)
        if _is_headline(cut):
            rest = cut
    first = _first_of_two(node)
    if first and _is_headline(cut := _without(rest, first)):
        rest = cut
    return rest


def _is_apart(node: LexborNode, text: str, language: str | None) -> bool:
    if node.tag == "time":
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('data-testid') or ''}"
    return (len(text) <= 60 and APART.search(names)) or is_date(text, language)


def _first_of_two(node: LexborNode) -> str:
    """The kicker of a heading that consists of two elements and no text of its own: the short first one."""
    while True:
        children = [c for c in node.iter(include_text=False) if c.tag not in ("script", "style")]
        own = (node.text(deep=False) or "").strip()
        if own:
            return ""
        if len(children) != 1:
            break
        node = children[0]
    texts = [(c, _text(c)) for c in children if _text(c)]
    if len(texts) != 2 or any(c.tag in _EMPHASIS for c, _ in texts):
        return ""
    first, second = texts[0][1], texts[1][1]
    short = len(first.split()) <= 4 and weigh_text(first) <= 32
    return first if short and len(second.split()) >= 3 and weigh_text(second) > 1.4 * weigh_text(first) else ""


def _without(whole: str, part: str) -> str:
    """`whole` without `part` at its beginning or end."""
    if whole.startswith(part):
        return whole[len(part) :].lstrip(" :|–—-·•/+.,")
    if whole.endswith(part):
        return whole[: -len(part)].rstrip(" :|–—-·•/,")
    return whole


def _is_headline(text: str) -> bool:
    return len(text.split()) >= 2 or weigh_text(text) >= 10


def is_date(text: str, language: str | None) -> bool:
    """Whether a text is a date or a distance from now, and hardly anything else."""
    if not 2 <= len(text) <= 40 or not (_DIGIT.search(text) or len(text) < 24):
        return False
    if sum(len(word) > 2 for word in _LETTERS.findall(text)) > 5:
        return False
    return dates.read(text, language=language, now=_LATER) is not None


def may_be_dated(text: str) -> bool:
    """Whether a short line can be the date of its story: it names little beside the date, or calls it one."""
    words = [word for word in _LETTERS.findall(text) if len(word) > 2]
    return (len(words) <= 5 and len(text) <= 60 and text.rstrip()[-1:] not in "!?…") or bool(LABEL.search(text))


def _text(node: LexborNode) -> str:
    return clean(node.text(separator=" ")[: 4 * TITLE], 2 * TITLE)
