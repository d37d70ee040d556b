"""Which units are kept, at given odds: the named rules alone, without the tables of weights."""
# ruff: noqa: E501  (markup stays on its line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from scrapers.extract.body import region
from scrapers.extract.body.known import Known
from scrapers.extract.body.units.blocks import Block
from scrapers.extract.body.units.cutting import cut
from scrapers.extract.body.units.grouping import into_units
from scrapers.extract.body.weigh.features import Measured, measure
from scrapers.model import Page
from scrapers.page.html import parse
from tests.scrapers.extract.body.test_body import FIRST, FOURTH, SECOND, THIRD, page

STANDFIRST = "After the storm: the town of Port Alder borrows four million and loses eleven moorings."
ITEMS = "<li>The old pier is taken down first.</li><li>The new piles are driven once the ice has left.</li>"


def chosen(
    monkeypatch: pytest.MonkeyPatch, html: str, odds: Callable[[Block], float], known: Known | None = None
) -> list[str]:
    """The texts that are kept where each unit has the log odds that `odds` tells."""
    sheet = into_units(cut(parse(Page("", page(html).encode()))), set())
    measured = measure(sheet, known or Known(titles=("Pier to be rebuilt",)))

    def told(measured: Measured, disabled: frozenset[str]) -> list[float]:
        return [odds(unit) for unit in measured.weighed]

    monkeypatch.setattr(region, "odds", told)
    kept, _ = region.choose(measured)
    return [unit.text for unit in kept]


def prose_only(unit: Block) -> float:
    return 2.0 if unit.text in (FIRST, SECOND, THIRD, FOURTH) else -0.8


@pytest.mark.parametrize("between", ["", "<p>What comes next</p>"])
def test_a_list_right_below_the_last_paragraph_is_kept_at_less(monkeypatch: pytest.MonkeyPatch, between: str) -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}{between}<ul>{ITEMS}</ul></div></article>"
    )
    assert "The old pier is taken down first." in "\n".join(chosen(monkeypatch, html, prose_only))


@pytest.mark.parametrize(("after", "stays"), [(0, True), (4, False)])
def test_a_list_right_above_a_paragraph_is_kept_at_less(
    monkeypatch: pytest.MonkeyPatch, after: int, stays: bool
) -> None:
    lines = "".join(f"<div>Mooring {n}</div>" for n in range(6))
    inner = f"<p>{FIRST}</p><p>{SECOND}</p>{lines}<ul>{ITEMS}</ul>{lines[: after * 20]}<p>{THIRD}</p><p>{FOURTH}</p>"
    kept = chosen(monkeypatch, f"<article><div class=article-body>{inner}</div></article>", prose_only)
    assert ("The old pier is taken down first." in "\n".join(kept)) is stays


@pytest.mark.parametrize(
    ("above", "stays"),
    [
        ("<h3>What is done</h3>", True),
        ("<h3 class=related>What is done</h3>", False),
        ("<h3>More on the pier</h3>", False),
        ("<p>What is done</p>", False),
    ],
)
def test_the_heading_of_a_kept_list_stays(monkeypatch: pytest.MonkeyPatch, above: str, stays: bool) -> None:
    inner = f"<p>{FIRST}</p><p>{SECOND}</p>{above}<ul>{ITEMS}</ul><p>{THIRD}</p><p>{FOURTH}</p>"
    kept = chosen(monkeypatch, f"<article><div class=article-body>{inner}</div></article>", prose_only)
    assert len(kept) == 5 + stays


@pytest.mark.parametrize(
    ("box", "item", "stays"),
    [
        ("product-card", "Holds four boats", True),
        ("related-facts footer", "Holds four boats", True),
        ("product-card", "<a href=/pier>Holds four boats</a>, more or less so", False),
        ("newsletter-box", "Holds four boats", False),
    ],
)
def test_a_list_without_links_amid_the_text_is_no_offer_whatever_its_box_is_named(
    monkeypatch: pytest.MonkeyPatch, box: str, item: str, stays: bool
) -> None:
    part = f"<div class='{box}'><ul><li>{item}</li><li>Is taken down in winter</li></ul></div>"
    inner = f"<p>{FIRST}</p><p>{SECOND}</p>{part}<p>{THIRD}</p><p>{FOURTH}</p>"
    kept = chosen(monkeypatch, f"<article><div class=article-body>{inner}</div></article>", prose_only)
    assert len(kept) == 4 + stays


@pytest.mark.parametrize(
    ("heading", "below", "stays"),
    [
        ("<h3>What is done</h3>", THIRD, True),
        ("<h3 class=related>What is done</h3>", THIRD, False),
        ("<h3>More on the pier</h3>", THIRD, False),
        ("<h3>What is done</h3>", "Tickets: 4 crowns.", False),
    ],
)
def test_the_heading_of_a_kept_paragraph_stays(
    monkeypatch: pytest.MonkeyPatch, heading: str, below: str, stays: bool
) -> None:
    inner = f"<p>{FIRST}</p><p>{SECOND}</p>{heading}<p>{below}</p><p>{FOURTH}</p>"
    html = f"<article><div class=article-body>{inner}</div></article>"
    kept = chosen(monkeypatch, html, lambda unit: -0.8 if unit.tag == "h3" else 2.0)
    assert len(kept) == 4 + stays


@pytest.mark.parametrize(
    ("opens", "item", "title", "stays"),
    [
        ("<div class=card-ingredients>", "<li>", "<h4>For the broth</h4>", True),
        ("<div class=zutaten-liste>", "<li>", "<h4>For the broth</h4>", True),
        ("<div>", "<li itemprop=recipeIngredient>", "", True),
        ("<div class=recipe-steps>", "<li>", "", True),
        ("<div class=comment><div class=ingredients>", "<li>", "", False),
        ("<div class=moorings>", "<li>", "", False),
    ],
)
def test_the_lists_of_a_recipe_stay_with_their_headings(
    monkeypatch: pytest.MonkeyPatch, opens: str, item: str, title: str, stays: bool
) -> None:
    far = "".join(f"<div>Serves {n}</div>" for n in range(6))
    boxed = f"{opens}{title}<ul>{item}2 onions, sliced thin</li>{item}1 l of fish stock</li></ul></div>"
    inner = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{FOURTH}</p>{far}{boxed}"
    kept = chosen(
        monkeypatch, f"<article><div class=article-body>{inner}</div></article>", lambda u: 3.0 * prose_only(u)
    )
    assert (
        kept[4:] == ["For the broth"] * (stays and bool(title)) + ["2 onions, sliced thin\n1 l of fish stock"] * stays
    )


def test_a_page_without_a_text_has_no_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    boxed = "<ul class=ingredients><li>2 onions, sliced thin</li><li>1 l of fish stock</li></ul>"
    long = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    html = f"<article><div class=article-body>{long}{boxed}</div></article>"
    assert chosen(monkeypatch, html, lambda unit: -5.0) == []


def test_code_amid_the_text_stays_at_still_less(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = f"<p>{FIRST}</p><p>{SECOND}</p><pre>moor --all</pre><p>{THIRD}</p><p>{FOURTH}</p>"

    def odds(unit: Block) -> float:
        return -2.0 if unit.kind == "code" else 2.0

    kept = chosen(monkeypatch, f"<article><div class=article-body>{inner}</div></article>", odds)
    assert kept == [FIRST, SECOND, "moor --all", THIRD, FOURTH]


def test_a_list_far_below_the_last_paragraph_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    between = "".join(f"<p>Moorings of the {n} row are let by the harbour office.</p>" for n in ("first", "second"))
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}{between}<ul>{ITEMS}</ul></div></article>"
    )
    assert chosen(monkeypatch, html, prose_only) == [FIRST, SECOND, THIRD, FOURTH]


@pytest.mark.parametrize(("odds", "kept"), [(1.5, True), (0.1, False)])
def test_a_standfirst_that_surely_belongs_to_the_text_stays(
    monkeypatch: pytest.MonkeyPatch, odds: float, kept: bool
) -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    html = f"<article><header><h1>Pier to be rebuilt</h1><h2>{STANDFIRST}</h2></header><div class=text>{inner}</div></article>"
    known = Known(titles=("Pier to be rebuilt",), subtitle=STANDFIRST)
    found = chosen(monkeypatch, html, lambda unit: odds if unit.text == STANDFIRST else 2.0, known)
    assert (STANDFIRST in found) is kept
    assert found[-4:] == [FIRST, SECOND, THIRD, FOURTH]


def test_a_run_of_paragraphs_with_links_is_kept_and_one_alone_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = [
        f'<p><a href="/let/{n}">A mooring in the {n} row</a>, ten metres, from 90 a month</p>'
        for n in ("first", "second", "third")
    ]
    read = [f"A mooring in the {n} row, ten metres, from 90 a month" for n in ("first", "second", "third")]
    html = "<article><h1>Pier to be rebuilt</h1><div class=article-body>{}</div></article>"
    prose = [f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH)]
    inner = "".join([*prose[:2], *offers, *prose[2:]])
    assert chosen(monkeypatch, html.format(inner), prose_only) == [FIRST, SECOND, *read, THIRD, FOURTH]
    below = "".join([*prose, *offers])
    assert chosen(monkeypatch, html.format(below), prose_only) == [FIRST, SECOND, THIRD, FOURTH, *read]
    alone = "".join([*prose[:2], offers[0], *prose[2:]])
    assert chosen(monkeypatch, html.format(alone), prose_only) == [FIRST, SECOND, THIRD, FOURTH]


def test_a_run_of_links_alone_or_of_other_paragraphs_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    prose = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    others = (
        f'<p{{}}><a href="/{n}">Another story of the {n} row of moorings</a>{{}}</p>'
        for n in ("first", "second", "third")
    )
    html = "<article><h1>Pier to be rebuilt</h1><div class=article-body>{}</div></article>"
    rows = list(others)
    linked = "".join(row.format("", "") for row in rows)
    assert chosen(monkeypatch, html.format(prose + linked), prose_only) == [FIRST, SECOND, THIRD, FOURTH]
    named = "".join(row.format(" class=promo", ", and what became of it in the end") for row in rows)
    assert chosen(monkeypatch, html.format(prose + named), prose_only) == [FIRST, SECOND, THIRD, FOURTH]


def grid(rows: list[tuple[str, ...]], cell: str = "{}") -> str:
    """A table of plain boxes, whose first and last rows have a name more."""
    lines = ""
    for at, row in enumerate(rows):
        cells = "".join(f"<div class=cell-{n}>{cell.format(text)}</div>" for n, text in enumerate(row))
        lines += f"<div class='line {'head' if not at else 'last' if at == len(rows) - 1 else ''}'>{cells}</div>"
    return f"<div class=boxes>{lines}</div>"


BOATS = [
    ("Boat", "For", "Against"),
    ("Heron", "Light", "Wet"),
    ("Plover", "Dry, steady", "Slow"),
    ("Teal", "Cheap", ""),
]


def test_a_table_of_plain_boxes_amid_the_text_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
        f"{grid(BOATS)}<p>{FOURTH}</p></div></article>"
    )
    cells = [text for row in BOATS for text in row if text]
    assert chosen(monkeypatch, html, prose_only) == [FIRST, SECOND, THIRD, *cells, FOURTH]


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param(grid(BOATS[:3], "<a href=/boats>{}</a>"), id="links"),
        pytest.param(grid(BOATS[:2]), id="two rows"),
        pytest.param(grid([row[:1] for row in BOATS]), id="one cell a row"),
        pytest.param(
            grid(BOATS[:3]).replace("cell-1", "notes", 1).replace("cell-1", "other", 1), id="cells that differ"
        ),
        pytest.param(grid(BOATS[:3]).replace("line ", "row ", 1), id="rows that differ"),
        pytest.param(f"<div class=related-stories>{grid(BOATS[:3])}</div>", id="named related"),
        pytest.param(grid([(text + " " + STANDFIRST * 6, text) for text, _, _ in BOATS[:3]]), id="prose"),
    ],
)
def test_boxes_that_are_no_table_are_weighed_each_by_itself(monkeypatch: pytest.MonkeyPatch, boxes: str) -> None:
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
        f"{boxes}<p>{FOURTH}</p></div></article>"
    )
    assert chosen(monkeypatch, html, prose_only) == [FIRST, SECOND, THIRD, FOURTH]


def test_a_table_of_plain_boxes_that_is_hopeless_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
        f"<p>{FOURTH}</p>{grid(BOATS[:3])}</div></article>"
    )
    assert chosen(monkeypatch, html, lambda unit: 2.0 if prose_only(unit) > 0 else -2.5) == [
        FIRST,
        SECOND,
        THIRD,
        FOURTH,
    ]


def test_first_level_headings_among_the_paragraphs_are_headings_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body><p>{FIRST}</p><h1>What it costs</h1>"
        f"<p>{SECOND}</p><div><div><h1>Who pays</h1></div></div><div><h1>{FIRST} {SECOND}</h1></div><p>{THIRD}</p>"
        f"<div><h1>Other towns on the coast</h1><p>{FOURTH}</p></div></div></article>"
    )
    kept = chosen(monkeypatch, html, lambda unit: 2.0)
    assert kept == [FIRST, "What it costs", SECOND, "Who pays", THIRD, FOURTH], "the last heads a box of its own"


STORIES = "".join(f"<li><a href=/{n}>How the harbour of {n} was rebuilt</a></li>" for n in ("Elm", "Oak", "Ash"))


@pytest.mark.parametrize(
    ("below", "stays"),
    [
        pytest.param(f"<h3>On the coast</h3><ul>{STORIES}</ul>", False, id="other stories"),
        pytest.param(f"<p>The reports are these:</p><ul>{STORIES}</ul>", True, id="told of by the line above"),
        pytest.param(f"<p>More on the harbours:</p><ul>{STORIES}</ul>", False, id="told of as other stories"),
        pytest.param(f"<ul>{STORIES}</ul><p>{FOURTH}</p>", True, id="amid the text"),
        pytest.param("<ul><li><a href=/a>Ash</a><li><a href=/b>Oak</a><li><a href=/c>Elm</a></ul>", True, id="names"),
    ],
)
def test_a_list_of_nothing_but_links_below_the_text_leads_away(
    monkeypatch: pytest.MonkeyPatch, below: str, stays: bool
) -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD))
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}{below}</div></article>"
    kept = "\n".join(chosen(monkeypatch, html, lambda unit: 2.0))
    assert ("How the harbour of Elm was rebuilt" in kept or "Elm" in kept.split("\n")) is stays


@pytest.mark.parametrize(
    ("line", "stays"),
    [("Port Alder/ Elmstead:", True), ("PORT ALDER —", True), ("Port Alder", False), ("By Ada Quill:", False)],
)
def test_a_place_on_a_line_of_its_own_stays_above_the_first_paragraph(
    monkeypatch: pytest.MonkeyPatch, line: str, stays: bool
) -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, THIRD, FOURTH))
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body><b>{line}</b>{inner}</div></article>"
    assert (line in chosen(monkeypatch, html, prose_only)) is stays


def test_code_of_the_text_is_kept_at_less(monkeypatch: pytest.MonkeyPatch) -> None:
    html = (
        f"<article><h1>Pier to be rebuilt</h1><div class=article-body><p>{FIRST}</p><p>{SECOND}</p>"
        f"<pre>tide --port alder --hours 12</pre><p>{THIRD}</p><p>{FOURTH}</p></div></article>"
    )
    assert "tide --port alder --hours 12" in chosen(monkeypatch, html, prose_only)


PRESENTED = (
    "Ada Quill is the harbour editor of The Messenger. She has written about ferries and their piers since 1998."
)
REACHED = "Contact Ada Quill at ada.quill@messenger.example or 555-0143."


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ((FIRST, SECOND, THIRD, FOURTH, PRESENTED), [FIRST, SECOND, THIRD, FOURTH]),
        ((FIRST, SECOND, THIRD, FOURTH, "• " + PRESENTED), [FIRST, SECOND, THIRD, FOURTH]),
        ((FIRST, SECOND, THIRD, FOURTH, REACHED), [FIRST, SECOND, THIRD, FOURTH]),
        ((FIRST, SECOND, REACHED.replace("@", " "), THIRD), [FIRST, SECOND, REACHED.replace("@", " "), THIRD]),
        ((FIRST, SECOND, PRESENTED, THIRD, FOURTH), [FIRST, SECOND, PRESENTED, THIRD, FOURTH]),
        ((FIRST, SECOND, "“No,” says Ada Quill.", PRESENTED), [FIRST, SECOND, "“No,” says Ada Quill.", PRESENTED]),
    ],
)
def test_a_last_paragraph_that_presents_the_author_or_tells_how_to_reach_them_is_no_text(
    monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], left: list[str]
) -> None:
    inner = "".join(f"<p>{p}</p>" for p in lines)
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}</div></article>"
    known = Known(titles=("Pier to be rebuilt",), authors=("Ada Quill",))
    assert chosen(monkeypatch, html, lambda unit: 2.0, known) == left


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ((FIRST, FIRST, SECOND, THIRD), [FIRST, SECOND, THIRD]),
        ((FIRST, "What it costs", FIRST, SECOND), [FIRST, "What it costs", SECOND]),
        ((FIRST, SECOND, THIRD, FIRST), [FIRST, SECOND, THIRD, FIRST]),
        ((FIRST, "No, never.", "No, never.", SECOND), [FIRST, "No, never.", "No, never.", SECOND]),
    ],
)
def test_a_paragraph_that_repeats_one_right_above_it_is_read_once(
    monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], left: list[str]
) -> None:
    inner = "".join(f"<p>{p}</p>" for p in lines)
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}</div></article>"
    assert chosen(monkeypatch, html, lambda unit: 2.0) == left


@pytest.mark.parametrize(
    ("odds", "line", "stays"),
    [
        pytest.param(-0.1, FOURTH, True, id="nearly even"),
        pytest.param(-0.2, FOURTH, False, id="less"),
        pytest.param(-0.1, f"<a href=/pier>{FOURTH}</a>", False, id="a link"),
        pytest.param(-0.1, "What comes next for the pier", False, id="short"),
    ],
)
def test_plain_prose_of_the_text_is_kept_at_nearly_even_odds(
    monkeypatch: pytest.MonkeyPatch, odds: float, line: str, stays: bool
) -> None:
    inner = "".join(f"<p>{p}</p>" for p in (FIRST, SECOND, line, THIRD))
    html = f"<article><h1>Pier to be rebuilt</h1><div class=article-body>{inner}</div></article>"
    kept = chosen(monkeypatch, html, lambda unit: 2.0 if unit.text in (FIRST, SECOND, THIRD) else odds)
    assert len(kept) == 3 + stays


def test_a_list_of_links_right_under_a_short_line_of_the_text_is_its(monkeypatch: pytest.MonkeyPatch) -> None:
    links = "<ul><li><a href=/1>The first mooring of the row</a></li><li><a href=/2>The second one of it</a></li></ul>"
    told = "The first mooring of the row"

    def odds(unit: Block) -> float:
        return -0.8 if unit.kind == "list" else 2.0

    for above, stays in (
        ("<p>They lie here:</p>", True),
        ("<p>They lie here</p>", True),
        ("<p>Read also</p>", False),
        (f"<p>{SECOND} They lie here:</p>", False),
        ("<div><p>They lie here:</p></div>", False),
        ("", False),
    ):
        inner = f"<p>{FIRST}</p>{above}{links}<p>{THIRD}</p><p>{FOURTH}</p>"
        kept = chosen(monkeypatch, f"<article><div class=article-body>{inner}</div></article>", odds)
        assert (told in "\n".join(kept)) is stays, above
