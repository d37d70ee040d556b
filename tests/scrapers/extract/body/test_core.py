"""The core of a page: the element that holds the article's prose."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

from scrapers.extract.body.units.blocks import Element, Looks
from scrapers.extract.body.units.cutting import cut
from scrapers.extract.body.units.grouping import into_units
from scrapers.extract.body.weigh.core import find_core, signature
from scrapers.model import Page
from scrapers.page.html import parse
from tests.scrapers.extract.body.test_body import FIFTH, FIRST, FOURTH, SECOND, THIRD, page

PARTS = [
    (FIRST, SECOND),
    (SECOND, THIRD),
    (THIRD, FOURTH),
    (FOURTH, FIFTH),
    (FIFTH, FIRST),
    (FIRST, THIRD),
    (SECOND, FIFTH),
]


def core_of(html: str) -> Element:
    sheet = into_units(cut(parse(Page("", page(html).encode()))), set())
    return find_core(sheet, [block for block in sheet.blocks if block.length]).core


def test_the_core_of_an_article_of_many_sections_holds_all_of_them() -> None:
    sections = "".join(
        f"<section class=part><div class=box><h2>Part {n}</h2><div><div><div class=rich-text><p>{one}</p><p>{other}</p></div></div></div></div></section>"
        for n, (one, other) in enumerate(PARTS)
    )
    assert core_of(f"<h1>Pier to be rebuilt</h1><div class=sections>{sections}</div>").named() == "div.sections"


def test_the_core_of_a_page_of_many_stories_is_one_of_them() -> None:
    stories = "".join(
        f"<article class=story><h2><a href=/{n}>Story {n}</a></h2><div><div><div><div class=rich-text><p>{one}</p><p>{other}</p></div></div></div></div></article>"
        for n, (one, other) in enumerate(PARTS)
    )
    assert core_of(f"<div class=stories>{stories}</div>").named() == "div.rich-text"


def test_paragraphs_with_an_id_each_look_alike() -> None:
    inner = "".join(
        f'<p class="text" id="QXVT{c}LKJ">{p}</p>'
        for c, p in zip("ABCDE", (FIRST, SECOND, THIRD, FOURTH, FIFTH), strict=True)
    )
    sheet = cut(parse(Page("", page(f"<div class=story>{inner}</div>").encode())))
    found = {
        signature(block)
        for block in sheet.blocks
        if block.tag == "p" and block.element.parent and block.element.parent.tag == "div"
    }
    assert found == {"p.text<div.story"}


def test_names_tell_the_id_and_what_repeats_does_not() -> None:
    looks = Looks("div", 'class="row-7 box" id="lead-9" role="list"')
    assert looks.name() == "div.row-7 box lead-9 list"
    assert looks.nameless == "div.row- box list"
    assert Looks("div", 'data-id="x" class="box"').name() == "div.box"
