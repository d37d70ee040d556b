"""What stands above and beside the text: its picture with caption and credit, byline, date, standfirst and headline."""

from __future__ import annotations

from typing import Any

from scrapers.discover.probe import proposal
from scrapers.extract.body import body
from scrapers.extract.body.known import Known
from scrapers.extract.fields import title
from scrapers.extract.fields.headings import Heading
from scrapers.model import Page
from scrapers.page.html import parse
from tests.scrapers.extract.body.test_body import FIRST, FOURTH, SECOND, THIRD, page

AT = "https://courier.example"
FAR = "After the storm the town borrows four million for moorings."


def found(head: str = "", middle: str = "", below: str = "", after: str = "", **known: Any) -> body.Body:
    """The body of an article with this under its headline, amid its text, below it, and behind the article."""
    text = f"<div class=article-body><p>{FIRST}</p><p>{SECOND}</p>{middle}<p>{THIRD}</p><p>{FOURTH}</p>{below}</div>"
    html = page(f"<article><h1>Pier to be rebuilt</h1>{head}{text}</article>{after}")
    told = Known(titles=("Pier to be rebuilt",), url=f"{AT}/a", **known)
    return body.find(parse(Page(f"{AT}/a", html.encode())), told)


def test_the_picture_of_the_text() -> None:
    """Each is (address, caption, credit, alternative text, width, height)."""
    credit = "<p>Photo: Eva Roos</p>"
    for markup, image in (
        (
            "<img src=/a.jpg width=800 height=500px alt=Boats><figcaption>Boats. Photo: Eva Roos</figcaption>",
            ("/a.jpg", "Boats.", "Photo: Eva Roos", "Boats", 800, 500),
        ),
        (
            "<img src=/a.jpg><span>Photo: Eva Roos</span><figcaption>Boats in the ice</figcaption>",
            ("/a.jpg", "Boats in the ice", "Photo: Eva Roos", None, None, None),
        ),
        (
            f"<img src=/a.jpg><figcaption>Boats in the ice</figcaption></figure>{credit}",
            ("/a.jpg", "Boats in the ice", None, None, None, None),
        ),
        ("<img src=/a.jpg width=59></figure><figure><img src=/b.jpg>", ("/b.jpg", None, None, None, None, None)),
        ("<img src=/a.jpg height=59>", None),
        ("<img src=/a.jpg height=60 width=119>", None),
        ("<img src=/a.jpg width=1 height=1>", None),
        ("<img src=/a.jpg width=12345678>", ("/a.jpg", None, None, None, None, None)),
        ("<img data-src=/b.jpg src='data:image/gif;base64,x'>", ("/b.jpg", None, None, None, None, None)),
        ("<img srcset='/s.jpg 300w, /l.jpg 900w'>", ("/l.jpg", None, None, None, None, None)),
        ("<img src=/count.gif?id=1 src=https://stats.example/count.gif>", None),
        ("<img src=/a.jpg hidden>", None),
        ("<video src=/v.mp4 poster=/p.jpg></video>", None),
    ):
        made = found(f"<figure>{markup}</figure>").image
        told = (
            None
            if made is None
            else (made.url.removeprefix(AT), made.caption, made.credit, made.alt, made.width, made.height)
        )
        assert told == image, markup
    figure = "<figure><img src=/m.jpg><figcaption>Boats</figcaption></figure>"
    for places in ({"middle": figure}, {"below": figure}, {"after": figure}):
        made = found(**places).image  # type: ignore[arg-type]
        assert made is not None and (made.url, made.caption) == (f"{AT}/m.jpg", "Boats"), places
    for names in ("ad", "related", "author-bio"):
        assert found(f"<div class={names}><img src=/ad.jpg></div>").image is None, names


def test_lines_between_the_headline_and_the_text() -> None:
    """Each is (byline, date line)."""
    for head, byline, dateline in (
        ("<p>By Ada Marsh</p><p>Published 4 March 2026</p>", "By Ada Marsh", "Published 4 March 2026"),
        ("<p class=author>Ada Marsh</p><p class=date>4 March 2026</p>", "Ada Marsh", "4 March 2026"),
        ("<p>By Ada Marsh</p><p>By Ben Roe</p>", "By Ada Marsh", None),
        (f"<p class=author>{'Ada Marsh ' * 21}</p>", None, None),
        (f"<p class=date>{'4 March 2026 ' * 10}</p>", None, None),
        ("", None, None),
    ):
        made = found(head)
        assert (made.byline, made.dateline) == (byline, dateline), head
    for head, headline in (
        ("", "Pier to be rebuilt"),
        ("<h1>A second one</h1>", "A second one"),
        ("<h1><a href=/x>Linked one</a></h1>", "Pier to be rebuilt"),
        ("<h1>abc</h1>", "Pier to be rebuilt"),
    ):
        assert found(head).headline == headline, head


def test_the_headline_without_the_kicker_in_its_heading() -> None:
    def shortest(*parts: str, disabled: frozenset[str] = frozenset()) -> str:
        heading = Heading("Harbour Pier to be rebuilt", parts, "", None, boilerplate=False)  # type: ignore[arg-type]
        return title._shortest(heading, "Harbour Pier to be rebuilt", disabled)

    assert shortest("Harbour", "Pier to be rebuilt") == "Pier to be rebuilt"
    assert shortest("Pier to be rebuilt", "to be rebuilt") == "Pier to be rebuilt"
    assert shortest("Harbour Pier to be rebuilt") == "Harbour Pier to be rebuilt" == shortest("Harbour")
    assert shortest("Harbour", "Pier to be rebuilt", disabled=frozenset({"kicker"})) == "Harbour Pier to be rebuilt"


def test_a_length_of_time_as_seeds_have_it() -> None:
    for seconds, text in (
        (90, "90s"),
        (60, "1m"),
        (1800, "30m"),
        (3600, "1h"),
        (5400, "90m"),
        (7200, "2h"),
        (59, "59s"),
        (3601, "3601s"),
    ):
        assert proposal._length(seconds) == text
