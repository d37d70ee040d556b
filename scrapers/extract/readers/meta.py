"""The families of `<meta>`: OpenGraph, article:, Twitter, Dublin Core, parsely, sailthru, citation and their like."""

from __future__ import annotations

from scrapers.model import File, Image
from scrapers.page.embeds import file_type
from scrapers.urls.site import join

from ..claims import MAX_ITEMS, MAX_NAME, MAX_SUBTITLE, Claims, distinct, tidy, words
from .nodes import Parts

# Best first: what people wrote for this article stands before what a system filled in.
_TITLES = words(
    """
    og:title twitter:title parsely-title sailthru.title cxenseparse:title dc.title dcterms.title citation_title
    hdl headline title itemprop:headline og:title:alt mrf:title article:title
    """
)
_SUBTITLES = words(
    """
    og:description description twitter:description cxenseparse:subtitle sailthru.description dc.description
    dcterms.description itemprop:description dcterms.abstract abstract lead summary
    """
)
_SOUNDS = ("og:audio:secure_url", "og:audio:url", "og:audio")
_AUTHORS = words(
    """
    author article:author article:author_name parsely-author sailthru.author dc.creator dcterms.creator
    citation_author byl cxenseparse:author itemprop:author og:article:author og:author mrf:authors authors
    dc.contributor twitter:creator:name swiftype:author vr:author creator news_author rbauthors cre.author
    author_name article.author sup:author content-author dable:author bt:author shareaholic:article_author_name
    byline
    """
)
_PUBLISHED = words(
    """
    article:published_time article:published og:article:published_time og:published_time itemprop:datepublished
    datepublished parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime
    dc.date.issued dcterms.issued dc.date.created dcterms.created citation_publication_date citation_online_date
    pub_date pubdate publishdate publish_date publish-date publication_date publicationdate publishtime
    date.published dc.date.published article.published published-date article_date_original
    shareaholic:article_published_time article:post_date originalpublicationdate date_published
    rnews:datepublished og:pubdate og:publish_date article:create mrf:published_time bt:pubdate vr:published_time
    swiftype:published_at mediator_published_time firstpublished iso-8601-publish-date published published_at
    """
)
_DATED = words(
    """
    dc.date dcterms.date citation_date date dc:date datum displaydate itemprop:datecreated dateissued date.available
    created cre.date prism.publicationdate eprints.date last-published pdate ptime time article:date release_date
    sort_date dc.date.x-metadataavailable cxense:published
    """
)
_UPDATED = words(
    """
    article:modified_time article:modified og:updated_time og:article:modified_time itemprop:datemodified
    datemodified dcterms.modified dc.date.modified lastmod last-modified modified last_updated_date lp:modified
    article.updated revised dc.modified modificationdate utime updated_time dateupdate dateupdated
    og:modified_time last-update shareaholic:article_modified_time publish-updated date.modified moddate
    cxenseparse:modified mrf:modified_time
    """
)
_SECTIONS = words(
    """
    article:section parsely-section og:section og:article:section cxenseparse:section itemprop:articlesection
    section category article:section:list mrf:sections page-topic vr:category article.section dc.type.section
    channel news_section
    """
)
_TAGS = words(
    """
    article:tag og:article:tag news_keywords parsely-tags sailthru.tags cxenseparse:tags itemprop:keywords
    keywords tags article:tags mrf:tags dc.subject vr:keywords swiftype:tags og:tags dcterms.subject
    keywords_news
    """
)
_LANGUAGES = words(
    """
    content-language og:locale language dc.language itemprop:inlanguage dcterms.language lang
    """
)
_PUBLISHERS = words(
    """
    og:site_name application-name itemprop:publisher dc.publisher apple-mobile-web-app-title publisher
    dcterms.publisher twitter:app:name:iphone copyright al:ios:app_name site_name site-name citation_publisher
    """
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_IMAGES = words(
    """
    og:image og:image:url og:image:secure_url twitter:image twitter:image:src parsely-image-url
    sailthru.image.full itemprop:image thumbnail image_src itemprop:thumbnailurl image
    """
)


def _linked(parts: Parts, rel: str, of_type: tuple[str, ...] = ()) -> list[str]:
    """Addresses of `<link>`s of a relation, and of a media type where one is asked for."""
    return [
        link.get("href") or ""
        for link in parts.links
        if rel in (link.get("rel") or "").lower().split()
        and (not of_type or (link.get("type") or "").partition(";")[0].strip().lower() in of_type)
    ]


def table(parts: Parts) -> dict[str, list[str]]:
    """Every `<meta>` by its lower-case name, contents in order."""
    found: dict[str, list[str]] = {}
    for attributes in parts.metas:
        content = attributes.get("content")
        if not content:
            content = attributes.get("value")
            if not content:
                continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key)
            if name:
                name = name.strip().lower()
                if key == "itemprop":
                    name = "itemprop:" + name
                values = found.setdefault(name, [])
                if len(values) < MAX_ITEMS:
                    values.append(content)
    return found


def read(parts: Parts, metas: dict[str, list[str]], address: str | None) -> Claims:
    """What the head says of the article."""

    def all_of(names: tuple[str, ...], limit: int = MAX_NAME) -> list[str]:
        return [tidy(value, limit) for name in names if name in metas for value in metas[name]]

    tier = metas.get("article:content_tier") or metas.get("cxenseparse:access") or [""]
    images = [_absolute(value, address) for value in dict.fromkeys(all_of(_IMAGES, 2000))]
    return Claims(
        "meta",
        titles=distinct(all_of(_TITLES, 500)),
        subtitles=distinct(all_of(_SUBTITLES, MAX_SUBTITLE)),
        authors=distinct([*all_of(_AUTHORS), *_labelled(metas)]),
        published=distinct(all_of(_PUBLISHED, 128)),
        dated=distinct(all_of(_DATED, 128)),
        updated=distinct(all_of(_UPDATED, 128)),
        sections=distinct(all_of(_SECTIONS)),
        tags=distinct(_tags(metas)),
        languages=distinct(all_of(_LANGUAGES, 40)),
        urls=distinct(_urls(parts, metas)),
        amp=distinct(
            [(link.get("href") or "") for link in parts.links if (link.get("rel") or "").lower() == "amphtml"]
        ),
        publishers=distinct(all_of(_PUBLISHERS)),
        licenses=distinct([*_linked(parts, "license"), *all_of(("dcterms.license", "dc.rights.license"), 2000)]),
        contributors=distinct(all_of(("dcterms.contributor", "dc.contributor"))),
        comments=distinct(_linked(parts, "replies")),
        feeds=distinct(_linked(parts, "alternate", of_type=_FEED_TYPES)),
        files=_sounds(metas),
        images=tuple(_images(metas, images)[:8]),
        free=False if tier[0].strip().lower() in ("locked", "premium", "paid") else None,
        kind=next(iter(metas.get("og:type", ())), None),
    )


def _sounds(metas: dict[str, list[str]]) -> tuple[File, ...]:
    """The sound file that the head names (Open Graph)."""
    address = next((metas[name][0].strip() for name in _SOUNDS if name in metas), "")
    kind = file_type(address, metas.get("og:audio:type", [""])[0]) if len(address) <= 2000 else ""
    return (File(address, kind),) if kind.startswith("audio/") else ()


def _tags(metas: dict[str, list[str]]) -> list[str]:
    """The keywords of the first family that has some."""
    tags: list[str] = []
    for name in _TAGS:
        for value in metas.get(name, ()):
            if name in ("article:tag", "og:article:tag") and len(metas[name]) > 1:
                tags.append(tidy(value, MAX_NAME))
            else:
                tags += [
                    tidy(part, MAX_NAME)
                    for part in (value.split(";") if ";" in value and "," not in value else value.split(","))
                ]
        if tags:
            break
    return tags


def _images(metas: dict[str, list[str]], urls: list[str]) -> list[Image]:
    """The pictures of the head; size and text belong to the first."""
    width, height = ((metas.get(f"og:image:{side}") or [""])[0].strip() for side in ("width", "height"))
    alt = tidy((metas.get("og:image:alt") or metas.get("twitter:image:alt") or [""])[0], 1000)
    return [
        Image(url, alt=alt or None, width=_pixels(width), height=_pixels(height)) if place == 0 else Image(url)
        for place, url in enumerate(dict.fromkeys(urls))
    ]


def _pixels(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _urls(parts: Parts, metas: dict[str, list[str]]) -> list[str]:
    """The addresses that the head gives the article."""
    urls = [(link.get("href") or "") for link in parts.links if (link.get("rel") or "").lower() == "canonical"]
    urls += [
        value
        for name in ("og:url", "twitter:url", "itemprop:mainentityofpage", "parsely-link")
        for value in metas.get(name, ())
    ]
    return [url.strip() for url in urls if 0 < len(url) <= 2000]


def _absolute(url: str, address: str | None) -> str:
    return url if url.startswith(("http://", "https://")) else join(address or "", url) or url


def _labelled(metas: dict[str, list[str]]) -> list[str]:
    """The author of a Twitter card's labelled lines ("Written by", "Verfasst von")."""
    for number in ("1", "2"):
        label = (metas.get(f"twitter:label{number}") or [""])[0].lower()
        if any(word in _BY_LABELS for word in label.replace(":", "").split()):
            return [tidy(value, MAX_NAME) for value in metas.get(f"twitter:data{number}", ())]
    return []


_BY_LABELS = frozenset(
    words("by von par por di da af av door od author autor auteur autore auteurs przez skriven автор yazan yazar oleh")
)
