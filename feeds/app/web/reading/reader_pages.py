"""The pages for readers behind HTTP: path → page, made one after the other in the thread of a `StoreReader`.

The cost of requests is bounded: the queue as a whole and for each client, and what a page reads (`stories.py`,
`search.py`). Requests beyond the limits are answered 503 with Retry-After.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import unquote_to_bytes

from ....errors import StoreBusy
from ....messages import PageLocale, choose_language
from ....model import Topic
from ....publish.feed_reader import PublishSettings
from ....store import Store
from ..document_routes import DocumentRoutes
from ..documents import Answer
from ..token_gate import who
from .answers import moved, page_answer, refusal
from .lists import page_of_day, page_of_search
from .scope import Elsewhere, Scope, Wanted, scope_of, settings_of, wanted
from .store_reader import StoreReader
from .stories import page_of_story

WAITING = 24  # requests that wait for the thread at most
OF_CLIENT = 6  # … of one client
LIFETIMES = {"story": 300, "day": 300, "search": 60}  # seconds for which a page may be kept


@dataclass(frozen=True, slots=True)
class _Made:
    """A page that was made."""

    body: bytes
    status: int = 200
    indexed: bool = False  # search engines may list it


@dataclass(eq=False)
class ReaderPages:
    """Answers with pages of stories, days and searches. Not safe for several threads: it belongs to the loop."""

    reader: StoreReader
    routes: DocumentRoutes
    settings: Callable[[], PublishSettings]  # asked for at each request, like `topics`: a reload may change them
    topics: Callable[[], Sequence[Topic]]
    clock: Callable[[], datetime]
    _waiting: Counter[str] = field(default_factory=Counter, init=False)

    async def answer(
        self, method: str, raw_path: bytes, query: bytes, asked: Mapping[bytes, bytes], client: str
    ) -> Answer | None:
        """The answer for a path; None when it is no page of these, or none that this client may see."""
        want = self._wanted(raw_path)
        if want is None:
            return None
        found = scope_of(want.stem, self.routes, asked.get(b"authorization"), client)
        if found is None:
            return None
        if found == "too many tries":
            return refusal(429, "Too many tries; come back in a minute.", retry=60)
        if found == "gone":
            return refusal(410, "This feed was removed.")
        if isinstance(found, Elsewhere):
            return moved(f"{self.routes.prefix.decode()}/{found.path}{want.tail}{_behind(query)}")
        if method not in ("GET", "HEAD"):
            return refusal(405, "Method not allowed.")
        client = who(client)
        if self._waiting.total() >= WAITING or self._waiting[client] >= OF_CLIENT:
            return refusal(503, "Too many pages are asked for at once; come back in a moment.", retry=5)
        self._waiting[client] += 1
        try:
            return await self._page(want, found, query, asked, head=method == "HEAD")
        except StoreBusy:
            return refusal(503, "The store is busy; come back in a moment.", retry=5)
        finally:
            self._waiting[client] -= 1
            if not self._waiting[client]:
                del self._waiting[client]

    def _wanted(self, raw_path: bytes) -> Wanted | None:
        path, prefix = raw_path, self.routes.prefix
        if prefix and path.startswith(prefix + b"/"):
            path = path[len(prefix) :]
        if b"%" in path:
            path = unquote_to_bytes(path)  # decoded once only
        try:
            return wanted(path.decode("ascii").removeprefix("/"))
        except UnicodeDecodeError:
            return None

    async def _page(
        self, want: Wanted, scope: Scope, query: bytes, asked: Mapping[bytes, bytes], *, head: bool
    ) -> Answer | None:
        settings, named = self.settings(), {topic.name: topic for topic in self.topics()}
        chosen = choose_language(
            asked.get(b"accept-language", b"").decode("latin-1"), settings.publisher.page_locale.language
        )
        locale = replace(settings.publisher.page_locale, language=chosen)
        made = await self.reader.call(self._make, want, scope, query, settings, named, locale)
        if made is None:
            return None
        return page_answer(
            made.body,
            asked,
            origin=self.routes.origin,
            language=locale.language,
            lifetime=LIFETIMES[want.what],
            private=scope.private,
            indexed=made.indexed,
            status=made.status,
            head=head,
        )

    def _make(
        self,
        store: Store,
        want: Wanted,
        scope: Scope,
        query: bytes,
        settings: PublishSettings,
        named: Mapping[str, Topic],
        locale: PageLocale,
    ) -> _Made | None:
        """The page; None when there is none. In the thread."""
        title, language = settings.publisher.title, None
        if scope.kind == "source":
            source = store.sources.get(scope.name)
            if source is None:
                return None
            title, language = source.label, source.language
        topic = settings_of(scope, named, title, language)
        if topic is None:
            return None
        if want.story is not None:
            body = page_of_story(store, scope, topic, named, settings, f"urn:uuid:{want.story}", locale)
            return None if body is None else _Made(body)
        if want.day is not None:
            told = page_of_day(store, scope, topic, named, settings, want.day, query, locale)
            return None if told is None else _Made(told[0], 200 if told[1] else 404, indexed=told[1])
        body, right = page_of_search(store, scope, topic, named, settings, query, self.clock(), locale)
        return _Made(body, 200 if right else 400)


def _behind(query: bytes) -> str:
    """The query of an address that is sent on, in characters that a header may hold."""
    kept = query.decode("latin-1")
    return f"?{kept}" if kept and kept.isascii() and kept.isprintable() else ""
