"""The body finder over pages of our own: real markup, our prose."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.extract.body import body
from scrapers.extract.body.known import Known
from scrapers.extract.body.units.blocks import attributes, token
from scrapers.extract.body.units.cutting import cut, cut_markup
from scrapers.extract.body.units.grouping import into_units
from scrapers.extract.body.weigh.context import beside
from scrapers.extract.body.weigh.features import NAMES, measure
from scrapers.extract.body.weigh.scoring import HOPELESS, rescore, score
from scrapers.model import Page
from scrapers.page.html import parse
from tests.support.timing import least

FIRST = (
    "The council of Port Alder voted on Tuesday to rebuild the old ferry pier, which a storm had torn apart in March."
)
SECOND = (
    "Work will begin in autumn and is to take fourteen months, said the harbour master, who had asked for it for years."
)
THIRD = "“We have lost two summers,” she told the meeting. “A third one would close half of the shops along the quay.”"
FOURTH = "The money comes from the county and from a fund for coastal towns; the rest, some four million, is borrowed."
FIFTH = (
    "Fishermen had wanted a smaller pier, because the new one takes the place of eleven moorings near the fish market."
)
PROSE = (FIRST, SECOND, THIRD, FOURTH, FIFTH)

NAV = "".join(f'<li class="nav__item"><a href="/{w}">{w}</a></li>' for w in ("News", "Sport", "Weather", "Culture"))
TEASERS = "".join(
    f'<li class="teaser"><a href="/story-{n}"><h3>Another story of the day, number {n}</h3></a></li>' for n in range(6)
)


def page(main: str, *, head: str = "", after: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Pier to be rebuilt</title>{head}</head><body>'
        f'<header class="site-header"><nav><ul>{NAV}</ul></nav></header><main>{main}</main>'
        f'<aside class="sidebar"><h2>Most read</h2><ul>{TEASERS}</ul></aside>{after}'
        '<footer class="site-footer"><p>© Port Alder Messenger. All rights reserved.</p></footer></body></html>'
    )


def article(*paragraphs: str) -> str:
    inner = "".join(f"<p>{p}</p>" for p in paragraphs)
    top = '<h1 class="headline">Pier to be rebuilt</h1>'
    return f'<article class="story">{top}<div class="article-body">{inner}</div></article>'


def find(html: str | bytes, **known: object) -> body.Body:
    raw = html.encode() if isinstance(html, str) else html
    hints = Known(titles=("Pier to be rebuilt",), url="https://messenger.example/pier", **known)  # type: ignore[arg-type]
    return body.find(parse(Page("https://messenger.example/pier", raw)), hints)


def test_paragraphs_are_kept_and_boilerplate_is_not() -> None:
    assert find(page(article(*PROSE))).text.split("\n") == list(PROSE)


def test_the_body_parted_by_adverts_is_whole() -> None:
    parts = "".join(
        f'<div class="article-body"><p>{a}</p><p>{b}</p></div><div class="ad-slot">Advertisement</div>'
        for a, b in ((FIRST, SECOND), (THIRD, FOURTH))
    )
    found = find(page(f"<article><h1>Pier to be rebuilt</h1>{parts}</article>"))
    assert found.text.split("\n") == [FIRST, SECOND, THIRD, FOURTH]


@pytest.mark.parametrize(
    "line",
    [
        '<p><strong>Read also: <a href="/storm">How the storm of March began</a></strong></p>',
        '<div class="newsletter-box"><p>Sign up to our newsletter and get the news of the harbour daily.</p></div>',
        '<aside class="related"><h3>More on this</h3><ul><li><a href="/a">Ferries are late again</a></li></ul></aside>',
        '<div class="share"><a href="#">Share on Facebook</a></div>',
    ],
)
def test_lines_between_paragraphs_that_are_not_the_article(line: str) -> None:
    html = page(article(*PROSE)).replace(f"<p>{THIRD}</p>", f"{line}<p>{THIRD}</p>")
    assert find(html).text.split("\n") == list(PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "The pier as the storm left it in March. (Ada Quill/The Messenger)",
        "The pier as the storm left it in March. Photo: Ada Quill",
        "The pier as the storm left it in March. © AFP / Ada Quill",
        "The pier as the storm left it in March (Foto: Ada Quill)",
    ],
)
def test_a_caption_written_as_a_paragraph_is_no_text(line: str) -> None:
    picture = '<div class="x1"><img src="/pier.jpg" alt="" width="800" height="500"></div>'
    html = page(article(*PROSE)).replace(f"<p>{FIRST}</p>", f"{picture}<p>{line}</p><p>{FIRST}</p>")
    assert find(html).text.split("\n") == list(PROSE)


def test_a_caption_in_one_paragraph_with_its_picture_is_no_text() -> None:
    line = "The pier as the storm left it in March. (Ada Quill/The Messenger)"
    picture = f'<p><img src="/pier.jpg" alt="" width="800" height="500"> {line}</p>'
    found = find(page(article(*PROSE)).replace(f"<p>{THIRD}</p>", f"{picture}<p>{THIRD}</p>"))
    assert found.text.split("\n") == list(PROSE)
    assert line in found.html


@pytest.mark.parametrize("wrap", ["{}", "<figure>{}</figure>"])
def test_a_caption_written_as_a_paragraph_is_told_with_the_picture(wrap: str) -> None:
    picture = wrap.format('<img src="/pier.jpg" alt="" width="800" height="500">')
    line = "<p>The pier as the storm left it in March. (Ada Quill/The Messenger)</p>"
    html = page(article(*PROSE)).replace(f"<p>{FIRST}</p>", f"{picture}{line}<p>{FIRST}</p>")
    image = find(html).image
    assert image is not None
    assert image.caption == "The pier as the storm left it in March."
    assert image.credit == "Ada Quill/The Messenger"


def test_a_paragraph_under_a_picture_is_text() -> None:
    picture = '<div class="x1"><img src="/pier.jpg" alt="" width="800" height="500"></div>'
    html = page(article(*PROSE)).replace(f"<p>{THIRD}</p>", f"{picture}<p>{THIRD}</p>")
    assert find(html).text.split("\n") == list(PROSE)


def test_comments_are_left_out() -> None:
    said = "".join(
        f'<li class="comment"><div class="comment-body"><p>I think that number {n} is right, and the pier was always '
        "too small for the ferries that came in July and August.</p></div></li>"
        for n in range(12)
    )
    found = find(page(article(*PROSE) + f'<section id="comments"><h2>Comments</h2><ol>{said}</ol></section>'))
    assert "I think that number" not in found.text
    assert FIFTH in found.text


def test_headline_byline_and_date_are_no_text_but_told() -> None:
    top = (
        '<article><h1>Pier to be rebuilt</h1><p class="standfirst">After the storm: the town borrows four million and '
        'loses eleven moorings.</p><div class="byline">By Ada Quill</div><div class="date">Published 3 March 2026</div>'
        f'<div class="article-body">{"".join(f"<p>{p}</p>" for p in PROSE)}</div></article>'
    )
    found = find(page(top))
    assert found.text.endswith("\n".join(PROSE))
    assert "Ada Quill" not in found.text
    assert "Published" not in found.text
    assert found.headline == "Pier to be rebuilt"
    assert found.byline == "By Ada Quill"
    assert found.dateline == "Published 3 March 2026"


def test_a_body_in_data_is_used_where_the_page_has_none() -> None:
    html = page("<article><h1>Pier to be rebuilt</h1><p>Loading …</p></article>")
    found = find(html, bodies=("".join(f"<p>{p}</p>" for p in PROSE),))
    assert found.text.split("\n") == list(PROSE)
    assert found.who == "data"
    assert found.html.count("<p>") == len(PROSE)
    plain = find(html, bodies=("\n\n".join(PROSE),))
    assert plain.text.split("\n") == list(PROSE)


def test_a_body_in_data_does_not_replace_the_page() -> None:
    found = find(page(article(*PROSE)), bodies=(" ".join(PROSE),))
    assert found.who == "body"
    assert found.text.split("\n") == list(PROSE)


def test_the_markup_is_the_page_s_own() -> None:
    inner = (
        f'<p class="x">{FIRST} <a class="l" href="/map?a=1&amp;b=2">See the <b>map</b></a>.</p>'
        f'<h2 id="when">When it will be done</h2><p>{SECOND}</p>'
        "<ul><li>The old pier is taken down before the winter storms arrive.</li>"
        "<li>The new piles are driven once the ice has left the bay.</li></ul>"
        f"<blockquote><p>{THIRD}</p></blockquote>"
        '<figure class="pic"><img class="lazy" src="data:image/gif;base64,R0lGOD" data-src="/img/pier.jpg" width="900" '
        'height="600" alt="The pier"><figcaption>The pier after the storm.</figcaption></figure>'
        f"<p>{FOURTH}</p><p>{FIFTH}</p><script>alert(1)</script>"
    )
    found = find(page(f'<article><h1>Pier to be rebuilt</h1><div class="article-body">{inner}</div></article>'))
    assert "<script" not in found.html
    assert f'<div class="article-body">{inner.partition("<script")[0]}</div>' in found.html
    assert found.image is not None
    assert (found.image.url, found.image.caption) == (
        "https://messenger.example/img/pier.jpg",
        "The pier after the storm.",
    )
    assert "after the storm." not in found.text


def test_right_to_left_and_scripts_without_spaces() -> None:
    chinese = [
        "市議會星期二投票決定重建舊渡輪碼頭，該碼頭在三月的風暴中被摧毀，居民已經等了很久。",
        "工程將於秋天開始，預計需要十四個月，港務長表示，她多年來一直要求進行這項工程。",
        "資金來自縣政府和沿海城鎮基金，其餘約四百萬元將透過借款方式籌集，議員說。",
        "漁民們希望碼頭小一點，因為新的碼頭佔用了魚市場附近的十一個泊位，影響生計。",
    ]
    assert find(page(article(*chinese))).text.split("\n") == chinese
    arabic = [
        "صوت مجلس المدينة يوم الثلاثاء على إعادة بناء رصيف العبارات القديم الذي دمرته عاصفة في شهر مارس الماضي.",
        "ستبدأ الأعمال في الخريف وتستمر أربعة عشر شهرا كما قالت مديرة الميناء التي طالبت بذلك منذ سنوات طويلة.",
        "يأتي المال من المحافظة ومن صندوق للمدن الساحلية أما الباقي فهو قرض يبلغ نحو أربعة ملايين.",
    ]
    assert find(page(article(*arabic))).text.split("\n") == arabic


def test_the_next_page_of_the_same_article() -> None:
    follow = '<link rel="next" href="https://messenger.example/pier?page=2">'
    assert find(page(article(*PROSE), head=follow)).next_page == "https://messenger.example/pier?page=2"
    other = '<link rel="next" href="https://messenger.example/another-story">'
    assert find(page(article(*PROSE), head=other)).next_page is None


def test_a_paywall_is_told() -> None:
    wall = '<div class="paywall"><p>Subscribe now to continue reading this article and support our work.</p></div>'
    found = find(page(article(FIRST, SECOND) + wall))
    assert found.paywalled
    assert "Subscribe" not in found.text
    assert not find(page(article(*PROSE))).paywalled


@pytest.mark.parametrize(
    "html", ["", "<html></html>", "<p>", "<body>" + "<br>" * 500, "plain words and no tags at all"]
)
def test_pages_without_an_article(html: str) -> None:
    assert isinstance(find(html).text, str)


WHOLE = page(
    article(*PROSE).replace("<p>", '<p class="t">').replace(THIRD, f"<em>{THIRD}</em><br><br>&nbsp;<img src='a.jpg'>"),
    head='<script type="application/ld+json">{"articleBody": "x"}</script>',
    after="<!-- c --><noscript><img src='b.gif'></noscript><table><tr><td>1</td></tr></table><svg><path d='M0'/></svg>",
).encode()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(WHOLE)))
def test_a_page_cut_anywhere_is_read(end: int) -> None:
    find(WHOLE[:end])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=60))
def test_a_page_with_wrong_bytes_is_read(flips: list[tuple[int, int]]) -> None:
    raw = bytearray(WHOLE)
    for at, value in flips:
        raw[at] = value
    find(bytes(raw))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp037", "shift_jis", "utf-7"])
def test_a_page_in_a_wrong_encoding_is_read(encoding: str) -> None:
    find(WHOLE.decode().encode(encoding, "replace"))


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "word, " * 200_000,
        "".join(f"<p>Paragraph number {n} says a little, and then it ends.</p>" for n in range(15_000)),
        "".join(f"<div class='c{n}'><a href='/{n}'>{n}</a> some words here, not many of them." for n in range(60)) * 40,
        "<!--" * 20_000 + "<p>" + FIRST,
        "<a href='\"'>" * 5_000 + FIRST,
        "<img alt='" + '"<' * 20_000 + "'>" + FIRST,
        "<noscript>" + "<img src='" * 20_000,
    ],
    ids=["one paragraph", "many paragraphs", "many classes", "open comments", "quotes", "attribute", "noscript"],
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    page = Page("https://messenger.example/", html.encode())
    assert least(lambda: body.find(parse(page), Known()), 2.0) < 2.0


MENU = "<nav><div><nav><a href='/n'>News</a></nav> Harbour news</div></nav>"


@pytest.mark.parametrize(
    ("passed", "plain"),
    [
        (MENU, len("Harbour news")),
        (MENU.replace("nav>", "dialog>"), len("Harbour news")),
        ("<footer><p>Imprint <a>Terms</a></p></footer>", len("Imprint")),
        ('<div hidden=""><div>Log in</div><button>Send</button></div>', len("Log in")),
    ],
)
def test_a_menu_is_passed_over_and_counted(passed: str, plain: int) -> None:
    sheet = cut_markup(f"<body>{passed}<p>{FIRST}</p><article><p>{SECOND}</p></article></body>")
    assert [block.text for block in sheet.blocks] == [FIRST, SECOND]
    assert [one.plain for one in sheet.passed] == [plain]


@pytest.mark.parametrize("tag", ["footer", "div hidden", "div role='banner'"])
def test_a_foot_or_hidden_part_of_an_article_is_looked_at(tag: str) -> None:
    html = f"<html><body><article><{tag}><p>{FIRST}</p></{tag.split()[0]}><p>{SECOND}</p></article></body></html>"
    sheet = cut(parse(Page("", html.encode())))
    assert [block.text for block in sheet.blocks] == [FIRST, SECOND]
    assert not sheet.passed


def test_a_menu_that_holds_most_of_the_page_is_looked_at() -> None:
    sheet = cut_markup(f"<body><nav><p>{FIRST}</p><p>{SECOND}</p></nav><p>{THIRD}</p></body>")
    assert [block.text for block in sheet.blocks] == [FIRST, SECOND, THIRD]
    assert not sheet.passed


@pytest.mark.parametrize("title", ["a > b", "a < b", "a > b < c", "> <", "><"])
def test_brackets_in_attributes_are_no_tags(title: str) -> None:
    sheet = cut_markup(f'<body><div title="{title}" class="{title} x"><p>{FIRST}</p><p>{SECOND}</p></div></body>')
    assert [(block.tag, block.text) for block in sheet.blocks] == [("p", FIRST), ("p", SECOND)]
    assert attributes(token(sheet.tags[1])[1]) == {"title": title, "class": f"{title} x"}


def test_a_bracket_without_a_name_opens_nothing() -> None:
    sheet = cut_markup(f"<body><div><p>{FIRST}</p>< ><p>{SECOND}</p></div><p>{THIRD}</p></body>")
    assert [(block.text, block.element.depth) for block in sheet.blocks] == [(FIRST, 3), (SECOND, 3), (THIRD, 2)]


def test_trees_that_are_left_out_turn_no_answer() -> None:
    tables = json.loads(files("scrapers.extract.body.weigh").joinpath("weights.json").read_text("utf-8"))

    def walk(tree: Any, row: list[float]) -> float:
        while isinstance(tree, list):
            tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
        return float(tree)

    raw = page(article(*PROSE), after=f'<section class="notes"><p>{FOURTH}</p><p>Log in to reply</p></section>')
    measured = measure(into_units(cut(parse(Page("", raw.encode()))), set()), Known(titles=("Pier to be rebuilt",)))
    alone = [score(row) for row in measured.rows]
    answers = []
    for name, rows, scored in (("alone", measured.rows, score), ("beside", beside(measured, alone), rescore)):
        for row in rows:
            whole = tables[name]["base"] + sum(walk(tree, row) for tree in tables[name]["trees"])
            assert (scored(row) > 0) == (whole > 0)
            assert (scored(row) <= HOPELESS) == (whole <= HOPELESS)
            answers.append(whole > 0)
    assert {True, False} <= set(answers)


def test_features_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_labels_of_adverts_and_a_byline_above_the_text_are_no_text() -> None:
    paragraphs = [
        "<p>By Moll Harrow</p>",
        "<p>The ferry will have a second crossing in the evening, the harbour board said after two hours.</p>",
        "<p>Advertisement</p>",
        "<p>Residents had asked for it since the spring, when the last boat began to leave before the shops close.</p>",
        "<p>By bus it takes an hour and a half to go around the bay, which nobody wants to do in the winter.</p>",
        "<p>the board wants to hear from those who live on the island, and from crews that would work at night.</p>",
    ]
    html = f"<html><body><main><article><h1>A later ferry</h1>{''.join(paragraphs)}</article></main></body></html>"
    text = body.find(parse(Page(url="https://x.example/a", body=html.encode())), Known(titles=("A later ferry",))).text
    assert text.startswith("The ferry will have")
    assert "Advertisement" not in text
    assert "By bus it takes" in text, "a sentence that begins so is text"


def test_an_article_about_consent_keeps_its_parts_and_a_placeholder_goes() -> None:
    prose = (
        "The club has a month to strike out whoever asks for it, and says in writing when it is done, the board said."
    )
    about = "".join(f'<div class="gdpr-section cookie-part"><p>{prose} ({n})</p></div>' for n in range(4))
    plain = "".join(f"<p>{prose} ({n})</p>" for n in range(6))
    placeholder = '<div class="consent-placeholder"><p>To see this film, agree to what its service stores.</p></div>'
    texts = []
    for inside in (about, plain + placeholder + plain):
        html = f"<html><body><main><article><h1>Of members</h1>{inside}</article></main></body></html>"
        tree = parse(Page(url="https://x.example/a", body=html.encode()))
        texts.append(body.find(tree, Known(titles=("Of members",))).text)
    assert all(f"({n})" in texts[0] for n in range(4))
    assert "agree to what" not in texts[1] and "(5)" in texts[1]
