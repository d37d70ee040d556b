"""Article → Shown: an article as the templates see it, and the path under which its site keeps it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from . import slugs
from .script import Article
from .stories import Cms, Picture, Site

_SPACE = uuid.UUID("0c6f4f0e-6f5b-4d5e-9a38-7a5b8ad1f0c4")  # ids on the sample pages


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as the templates see it: dates in the site's own zone, addresses absolute."""

    site: Site
    article: Article
    home: str  # with its final slash

    @property
    def title(self) -> str:
        return self.article.title

    @property
    def slug(self) -> str:
        return self.article.story.slug

    @property
    def path(self) -> str:
        return path_of(self.site, self.article)

    @property
    def url(self) -> str:
        return self.home.rstrip("/") + self.path

    @property
    def standfirst(self) -> str | None:
        return self.article.story.standfirst

    @property
    def authors(self) -> tuple[str, ...]:
        return self.article.story.authors

    @property
    def byline(self) -> str:
        """ "A, B and C" in the site's language."""
        return slugs.joined(self.authors, self.site.language)

    @property
    def section(self) -> str:
        return self.article.story.section

    @property
    def section_slug(self) -> str:
        return slugs.slug(self.section)

    @property
    def tags(self) -> tuple[str, ...]:
        return self.article.story.tags

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return self.article.paragraphs

    @property
    def note(self) -> str | None:
        return self.article.note

    @property
    def published(self) -> datetime:
        return self.article.published.astimezone(self.site.zone)

    @property
    def updated(self) -> datetime | None:
        return self.article.updated.astimezone(self.site.zone) if self.article.updated else None

    @property
    def modified(self) -> datetime:
        """The last change, or the publication."""
        return self.updated or self.published

    @property
    def picture(self) -> Picture | None:
        return self.article.story.picture

    @property
    def media(self) -> str:
        """The name of the picture's file, in the form that Wix gives it."""
        return f"{self.hex[:6]}_{self.hex}~mv2.png"

    @property
    def picture_url(self) -> str:
        return f"{self.home}media/{self.slug}.png"

    @property
    def number(self) -> int:
        """An id as content systems count them: rises from story to story, with gaps."""
        return 48210 + 7 * self.article.number

    @property
    def uuid(self) -> str:
        return str(uuid.uuid5(_SPACE, self.article.story.key))

    @property
    def hex(self) -> str:
        return self.uuid.replace("-", "")

    @property
    def minutes(self) -> int:
        """Minutes of reading, at least 1."""
        return max(1, round(sum(len(p.split()) for p in self.paragraphs) / 220))

    def excerpt(self, length: int) -> str:
        """The beginning of the text, cut at a word, as systems make it: with three dots."""
        return slugs.cut(" ".join(self.paragraphs), length)

    def marks(self, count: int) -> list[str]:
        """Short ids for the blocks of the text, the same at every request."""
        seeds = (blake2b(f"{self.uuid}/{n}".encode(), digest_size=4).hexdigest() for n in range(count))
        return [f"{mark[:5]}{int(mark[5:], 16)}" for mark in seeds]


def path_of(site: Site, article: Article) -> str:
    """The path of an article on its site; it never changes, whatever the script does."""
    story, published = article.story, article.published.astimezone(site.zone)
    section, number = slugs.slug(story.section), 48210 + 7 * article.number
    forms: dict[Cms, str] = {
        "wix": f"/post/{story.slug}",
        "wordpress": f"/{published:%Y/%m/%d}/{story.slug}/",
        "ledger": f"/{section}/{story.slug}-{number}",
        "sitemap": f"/news/{section}/{story.slug}/article_{number}.html",
        "drupal": f"/{section}/{story.slug}",
        "next": f"/story/{number}/{story.slug}",
        "hugo": f"/dispatches/{published:%Y/%m}/{story.slug}/",
    }
    return forms[site.cms]
