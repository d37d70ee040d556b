"""The evidence of links: each value by the markup and the address that make it, and what stands in a story's box."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.discover.listing import evidence
from scrapers.discover.listing.anchors import Candidate, collect
from scrapers.discover.listing.evidence import Evidence

HOME = "https://echo.example/"
TITLE = "The night ferry runs all winter"
SLUG = "/news/the-night-ferry-runs-all-winter"
OTHER = "<article><h2><a href=/news/another-story-of-the-day>Another story of the day</a></h2></article>"


def prepared(markup: str) -> list[Candidate]:
    """The links of a page, with titles and boxes."""
    tree = LexborHTMLParser(f"<html><body><main>{markup}</main></body></html>")
    collected = collect(tree, HOME)
    evidence.prepare(tree, collected)
    return collected.candidates


def seen(markup: str, *, url: str = HOME) -> Evidence:
    """The evidence of the first link of a page."""
    tree = LexborHTMLParser(f"<html><body><main>{markup}</main></body></html>")
    collected = collect(tree, url)
    return evidence.gather(tree, collected, evidence.groups(collected.candidates), url)[0]


def of_address(path: str, title: str = TITLE, *, url: str = HOME) -> Evidence:
    return seen(f"<a href='{path}'>{title}</a>{OTHER}", url=url)


@pytest.mark.parametrize(
    ("text", "letters"), [("", 0), ("quay", 4), ("éé", 2), ("年", 2.5), ("ferry 年年", 6 + 5), ("ข่", 5)]
)
def test_wide_letters_weigh_more(text: str, letters: float) -> None:
    assert evidence.weigh_text(text) == pytest.approx(letters)


@pytest.mark.parametrize(
    "text",
    [
        "Read more",
        "Continue reading",
        "Weiter lesen",
        "Lire la suite",
        "12 comments",
        "Permalink",
        "»",
        "#",
        "",
        "next page »",
    ],
)
def test_a_prompt_says_nothing_of_its_story(text: str) -> None:
    assert evidence.is_prompt(text)


@pytest.mark.parametrize("text", [TITLE, "Readers vote", "More than a hundred ferries were late", "12"])
def test_words_of_a_story_are_no_prompt(text: str) -> None:
    assert not evidence.is_prompt(text)


def test_the_title_is_the_longest_text_of_the_links_that_is_no_prompt() -> None:
    (one,) = prepared("<a href=/x>The ferry</a><a href=/x>The night ferry</a><a href=/x>Continue reading this</a>")
    assert one.title == "The night ferry"
    (one,) = prepared("<a href=/x>More</a><a href=/x>Read more</a>")
    assert one.title == "Read more"
    (one,) = prepared("<a href=/x><img src=/a.jpg></a>")
    assert one.title == ""
    (one,) = prepared("<h2><a href=/x>In short <b>The night ferry</b></a></h2><a href=/x>The night</a>")
    assert one.title == one.heading


BOX = (
    f"<article><img src=/a.jpg><picture><img src=/b.jpg></picture><h3>{TITLE}</h3><h4>Second heading</h4>"
    f"<p>Short.</p><p>A longer paragraph about the ferry.</p><p>Middle one here.</p><time>1 March</time><time>2 March</time>"
    f"<a href={SLUG}>Continue reading now</a></article>{OTHER}"
)


def test_what_stands_in_the_box_of_a_story_is_its_own() -> None:
    one, other = prepared(BOX)
    assert one.images == 3  # the picture and both images
    assert [node.text() for node in one.times] == ["1 March", "2 March"]
    assert one.box_heading == TITLE
    assert one.paragraph == "A longer paragraph about the ferry."
    assert (other.images, other.times, other.paragraph, other.box_heading) == (0, [], "", "Another story of the day")


def test_what_stands_between_stories_is_nobodys() -> None:
    for markup in ("<img src=/c.jpg>", "<time>1 March</time>", "<p>Some words between them.</p>", "<h3>Today</h3>"):
        one, other = prepared(f"<div>{OTHER}{markup}{OTHER.replace('another', 'third')}</div>")
        for candidate in (one, other):
            assert (candidate.images, candidate.times, candidate.paragraph) == (0, [], ""), markup
            assert candidate.box_heading == "Another story of the day"


def test_boxes_are_those_of_links_that_may_be_stories() -> None:
    tag = "<a rel=tag href=/tag/ferry>Everything on ferries</a>"
    one, minor = prepared(f"<article><img src=/a.jpg><h3><a href={SLUG}>{TITLE}</a></h3>{tag}</article>{OTHER}")[:2]
    assert (one.images, minor.images) == (1, 0)


def test_evidence_of_a_box() -> None:
    told = seen(BOX)
    assert told["image"] == told["time"] == told["box_heading"] == 1.0
    assert told["only_more"] == 1.0
    assert told["paragraph"] == pytest.approx(len("A longer paragraph about the ferry.") / 200)
    assert "extra_paragraph" not in told
    long = seen(f"<article><a href={SLUG}>{TITLE}</a><p>{'A longer paragraph. ' * 5}</p></article>{OTHER}")
    assert long["extra_paragraph"] == 1.0
    bare = seen(f"<a href={SLUG}>{TITLE}</a>{OTHER}")
    assert {"image", "time", "box_heading", "paragraph", "only_more", "heading"} & bare.keys() == set()
    assert seen(f"<h2><a href={SLUG}>{TITLE}</a></h2>{OTHER}")["heading"] == 1.0
    assert seen(f"<a href={SLUG}><i></i></a>{OTHER}")["no_title"] == 1.0


def test_evidence_of_a_title() -> None:
    told = of_address(SLUG)
    assert told["length"] == pytest.approx(len(TITLE) / 120)
    assert told["text_length"] == pytest.approx(len(TITLE) / 200)
    assert told["words"] == pytest.approx(6 / 16)
    assert {"digits", "upper", "shared_text", "no_title"} & told.keys() == set()
    assert of_address(SLUG, "12 ferries")["digits"] == pytest.approx(2 / 10)
    assert of_address(SLUG, "FERRY LATE")["upper"] == 1.0
    assert "upper" not in of_address(SLUG, "BBC")
    assert seen(f"<a href=/a>{TITLE}</a><a href=/b>{TITLE.upper()}</a>")["shared_text"] == 1.0
    assert seen(f"<a href=/a>{TITLE}</a><a href=/a>x</a><a href=/b>y</a>")["links"] == pytest.approx(2 / 4)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (SLUG, {"slug_kind"}),
        ("/2026/03/01/ferry", {"date_path"}),
        ("/ferries", {"word_kind"}),
        ("/news/12345", {"number_kind"}),
        ("/news/the-night-ferry-runs-4711", {"number_tail"}),
        ("/news/story.html?page=2", {"paged", "query", "query_number", "extension"}),
        ("/page/2", {"paged"}),
        ("/story.php?id=4711", {"query", "query_number", "extension"}),
        ("https://www.other.example/a", {"other_host", "other_site"}),
        ("https://sport.echo.example/a", {"other_host"}),
        ("/tag/ferry", {"lists"}),
    ],
)
def test_evidence_of_an_address(path: str, names: set[str]) -> None:
    kinds = {
        *("slug_kind", "word_kind", "number_kind", "number_tail", "date_path", "paged", "query", "query_number"),
        *("extension", "other_host", "other_site", "lists", "root"),
    }
    told = {name for name in of_address(path) if name in kinds}
    assert names <= told
    assert not told & {"other_host", "other_site", "paged", "query", "query_number", "date_path", "root"} - names


def test_evidence_of_an_address_beside_that_of_the_page() -> None:
    assert of_address("https://echo.example:8080/")["root"] == 1.0
    beneath = of_address("/news/sport/ferry-race", url="https://echo.example/news")
    assert beneath["beneath"] == 1.0
    assert "beneath" not in of_address("/newspaper/ferry-race", url="https://echo.example/news")
    assert of_address("/news", url="https://echo.example/news/sport")["ancestor"] == 1.0
    assert "ancestor" not in of_address("/sport", url="https://echo.example/news/sport")
    parent = seen(f"<a href=/news>News of today</a><a href={SLUG}>{TITLE}</a>{OTHER}")
    assert parent["parent"] == pytest.approx(1.5849625 / 5)
    assert of_address("/a/b/c/d")["segments"] == pytest.approx(4 / 7)


@pytest.mark.parametrize(
    ("rel", "name"),
    [("bookmark", "rel_bookmark"), ("tag", "rel_tag"), ("category tag", "rel_tag"), ("author", "rel_author"),
     ("nofollow", "rel_nofollow"), ("sponsored", "rel_nofollow")],
)  # fmt: skip
def test_evidence_of_a_relation(rel: str, name: str) -> None:
    found = {one for one in seen(f"<a rel='{rel}' href={SLUG}>{TITLE}</a>{OTHER}") if one.startswith("rel_")}
    assert found == {name}
    assert "rel_tag" not in seen(f"<a rel=stage href={SLUG}>{TITLE}</a>{OTHER}")


def test_evidence_of_a_place() -> None:
    sentence = seen(f"<p>More on this is told in <a href={SLUG}>the report</a> of the week.</p>{OTHER}")
    assert sentence["in_text"] == pytest.approx(
        1 - len("the report") / len("More on this is told in the report of the week.")
    )
    assert "in_text" not in seen(f"<p><a href={SLUG}>{TITLE}</a></p>{OTHER}")
    assert "in_text" not in seen(f"<h2>Today: <a href={SLUG}>{TITLE}</a></h2>{OTHER}")
    assert seen(f"<ul><li><a href={SLUG}>{TITLE}</a></li></ul>{OTHER}")["list_item"] == 1.0
    assert "list_item" not in seen(f"<div><a href={SLUG}>{TITLE}</a></div>{OTHER}")
    assert seen(f"<a title='Another text' href={SLUG}>{TITLE}</a>{OTHER}")["labelled"] == 1.0
    assert "labelled" not in seen(f"<a title='{TITLE}' href={SLUG}>{TITLE}</a>{OTHER}")
    assert seen(f"<nav><a href={SLUG}>{TITLE}</a></nav>{OTHER}").keys() >= {"in_nav", "near_nav"}


def test_twins_in_distant_menus() -> None:
    between = "".join(f"<a href=/n/{n}>Story number {n}</a>" for n in range(6))
    assert seen(f"<a href=/about>About</a>{between}<a href=/about>About</a>")["far_twins"] == 1.0
    assert "far_twins" not in seen(f"<a href=/about>About</a>{between}<a href=/about>About us</a>")
    assert "far_twins" not in seen(f"<a href=/about>About</a><a href=/about>About</a>{between}")
    assert "far_twins" not in seen(f"<a href=/about>About</a>{between}<a href=/about><img src=/a.jpg></a>")


@pytest.mark.parametrize(
    ("segment", "title", "share"),
    [
        ("night-ferry", "The night ferry runs", 2 / 5),
        ("night-train", "The night ferry runs", 1 / 5 * 0.75),
        ("the-night-ferry-runs-all-winter-long", "The night ferry runs all winter long", 1.0),
        ("ueber-den-fluss", "Über den Fluß", 3 / 5),
        ("uber-den-fluss", "Über den Fluss", 3 / 5),
        ("a-b-2026", "The night ferry runs", 0.0),
        ("", "The night ferry runs", 0.0),
        ("night", "", 0.0),
    ],
)
def test_words_of_an_address_in_the_title(segment: str, title: str, share: float) -> None:
    assert evidence._overlap(segment, title, title.split()) == pytest.approx(share)


def test_what_the_others_of_a_group_are_like() -> None:
    cards = "".join(
        f"<article class=card><img src=/{n}.jpg><h3><a href=/news/a-story-of-the-harbour-number-{n}00>A story of the harbour, number {n}00</a></h3></article>"
        for n in range(1, 5)
    )
    told = seen(f"{cards}<nav class=menu><a href=/about>About us</a><a href=/team>The team</a></nav>")
    assert told["shape_heading"] == told["look_heading"] == told["shape_image"] == 1.0
    assert told["shape_good"] == told["shape_others"] == told["look_others"] == 1.0
    assert told["shape_size"] == pytest.approx(2 / 6)
    assert told["shape_mass"] == 1.0
    assert "shape_nav" not in told
    alone = of_address("/one/of/a/kind-4711")
    assert alone["shape_others"] == 0.5
    assert "shape_size" not in alone


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/news/8f3a2b1c9d4e", "id_kind"),
        ("/news/0b0c7a52-9a64-4c3e-8d7e-5f2f1f0a9b11", "id_kind"),
        ("/news/12345", "number_kind"),
        ("/ferries", "word_kind"),
        ("/night-ferry", "duo_kind"),
        ("/the-night-ferry-runs-late", "slug_kind"),
    ],
)
def test_the_kind_of_the_last_part_is_one_alone(path: str, name: str) -> None:
    kinds = {"id_kind", "number_kind", "word_kind", "duo_kind", "slug_kind"}
    assert kinds & of_address(path).keys() == {name}


def test_evidence_of_lengths_is_bounded() -> None:
    long = "-".join(f"word{n}" for n in range(30))
    told = of_address(f"/{long}", " ".join(f"Word{n}" for n in range(80)))
    for name in ("length", "text_length", "words", "slug_words", "segment_length"):
        assert told[name] == 1.0, name
    assert of_address("/one-two-three")["slug_words"] == pytest.approx(3 / 10)
    assert of_address("/one-two-three")["segment_length"] == pytest.approx(13 / 60)
    assert of_address("/" + "/".join("abcdefghij"))["segments"] == 1.0


def test_evidence_of_the_page_around() -> None:
    told = of_address(SLUG)
    assert told["crowd"] == pytest.approx(1.5849625 / 10)  # two links
    assert told["length_here"] == pytest.approx(
        min(told["length"] / max(told["length"], len("Another story of the day") / 120), 2.0) / 2
    )
    deep = seen(f"<div><div><div><a href={SLUG}>{TITLE}</a></div></div></div>{OTHER}")
    flat = seen(f"<a href={SLUG}>{TITLE}</a>{OTHER}")
    assert deep["box"] - flat.get("box", 0.0) == pytest.approx(3 / 8)
    assert deep["depth"] - flat["depth"] == pytest.approx(3 / 30)


def test_groups_of_links() -> None:
    hrefs = ("/news/sport/a-story", "/news/other", "/top", "https://b.example/news/x/y")
    tree = LexborHTMLParser("".join(f"<p class=card><a href={href}>x</a></p>" for href in hrefs))
    found = evidence.groups(collect(tree, HOME).candidates)
    assert [key[:2] for key in found["prefix"]] == [  # type: ignore[index]
        ("echo.example", "news"), ("echo.example", "news"), ("echo.example", ""), ("b.example", "news"),
    ]  # fmt: skip
    assert len(set(found["path"])) == len(set(found["look"])) == 1
    assert len(set(found["shape"])) == 4


@pytest.mark.parametrize(
    ("inside", "paragraph", "heading"),
    [
        ("<p>The <b>night</b><i>ferry</i></p>", "The night ferry", None),
        ("<p>Two  words</p>", "Two words", None),
        ("<p>First one</p><p>Other one</p><p>Short</p>", "First one", None),
        ("<p>Second</p><p>a  longer</p>", "a longer", None),
        (f"<p>a{' ' * 2100}b</p>", "a", None),
        (f"<p>{'a' * 1500}</p>", "a" * 1000, None),
        ("<h3>Night<br>ferry</h3><h3>Other</h3>", "", "Night ferry"),
        (f"<h3>a{' ' * 2100}b</h3>", "", "a"),
        (f"<h3>{'a' * 500}</h3>", "", "a" * 300),
        ("<h3> </h3><h4>Ferry</h4>", "", "Ferry"),
    ],
)
def test_the_words_of_a_box_are_clean_and_short(inside: str, paragraph: str, heading: str | None) -> None:
    one, _ = prepared(f"<article>{inside}<a href={SLUG}>Continue reading now</a></article>{OTHER}")
    assert (one.paragraph, one.box_heading) == (paragraph, heading)


def test_what_stands_deeper_than_anybody_builds_is_nobodys() -> None:
    one, _ = prepared(f"{'<div>' * 30}<time>1 March</time>{'</div>' * 30}{OTHER}{OTHER.replace('another', 'third')}")
    assert one.times == []
