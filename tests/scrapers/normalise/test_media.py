# ruff: noqa: E501  (markup beside what becomes of it reads best in one line)
"""Tables, lists, pictures, players and posts of a page stand in the entry as they stand on the page."""

from __future__ import annotations

import pytest

from scrapers.normalise.sanitise import sanitise
from scrapers.page.pictures import picture_key, same_picture
from tests.support.cases import judged

BASE = "https://paper.example/news/story"
A, B, C = (f"https://paper.example/i/{name}.jpg" for name in "abc")
WATCH = "https://www.youtube.com/watch?v=a1b2c3d4e5f"
STILL = "https://i.ytimg.com/vi/a1b2c3d4e5f/hqdefault.jpg"
PLAYER = f'<figure><a href="{WATCH}" rel="noopener"><img src="{STILL}" alt="YouTube"></a><figcaption>YouTube</figcaption></figure>'
STATUS = "https://x.com/harbour/status/1234567890"


@pytest.mark.parametrize(
    "html",
    [
        '<table><caption>Ferries</caption><thead><tr><th scope="col">Port</th><th scope="col">Boats</th></tr></thead>'
        '<tbody><tr><th scope="row">Holm</th><td>5</td></tr><tr><td></td><td></td></tr></tbody>'
        '<tfoot><tr><td colspan="2">All of them</td></tr></tfoot></table>',
        '<table><tbody><tr><td></td><td></td></tr><tr><td rowspan="2">a</td><td></td></tr><tr><td></td></tr></tbody></table>',
        '<ol start="4" reversed="" type="a"><li value="9">one</li><li>two<ul><li>three</li></ul></li></ol>',
        '<ol start="0"><li value="-1">one</li></ol>',
        "<dl><dt>Quay</dt><dd>A wall</dd><dd>for ships</dd></dl>",
        "<details><summary>When?</summary><p>At dawn.</p></details>",
        '<p>E = mc<sup>2</sup>, H<sub>2</sub>O, <time datetime="2026-03-04T05:06Z">dawn</time></p>',
        '<p><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby> <bdo dir="rtl">abc</bdo> <bdi dir="rtl">نص</bdi></p>',
        '<blockquote cite="https://paper.example/source"><p>Said so.</p><p><cite>A sailor</cite></p></blockquote>',
        "<pre><code>if a &lt; b:\n    c()</code></pre>",
        '<div dir="rtl" lang="ar"><p>ميناء</p></div>',
        '<p><abbr title="Nautical mile">NM</abbr></p>',
        f'<figure><video controls="" poster="{A}" width="640" height="360"><source src="https://paper.example/v.mp4" type="video/mp4">'
        '<source src="https://paper.example/v.webm" type="video/webm"></video><figcaption>The quay</figcaption></figure>',
        f'<figure><img src="{A}" srcset="{A} 800w, {B} 1600w" sizes="(max-width: 600px) 100vw, 50vw" alt="x" width="800" height="450"></figure>'.replace(f'src="{A}" srcset', f'src="{B}" srcset'),
    ],
)  # fmt: skip
def test_what_stands_there_stays_as_it_is(html: str) -> None:
    assert sanitise(html, BASE) == html


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        # the size that is shown
        ("<img srcset='/i/a.jpg 400w, /i/b.jpg 1600w, /i/c.jpg 3000w'>", B),
        ("<img src=/i/a.jpg srcset='/i/a.jpg 400w, /i/b.jpg 900w'>", B),
        ("<img srcset='/i/b.jpg 2000w, /i/c.jpg 4000w'>", B),
        (
            "<img src=/i/a.jpg data-widths='[180, 540, 1500, 2048]' data-src='/i/b_{width}.jpg'>",
            "https://paper.example/i/b_1500.jpg",
        ),
        (
            "<picture><source srcset=/i/c.jpg media='(max-width: 600px)'><source srcset='/i/a.jpg 600w, /i/b.jpg 1200w' media='(min-width: 601px)'><img alt=x></picture>",
            B,
        ),
        # where loaders keep the address
        ("<img class=lazy src='data:image/svg+xml;base64,AA' data-lazy=/i/a.jpg>", A),
        ("<img src=/img/loader.gif data-original=/i/a.jpg>", A),
        ("<img src=/img/1x1.png nitro-lazy-src=/i/a.jpg>", A),
        ("<noscript><picture><source srcset='/i/a.jpg 900w'><img src=/i/c.jpg></picture></noscript>", A),
    ],
)
def test_the_address_of_a_picture(html: str, wanted: str) -> None:
    assert f'src="{wanted}"' in sanitise(html, BASE).replace("srcset=", "")


@pytest.mark.parametrize(
    ("html", "pictures"),
    [
        ("<figure><img src=data:,x><figcaption>A caption</figcaption></figure>", 0),
        ("<figure><figcaption>A caption</figcaption></figure>", 0),
        ("<figure><figcaption>First</figcaption><img src=/i/a.jpg></figure>", 1),
        ("<img src=/i/quay-at-dawn-1024x683.jpg><p>x</p><img src=/i/quay-at-dawn-300x200.jpg>", 1),
        ("<noscript><img src=/i/a.jpg></noscript><img class=lazy data-src=/i/a.jpg src=/blank.gif>", 1),
        ("<ul><li><img src=/i/a.jpg><li><img src=/i/b.jpg><li><img src=/i/c.jpg></ul>", 3),
        ("<table><tr><td><img src=/i/yes.png width=16></td><td><img src=/i/yes.png width=16></td></tr></table>", 2),
        ("<p>Fair <img class=emoji alt=☀️ src=https://s.w.org/images/core/emoji/14/svg/2600.svg></p>", 0),
        ("<div hidden><img src=/i/a.jpg></div><img src=/i/b.jpg>", 1),
        (
            f"<div style='visibility: hidden; opacity: 0'><p>{'The ferry is back. ' * 4}</p><p><img src=/i/a.jpg></p></div>",
            1,
        ),
        (
            "<div style='visibility: hidden'><style>p{color:red;margin:0;padding:0;border:0;font-size:12px;}</style><img src=/i/a.jpg></div>",
            0,
        ),
        ("<iframe style='display:none' src=https://paper.example/x></iframe><img src=/i/b.jpg>", 1),
        ("<div class=wp-caption><img src=/i/a.jpg><p class=wp-caption-text>Words</p></div>", 1),
    ],
)
def test_each_picture_once(html: str, pictures: int) -> None:
    once = sanitise(html, BASE)
    assert once.count("<img") == pictures
    assert ("<figcaption>" in once) <= ("<img" in once)
    assert sanitise(once, BASE) == once


def test_the_text_for_a_picture_is_plain_where_the_page_escaped_it_twice() -> None:
    html = f'<img src="{A}" alt="&lt;p&gt;Ada&amp;#39;s &amp;amp; Ben&amp;#39;s boat&lt;/p&gt;" title="&amp;quot;Anna&amp;quot;">'
    once = sanitise(html, BASE)
    assert "alt=\"Ada's &amp; Ben's boat\"" in once
    assert 'title="&quot;Anna&quot;"' in once or "title='" in once
    assert sanitise(once, BASE) == once


def test_a_caption_goes_with_its_picture() -> None:
    wanted = f'<figure><img src="{A}" alt=""><figcaption>Words</figcaption></figure>'
    assert sanitise("<figure><figcaption>Words</figcaption><div><img src=/i/a.jpg></div></figure>", BASE) == wanted
    assert sanitise("<div class=wp-caption><img src=/i/a.jpg><p class=wp-caption-text>Words</p></div>", BASE) == wanted
    assert "☀️" in sanitise("<p>Fair <img class=emoji alt=☀️ src=/emoji/1.png></p>", BASE)


@judged(
    "one, other, same",
    yes=[
        ("https://x.example/w_400,h_300,c_fill/quay.jpg", "https://x.example/w_1200,c_fill/quay.jpg"),
        ("https://x.example/640x360/quay.jpg", "https://x.example/1280x720/quay.jpg"),
        ("https://x.example/quay.jpg?w=300", "https://x.example/quay.jpg?w=900&q=80"),
        ("https://cdn.example/300/https://x.example/quay.jpg", "https://x.example/quay.jpg"),
        ("https://m.example/media/ab~mv2.jpg/v1/fill/w_740,h_416/quay.jpg", "https://m.example/media/ab~mv2.jpg/v1/fit/w_90/x.jpg"),
    ],
    no=[
        ("https://cdn.example/resize/?url=https%3A%2F%2Fx.example%2Fquay.jpg&w=3", "https://x.example/quay.jpg"),
        ("https://x.example/image.php?id=3", "https://x.example/image.php?id=4"),
        ("https://x.example/gallery-quay-1.jpg", "https://x.example/gallery-quay-2.jpg"),
    ],
)  # fmt: skip
def test_one_picture_in_several_sizes(one: str, other: str, same: bool) -> None:
    assert same_picture(one, other) is same, (picture_key(one), picture_key(other))


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://www.youtube.com/embed/a1b2c3d4e5f?rel=0" title="YouTube video player"></iframe>',
        '<iframe src="about:blank" data-src="//www.youtube-nocookie.com/embed/a1b2c3d4e5f"></iframe>',
        "<lite-youtube videoid=a1b2c3d4e5f><button>Play</button></lite-youtube>",
        "<amp-youtube data-videoid=a1b2c3d4e5f layout=responsive></amp-youtube>",
        '<div class="consent" data-embed-url="https://www.youtube.com/embed/a1b2c3d4e5f"><p>Accept cookies to see this.</p></div>',
        '<div data-service="youtube" data-id="a1b2c3d4e5f"></div>',
        "<div class=embed>https://www.youtube.com/watch?v=a1b2c3d4e5f</div>",
        "<noscript><iframe src=https://www.youtube.com/embed/a1b2c3d4e5f></iframe></noscript><iframe data-src=https://www.youtube.com/embed/a1b2c3d4e5f></iframe>",
        "<figure><div><iframe src=https://www.youtube.com/embed/a1b2c3d4e5f></iframe></div></figure>",
    ],
)  # fmt: skip
def test_a_player_is_a_figure_with_its_still_and_link(html: str) -> None:
    assert sanitise(html, BASE) == PLAYER
    assert sanitise(PLAYER, BASE) == PLAYER


def test_a_player_keeps_the_pages_own_caption() -> None:
    html = "<figure><iframe src=https://www.youtube.com/embed/a1b2c3d4e5f></iframe><figcaption>The quay</figcaption></figure>"
    assert sanitise(html, BASE).count("<figcaption>") == 1
    assert "<figcaption>The quay</figcaption>" in sanitise(html, BASE)


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (
            "<iframe src=https://player.vimeo.com/video/123456 title='The quay'></iframe>",
            '<figure><a href="https://vimeo.com/123456" rel="noopener">Vimeo: The quay</a></figure>',
        ),
        (
            "<iframe src=https://datawrapper.dwcdn.net/aB3dE/2/ title='Ships a year'></iframe>",
            '<figure><a href="https://datawrapper.dwcdn.net/aB3dE/" rel="noopener"><img src="https://datawrapper.dwcdn.net/aB3dE/full.png" '
            'alt="Ships a year"></a><figcaption>Ships a year</figcaption></figure>',
        ),
        (
            "<iframe src='https://www.google.com/maps/embed?pb=!1m18' title='Where it is'></iframe>",
            '<figure><a href="https://www.google.com/maps/embed?pb=!1m18" rel="noopener">Google Maps: Where it is</a></figure>',
        ),
        ("<iframe src=https://g.paper.example/quay/></iframe>", '<figure><a href="https://g.paper.example/quay/" rel="noopener">g.paper.example</a></figure>'),
        ("<iframe src=/media/v.mp4></iframe>", '<p><video src="https://paper.example/media/v.mp4" controls=""></video></p>'),
        (
            "<video data-src=/v.mp4 poster=/i/a.jpg><track src=x.vtt><source src=/v.m3u8 type=application/x-mpegURL><source src=/v.webm></video>",
            f'<p><video controls="" poster="{A}"><source src="https://paper.example/v.mp4" type="video/mp4">'
            '<source src="https://paper.example/v.webm" type="video/webm"><source src="https://paper.example/v.m3u8" type="application/x-mpegurl"></video></p>',
        ),
    ],
)  # fmt: skip
def test_other_frames_and_files(html: str, wanted: str) -> None:
    assert sanitise(html, BASE) == wanted
    assert sanitise(wanted, BASE) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (
            f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">The quay is closed.</p>&mdash; Harbour (@harbour) <a href="{STATUS}?ref_src=x">March 4</a></blockquote>',
            f'<blockquote cite="{STATUS}"><div dir="ltr" lang="en"><p>The quay is closed.</p></div><p>— Harbour (@harbour) <a href="{STATUS}" rel="noopener">March 4</a></p></blockquote>',
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/CaBcD12/?utm_source=ig"><div><p>Dawn over the quay</p></div></blockquote>',
            '<blockquote cite="https://www.instagram.com/p/CaBcD12/"><p>Dawn over the quay</p><p><a href="https://www.instagram.com/p/CaBcD12/" rel="noopener">Instagram</a></p></blockquote>',
        ),
        (
            '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@harbour/video/7123456789" data-video-id="7123456789"><section><p>Low tide</p></section></blockquote><script async src="https://www.tiktok.com/embed.js"></script>',
            '<blockquote cite="https://www.tiktok.com/@harbour/video/7123456789"><p>Low tide</p><p><a href="https://www.tiktok.com/@harbour/video/7123456789" rel="noopener">TikTok</a></p></blockquote>',
        ),
        (
            '<div class="fb-post" data-href="https://www.facebook.com/harbour/posts/88"><blockquote cite="https://www.facebook.com/harbour/posts/88" class="fb-xfbml-parse-ignore"><p>High tide</p></blockquote></div>',
            '<blockquote cite="https://www.facebook.com/harbour/posts/88"><p>High tide</p><p><a href="https://www.facebook.com/harbour/posts/88" rel="noopener">Facebook</a></p></blockquote>',
        ),
        (
            "<amp-instagram data-shortcode=CaBcD12></amp-instagram>",
            '<blockquote cite="https://www.instagram.com/p/CaBcD12/"><p><a href="https://www.instagram.com/p/CaBcD12/" rel="noopener">Instagram</a></p></blockquote>',
        ),
        (
            "<iframe src=https://social.example/@harbour/110123456789/embed></iframe>",
            '<blockquote cite="https://social.example/@harbour/110123456789"><p><a href="https://social.example/@harbour/110123456789" rel="noopener">Mastodon</a></p></blockquote>',
        ),
    ],
)  # fmt: skip
def test_a_post_is_a_quotation_with_its_text_and_link(html: str, wanted: str) -> None:
    once = sanitise(html, BASE)
    assert once == wanted.replace(f'<blockquote cite="{STATUS}">', "<blockquote>") or once == wanted
    assert sanitise(once, BASE) == once


def test_what_stands_beside_media_stays() -> None:
    words = "The harbour master spoke for an hour about the wall. " * 20
    html = f'<section data-url="https://www.youtube.com/watch?v=a1b2c3d4e5f"><p>{words}</p></section>'
    assert words.strip() in sanitise(html, BASE)
    assert sanitise("<h3><button>When?</button></h3><p>At dawn.</p>", BASE) == "<h3>When?</h3><p>At dawn.</p>"
    assert sanitise("<p><math alttext='a+b'><mi>a</mi></math> is more</p>", BASE) == "<p>a+b is more</p>"
    assert sanitise(
        "<table><tr><td><table><tr><td>a</td><td>1</td></tr></table></td><td>Words</td></tr></table>", BASE
    ) == ("<table><tbody><tr><td>a</td><td>1</td></tr></tbody></table><p>Words</p>")
    assert sanitise(f"<table><tr><td>Menu</td><td><p>{words}</p><p>{words}</p></td></tr></table>", BASE).startswith(
        "<p>Menu</p>"
    )
    results = "<table><tr><td>1<td>Holm<td>5:01</td></tr><tr><td>2<td>Ness<td>5:09</td></tr></table>"
    assert sanitise(f"<pre><span><h3>Rowing</h3>{results}</span></pre>", BASE) == "<h3>Rowing</h3>" + sanitise(
        results, BASE
    )
    assert sanitise(f"<h4>Rowing {results}</h4>", BASE) == "<p>Rowing</p>" + sanitise(results, BASE)
    assert sanitise("<pre><ol><li>a = 1</li><li>b = 2</li></ol></pre>", BASE).startswith("<pre>")
    assert sanitise("<table><tr><td>One cell</td></tr></table>", BASE) == "<p>One cell</p>"
    assert sanitise("<table role=presentation><tr><td>Words</td></tr></table>", BASE) == "<p>Words</p>"


def viewer(*blocks: str) -> str:
    """A post of a site builder: each block in boxes of its own, with an empty mark behind it."""
    rows = "".join(
        f'<div data-breakout="normal">{one}</div><div type="x" data-hook="rcv-block{n}"></div>'
        for n, one in enumerate(blocks)
    )
    return f'<section data-hook="post-description"><div data-rce-version="10.1"><div dir="ltr" data-id="content-viewer">{rows}</div></div></section>'


SOURCE = "https://static.wixstatic.com/media/ab12_cd~mv2.jpg"
PREVIEW = f"{SOURCE}/v1/fill/w_147,h_98,al_c,q_80,blur_2,enc_auto/ab12_cd~mv2.jpg"
WIX = {
    "paragraph": ('<p dir="auto" id="viewer-1"><span><span>The quay is </span><strong><span>closed</span></strong></span></p>', '<p>The quay is <strong>closed</strong></p>'),
    "empty line": ('<div dir="auto" id="viewer-2"><span><br role="presentation"></span></div>', ""),
    "heading": ('<h2 dir="auto" id="viewer-3"><span><span>What now?</span></span></h2>', '<h2 dir="auto">What now?</h2>'),
    "list": ('<ul class="a"><li dir="auto" aria-level="1"><p dir="auto" id="viewer-4"><span>One</span></p></li><li aria-level="1"><p><span>Two</span></p></li></ul>', '<ul><li dir="auto"><p>One</p></li><li><p>Two</p></li></ul>'),
    "picture of 2021": (f'<div id="viewer-5"><div data-hook="imageViewer" role="button"><div><img src="{PREVIEW}" data-pin-media="x" alt="Boats"></div><div><span>At dawn</span></div></div></div>', f'<p><img src="{SOURCE}" alt="Boats"></p><p>At dawn</p>'),
    "picture of 2024": (f'<div id="viewer-6"><figure data-hook="imageViewer"><wow-image id="i" data-image-info="{{}}"><img src="{PREVIEW}" alt="Boats"></wow-image><figcaption data-hook="image-caption"><span>At dawn</span></figcaption></figure></div>', f'<figure><img src="{SOURCE}" alt="Boats"><figcaption>At dawn</figcaption></figure>'),
    "picture of 2026": (f'<figure data-hook="figure-IMAGE"><div data-hook="image-viewer"><wow-image><img src="{PREVIEW}" alt=""></wow-image><button data-hook="image-expand-button">Expand</button></div><figcaption>At dawn</figcaption></figure>', f'<figure><img src="{SOURCE}" alt=""><figcaption>At dawn</figcaption></figure>'),
    "gallery": ("".join(f'<div data-hook="item-container"><div class="gallery-item"><picture><source srcset="/g/{n}-s.jpg 1x, /g/{n}.jpg 2x"><img data-hook="gallery-item-image-img" data-src="/g/{n}.jpg" alt="{n}"></picture></div></div>' for n in (1, 2, 3)), "<img"),
    "video": ('<div data-hook="videoViewer"><div><iframe title="Low tide" src="https://www.youtube.com/embed/a1b2c3d4e5f"></iframe></div></div>', f'<figure><a href="{WATCH}" rel="noopener"><img src="{STILL}" alt="Low tide"></a><figcaption>Low tide</figcaption></figure>'),
    "own video": ('<figure data-hook="figure-VIDEO"><video src="https://video.wixstatic.com/video/ab12/1080p/mp4/file.mp4" poster="https://static.wixstatic.com/media/ab12f000.jpg"></video></figure>', '<figure><video src="https://video.wixstatic.com/video/ab12/1080p/mp4/file.mp4" controls="" poster="https://static.wixstatic.com/media/ab12f000.jpg"></video></figure>'),
    "button": ('<div><a data-hook="buttonViewer" role="button" href="https://tickets.example/" target="_blank"><span>Tickets</span></a></div>', '<p><a href="https://tickets.example/" rel="noopener">Tickets</a></p>'),
    "quotation": ('<blockquote dir="auto" id="viewer-7"><span><span>Never again.</span></span></blockquote>', '<blockquote dir="auto"><p>Never again.</p></blockquote>'),
    "table": ('<div data-hook="table"><table><tbody><tr><td><div><p>Port</p></div></td><td></td></tr></tbody></table></div>', "<table><tbody><tr><td><p>Port</p></td><td></td></tr></tbody></table>"),
    "part that opens": ('<div data-hook="collapsible"><h3><button aria-expanded="false">When?</button></h3><div><p>At dawn.</p></div></div>', "<h3>When?</h3><p>At dawn.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WIX)
def test_blocks_of_a_site_builders_posts(kind: str) -> None:
    html, wanted = WIX[kind]
    once = sanitise(viewer("<p>First</p>", html, "<p>Last</p>"), BASE)
    inner = once.removeprefix('<div dir="ltr"><p>First</p>').removesuffix("<p>Last</p></div>")
    if kind == "gallery":
        assert [inner.count(f'src="https://paper.example/g/{n}.jpg"') for n in (1, 2, 3)] == [1, 1, 1]
    else:
        assert inner == wanted
    assert sanitise(once, BASE) == once


def test_a_divider_between_two_blocks_is_a_rule() -> None:
    divided = sanitise(
        viewer("<p>First</p>", '<div role="separator" data-hook="divider-double"></div>', "<p>Last</p>"), BASE
    )
    assert divided == '<div dir="ltr"><p>First</p><hr><p>Last</p></div>'


def test_a_frame_is_known_by_an_attribute_of_the_page_s_own_script() -> None:
    frame = '<p>One.</p><iframe data-artsrc="https://www.youtube.com/embed/abcdefghijk" title="YouTube video player"></iframe>'
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in sanitise(frame, "https://harbour.example/")
    assert "data-note" not in sanitise('<iframe data-note="no address"></iframe>', "https://harbour.example/")


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<div dir="auto"><p>The quay.</p></div>', "<p>The quay.</p>"),
        ('<div dir="auto"><p>1. ميناء</p></div>', '<div dir="auto"><p>1. ميناء</p></div>'),
        (
            '<div dir="rtl"><p>ميناء</p><div dir="auto"><p>Quay</p></div></div>',
            '<div dir="rtl"><p>ميناء</p><div dir="auto"><p>Quay</p></div></div>',
        ),
    ],
)
def test_a_direction_that_is_that_of_all_around_is_not_told(markup: str, shown: str) -> None:
    assert sanitise(markup, "https://harbour.example/") == shown
    assert sanitise(shown, "https://harbour.example/") == shown
