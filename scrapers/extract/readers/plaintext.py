"""A text/plain page: the article as a browser shows it, line by line, with the boilerplate around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape

from scrapers.model import Draft, Image
from scrapers.page import dates

from ..claims import tidy
from ..fields import authors as names
from ..fields import language

MAX_LINES = 20_000
MAX_LINE = 20_000

# What page builders and blogs show around a post, as their readers see it.
_FURNITURE = re.compile(
    r"(?:top|bottom) of page|skip to (?:main )?content|log in|sign up|subscribe|search|menu|share|all posts|see all|"
    r"recent posts?|follow(?: us)?|print|e-?mail|copy link|read more|advertisement|advert|cookie settings|"
    r"post not marked as liked|\d{1,7} likes?\.? post not marked as liked|home|back to top|previous|next|"
    r"use tab to navigate through the menu items\.?|write a comment\.{0,3}|comments?|leave a comment|"
    r"(?:facebook|twitter|linkedin|instagram|whatsapp|youtube|x|tiktok)",
    re.I,
)
_COUNTS = re.compile(
    r"(?:\d{1,9}(?:[.,]\d{1,3})?[km]?\s?(?:views?|comments?|likes?|shares?|aufrufe|kommentare?|vues?|commentaires?|vistas?|"
    r"visualizaciones|comentarios?|visualiza\w{2,6}|commenti|weergaven|reacties|min(?:utes?)? read|min\.? lesezeit|min)"
    r"[\s,|·•]{0,3}){1,4}",
    re.I,
)
_AVATAR = re.compile(
    r"^(?:[•*·\-–]\s{0,3})?(?:writer|author|autor|autorin|auteur)(?:['’]s picture|['’]s profile|:)\s{0,3}(.{1,80})$",
    re.I,
)
_UPDATED = re.compile(
    r"^(?:last )?(?:updated|aktualisiert|mis à jour|actualizado|aggiornato)\b[:\s]{1,3}(.{4,80})$", re.I
)
_BULLET = re.compile(r"^[•*·▪]\s{1,4}")
_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|door|af|av|texto|text|oleh|od|автор)\b:?\s{1,3}(?=\S)",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?。！？؟…]['\"”’»)]{0,2}$")
_CREDIT = re.compile(
    r"\s{0,3}\((?:photo|foto|photograph|image|bild|credit|via)[^()]{1,80}\)\s{0,3}$|"
    r"(?:photo|foto|image|bild)\s{0,2}(?:by|:|credit:)\s{0,3}[^.]{2,80}$",
    re.I,
)
_MONTHS = re.compile(
    r"[^\W\d_]{3,12}\.?\s{1,2}\d{1,2},?\s{1,2}(?:19|20)\d\d|\d{1,2}\.?\s{1,2}[^\W\d_]{3,12}\.?\s{1,2}(?:19|20)\d\d"
)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of an article, told apart."""

    title: str
    accounts: list[str]  # whose account posted it: often the paper itself
    bylines: list[str]
    dated: list[str]
    changed: list[str]
    caption: str | None
    paragraphs: list[str]


def looks_like_text(content_type: str) -> bool:
    """Whether a page of this media type is read line by line."""
    return content_type == "text/plain"


def read(text: str, *, seed_language: str | None, timezone: str | None, now: datetime | None) -> Draft:
    """The Draft of a page that came as text. A day that only the running text names is marked as estimated."""
    lines = _sort([" ".join(line.split()) for line in text[: MAX_LINES * 100].splitlines()[:MAX_LINES]], now)
    spoken, _ = language.decide([seed_language] if seed_language else [], "\n".join(lines.paragraphs) or lines.title)
    who: dict[str, str] = {}
    authors = [name for line in lines.bylines for name in names.clean(line)]
    publisher = None
    if authors:
        publisher = next(iter(lines.accounts), None)
    else:
        authors = [name for line in lines.accounts for name in names.clean(line)]
    published, estimated = None, False
    for line in lines.dated:
        moment = dates.read(line, language=spoken, timezone=timezone, now=now)
        if moment is not None:
            published = moment.iso()
            break
    else:
        newest = _newest_day([lines.caption or "", *lines.paragraphs], spoken, now)
        if newest is not None:
            published, estimated = newest, True
    updated = next(
        (m.iso() for line in lines.changed if (m := dates.read(line, language=spoken, timezone=timezone, now=now))),
        None,
    )
    draft = Draft(
        title=lines.title or None,
        authors=tuple(dict.fromkeys(authors)),
        published=published,
        updated=updated,
        language=spoken,
        publisher=publisher,
        image=_picture(lines.caption),
        text="\n".join(lines.paragraphs) or None,
        html="\n".join(f"<p>{escape(p, quote=False)}</p>" for p in lines.paragraphs) or None,
        published_estimated=estimated,
    )
    for name in ("title", "authors", "published", "updated", "language", "publisher", "image", "text"):
        if getattr(draft, name):
            who[name] = "text"
    return Draft(**{f: getattr(draft, f) for f in draft.__slots__ if f != "witnesses"}, witnesses=who)


def _sort(raw: list[str], now: datetime | None) -> _Lines:
    """Each line to its kind. What stands before the first long paragraph is the head of the article."""
    lines = [
        line
        for line in raw
        if any(c.isalnum() for c in line) and not _FURNITURE.fullmatch(line) and not _COUNTS.fullmatch(line)
    ]
    accounts: list[str] = []
    changed: list[str] = []
    rest: list[str] = []
    for line in lines:
        if match := _AVATAR.match(line):
            accounts.append(match[1].strip())
        elif match := _UPDATED.match(line):
            changed.append(match[1])
        else:
            rest.append(line[:MAX_LINE])
    title = ""
    head: list[str] = []
    paragraphs: list[str] = []
    bylines: list[str] = []
    dated: list[str] = []
    for line in rest:
        plain = _BULLET.sub("", line)
        if not paragraphs and _is_date(plain, now):
            dated.append(plain)
        elif not title:
            if len(plain) <= 300:
                title = plain
            else:
                paragraphs.append(line)
        elif len(bylines) < 3 and len(paragraphs) < 2 and _is_byline(plain):
            bylines.append(plain)
            head.extend(paragraphs)  # what came before the byline belongs to the head
            paragraphs.clear()
        else:
            paragraphs.append(line)
    if not bylines and paragraphs and not _SENTENCE_END.search(paragraphs[0]) and len(paragraphs[0].split()) <= 4:
        loose = names.clean(paragraphs[0], loose=True)
        if loose and len(paragraphs) > 2:
            bylines.append(paragraphs.pop(0))
    caption = next((line for line in head if len(line) > 25), None)
    return _Lines(title, accounts, bylines, dated, changed, caption, paragraphs)


def _is_date(line: str, now: datetime | None) -> bool:
    """Whether a line is a date and nothing else."""
    if len(line) > 60 or not any(c.isdigit() for c in line):
        return False
    letters = [w for w in line.replace(",", " ").split() if not any(c.isdigit() for c in w)]
    return len(letters) <= 5 and dates.read(line, now=now) is not None and not _SENTENCE_END.search(line.rstrip("."))


def _is_byline(line: str) -> bool:
    return len(line) <= 200 and bool(_BYLINE.match(line)) and bool(names.clean(line, loose=True))


def _newest_day(texts: list[str], spoken: str | None, now: datetime | None) -> str | None:
    """The newest full date that the text itself names, not later than now."""
    days: list[str] = []
    for text in texts[:400]:
        for match in list(_MONTHS.finditer(text[:5000]))[:20]:
            moment = dates.read(match[0], language=spoken, now=now)
            if moment is not None:
                days.append(moment.when.date().isoformat())
    return max(days, default=None)


def _picture(caption: str | None) -> Image | None:
    """The picture that a caption tells of; its address is not in the text."""
    if caption is None:
        return None
    credit = _CREDIT.search(caption)
    if credit is None:
        return Image("", caption=caption)
    return Image("", caption=caption[: credit.start()].strip() or None, credit=tidy(credit[0].strip(" ()")))
