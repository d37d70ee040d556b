"""Each field of a draft by the witness that is believed for it, where several speak or a seed has chosen."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from scrapers import Draft, Page, Seed, to_record
from scrapers.extract import extract, pipeline
from scrapers.extract.body.body import Body
from scrapers.seed.seed import Extract

URL = "https://courier.example/2026/quay"
SEED = Seed("courier", "https://courier.example/", title="The Courier")
TITLE = "Old quay closed until spring"
BODY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring.",
        "Divers have found a crack below the water that is as long as a bus and in places as wide as a hand.",
        "Until then the ferries land at the new pier, which is smaller, and fishermen have to wait for their turn.",
        "The town has borrowed two million crowns for the work, and hopes that the county will pay half of it.",
    )
)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def draft(
    top: str = "",
    head: str = "",
    *,
    url: str = URL,
    seed: Seed | None = SEED,
    called: str = TITLE,
    text: str = BODY,
    lang: str = "en",
    **chosen: Any,
) -> Draft:
    """What is read from an article with this above its text and in its head; `chosen` are selectors of the seed."""
    if seed is not None and chosen:
        seed = replace(seed, extract=Extract(**chosen))
    page = f"<html lang='{lang}'><head><title>{called}</title>{head}</head><body><main><article><h1>{called}</h1>{top}{text}</article></main></body></html>"
    return extract(Page(url, page.encode(), charset="utf-8"), seed, now=NOW)


def ld(**more: Any) -> str:
    return (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": TITLE, **more})}</script>'
    )


def of(made: Draft, field: str) -> tuple[Any, str | None]:
    return getattr(made, field), made.witnesses.get(field)


def test_what_the_seed_chooses_goes_before_all_others() -> None:
    said = ld(
        author="Eva Roos",
        description="Of data.",
        datePublished="2026-03-01T09:00:00Z",
        image="/ld.jpg",
        keywords="a, b",
    )
    shown = "<h2 class=t>Another title of it</h2><p class=d>A standfirst that the seed has chosen.</p><b class=w>Ben Roe</b><i class=when>2 March 2026</i><div class=pic><img src=/chosen.jpg></div><div class=drop><p>Buy now, and buy much, as long as there is any of it.</p></div>"
    assert of(draft(shown, said), "authors") == (("Eva Roos",), "jsonld")
    for chosen, field, value in (
        ({"title": ".t"}, "title", "Another title of it"),
        ({"subtitle": ".d"}, "subtitle", "A standfirst that the seed has chosen."),
        ({"authors": ".w"}, "authors", ("Ben Roe",)),
        ({"published": ".when"}, "published", "2026-03-02"),
    ):
        assert of(draft(shown, said, **chosen), field) == (value, "selectors"), chosen
    made = draft(shown, said, image=".pic")
    assert made.image is not None and (made.image.url, made.witnesses["image"]) == (
        "https://courier.example/chosen.jpg",
        "selectors",
    )
    made = draft(shown, said, body=".drop")
    assert of(made, "text") == ("Buy now, and buy much, as long as there is any of it.", "selectors")
    assert "Buy now" not in (draft(shown, said, drop=(".drop",)).text or "")
    assert draft(shown, said).witnesses["text"] == "body"
    assert draft("", "", text="").witnesses.get("text") is None


def test_the_language_is_declared_told_by_the_seed_or_by_the_text() -> None:
    short = "<p>Ok.</p>"
    for lang, seed, text, found in (
        ("en", SEED, BODY, ("en", "declared")),
        ("", replace(SEED, language="de"), short, ("de", "seed")),
        ("", SEED, short, (None, None)),
        ("", None, short, (None, None)),
        ("", replace(SEED, language="de"), BODY, ("en", "text")),
    ):
        assert of(draft(lang=lang, seed=seed, text=text, called="Ok"), "language") == found, (lang, seed)


def test_the_standfirst_is_told_by_the_head_or_marked() -> None:
    for head, body, found in (
        (
            '<meta name=description content="Nobody lands there for months.">',
            "",
            ("Nobody lands there for months.", "meta"),
        ),
        (
            "",
            "<p class=standfirst>Nobody lands there for months, says the master.</p>",
            ("Nobody lands there for months, says the master.", "markup"),
        ),
    ):
        made = draft(f"{body}<p class=byline>By Ada Marsh</p>", head)
        assert of(made, "subtitle") == found, (head, body)


def test_authors_of_the_house_give_way_to_a_line_by_somebody() -> None:
    house = ld(author="The Courier")
    line = "<p>By Ada Marsh</p>"
    for body, head, found in (
        ("", house, (("The Courier",), "jsonld")),
        (line, house, (("Ada Marsh",), "byline")),
        (line, ld(author="Eva Roos"), (("Eva Roos",), "jsonld")),
        ("", "", ((), None)),
    ):
        assert of(draft(body, head), "authors") == found, (body, head)
    assert of(draft("", house, text=f"{BODY}<p>Text: Ada Marsh</p>"), "authors")[0] in (
        ("Ada Marsh",),
        ("The Courier",),
    )


def test_a_line_of_the_body_names_the_author_where_nobody_but_the_house_does() -> None:
    heard: Any = SimpleNamespace(sites=frozenset({"the courier"}))
    house, ada = (("The Courier",), "jsonld"), (("Ada Marsh",), "byline")
    for writers, byline, found in (
        (house, "By Ada Marsh", ada),
        (((), ""), "By Ada Marsh", ada),
        ((("Eva Roos",), "meta"), "By Ada Marsh", (("Eva Roos",), "meta")),
        ((("The Courier", "Eva Roos"), "meta"), "By Ada Marsh", (("The Courier", "Eva Roos"), "meta")),
        (house, None, house),
        (house, "By", house),
    ):
        assert pipeline._writers_with_byline(writers, Body(byline=byline), heard, TITLE) == found, (writers, byline)


def test_a_picture_as_the_page_shows_it() -> None:
    shown = "<figure><img src=/a.jpg width=800 height=500 alt=Boats><figcaption>Boats in the ice. Photo: Eva Roos</figcaption></figure>"
    told = '<meta property="og:image" content="/a.jpg">'
    other = '<meta property="og:image" content="https://cdn.example/b.jpg">'
    for body, head, url, caption, who in (
        (shown, told, "https://courier.example/a.jpg", "Boats in the ice.", "meta"),
        (shown, "", "https://courier.example/a.jpg", "Boats in the ice.", "markup"),
        ("", other, "https://cdn.example/b.jpg", None, "meta"),
    ):
        made = draft(body, head)
        assert made.image is not None, head
        assert (made.image.url, made.image.caption, made.witnesses["image"]) == (url, caption, who), head
    assert draft().image is None and "image" not in draft().witnesses


def test_what_is_read_of_a_page_whose_address_is_not_known() -> None:
    head = '<link rel=canonical href="https://courier.example/2026/03/04/quay"><meta property="og:url" content="https://courier.example/2026/03/04/quay">'
    assert draft(head=head, url="").published == "2026-03-04"
    assert draft(head=ld(url="https://courier.example/2026/03/04/quay"), url="").title == TITLE
    assert draft(url="").published is None


def test_who_may_read_it_and_what_else_is_told() -> None:
    assert (
        draft(head=ld(isAccessibleForFree=False)).paywalled and not draft(head=ld(isAccessibleForFree=True)).paywalled
    )
    assert draft(head="<meta name=robots content='noarchive'>").robots == ("noarchive",)
    made = draft(
        head='<meta http-equiv=refresh content="0; url=https://island.example/quay"><link rel=canonical href="https://courier.example/q">'
    )
    assert of(made, "canonical") == ("https://island.example/quay", "doorway")
    assert of(draft(head='<link rel=canonical href="https://courier.example/q">'), "canonical") == (
        "https://courier.example/q",
        "meta",
    )
    assert of(draft(head=ld(datePublished="2026-03-01T09:00:00Z", dateModified="2026-03-02T09:00:00Z")), "updated") == (
        "2026-03-02T09:00:00+00:00",
        "jsonld",
    )
    assert of(draft(head=ld(articleSection="Harbour")), "section") == ("Harbour", "jsonld")
    assert of(draft(head=ld(publisher={"name": "Courier Ltd"})), "publisher") == ("Courier Ltd", "jsonld")
    assert draft(head=ld(**{"@type": "AdvertiserContentArticle"})).sponsored and not draft().sponsored


def test_a_base_holds_for_all_that_the_page_tells_by_relative_addresses() -> None:
    picture = "<figure><img src='i/quay.jpg' width=800 height=500><figcaption>The quay</figcaption></figure>"
    linked = BODY.replace("the new pier", "<a href='topics/pier.html'>the new pier</a>") + picture
    head = "<base href='/site/'><link rel=next href='2026/quay?page=2'><link rel=canonical href='2026/quay'>"
    read = draft(head=head, text=linked, url="https://courier.example/site/2026/quay")
    assert read.base == "https://courier.example/site/"
    assert read.next_page == "https://courier.example/site/2026/quay?page=2"
    assert read.canonical == "https://courier.example/site/2026/quay"
    record = to_record(read, url="https://courier.example/site/2026/quay", seed=SEED, first_seen=NOW)
    assert 'href="https://courier.example/site/topics/pier.html"' in record.html
    assert record.image is not None
    assert record.image.url == "https://courier.example/site/i/quay.jpg"


@pytest.mark.parametrize("head", ["", "<base target=_blank>", f"<base href='{URL}'>", "<base href='javascript:0'>"])
def test_a_page_without_a_base_of_its_own(head: str) -> None:
    assert draft(head=head).base is None


def test_a_base_goes_with_the_body_that_it_is_meant_for() -> None:
    page = Draft(title="Old quay", base="https://courier.example/site/", html="<a href='x'>x</a>")
    feed = Draft(text="A quay", html="<a href='y'>y</a>")
    assert feed.or_else(page).base is None
    assert Draft(text="A quay").or_else(page).base == page.base
    assert page.or_else(feed).base == page.base
    assert Draft(title="x").or_else(Draft(text="y", base="https://courier.example/site/")).base is None
