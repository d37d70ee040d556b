"""What `try` shows: of a saved page, of a page on the web, as text and as JSON."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.inspect import preview
from feeds.app.inspect.preview import Sight
from scrapers import CopydeskError, Draft, Image, Link, Links, Page, Request, Seed
from tests.support.stories import record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://courier.example/2026/quay"
SAID = "The harbour master said on Monday that the old quay would stay closed until the end of the spring. "
ARTICLE = f"<title>Old quay closed</title><article><h1>Old quay closed</h1>{f'<p>{SAID}</p>' * 5}</article>"
FRONT = "<title>Courier</title><main>{}</main>".format(
    "".join(
        f"<article><h2><a href=/news/2026/0{n}/the-story-of-the-quay-{n}>The story of the old quay, part {n}</a></h2>"
        f"<p>{SAID}</p></article>"
        for n in range(1, 9)
    )
)
EMPTY = "<title>Nothing</title><p>Nothing</p>"
FEED = f"<rss version='2.0'><channel><title>C</title><item><title>Quay</title><link>{URL}</link></item></channel></rss>"


class Paper:
    """An output that keeps what is printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        for name in ("markup", "print", "say", "warn"):
            setattr(self, name, self._add)

    def _add(self, text: str = "") -> None:
        self.lines.append(text)


def shown(sight: Sight, *, explain: bool = False) -> list[str]:
    paper = Paper()
    preview.print_sight(paper, sight, explain=explain)  # type: ignore[arg-type]  # as much of one as is used
    return paper.lines


def test_a_record_in_words_each_field_with_its_witness() -> None:
    told = replace(
        record(0),
        title="Old [quay] closed", subtitle="Until spring", authors=("Ada Marsh", "Ben Roe"), published=NOW,
        updated=None,
        published_estimated=True, section="Harbour", tags=("quays",), language="en", publisher="Courier", url=URL,
        source="courier", id="urn:1", image=Image("https://courier.example/1.jpg", caption="Boats", credit="Eva"),
        text="It is closed.\nFor long.", paywalled=True, sponsored=True, witnesses={"title": "jsonld", "image": "meta"},
    )  # fmt: skip
    lines = [
        r"[bold]Old \[quay] closed[/]  [dim]jsonld[/]",
        "  [cyan]subtitle  [/] Until spring  [dim][/]",
        "  [cyan]authors   [/] Ada Marsh, Ben Roe  [dim][/]",
        "  [cyan]published [/] 2026-03-01T12:00:00+00:00 (estimated)  [dim][/]",
        "  [cyan]section   [/] Harbour  [dim][/]",
        "  [cyan]tags      [/] quays  [dim][/]",
        "  [cyan]language  [/] en  [dim][/]",
        "  [cyan]publisher [/] Courier  [dim][/]",
        "  [cyan]source    [/] courier  [dim][/]",
        f"  [cyan]url       [/] {URL}  [dim][/]",
        "  [cyan]id        [/] urn:1  [dim][/]",
        "  [cyan]image     [/] https://courier.example/1.jpg  [dim]meta[/]",
        "  [cyan]caption   [/] Boats  [dim]meta[/]",
        "  [cyan]credit    [/] Eva  [dim]meta[/]",
        "  [yellow]paywalled[/]",
        "  [yellow]sponsored[/]",
        "", "It is closed.", "", "For long.", "",
    ]  # fmt: skip
    assert shown(Sight(URL, record=told)) == lines
    explained = [
        "[dim]5 words in 2 paragraphs[/]",
        "  [cyan]image             [/] meta",
        "  [cyan]title             [/] jsonld",
    ]
    assert shown(Sight(URL, record=told), explain=True) == [*lines, *explained]
    plain = replace(told, image=None, published_estimated=False, paywalled=False, sponsored=False, updated=NOW)
    found = shown(Sight(None, record=plain))
    assert "  [cyan]published [/] 2026-03-01T12:00:00+00:00  [dim][/]" in found
    assert "  [cyan]updated   [/] 2026-03-01T12:00:00+00:00  [dim][/]" in found
    assert not [line for line in found if line.startswith(("  [yellow]", "  [cyan]url", "  [cyan]id", "  [cyan]image"))]
    pages = shown(Sight(URL, record=plain, draft=Draft(next_page=f"{URL}/2")))
    assert pages[-1] == f"this is its first page; a visit joins those from {URL}/2 on"
    assert shown(Sight(URL, record=plain, draft=Draft(), stories=9)) == shown(Sight(URL, record=plain))
    (*_, last) = shown(Sight(URL, record=replace(plain, text=""), draft=Draft(), stories=9))
    assert last == "9 links on this page look like stories; --as listing shows them"


def test_a_listing_in_words_and_as_json() -> None:
    links = Links(
        title="Courier", language="en", feeds=("https://courier.example/rss",),
        sitemaps=tuple(f"https://courier.example/{n}.xml" for n in range(6)), notes=("cut off",),
        items=(
            Link(f"{URL}/1", way="rss", hint=Draft(title="[quay]", published="2026-03-01T12:00:30Z", subtitle="S",
                 image=Image("https://courier.example/1.jpg"), authors=("Ada",))),
            Link(f"{URL}/2", way="listing"),
        ),
    )  # fmt: skip
    assert shown(Sight(URL, links=links)) == [
        "[bold]Courier[/]  2 stories",
        "  [dim]feed[/]     https://courier.example/rss",
        *(f"  [dim]sitemap[/]  https://courier.example/{n}.xml" for n in range(5)),
        f"  [cyan]2026-03-01 12:00[/] \\[quay]\n{' ' * 19}[dim]{URL}/1[/]",
        f"  [cyan]{' ' * 16}[/] (no title)\n{' ' * 19}[dim]{URL}/2[/]",
        "cut off",
    ]
    assert shown(Sight(URL, links=Links())) == [f"[bold]{URL}[/]  0 stories"]
    assert shown(Sight(None)) == ["[bold]A listing[/]  0 stories"]
    told = Sight(URL, links=links, why_not="too short").as_json()
    assert told.pop("why_not_an_article") == "too short"
    first, second = told.pop("links")
    assert first == {
        "url": f"{URL}/1", "way": "rss", "title": "[quay]", "published": "2026-03-01T12:00:30Z", "summary": "S",
        "image": "https://courier.example/1.jpg", "authors": ["Ada"],
    }  # fmt: skip
    assert (second["image"], second["authors"], second["way"]) == (None, [], "listing")
    assert told == {
        "url": URL, "title": "Courier", "language": "en", "feeds": ["https://courier.example/rss"],
        "sitemaps": [f"https://courier.example/{n}.xml" for n in range(6)],
    }  # fmt: skip
    assert "why_not_an_article" not in Sight(URL, links=links).as_json()


def test_a_record_as_json() -> None:
    made = replace(record(1), image=Image("", caption="Boats"), updated=None, source="")
    told = preview.record_table(made)
    assert told["image"] == {"url": None, "caption": "Boats", "credit": None}
    assert (told["updated"], told["source"], told["id"], told["url"]) == (None, None, made.id, made.url)
    unknown = Sight(None, record=replace(made, image=None, updated=NOW)).as_json()
    assert (unknown["id"], unknown["url"], unknown["image"], unknown["updated"]) == (None, None, None, NOW.isoformat())


def what(sight: Sight) -> str:
    return "listing" if sight.record is None else "article"


def test_a_saved_page_by_its_kind_and_the_kind_that_is_asked(tmp_path: Path) -> None:
    def of(body: str | bytes, kind: preview.Kind = "auto", name: str = "a.html", **more: Any) -> Sight:
        path = tmp_path / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return preview.at_file(path, more.get("url", URL), more.get("seed"), kind, NOW)

    assert [what(of(ARTICLE, kind)) for kind in ("auto", "article", "listing")] == ["article", "article", "listing"]
    assert [what(of(FRONT, kind)) for kind in ("auto", "listing")] == ["listing", "listing"]
    front, alone = of(FRONT), of(ARTICLE, "article")
    assert (len((front.links or Links()).items), front.stories) == (8, 8)
    assert (alone.links, alone.stories, alone.draft is not None) == (None, 0, True)
    assert of(FEED, name="a.rss").links is not None and what(of(FEED, "article", name="a.rss")) == "listing"
    for kind, why in (
        ("auto", "neither an article nor a list of stories was found"),
        ("article", "no title|too short|no text|nothing"),
    ):
        with pytest.raises(CopydeskError, match=why):
            of(EMPTY, kind)  # type: ignore[arg-type]
    text = of(f"Old quay closed\n\n{SAID * 5}", name="a.txt")
    assert (what(text), text.links) == ("article", None)
    assert what(of(gzip.compress(ARTICLE.encode()), name="a.html.gz")) == "article"
    for body, name, why in (
        (b" \n", "a.html", "is empty"), (b"%PDF-1.7", "a.html", "is no web page"),
        (b"a\0b", "a.html", "is no web page"), (b"no gzip", "a.html.gz", "is not a gzip file"),
    ):  # fmt: skip
        with pytest.raises(CopydeskError, match=f"{name}: {why}"):
            of(body, name=name)
    assert what(of(b"x" * 1024 + b"\0" + ARTICLE.encode())) == "article"
    assert what(of(ARTICLE.encode("utf-16"))) == "article"


def test_of_a_saved_page_its_own_notes_are_believed(tmp_path: Path) -> None:
    page, notes = tmp_path / "a.html.gz", tmp_path / "a.json"
    page.write_bytes(gzip.compress(ARTICLE.encode()))
    for told, url in (
        (json.dumps({"page": {"url": URL, "content_type": "text/html", "charset": "utf-8"}}), URL),
        (json.dumps({"page": {"url": URL, "content_type": 5, "charset": None}}), URL),
        (json.dumps({"page": {"url": URL}}), None),
        (json.dumps([1]), None),
        ("{", None),
    ):
        notes.write_text(told)
        found = preview.at_file(page, None, None, "auto", NOW)
        assert (found.url, found.record is not None) == (url, True), told
    notes.write_text(
        json.dumps({"page": {"url": "https://other.example/", "content_type": "text/html", "charset": "x"}})
    )
    assert preview.at_file(page, URL, None, "auto", NOW).url == URL
    seed = Seed("courier", "https://courier.example/", language="fr")
    made = preview.at_file(page, URL, seed, "auto", NOW).record
    assert made is not None and made.source == "courier"
    notes.unlink()
    bare = preview.at_file(page, None, None, "auto", NOW)
    assert bare.url is None and bare.record is not None and bare.record.source == ""


def test_a_page_on_the_web_is_read_as_on_a_visit() -> None:
    asked: list[tuple[Seed, Request]] = []
    links = Links(items=(Link(f"{URL}/1"),))

    class Read:
        def __init__(self, made: object = None) -> None:
            self.made = made

        async def links(self, page: Page, *more: object) -> Links:
            return links

        async def draft(self, page: Page, *more: object) -> Draft:
            return Draft(title="Quay")

        async def record(self, article: Any, seed: Seed) -> Any:
            assert (article.draft, article.url) == (Draft(title="Quay"), URL)
            if isinstance(self.made, CopydeskError):
                raise self.made
            return self.made

    def look(read: Read, kind: preview.Kind, content_type: str = "text/html", **more: Any) -> Sight:
        @asynccontextmanager
        async def visit(seed: Seed) -> Any:
            async def fetch(request: Request) -> Page:
                asked.append((seed, request))
                return Page(URL, b"", content_type)

            yield fetch

        fetcher: Any = SimpleNamespace(visit=visit)
        return asyncio.run(preview.look(fetcher, read, URL, more.pop("seed", None), kind, NOW, **more))  # type: ignore[arg-type]

    made = record(1)
    article = look(Read(made), "article")
    assert article == Sight(URL, record=made, draft=Draft(title="Quay"))
    assert asked[-1] == (Seed("", URL), Request(URL, kind="page"))
    assert look(Read(made), "listing") == Sight(URL, links=links, stories=1)
    assert asked[-1][1].kind == "feed"
    seed = Seed("courier", "https://courier.example/", ca_file="ca.pem", render=True)
    assert look(Read(made), "auto", seed=seed, home=True) == Sight(URL, links=links, stories=1), "of a home the listing"
    assert asked[-1] == (seed, Request(URL, kind="page", ca_file="ca.pem", render=True))
    assert look(Read(made), "article", seed=seed, home=True).record == made
    for content_type, is_page in (
        ("text/html", True), ("application/xhtml+xml", True), ("text/plain", True), ("application/xml", False),
    ):  # fmt: skip
        assert (look(Read(made), "auto", content_type).record == made) is is_page, content_type
    short = CopydeskError("too short")
    assert look(Read(short), "auto") == Sight(URL, links=links, why_not="too short", stories=1)
    with pytest.raises(CopydeskError, match="too short"):
        look(Read(short), "article")


def test_the_article_as_a_document() -> None:
    made = record(1)
    page = preview.document(made)
    assert page.startswith(b"<!doctype html>") and made.title.encode() in page


def test_the_seeds_of_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "courier.toml").write_text('home = "https://courier.example/"\n')
    (tmp_path / "broken.toml").write_text("home = 5\n")
    config: Any = SimpleNamespace(seeds_folder=tmp_path)
    found: Mapping[str, Seed] = preview.seeds_of(config)
    assert {name: seed.home for name, seed in found.items()} == {"courier": "https://courier.example/"}
