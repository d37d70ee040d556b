"""The numbers that the weights were learned from: of every unit of the invented articles, alone and with its neighbours.

Other numbers need other weights (`python -m benchmarks.train_body`). Where a change is meant, put it into numbers.json.
"""

# ruff: noqa: E501  (markup reads best in lines of its own)

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scrapers.extract.body.known import Known
from scrapers.extract.body.units.blocks import Looks
from scrapers.extract.body.units.cutting import cut
from scrapers.extract.body.units.grouping import into_units
from scrapers.extract.body.weigh import context, features, text_numbers
from scrapers.model import Page
from scrapers.page.html import parse
from tests.support.odd_pages import ARTICLES, prose
from tests.support.whole_pages import kept

KEPT = Path(__file__).with_name("numbers.json")
KNOWN = Known(
    titles=("Barges wait at the lock", "Brücke wird gesperrt"),
    subtitle="Forty boats lie below the mill, and the ice is still thick.",
    bodies=("The keeper of the lock counted 42 barges on Monday and said that nobody in the valley had seen so many",),
    authors=("Ada Marsh", "Erika Muster"),
)
PAGES = {
    **ARTICLES,
    "sections": f"""<body><div id=top-12 class=navigation><a href=/a>Home</a> <a href=/b>All that was written in the last days</a></div>
<img src=/a.jpg><div class=caption>The lock at dawn</div><h1>Another headline of the day</h1><div class=story><section class=part><h2>BARGES
WAIT AT THE LOCK: PART 1 OF 2</h2><div class=text>{prose(1, 2)}<p>Is it over? No! They wait: 17 of them. And so on</p><p>“It is not,”
she said.</p><p>({"A short line in brackets " * 2})</p><p>As <a href=/c>was told here before</a>, it was a winter of ice.</p></div></section>
<section class="advert box"><p>Buy a <b>barge</b> today, the offer ends soon, said the man at the door.</p></section><section class=part><h3>Read
more</h3><div class=text><ul><li>The first of them had flour and salt.</li><li>The next <a href=/d>had nothing at all</a>.</li></ul>{prose(3, 3)}
<table><tr><td>Lock<td>Boats<tr><td>Upper mill<td>17</table><blockquote>I have <strong>flour for three days</strong> and no
more.</blockquote><pre>open --lock</pre><dl><dt>Lock<dd>a gate for boats</dl></div></section></div><h1>What else is new</h1><div
class=comments><p>I was there as well, and it was cold in the morning and colder at night.</p><p>Not I</p></div><footer><p>The Valley
Post, 2026. All that you see here is ours, and we are glad that you read it to the end.</p></footer></body>""",
    "viewer": f"""<body><article><h1>Barges wait</h1><p>By Erika Muster</p><div data-hook="post-description"><div><p>A beginning of some
words that stands alone</p></div><div><div>{prose(5, tag="div")}</div></div></div></article><article><h1>Another</h1><div><div
class=teaser>{prose(6, 7, 8)}</div></div></article></body>""",
    "deep": f"""<body><p>The weather of the day was fine and dry, and nobody at the lock had seen so much of it.</p>{"<div>" * 14}<article>
{prose(1, 2, 3)}{"<section>" * 14}{prose(4)}<p>{" <b>so</b> <i>it</i> " * 40}</p>{"</section>" * 14}{"<p>Said the keeper of the lock.</p>" * 6}
{prose(5)}</article>{"</div>" * 14}</body>""",
    "two boxes": f"""<body><div><main><div class=first><article class=one>{prose(1)}</article></div><div class=second><article class=two>
{prose(2)}</article></div><aside><p>A word on the weather of the day, which was fine and dry.</p></aside></main></div></body>""",
}


def numbers_of(name: str) -> dict[str, str]:
    """The numbers of each unit of an invented page that are not 0, by the beginning of its text."""
    sheet = into_units(cut(parse(Page(f"https://{name}.example/", PAGES[name].encode(), charset="utf-8"))), set())
    measured = features.measure(sheet, KNOWN, every=True)
    odds = [4.0 - at % 9 for at in range(len(measured.weighed))]
    told = {}
    for at, (unit, alone, beside) in enumerate(
        zip(measured.weighed, measured.rows, context.beside(measured, odds), strict=True)
    ):
        own = len(context.NAMES) - len(context._TAKEN)
        row = [*zip(features.NAMES, alone, strict=True), *zip(context.NAMES[:own], beside[:own], strict=True)]
        told[f"{at} {unit.text[:20]}"] = " ".join(f"{name}={value:.4g}" for name, value in row if value)
    return told


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_numbers_of_an_invented_article(name: str) -> None:
    assert numbers_of(name) == kept(KEPT)[name]


def test_what_is_told_from_bytes_is_what_patterns_tell() -> None:
    """Capitals, digits, words and names of text are told from its bytes where it is Latin, else by patterns."""
    signs = [chr(n) for n in range(0x2200)]
    for sign in signs:
        for head in (f"A{sign}1", f"{sign}\u2019Éz", sign):
            capitals, figures = len(text_numbers._UPPER.findall(head)), len(text_numbers._DIGIT.findall(head))
            assert text_numbers._upper_and_digits(head) == (capitals / len(head), figures / len(head)), head
        text = f"The{sign}Mill_2 {sign}"
        assert features._words(text) == frozenset(features._WORD.findall(text.lower())), text
        looks = Looks("div", f'class="box-{sign.replace(chr(34), "")}12"')
        looks.name()
        assert looks.nameless == re.sub(r"\d", "", f"div.box-{sign}12").replace(chr(34), ""), sign


if __name__ == "__main__":
    found = {name: numbers_of(name) for name in sorted(PAGES)}
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
