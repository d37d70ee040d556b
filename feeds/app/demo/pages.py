"""State → pages: every address of a sample site and what it answers, as a pure function of the site's state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from . import slugs, wix
from .article_view import Shown
from .pictures import png
from .script import State
from .stories import Cms
from .templates import environment, milliseconds

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
Made = dict[str, Callable[[], Answer]]


def pages(state: State, home: str, now: datetime) -> Pages:
    """Every address of a site in a state. `home` ends with a slash; `now` is the moment for "2 hours ago"."""
    made = _Maker(state, home, now)
    found = _FORMS[state.site.cms](made)
    found["/favicon.ico"] = partial(_picture, state.site.name, 32, 32)
    found["/media/avatar.png"] = partial(_picture, state.site.account, 64, 64)
    sheet, accent = _SHEETS[state.site.cms]
    found[sheet] = partial(made.sheet, accent)
    found["/robots.txt"] = partial(made.text, "robots.txt", "text/plain; charset=utf-8")
    for name in ("about", "contact", "subscribe", "privacy"):
        found[f"/{name}"] = partial(made.html, "page.html", name=name)
    for shown in made.articles:
        if shown.picture:
            since = shown.article.published
            found[f"/media/{shown.slug}.png"] = partial(_picture, shown.uuid, 1200, 675, since)
            if state.site.cms == "wix":
                found[f"/media/{shown.media}"] = partial(_picture, shown.uuid, *wix.WHOLE, since)
                for width, height in wix.SIZES:
                    for form in wix.pictures(shown.media, width, height):
                        found[form] = partial(_picture, shown.uuid, width, height, since)
    return found


class _Maker:
    """The templates of one site's CMS, with its state at hand."""

    def __init__(self, state: State, home: str, now: datetime) -> None:
        self.state, self.home, self.now = state, home, now
        self.articles = [Shown(state.site, article, home) for article in state.articles]

    def text(self, template: str, content_type: str, **values: object) -> Answer:
        """A rendered template."""
        values = {"articles": self.articles, "section": None} | values
        text = (
            environment()
            .get_template(f"{self.state.site.cms}/{template}")
            .render(
                site=self.state.site,
                design=self.state.design,
                home=self.home,
                now=self.now.astimezone(self.state.site.zone),
                changed=self.state.changed,
                latest=self.articles,
                **values,
            )
        )
        return Answer(text.encode(), content_type)

    def html(self, template: str, **values: object) -> Answer:
        """A page without Last-Modified."""
        return self.text(template, _HTML, **values)

    def dated(self, template: str, content_type: str = "application/xml; charset=utf-8", **values: object) -> Answer:
        """A document with Last-Modified: a feed, a sitemap, a page served as a static file."""
        return replace(self.text(template, content_type, **values), modified=self.state.changed)

    def sheet(self, accent: str) -> Answer:
        """The style sheet that all sites share, in a site's colour."""
        css = environment().get_template("site.css").render(accent=accent)
        return Answer(css.encode(), "text/css; charset=utf-8")

    def of(self, section: str) -> list[Shown]:
        """The articles of a section."""
        return [shown for shown in self.articles if shown.section == section]

    def beside(self, shown: Shown, count: int) -> list[Shown]:
        """Other articles to link below an article: of its section first, then the newest."""
        others = [a for a in self.articles if a is not shown]
        return sorted(others, key=lambda a: a.section != shown.section)[:count]


def _wix(made: _Maker) -> Made:
    state = made.state

    def listing(articles: list[Shown], section: str | None = None, widget: bool = False) -> Answer:
        warm = wix.warmup(state.design, [_plain(a) for a in articles], made.home, widget=widget)
        return made.html("listing.html", articles=articles[:20], section=section, warmup=warm)

    found: Made = {
        "/": partial(listing, made.articles, widget=True),
        "/all-news": partial(listing, made.articles),
        "/blog-feed.xml": partial(made.dated, "blog-feed.xml", "application/rss+xml; charset=utf-8"),
        "/sitemap.xml": partial(made.dated, "sitemap.xml"),
        "/blog-posts-sitemap.xml": partial(made.dated, "blog-posts-sitemap.xml"),
        "/blog-categories-sitemap.xml": partial(made.dated, "blog-categories-sitemap.xml"),
    }
    for section in state.site.sections:
        found[f"/all-news/categories/{slugs.slug(section)}"] = partial(listing, made.of(section), section)
    for shown in made.articles:
        recent = [a for a in made.articles if a is not shown][:3]
        warm = wix.warmup_post(shown.slug, shown.uuid)
        found[shown.path] = partial(made.html, "post.html", a=shown, recent=recent, warmup=warm)
    return found


def _wordpress(made: _Maker) -> Made:
    rss = "application/rss+xml; charset=UTF-8"
    link = {"Link": f'<{made.home}wp-json/>; rel="https://api.w.org/"'}

    def html(template: str, **values: object) -> Answer:
        return replace(made.html(template, **values), headers=link)

    def api() -> Answer:
        rows = [_wp_row(shown) for shown in made.articles[:10]]
        head = {"X-WP-Total": str(len(made.articles)), "X-WP-TotalPages": "1"}
        return Answer(json.dumps(rows, ensure_ascii=False).encode(), "application/json; charset=UTF-8", headers=head)

    found: Made = {
        "/": partial(html, "front.html"),
        "/feed/": partial(made.dated, "feed.xml", rss),
        "/comments/feed/": partial(made.dated, "comments.xml", rss),
        "/wp-json/wp/v2/posts": api,
        "/sitemap_index.xml": partial(made.dated, "sitemap_index.xml"),
        "/post-sitemap.xml": partial(made.dated, "post-sitemap.xml"),
    }
    for section in made.state.site.sections:
        inside, place = made.of(section), f"/category/{slugs.slug(section)}/"
        found[place] = partial(html, "front.html", section=section, articles=inside)
        found[f"{place}feed/"] = partial(made.dated, "feed.xml", rss, section=section, articles=inside)
    return found | _stories(made, html)


def _ledger(made: _Maker) -> Made:
    found: Made = {
        "/": partial(made.html, "front.html"),
        "/rss.xml": partial(made.dated, "rss.xml", "text/xml; charset=utf-8"),
    }
    return found | _sections(made, "/{}") | _stories(made, made.html)


def _sitemap(made: _Maker) -> Made:
    fresh = [a for a in made.articles if made.now - a.article.published < timedelta(days=2)]
    found: Made = {
        "/": partial(made.html, "front.html"),
        "/news-sitemap.xml": partial(made.dated, "news-sitemap.xml", articles=fresh),
        "/sitemap.xml": partial(made.dated, "sitemap.xml"),
    }
    return found | _sections(made, "/news/{}/") | _stories(made, made.html)


def _drupal(made: _Maker) -> Made:
    found: Made = {
        "/": partial(made.html, "front.html"),
        "/rss.xml": partial(made.dated, "rss.xml", "application/rss+xml; charset=utf-8"),
        "/sitemap.xml": partial(made.dated, "sitemap.xml"),
    }
    return found | _sections(made, "/{}") | _stories(made, made.html)


def _next(made: _Maker) -> Made:
    found: Made = {
        "/": partial(made.html, "front.html"),
        "/sitemap.xml": partial(made.dated, "sitemap.xml"),
        "/_next/static/chunks/main-1f4b9f5be36c0a55.js": partial(
            made.text, "main.js", "text/javascript; charset=utf-8"
        ),
    }
    return found | _sections(made, "/section/{}") | _stories(made, made.html)


def _hugo(made: _Maker) -> Made:
    found: Made = {
        "/": partial(made.dated, "front.html", _HTML),
        "/dispatches/": partial(made.dated, "front.html", _HTML),
        "/atom.xml": partial(made.dated, "atom.xml", "application/atom+xml"),
        "/sitemap.xml": partial(made.dated, "sitemap.xml"),
    }
    return found | _stories(made, partial(made.dated, content_type=_HTML))


def _sections(made: _Maker, place: str) -> Made:
    """The listing of each section, at `place` with the section's slug in it."""
    return {
        place.format(slugs.slug(section)): partial(made.html, "front.html", section=section, articles=made.of(section))
        for section in made.state.site.sections
    }


def _stories(made: _Maker, html: Callable[..., Answer]) -> Made:
    """The page of each story, with others beside it."""
    return {shown.path: partial(html, "story.html", a=shown, others=made.beside(shown, 4)) for shown in made.articles}


# where a CMS has its style sheet, and the colour of its sample site
_SHEETS: dict[Cms, tuple[str, str]] = {
    "wix": ("/site.css", "#0b6e8f"),
    "wordpress": ("/wp-content/themes/gazette/style.css", "#8c2f39"),
    "ledger": ("/assets/app.8c1f.css", "#2f6b3a"),
    "sitemap": ("/assets/site.css", "#6b4a9e"),
    "drupal": ("/core/themes/ribera/style.css", "#b3541e"),
    "next": ("/_next/static/css/3b6f1c2a9e0d.css", "#1f5fbf"),
    "hugo": ("/css/main.min.css", "#444f5a"),
}


def _picture(key: str, width: int, height: int, since: datetime | None = None) -> Answer:
    return Answer(png(key, width, height), "image/png", modified=since)


def _plain(shown: Shown) -> dict[str, object]:
    """What the warm-up data of Wix tells of a post."""
    return {
        "id": shown.uuid,
        "title": shown.title,
        "excerpt": shown.excerpt(140),
        "slug": shown.slug,
        "published": milliseconds(shown.published),
        "modified": milliseconds(shown.modified),
        "minutes": shown.minutes,
        "media": shown.media if shown.picture else None,
        "category": shown.section,
        "account": shown.site.account,
        "language": shown.site.language,
        "internal": shown.hex[:24],
    }


def _wp_row(shown: Shown) -> dict[str, object]:
    """One post as wp-json/wp/v2/posts gives it."""
    body = environment().get_template("wordpress/content.html").render(a=shown, site=shown.site, home=shown.home)
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


_FORMS: dict[Cms, Callable[[_Maker], Made]] = {
    "wix": _wix,
    "wordpress": _wordpress,
    "ledger": _ledger,
    "sitemap": _sitemap,
    "drupal": _drupal,
    "next": _next,
    "hugo": _hugo,
}
