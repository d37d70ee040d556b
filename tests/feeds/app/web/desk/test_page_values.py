"""What the pages of the desk show and do, as values: each field of a form, each refusal, and what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feeds.app.web.desk import charts, files
from feeds.app.web.desk.pages import seeds, stories, subscriptions, topics, visits
from feeds.app.web.desk.values import Framed, Goto, Page, Refused
from scrapers import CopydeskError, Link, Links
from scrapers import Page as WebPage
from scrapers.repair.model import Pointed
from tests.support.interface import CONFIG, Interface, interface
from tests.support.reading import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Interface]:
    with interface(tmp_path, now=NOW + 9 * HOUR) as made:
        made.room.keep(at=NOW)
        made.room.keep(
            "island", "lamp", title="A new lamp", lines=("The lighthouse has a new lamp.",) * 3, at=NOW - 48 * HOUR
        )
        yield made


def refused(work: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(Refused) as refusal:
        work()
    return refusal.value.status, refusal.value.reason


def test_topics_with_their_charts(desk: Interface) -> None:
    rows = desk.page(topics.show_all).values["rows"]
    assert [(row["topic"].name, row["stories"], row["fresh"], len(row["chart"].pieces)) for row in rows] == [
        ("harbour", 1, 1, 14), ("mine", 1, 0, 14),
    ]  # fmt: skip
    assert rows[1]["chart"].total == 1 and desk.page(topics.show_all).values["mistakes"] == ["topics.mine: is wrong"]


FORM = {"name": "harbour", "query": "wall", "title": "Walls", "do": "save", "copies": "all", "images": "strip"}


def test_the_editor_of_a_topic(desk: Interface) -> None:
    page = desk.page(topics.show, path={"topic": "harbour"})
    assert (page.template, page.status) == ("topic.html", 200)
    told = page.values
    assert (told["name"], told["topic"].query, told["max_age"], told["why"], told["known"]) == (
        "harbour", "harbour OR hafen", "", "", ["courier", "island", "kueste"],
    )  # fmt: skip
    assert told["feed"] == "https://news.example/desk/t/harbour.atom" and told["tried"].caught == 1
    assert (told["version"], told["titles"]["harbour"], told["chart"].total) == (
        files.version(CONFIG), "The harbour", 1,
    )  # fmt: skip
    fresh = desk.page(topics.new, asked={"query": "lamp"}).values
    assert (fresh["name"], fresh["topic"].query, fresh["feed"]) == (None, "lamp", None)
    assert refused(lambda: desk.page(topics.show, path={"topic": "none"})) == (404, "There is no topic none.")
    desk.config_path.write_text('contact = "mailto:desk@paper.example"\ntitle = "Desk"\n')
    desk.read()
    assert desk.page(topics.show, path={"topic": "all"}).values["topic"].title == "Desk"


def test_a_query_is_tried(desk: Interface) -> None:
    def tried(query: str, *, part: bool = True) -> Page:
        return desk.page(topics.change, part=part, path={"topic": "mine"}, do="try", query=query)  # type: ignore[no-any-return]

    part = tried("wall")
    assert (part.template, part.values["tried"].caught, part.values["mistake"]) == ("tried.html", 1, "")
    assert tried("wall", part=False).template == "topic.html"
    wrong = tried("(wall").values
    assert wrong["tried"] is None and wrong["mistake"] and len(wrong["pointed"]) == 2
    assert len(desk.memory) == 1, "what was read is kept for the next letter"


def test_what_a_form_of_a_topic_asks_for(desk: Interface) -> None:
    def tried(**form: Any) -> Page:
        return desk.page(topics.change, path={"topic": "mine"}, **({"do": "try", "name": "mine"} | form))  # type: ignore[no-any-return]

    made = tried(
        title=" My own ", subtitle="", language="de", copies="mark", images="odd", sort="seen", audience="public",
        private="yes", full_text="no", changes="", sources="courier, island", exclude="kueste post", entries="12",
        max_age="36h", q="",
    ).values["topic"]  # fmt: skip
    assert (made.title, made.subtitle, made.language, made.copies, made.images, made.sort, made.audience) == (
        "My own", None, "de", "mark", "keep", "seen", "public",
    )  # fmt: skip
    assert (made.private, made.full_text, made.changes, made.sources, made.exclude, made.entries, made.max_age) == (
        True, False, False, ("courier", "island"), ("kueste", "post"), 12, 36 * 3600,
    )  # fmt: skip
    bare = tried(name="").values
    assert (bare["topic"].name, bare["topic"].audience, bare["topic"].entries, bare["topic"].max_age) == (
        "", None, None, None,
    )  # fmt: skip
    assert tried(max_age="36h").values["max_age"] == "36h"
    for form, why in (
        ({"entries": "many"}, "The number of entries should be a number."),
        ({"max_age": "soon"}, "The greatest age should be a length of time such as 36h or 7d."),
        ({"do": "save", "name": "A b"}, "The name should be 1 to 64 of a-z, 0-9 and -."),
    ):
        page = tried(**form)
        assert (page.status, page.values["why"], page.values["topic"].name) == (422, why, "mine")
    assert refused(lambda: tried(do="burn")) == (400, "This is no form of ours.")
    assert refused(lambda: tried(do="x" * 21)) == (413, "do: is too long")
    for field, most in (("name", 64), ("entries", 8), ("max_age", 20), ("title", 500), ("copies", 20)):
        assert refused(lambda field=field, most=most: tried(**{field: "1" * (most + 1)}))[0] == 413, field  # type: ignore[misc]


def test_a_topic_is_saved_unless_the_file_changed(desk: Interface) -> None:
    version = files.version(CONFIG)
    page = desk.page(topics.change, path={"topic": "harbour"}, **FORM, version="stale")
    assert (page.status, page.values["topic"].title, desk.performed) == (409, "Walls", [])
    assert page.values["why"].startswith("config.toml was changed since this page was made.")
    done = desk.page(
        topics.change,
        path={"topic": "harbour"},
        **FORM,
        version=version,
        max_age="7d",
        full_text="yes",
        audience="public",
        changes="yes",
    )
    assert done == Goto("/topics/harbour", "Saved. The file from before is kept as config.toml.before.")
    assert desk.performed == [("reload", {})]
    text = desk.config_path.read_text()
    head = text.partition("# the lamp")[0]
    for line in (
        'title = "Walls"',
        'copies = "all"',
        'images = "strip"',
        'max_age = "7d"',
        'audience = "public"',
        'name = "harbour"',
    ):
        assert head.count(line) == 1, line
    assert "full_text" not in head and "was =" not in head and text.endswith(CONFIG.partition("# the lamp")[2])
    done = desk.page(topics.change, path={"topic": "harbour"}, **FORM | {"name": "walls"}, version=files.version(text))
    assert done.path == "/topics/walls" and 'was = "harbour"' in desk.config_path.read_text()
    fresh = desk.page(topics.change, **FORM | {"name": "quay"}, version=files.version(desk.config_path.read_text()))
    assert fresh.path == "/topics/quay" and desk.config_path.read_text().count("[[topics]]") == 3
    now = files.version(desk.config_path.read_text())
    for form in (FORM | {"name": "mine"}, FORM | {"name": "new", "copies": "one", "sources": "x y", "entries": "0"}):
        page = desk.page(topics.change, **form, version=now)
        assert page.status == 422 and page.values["why"]
    desk.answers["reload"] = {"applied": False}
    page = desk.page(topics.change, path={"topic": "mine"}, name="mine", do="save", title="M", version=now)
    assert (page.status, page.values["why"]) == (422, "topics.mine: is wrong")


def test_a_topic_is_removed_where_somebody_is_sure(desk: Interface) -> None:
    assert desk.page(topics.ask_removal, path={"topic": "mine"}).values["topic"].name == "mine"
    assert refused(lambda: desk.page(topics.remove, path={"topic": "mine"})) == (
        400, "Nothing was removed: it was not confirmed.",
    )  # fmt: skip
    gone = desk.page(topics.remove, path={"topic": "mine"}, sure="yes")
    assert gone == Goto("/topics", "mine is removed; its feed answers that it is gone.")
    assert 'name = "mine"' not in desk.config_path.read_text() and desk.performed == [("reload", {})]
    assert refused(lambda: desk.page(topics.remove, path={"topic": "mine"}, sure="yes"))[0] == 409


SEED = 'home = "https://courier.example/"\n'


def with_pages(desk: Interface) -> list[Any]:
    """Have the desk fetch and read pages; what was asked of whom."""
    asked: list[Any] = []

    @asynccontextmanager
    async def visit(seed: Any) -> Any:
        async def fetch(request: Any) -> WebPage:
            asked.append((seed.name, request.url))
            if request.url.endswith("gone"):
                raise CopydeskError("it is gone")
            return WebPage(request.url, b"")

        yield fetch

    async def links(page: WebPage, seed: Any, past: Any, now: Any) -> Links:
        return Links(items=tuple(Link(f"{page.url}{n}") for n in range(99)))

    async def point(page: WebPage, seed: Any, now: Any, **more: Any) -> Pointed:
        asked.append((page.url, more))
        picked = bool(more["yes"])
        return Pointed(
            "<p>{N}</p>", "h2.title" if picked else None, 3, ("One",), "" if picked else "nothing was picked"
        )

    desk.app.fetcher = SimpleNamespace(visit=visit)
    desk.app.workers = SimpleNamespace(links=links, point=point)
    return asked


def test_a_seed_is_checked_previewed_and_saved(desk: Interface) -> None:
    asked = with_pages(desk)
    where, version = {"name": "courier"}, files.version(SEED)
    assert desk.page(seeds.edit, path=where) == Page(
        "seed.html", {"name": "courier", "text": SEED, "version": version, "mistakes": [], "links": None, "why": ""}
    )

    def change(what: str, text: str = SEED, told: str = version, **more: Any) -> Any:
        return desk.page(seeds.change, path=where, do=what, text=text, version=told, **more)

    checked = change("check", 'home = "https://courier.example/"\ntitel = "x"', part=True)
    assert checked.template == "checked.html" and "titel" in checked.values["mistakes"][0]
    whole = change("check", "home = 5", "other")
    assert (whole.template, whole.status, whole.values["version"], whole.values["text"]) == (
        "seed.html", 200, "other", "home = 5\n",
    )  # fmt: skip
    for what in ("save", "preview"):
        assert change(what, "home = 5").status == 422
    assert refused(lambda: change("burn")) == (400, "This is no form of ours.")
    assert asked == []
    shown = change("preview").values
    assert (len(shown["links"]), shown["count"], asked.pop()) == (
        seeds.LISTED, 99, ("courier", "https://courier.example/"),
    )  # fmt: skip
    assert change("preview", 'home = "https://courier.example/gone"').values["why"] == "it is gone"
    stale = change("save", told="stale")
    assert (stale.status, stale.values["version"]) == (409, version) and stale.values["why"].startswith("The seed was")
    assert desk.performed == []
    better = SEED + 'title = "C"\n'
    assert change("save", better) == Goto("/sources/courier", "The seed is saved.")
    assert (desk.folder / "seeds/courier.toml").read_text() == better and desk.performed == [("reload", {})]
    assert (desk.folder / "seeds/courier.toml.before").read_text() == SEED
    assert refused(lambda: desk.page(seeds.edit, path={"name": "none"})) == (404, "There is no source none.")


def test_a_page_is_pointed_at(desk: Interface) -> None:
    asked = with_pages(desk)
    where = {"name": "courier"}

    def point(**query: str) -> dict[str, Any]:
        return dict(desk.page(seeds.point, path=where, asked=query).values)

    home, story = "https://courier.example/", "https://courier.example/news/wall"
    told = point()
    assert (told["field"], told["url"], told["yes"], told["no"], told["why"]) == (
        "discover.links", home, "", "", "nothing was picked",
    )  # fmt: skip
    assert (
        told["frame"]
        == "/desk-root/desk/sources/courier/pointed?field=discover.links&url=https%3A%2F%2Fcourier.example%2F&yes=&no="
    )
    assert told["articles"] == [("Tarn mends its harbour wall", story)] and told["version"] == files.version(SEED)
    assert asked[-1][1]["address"] == (
        "/desk-root/desk/sources/courier/point?field=discover.links&url=https%3A%2F%2Fcourier.example%2F&yes=&no=&pick={N}"
    )
    for query, yes, no in (
        ({"pick": "3"}, "3", ""),
        ({"yes": "3", "pick": "4"}, "3,4", ""),
        ({"yes": "3,4", "pick": "3"}, "4", "3"),
        ({"yes": "4", "no": "3", "pick": "3"}, "4", ""),
        ({"yes": "4", "pick": "5", "as": "no"}, "4", "5"),
        ({"yes": "4,x,,123456,7", "no": "9"}, "4,7", "9"),
        ({"pick": "x"}, "", ""),
    ):
        told = point(field="title", url=story, **query)
        assert (told["yes"], told["no"], asked[-1][1]["yes"], asked[-1][1]["no"], told["field"]) == (
            yes, no, [int(n) for n in yes.split(",") if n], [int(n) for n in no.split(",") if n], "title",
        )  # fmt: skip
    pages = [one for one in asked if one[0] == "courier"]
    assert pages == [("courier", home), ("courier", story)], "each page is asked for once"
    many = ",".join(str(n) for n in range(90))
    assert len(point(yes=many)["yes"].split(",")) == seeds.PICKS == len(point(no=many)["no"].split(","))
    assert refused(lambda: point(url="https://courier.example/other")) == (404, "This page is none of the source's.")
    assert refused(lambda: point(field="odd")) == (404, "There is no such field.")
    framed = desk.page(seeds.pointed, path=where, asked={"url": story})
    assert isinstance(framed, Framed) and b"<p>{N}</p>" in framed.html and framed.pictures is False
    desk.memory["pointed"] = {str(n): WebPage(str(n), b"") for n in range(seeds.HELD)}
    point()
    assert list(desk.memory["pointed"]) == ["1", "2", "3", home]


def test_what_was_pointed_at_is_written_into_the_seed(desk: Interface) -> None:
    with_pages(desk)
    where, home = {"name": "courier"}, "https://courier.example/"
    right = {"field": "discover.links", "url": home, "yes": "3", "no": "", "version": files.version(SEED)}
    nothing = (422, "Nothing was pointed at that a selector names.")
    for wrong, answer in (
        ({"yes": ""}, nothing), ({"yes": "3,"}, nothing), ({"no": "x"}, nothing), ({"field": ""}, nothing),
        ({"url": ""}, nothing), ({"version": "x"}, (409, "The seed says something else by now; nothing was changed.")),
    ):  # fmt: skip
        assert refused(lambda wrong=wrong: desk.page(seeds.take, path=where, **right | wrong)) == answer, wrong  # type: ignore[misc]
    assert desk.performed == []
    done = desk.page(seeds.take, path=where, **right)
    assert done == Goto("/sources/courier/seed", "discover.links is written into the seed: h2.title")
    assert (desk.folder / "seeds/courier.toml").read_text() == f'{SEED}\n[discover]\nlinks = "h2.title"\n'
    assert desk.performed == [("reload", {})]


def test_a_selector_in_the_text_of_a_seed() -> None:
    for text, field, selector, after in (
        (SEED, "title", "h1", f'{SEED}\n[extract]\ntitle = "h1"\n'),
        ('[extract]\ntitle = "b" # mine\n', "title", "h1", '[extract]\ntitle = "h1" # mine\n'),
        ('[extract]\ntitle = "b"\n', "drop", ".x", '[extract]\ntitle = "b"\ndrop = [".x"]\n'),
        ('[extract]\ndrop = [".a"]\n', "drop", ".x", '[extract]\ndrop = [".a", ".x"]\n'),
        ('[extract]\ndrop = [".x"]\n', "drop", ".x", '[extract]\ndrop = [".x"]\n'),
        ("[extract]\n", "title", '[a="b"]', "[extract]\ntitle = '[a=\"b\"]'\n"),
        ("[extract]\n", "title", '[a="b\'"]', '[extract]\ntitle = "[a=\\"b\'\\"]"\n'),
    ):
        assert seeds.with_selector(text, field, selector) == after


def test_stories_are_listed_and_found(desk: Interface) -> None:
    def titles(**query: str) -> list[str]:
        return [one["title"] for one in desk.page(stories.show_all, asked=query).values["stories"]]

    wall, lamp = "Tarn mends its harbour wall", "A new lamp"
    for query, found in (
        ({}, [lamp, wall]), ({"source": "island"}, [lamp]), ({"since": "1d"}, [wall]), ({"since": "7d"}, [lamp, wall]),
        ({"since": "odd"}, [lamp, wall]), ({"q": "lighthouse"}, [lamp]),
        ({"q": "lamp OR wall", "source": "courier"}, [wall]),
        ({"q": "lamp OR wall", "since": "1d"}, [wall]), ({"out": "yes"}, []), ({"before": "2"}, [wall]),
        ({"before": "x"}, [lamp, wall]),
    ):  # fmt: skip
        assert titles(**query) == found, query
    told = desk.page(stories.show_all, asked={"q": "(wall", "source": "courier"}).values
    assert (told["stories"], told["q"], told["source"], len(told["pointed"])) == ([], "(wall", "courier", 2) and told[
        "why"
    ]
    told = desk.page(stories.show_all).values
    assert (told["older"], told["periods"], told["out"]) == (None, ["1d", "7d", "30d"], False)
    assert told["labels"].keys() == {"courier", "island", "kueste"}
    for field, most in (("q", 1000), ("source", 64), ("since", 8), ("before", 12), ("out", 3)):
        assert refused(lambda field=field, most=most: titles(**{field: "x" * (most + 1)}))[0] == 413  # type: ignore[misc]


def test_one_story_is_shown_held_and_forgotten(desk: Interface) -> None:
    store = desk.room.store
    stored = store.records.get(1)
    assert stored is not None
    identity = {"id": stored.record.id}
    told = desk.page(stories.show, path=identity).values
    assert (told["record"].title, told["held"], told["representative"], told["revisions"]) == (
        stored.record.title, False, stored.record.url, [],
    )  # fmt: skip
    assert [one["url"] for one in told["members"]] == [stored.record.url] and told["reason"] is not None
    assert (told["ids"], told["titles"]["harbour"], told["outcomes"][0].outcome) == (
        {stored.record.url: stored.record.id}, "The harbour", "kept",
    )  # fmt: skip
    story = store.stories.get(stored.story)
    assert story is not None
    assert desk.page(stories.show, path={"id": story.id}).values["record"].id == stored.record.id
    assert refused(lambda: desk.page(stories.show, path={"id": "none"})) == (404, "There is no such story.")
    framed = desk.page(stories.body, path=identity)
    assert framed.pictures and b"council of Tarn" in framed.html
    for what, note, again in (
        ("hold", "It is kept out of the feeds, until you let it back.", "is kept out already"),
        ("release", "It is back in the feeds.", "is in the feeds already"),
    ):
        assert desk.page(stories.change, path=identity, do=what) == Goto(f"/stories/{stored.record.id}", note)
        assert desk.performed.pop() == ("publish", {})
        status, why = refused(lambda what=what: desk.page(stories.change, path=identity, do=what))  # type: ignore[misc]
        assert status == 409 and why.endswith(again)
        assert desk.page(stories.show, path=identity).values["held"] is (what == "hold")
    assert refused(lambda: desk.page(stories.change, path=identity, do="burn")) == (400, "This is no form of ours.")
    assert desk.page(stories.ask_forgetting, path=identity).values["record"].id == stored.record.id
    assert refused(lambda: desk.page(stories.forget, path=identity))[0] == 400
    desk.answers["forget"] = {"clean": False}
    gone = desk.page(stories.forget, path=identity, sure="yes")
    assert gone.path == "/stories" and gone.note.endswith("leave the files of the store a little later.")
    assert desk.performed == [("forget", {})]
    assert refused(lambda: desk.page(stories.show, path=identity))[0] == 404
    desk.answers["forget"] = {"clean": True}
    lamp = store.records.get(2)
    assert lamp is not None
    assert "Copies of the store" in desk.page(stories.forget, path={"id": lamp.record.id}, sure="yes").note


def test_visits_are_listed(desk: Interface) -> None:
    told = desk.page(visits.show).values
    assert (len(told["visits"]), told["older"], told["outcomes"]) == (2, None, ("ok", "unchanged", "failed"))
    for query, count in (
        ({"source": "island"}, 1), ({"source": "kueste"}, 0), ({"outcome": "failed"}, 0), ({"before": "2"}, 1),
        ({"before": "²"}, 2),
    ):  # fmt: skip
        assert len(desk.page(visits.show, asked=query).values["visits"]) == count, query


OPML = """<opml version="2.0"><body>
<outline text="Courier" type="rss" xmlUrl="https://courier.example/rss" htmlUrl="https://courier.example/"/>
<outline text="Post" type="rss" xmlUrl="https://post.example/rss" htmlUrl="https://post.example/"/>
<outline text="Hill" type="rss" xmlUrl="https://hill.example/rss" htmlUrl="https://hill.example/"/></body></opml>"""


def test_sites_of_another_reader_are_carried_over(desk: Interface) -> None:
    assert desk.page(subscriptions.form).values == {"text": "", "rows": [], "skipped": ()}
    looked = desk.page(subscriptions.change, do="look", text=OPML).values
    assert [(one.seed.home, there) for one, there in looked["rows"]] == [
        ("https://courier.example/", True), ("https://post.example/", False), ("https://hill.example/", False),
    ]  # fmt: skip
    names = [one.seed.name for one, _ in looked["rows"]]
    assert (
        looked["text"] == OPML.strip()
        and desk.page(subscriptions.change, do="look", file=OPML, text="x").values["rows"]
    )
    assert refused(lambda: desk.page(subscriptions.change, do="burn"))[0] == 400
    nothing = (422, "Nothing was chosen that is not followed already.")
    assert refused(lambda: desk.page(subscriptions.change, do="write", text=OPML)) == nothing
    taken = {f"take.{names[0]}": "yes", f"take.{names[1]}": "no"}
    assert refused(lambda: desk.page(subscriptions.change, do="write", text=OPML, **taken)) == nothing
    done = desk.page(subscriptions.change, do="write", text=OPML, **taken | {f"take.{names[2]}": "yes"})
    assert done == Goto("/sources", "Followed from now on: 1") and desk.performed == [("reload", {})]
    assert (desk.folder / f"seeds/{names[2]}.toml").exists() and not (desk.folder / f"seeds/{names[1]}.toml").exists()


def test_charts_of_counts() -> None:
    today = date(2026, 3, 2)
    chart = charts.by_day([0, 4, 1], today)
    assert (chart.width, chart.height, chart.highest, chart.total, chart.names) == (30, 100, 4, 5, ())
    assert [(one.x, one.y, one.width, one.height, one.colour, one.told) for one in chart.pieces] == [
        (0, 100.0, 8, 0.0, 0, "2026-02-28: 0"), (10, 0.0, 8, 100.0, 0, "2026-03-01: 4"),
        (20, 75.0, 8, 25.0, 0, "2026-03-02: 1"),
    ]  # fmt: skip
    assert (charts.by_day([], today).highest, charts.by_day([0], today).highest) == (0, 0)
    chart = charts.stacked(["10:00", "11:00"], {"b": [1, 2], "a": [3, 0], "none": [0, 0], "c": [0, 1]})
    assert (chart.width, chart.highest, chart.total) == (20, 4, 7)
    assert chart.names == (("a", 0, 3), ("b", 1, 3), ("c", 2, 1))
    assert [(one.x, one.y, one.height, one.colour, one.told) for one in chart.pieces] == [
        (0, 25.0, 75.0, 0, "10:00, a: 3"), (0, 0.0, 25.0, 1, "10:00, b: 1"),
        (10, 50.0, 50.0, 1, "11:00, b: 2"), (10, 25.0, 25.0, 2, "11:00, c: 1"),
    ]  # fmt: skip
    many = charts.stacked(["x"], {str(n): [9 - n] for n in range(8)})
    assert [colour for _, colour, _ in many.names] == [0, 1, 2, 3, 4, 5, 5, 5]


def test_files_are_replaced_whole_and_the_former_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    assert files.replace_file(path, "ä") == tmp_path / "a.toml.before"
    assert path.read_bytes() == "ä".encode() and not (tmp_path / "a.toml.before").exists()
    path.chmod(0o640)
    for text in ("b", "c"):
        before = path.read_text()
        assert files.replace_file(path, text).read_text() == before
        assert (path.read_text(), path.stat().st_mode & 0o777) == (text, 0o640)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.toml", "a.toml.before"]
    assert files.version(None) == "none" and files.version("a") != files.version("b") and len(files.version("")) == 32
