"""A store with stories of three invented papers, and the real web server with the pages for readers over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import html

from feeds import pipe
from feeds.app.web.document_routes import Place
from feeds.app.web.reading import ReaderPages, StoreReader
from feeds.app.web.token_gate import PrivateTopic
from feeds.model import Publisher, Topic
from feeds.publish.feed_reader import PublishSettings
from feeds.store import Store, open_store
from feeds.store.tables.tokens import token_digest
from feeds.topics import Engine
from scrapers import Draft, Front, Record, Run, Seed, Seen, to_record

from .serving import Got, Running, running

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = "Kq7_-token-of-the-reading-room-1"
SITE = Publisher("The copy desk", "http://news.example", pages=True)
SEEDS = {
    "courier": Seed(name="courier", home="https://courier.example/", title="The Harbour Courier", language="en"),
    "island": Seed(name="island", home="https://island.example/", title="Island Post", language="en"),
    "kueste": Seed(name="kueste", home="https://kueste.example/", title="Küstenblatt", language="de"),
}
TOPICS = (
    Topic("harbour", "The harbour", query="harbour OR hafen"),
    Topic("short", "In short", query="harbour", full_text=False),
    Topic("every", "Every record", copies="all"),
    Topic("mine", "Mine alone", query="lighthouse", private=True),
)
STORY = (
    "The council of Tarn voted to mend the harbour wall before the autumn storms, after two winters of doubt.",
    "Eleven members were for it and four against, among them the one who had asked for the report.",
    "The work costs 1300 crowns a yard, which the town will borrow from its own savings bank.",
    "Fishermen may land at the northern steps until the last stone is in its place.",
)


@dataclass
class ReadingRoom:
    """A store that tests fill, and what its pages are made with."""

    folder: Path
    topics: Sequence[Topic] = TOPICS
    site: Publisher = SITE
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = open_store(self.folder / "copydesk.db", daemon=True)
        self.store.sources.sync(SEEDS.values(), NOW)
        self.store.topics.sync(self.topics, NOW)
        self.engine = Engine(self.topics)

    def keep(
        self,
        source: str = "courier",
        slug: str = "wall",
        *,
        title: str = "Tarn mends its harbour wall",
        lines: Sequence[str] = STORY,
        markup: str | None = None,
        at: datetime = NOW,
        seen: datetime | None = None,
        **told: object,
    ) -> Record:
        """A story of a paper, filed as a visit files it: read at `seen`, published at `at`."""
        seed, seen = SEEDS[source], seen or at
        draft = Draft(
            title=title,
            text="\n".join(lines),
            html=markup or "".join(f"<p>{line}</p>" for line in lines),
            published=at.isoformat(),
            subtitle="What was decided, and what is still to be settled",
        )
        record = to_record(draft, url=f"{seed.home}news/{slug}", seed=seed, first_seen=seen)
        record = replace(record, language=seed.language, **told)  # type: ignore[arg-type]  # fields of a record
        run = Run(
            source,
            seen,
            seen,
            records=(record,),
            seen=(Seen(record.url, "kept", way="rss"),),
            fronts=(Front(seed.home),),
            links=1,
        )
        pipe.keep(self.store, run, seed, self.store.visits.past(source, seen), self.engine, now=seen)
        return record

    def story(self, record: Record) -> str:
        """The id of the story of a record, as it stands in addresses."""
        (n,) = self.store.records.numbers_of([record.id])
        story = self.store.stories.get(self.store.records.get(n).story)  # type: ignore[union-attr]
        assert story is not None
        return story.id.removeprefix("urn:uuid:")

    @contextmanager
    def served(self) -> Iterator[Running]:
        """The server over this store, until the block ends."""
        places = {f"t/{topic.name}": Place(ttl=20) for topic in self.topics if not topic.private}
        places |= {f"s/{name}": Place() for name in SEEDS}
        places["t/quay"] = Place("moved", to="t/harbour")
        places["t/removed"] = Place("gone")
        private = {
            topic.name: PrivateTopic("0123456789abcdef", (token_digest(TOKEN),))
            for topic in self.topics
            if topic.private
        }
        settings = PublishSettings(self.site)
        reader = StoreReader(self.folder / "copydesk.db")
        with running(
            self.folder / "public",
            base_url=self.site.base_url,
            places=places,
            private_topics=private,
            pages=lambda routes: ReaderPages(
                reader, routes, lambda: settings, lambda: self.topics, lambda: NOW + 5 * HOUR
            ),
            closed=[reader],
        ) as server:
            yield server

    def close(self) -> None:
        self.store.close()


@contextmanager
def reading_room(folder: Path, topics: Sequence[Topic] = TOPICS, site: Publisher = SITE) -> Iterator[ReadingRoom]:
    """A store in a folder, closed when the block ends."""
    room = ReadingRoom(folder, topics, site)
    try:
        yield room
    finally:
        room.close()


def tree(got: Got) -> html.HtmlElement:
    """The page of an answer that went well."""
    assert got.status == 200, got.body[:300]
    return html.document_fromstring(got.body.decode())


def words(element: html.HtmlElement) -> str:
    """The text of an element, its white space folded."""
    return " ".join(element.text_content().split())


HOUR = timedelta(hours=1)
