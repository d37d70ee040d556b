"""Pictures of articles under addresses of our own: signed, in every document, and none of the sites' is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.compose.compose import compose
from feeds.compose.content import with_pictures_from
from feeds.compose.image_links import Asked, asked, link, unwrapped
from feeds.publish.write import sound
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, record

KEY = b"k" * 32
HOME = "https://courier.example/"
URL = "https://courier.example/pictures/a.jpg?size=900&crop=1"


@given(st.text(st.characters(codec="ascii", exclude_characters=" \n"), max_size=300))
def test_an_address_comes_back_as_it_was_signed(rest: str) -> None:
    url = f"https://cdn.example/{rest}"
    path = link("https://desk.example", KEY, url, HOME).removeprefix("https://desk.example")
    assert asked(KEY, path) == Asked(url, own=False)
    assert asked(b"x" * 32, path) is None
    assert unwrapped(f'<img src="https://desk.example/sub{path}" alt="">') == f'<img src="{url}" alt="">'
    plain = '<img src="https://courier.example/i/large/a.jpg">'
    assert unwrapped(plain) == plain


def test_whose_picture_it_is_is_signed_too() -> None:
    path = link("", KEY, URL, HOME)
    assert asked(KEY, path) == Asked(URL, own=True)
    assert asked(KEY, link("", KEY, URL, "https://courier.example:8443/")) == Asked(URL, own=False)


@pytest.mark.parametrize(
    "spoil", ["", "/i/", "/i/x/y", "/i/" + "A" * 22 + "/" + "B" * 40, "/x" + link("", KEY, URL, HOME)]
)
def test_what_was_not_signed_is_nothing(spoil: str) -> None:
    assert asked(KEY, spoil) is None


def test_no_letter_of_it_can_be_changed() -> None:
    path = link("", KEY, URL, HOME)
    for place in range(3, len(path), 7):
        other = "A" if path[place] != "A" else "B"
        assert asked(KEY, f"{path[:place]}{other}{path[place + 1 :]}") is None or path[place] == "/"


def test_every_picture_of_every_document_comes_from_us() -> None:
    html = (
        '<p>A text.</p><picture><source srcset="https://cdn.example/b.webp 2x"><img src="https://cdn.example/b.jpg"'
        ' srcset="https://cdn.example/b2.jpg 2x" alt="Boats"></picture>'
        '<video src="https://cdn.example/v.mp4" poster="https://cdn.example/p.jpg" controls></video>'
    )
    one = entry(0, of=record(0, html=html))
    topic = replace(TOPIC, images="proxy")
    feed = compose(topic, [one], site=replace(SITE, picture_key=KEY), feed_id=FEED_ID)
    documents, _ = sound(feed)
    for data in documents.values():
        text = data.decode()
        assert "https://desk.example/i/" in text
        for name in ("b.webp", "b.jpg", "b2.jpg", "p.jpg", "harbour-at-dawn-0.jpg"):
            assert f"/{name}" not in text
        assert "v.mp4" in text, "a film is not brought"
    image = feed.entries[0].image
    assert image is not None
    assert asked(KEY, image.url.removeprefix("https://desk.example")) == Asked(
        "https://courier.example/pictures/harbour-at-dawn-0.jpg", own=True
    )
    assert image.length is None and image.type is None, "no enclosure of a length that may not be true"
    assert compose(topic, [one], site=replace(SITE, picture_key=KEY), feed_id=FEED_ID) == feed
    # without a key there is nobody who could bring them
    assert "<img" not in compose(topic, [one], site=SITE, feed_id=FEED_ID).entries[0].content


def test_a_body_without_pictures_is_left_as_it_is() -> None:
    assert with_pictures_from("<p>A &lt;b&gt; text</p>", lambda url: "x") == "<p>A &lt;b&gt; text</p>"
    film = with_pictures_from('<video src="/v.mp4" poster="/p.jpg"></video>', lambda url: f"{url}?ours")
    assert film == '<video src="/v.mp4" poster="/p.jpg?ours"></video>'
    photo = with_pictures_from('<p>a</p><img src="/p.jpg" alt="b">', lambda url: f"{url}?ours")
    assert photo == '<p>a</p><img src="/p.jpg?ours" alt="b">'
