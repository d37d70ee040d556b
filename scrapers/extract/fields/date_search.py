"""Dates in an address, in scripts, and in the lines of the whole page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.page.class_terms import ClassTerms

from ...urls.days import day_of
from ..body.class_names import BYLINE
from ..claims import tidy
from ..lexicon.date_labels import YEAR, Dated, behind_name, dated, is_other, kind_of, year_in
from ..readers.around_headline import in_quotation, label
from ..readers.nodes import Attributes
from ..readers.visible import elsewhere, in_article, line_of, of_others
from .addresses import path

MAX_NODES = 12_000  # of the whole page, in the search of last resort
MAX_CANDIDATES = 1500

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_DAY_FIRST = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-_](0[1-9]|1[0-2])[-_]((?:19|20)\d\d)(?!\d)")
_URL_DAY_LAST = re.compile(r"(?<=[a-z_-])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])((?:19|20)\d\d)(?:/|\.[a-z]{2,5})?$", re.I)
_URL_SHORT = re.compile(r"/((?:19|20)\d\d)/([1-9]|1[0-2])/([1-9]|[12]\d|3[01])(?=/)")
_URL_WORDS = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}/(\d\d?)(?:/|$)", re.I
)
_WITHIN = re.compile(r"https?://[^?#]{3,200}?/(?=https?:/)")  # an address before another one: that of an archive
_DOI = re.compile(r"/10\.\d{4,9}/")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MARKED = ClassTerms(
    r"(?:date|datum|publi|fecha|posted|stamp|meta|info|byline|dateline)\w* time(?!line)\w* \w{3,20}(?:date|datum)"
)
_CANDIDATES = (
    "[class*=date i], [class*=datum i], [class*=publi i], [class*=fecha i], [class*=posted i], [class*=time i], "
    "[class*=stamp i], [class*=meta i], [class*=info i], [class*=byline i], [id*=date i], [id*=meta i], [id*=info i], "
    'time[datetime], abbr[title], [title*="20"], [title*="19"], '
    ':lexbor-contains("20"), :lexbor-contains("19"), :lexbor-contains("۱"), :lexbor-contains("25")'
)
_OPENS_WITH_DATE = re.compile(r"[(\[]?(?:[^\W\d_]{2,12}[.,]{0,2}\s{1,2}){0,3}[\d٠-٩۰-۹]")
_DATELINE = re.compile(
    r"(?:[^\W\d_][\w .-]{1,30}[,/]\s)?"
    r"\((?:\d\d?\.\s?(?:\d\d?\.|[^\W\d_]{3,12})\s?|[^\W\d_]{3,12}\s\d\d?,\s)\d{4}\)[.:]?\s"
)  # Harbour Town, (4. März 2026) At the bridge …
_WRITTEN = re.compile(
    r"\b(?:geschrieben|veröffentlicht|gepostet|eingestellt|erstellt|verfasst|published|posted|written|publié|publicado|pubblicato|"
    r"gepubliceerd|geplaatst|publicerad|publisert|opublikowano|опубликовано)\b",
    re.I,
)
_IN_SCRIPT = re.compile(
    r"(?<![a-z])[\"']?(?:date_?published|published_?(?:at|date|time|on)|publi(?:sh|cation)_?(?:date|time)|pub_?date|pubDateTime|"
    r"article_?publish(?:ed)?_?(?:time|date)|first_?publish(?:ed)?_?(?:date|at|time)?|cms_?publishing_?date|create(?:d_?at|_?time|_?date)|"
    r"publish_?hour_?of_?day|display_?date|post_?(?:date|time)|(?<=var )ct)[\"']?\s{0,3}[:=]\s{0,3}"
    r"(?:[\"']([^\"'\n]{8,40})[\"']|(1\d{9}(?:\d{3})?)(?!\d))",
    re.I,
)
_SCRIPT_WORDS = (
    "publish",
    "publication",
    "pubdate",
    "pub_date",
    "create",
    "var ct",
    "postdate",
    "post_date",
    "posttime",
    "post_time",
)


def of_address(url: str) -> str | None:
    """The day in an address such as /2024/03/18/ or /20240318-…; the digits of a DOI are none, nor an archive's own."""
    where = _DOI.split(path(_WITHIN.sub("", url, count=1)), maxsplit=1)[0]
    if day := day_of(where):
        return day.isoformat()
    if match := _URL_DATE.search(where):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := _URL_SHORT.search(where):
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    if match := _URL_WORDS.search(where):
        return f"{match[1]}-{_MONTHS.index(match[2].lower()) + 1:02d}-{int(match[3]):02d}"
    if match := _URL_DAY_FIRST.search(where) or _URL_DAY_LAST.search(where):
        return f"{match[3]}-{match[2]}-{match[1]}"
    return None


def search(tree: LexborHTMLParser, heading: LexborNode | None, title: str) -> list[Dated]:
    """Dates in marked elements and short lines of the whole page, the nearest after the headline first.

    For pages whose head, headline and `<time>` say nothing: it takes as long as all other witnesses together.
    """
    if tree.body is None:
        return []
    order = {node.mem_id: i for i, node in enumerate(tree.body.css("*")[:MAX_NODES])}
    line = line_of(heading)
    place = order.get(heading.mem_id, -1) if heading is not None else -1
    if heading is None and (where := _place_of_title(tree.body, title)) is not None:
        place, line = order.get(where.mem_id, -1), line_of(where)
    reach: list[tuple[float, Dated]] = []
    for node in tree.body.css(_CANDIDATES)[:MAX_CANDIDATES]:
        tag = node.tag
        if tag in ("script", "style", "noscript", "option", "template", "textarea"):
            continue
        attributes = node.attributes
        name = (attributes.get("class") or "") + " " + (attributes.get("id") or "")
        marked = _MARKED.search(name) and _is_small(node)
        text = _date_of(node, tag, attributes, marked=marked)
        if not text or node.mem_id not in order or in_quotation(node):
            continue
        shown = dated(text, name)
        if not of_others(node, line):
            away = 400.0 if elsewhere(node, line) else -1e6 if _DATELINE.match(text) else 0.0
            reach.append((_distance(order[node.mem_id], place, marked) + away, shown))
        elif len(text) <= 40 and in_article(node) and kind_of(text, label(node)) == "published":
            reach.append((_distance(order[node.mem_id], place, marked) + 400.0, replace(shown, kind="published")))
    reach.sort(key=lambda item: item[0])
    return list(dict.fromkeys(shown for _, shown in reach))


def _date_of(node: LexborNode, tag: str | None, attributes: Attributes, *, marked: bool) -> str:
    """What of an element may be a date: an attribute, the text of a marked one, the own text of another one."""
    told = attributes.get("title") or "" if tag in ("abbr", "span", "a") else ""
    if tag == "time" and len(attributes.get("datetime") or "") >= 8:
        text = attributes.get("datetime") or ""
    elif told and year_in(told) and len(told) < 60 and (marked or tag == "abbr"):
        text = told
    else:
        text = tidy(node.text(separator=" ") if marked else node.text(deep=False), 400)
    return text[:40] if tag == "time" and YEAR.match(text) else _excerpt(text)


def _is_small(node: LexborNode) -> bool:
    """Whether an element holds fewer than thirty others. No query: junk may nest thousands of them."""
    return sum(1 for _ in islice(node.traverse(), 30)) < 30


def _place_of_title(body: LexborNode, title: str) -> LexborNode | None:
    """Where the page shows a title that stands in no heading of the first two levels."""
    start = title[:40].split('"')[0].split("\\")[0].strip()
    if len(start) < 8:
        return None
    for node in body.css(f':lexbor-contains("{start}")')[:20]:
        if tidy(node.text(deep=False), 400) == title:
            return node
    return None


def _distance(place: int, heading: int, marked: bool) -> float:
    """How far a date is from the headline, as a reader would look for it: below it, in a marked place."""
    if heading < 0:
        return place * (0.3 if marked else 1.0)
    apart = place - heading
    return (apart if apart >= 0 else 40.0 - 2.0 * apart) * (0.3 if marked else 1.0)


def _excerpt(text: str) -> str:
    """What of a line may be its date: a short line whole, a long one where it opens with a date or tells of writing."""
    match = year_in(text)
    if match is None or len(text) < 6 or is_other(text[:60]):
        return ""
    if len(text) <= 90:
        return behind_name(text) if BYLINE.match(text) else text
    if (match.start() <= 24 and _OPENS_WITH_DATE.match(text)) or _DATELINE.match(text):
        return text[: match.end() + 16]
    start = max(0, match.start() - 40)
    around = text[start : match.end() + 40]
    return around if _WRITTEN.search(around) else ""


def in_scripts(texts: Iterable[str]) -> Iterator[str]:
    """Dates of publication in the data of inline scripts."""
    for text in texts:
        text = text[:400_000]
        lowered = text.lower()
        for word in _SCRIPT_WORDS:  # plain finds, as a search for the whole pattern takes ten times as long
            place = -1
            for _ in range(40):
                place = lowered.find(word, place + 1)
                if place < 0:
                    break
                match = _IN_SCRIPT.search(text, max(0, place - 12), place + 90)
                if match is not None:
                    yield match[1] or match[2]
                    break
