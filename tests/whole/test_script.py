"""The full script of the newsroom against the real daemon: the feeds over HTTP, by feedparser, after every event."""

from __future__ import annotations

from pathlib import Path

from feeds.app.demo.newsroom import Article, Event
from tests.support.playing import EVERYTHING, Entry, Play, place
from tests.support.waiting import until

TOPICS = ("water", "harbour", "schools", "elections", "sport", EVERYTHING)


def look_everywhere(desk: Play) -> None:
    """Every feed over HTTP, and nothing wrong with any of them ever."""
    for topic in TOPICS:
        desk.feed(f"t/{topic}.atom")
    for site in desk.newsroom.homes:
        desk.feed(f"s/{site}.atom")
    assert desk.watch.faults == []


def entry_of(desk: Play, site: str, url: str) -> Entry:
    (found,) = [e for e in desk.feed(f"s/{site}.atom") if place(e.link) == place(url)]
    return found


def told(desk: Play, event: Event) -> Article:
    """What the site tells of the event's article now."""
    assert event.url is not None
    return next(a for a in desk.newsroom.truth().sites[event.site] if a.url == event.url)


def in_full(article: Article, entry: Entry) -> bool:
    """Whether the entry has the title and every paragraph of the article, in order."""
    text = " ".join(entry.text.replace("&amp;", "&").split())
    places = [text.find(" ".join(paragraph.split())) for paragraph in article.paragraphs]
    return entry.title == article.title and -1 not in places and places == sorted(places)


def after(desk: Play, event: Event, down: set[str]) -> None:
    """Waits until the daemon has done what the event calls for, and checks it."""
    if event.kind in ("publish", "carry"):
        until(lambda: not desk.missing(frozenset(down)), f"{event.text}; and the feeds tell it")
        until(lambda: not [w for w in desk.once_each() if not down], "each story once")
    elif event.kind == "correct":
        before = entry_of(desk, event.site, event.url or "")
        if event.site != "greyford-courier":  # its feed has no text: the daemon would look again in an hour
            done = desk.copydesk("fetch", "--keep", event.url or "")
            assert done.returncode == 0, done.stderr
        until(lambda: in_full(told(desk, event), entry_of(desk, event.site, event.url or "")), event.text)
        corrected = entry_of(desk, event.site, event.url or "")
        assert corrected.id == before.id
        assert corrected.published == before.published
        assert corrected.updated > before.updated
        assert corrected.title != before.title
    elif event.kind == "down":
        down.add(event.site)
        until(lambda: desk.states()[event.site] != "ok", event.text)
        assert desk.feed(f"s/{event.site}.atom"), "an outage takes nothing away"
    elif event.kind == "up":
        down.discard(event.site)
        # a 503 is left alone for a minute at least, whatever shorter Retry-After it carries
        until(lambda: desk.states()[event.site] == "ok", event.text)
    else:
        seen = len(desk.newsroom.asked)
        entries = desk.feed(f"s/{event.site}.atom")
        until(
            lambda: any(a.site == event.site and a.path == "/" and a.status == 200 for a in desk.newsroom.asked[seen:]),
            "the daemon has seen the new design",
        )
        look_everywhere(desk)
        assert {e.id for e in desk.feed(f"s/{event.site}.atom")} == {e.id for e in entries}


def test_the_whole_script(tmp_path: Path) -> None:
    with Play(tmp_path, every="0.5s") as desk:
        desk.start()
        until(lambda: not desk.missing(), "the first round is in the feeds")
        until(lambda: not desk.once_each(), "each story once")
        look_everywhere(desk)
        down: set[str] = set()
        for event in desk.newsroom.events_until(desk.newsroom.length):
            assert event in desk.newsroom.advance(event.at)
            try:
                after(desk, event, down)
                look_everywhere(desk)
            except BaseException:
                print(f"at: {event.text}\n{desk.tail()}")
                raise

        truth = desk.newsroom.truth()
        for site, articles in truth.sites.items():
            entries = {place(e.link): e for e in desk.feed(f"s/{site}.atom")}
            assert len(entries) == len(articles)
            for article in articles:
                entry = entries[place(article.url)]
                assert in_full(article, entry), article.url
                assert entry.published == f"{article.published:%Y-%m-%dT%H:%M:%SZ}", article.url
        for topic in TOPICS:
            assert desk.feed(f"t/{topic}.atom"), f"nothing on {topic}"

        agents = {asked.agent for asked in desk.newsroom.asked}
        assert all(agent.startswith("copydesk/") and "desk@example.org" in agent for agent in agents)
        for site in desk.newsroom.homes:
            of_site = [asked for asked in desk.newsroom.asked if asked.site == site]
            assert of_site[0].path == "/robots.txt"
            # unchanged fronts and feeds are asked for with their validators
            assert any(asked.status == 304 for asked in of_site)
        assert desk.stop() == 0
        assert desk.watch.faults == []
