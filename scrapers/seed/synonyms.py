"""Keys that newcomers type into a seed file, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence

Synonyms = Sequence[tuple[str, Sequence[str], str]]
"""Rows of (the table that the keys stand in, with its dot; the keys; what would be right, as the end of a mistake)."""

FEED = 'write discover.rss = ["https://paper.example/feed.xml"]'
SITEMAP = 'write discover.sitemap = ["https://paper.example/sitemap.xml"]'
PAGES = 'write discover.pages = ["https://paper.example/news"]'
LINKS = 'write discover.links = "h2 a"'

SYNONYMS: Synonyms = (
    ("", ("url", "link", "site", "website", "homepage", "address", "domain"), 'write home = "https://paper.example/"'),
    ("", ("feed", "feeds", "atom", "rss_url", "feed_url", "rss_feed", "rss_feeds"), FEED),
    ("", ("sitemaps", "sitemap_url"), SITEMAP),
    ("", ("listing", "listings", "fronts", "sections", "start_urls", "urls"), PAGES),
    ("", ("label", "display_name"), 'write title = "The Paper"'),
    ("", ("lang", "locale"), 'write language = "en"'),
    ("", ("interval", "refresh", "frequency", "update_interval", "schedule", "poll"), 'write every = "30m"'),
    ("", ("tz", "time_zone", "zone"), 'write timezone = "Europe/Berlin"'),
    ("", ("domains", "allowed_domains", "aliases"), 'write hosts = ["www.paper.example"]'),
    ("", ("javascript", "js", "browser", "dynamic"), "write render = true"),
    ("", ("login", "auth", "basic_auth"), 'write credentials = { user = "env:USER", password = "env:PASSWORD" }'),
    ("", ("username",), 'write credentials.user = "env:USER"'),
    ("", ("selector", "selectors"), f'{LINKS} for the links of a page, extract.title = "h1" for a part of an article'),
    ("", ("topic", "topics", "category", "categories"), "topics are queries in config.toml: [[topics]]"),
    ("", ("proxy",), "fetch.proxy in config.toml is for all sources"),
    ("", ("timeout", "deadline"), "fetch.deadline in config.toml is for all sources"),
    ("", ("user_agent", "useragent"), "copydesk says its own name to sites, with the contact of config.toml"),
    ("", ("enabled", "disabled", "active"), "`copydesk sources pause NAME` and `resume NAME` do that"),
    ("discover.", ("feed", "feeds", "atom", "url", "urls", "rss_url", "feed_url"), FEED),
    ("discover.", ("sitemaps", "sitemap_url"), SITEMAP),
    ("discover.", ("page", "listing", "listings", "fronts", "sections", "start_urls"), PAGES),
    ("discover.", ("selector", "css", "items", "articles", "a"), LINKS),
    ("discover.", ("allow", "only", "match", "includes"), 'write discover.include = ["/news/"]'),
    ("discover.", ("deny", "ignore", "skip", "block", "excludes"), 'write discover.exclude = ["/shop/"]'),
    ("discover.", ("pagination", "max_pages", "depth", "next"), "write discover.next_pages = 3"),
    ("extract.", ("headline", "heading", "h1"), 'write extract.title = "h1"'),
    ("extract.", ("content", "text", "article", "main", "article_body"), 'write extract.body = "article"'),
    ("extract.", ("author", "byline"), 'write extract.authors = ".byline"'),
    ("extract.", ("date", "time", "datetime", "pubdate", "published_at"), 'write extract.published = "time"'),
    ("extract.", ("modified", "updated_at"), 'write extract.updated = "time.updated"'),
    ("extract.", ("summary", "description", "lead", "teaser", "standfirst"), 'write extract.subtitle = ".lead"'),
    ("extract.", ("picture", "photo", "thumbnail", "img"), 'write extract.image = "figure img"'),
    ("extract.", ("category", "rubric"), 'write extract.section = ".section"'),
    ("extract.", ("keywords", "tag"), 'write extract.tags = ".tags a"'),
    ("extract.", ("remove", "exclude", "strip", "ignore", "without"), 'write extract.drop = [".newsletter"]'),
    (
        "expect.",
        ("per_day", "stories_per_day", "articles_per_day", "stories", "records"),
        "write expect.records_per_day = 5",
    ),
    ("credentials.", ("username", "login", "name"), 'write credentials.user = "env:USER"'),
    ("credentials.", ("pass", "secret"), 'write credentials.password = "env:PASSWORD"'),
)
