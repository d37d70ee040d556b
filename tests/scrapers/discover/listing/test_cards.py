"""What stands apart on a teaser: kicker, time and author beside the title, dates in sentences, files, signs."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers import Link
from scrapers.discover.listing.url_shapes import is_file
from tests.support.cases import each, judged
from tests.support.fronts import TITLES, address, links_on

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def front(card: str, *, more: str = "", language: str = "en") -> dict[str, Link]:
    """The links of a front of six teasers; in `card`, TITLE and URL stand for those of each."""
    cards = "".join(
        f"<article class=teaser>{card}</article>".replace("TITLE", title).replace("URL", address(title))
        for title in TITLES
    )
    html = (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>The Valley Echo</title></head><body>"
        f"<header><a href=/>The Valley Echo</a></header><main>{cards}</main>{more}"
        "<footer><a href=/about-us>About us</a></footer></body></html>"
    )
    return links_on(html, now=NOW)


@each(
    "card",
    beside_kickers_times_and_names=[
        "<h3><a href=URL><span class=teaser__kicker>Traffic</span> <span>TITLE</span></a></h3>",
        "<h3><span class=topline>Traffic</span> <a href=URL>TITLE</a></h3>",
        "<h3><a href=URL><span class=x1>Traffic</span><span class=x2>TITLE</span></a></h3>",
        "<a href=URL><h3>TITLE <time>6 minutes ago</time></h3></a>",
        "<a href=URL><h3>TITLE <span class=x3>6 minutes ago</span></h3></a>",
        "<a href=URL><h3>TITLE <span class=byline>By Kim Lund</span></h3></a>",
        "<a href=URL><span class=category>Traffic</span> <strong>TITLE</strong> <span class=author-name>Kim Lund</span></a>",
        "<a href=URL><div class=label>Exclusive</div><div class=x>TITLE</div><div class=date>19 May 2026</div></a>",
    ],
    among_links_and_headings=[
        "<span><a href=URL>TITLE</a></span><time>19 May 2026</time><a href=URL>Read more<span class=visually-hidden> about TITLE</span></a>",
        "<a href=URL>TITLE</a><a href=URL aria-hidden=true>Weiterlesen: TITLE</a>",
        '<div><a class="x1 x2" href=URL>TITLE</a><a class="x1 x3" href=URL>What the neighbours say, what it costs, and who is going to pay for all of it by the end of the year</a></div>',
        "<h2 class=date-header><span>Tuesday, 19 May 2026</span></h2><h3 class=x4><a href=URL>TITLE</a></h3>",
        "<h3><a href=URL>TITLE</a></h3><div><p>All of it stands here.</p><h2>What is to be done about the money</h2><p>More of it.</p></div>",
    ],
)
def test_the_title_stands_alone(card: str) -> None:
    found = front(card)
    assert [found[address(title)].hint.title for title in TITLES] == list(TITLES)


def test_a_title_of_two_emphasised_parts_stays_whole() -> None:
    found = front("<h3><a href=URL><em>Exclusive:</em> <span>TITLE</span></a></h3>")
    assert found[address(TITLES[0])].hint.title == f"Exclusive: {TITLES[0]}"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<p>The mill was closed on 3 May 2019 by order of the court.</p>", None),
        ("<p>Since 12.04.2011 nobody has paid so much for a loaf of bread in the valley.</p>", None),
        ("<span>19 May 2026</span>", "2026-05-19"),
        ("<span>Kim Lund | 19 May 2026</span>", "2026-05-19"),
        ("<p>Published on 19 May 2026 in our paper for the whole of the valley</p>", "2026-05-19"),
        ("<span class=card__time>5m ago</span>", "2026-05-20T11:55:00+00:00"),
        ("<span class=update-box>sometimes 3 May 2019 counts, and sometimes it does not</span>", None),
    ],
)
def test_the_date_of_a_teaser_is_a_line_of_its_own(line: str, published: str | None) -> None:
    found = front(f"<h3><a href=URL>TITLE</a></h3>{line}")
    assert {found[address(title)].hint.published for title in TITLES} == {published}


def test_a_german_day_without_a_year() -> None:
    found = front("<h3><a href=URL>TITLE</a></h3><span class=datum>19.05. 10:30 Uhr</span>", language="de")
    assert found[address(TITLES[0])].hint.published == "2026-05-19T10:30:00"


def test_the_day_of_an_agencys_address() -> None:
    html = front("<h3><a href=/wire/agency-com-20090101-260519-99-4711>TITLE</a></h3>")
    assert html["/wire/agency-com-20090101-260519-99-4711"].hint.published == "2026-05-19"


def test_a_day_of_the_future_in_an_address_is_none() -> None:
    html = front("<h3><a href=/2099/01/02/URL>TITLE</a></h3>".replace("/URL", "URL"))
    assert [link.hint.published for link in html.values()] == [None] * len(TITLES)


@pytest.mark.parametrize(
    "line",
    [
        "<p>The bridge was closed on 3 May 2025, and nobody knows when it opens again.</p>",
        "<div>On 12 April 2026 the council met behind closed doors, as it had before.</div>",
        "<div class=text>Since 2026-04-12 the ferry has been out of order; the council looks on.</div>",
        "The ferry sank on 3 May 2025 and was never found by anybody who looked for it.",
        "<p>Am 3. Mai 2025 wurde die Brücke gesperrt, seither wird gestritten.</p>",
        "<span>（2025年5月3日）这座桥在这一天关闭，至今没有人知道什么时候重新开放。</span>",
    ],
)
def test_a_day_of_the_past_in_a_sentence_is_no_date_of_the_story(line: str) -> None:
    for url in ("URL", "/2026/05/19URL"):
        found = front(f"<h3><a href={url}>TITLE</a></h3>{line}").values()
        assert {link.hint.published for link in found} == {None if url == "URL" else "2026-05-19"}


def test_linked_pictures_of_other_sites_make_no_aggregator() -> None:
    for name in ("photo-N.jpg", "photo-N.jpg?size=large", "photo-N.jpg/", "photo-N.heic", "view?file=photo-N.png"):
        widget = "".join(
            f"<li><a href=https://pics{n % 3}.example/{name.replace('N', str(n))}><img src=/s{n}.jpg></a>"
            f"<p>The harbour in the morning light, picture {n}</p></li>"
            for n in range(12)
        )
        assert set(front("<h3><a href=URL>TITLE</a></h3>", more=f"<div><ul>{widget}</ul></div>")) == {
            address(title) for title in TITLES
        }


def test_files_and_feeds_are_no_stories() -> None:
    more = "".join(
        f'<div class=widget><h3><a href="/pictures/harbour-at-night-number-{n}.jpg">A long night in the old harbour, part {n}</a></h3></div>'
        for n in range(12)
    )
    more += '<a href="/feed.xml">All of our stories as a feed for your reader</a><a href="/?feed=rss2">Another feed of stories</a>'
    assert set(front("<h3><a href=URL>TITLE</a></h3>", more=more)) == {address(title) for title in TITLES}


@judged(
    "url, wanted",
    yes=[
        "https://echo.example/a/photo.JPG?w=900",
        "https://echo.example/a/film.mp4",
        "https://echo.example/sitemap.xml.gz",
        "https://echo.example/?feed=rss2",
        "https://echo.example/a/photo.jpg/",
        "https://echo.example/a/photo.jpg;v=2",
        "https://echo.example/a/photo.jfif",
        "https://echo.example/a/sound.opus",
        "https://echo.example/a/report.PDF#page=2",
        "https://echo.example/download?file=report.pdf",
    ],
    no=[
        "https://echo.example/news/story.html",
        "https://echo.example/photo.jpg.html",
        "https://echo.example/news/python-3.11",
        "https://echo.example/news/story?from=pdf",
        "https://echo.example/news/the.end",
        "https://echo.example/",
    ],
)
def test_is_file(url: str, wanted: bool) -> None:
    assert is_file(url) is wanted


def test_a_sign_is_no_title() -> None:
    found = front(
        '<h3><a href=URL>TITLE</a></h3><a class=permalink href="URL">#</a> <a href="URL">∞</a> <a href="URL">Permalink</a>'
    )
    assert [found[address(title)].hint.title for title in TITLES] == list(TITLES)


def test_a_blogroll_makes_no_aggregator() -> None:
    roll = "".join(
        f"<li><a href=https://friend{n}.example/>The other valley blog number {n}</a></li>" for n in range(20)
    )
    roll += "".join(
        f"<li><a href=https://far{n}.example/2026/05/a-story-of-another-blog>A story of another blog, number {n}</a></li>"
        for n in range(20)
    )
    found = front("<h3><a href=URL>TITLE</a></h3>", more=f"<aside class=sidebar><h4>Blogs</h4><ul>{roll}</ul></aside>")
    assert set(found) == {address(title) for title in TITLES}


def test_a_placeholder_is_no_picture() -> None:
    found = front("<a href=URL><img src=/img/blank.jpg><img src=/img/ferry.jpg></a><h3><a href=URL>TITLE</a></h3>")
    picture = found[address(TITLES[0])].hint.image
    assert picture is not None
    assert picture.url == "https://echo.example/img/ferry.jpg"


HEAD = "<h3><a href=URL>TITLE</a></h3>"
TOLD = "What it is about is told here in some words more than twenty-five."
AT = "https://echo.example"


def test_what_a_card_tells_of_its_story() -> None:
    """Title, date, summary, picture and author of a card; of each of the parts what is one and what only looks so."""
    for card, field, told in (
        (HEAD, "subtitle", None),
        (f"{HEAD}<p>{TOLD}</p>", "subtitle", TOLD),
        (f"{HEAD}<p>{TOLD}</p><p>{TOLD} {TOLD}</p>", "subtitle", f"{TOLD} {TOLD}"),
        (f"{HEAD}<p>Short words of a card.</p>", "subtitle", None),
        (f"{HEAD}<p>TITLE, and so on, with more</p>", "subtitle", None),
        (f"<a href=URL><img src=/a.jpg></a><i>x</i><p>{TOLD}</p>", "subtitle", None),
        (f"{HEAD}<time datetime=2026-05-19T10:00Z>x</time>", "published", "2026-05-19T10:00:00+00:00"),
        (f"{HEAD}<time class=updated datetime=2026-05-20>x</time><time datetime=2026-05-19>x</time>", "published", "2026-05-19"),
        (f"{HEAD}<time itemprop=updated datetime=2026-05-20>x</time><time content=2026-05-19>x</time>", "published", "2026-05-19"),
        (f"{HEAD}<time>19 May 2026</time>", "published", "2026-05-19"),
        (f"{HEAD}<time datetime=odd>19 May 2026</time>", "published", "2026-05-19"),
        (f"{HEAD}<span class=date title='19 May 2026'>Tuesday</span>", "published", "2026-05-19"),
        (f"{HEAD}<span class=date content=2026-05-19>Tuesday</span>", "published", "2026-05-19"),
        (f"{HEAD}<span class=date datetime=2026-05-19>Tuesday</span>", "published", "2026-05-19"),
        (f"{HEAD}<div class=date title=2026-05-19>{'Tuesday ' * 21}</div>", "published", None),
        (f"{HEAD}<span class=date>Kim Lund | 19 May 2026, 10:30</span>", "published", "2026-05-19T10:30:00"),
        (f"{HEAD}<span class=date>3 hours ago</span>", "published", "2026-05-20T09:00:00+00:00"),
        (f"{HEAD}<span class=date>{'some words of it ' * 2} 3 hours ago</span>", "published", None),
        (f"{HEAD}<span>3 hours ago</span>", "published", "2026-05-20T09:00:00+00:00"),
        (f"{HEAD}<span>3 hours ago, they say in the town</span>", "published", None),
        (f"{HEAD}<img src=/a.jpg alt='The boats'>", "image", (f"{AT}/a.jpg", "The boats")),
        (f"{HEAD}<img src=/blur_a.jpg><img src=/b.jpg>", "image", (f"{AT}/b.jpg", None)),
        (f"{HEAD}<img src=/blur_a.jpg><img src=/blur_b.jpg>", "image", (f"{AT}/blur_a.jpg", None)),
        (f"{HEAD}<img src=/a.gif width=1 height=1><img data-src=/b.jpg src='data:image/gif;base64,x'>", "image", (f"{AT}/b.jpg", None)),
        (f"{HEAD}<img src=https://stats.example/count.gif?id=1><img src=/c.jpg>", "image", (f"{AT}/c.jpg", None)),
        (f"{HEAD}<span class=author>By Kim Lund</span>", "authors", ("Kim Lund",)),
        (f"{HEAD}<a rel=author href=/kim>Kim Lund</a>", "authors", ("Kim Lund",)),
        (f"{HEAD}<span class=author>TITLE</span>", "authors", ()),
        (f"{HEAD}<span class=author>19 May 2026</span><span class=author>Ida Holm</span>", "authors", ("Ida Holm",)),
        (f"{HEAD}<span class=author>AB</span>", "authors", ()),
        (f"{HEAD}<span class=author>{'Kim Lund ' * 10}</span>", "authors", ()),
        ("<a href=URL><img src=/a.jpg alt='The boats of the harbour'></a>", "title", ("The boats of the harbour", "picture")),
        ("<a href=URL aria-label='The boats of the harbour'><img src=/a.jpg alt=short></a>", "title", ("The boats of the harbour", "label")),
        ("<a href=URL><img src=/a.jpg alt=short></a><p>Boats lie in the harbour.</p>", "title", ("Boats lie in the harbour.", "text")),
        ("<a href=URL title='The boats of the harbour'>Read more</a>", "title", ("The boats of the harbour", "label")),
        ("<a href=URL>Read more</a><h4>TITLE</h4>", "title", ("TITLE", "heading")),
        ("<a href=URL>Read more</a><div class=title>TITLE</div>", "title", ("TITLE", "listing")),
        ("<h3><a href=URL>Read more</a></h3><div class=title>TITLE</div>", "title", ("TITLE", "listing")),
        (f"<h2 class=kicker>Harbour</h2>{HEAD}", "title", ("TITLE", "heading")),
        ("<h4><a href=URL>TITLE</a></h4><h3>Quay</h3>", "title", ("TITLE", "heading")),
        (f"<h2>19 May 2026</h2>{HEAD}", "title", ("TITLE", "heading")),
        ("<a href=URL><b class=title>TITLE</b> and a summary that is a good deal longer than it</a>", "title", ("TITLE", "listing")),
        ("<a href=URL>Quay</a><div class=title>TITLE</div>", "title", ("TITLE", "listing")),
        ("<a href=URL>Read more about TITLE</a><a href=URL>TITLE</a>", "title", ("TITLE", "listing")),
        (f"<a href=URL>TITLE</a><a href=URL>{TOLD}</a>", "title", ("TITLE", "listing")),
    ):  # fmt: skip
        hint = front(card)[address(TITLES[0])].hint
        found = getattr(hint, field)
        if field == "image":
            found = (found.url, found.alt)
        elif field == "title":
            found = (found.replace(TITLES[0], "TITLE"), hint.witnesses["title"])
        assert found == told, card
