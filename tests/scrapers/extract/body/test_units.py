"""What is kept or left as one, what is cut before anything is weighed, what comes out. Markup and prose of our own."""

from __future__ import annotations

import pytest

from scrapers.extract.body import assemble, body
from scrapers.extract.body.known import Known
from scrapers.extract.body.units import cutting
from scrapers.extract.body.units.blocks import Looks, Sheet
from scrapers.extract.body.units.cutting import cut, cut_markup
from scrapers.extract.body.units.exclusions import excluded
from scrapers.extract.body.units.grouping import into_units
from scrapers.extract.body.units.inert import without_comments
from scrapers.extract.body.units.reasons import reason
from scrapers.model import Page
from scrapers.page.html import parse

TITLE = "Mill bridge to close for a year"
PROSE = (
    "The bridge beside the old mill will be closed from the first of May, the county's engineers announced on Monday.",
    "Its two middle arches have sunk by nine centimetres since the flood, and the parapet leans towards the river.",
    "“Nobody likes a detour of six miles,” said the road office. “But nobody likes a bridge that falls, either.”",
    "Buses will turn at the school, and the baker on the far bank has asked for a ferry in the summer months at least.",
    "The work costs two million, of which the county pays half; the rest comes out of the fund for flood repairs.",
)
TABLE = (
    "<table><caption>Traffic in a day</caption><thead><tr><th>Year</th><th>Cars</th><th>Lorries</th></tr></thead>"
    "<tbody><tr><td>2019</td><td>4,100</td><td></td></tr><tr><td>2024</td><td>5,300</td><td>210</td></tr></tbody></table>"
)
LIST = "<ol start='3'><li>May</li><li>June: piles</li><li></li><li>The arches are shored up, says the office.</li></ol>"
TERMS = "<dl><dt>Arch</dt><dd>Stone, of 1788</dd><dt>Deck</dt><dd>Oak, renewed in 1931</dd></dl>"
CODE = "<pre><code>span = 41\nrise = 9</code></pre>"
FIGURE = (
    '<figure><picture><source srcset="/b-1600.webp 1600w" type="image/webp"><img src="/b.jpg" width="800" height="500" '
    'alt="The bridge"></picture><figcaption>The bridge in March</figcaption></figure>'
)
PLAYER = '<figure><iframe src="https://www.youtube.com/embed/abcdefghijk" title="The flood"></iframe></figure>'
POST = (
    '<blockquote class="twitter-tweet"><p lang="en">The mill bridge closes in May. Take the ford.</p>— Road Office '
    '<a href="https://twitter.com/roads/status/17">3 March 2026</a></blockquote>'
)
VIDEO = '<video poster="/p.jpg" controls=""><source src="/flood.mp4" type="video/mp4"></video>'
QUOTE = '<blockquote cite="/minutes"><p>The council regrets it.</p><p>It will not be hurried.</p></blockquote>'


def site(inner: str, *, top: str = f"<h1>{TITLE}</h1>", after: str = "", root: str = "") -> str:
    return (
        f"<!doctype html><html{root}><head><title>{TITLE}</title></head><body><header><nav><ul>"
        + "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Weather", "Letters"))
        + f'</ul></nav></header><main><article>{top}<div class="article-body">{inner}</div></article></main>{after}'
        "<footer><p>© The Valley Herald. All rights reserved.</p></footer></body></html>"
    )


def story(*between: str) -> str:
    """The prose with `between` after its second paragraph."""
    said = [f"<p>{line}</p>" for line in PROSE]
    return "".join([*said[:2], *between, *said[2:]])


def find(html: str) -> body.Body:
    address = "https://herald.example/bridge"
    return body.find(parse(Page(address, html.encode())), Known(titles=(TITLE,), url=address))


def units(html: str) -> Sheet:
    return into_units(cut(parse(Page("", html.encode()))), set())


@pytest.mark.parametrize("markup", [TABLE, LIST, TERMS, CODE, QUOTE, FIGURE, PLAYER, POST, VIDEO])
def test_what_belongs_together_stays_whole_with_its_attributes(markup: str) -> None:
    shown = cut_markup(f"<body>{markup}</body>")
    markup = "".join(f"<{tag}>{text}" for tag, text in zip(shown.tags, shown.texts, strict=True))
    markup = markup.removeprefix("<body>").removesuffix("</body>").replace("<code>span", "<code>span")
    found = find(site(story(markup)))
    assert markup.replace("'", '"') in found.html
    for line in PROSE:
        assert line in found.text


def test_rows_of_a_table_are_lines_and_a_list_is_a_line_for_each_item() -> None:
    found = find(site(story(TABLE, LIST)))
    lines = found.text.split("\n")
    assert "2024 5,300 210" in lines
    assert lines[lines.index("May") : lines.index("May") + 2] == ["May", "June: piles"]


@pytest.mark.parametrize(
    ("markup", "kinds"),
    [
        (TABLE, ["table"]),
        (LIST, ["list"]),
        (TERMS, ["terms"]),
        (CODE, ["code"]),
        (FIGURE, ["figure"]),
        (f"<figure>{TABLE}</figure>", ["table"]),
        (f"<figure>{QUOTE}</figure>", ["quote"]),
        ("<table><tr><td><h2>Left</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>", ["", "", ""]),
        (f"<table><tr><td>{TABLE}</td></tr></table>", ["table"]),
        (f"<table><tr><td>{''.join(f'<p>{line}</p>' for line in PROSE)}</td><td>x</td></tr></table>", [""] * 6),
        (f"<ul><li><article><p>{PROSE[0]}</p></article></li><li><p>{PROSE[1]}</p></li></ul>", ["", ""]),
        (f"<ul>{''.join(f'<li>{line * 10}</li>' for line in PROSE)}</ul>", [""] * 5),
        ("<div class='image'><img src='/a.jpg'><p class='caption'>The arch</p></div>", ["figure"]),
    ],
)
def test_units(markup: str, kinds: list[str]) -> None:
    around = "".join(f"<p>{line}</p>" for line in PROSE)
    found = units(f"<html><body><main>{around}{markup}{around}</main></body></html>")
    inner = found.blocks[len(PROSE) : -len(PROSE)]
    assert [unit.kind for unit in inner] == kinds
    assert [unit.index for unit in found.blocks] == list(range(len(found.blocks)))
    assert found.elements[0].last == len(found.blocks)


def test_a_foreign_item_goes_and_the_list_stays() -> None:
    found = find(
        site(
            story(
                "<ul><li>The mill is open as before.</li><li>Read also: "
                "<a href='/flood'>The night of the flood</a></li>"
                "<li>The ford is for walkers alone.</li></ul>"
            )
        )
    )
    assert "The mill is open as before.\nThe ford is for walkers alone." in found.text
    assert "The night of the flood" not in found.html
    assert "<ul><li>The mill is open as before.</li><li>The ford" in found.html


def test_a_rule_between_paragraphs_stays() -> None:
    assert "</p><hr><p>" in find(site(story("<hr>"))).html


def test_an_accordion_stays() -> None:
    found = find(site(story(f"<details><summary>Why in May?</summary><p>{PROSE[0][::-1]}</p></details>")))
    assert "<details><summary>Why in May?</summary><p>" in found.html
    assert "Why in May?" in found.text


def test_a_panel_that_a_click_opens_is_read() -> None:
    hidden = (
        '<h3><button aria-controls="p1">Costs</button></h3><div id="p1" role="region" aria-labelledby="b1" hidden>'
        "<p>Two million, and a further forty thousand for the ferry that the baker on the far bank has asked for.</p>"
        "</div>"
    )
    found = find(site(story(hidden)))
    assert "a further forty thousand for the ferry" in found.text
    assert "hidden" not in found.html


@pytest.mark.parametrize(
    "cut_off",
    [
        '<div role="dialog" aria-label="x"><p>{}</p></div>',
        '<div aria-modal="true"><p>{}</p></div>',
        "<dialog><p>{}</p></dialog>",
        '<div class="cookie-banner"><p>{}</p></div>',
        '<div id="onetrust-consent-sdk"><p>{}</p></div>',
        '<div style="display:none"><p>{}</p></div>',
        "<div hidden><p>{}</p></div>",
        "<nav><p>{}</p></nav>",
        "<template><p>{}</p></template>",
    ],
)
def test_what_is_cut_before_weighing(cut_off: str) -> None:
    foreign = "We and our partners keep things on your device, so that the valley is shown what it likes to see best."
    found = find(site(story(cut_off.format(foreign))))
    assert found.text.split("\n") == list(PROSE)
    assert foreign not in found.html


def test_a_word_hidden_within_a_sentence_is_no_text() -> None:
    found = find(site(story().replace("The bridge beside", "The <span hidden>Tip: tap</span>bridge beside")))
    assert found.text.split("\n")[0] == PROSE[0]
    assert "Tip: tap" not in found.html


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ('class="comments-area"', "comments"),
        ('class="board-comment-widget"', "comments"),
        ('class="wall board-comments-list x-2"', "comments"),
        ('class="no-comments"', ""),
        ('class="board-comment-count"', ""),
    ],
)
def test_what_is_named_for_comments(names: str, why: str) -> None:
    assert reason(Looks("div", names)) == why


def test_comments_go_unless_the_page_is_a_thread() -> None:
    said = "".join(f"<li class='comment'><p>{line}</p></li>" for line in PROSE)
    below = f'<section id="comments" class="comments-area"><h2>Comments</h2><ol>{said}</ol></section>'
    other = "".join(f"<p>{line[::-1]}</p>" for line in PROSE * 2)
    assert PROSE[0] not in find(site(other, after=below)).text
    assert PROSE[0] in find(site("<p>Who knows why the bridge is closed?</p>", after=below)).text


def test_the_next_article_on_the_page_goes() -> None:
    other = "".join(f"<p>{line[::-1]}</p>" for line in PROSE)
    after = f"<article><h1>Harvest supper was a success</h1><div class='article-body'>{other}</div></article>"
    assert find(site(story(), after=after)).text.split("\n") == list(PROSE)


def test_a_shadow_root_is_read() -> None:
    shadow = f'<story-body><template shadowrootmode="open"><style>p{{}}</style>{story()}</template></story-body>'
    assert find(site(shadow)).text.split("\n") == list(PROSE)


def test_parts_that_a_server_sends_late_are_put_where_they_belong() -> None:
    late = (
        f'<div hidden id="S:1"><p>{PROSE[2]}</p><template id="P:2"></template></div>'
        f'<div hidden id="S:2"><p>{PROSE[3]}</p><p>{PROSE[4]}</p></div><script>$RC("B:1","S:1")</script>'
    )
    inner = f'<p>{PROSE[0]}</p><p>{PROSE[1]}</p><!--$?--><template id="B:1"></template><!--/$-->'
    assert find(site(inner, after=late)).text.split("\n") == list(PROSE)


def test_a_text_that_stands_in_noscript_alone_is_read_and_an_excuse_is_not() -> None:
    assert find(site(f"<noscript>{story()}</noscript>")).text.split("\n") == list(PROSE)
    excuse = "<noscript><p>Please switch on JavaScript to read the Herald.</p></noscript>"
    assert find(site(story(excuse))).text.split("\n") == list(PROSE)


def test_the_twin_of_a_lazy_picture_comes_with_it() -> None:
    lazy = '<img class="lazy" src="data:,"><noscript><img src="/arch.jpg" alt="The arch"></noscript>'
    assert '<noscript><img src="/arch.jpg" alt="The arch"></noscript>' in find(site(story(f"<p>{lazy}</p>"))).html


def test_a_gallery_after_the_last_sentence_stays() -> None:
    shots = "".join(f'<figure><img src="/g{n}.jpg" width="640" height="480"></figure>' for n in range(6))
    found = find(site(story() + f'<div class="shots">{shots}</div>'))
    assert all(f"/g{n}.jpg" in found.html for n in range(6))


@pytest.mark.parametrize("box", ["social-share-embed", "author-html-widget", "sidebar__widget byline-video"])
@pytest.mark.parametrize("markup", [PLAYER.replace("figure>", "div>"), POST])
def test_the_names_of_a_box_say_nothing_against_players_and_posts(box: str, markup: str) -> None:
    found = find(site(story(f'<div class="{box}">{markup}</div>')))
    assert "abcdefghijk" in found.html or "status/17" in found.html


def test_a_frame_that_nobody_knows_is_judged_by_its_box() -> None:
    frame = '<iframe src="https://offers.example/1"></iframe>'
    assert frame not in find(site(story(f'<div class="sidebar__widget">{frame}</div>'))).html


def test_posts_after_the_last_sentence_stay() -> None:
    found = find(site(story() + f'{POST}<figure class="wp-block-embed-twitter">{POST.replace("/17", "/18")}</figure>'))
    assert "status/17" in found.html and "status/18" in found.html


def test_players_below_the_last_sentence_stay_and_pictures_of_others_go() -> None:
    author = '<div><img src="/author.jpg"></div>'
    below = f'<p class="more-topics">Bridges</p><div class="embed-block">{PLAYER}</div>{author}{VIDEO}'
    found = find(site(story() + below))
    assert "abcdefghijk" in found.html and "/flood.mp4" in found.html
    assert "/author.jpg" not in found.html


def test_the_direction_of_the_page_is_kept() -> None:
    assert find(site(story(), root=' dir="rtl" lang="he"')).html.startswith('<div dir="rtl">')
    assert "dir=" not in find(site(story())).html


RICOS = (
    '<div data-hook="post-description"><article><div class="post-content__body"><div data-rce-version="10.24">'
    "<p><span>Short.</span></p>"
    f'<div data-breakout="normal"><p id="viewer-1"><span>{PROSE[0]}</span></p></div><p><span>And then?</span></p>'
    '<h2 id="viewer-2"><span>What comes next</span></h2><ul><li><p>Piles</p></li><li><p>Arches</p></li></ul>'
    '<figure data-hook="figure-IMAGE"><div><img src="/media/a.jpg" alt=""></div>'
    "<figcaption>The mill</figcaption></figure>"
    f"<p><span>{PROSE[1]}</span></p><hr><p><a href='/map'>Open the map</a></p></div></div></article></div>"
)


def test_all_of_a_known_column_stays() -> None:
    found = find(
        site(RICOS, after='<div data-hook="recent-posts"><p>Harvest supper was a success, says the vicar.</p></div>')
    )
    wanted = ["Short.", PROSE[0], "And then?", "What comes next", "Piles", "Arches", PROSE[1], "Open the map"]
    assert found.text.split("\n") == wanted
    assert "<figcaption>The mill</figcaption>" in found.html
    assert "<hr>" in found.html


def test_units_are_made_in_linear_time() -> None:
    html = "<table><tr><td>" * 3000 + "x" + "<ul><li>y" * 3000
    sheet = cut_markup(f"<body>{html}</body>")
    assert len(into_units(sheet, excluded(sheet)).blocks) == len(sheet.blocks) or sheet.blocks


@pytest.mark.parametrize("tag", ["audio", "video"])
def test_what_a_film_says_to_old_browsers_is_no_text(tag: str) -> None:
    notice = "Your browser plays no sound, please take another one to hear the engineer."
    inside = f'<source src="/engineer.mp3" type="audio/mpeg"><p>{notice}</p><a href="/e.mp3">/e.mp3</a>'
    film = f"<{tag} controls>{inside}</{tag}>"
    found = find(site(story(film)))
    assert notice not in found.text and "/e.mp3" not in found.text
    assert 'src="/engineer.mp3"' in found.html
    assert find(site(story() + film)).html.count('src="/engineer.mp3"') == 1, "below the last sentence too"


def test_a_list_under_a_label_of_the_text_stays_links_and_all() -> None:
    offers = "<ul><li><a href='/f1'>Ferry at six</a></li><li><a href='/f2'>Ferry at nine</a></li></ul>"
    assert "Ferry at nine" in find(site(story("<p>From the school bank</p>", offers))).text
    assert "Ferry at nine" not in find(site(story("<p>Read also:</p>", offers))).text


def test_who_wrote_it_is_no_list_of_the_text() -> None:
    writer = '<li><img src="/ada.jpg" width="300" height="300"><span>Ada Quill</span></li>'
    head = f"<ul>{writer}<li>1 hour ago</li><li>2 min read</li></ul>"
    found = find(site(head + story(FIGURE)))
    assert "2 min read" not in found.html and "The bridge in March" in found.html


def test_another_story_offered_amid_the_text_goes() -> None:
    offer = (
        '<div class="related-news"><p>Two more</p><article class="card"><a href="/miller"><h3>Miller retires</h3></a>'
        "<p>The wheel will turn on Sundays only, and the flour comes from the town.</p></article></div>"
    )
    found = find(site(story(offer)))
    assert "wheel" not in found.text and "Two more" not in found.text
    assert all(line in found.text for line in PROSE)


def test_the_next_notice_on_the_page_goes_though_the_first_one_is_short() -> None:
    def notice(title: str, lines: tuple[str, ...], number: int) -> str:
        text = "".join(f"<p>{line}</p>" for line in lines)
        return f'<article class="post post-{number}"><header><h1>{title}</h1></header><div>{text}</div></article>'

    two = notice(TITLE, PROSE[:2], 7) + notice("Miller retires", (PROSE[3] + " He is glad.", PROSE[4], PROSE[2]), 6)
    found = find(f"<html><head><title>{TITLE}</title></head><body><div>{two}</div></body></html>")
    assert all(line in found.text for line in PROSE[:2])
    assert not any(line in found.text for line in PROSE[2:])


def test_comments_leave_nothing() -> None:
    assert without_comments("a<!-- b -->c") == "ac"
    assert without_comments("a<!-->b-->c") == "ac"
    assert without_comments("a<!--b--><!--c-->d") == "ad"
    assert without_comments("a<!--b") == "a<!--b"
    assert without_comments("<p>a</p>") == "<p>a</p>"
    assert without_comments("!<!--!b!-->!<!-- --c!>!--!>d<!--e-->!") == "!!!"
    assert without_comments("<!doctype><p>a! b</p>") == "<!doctype><p>a! b</p>"


def test_only_elements_that_hold_something_are_kept() -> None:
    sheet = cut_markup("<body><div><p></p><ul><li> </li></ul></div><div><p>One line.</p></div><nav>Far</nav></body>")
    assert [element.tag for element in sheet.elements] == ["body", "body", "div", "p"]
    assert [(one.why, one.length) for one in sheet.passed] == [("navigation", 3)]


SENTENCE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring."
SHOWN = "Boats in the mist at dawn"


@pytest.mark.parametrize(
    "box",
    [
        f"<div><img src=/a.jpg><div class=caption>{SHOWN}</div></div>",
        f"<div><div><img src=/a.jpg></div><div class=caption>{SHOWN}</div></div>",
        f"<div><div><img src=/a.jpg></div><div><div class=caption>{SHOWN}</div></div></div>",
        f"<div><div class=caption>{SHOWN}</div><div><img src=/a.jpg></div></div>",
        f"<div><img src=/a.jpg><div class=caption>{SHOWN}</div><div class=caption>Another line of it</div></div>",
        f"<div><div><img src=/a.jpg></div><div>{SHOWN}</div></div>",  # a line with nothing but a picture in its box
        f"<div><img src=/a.jpg>{SHOWN}</div>",
        f"<figure><img src=/a.jpg><figcaption>{SHOWN}</figcaption></figure>",
    ],
)
def test_a_picture_and_its_caption_are_a_figure_whatever_holds_them(box: str) -> None:
    found = units(f"<article><p>{SENTENCE}</p>{box}<p>{SENTENCE}</p></article>").blocks
    assert [one.kind for one in found] == ["", "figure", ""]
    assert SHOWN in "".join(part.text for part in found[1].parts)


@pytest.mark.parametrize(
    "box",
    [
        "<div><img src=/a.jpg><div>Moored boats</div></div>",  # a label
        f"<div><img src=/a.jpg><div><a href=/boats>{SHOWN}</a></div></div>",  # another story
        f"<div><img src=/a.jpg><p>{SHOWN}</p></div>",  # a paragraph
        f"<div><img src=/a.jpg><div class=standfirst>{SHOWN}</div></div>",
        f"<div><img src=/a.jpg><div class=caption>{SHOWN}</div><p>{SENTENCE}</p></div>",  # and something else
        f"<div><img src=/a.jpg><div class=caption>{SENTENCE * 6}</div></div>",  # prose
        f"<div><div><div><div><div><img src=/a.jpg></div></div></div></div></div><div class=caption>{SHOWN}</div>",
        f"<img src=/a.jpg><div class=caption>{SHOWN}</div>",  # the article itself is no figure
        f"<table><tr><td><img src=/a.jpg><div class=caption>{SHOWN}</div></td></tr></table>",
        f"<div><div><div><div><div class=caption>{SHOWN}</div></div></div></div><img src=/a.jpg></div>",  # too deep
        f"<div class=caption>{SHOWN}</div>",
    ],
)
def test_what_is_no_figure(box: str) -> None:
    found = units(f"<article><p>{SENTENCE}</p>{box}<p>{SENTENCE}</p></article>").blocks
    assert "figure" not in {one.kind for one in found}


@pytest.mark.parametrize(("before", "cut_out"), [(400, True), (399, False)])
def test_comments_go_where_four_hundred_characters_are_left_without_them(before: int, cut_out: bool) -> None:
    """However late in the page they stand."""
    said = "".join(f"<p>{line}</p>" for line in PROSE * 3)
    opening = f"<p>{('word ' * 100)[: before - 1]}.</p>"
    below = f"<section class='comments'>{said}</section>"
    for markup in (f"{opening}{below}", f"{below}{opening}"):
        sheet = cut(parse(Page("", f"<html><body>{markup}</body></html>".encode())))
        assert {element.looks.why for element in excluded(sheet)} == ({"comments"} if cut_out else set())


def test_a_comment_that_nothing_closes_is_text_and_those_before_it_go() -> None:
    assert without_comments("<!--b-->c<!--d") == "c<!--d"
    assert without_comments("<!---->a<!--b") == "a<!--b"
    assert without_comments("a<!--b-->c<!--d-->e<!--f") == "ace<!--f"
    assert without_comments("-->a<!--b-->-->c<!--d") == "-->a-->c<!--d"


def test_the_markup_of_units_has_the_elements_around_them_and_the_rules_between_them() -> None:
    between = "<div><p>One line.</p><hr><p>Two.</p></div>", "<ul><li>a<hr>b</li></ul>", "<hr>three"
    sheet = cut_markup(f"<body>{'<!-- gone -->'.join(between)}<hr></body>")
    assert assemble.markup(sheet, sheet.blocks) == "".join(between)
    assert assemble.markup(sheet, sheet.blocks, direction="rtl") == f'<div dir="rtl">{"".join(between)}</div>'
    assert assemble.markup(sheet, sheet.blocks[1:3]) == "<div><p>Two.</p></div><ul><li>a</li></ul>"
    assert assemble.markup(sheet, [], direction="rtl") == ""


def test_a_rule_beside_what_is_kept_whole_stays_and_the_one_inside_comes_once() -> None:
    inside = TABLE.replace("4,100", "<p>4,100</p><hr><p>4,200</p>")
    found = find(site(story(f"<hr>{inside}<hr>")))
    assert found.html.count("<hr>") == 3
    assert (
        "<p>4,100</p><hr><p>4,200</p>" in found.html
        and "</p><hr><table>" in found.html
        and "</table><hr><p>" in found.html
    )


def test_looks_of_tags_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_MOST_REMEMBERED", 3)
    monkeypatch.setattr(cutting, "_remembered", {})
    for number in range(7):
        long = "x" * cutting._SHORT
        cut_markup(f'<body><div class="a{number}"><p class="{long}">One</p></div></body>')
        assert 0 < len(cutting._remembered) <= 3
        assert not any(long in tag for tag in cutting._remembered)


def test_an_element_that_holds_nothing_leaves_no_trace_but_the_break_it_makes() -> None:
    sheet = cut_markup(
        '<body><div>One<p class="a"> </p>two</div><x-ad></x-ad> three <nav></nav>four<b></b> five</body>'
    )
    assert [block.text for block in sheet.blocks] == ["One", "two", "three", "four five"]
    assert [element.tag for element in sheet.elements] == ["body", "body", "div"]
    assert [(block.start, block.end) for block in sheet.blocks] == [(1, 2), (3, 4), (6, 7), (8, 11)]


def test_an_end_of_another_element_is_not_taken_for_that_of_an_empty_one() -> None:
    """As raw text may look like tags."""
    sheet = cut_markup("<body><div><p> </div>One<p></body>")
    assert [(block.text, block.element.tag) for block in sheet.blocks] == [("One", "div")]
