"""The pages of the desk: path below /desk → what shows it (GET) and what takes its forms (POST)."""

from __future__ import annotations

from ..values import Handler
from . import add, health, overview, seeds, sessions, sources, stories, subscriptions, topics, visits

PAGES: dict[str, tuple[Handler | None, Handler | None]] = {
    "": (overview.overview, None),
    "/add": (add.form, add.begin),
    "/add/{id}": (add.show, add.write),
    "/add/{id}/steps": (add.watch, None),
    "/add/{id}/story/{n}": (add.story, None),
    "/add/{id}/entry/{n}": (add.entry, None),
    "/opml": (subscriptions.form, subscriptions.change),
    "/sources": (sources.show_all, None),
    "/sources/{name}": (sources.show, sources.change),
    "/sources/{name}/seed": (seeds.edit, seeds.change),
    "/sources/{name}/point": (seeds.point, seeds.take),
    "/sources/{name}/pointed": (seeds.pointed, None),
    "/sources/{name}/remove": (sources.ask_removal, sources.remove),
    "/sources/{name}/failed/{file}": (sources.failed_page, None),
    "/sources/{name}/failed/{file}/page": (sources.failed_body, None),
    "/stories": (stories.show_all, None),
    "/stories/{id}": (stories.show, stories.change),
    "/stories/{id}/body": (stories.body, None),
    "/stories/{id}/forget": (stories.ask_forgetting, stories.forget),
    "/topics": (topics.show_all, None),
    "/new-topic": (topics.new, topics.change),
    "/topics/{topic}": (topics.show, topics.change),
    "/topics/{topic}/remove": (topics.ask_removal, topics.remove),
    "/health": (health.show, health.change),
    "/health/backup/{file}": (health.backup, None),
    "/health/visits": (visits.show, None),
    "/sessions": (sessions.show, sessions.end),
}
