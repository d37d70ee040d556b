"""The readers as a library: an article, the stories of a listing, and what a page is, from its bytes and its address.

Nothing here opens a connection; the caller supplies the page. A hostile page can cost much time: a program that reads
untrusted pages should do so in a process that it can kill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from ..discover import discover
from ..discover.listing.listing_or_article import is_listing
from ..discover.probe.declared import cms_of, is_made_by_scripts
from ..errors import CopydeskError
from ..extract import extract
from ..model import Draft, Links, Page, Past, Record
from ..normalise.record import normalise
from ..page import dates
from ..seed.seed import Extract, Seed
from ..urls.site import join

PageKind = Literal["article", "listing", "feed", "sitemap", "other"]
_SNIFFED = 1000  # bytes at the start that tell what a document is


@dataclass(frozen=True, slots=True)
class Story:
    """A story as a listing, a feed or a sitemap offers it. What it does not tell is None or empty."""

    url: str  # absolute, as it was linked
    title: str | None = None
    published: datetime | None = None  # aware
    summary: str | None = None
    authors: tuple[str, ...] = ()
    image: str | None = None  # its address


@dataclass(frozen=True, slots=True)
class PageReport:
    """What a page is, and where its site says that it offers stories."""

    kind: PageKind
    title: str | None  # of the article, or the site's own name
    language: str | None  # BCP 47
    made_with: str | None  # "wordpress", "wix" …, where it shows
    stories: int  # that it offers itself
    feeds: tuple[str, ...]  # that it declares, best first
    sitemaps: tuple[str, ...]
    needs_browser: bool  # made by scripts: without a browser there is next to nothing to read


def read_article(
    body: bytes | str,
    url: str,
    *,
    selectors: Extract | None = None,
    language: str | None = None,
    timezone: str | None = None,
    content_type: str | None = None,
    now: datetime | None = None,
) -> Record:
    """The article of a page: title, text, sanitised HTML, authors, dates in UTC, picture … and who said each of them.

    `url` is the address of the page, for relative links and for the ids. `selectors` are CSS selectors for fields that
    are read wrongly without them; `language` (BCP 47) and `timezone` (IANA) help with dates that do not state theirs;
    `now` (aware) is the moment for "2 hours ago" and stands in for a date that is missing. A text that goes on over
    several pages is read from this one.

    >>> page = '''<html lang="en"><head><title>Old quay closed until spring - The Courier</title>
    ... <meta property="article:published_time" content="2026-03-01T09:30:00+01:00"></head><body><article>
    ... <h1>Old quay closed until spring</h1><p class="byline">By Ada Pell</p>
    ... <p>The harbour master said on Monday that the old quay will be closed for repairs until the end of April.</p>
    ... <p>Fishing boats land their catch at the north pier until then, and the ferry leaves from the lock.</p>
    ... </article></body></html>'''
    >>> article = read_article(page, "https://courier.example/2026/03/quay-closed")
    >>> article.title, article.authors, article.published.isoformat()
    ('Old quay closed until spring', ('Ada Pell',), '2026-03-01T08:30:00+00:00')
    >>> article.text.splitlines()[1]
    'Fishing boats land their catch at the north pier until then, and the ferry leaves from the lock.'
    >>> article.witnesses["published"]
    'meta'

    Raises PageChanged where the page is no article, ReadFailed where it cannot be read, ValueError for an address that
    is none.
    """
    seed = Seed("library", _sure(url), language=language, timezone=timezone, extract=selectors or Extract())
    page, moment = _page(body, url, content_type), _aware(now)
    return normalise(extract(page, seed, now=moment), url=page.url, asked=None, seed=seed, first_seen=moment)


def find_stories(
    body: bytes | str, url: str, *, content_type: str | None = None, now: datetime | None = None
) -> tuple[Story, ...]:
    """The stories that a page offers: a listing, an RSS or Atom feed, a JSON Feed, or a sitemap; the kind is detected.

    In the order of the page. Menus, services, advertising and other sites are left out.

    >>> feed = '''<rss version="2.0"><channel><title>The Courier</title><link>https://courier.example/</link>
    ... <item><title>Ferry back on Friday</title><link>https://courier.example/ferry-back</link>
    ... <pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate><description>After nine days in dock.</description></item>
    ... </channel></rss>'''
    >>> find_stories(feed, "https://courier.example/rss")[0].title
    'Ferry back on Friday'
    >>> find_stories(feed, "https://courier.example/rss")[0].published.isoformat()
    '2026-03-02T07:00:00+00:00'

    Raises ReadFailed where it cannot be read, PageChanged for a feed that is broken, ValueError for an address that is
    none.
    """
    links = _links(_page(body, _sure(url), content_type), _aware(now))
    return tuple(
        Story(
            link.url,
            link.hint.title,
            moment.when if link.hint.published and (moment := dates.read(link.hint.published)) else None,
            link.hint.subtitle,
            link.hint.authors,
            link.hint.image.url if link.hint.image else None,
        )
        for link in links.items
    )


def probe_page(body: bytes | str, url: str, *, content_type: str | None = None) -> PageReport:
    """What a page is, what made it, and which feeds and sitemaps it declares.

    >>> page = '''<html lang="de"><head><title>Der Kurier</title><meta name="generator" content="WordPress 6.8">
    ... <link rel="alternate" type="application/rss+xml" href="/feed/"></head><body></body></html>'''
    >>> report = probe_page(page, "https://kurier.example/")
    >>> report.kind, report.made_with, report.feeds
    ('other', 'wordpress', ('https://kurier.example/feed/',))

    Raises ReadFailed where it cannot be read, ValueError for an address that is none.
    """
    page, now = _page(body, _sure(url), content_type), datetime.now(UTC)
    links = _links(page, now)
    ways = {link.way for link in links.items}
    kind: PageKind = "other"
    title = links.title
    if "html" not in page.content_type:
        kind = "feed" if "rss" in ways else "sitemap" if "sitemap" in ways or links.sitemaps else "other"
    else:
        draft = extract(page, Seed("library", url), now=now)
        if _is_article(draft, page, now) and not is_listing(url, draft, links):
            kind, title = "article", draft.title
        elif links.items:
            kind = "listing"
    stories = 0 if kind == "article" else len(links.items)
    scripts = "html" in page.content_type and is_made_by_scripts(page)
    return PageReport(kind, title, links.language, cms_of(page), stories, links.feeds, links.sitemaps, scripts)


def _is_article(draft: Draft, page: Page, now: datetime) -> bool:
    try:
        normalise(draft, url=page.url, asked=None, seed=Seed("library", page.url), first_seen=now)
    except CopydeskError:
        return False
    return bool(draft.text)


def _links(page: Page, now: datetime) -> Links:
    return discover(page, Seed("library", page.url), Past(), now=now)


def _page(body: bytes | str, url: str, content_type: str | None) -> Page:
    """A Page from a document; a `str` is taken as UTF-8, whatever charset it declares."""
    data = body.encode("utf-8", "replace") if isinstance(body, str) else body
    charset = "utf-8" if isinstance(body, str) else None
    return Page(url, data, content_type=content_type or _sniffed(data), charset=charset)


def _sniffed(body: bytes) -> str:
    """The media type of a document by how it begins."""
    start = body[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"{", b"[")):
        return "application/json"
    marks = (b"<rss", b"<feed", b"<rdf:rdf", b"<urlset", b"<sitemapindex")
    if start.startswith(marks) or (start.startswith(b"<?xml") and any(mark in start for mark in marks)):
        return "application/xml"
    return "text/html"


def _sure(url: str) -> str:
    if join("", url) is None:
        raise ValueError(f"should be an address such as https://courier.example/story, not {url[:200]!r}")
    return url


def _aware(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    if now.tzinfo is None:
        raise ValueError("now: should be a moment with a time zone")
    return now
