"""`copydesk add` on real front pages, then visits with a changed front: `python -m benchmarks.adding`.

Each page of `../shared/listings` is served on a loopback address of its own, under its own path, with an article of
made up prose behind every address that is asked for, menus included. The program is run as a person runs it: `add URL
--yes`, a first visit, a second one when a few stories of the front are others, and one when the site has a new design:
the front of a later year where there is one, else the same with other class names. The program knows nothing of what is
right; feeds and sitemaps there are none.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser

from benchmarks.accuracy.listings import Case, cases, redesigned
from feeds.store import open_store
from scrapers.urls.key import canonical_key
from tests.support.playing import COPYDESK

NEW = 3  # stories of the front that are others at the second visit
FEWEST = 8  # labelled stories on the page's own host, or the site is left out
FIRST = 30  # as many as a first visit takes (scrapers.crawl.run_builder.VisitLimits)
MOST = 50  # … and any other
_VOCABULARY = (
    "harbour council vote bridge river school teacher budget market winter summer storm train station hospital nurse "
    "museum garden mayor police court judge farmer harvest factory worker strike ferry island forest fire rain snow "
    "football match goal coach team player festival concert song film actor book author library student exam science "
    "laboratory planet rocket energy power wind solar price bank loan house street tram cycle road traffic airport"
)
WORDS = _VOCABULARY.split()


@dataclass(eq=False)
class Site:
    """One site on a loopback address: what its front shows now, and what is asked of it."""

    name: str
    host: str
    fronts: list[Case]
    front: bytes = b""
    address: str = ""
    path: str = "/"
    asked: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def start(self, ip: str) -> None:
        """It listens when this returns."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                status, kind, body = site.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """What was asked stands in `asked`."""

        self._server = ThreadingHTTPServer((ip, 0), Handler)
        self._server.daemon_threads = True
        self.address = f"{ip}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.show(self.fronts[0].html, self.fronts[0])

    def stop(self) -> None:
        """Shuts its door."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def show(self, page: bytes, case: Case) -> None:
        """From now on the front is `page`."""
        own = rb"(?:www\.)?" + re.escape(self.host).encode()
        page = re.sub(
            rb"https?:((?:\\?/){2})" + own + rb"(?=[\"'/?#\\\s<])", lambda found: b"http:" + found[1] + self.to, page
        )
        page = re.sub(rb"(?<=[\"'])//" + own + rb"(?=[\"'/?#])", lambda _: b"//" + self.to, page)
        self.front = page
        self.path = target(case.url)

    @property
    def to(self) -> bytes:
        """Its address in bytes."""
        return self.address.encode()

    @property
    def home(self) -> str:
        """The address that a person gives to `add`."""
        return f"http://{self.address}{self.path}"

    def here(self, url: str) -> str | None:
        """An address of the real site as it is on loopback; None for other hosts."""
        if bare(url) != self.host:
            return None
        return f"http://{self.address}{target(url)}"

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """The front, no robots.txt, no feeds and no sitemaps, and an article behind every other address."""
        if path == self.path or path == "/":
            return 200, "text/html; charset=utf-8", self.front
        if re.search(
            r"robots\.txt$|wp-json|/(?:feeds?|rss|atom)/?$|\.(?:xml|rss|rdf|json|txt)$", path.partition("?")[0]
        ):
            return 404, "text/html", b"<h1>404 Not Found</h1>"
        return 200, "text/html; charset=utf-8", article(f"http://{self.address}{path}")


def bare(url: str) -> str:
    """The host of an address without www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def target(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def article(url: str) -> bytes:
    """An article's page whose title and prose are its address's own."""
    dice = random.Random(url)

    def sentence(least: int, most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(least, most))).capitalize()

    title = sentence(6, 9)
    when = datetime.now(UTC) - timedelta(minutes=dice.randint(1, 300))
    prose = "".join(f"<p>{'. '.join(sentence(8, 18) for _ in range(4))}.</p>" for _ in range(5))
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav><article>"
        f'<h1>{title}</h1><time datetime="{when.isoformat(timespec="seconds")}">{when:%d %B %Y}</time>{prose}</article>'
        "<footer>Printed on paper.</footer></body></html>"
    ).encode()


def labelled(site: Site, case: Case) -> list[str]:
    """The keys of the stories that stand on this front, on the page's own host, in the front's order."""
    urls = [here for url in case.articles if (here := site.here(url))]
    return list(dict.fromkeys(canonical_key(url) for url in urls))


def may_be(site: Site, case: Case) -> set[str]:
    """Those about which people may differ."""
    return {canonical_key(here) for url in case.optional if (here := site.here(url))}


def others(case: Case, page: bytes, host: str, dice: random.Random) -> tuple[bytes, list[str]]:
    """The front with other stories in the places of its first ones; their addresses on the real site."""
    added: list[str] = []
    for url in [url for url in case.articles if bare(url) == host]:
        path = target(url).encode()
        forms = [form for form in (path, html.escape(path.decode()).encode()) if form in page]
        if len(added) == NEW or not forms or len(path) < 8:
            continue
        new = re.sub(rb"\d{4,}(?=\D*$)", lambda found: bytes(dice.choice(b"123456789") for _ in found[0]), path)
        if new == path:
            new = re.sub(
                rb"[a-z]{4,}(?=[^a-z/]*(?:\.\w+)?/?$)",
                lambda found: found[0][:-1] + b"aeiou"[dice.randrange(5) :],
                path,
            )
        if new == path or any(target(known).encode() == new for known in case.articles):
            continue
        for form in dict.fromkeys(forms):
            page = re.sub(re.escape(form) + rb"(?=[\"'#\s>])", lambda _, new=new: new, page)  # type: ignore[misc]
        added.append(urljoin(url, new.decode()))
    return page, added


@dataclass(frozen=True, slots=True)
class Stage:
    """What one visit brought, held against what stood on the front."""

    kept: int
    wanted: int
    right: int
    wrong: tuple[str, ...]
    lost: int  # known before, gone now
    doubled: int


class Desk:
    """A folder with a configuration, and the real command in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "seeds").mkdir()
        self.config = folder / "config.toml"
        self.config.write_text(
            'contact = "mailto:desk@example.org"\nbase_url = "http://127.0.0.1:8484"\n'
            '[store]\nurl = "sqlite:copydesk.db"\n'
            '[publish]\nfolder = "public"\nentries = 1000\n'
            '[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n',
            "utf-8",
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command."""
        return subprocess.run(
            [*COPYDESK, "--config", str(self.config), *arguments],
            capture_output=True, text=True, timeout=600, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def add(self, home: str) -> tuple[str, str]:
        """(name of the source, what is wrong with its seed file) after `add --yes`."""
        before = set((self.folder / "seeds").glob("*.toml"))
        done = self.run("add", home, "--yes")
        written = set((self.folder / "seeds").glob("*.toml")) - before
        if done.returncode != 0 or len(written) != 1:
            return "", f"exit code {done.returncode}: {done.stderr.strip()[-200:]}"
        path = written.pop()
        text = path.read_text("utf-8")
        if tomllib.loads(text)["home"] != home:
            return path.stem, f"its home is not {home}"
        if "#" not in text or f"/s/{path.stem}.atom" not in done.stdout:
            return path.stem, "no reasons in it, or the address of the feed was not said"
        return path.stem, ""

    def records(self, source: str) -> list[str]:
        """The keys of what is stored of a source."""
        store = open_store(self.folder / "copydesk.db")
        try:
            return [canonical_key(stored.record.url) for stored in store.records.of_source(source, 10_000)]
        finally:
            store.close()

    def fed(self, source: str) -> list[str]:
        """The keys of what its feed has."""
        path = self.folder / "public" / "s" / f"{source}.atom"
        if not path.exists():
            return []
        return [canonical_key(entry.link) for entry in feedparser.parse(path.read_bytes()).entries]


def staged(desk: Desk, source: str, before: set[str], wanted: Sequence[str], fine: set[str], most: int) -> Stage:
    """What a visit brought; `wanted` stand on the front, of which a visit takes at most `most`; `fine` may come too."""
    have, fed = desk.records(source), desk.fed(source)
    fresh = set(have) - before
    new = set(wanted) - before
    doubled = len(have) - len(set(have)) + len(fed) - len(set(fed)) + len(set(have) ^ set(fed))
    return Stage(
        kept=len(fresh),
        wanted=min(most, len(new)),
        right=len(fresh & (new | fine)),
        wrong=tuple(sorted(fresh - new - fine)),
        lost=len(before - set(have)),
        doubled=doubled,
    )


def sites(most: int, only: str) -> Iterator[Site]:
    """The sites with enough stories of their own, those that have a later front first."""
    found: dict[str, list[Case]] = {}
    for case in cases():
        if case.confidence == "low" or only not in case.id:
            continue
        name, _, year = case.id.rpartition("_")
        found.setdefault(name if year.isdecimal() and len(year) == 4 else case.id, []).append(case)
    groups = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    taken = 0
    for name, fronts in groups:
        fronts = [fronts[0], fronts[-1]] if len(fronts) > 1 else fronts
        site = Site(name, bare(fronts[0].url), fronts)
        if sum(bare(url) == site.host for url in fronts[0].articles) >= FEWEST and taken < most:
            taken += 1
            yield site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=12, help="so many sites at most (default: 12)")
    parser.add_argument("--only", default="", help="only pages whose id contains this")
    parser.add_argument("--wrong", action="store_true", help="list what was kept and is no story")
    args = parser.parse_args()
    served = list(sites(args.sites, args.only))
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        names: dict[str, str] = {}
        stages: dict[str, list[Stage]] = {}
        faults: dict[str, str] = {}
        try:
            for number, site in enumerate(served):
                site.start(f"127.1.{number // 250}.{number % 250 + 1}")
                name, fault = desk.add(site.home)
                if name:
                    names[site.name] = name
                if fault:
                    faults[site.name] = fault
            live = [site for site in served if site.name in names]
            have: dict[str, set[str]] = {site.name: set() for site in live}
            for stage in ("first", "second", "redesign"):
                wanted: dict[str, list[str]] = {}
                fine: dict[str, set[str]] = {}
                for site in live:
                    case, late = site.fronts[0], site.fronts[-1]
                    fine[site.name] = may_be(site, late if stage == "redesign" else case)
                    if stage == "first":
                        wanted[site.name] = labelled(site, case)
                    elif stage == "second":
                        page, added = others(case, case.html, site.host, dice)
                        site.show(page, case)
                        wanted[site.name] = [canonical_key(here) for url in added if (here := site.here(url))]
                    elif late is not case:
                        site.show(late.html, replaced(late, case))
                        wanted[site.name] = labelled(site, late)
                    else:
                        page, added = others(case, redesigned(case.html), site.host, dice)
                        site.show(page, case)
                        wanted[site.name] = [canonical_key(here) for url in added if (here := site.here(url))]
                done = desk.run("fetch", *(names[site.name] for site in live))
                if done.returncode != 0 or args.wrong:
                    print(done.stdout, done.stderr[-2000:] if done.returncode != 0 else "")
                for site in live:
                    most = FIRST if stage == "first" else MOST
                    of = staged(desk, names[site.name], have[site.name], wanted[site.name], fine[site.name], most)
                    stages.setdefault(site.name, []).append(of)
                    have[site.name] |= set(desk.records(names[site.name]))
        finally:
            for site in served:
                site.stop()
    return report(served, stages, faults, wrong=args.wrong)


def replaced(late: Case, case: Case) -> Case:
    """The later front, standing where the earlier one stood."""
    return Case(late.id, late.site, case.url, late.html, late.articles, late.optional, late.confidence, late.half, {})


def report(served: Sequence[Site], stages: dict[str, list[Stage]], faults: dict[str, str], *, wrong: bool) -> int:
    """Prints the table and the totals; 1 when something is not as it should be."""
    print(f"{'site':34s} {'first visit':>16s} {'second':>14s} {'redesign':>16s}  kept/wanted, wrong")
    for site in served:
        row = stages.get(site.name)
        cells = [f"{s.kept:3d}/{s.wanted:<3d} {len(s.wrong):2d} wrong" for s in row] if row else ["not added"]
        kind = "later front" if len(site.fronts) > 1 else "new names"
        print(f"{site.name:34s} {'   '.join(cells)}  {kind}  {faults.get(site.name, '')}")
        for stage in row or () if wrong else ():
            for key in stage.wrong:
                print(f"      {key}")
    bad = bool(faults)
    for number, title in enumerate(("first visit", "second visit", "redesign")):
        all_ = [row[number] for row in stages.values()]
        right, wanted = sum(min(s.right, s.wanted) for s in all_), sum(s.wanted for s in all_)
        nothing = sum(len(s.wrong) for s in all_)
        lost, doubled = sum(s.lost for s in all_), sum(s.doubled for s in all_)
        print(f"{title}: {right} of {wanted} stories, {nothing} that are none, {lost} lost, {doubled} doubled")
        bad = bad or lost > 0 or doubled > 0
    print(f"{len(stages)} of {len(served)} sites added; seed files with faults: {len(faults)}")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
