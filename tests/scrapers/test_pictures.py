"""A blurred preview is no picture: its address leads to the picture itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers import Draft, Image, Seed, to_record
from scrapers.pictures import sharp
from scrapers.sanitise import sanitise

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
