"""Keys that newcomers type into config.toml, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence

TOPIC = 'write [[topics]] with name = "harbour" and query = "harbour OR quay"'
SOURCES = "each source is a file in the folder of the seeds; `copydesk add URL` writes one"
LISTEN = 'write web.listen = "127.0.0.1:8484"'

SYNONYMS: Sequence[tuple[str, Sequence[str], str]] = (  # as scrapers/seed/synonyms.py has them
    ("", ("name", "label"), 'write title = "My desk"'),
    ("", ("email", "mail", "user_agent", "useragent"), 'write contact = "mailto:you@example.org"'),
    ("", ("url", "host", "domain", "public_url", "site_url"), 'write base_url = "https://desk.example"'),
    ("", ("port", "listen", "bind", "address"), LISTEN),
    ("", ("database", "db", "database_url"), 'write store.url = "sqlite:var/copydesk.db"'),
    ("", ("lang", "locale"), 'write language = "en"'),
    ("", ("tz", "time_zone", "zone"), 'write timezone = "Europe/Berlin"'),
    ("", ("topic", "feed", "feeds", "filters"), TOPIC),
    ("", ("source", "sources", "sites", "seed"), SOURCES),
    ("", ("output", "out", "public", "output_dir"), 'write publish.folder = "var/public"'),
    ("", ("timeout",), 'write fetch.deadline = "60s"'),
    ("", ("concurrency", "workers", "threads"), "write fetch.parallel = 20"),
    ("", ("interval", "every", "refresh"), 'each source has its own: every = "30m" in its seed'),
    ("", ("retention",), 'write store.keep = "365d"'),
    ("topics.", ("slug", "id"), 'write name = "harbour"'),
    ("topics.", ("filter", "search", "keywords", "match", "q", "words"), 'write query = "harbour OR quay"'),
    ("topics.", ("description",), 'write subtitle = "What happens at the harbour"'),
    ("topics.", ("feeds", "sites", "seeds", "source"), 'write sources = ["courier"]'),
    ("topics.", ("days", "since", "age"), 'write max_age = "30d"'),
    ("topics.", ("lang",), 'write language = "en"'),
    ("topics.", ("duplicates", "dedupe"), 'write copies = "one"'),
    ("topics.", ("fulltext", "content", "full"), "write full_text = true"),
    ("topics.", ("pictures", "image"), 'write images = "keep"'),
    ("web.", ("port", "host", "bind", "address", "url"), LISTEN),
    ("web.", ("admin", "ui"), "write web.desk = true"),
    ("store.", ("path", "file", "database", "db"), 'write store.url = "sqlite:var/copydesk.db"'),
    ("store.", ("retention", "days", "max_age"), 'write store.keep = "365d"'),
    ("publish.", ("path", "dir", "directory", "output"), 'write publish.folder = "var/public"'),
    ("publish.", ("limit", "items", "max_items"), "write publish.entries = 50"),
    ("fetch.", ("timeout",), 'write fetch.deadline = "60s"'),
    ("fetch.", ("concurrency", "workers", "threads"), "write fetch.parallel = 20"),
    ("fetch.", ("user_agent", "useragent"), "copydesk says its own name to sites, with `contact`"),
    ("fetch.", ("delay", "rate", "rate_limit"), "the pace at each site is kept by itself and cannot be set"),
    ("alarms.", ("email", "to"), 'write alarms.mail = "you@example.org"'),
    ("alarms.", ("from",), 'write alarms.sender = "desk@example.org"'),
    ("alarms.", ("url", "ntfy", "slack"), 'write alarms.webhook = "https://ntfy.example/desk"'),
    ("alarms.", ("server", "host"), 'write alarms.smtp = "mail.example:25"'),
    ("alarms.", ("script", "exec", "run"), 'write alarms.command = ["/usr/local/bin/tell"]'),
)
