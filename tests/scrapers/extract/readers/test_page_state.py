"""The page's data in its scripts: each field under its names, which object is the article, and how values are wrapped."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

import json
from typing import Any

from scrapers.extract.claims import Claims
from scrapers.extract.readers import page_state
from scrapers.model import Image

TITLE, ADDRESS = "Old quay closed until spring", "https://courier.example/2026/old-quay-closed"
BODY = "".join(
    f"<p>The harbour master said on Monday that quay {n} would be closed for repairs until spring.</p>"
    for n in range(9)
)
STORY: dict[str, Any] = {"headline": TITLE, "body": BODY}


def read(*values: Any, titles: tuple[str, ...] = (TITLE,), address: str = ADDRESS) -> list[Claims]:
    """The claims of these values, each in a script of its own."""
    scripts = [("application/json", json.dumps(value).ljust(1000)) for value in values]
    return page_state.read(scripts, titles, address)


def test_each_field_of_the_article() -> None:
    for told, field, wanted in (
        ({"title": "Quay"}, "titles", (TITLE, "Quay")),
        ({"SEO_title": "Quay"}, "titles", (TITLE, "Quay")),
        ({"dek": "It is closed."}, "subtitles", ("It is closed.",)),
        ({"description": "D", "standfirst": "S"}, "subtitles", ("D", "S")),
        ({"publishedAt": "2026-03-04"}, "published", ("2026-03-04",)),
        ({"publishDate": 1772600000, "dateline": True}, "published", ("1772600000",)),
        ({"timestamp": 1772600000000}, "published", ("1772600000000",)),
        ({"timestamp": 99}, "published", ()),
        ({"updatedAt": "2026-03-05"}, "updated", ("2026-03-05",)),
        ({"section": {"name": "Harbour"}, "channel": "News"}, "sections", ("Harbour", "News")),
        ({"section": {"basic": "Harbour"}}, "sections", ("Harbour",)),
        ({"section": {"id": "Harbour"}}, "sections", ()),
        ({"section": "$L1"}, "sections", ()),
        ({"section": "<b>x</b>"}, "sections", ()),
        ({"author": "Ada Marsh, Ben Roe"}, "authors", ("Ada Marsh", "Ben Roe")),
        ({"authors": [{"name": "Ada Marsh"}, {"displayName": "Ben Roe"}, "Eva Roos", 5]}, "authors", ("Ada Marsh", "Ben Roe", "Eva Roos")),
        ({"credits": {"by": [{"name": "Ada Marsh"}]}}, "authors", ("Ada Marsh",)),
        ({"author": {"items": {"authors": [{"title": "Ada Marsh"}]}}}, "authors", ("Ada Marsh",)),
        ({"author": [[[[["Ada Marsh"]]]]]}, "authors", ()),
        ({"author": [[[["Ada Marsh"]]]]}, "authors", ("Ada Marsh",)),
        ({"author": "x" * 400}, "authors", ()),
        ({"author": [f"A{n} B" for n in range(31)]}, "authors", tuple(f"A{n} B" for n in range(30))),
        ({"tags": [{"text": "quays"}, {"slug_name": "boats"}]}, "tags", ("quays", "boats")),
        ({"image": "/a.jpg"}, "images", (Image("/a.jpg"),)),
        ({"leadImage": {"url": "https://c.example/a.jpg"}, "heroImage": {"src": "/b.jpg"}, "thumbnail": "/c.jpg"}, "images", (Image("https://c.example/a.jpg"), Image("/b.jpg"))),
        ({"image": "a.jpg"}, "images", ()),
        ({"image": "/" + "a" * 2000}, "images", ()),
        ({"image": {"id": 5}}, "images", ()),
        ({"content": f"<p>{BODY * 2}</p>"}, "bodies", (f"<p>{BODY * 2}</p>", BODY)),
        ({"content": "short"}, "bodies", (BODY,)),
    ):  # fmt: skip
        (found,) = read({**STORY, **told})
        assert getattr(found, field) == wanted, told


def test_which_object_is_the_article() -> None:
    other = {"headline": "Ferry fares rise in autumn", "body": BODY}
    dated = {"headline": TITLE, "publishedAt": "2026-03-04"}
    for values, titles in (
        ([STORY], [TITLE]),
        ([other], []),
        ([other, STORY], [TITLE]),
        ([{"a": [{"b": STORY}]}], [TITLE]),
        ([{"headline": TITLE}], []),
        ([{**STORY, "headline": "Old quay closed"}], ["Old quay closed"]),
        ([{**STORY, "headline": "Old quay"}], []),
        ([{**other, "slug": "old-quay-closed"}], [other["headline"]]),
        ([{**other, "url": f"{ADDRESS}?a=1"}], [other["headline"]]),
        ([{**other, "image": "/old-quay-closed"}], []),
        ([{**other, "url": "x" * 500 + "old-quay-closed"}], []),
        ([dated, STORY], [TITLE, TITLE]),
        ([{"list": [other] * 500 + [STORY]}], []),
        ([{"list": [5] * 499 + [STORY]}], [TITLE]),
        ([{"list": [5] * 500 + [STORY]}], []),
    ):
        assert [claims.titles[0] for claims in read(*values)] == titles, str(values)[:200]
    assert [bool(claims.bodies) for claims in read(dated, STORY)] == [False, True], (
        "a date counts more than a short text"
    )
    whole = {**STORY, "body": BODY * 3}
    assert [bool(claims.bodies) for claims in read(dated, whole)] == [True, False], (
        "a long text counts more than a date"
    )
    both = read({**STORY, "publishedAt": "2026-03-04"}, STORY)
    assert [bool(claims.published) for claims in both] == [True, False], "the one with a date first"
    assert len(read(*[{**STORY, "id": n} for n in range(5)])) == 3
    assert read(STORY, titles=()) == [] == read({**other, "slug": "quay"}, address="https://courier.example/quay")


def test_the_scripts_that_hold_values() -> None:
    told = json.dumps(STORY)
    for kind, text, count in (
        ("application/json", told, 1),
        ("", told, 1),
        ("text/javascript", f"window.__STATE__ = {told};", 1),
        ("", f"start({told})", 1),
        ("", f"a = {{'x': 1}}; b = {{\"c\": 1}}; c = {told};", 1),
        ("", f"{'a = {' + chr(34) + 'b' + chr(34) + ': 1};'}" * 6 + f"c = {told}", 0),
        ("", f"{'a = {' + chr(34) + 'b' + chr(34) + ': 1};'}" * 5 + f"c = {told}", 1),
        ("application/json", told + " and more", 1),
        ("application/json", "{" + told, 0),
        ("", f"// nothing {told}", 0),
        ("application/json", json.dumps({"a": told}), 1),
        ("application/json", '{"a": "short"}', 0),
    ):
        assert len(page_state.read([(kind, text)], [TITLE], ADDRESS)) == count, text[:60]
    assert (
        page_state.read([("application/json", told[:-1] + " " * page_state.MAX_SCRIPT + "}")], [TITLE], ADDRESS) == []
    )


def stream(rows: str) -> list[Claims]:
    half = len(rows) // 2
    scripts = [("", f"self.__next_f.push([1,{json.dumps(part)}])" + " " * 1000) for part in (rows[:half], rows[half:])]
    return page_state.read(scripts, [TITLE], ADDRESS)


def test_rows_of_a_flight_stream() -> None:
    text = f"<p>Käse. {BODY}</p>"
    long = f"T{len(text.encode()):x},{text}"
    story = json.dumps({"title": TITLE, "body": "$2"})
    for rows, bodies in (
        (f"2:{long}3:{story}\n", [text]),
        (f"2:{long}3:{story}", [text]),
        (f"odd row\n2:{long}:odd\n3:{story}\n", [text]),
        (f"2:{long}3:I{story}\n", [text]),
        (f"3:{story}\n2:{long}", [text]),
        (f"2:{long}3:{json.dumps({'title': TITLE, 'publishedAt': '2026'})}\n", [text]),
        (f"2:T5,12345\n3:{json.dumps({'title': TITLE, 'publishedAt': '2026'})}\n", []),
        (f"4:{long}3:{story}\n", [text]),
    ):
        assert [body for claims in stream(rows) for body in claims.bodies] == bodies, rows[-80:]
    assert stream(f"2:{long}") == [], "a text without an object is nobody's"
