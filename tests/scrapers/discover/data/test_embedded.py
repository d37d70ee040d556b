"""Which data of a page tell of stories: kinds of scripts, their bounds, and the forms of JSON-LD."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

import json
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scrapers.discover.data.embedded_data import Data, read
from scrapers.discover.listing.url_shapes import key_of
from scrapers.model import Draft
from scrapers.page.jsonld import MAX_BLOCKS

HOME = "https://echo.example/"
ARTICLE = {"@type": "NewsArticle", "headline": "Quay closed until spring", "url": "/a"}
TOLD = {
    "title": "The quay is closed until spring",
    "url": "/news/the-quay-is-closed",
    "publishedAt": "2026-03-01T09:00:00Z",
    "excerpt": "It is closed.",
}
STATE = json.dumps(
    {"items": [TOLD, {**TOLD, "title": "The mill turns again at last", "url": "/news/the-mill-turns-again"}]}
)


def of(*scripts: str) -> Data:
    return read(LexborHTMLParser(f"<html><head>{''.join(scripts)}</head></html>"), HOME)


def ld(told: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def sure(told: Any) -> list[str]:
    """The paths of the stories in a block of JSON-LD."""
    return [url.removeprefix(HOME) for url, _ in of(ld(told)).sure.values()]


def test_the_forms_in_which_json_ld_lists_stories() -> None:
    item: dict[str, Any] = {"@type": "ListItem", "name": "Quay closed until spring"}
    for told, paths in (
        (ARTICLE, ["a"]),
        ([ARTICLE, {**ARTICLE, "url": "/b"}], ["a", "b"]),
        ({"@graph": [{"@type": "WebPage", "mainEntity": ARTICLE}]}, ["a"]),
        ({**ARTICLE, "@type": ["Thing", "https://schema.org/BlogPosting"]}, ["a"]),
        ({**ARTICLE, "@type": "Product"}, []),
        ({**ARTICLE, "@type": None}, []),
        ({**ARTICLE, "url": None}, []),
        ({**ARTICLE, "url": None, "mainEntityOfPage": {"@id": "/m"}}, ["m"]),
        ({**ARTICLE, "url": None, "mainEntityOfPage": {"url": "/m"}}, ["m"]),
        ({**ARTICLE, "url": None, "mainEntityOfPage": "https://echo.example/m"}, ["m"]),
        ({**ARTICLE, "url": None, "mainEntityOfPage": True, "@id": "/i"}, ["i"]),
        ({**ARTICLE, "url": None, "@id": "#i"}, []),
        ({**ARTICLE, "url": "/a", "@id": "/i"}, ["a"]),
        ({"@type": "ItemList", "itemListElement": [{**item, "url": "/a"}, {**item, "url": "/b"}]}, ["a", "b"]),
        ({"@type": "ItemList", "itemListElement": {**item, "url": "/a"}}, ["a"]),
        ({"@type": "ItemList", "itemListElement": [{**item, "item": "/a"}]}, ["a"]),
        ({"@type": "ItemList", "itemListElement": [{**item, "item": ARTICLE}]}, ["a"]),
        ({"@type": "ItemList", "itemListElement": [{**item, "url": "/a", "item": 5}]}, ["a"]),
        ({"@type": "ItemList", "itemListElement": [{**item, "item": {"@type": "WebPage", "name": "Quay closed", "@id": "/a"}}]}, ["a"]),
        ({"@type": "ItemList", "itemListElement": [{**item, "item": {**ARTICLE, "@type": "Product"}}]}, []),
        ({"@type": "ItemList", "itemListElement": [{**item, "item": {**ARTICLE, "@type": ["Product", "Thing"]}}]}, []),
        ({"@type": "ItemList", "itemListElement": [5, "/a", None, {**item, "url": "/b"}]}, ["b"]),
        ({"@type": "ItemList"}, []),
        ({"@type": "ItemList", "itemListElement": [{**item, "url": f"/{n}"} for n in range(501)]}, [str(n) for n in range(500)]),
        ({"@type": "ItemList", "more": ARTICLE}, []),
        (5, []),
    ):  # fmt: skip
        assert sure(told) == paths, told


def test_which_scripts_are_read() -> None:
    short = json.dumps({"items": [TOLD]})
    pad = json.dumps({"items": json.loads(STATE)["items"], "pad": "x" * 200})
    for script, ways in (
        (f'<script id="__NEXT_DATA__">{STATE}</script>', 2),
        (f'<script id="__NUXT_DATA__" type="x">{STATE}</script>', 2),
        (f'<script type="application/json">{STATE}</script>', 2),
        (f'<script type="APPLICATION/JSON" id="wix-other">{STATE}</script>', 0),
        (f'<script type="text/template">{STATE}</script>', 0),
        (f'<script type="application/json">{short[:199]}</script>', 0),
        (f"<script>window.__INITIAL_STATE__ = {pad};</script>", 2),
        (f"<script type=text/javascript>__NUXT__={pad}</script>", 2),
        (f"<script src=/a.js>__NUXT__={pad}</script>", 0),
        (f"<script>__NUXT__=function(){{return {pad}}}</script>", 0),
        (f"<script>var other = {pad}</script>", 0),
        (f"<script>{' ' * 2000}__NUXT__={pad}</script>", 0),
        ('<script type="application/json">{"a": ' + "x" * 300 + "</script>", 0),
    ):
        found = of(script)
        assert (len(found.maybe), found.sure) == (ways, {}), script[:80]
        assert set(found.way.values()) == ({"state"} if ways else set())
    many = [ld({**ARTICLE, "url": f"/{n}"}) for n in range(MAX_BLOCKS + 1)]
    assert len(of(*many).sure) == MAX_BLOCKS


def test_two_witnesses_of_a_story_complete_each_other() -> None:
    data = Data()
    data.add("https://echo.example/a", Draft(title="Quay"), "jsonld")
    data.add("https://echo.example/a#top", Draft(title="Other", section="Harbour"), "jsonld")
    data.add("https://echo.example/a", Draft(title="Third", subtitle="It is closed."), "state")
    data.add("https://echo.example/b", Draft(title="Mill"), "state")
    key, other = key_of("https://echo.example/a"), key_of("https://echo.example/b")
    told = data.hint(key)
    assert told is not None and (told.title, told.section, told.subtitle) == ("Quay", "Harbour", "It is closed.")
    assert data.sure[key][0] == "https://echo.example/a" and data.way == {key: "jsonld", other: "state"}
    assert data.hint(other) == Draft(title="Mill") and data.hint("none") is None
    data.slugs["quay"] = key
    for asked, found in (
        ("x/quay", key),
        ("x/Qu%C3%A4y.html?a=1", key),
        ("x/mill", "x/mill"),
        (other, other),
        (key, key),
    ):
        assert data.find(asked) == found
