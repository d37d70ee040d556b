"""The headings of a page: their lines and parts, and which of them are no headline of the article."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.fields import headings as of
from scrapers.extract.fields.headings import MAX_HEADINGS, Heading, headings, home_names, marked_texts
from scrapers.extract.readers import nodes


def found(markup: str) -> list[Heading]:
    return headings(nodes.gather(LexborHTMLParser(f"<html><body>{markup}</body></html>")))


def test_the_text_of_a_heading_its_parts_and_what_is_left_without_its_kicker() -> None:
    for markup, text, parts, short in (
        ("Old quay closed", "Old quay closed", (), "Old quay closed"),
        ("<b>Old quay closed</b>", "Old quay closed", ("Old quay closed",), "Old quay closed"),
        ("Old <b>quay</b> closed", "Old quay closed", ("quay", "Old closed"), "Old quay closed"),
        ("<span class=kicker>Harbour</span>Old quay closed", "HarbourOld quay closed", ("Harbour", "Old quay closed"), "Old quay closed"),
        ("<span class=kicker>Harbour</span> Old quay closed", "Harbour Old quay closed", ("Harbour", "Old quay closed"), "Old quay closed"),
        ("<span class=kicker>Harbour:</span> Old quay closed", "Harbour: Old quay closed", ("Harbour:", "Old quay closed"), "Harbour: Old quay closed"),
        ("<span class=kicker>Harbour</span> | Quay", "Harbour | Quay", ("Harbour", "| Quay"), "Harbour | Quay"),
        ("<span class=kicker>Harbour</span> Breakwaters!!", "Harbour Breakwaters!!", ("Harbour", "Breakwaters!!"), "Breakwaters!!"),
        ("<span class=other>Harbour</span> Old quay closed", "Harbour Old quay closed", ("Harbour", "Old quay closed"), "Harbour Old quay closed"),
        ("Harbour<br>Old quay closed", "Harbour Old quay closed", (), "Harbour Old quay closed"),
        ("<span>Work of tomorrow</span><span>We redecorate all</span>", "Work of tomorrow We redecorate all", ("Work of tomorrow", "We redecorate all"), "Work of tomorrow We redecorate all"),
        ("<i>x</i> Old quay closed", "x Old quay closed", ("Old quay closed",), "x Old quay closed"),
        ("<i>ab</i> Old quay closed", "ab Old quay closed", ("Old quay closed",), "ab Old quay closed"),
        ("<i>abc</i> Old quay closed", "abc Old quay closed", ("abc", "Old quay closed"), "abc Old quay closed"),
        ("<b>Old quay closed</b> ab", "Old quay closed ab", ("Old quay closed",), "Old quay closed ab"),
        ("<b>Old quay closed</b> abc", "Old quay closed abc", ("Old quay closed", "abc"), "Old quay closed abc"),
        ("<i>x</i> ab", "x ab", (), "x ab"),
        ("<i>x</i> abc", "x abc", ("abc",), "x abc"),
        ("<b><i>Old quay closed</i></b>", "Old quay closed", ("Old quay closed",), "Old quay closed"),
        ("<b>Old \n  quay</b> closed", "Old quay closed", ("Old quay", "closed"), "Old quay closed"),
        ("<span class=kicker>Harbour</span> No way", "Harbour No way", ("Harbour", "No way"), "No way"),
        ("<span class=kicker>Harbour</span> Breakwaters!", "Harbour Breakwaters!", ("Harbour", "Breakwaters!"), "Harbour Breakwaters!"),
        ("– Old <b>quay</b> closed", "– Old quay closed", ("quay", "– Old closed"), "– Old quay closed"),
    ):  # fmt: skip
        (one,) = found(f"<h1>{markup}</h1>")
        assert (one.text, one.parts, one.short) == (text, parts, short), markup


def test_a_heading_has_so_many_parts_and_keeps_its_kicker_where_that_is_asked_for() -> None:
    (one,) = found("<h1>" + "".join(f"<i>n{n:02}</i> " for n in range(14)) + "</h1>")
    assert one.parts == tuple(f"n{n:02}" for n in range(11))
    kicker = "<h1><span class=kicker>Harbour</span> Old quay closed</h1>"
    parts = nodes.gather(LexborHTMLParser(f"<html><body>{kicker}</body></html>"))
    assert [of.short for of in headings(parts, frozenset({"kicker"}))] == ["Harbour Old quay closed"]


def test_words_of_two_lines_are_parted() -> None:
    for before, after, glued in (
        ("Work of tomorrow", "We redecorate all", True),
        ("Work of tomorrow", '"We redecorate all"', True),
        ("Work of tomorrow", "“We redecorate all”", True),
        ("Work of tomorrow ", "We redecorate all", False),
        ("Work of tomorrow", " We redecorate all", False),
        ("tomorrow", "We redecorate all", False),
        ("Work of tomorrow", "We", False),
        ("Work of tomorrow", "we redecorate all", False),
        ("Work of TOMORROW", "We redecorate all", False),
        ("Work of tomorrow:", "We redecorate all", True),
        ("Work of tomorrow,", "We redecorate all", False),
        ('Work of "tomorrow"', '"We redecorate all"', False),
        ("Work of tomorrow", '" We redecorate"', False),
        ("", "We redecorate all", False),
        ("Work of tomorrow", "", False),
    ):
        assert of._are_glued(before, after) is glued, (before, after)


def test_headings_in_boilerplate() -> None:
    for markup, boilerplate in (
        ("<h1>Old quay closed</h1>", False),
        ("<main><h1>Old quay closed</h1></main>", False),
        ("<div class=sidebar><main><h1>Old quay closed</h1></main></div>", False),
        ("<h1 class=logo>The Courier</h1>", True),
        ("<h1 aria-breadcrumb=x>The Courier</h1>", True),
        ("<h1><a href=/>The Courier</a></h1>", True),
        ("<h1><a href=#>The Courier</a></h1>", True),
        ("<h1><a href=https://courier.example/>The Courier</a></h1>", True),
        ("<h1><a href=//courier.example>The Courier</a></h1>", True),
        ("<h1><a href=https://courier.example/quay>Old quay closed</a></h1>", False),
        ("<h1><a href=/x>a</a><a href=/y>b</a><a href=/>c</a></h1>", False),
        ("<nav><h2>More of it</h2></nav>", True),
        ("<li><h2>More of it</h2></li>", True),
        ("<div id=related><h2>More of it</h2></div>", True),
        (f"<div class=footer>{'<i>' * 4}<h2>More of it</h2></div>", True),
        (f"<div class=footer>{'<i>' * 5}<h2>More of it</h2></div>", False),
    ):
        assert found(markup)[0].boilerplate is boilerplate, markup
    assert found("<h1>x</h1>") == [] == found(f"<h1>{'x' * 401}</h1>")
    assert [len(found(f"<h1>{'x' * n}</h1>")) for n in (2, 400)] == [1, 1]
    many = "<h2>More of it</h2>" * 30
    assert len(found(many)) == MAX_HEADINGS == len(found("<h1>Old quay</h1>" * 30))
    assert [one.text for one in found("<div role=heading>Old quay</div><h1 role=heading>Mill</h1>")] == [
        "Mill",
        "Old quay",
    ]


def test_the_site_s_name_stands_in_headings_that_lead_to_its_front() -> None:
    for markup, names in (
        ("<h1><a href=/>The Courier</a></h1>", ["The Courier"]),
        ("<h1><a href=index.html>The Courier</a></h1>", ["The Courier"]),
        ("<h1><a href=#>The Courier</a></h1>", []),
        (f"<h1><a href=/>{'The Courier ' * 6}</a></h1>", []),
        ("<nav><h2>The Courier</h2></nav>", []),
        ("<h1><a href=/quay>The Courier</a></h1>", []),
    ):
        assert home_names(found(markup)) == names, markup


def test_what_is_marked_as_a_headline_without_being_a_heading() -> None:
    for markup, texts in (
        ("<div class=headline>Old quay closed</div>", ["Old quay closed"]),
        ("<div class=post-title>Old quay closed</div>", ["Old quay closed"]),
        ("<div itemprop=headline>Old quay closed</div>", ["Old quay closed"]),
        ("<h3>Old quay closed</h3>", ["Old quay closed"]),
        ("<div class=subtitled>Old quay closed</div>", []),
        ("<h3>Old quay</h3>", []),
        ("<h3>年の港の話題</h3>", ["年の港の話題"]),
        ("<h3>年の港</h3>", []),
        (f"<h3>{'Old quay ' * 23}</h3>", []),
        ("<h3><a href=/x>Old quay closed</a></h3>", []),
        ("<h3><p>Old quay closed</p></h3>", []),
        ("<h3>The Harbour Courier</h3>", []),
        ("<nav><h3>Old quay closed</h3></nav>", []),
    ):
        tree = LexborHTMLParser(f"<html><body>{markup}</body></html>")
        assert list(marked_texts(tree, frozenset({"the harbour courier"}))) == texts, markup


def test_what_stands_beside_a_node_and_how_much_it_holds() -> None:
    for markup, back, text in (
        ("<b>x</b><i>Ada Marsh</i>", False, "Ada Marsh"),
        ("<b>x</b> \n<i>Ada <u>Marsh</u></i>", False, "Ada Marsh"),
        ("<b>x</b> by <i>Ada Marsh</i>", False, ""),
        ("<b>x</b>", False, ""),
        ("<b>x</b><i>AM</i>", False, ""),
        (f"<b>x</b><i>{'Ada ' * 21}</i>", False, ""),
        ("<b>Ada Marsh</b> <b class=it>x</b>", True, "Ada Marsh"),
        ("<i>Ada Marsh</i><b class=it>x</b>", True, ""),
        ("<b>Ada Marsh</b> by <b class=it>x</b>", True, ""),
    ):
        tree = LexborHTMLParser(f"<body><p>{markup}</p>")
        node = tree.css_first("b.it") or tree.css_first("b")
        assert node is not None and nodes.text_beside(node, back=back) == text, markup
    (box,) = LexborHTMLParser("<body><div><p>1</p><p>2</p><a>1</a><!-- x -->text<a>2</a><a>3</a></div>").css("div")
    for paragraphs, links, more in ((1, 9, True), (2, 9, False), (9, 2, True), (9, 3, False), (2, 3, False)):
        assert nodes.holds(box, paragraphs, links) is more
    assert [one.tag for one in nodes.elements(box)] == ["div", "p", "p", "a", "a", "a"]


def test_the_nodes_that_bear_witness() -> None:
    parts = nodes.gather(
        LexborHTMLParser(
            "<html lang=de><head><title>Quay</title><base href=/a><base href=/b><meta name=a><link rel=x>"
            "<script type='application/LD+json'>{1}</script><script>var a</script><script src=/x.js></script><meta name='ld+json' content='{2}'>"
            "<style>x</style></head><body><svg><title>Icon</title></svg><h1>A<style>y</style></h1><h2 rel=license>B</h2><div role=heading>C</div>"
            "<time>1</time><abbr title=x>2</abbr><a rel=author>D</a><b itemprop=name>E</b><b>F</b></body></html>"
        )
    )
    assert (parts.language, parts.base, parts.title) == ("de", "/a", "Quay")
    assert (len(parts.metas), len(parts.links), len(parts.scripts)) == (2, 1, 1)
    assert parts.ld_texts() == ["{1}", "{2}"]
    texts = {
        name: [spot.node.text() for spot in getattr(parts, name)]
        for name in ("headings", "roles", "times", "rels", "props")
    }
    assert texts == {"headings": ["A", "B"], "roles": ["C"], "times": ["1", "2"], "rels": ["B", "D"], "props": ["E"]}
    places = [spot.place for spot in (*parts.headings, *parts.roles, *parts.times, *parts.props)]
    assert places == sorted(places) and parts.headings[0].get("rel") == "" and parts.headings[1].get("rel") == "license"
    assert nodes.gather(LexborHTMLParser("<html xml:lang=fr>")).language == "fr"
    many = nodes.gather(LexborHTMLParser("<time>1</time>" * (nodes.MAX_NODES + 5)))
    assert nodes.MAX_NODES - 5 <= len(many.times) < nodes.MAX_NODES
