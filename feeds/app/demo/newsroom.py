"""The demo newsroom: sample sites on loopback, and a script of what happens to them.

`Newsroom` is the door. What the sites show is a pure function of the script, its seed number and the moment; only
this module has a clock, and tests may turn it by hand.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..system.resources import seeds_folder
from .article_view import Shown
from .pages import Answer, Pages, pages
from .script import Calendar, Kind, Script, plan
from .server import HOST, Asked, Servers
from .stories import Act, load

__all__ = ["Article", "Asked", "Event", "Newsroom", "Truth"]

_MOST_ASKED = 100_000


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the script, with a sentence for people."""

    at: float  # script seconds
    site: str
    kind: Kind
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The true content of a page, as a careful reader would note it."""

    url: str
    title: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    published: datetime
    updated: datetime | None
    section: str
    standfirst: str | None = None
    caption: str | None = None
    note: str | None = None  # "Correction: …", printed below the text


@dataclass(frozen=True, slots=True)
class Truth:
    """What the sites hold at one moment: the ground truth for a daemon's feeds."""

    sites: Mapping[str, tuple[Article, ...]]  # newest first
    copies: tuple[frozenset[str], ...]  # URLs that carry one story, the wire's own among them

    @property
    def urls(self) -> frozenset[str]:
        """The address of every article of every site."""
        return frozenset(article.url for articles in self.sites.values() for article in articles)


class Newsroom:
    """The sample sites. `speed` is script seconds in a real second; None: the clock stands until `advance` turns it.

    `folder` remembers the ports and the moment of the start, so that the addresses stay the same after a restart
    and the script goes on where it was. `now` is the moment of the start; with a clock turned by hand it should lie
    further back than the script is long, so that no story is dated in the future.
    """

    def __init__(
        self,
        folder: Path,
        *,
        now: datetime | None = None,
        seed: int = 1,
        speed: float | None = 1.0,
        ports: Mapping[str, int] | None = None,
        sites: Mapping[str, str] | None = None,
    ) -> None:
        """`ports`: preferred ports by site. `sites`: only these, name → design ("" for its usual one)."""
        self._file = folder / "newsroom.json"
        kept = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        self._ports = dict(ports or kept.get("ports", {}))
        start = datetime.fromisoformat(kept["now"]) if "now" in kept else now or datetime.now(UTC)
        self.now = start.replace(microsecond=0)
        self.seed = seed
        self._speed = speed
        self._turned = 0.0
        library = load(seeds_folder() / "demo", sites)
        self.script: Script = plan(library, Calendar(self.now, speed or 1.0), seed)
        self._cache: dict[tuple[str, int, str], Pages] = {}
        self._lock = threading.Lock()
        self._servers: Servers | None = None
        self._bell = threading.Event()
        self._watch: threading.Thread | None = None
        self.asked: list[Asked] = []  # every request so far; the older half goes when there are very many
        self.homes: dict[str, str] = {}

    def start(self) -> dict[str, str]:
        """Every site listens when this returns: name → home address, with its final slash."""
        wanted = {name: self._ports.get(name, 0) for name in self.script.library.sites}
        self._servers = Servers(self._answer, wanted, self._note)
        self.homes = {name: f"http://{HOST}:{port}/" for name, port in self._servers.ports.items()}
        self._servers.start()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(
            json.dumps({"now": self.now.isoformat(), "seed": self.seed, "ports": self._servers.ports})
        )
        self._doors()
        if self._speed is not None:
            self._watch = threading.Thread(target=self._follow, name="newsroom-clock", daemon=True)
            self._watch.start()
        return dict(self.homes)

    def stop(self) -> None:
        """Shuts the sites. The folder stays."""
        self._bell.set()
        if self._watch is not None:
            self._watch.join(10)
        if self._servers is not None:
            self._servers.stop()
            self._servers = None

    def __enter__(self) -> Newsroom:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def at(self) -> float:
        """The moment of the script, in its seconds."""
        if self._speed is None:
            return self._turned
        return max(0.0, (datetime.now(UTC) - self.now).total_seconds() * self._speed)

    def advance(self, to: float) -> list[Event]:
        """Turns the clock to a moment of the script (never back) and tells what happened on the way."""
        if self._speed is not None:
            raise RuntimeError("this newsroom's clock runs by itself")
        before, self._turned = self._turned, max(self._turned, to)
        self._doors()
        return [event for event in self.events_until(self._turned) if event.at > before]

    @property
    def length(self) -> float:
        """Script seconds from the start to just after the last act."""
        return self.script.acts[-1].at + 1 if self.script.acts else 0.0

    def events_until(self, at: float) -> list[Event]:
        """What has happened up to a moment of the script, oldest first. Addresses are known once started."""
        return [self._event(act) for act in self.script.acts if act.at <= at]

    def truth(self, at: float | None = None) -> Truth:
        """What the sites hold at a moment of the script, now by default."""
        moment = self.at if at is None else at
        sites = {name: tuple(self._articles(name, moment)) for name in self.script.library.sites}
        where = {key: url for name in sites for key, url in self._urls(name, moment)}
        groups = (frozenset(where[key] for key in keys if key in where) for keys in self.script.copies().values())
        return Truth(sites, tuple(group for group in groups if len(group) > 1))

    def seeds(self, folder: Path, every: str | None = None) -> None:
        """Writes a seed file for each site, with nothing but its home unless `every` ("20s") is given."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, home in self.homes.items():
            text = f'home = "{home}"\n' + (f'every = "{every}"\n' if every else "")
            (folder / f"{name}.toml").write_text(text, "utf-8")

    def config_toml(
        self,
        *,
        listen: str = "127.0.0.1:8484",
        store: str = "sqlite:copydesk.db",
        public: str = "public",
        topics: int = 5,
    ) -> str:
        """The demo's config.toml, with the first topics of seeds/demo/topics.toml."""
        parts = self.script.library.topics.split("[[topics]]")[1:]
        return (
            'title = "The demo copy desk"\n'
            'contact = "mailto:desk@example.org"\n'
            f'base_url = "http://{listen}"\n\n'
            f'[store]\nurl = "{store}"\n\n'
            f'[publish]\nfolder = "{public}"\n\n'
            f'[web]\nlisten = "{listen}"\n\n'
            "[fetch]  # the sample sites are on loopback; a real desk leaves both out\n"
            'allow_networks = ["127.0.0.0/8"]\nlocal_gap = "0.05s"\n\n'
        ) + "".join(f"[[topics]]{part}" for part in parts[:topics])

    def page(self, site: str, path: str, at: float | None = None) -> Answer | None:
        """What a site answers to a path, without a connection; None when there is no such page."""
        made = self._pages(site, self.at if at is None else at).get(path)
        return made() if made else None

    def paths(self, site: str, at: float | None = None) -> list[str]:
        """Every path that a site answers."""
        return sorted(self._pages(site, self.at if at is None else at))

    def _answer(self, site: str, path: str) -> Answer | None:
        """What the server asks: the page, a 404, or what an outage gives."""
        at = self.at
        down = self.script.state(site, at).down
        if down == "refused":
            return None
        if down is not None:
            headers = {"Retry-After": "60"} if down == "503" else {}
            return Answer(f"<h1>{down}</h1>".encode(), "text/html", int(down), headers=headers)
        return self.page(site, path, at) or Answer(b"<h1>404 Not Found</h1>", "text/html", 404)

    def _note(self, asked: Asked) -> None:
        self.asked.append(asked)
        if len(self.asked) > _MOST_ASKED:
            del self.asked[: _MOST_ASKED // 2]

    def _pages(self, site: str, at: float) -> Pages:
        """The site's pages; made anew when its state or the minute changes ("5 minutes ago")."""
        state = self.script.state(site, at)
        date = self.script.calendar.date(at).replace(second=0)
        key = (site, state.version, date.isoformat())
        with self._lock:
            found = self._cache.get(key)
        if found is None:
            found = pages(
                state,
                self.homes.get(site, f"http://{site}.invalid/"),
                max([date, *(article.published for article in state.articles[:1])]),
            )
            with self._lock:
                self._cache = {k: v for k, v in self._cache.items() if k[0] != site} | {key: found}
        return found

    def _shown(self, site: str, at: float) -> list[Shown]:
        state = self.script.state(site, at)
        home = self.homes.get(site, f"http://{site}.invalid/")
        return [Shown(state.site, article, home) for article in state.articles]

    def _urls(self, site: str, at: float) -> list[tuple[str, str]]:
        return [(shown.article.story.key, shown.url) for shown in self._shown(site, at)]

    def _articles(self, site: str, at: float) -> list[Article]:
        return [
            Article(
                url=shown.url,
                title=shown.title,
                paragraphs=shown.paragraphs,
                authors=shown.authors,
                published=shown.article.published,
                updated=shown.article.updated,
                section=shown.section,
                standfirst=shown.standfirst,
                caption=shown.picture.caption if shown.picture else None,
                note=shown.note,
            )
            for shown in self._shown(site, at)
        ]

    def _event(self, act: Act) -> Event:
        site = self.script.library.sites[act.site]
        url = title = None
        if act.story:
            url = dict(self._urls(act.site, act.at)).get(f"{act.site}/{act.story}")
            title = self.script.library.stories[f"{act.site}/{act.story}"].title
        kind = self.script.kind(act)
        refused = "it refuses connections" if act.how == "refused" else f"it answers {act.how}"
        sentences: dict[Kind, str] = {
            "publish": f"{site.title} publishes “{title}”",
            "carry": f"{site.title} prints the wire's story as “{title}”",
            "correct": f"{site.title} corrects “{title}”",
            "down": f"{site.title} goes down: {refused}",
            "up": f"{site.title} is back",
            "redesign": f"{site.title} has a new design",
        }
        return Event(act.at, act.site, kind, sentences[kind], url)

    def _doors(self) -> None:
        """Open and close the ports as the script has it at this moment."""
        if self._servers is not None:
            for name in self.script.library.sites:
                self._servers.listen(name, self.script.state(name, self.at).down != "refused")

    def _follow(self) -> None:
        """Follow a running clock: wakes at each act of the script to open and close ports."""
        speed = self._speed or 1.0
        while not self._bell.is_set():
            coming = next((act.at for act in self.script.acts if act.at > self.at), None)
            if coming is None:
                return
            if not self._bell.wait(max(0.01, (coming - self.at) / speed)):
                self._doors()
