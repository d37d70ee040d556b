"""Entries for tests of the publisher: prose of our own, every field filled unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from feeds.compose.compose import compose
from feeds.model import Category, Copy, Entry, Feed, Origin, Publisher, Topic
from scrapers import Image, Record, record_id

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SITE = Publisher("The copy desk", "https://desk.example", hubs=("https://desk.example/hub",))
TOPIC = Topic("harbour", "The harbour", subtitle="Ships, tides and the people who live by them", language="en")
FEED_ID = "urn:uuid:6f1c1f1e-8b1a-5a51-9a39-2f1b8f5b0001"
TITLES = (
    "Ferry line to the outer islands returns after eleven years",
    "Council votes to reopen the old fish market as a hall for everyone",
    "A storm, two tugs and one very long night",
    "Tide tables go digital, and the printers are not amused",
    "The lighthouse keeper's log: forty years in nine notebooks",
    "Why the new quay costs twice what was promised",
)
SUBTITLES = (
    "The first crossing is booked out until spring; residents ride for half the fare.",
    "Eight stalls are promised to those who traded there before the fire.",
    "How a freighter with a dead engine was kept off the rocks, told by the crews that did it.",
    "For the first time in a century there is no almanac on the pilots' desk.",
    "She wrote down every ship, every fog and every visitor, and what they had for tea.",
    "An audit finds three designs, two contractors and a foundation that nobody had asked for.",
)
PUBLISHERS = ("The Harbour Courier", "Island Post", "Küstenblatt")


def record(n: int = 0, **changes: Any) -> Record:
    """The record with this number; higher numbers are older by 40 minutes."""
    published = NOON - timedelta(minutes=40 * n)
    text = f"{TITLES[n % 6]}. Part {n} of a long story.\nA second paragraph, with “quotes” & an ampersand."
    made = Record(
        id=f"urn:uuid:00000000-0000-5000-8000-{n:012}",
        key=f"courier.example/news/{n}",
        url=f"https://courier.example/news/{n}",
        source=("courier", "island", "kueste")[n % 3],
        title=TITLES[n % 6],
        subtitle=SUBTITLES[n % 6],
        text=text,
        html="<p>" + text.replace("&", "&amp;").replace("\n", "</p>\n<p>") + "</p>",
        published=published,
        first_seen=published + timedelta(minutes=5),
        authors=("Ada Marsh", "Ben Quay")[: 1 + n % 2],
        section="Local",
        tags=("harbour", "ships & boats"),
        language="en",
        publisher=PUBLISHERS[n % 3],
        image=Image(
            f"https://courier.example/pictures/harbour-at-dawn-{n}.jpg",
            caption=f"The harbour at dawn, picture {n}",
            credit="Cleo Strand",
            alt="Boats in the mist",
            width=1200,
            height=800,
        ),
        fingerprint=f"{n:016x}",
    )
    return replace(made, **changes)


def record_at(key: str, title: str, text: str, at: datetime, **changes: Any) -> Record:
    """The record of an address with no more than a title and a text; the first label of its host names its source."""
    made = Record(
        id=record_id(key),
        key=key,
        url=f"https://{key}",
        source=key.partition(".")[0],
        title=title,
        text=text,
        html=f"<p>{text}</p>",
        published=at,
        first_seen=at,
        fingerprint=key,
    )
    return replace(made, **changes)


def entry(n: int = 0, *, of: Record | None = None, **changes: Any) -> Entry:
    """The entry of a record, carried by another outlet too where the number is even."""
    of = of or record(n)
    made = Entry(
        id=f"urn:uuid:00000000-0000-5000-9000-{n:012}",
        record=of,
        published=of.published,
        updated=of.published + timedelta(seconds=n % 7),
        origin=Origin(
            id=f"urn:uuid:00000000-0000-5000-a000-{n % 3:012}",
            title=PUBLISHERS[n % 3],
            url="https://courier.example/",
            feed_url=f"{SITE.base_url}/s/{of.source}",
            updated=of.published,
        ),
        copies=(
            Copy(
                f"https://wire.example/story/{n}",
                f"Wire: {of.title}",
                "wire",
                "The Wire & Co",
                of.published + timedelta(hours=1),
            ),
        )
        if n % 2 == 0
        else (),
        categories=(
            Category("harbour", f"{SITE.base_url}/t/", "The harbour"),
            Category("ships & boats", "https://courier.example/", "ships & boats"),
        ),
    )
    return replace(made, **changes)


def feed(count: int = 3, topic: Topic = TOPIC, **settings: Any) -> Feed:
    """A composed subscription document of so many entries."""
    return compose(topic, [entry(n) for n in range(count)], site=SITE, feed_id=FEED_ID, **settings)
