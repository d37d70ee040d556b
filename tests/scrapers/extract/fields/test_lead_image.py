"""The picture of the head found again on the page, and caption and credit apart."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.fields.headings import headings
from scrapers.extract.fields.lead_image import REACH, lead, same, split_credit
from scrapers.extract.readers.nodes import gather
from scrapers.model import Image

BASE = "https://courier.example/"
HEAD = "https://courier.example/og/the-old-quay-closed.jpg"


def shown(markup: str, told: str = HEAD) -> Image | None:
    return same(LexborHTMLParser(markup), told, BASE)


def test_the_picture_as_the_page_shows_it() -> None:
    found = shown(
        '<figure><div><img src="/i/the-old-quay-closed.jpg" alt="Boats" width="800" height="400"></div>'
        "<figcaption>Boats wait <small>Ada Vos</small></figcaption></figure>"
    )
    assert found == Image(f"{BASE}i/the-old-quay-closed.jpg", "Boats wait", "Ada Vos", "Boats", 800, 400)


def test_a_small_picture_and_another_one_are_not_taken() -> None:
    picture = '<img src="/i/the-old-quay-closed.jpg" width="{}">'
    assert shown(picture.format(199)) is None
    assert shown(picture.format(200)) == Image(f"{BASE}i/the-old-quay-closed.jpg", width=200)
    assert shown('<img src="/i/other.jpg" alt="the-old-quay-closed">') is None
    assert shown('<img src="/x.jpg">', "https://courier.example/x.jpg") is None


def test_a_picture_that_the_page_shows_through_a_service_is_that_of_the_head() -> None:
    through = f'<img src="https://cdn.example/r/{HEAD}">'
    assert shown(through) == Image(HEAD)


@pytest.mark.parametrize(
    ("path", "distinctive"),
    [
        ("a/the-old-quay-closed.jpg", True),
        ("a/the_old_quay_closed.jpg", True),
        ("a/the-old-quay-ok.jpg", False),  # fifteen characters
        ("a/theoldquayclosednow.jpg", False),
        ("1234567/x.jpg", True),
        ("123456/x.jpg", False),
        ("a1b2c3d4e5/x.jpg", True),
        ("a1b2c3d4e/x.jpg", False),
        ("ab-1234567c/x.jpg", False),
        ("1234567/a/b/c/x.jpg", False),
        ("x.jpg?id=12345678", False),
        ("the-old-quay-closed/x.jpg", False),  # a folder
    ],
)
def test_what_no_other_picture_has_in_its_address(path: str, distinctive: bool) -> None:
    address = f"https://media.example/{path}"
    assert shown(f'<img src="{address}">', address) == (Image(address) if distinctive else None)


@pytest.mark.parametrize(
    ("caption", "credit", "apart"),
    [
        ("Boats. Photo: Ada Vos", None, ("Boats.", "Photo: Ada Vos")),
        ("Boats | Foto: Ada Vos", None, ("Boats", "Foto: Ada Vos")),
        ("© Ada Vos", None, (None, "© Ada Vos")),
        ("Boats (Ada Vos)", "Ada Vos", ("Boats", "Ada Vos")),
        ("Boats Ada Vos.", "Ada Vos", ("Boats", "Ada Vos")),
        ("Boats", "Ada Vos", ("Boats", "Ada Vos")),
        ("Boats", None, ("Boats", None)),
        (None, "Ada Vos", (None, "Ada Vos")),
        ("", None, (None, None)),
    ],
)
def test_caption_and_credit(caption: str | None, credit: str | None, apart: tuple[str | None, str | None]) -> None:
    assert split_credit(caption, credit) == apart


def beside(markup: str) -> Image | None:
    """The picture that is the lead of a page with this markup."""
    tree = LexborHTMLParser(f"<html><body>{markup}</body></html>")
    return lead(tree, next(iter(headings(gather(tree))), None), BASE)


def test_the_picture_beside_the_headline() -> None:
    head, small = "<h1>Old quay closed</h1>", "<img src=/s.jpg width=199>"
    for markup, url in (
        (f"{head}<img src=/a.jpg>", "a.jpg"),
        (f"{head}<h2>More</h2><img src=/a.jpg>", "a.jpg"),
        (f"{head}<img src=/a.jpg><img src=/b.jpg>", "a.jpg"),
        (f"{head}{small}<img src=/b.jpg width=200>", "b.jpg"),
        (f"{head}<img src=/s.jpg height=99><img src=/b.jpg height=100>", "b.jpg"),
        (f"{head}<img src=/logo.png><img src=/b.jpg>", "b.jpg"),
        (f"{head}<img class=avatar src=/a.jpg><img src=/b.jpg>", "b.jpg"),
        (f"{head}<aside><img src=/a.jpg></aside><img src=/b.jpg>", "b.jpg"),
        (f"{head}<img alt=x><img src=/b.jpg>", "b.jpg"),
        (f"{head}{small * (REACH - 1)}<img src=/b.jpg>", "b.jpg"),
        (f"{head}{small * REACH}<img src=/b.jpg>", None),
        (f"{head}<picture><source srcset='/l.jpg 1200w'><img src=/a.jpg></picture>", "l.jpg"),
        (f"<article><div><img src=/a.jpg></div>{head}</article>", "a.jpg"),
        (f"<article><img src=/x.jpg><div><img src=/a.jpg></div>{head}</article>", "a.jpg"),
        (f"<main><div><img src=/a.jpg></div>{head}</main>", None),
        (f"<img src=/a.jpg><article>{head}</article>", None),
        (f"<article><i><i><i><i><i><img src=/a.jpg></i></i></i></i></i>{head}</article>", "a.jpg"),
        (f"<article><i><i><i><i><i><i><img src=/a.jpg></i></i></i></i></i></i>{head}</article>", None),
        (head, None),
        ("<img src=/a.jpg>", None),
    ):
        found = beside(markup)
        assert (found and found.url.removeprefix(BASE)) == url, markup
    picture = "<img src=/a.jpg alt=Boats width=800 height=400>"
    caption = "<figcaption>In the ice <cite>Ada Vos</cite></figcaption>"
    assert beside(f"<figure>{head}{picture}{caption}</figure>") == Image(
        f"{BASE}a.jpg", "In the ice", "Ada Vos", "Boats", 800, 400
    )
    assert beside(f"{head}<figure>{picture}{caption}</figure>") is None, "a figure is read with the text"
