"""State → pages: every address of a sample site and what it answers, as a pure function of the site's state."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from feeds.app.resources import seeds_folder

from . import wix, words
from .pictures import png
from .script import Article, State
from .stories import Cms, Picture, Site

_SPACE = uuid.UUID("0c6f4f0e-6f5b-4d5e-9a38-7a5b8ad1f0c4")  # ids on the sample pages
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answers. Without `modified` there is no Last-Modified, as on many real systems."""

    body: bytes
    content_type: str = _HTML
    status: int = 200
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Pages = Mapping[str, Callable[[], Answer]]


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
        return words.joined(self.authors, self.site.language)

    @property
    def section(self) -> str:
        return self.article.story.section

    @property
    def section_slug(self) -> str:
        return words.slug(self.section)

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
        return words.cut(" ".join(self.paragraphs), length)

    def marks(self, count: int) -> list[str]:
        """Short ids for the blocks of the text, the same at every request."""
        seeds = (blake2b(f"{self.uuid}/{n}".encode(), digest_size=4).hexdigest() for n in range(count))
        return [f"{mark[:5]}{int(mark[5:], 16)}" for mark in seeds]


def path_of(site: Site, article: Article) -> str:
    """The path of an article on its site; it never changes, whatever the script does."""
    story, published = article.story, article.published.astimezone(site.zone)
    section, number = words.slug(story.section), 48210 + 7 * article.number
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


def pages(state: State, home: str, now: datetime) -> Pages:
    """Every address of a site in a state. `home` ends with a slash; `now` is the moment for "2 hours ago"."""
    made = _Maker(state, home, now)
    found: dict[str, Callable[[], Answer]] = dict(_FORMS[state.site.cms](made))
    found["/favicon.ico"] = lambda: Answer(png(state.site.name, 32, 32), "image/png")
    found["/media/avatar.png"] = lambda: Answer(png(state.site.account, 64, 64), "image/png")
    found["/robots.txt"] = lambda: made.text("robots.txt", "text/plain; charset=utf-8")
    for name in ("about", "contact", "subscribe", "privacy"):
        found[f"/{name}"] = lambda name=name: made.html("page.html", name=name)  # type: ignore[misc]  # bound early
    for shown in made.articles:
        if shown.picture:
            found[f"/media/{shown.slug}.png"] = lambda shown=shown: Answer(  # type: ignore[misc]
                png(shown.uuid, 1200, 675), "image/png", modified=shown.article.published
            )
            if state.site.cms == "wix":
                for width, height in ((147, 83), (474, 474), (1000, 563), (1200, 675), (1600, 900)):
                    for form in wix.pictures(shown.media, width, height):
                        found[form] = lambda shown=shown, w=width, h=height: Answer(  # type: ignore[misc]
                            png(shown.uuid, w, h), "image/png", modified=shown.article.published
                        )
    return found


class _Maker:
    """The templates of one site's CMS, with its state at hand."""

    def __init__(self, state: State, home: str, now: datetime) -> None:
        self.state, self.home, self.now = state, home, now
        self.articles = [Shown(state.site, article, home) for article in state.articles]

    def text(self, template: str, content_type: str, *, dated: bool = False, **values: object) -> Answer:
        """A rendered template; `dated` gives it a Last-Modified."""
        text = (
            _environment()
            .get_template(f"{self.state.site.cms}/{template}")
            .render(
                site=self.state.site,
                design=self.state.design,
                home=self.home,
                now=self.now.astimezone(self.state.site.zone),
                changed=self.state.changed,
                articles=values.pop("articles", self.articles),
                latest=self.articles,
                **values,
            )
        )
        return Answer(text.encode(), content_type, modified=self.state.changed if dated else None)

    def html(self, template: str, **values: object) -> Answer:
        return self.text(template, _HTML, **values)  # type: ignore[arg-type]  # `dated` is never among them

    def xml(self, template: str, content_type: str = "application/xml; charset=utf-8", **values: object) -> Answer:
        return self.text(template, content_type, dated=True, **values)

    def of(self, section: str) -> list[Shown]:
        return [shown for shown in self.articles if shown.section == section]


def _wix(made: _Maker) -> dict[str, Callable[[], Answer]]:
    state = made.state

    def listing(articles: list[Shown], section: str | None = None, widget: bool = False) -> Answer:
        warm = wix.warmup(state.design, [_plain(a) for a in articles], made.home, widget=widget)
        return made.html("listing.html", articles=articles[:20], section=section, warmup=warm)

    found = {
        "/": lambda: listing(made.articles, widget=True),
        "/all-news": lambda: listing(made.articles),
        "/blog-feed.xml": lambda: made.xml("blog-feed.xml", "application/rss+xml; charset=utf-8"),
        "/sitemap.xml": lambda: made.xml("sitemap.xml"),
        "/blog-posts-sitemap.xml": lambda: made.xml("blog-posts-sitemap.xml"),
        "/blog-categories-sitemap.xml": lambda: made.xml("blog-categories-sitemap.xml"),
    }
    for section in state.site.sections:
        found[f"/all-news/categories/{words.slug(section)}"] = lambda section=section: listing(  # type: ignore[misc]
            made.of(section), section
        )
    for shown in made.articles:
        others = [a for a in made.articles if a is not shown][:3]
        found[shown.path] = lambda shown=shown, others=others: made.html(  # type: ignore[misc]
            "post.html", a=shown, recent=others, warmup=wix.warmup_post(shown.slug, shown.uuid)
        )
    return found


def _wordpress(made: _Maker) -> dict[str, Callable[[], Answer]]:
    def api() -> Answer:
        rows = [_wp_row(shown) for shown in made.articles[:10]]
        head = {"X-WP-Total": str(len(made.articles)), "X-WP-TotalPages": "1", "Link": f'<{made.home}>; rel="home"'}
        return Answer(json.dumps(rows, ensure_ascii=False).encode(), "application/json; charset=UTF-8", headers=head)

    link = {"Link": f'<{made.home}wp-json/>; rel="https://api.w.org/"'}

    def html(template: str, **values: object) -> Answer:
        answer = made.html(template, **values)
        return Answer(answer.body, "text/html; charset=UTF-8", headers=link)

    found = {
        "/": lambda: html("front.html", section=None),
        "/feed/": lambda: made.xml("feed.xml", "application/rss+xml; charset=UTF-8", section=None),
        "/comments/feed/": lambda: made.xml("comments.xml", "application/rss+xml; charset=UTF-8"),
        "/wp-json/wp/v2/posts": api,
        "/sitemap_index.xml": lambda: made.xml("sitemap_index.xml"),
        "/post-sitemap.xml": lambda: made.xml("post-sitemap.xml"),
    }
    for section in made.state.site.sections:
        inside = made.of(section)
        place = f"/category/{words.slug(section)}/"
        found[place] = lambda section=section, inside=inside: html("front.html", section=section, articles=inside)  # type: ignore[misc]
        found[f"{place}feed/"] = lambda section=section, inside=inside: made.xml(  # type: ignore[misc]
            "feed.xml", "application/rss+xml; charset=UTF-8", section=section, articles=inside
        )
    return found | _stories(made, html)


def _ledger(made: _Maker) -> dict[str, Callable[[], Answer]]:
    found: dict[str, Callable[[], Answer]] = {
        "/": lambda: made.html("front.html", section=None),
        "/rss.xml": lambda: made.xml("rss.xml", "text/xml; charset=utf-8"),
    }
    return found | _sections(made, "/{}") | _stories(made, made.html)


def _sitemap(made: _Maker) -> dict[str, Callable[[], Answer]]:
    fresh = [a for a in made.articles if made.now - a.article.published < timedelta(days=2)]
    found: dict[str, Callable[[], Answer]] = {
        "/": lambda: made.html("front.html", section=None),
        "/news-sitemap.xml": lambda: made.xml("news-sitemap.xml", articles=fresh),
        "/sitemap.xml": lambda: made.xml("sitemap.xml"),
    }
    return found | _sections(made, "/news/{}/") | _stories(made, made.html)


def _drupal(made: _Maker) -> dict[str, Callable[[], Answer]]:
    found: dict[str, Callable[[], Answer]] = {
        "/": lambda: made.html("front.html", section=None),
        "/rss.xml": lambda: made.xml("rss.xml", "application/rss+xml; charset=utf-8"),
        "/sitemap.xml": lambda: made.xml("sitemap.xml"),
    }
    return found | _sections(made, "/{}") | _stories(made, made.html)


def _next(made: _Maker) -> dict[str, Callable[[], Answer]]:
    found: dict[str, Callable[[], Answer]] = {
        "/": lambda: made.html("front.html", section=None),
        "/sitemap.xml": lambda: made.xml("sitemap.xml"),
    }
    return found | _sections(made, "/section/{}") | _stories(made, made.html)


def _hugo(made: _Maker) -> dict[str, Callable[[], Answer]]:
    found: dict[str, Callable[[], Answer]] = {
        "/": lambda: made.text("front.html", _HTML, dated=True, section=None),
        "/dispatches/": lambda: made.text("front.html", _HTML, dated=True, section=None),
        "/atom.xml": lambda: made.xml("atom.xml", "application/atom+xml"),
        "/sitemap.xml": lambda: made.xml("sitemap.xml"),
    }
    for shown in made.articles:
        others = [a for a in made.articles if a is not shown][:3]
        found[shown.path] = lambda shown=shown, others=others: Answer(  # type: ignore[misc]
            made.html("story.html", a=shown, others=others).body, modified=max(shown.modified, made.state.changed)
        )
    return found


def _sections(made: _Maker, place: str) -> dict[str, Callable[[], Answer]]:
    """The listing of each section, at `place` with the section's slug in it."""
    return {
        place.format(words.slug(section)): lambda section=section: made.html(  # type: ignore[misc]
            "front.html", section=section, articles=made.of(section)
        )
        for section in made.state.site.sections
    }


def _stories(made: _Maker, html: Callable[..., Answer]) -> dict[str, Callable[[], Answer]]:
    """The page of each story: three others of its section beside it, filled up from the rest."""
    found: dict[str, Callable[[], Answer]] = {}
    for shown in made.articles:
        near = [a for a in made.of(shown.section) if a is not shown]
        others = (near + [a for a in made.articles if a is not shown and a not in near])[:4]
        found[shown.path] = lambda shown=shown, others=others: html("story.html", a=shown, others=others)  # type: ignore[misc]
    return found


def _plain(shown: Shown) -> dict[str, object]:
    """What the warm-up data of Wix tells of a post."""
    return {
        "id": shown.uuid,
        "title": shown.title,
        "excerpt": shown.excerpt(140),
        "slug": shown.slug,
        "published": _milliseconds(shown.published),
        "modified": _milliseconds(shown.modified),
        "minutes": shown.minutes,
        "media": shown.media if shown.picture else None,
        "category": shown.section,
        "account": shown.site.account,
        "language": shown.site.language,
        "internal": shown.hex[:24],
    }


def _people(a: Shown, home: str) -> list[dict[str, str]]:
    """The authors in JSON-LD; an agency is an organization."""
    kinds = {name: "Organization" if "Agency" in name else "Person" for name in a.authors}
    return [{"@type": kind, "name": name, "url": f"{home}author/{words.slug(name)}/"} for name, kind in kinds.items()]


def _state_people(a: Shown) -> list[dict[str, str]]:
    return [{"name": name, "slug": words.slug(name), "role": "Reporter"} for name in a.authors]


def _cards(articles: list[Shown]) -> list[dict[str, object]]:
    """The teasers in the state of a Next.js page."""
    return [
        {
            "id": a.number,
            "slug": a.slug,
            "url": a.path,
            "headline": a.title,
            "dek": a.standfirst,
            "section": a.section,
            "publishedAt": _milliseconds(a.published),
        }
        for a in articles
    ]


def _blocks(a: Shown) -> list[dict[str, object]]:
    """The text in the state of a Next.js page: blocks, with an advertisement and a newsletter among them."""
    found: list[dict[str, object]] = []
    for place, text in enumerate(a.paragraphs, start=1):
        found.append({"type": "paragraph", "content": [{"type": "text", "text": text}]})
        if place == 3:
            found.append({"type": "ad", "slot": "story-mid"})
        if place == 5:
            found.append({"type": "newsletter", "id": "the-bridge"})
    return found


def _wp_row(shown: Shown) -> dict[str, object]:
    """One post as wp-json/wp/v2/posts gives it."""
    body = _environment().get_template("wordpress/content.html").render(a=shown, site=shown.site, home=shown.home)
    gmt = shown.published.astimezone(UTC)
    return {
        "id": shown.number,
        "date": f"{shown.published:%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{gmt:%Y-%m-%dT%H:%M:%S}",
        "guid": {"rendered": f"{shown.home}?p={shown.number}"},
        "modified": f"{shown.modified:%Y-%m-%dT%H:%M:%S}",
        "modified_gmt": f"{shown.modified.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "slug": shown.slug,
        "status": "publish",
        "type": "post",
        "link": shown.url,
        "title": {"rendered": shown.title},
        "content": {"rendered": body, "protected": False},
        "excerpt": {"rendered": f"<p>{shown.excerpt(300)}</p>\n", "protected": False},
        "comment_status": "open",
        "format": "standard",
        "categories": [shown.site.sections.index(shown.section) + 3],
        "tags": [],
    }


_FORMS: dict[Cms, Callable[[_Maker], dict[str, Callable[[], Answer]]]] = {
    "wix": _wix,
    "wordpress": _wordpress,
    "ledger": _ledger,
    "sitemap": _sitemap,
    "drupal": _drupal,
    "next": _next,
    "hugo": _hugo,
}


def _milliseconds(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


@cache
def _environment() -> Environment:
    folder: Path = seeds_folder() / "demo" / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "iso": lambda moment: moment.isoformat(),
        "utc": lambda moment: f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "ms": _milliseconds,
        "rfc822": format_datetime,
        "gmt": lambda moment: format_datetime(moment.astimezone(UTC), usegmt=True),
        "slug": words.slug,
        "day": words.day,
        "ago": words.ago,
        "joined": words.joined,
    }
    made.globals |= {"people": _people, "cards": _cards, "state_people": _state_people, "blocks": _blocks}
    return made
