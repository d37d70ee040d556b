"""Pictures: which address of many is shown, what is none, and when two addresses show one picture."""

from __future__ import annotations

import pytest

from scrapers.page import pictures
from scrapers.page.pictures import Candidate, Picture, picture
from tests.support.cases import judged

BASE = "https://courier.example/a/"
HOST = "https://courier.example"


def srcset(*told: tuple[str, str]) -> tuple[Candidate, ...]:
    return tuple((f"{HOST}/{name}.jpg", size) for name, size in told)


@pytest.mark.parametrize(
    ("attributes", "name", "candidates", "sizes"),
    [
        ({"src": "i.jpg"}, "a/i", (), ""),
        ({"src": "/i.jpg", "data-src": "/l.jpg"}, "l", (), ""),
        ({"src": "/i.jpg", "data-src": "data:image/gif;base64,AA"}, "i", (), ""),
        (
            {"src": "/blank.gif", "srcset": "/s.jpg 800w, /b.jpg 1600w, /c.jpg 2400w", "sizes": " 50vw "},
            "b",
            srcset(("s", "800w"), ("b", "1600w"), ("c", "2400w")),
            "50vw",
        ),
        ({"src": "/i.jpg", "srcset": "/s.jpg 1x, /b.jpg 2x"}, "i", srcset(("s", "1x"), ("b", "2x")), ""),
        ({"srcset": "/s.jpg, /b.jpg 2x", "sizes": "50vw"}, "b", srcset(("s", ""), ("b", "2x")), ""),
        ({"srcset": "/s.jpg, /b.jpg 3x"}, "s", srcset(("s", ""), ("b", "3x")), ""),
        ({"srcset": "/s.jpg 6001w"}, "s", srcset(("s", "6001w")), ""),
        ({"srcset": "/s.jpg 6001w, /t.jpg 400w"}, "t", srcset(("t", "400w")), ""),
        ({"srcset": "/s.jpg 1728w, /u.jpg 1729w"}, "s", srcset(("s", "1728w"), ("u", "1729w")), ""),
        ({"srcset": "/t.jpg 3000w, /s.jpg 2000w"}, "s", srcset(("t", "3000w"), ("s", "2000w")), ""),
        ({"data-srcset": "/l.jpg 300w", "srcset": "/i.jpg 400w"}, "l", srcset(("l", "300w")), ""),
        ({"srcset": "/s,t.jpg 800w 600h,/u.jpg 900w"}, "u", srcset(("s,t", "800w"), ("u", "900w")), ""),
        ({"srcset": "/s.jpg wide, /u.jpg 900w"}, "u", srcset(("u", "900w")), ""),
        ({"srcset": "/s.jpg"}, "s", (), ""),
        ({"data-src": "/{width}.jpg", "data-widths": "[180, 800, 1700, 2400]"}, "1700", (), ""),
        ({"data-src": "/{width}.jpg", "data-widths": "[2400, 1900]"}, "1900", (), ""),
    ],
)
def test_the_address_that_is_shown(
    attributes: dict[str, str | None], name: str, candidates: tuple[Candidate, ...], sizes: str
) -> None:
    assert picture(attributes, [], BASE) == Picture(f"{HOST}/{name}.jpg", candidates, sizes)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"src": ""},
        {"src": "word"},
        {"src": "{x}.jpg"},
        {"src": "/" + "a" * 2000},
        {"src": "/blank.gif"},
        {"data-src": "/{width}.jpg"},
    ],
)
def test_no_picture(attributes: dict[str, str | None]) -> None:
    assert picture(attributes, [], BASE) is None


def test_sources_around_count_where_the_picture_has_no_candidates_of_its_own() -> None:
    around = list(srcset(("x", "800w")))
    assert picture({"src": "/i.jpg"}, around, BASE) == Picture(f"{HOST}/x.jpg", tuple(around))
    own = picture({"src": "/i.jpg", "srcset": "/s.jpg 400w"}, around, BASE)
    assert own == Picture(f"{HOST}/s.jpg", srcset(("s", "400w")))
    many = picture({"srcset": ", ".join(f"/{n}.jpg {n}w" for n in range(100, 120))}, [], BASE)
    assert many is not None
    assert len(many.srcset) == 12


def test_the_source_that_suits_any_reader() -> None:
    narrow = {"srcset": "/p.jpg", "media": "(max-width: 600px)"}
    modern = {"srcset": "/w.webp", "type": "image/webp"}
    wide = {"srcset": "/w.jpg", "media": "(min-width: 600px)", "type": "image/jpeg"}
    plain = {"srcset": "/n.jpg", "type": "image/png"}
    order = [narrow, modern, wide, plain]
    names = []
    while order:
        ((url, _),) = pictures.of_sources(order, BASE)
        names.append(url.removeprefix(f"{HOST}/"))
        order.pop()
    assert names == ["n.jpg", "w.jpg", "w.webp", "p.jpg"]
    assert pictures.of_sources([{}, plain], BASE) == [(f"{HOST}/n.jpg", "")]
    assert pictures.of_sources([{}], BASE) == []
    for media in ("print", "(orientation: portrait)"):
        assert pictures.of_sources([{"srcset": "/p.jpg", "media": media}, modern], BASE) == [(f"{HOST}/w.webp", "")]


@pytest.mark.parametrize(
    ("told", "number"),
    [("800", 800), ("800px", 800), (" 8 ", 8), ("0", None), ("1", 1), ("20000", 20000), ("20001", None), ("8.5", None),
     ("", None), (None, None), ("٨", None)],
)  # fmt: skip
def test_pixels(told: str | None, number: int | None) -> None:
    assert pictures.pixels(told) == number


def test_pixels_within_other_bounds() -> None:
    assert pictures.pixels("0", 0) == 0
    assert pictures.pixels("9999999", most=10**9) == 9999999
    assert pictures.pixels("10000000", most=10**9) is None


@judged(
    "url, counter",
    yes=[
        "https://stats.courier.example/x.gif",
        "https://track3.courier.example/x",
        "https://a.doubleclick.net/x",
        "https://courier.example/a-pixel.gif",
        "https://courier.example/tr",
        "https://courier.example/collect",
        "https://courier.example/~r/x",
        "https://courier.example/tracker/5",
    ],
    no=[
        "https://courier.example/pixels.gif",
        "https://courier.example/collects",
        "https://courier.example/i.jpg",
        "http://[",
    ],
)
def test_counters(url: str, counter: bool) -> None:
    assert pictures.is_counter(url) is counter


@pytest.mark.parametrize(
    ("path", "generic"),
    [
        ("", True),
        ("/", True),
        ("/?i=1", False),
        ("/logo.png", True),
        ("/the-new-logo.png", True),
        ("/town-hall-shows-its-logo.png", False),
        ("/quay.svg", True),
        ("/blank.png", True),
        ("/noPhoto.jpg", True),
        ("/missing-boats-in-the-old-harbour-now.jpg", False),
        ("/default.jpg", True),
        ("/default-share.jpg", True),
        ("/share-boats.jpg", False),
        ("/image.jpg", False),
        ("/og-image.jpg", False),
        ("/favicon.ico", True),
        ("/fallback_1200x630.jpg", True),
        ("/img/default/quay.jpg", False),
        ("/quay", False),
    ],
)
def test_pictures_that_are_of_no_story(path: str, generic: bool) -> None:
    assert pictures.is_generic(HOST + path) is generic
    assert pictures.is_generic("http://[")


@pytest.mark.parametrize(
    ("attributes", "tiny"),
    [
        ({"width": "2"}, True),
        ({"width": "0"}, True),
        ({"width": "3", "height": "2px"}, True),
        ({"width": "3", "height": "3"}, False),
        ({"style": "width:1px"}, True),
        ({"style": "color:red; height : 0"}, True),
        ({"style": "max-width:1px"}, False),
        ({"style": "width:12px"}, False),
        ({"style": "width:3px"}, False),
        ({}, False),
    ],
)
def test_tiny_elements(attributes: dict[str, str | None], tiny: bool) -> None:
    assert pictures.is_tiny(attributes) is tiny


def test_hidden_elements() -> None:
    hidden = ({"hidden": None}, {"style": "display: none"}, {"style": "visibility:hidden"})
    assert all(pictures.is_hidden(one) for one in hidden)
    assert not any(pictures.is_hidden(one) for one in ({}, {"style": "display:block"}, {"style": None}))


@judged(
    "one, other, same",
    yes=[
        ("/a/quay-800x600.jpg", "/a/quay.jpg"),
        ("/w_800/the-old-quay.jpg", "/w_400/the-old-quay.jpg"),
        ("/x/the-old-quay.jpg", "/y/the-old-quay.jpg"),
        ("/quay.jpg?w=1", "/quay.jpg?w=2"),
        ("/r/https://courier.example/i/quay.jpg", "/i/quay.jpg"),
        ("/r/?u=https%3A%2F%2Fcourier.example%2Fi%2Fquay.jpg", "/i/quay.jpg"),
        ("/media/ab12/v1/fill/w_1/q.jpg", "/media/ab12/v1/crop/w_2/z.jpg"),
        ("/a/quay@2x.jpg", "/a/quay.jpg"),
        ("/a/quay-scaled.jpg", "/a/quay-thumb.jpg"),
        ("/800/quay.jpg", "/400/quay.jpg"),
    ],
    no=[
        ("/x/the-old-qua.jpg", "/y/the-old-qua.jpg"),  # eleven characters
        ("/x/theoldquaynow.jpg", "/y/theoldquaynow.jpg"),
        ("/x/quay.jpg", "/y/quay.jpg"),
        ("/quay.jpg?id=1", "/quay.jpg?id=2"),
        ("/media/ab12/v1/fill/w_1/q.jpg", "/media/ab13/v1/fill/w_1/q.jpg"),
        ("/a/quay.jpg", "/a/quay.png"),
    ],
)
def test_two_addresses_of_one_picture(one: str, other: str, same: bool) -> None:
    assert pictures.same_picture(HOST + one, HOST + other) is same
