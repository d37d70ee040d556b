"""Whether a page that could be read either way is a listing or an article: what a visitor would call it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from ...model import Draft, Links
from .url_shapes import ARTICLES, LISTS, SERVICES, shape

MIN_TEXT = 600  # characters: a page with less text than this and some stories is a listing
MIN_STORY = 400  # … where the address names a story
SHARE = 0.3  # of a page's text that is the stories' own titles and summaries, from which it is theirs
LONG_TITLE = 15  # characters: a title at least this long identifies its story

_INDEX = re.compile(r"(?:^|/)(?:index|default|home)(?:\.\w{2,5})?$", re.IGNORECASE)
_NUMBERED = re.compile(
    r"/(?:list|liste|page|seite|archive?s?|index)[-_]?\d[\w-]{0,60}(?:\.\w{2,5})?$|/(?:page|seite|pagina)/\d{1,5}$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"/[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
_QUERY = frozenset(
    ("cat", "category", "tag", "author", "page", "paged", "offset", "start", "label", "q", "s", "search")
)
_STORY_QUERY = re.compile(
    r"(?:^|[&\[])(?:p|id|art(?:icle)?_?(?:id|no)|news_?id|pk_no|nid|tt_news|story)\]?=\d{3,}(?:&|$)", re.IGNORECASE
)
_WORDS = LISTS | {"blog", "blogs", "news", "posts", "articles", "stories", "noticias", "nachrichten"}


def is_listing(url: str | None, draft: Draft, links: Links) -> bool:
    """Whether a page with an article's draft is a listing.

    Home pages, sections and blog indexes are recognised by their address. Any other page is a listing if its head does
    not declare an article, its address names no story, and its text consists of its stories' titles and summaries.
    """
    stories = len(links.items)
    if url and names_a_list(url):
        return stories >= 1
    if url and stories and names_a_service(url) and len(draft.text or "") < MIN_TEXT:
        return True
    dated = draft.witnesses.get("published") in ("jsonld", "meta") and not draft.published_estimated
    if stories < 2 or dated:
        return False
    text = draft.text or ""
    if url and len(text) >= MIN_STORY and names_a_story(url):
        return False
    if len(text) < MIN_TEXT:
        return True
    told = {part.casefold() for link in links.items for part in (link.hint.title, link.hint.subtitle) if part}
    told = {part for part in told if len(part) >= LONG_TITLE}
    lines = [line.casefold() for line in text.splitlines()]
    theirs = sum(len(line) for line in lines if any(part in line or line in part for part in told))
    return theirs >= len(text) * SHARE or (stories >= 10 and len(text) < MIN_TEXT * 2)


def names_a_list(url: str) -> bool:
    """Whether an address is that of a home page, a section, an archive or a blog's index."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    asked = {name.lower() for name, _ in parse_qsl(parts.query)}
    if asked & _QUERY:
        return True
    if not path:
        return not asked
    if _STORY_QUERY.search(unquote(parts.query)):
        return False
    if _NUMBERED.search(path) or _LANGUAGE.fullmatch(path):
        return True
    kinds = _kinds(url)
    if any(kind.startswith(("slug", "N")) or kind.endswith("-N") for kind in kinds):
        return False
    last = kinds[-1] if kinds else ""
    if last in _WORDS:
        return True
    name = path.rsplit("/", 2)[-2] if path.count("/") > 1 else ""
    return bool(_INDEX.search(path)) and last in ("", "w") and not any(c.isdecimal() for c in name)


def names_a_service(url: str) -> bool:
    """Whether an address ends with the name of a service ("about", "jobs"): a list, or a page with its own text."""
    kinds = _kinds(url)
    return bool(kinds) and kinds[-1] in SERVICES


def names_a_story(url: str) -> bool:
    """Whether an address ends with a headline in words, or with a number or a name below "article" and its like.

    A number may follow the headline, or be asked for: `/the-headline/4711`, `?p=4711`.
    """
    kinds = _kinds(url)
    last = kinds[-1] if kinds else ""
    if last.startswith("slug") or last in ("duo-N", "w-N"):
        return True
    before = kinds[-2] if len(kinds) > 1 else ""
    numbered = last in ("N", "id") and (before.startswith("slug") or before in ("archives", "archive"))
    if numbered or _STORY_QUERY.search(unquote(urlsplit(url).query)):
        return True
    return last in ("duo", "w", "N", "id") and len(kinds) > 1 and kinds[-2] in ARTICLES


def _kinds(url: str) -> list[str]:
    return [kind for kind in shape(url).partition("?")[0].partition(".")[0].split("/") if kind]
