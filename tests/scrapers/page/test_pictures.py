"""A blurred preview is no picture: its address leads to the picture itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers import Draft, Image, Seed, to_record
from scrapers.normalise.sanitise import sanitise
from scrapers.page.pictures import is_generic, is_placeholder, same_picture, sharp
from tests.support.cases import judged

PICTURE = "https://media.example/media/ab12~mv2.jpg"
PREVIEW = f"{PICTURE}/v1/fill/w_147,h_83,al_c,q_80,usm_0.66_1.00_0.01,blur_2,enc_auto/ab12~mv2.jpg"
WHOLE = f"{PICTURE}/v1/fill/w_740,h_416,al_c,q_80/ab12~mv2.jpg"


@pytest.mark.parametrize(("url", "wanted"), [(PREVIEW, PICTURE), (WHOLE, WHOLE), ("https://c.example/blur_1.jpg",) * 2])
def test_the_address_of_the_picture_itself(url: str, wanted: str) -> None:
    assert sharp(url) == wanted


def test_a_body_and_a_record_show_the_picture() -> None:
    assert f'src="{PICTURE}"' in sanitise(f'<p>Text</p><img src="{PREVIEW}" alt="The quay">', "https://c.example/")
    text = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring."
    draft = Draft(title="Quay closed", text=text, html=f"<p>{text}</p>", image=Image(PREVIEW))
    seed = Seed(name="c", home="https://c.example/")
    record = to_record(draft, url="https://c.example/quay", seed=seed, first_seen=datetime(2026, 3, 1, tzinfo=UTC))
    assert record.image is not None
    assert record.image.url == PICTURE


PLACEHOLDERS = [
    "/",
    "",
    "/img/blank.jpg",
    "/img/placeholder-1200x630.png",
    "/no-image.jpg",
    "/static/courier-logo.png",
    "/static/Logo_OG_1200.jpg",
    "/img/default-share-image.png",
    "/brand.svg",
]
PICTURES = [
    "/img/ferry-in-the-harbour.jpg",
    "/img/how-the-city-chose-its-new-logo-this-year.jpg",
    "/image?id=4711",
    "/media/8f2c11aa90",
]


@pytest.mark.parametrize("path", PLACEHOLDERS + PICTURES)
def test_placeholders_are_no_pictures(path: str) -> None:
    assert is_generic(f"https://c.example{path}") is (path in PLACEHOLDERS)


HOLDING = [
    *("blank", "spacer", "placeholder", "transparent", "trans", "lazy", "lazyload", "lazy-placeholder", "loading"),
    *("loader", "preload", "preloader", "grey", "gray", "1x1", "1px", "empty", "dummy", "pixel", "clear", "no-image"),
    *("no_image", "noimage", "noimg", "image-placeholder", "default_image", "img-blank"),
]


@pytest.mark.parametrize("name", HOLDING)
def test_what_holds_the_place_of_a_picture_is_known_by_its_name(name: str) -> None:
    assert is_placeholder(f"https://c.example/uploads/{name}.gif")
    assert is_placeholder(f"https://c.example/images/{name.upper()}.gif")
    assert not is_placeholder(f"https://c.example/images/a{name}b.gif")


@judged(
    "one, other, same",
    yes=[
        # a name that no other picture has, by its digits or by its hyphens, on another host and in another folder
        ("https://a.example/x/harbour-at-dawn.jpg", "https://cdn.example/y/harbour-at-dawn-640x480.jpg"),
        ("https://a.example/x/img20260301123456.jpg", "https://cdn.example/y/img20260301123456.jpg"),
        ("https://a.example/x/harbour_at_dawn.jpg", "https://cdn.example/y/harbour_at_dawn.jpg"),
        ("http://[", "http://["),
    ],
    no=[
        # a plain word may name many
        ("https://a.example/x/illustrations.jpg", "https://cdn.example/y/illustrations.jpg"),
        ("https://a.example/x/1.jpg", "https://a.example/y/1.jpg"),
        ("https://a.example/harbour-at-dawn.jpg", "https://a.example/harbour-at-dusk.jpg"),
        ("http://[", "https://a.example/x.jpg"),
    ],
)
def test_one_picture_in_several_sizes_is_one(one: str, other: str, same: bool) -> None:
    assert same_picture(one, other) is same
