"""All that the interface does."""

from __future__ import annotations

from . import inspection, sources, stories, topics, values
from .calls import Endpoint, Parameter

_QUERY = {
    "q": Parameter("A query in the language of topics; left out: everything."),
    "topic": Parameter("Only what this topic holds.", most=64),
    "source": Parameter("Only what this source gave.", most=64),
    "limit": Parameter("How many stories at most.", default=30, least=1, most=100),
    "cursor": Parameter("Where to go on: `next` of the answer before.", most=64),
    "content": Parameter("Whether the stories come with their content.", default=False),
}
_RECORDS = {"records": Parameter("Whether its records go too; else they stay.", default=False)}

ENDPOINTS = (
    Endpoint("GET", "/sources", "read", "The sources.", sources.all_sources, values.Sources),
    Endpoint(
        "POST",
        "/sources",
        "write",
        "Follow a site: it is looked at, and a seed is written.",
        sources.follow,
        values.Source,
        body=values.NewSource,
        status=201,
    ),
    Endpoint("GET", "/sources/{name}", "read", "A source.", sources.one_source, values.Source),
    Endpoint(
        "PATCH",
        "/sources/{name}",
        "write",
        "Pause a source, resume it, or give it another name.",
        sources.change,
        values.Source,
        body=values.SourceChange,
    ),
    Endpoint(
        "DELETE",
        "/sources/{name}",
        "write",
        "Remove a source; its seed is set aside.",
        sources.remove,
        values.Removed,
        query=_RECORDS,
    ),
    Endpoint(
        "POST", "/sources/{name}/visit", "write", "Visit a source now, and wait for it.", sources.visit, values.Visited
    ),
    Endpoint("GET", "/topics", "read", "The topics.", topics.all_topics, values.Topics),
    Endpoint(
        "POST",
        "/topics",
        "write",
        "Make a topic: it is written into config.toml.",
        topics.make,
        values.Topic,
        body=values.TopicSettings,
        status=201,
    ),
    Endpoint("GET", "/topics/{name}", "read", "A topic.", topics.one_topic, values.Topic),
    Endpoint(
        "PATCH",
        "/topics/{name}",
        "write",
        "Change a topic in config.toml.",
        topics.change,
        values.Topic,
        body=values.TopicSettings,
    ),
    Endpoint(
        "DELETE",
        "/topics/{name}",
        "write",
        "Take a topic out of config.toml; its feed answers that it is gone.",
        topics.remove,
        values.Removed,
    ),
    Endpoint(
        "GET", "/stories", "read", "Stories by a query, a piece at a time.", stories.by_query, values.Stories, _QUERY
    ),
    Endpoint("GET", "/stories/{id}", "read", "A story with its text.", stories.one_story, values.WholeStory),
    Endpoint(
        "PATCH",
        "/stories/{id}",
        "write",
        "Keep an article out of the feeds and archives, or let it back.",
        stories.hold,
        values.Held,
        body=values.StoryChange,
    ),
    Endpoint(
        "POST",
        "/try",
        "read",
        "What would be read from a page: an article, or a list of stories. Nothing is kept.",
        inspection.try_page,
        values.Tried,
        body=values.Try,
    ),
    Endpoint(
        "GET",
        "/why",
        "read",
        "What became of an address.",
        inspection.why,
        values.Why,
        query={"url": Parameter("The address of an article.")},
    ),
    Endpoint("GET", "/health", "read", "How the installation is doing.", inspection.health, values.Health),
)
