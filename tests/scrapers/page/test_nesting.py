"""Nesting and attributes that cost a parser the square of their number are levelled before it sees them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
from selectolax.lexbor import LexborHTMLParser

from scrapers.normalise.sanitise import sanitise
from scrapers.page.nesting import DEPTH, FEW, WIDTH, is_cheap, levelled, within_depth
from tests.support.timing import grows_faster, least, spent

BASE = "https://paper.example/"
ELEMENTS = [
    "a",
    "abbr",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "noscript",
    "object",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "ruby",
    "rt",
    "s",
    "section",
    "small",
    "source",
    "span",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "time",
    "tr",
    "u",
    "ul",
    "video",
]
MORE = FEW + FEW // 4  # tags that are not cheap: each three of them would open far more elements than the limit
HOLDERS = ("a", "div", "figure", "li", "noscript", "picture", "td", "video")  # of pictures, for the costly shapes
SHAPES: dict[str, Callable[[str, int], str]] = {
    "unclosed": lambda tag, n: f"<{tag}>x" * n,
    "nested": lambda tag, n: f"<{tag}>" * n + "x" + f"</{tag}>" * n,
    "in a row": lambda tag, n: f"<{tag}>x</{tag}>" * n,
    "between boxes": lambda tag, n: f"<div><{tag}>" * n,
    "with paragraphs": lambda tag, n: f"<{tag}><p>y" * n,
    "with a source": lambda tag, n: f"<{tag}><source srcset='a.jpg 1x' src=a.mp4>" * n,
    "with a picture": lambda tag, n: f"<{tag}><img src=a.jpg>" * n,
    "with attributes": lambda tag, n: f"<{tag} " + "".join(f"a{i}=1 " for i in range(n)) + ">x",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_markup_takes_four_times_as_long(shape: str) -> None:
    few, many = 600, 2_400
    for tag in HOLDERS if shape in ("in a row", "with a source", "with a picture") else ELEMENTS:
        short, long = SHAPES[shape](tag, few), SHAPES[shape](tag, many)
        wrong = grows_faster(partial(sanitise, short, BASE), partial(sanitise, long, BASE), 8.0, enough=0.1)
        assert not wrong, (tag, shape, wrong)


def test_words_between_empty_formatting_are_joined_once() -> None:
    for between in ("<b></b>", "<b>\u200b</b>", "<!-- -->", "<br hidden>", "<i><b></b></i>"):
        short, long = (f"<p>{f'word{between} ' * n}" for n in (2_000, 8_000))
        wrong = grows_faster(partial(sanitise, short, BASE), partial(sanitise, long, BASE), 8.0, enough=0.2)
        assert not wrong, (between, wrong)


def depth(html: str) -> int:
    """How deep the elements of a parsed page stand within one another."""
    node = LexborHTMLParser(f"<!doctype html><body>{html}").root
    now = deepest = 0
    while node is not None:
        if node.first_child is not None:
            node = node.first_child
            now += 1
            deepest = max(deepest, now)
            continue
        while node is not None and node.next is None:
            node = node.parent
            now -= 1
        node = node.next if node is not None else None
    return deepest


@pytest.mark.parametrize("tag", [*ELEMENTS, "x-card", "form", "button", "select", "template", "math"])
def test_no_element_nests_deeper_than_the_limit(tag: str) -> None:
    for piece in (
        f"<{tag}>",
        f"<div><{tag}>",
        f"<{tag}><p>",
        f"<{tag}></div>",
        f"<li><{tag}></li>",
        f"<table><td><{tag}>",
    ):
        assert depth(levelled(piece * (MORE // piece.count("<")))) < 3 * DEPTH, piece


# What a parser reads otherwise than a hasty tokenizer: the closing tags do not count, or the opening ones do not show.
@pytest.mark.parametrize(
    "piece",
    [
        '<div title="</div>">',
        "<div title='</div>'>",
        "<div><!-- </div> -->",
        "<div a=b'><div c=d'>",
        "<div><!--></div-->",
        "<div><textarea></div></textarea>",
        "<div><title><a b='</title><div c='>",
        "<li><ul></li>",
        "<form><div></form>",
        "<span><div></span>",
        "<div><table><td></div>",
        "<p><button></p>",
        "<tbody><x-y></tbody>",
        "<svg><title><div></title></svg>",
        "<svg><style><g></style>",
        "<select><iframe><div></iframe>",
        "<div></body>",
        "<div><![CDATA[</div>]]>",
    ],
)
def test_closing_tags_that_close_nothing_do_not_count(piece: str) -> None:
    assert depth(levelled(piece * FEW * 2)) < 3 * DEPTH


def test_chance_finds_no_nesting_that_is_slow() -> None:
    pieces = random.Random(15)
    names = [
        *ELEMENTS,
        "form",
        "button",
        "select",
        "math",
        "style",
        "script",
        "textarea",
        "title",
        "marquee",
        "font",
        "x-y",
    ]
    marks = [
        "x",
        "<!--",
        "-->",
        '<a b="',
        '">',
        "<a b='",
        "'>",
        "<p a=b'>",
        "<![CDATA[",
        "]]>",
        "</",
        "<?x",
        "<a/",
        "/>",
    ]
    for _ in range(80):
        piece = "".join(
            pieces.choice([f"<{name}>", f"<{name}>", f"</{name}>", pieces.choice(marks)])
            for name in pieces.choices(names, k=pieces.randint(1, 7))
        )
        html = piece * (9_000 // max(1, piece.count("<")) + 1)
        assert least(lambda: LexborHTMLParser(levelled(html)), 1.5) < 1.5, piece  # noqa: B023  it is called here


def test_cheap_markup_stays_as_it_is() -> None:
    html = "<!-- note --><p>One <b>two</b><svg><path/></svg><script>3 < 4</script>"
    assert is_cheap(html)
    assert levelled(html) == html


def test_what_is_levelled_says_the_same() -> None:
    row = "<tr><td>a<td title='x > y'>1 < 2 &amp; 3<td data-a=\"it's\" colspan=2><b>c</b></tr><!-- no -->"
    html = f"<table>{row * 1_000}</table><script>var a = '<p>';</script><p class=x>end"
    assert not is_cheap(html)
    assert sanitise(html, BASE) == sanitise(f"<table>{row * 1_000}</table><p>end", BASE)
    assert sanitise(html, BASE).count("<tr>") == 1_000
    assert "1 &lt; 2 &amp; 3" in sanitise(html, BASE)


def test_attributes_beyond_the_limit_are_left_out() -> None:
    many = "".join(f"a{n}='{n}' " for n in range(3_000))
    (found,) = LexborHTMLParser(levelled(f"<p {many}>words")).css("p")
    assert len(found.attributes) == WIDTH
    assert found.text() == "words"


def test_a_page_keeps_everything_but_what_stands_too_deep() -> None:
    script = '<script>var html = "<div><div>";</script><!-- <div> --><style>a>b{}</style>'
    usual = f"<body>{script}" + "<div><p>One<p>Two<ul><li>a<li>b</ul></div><br>" * 2000
    assert within_depth(usual) == usual
    deep = f"{script}<h1>Title</h1>" + "<div>" * 5000 + "<p>Text</p>" + "</div>" * 5000 + script + "<p>Below</p>"
    made = within_depth(deep)
    assert made.startswith(f"{script}<h1>Title</h1><div>")
    assert made.endswith(f"{script}<p>Below</p>")
    assert made.count("<div>") == DEPTH + 6, "those of scripts and comments among them"
    wide = "<p " + " ".join(f'a{n}="{n}"' for n in range(5000)) + ">x</p>" + script
    made = within_depth(wide)
    assert made.count('="') < 110
    assert made.endswith(f">x</p>{script}")
    assert within_depth("<div" * 5000).count("<div") == 5000


def test_few_tags_are_cheap_where_text_stands_between_them() -> None:
    text = "A word or two for each. "
    assert within_depth(f"<div>{text}" * 2000).count("<div>") == 2000
    assert within_depth("<ul><li>" * 1000).count("<ul>") == DEPTH // 2, "their open elements are all there is to read"
    assert within_depth("<p>1</p>" * 1000) == "<p>1</p>" * 1000, "nothing is nested here"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>one</p><b {}>two</b>",
        '<p title=">" {}>two</p>',
        '<p a=b"> one <b {} c=d">two</b>',
        "<p title='<script>'>one</p><b {}>two</b>",
        "<script>if (a<b) '<p'</script><b {}>two</b>",
        "<style>p > b {{}}</style><!-- > --><b\n{}>two</b>",
        "<p/><br/><B {} />two",
    ],
)
def test_a_wide_tag_among_few_is_found(markup: str) -> None:
    html = markup.format(" ".join(f"a{n}" for n in range(2000)))
    tree = LexborHTMLParser(within_depth(html))
    assert max(len(node.attributes) for node in tree.css("body *")) <= WIDTH
    assert "two" in tree.body.text() if tree.body else False


@pytest.mark.parametrize("value", ['">"', "'>'", ' ">"', "\n'>'", '"> a=\'>"'])
def test_a_wide_tag_is_found_wherever_it_begins(value: str) -> None:
    tag = f"<p title={value} {' '.join(f'a{n}' for n in range(2000))}>"
    for before in range(3_985, 4_003):
        html = f"<p>{'x' * (before - 3)}{tag}two"
        assert within_depth(html) != html


@pytest.mark.parametrize("value", ['=">"', "='>'", "='<b>'", "= '>>'"])
def test_a_wide_tag_whose_values_look_like_tags_is_found(value: str) -> None:
    some = "<p class=x>one</p>" * 400
    html = f"{some}<b {' '.join(f'a{n}{value}' for n in range(4000))}>two</b>{some}"
    tree = LexborHTMLParser(within_depth(html))
    assert max(len(node.attributes) for node in tree.css("body *")) <= WIDTH
    assert tree.body is not None and "two" in tree.body.text()


@pytest.mark.parametrize("piece", ['<a b="', "<a ", '<x b=">" ', 'a="', "a=\" b='", "<x 1 2 ", f'<a b="{"y" * 9000}" '])
def test_the_look_for_wide_tags_is_linear(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (100_000, 1_600_000))
    spans: list[float] = []
    wrong = grows_faster(
        partial(within_depth, short), lambda: spans.append(spent(partial(within_depth, long))), 28.0, enough=0.03
    )
    assert not wrong, wrong
    assert min(spans) < 1.2


def test_few_narrow_tags_are_left_alone_whatever_the_length_of_scripts() -> None:
    html = f"<p class=a title='>'>x<script>{'a<b;' * 4000}</script><style>{'p' * 9000}</style><i>{'y' * 9000}</i>"
    assert within_depth(html) is html
