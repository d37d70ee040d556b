"""The short texts of a teaser: which of them are dates, and which elements hold dates and names."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ...page import dates
from ...page.class_terms import ClassTerms
from .evidence import weigh_text

_LATER = datetime(2100, 1, 1, tzinfo=UTC)  # for telling whether a text is a distance at all

DATE = ClassTerms(r"\w*dates? datum fecha \w*time timestamp time-?ago published pubdate posted data dato")
AUTHOR = ClassTerms(r"by-?lines? authors? author-?name autor autore auteur writer reporter user-name fn")
LABEL = re.compile(
    r"publi|posted|erschienen|stand:|veröffentlicht|aktualis|updated|aggiornato|actualizado|mis à jour|opublik|julkais|"
    r"発行|公開|更新|입력|发布|發布|نشر|פורסם|опублик",
    re.I,
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")


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
    return (len(words) <= 5 and weigh_text(text) <= 60 and text.rstrip()[-1:] not in "!?…。") or bool(
        LABEL.search(text)
    )
