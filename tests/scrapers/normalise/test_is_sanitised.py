"""What `sanitise` gives passes; what it would never give does not, and costs no time to find out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers import is_sanitised
from scrapers.normalise.sanitise import sanitise
from tests.support.timing import least

TAGS = """p|div|b|i|a href='/x'|img src='/p.jpg' alt='&lt;x&gt;\xa0y&quot;'|ul|li|table|tr|td|pre|br|h2|blockquote
figure|figcaption|script|video src='/v.mp4' controls|span dir='rtl'|svg|td colspan=2""".replace("\n", "|").split("|")
PIECES = st.sampled_from(TAGS).map(lambda tag: f"<{tag}>") | st.sampled_from(TAGS).map(
    lambda tag: f"</{tag.split()[0]}>"
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=12), max_size=30).map("".join))
def test_whatever_sanitise_gives_is_sanitised(markup: str) -> None:
    assert is_sanitised(sanitise(markup, "https://courier.example/a/"))


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="x()">x</p>',
        '<a href="javascript:x()" rel="noopener">x</a>',
        '<img src="data:image/png;base64,AAAA">',
        "<p>x",
        "<p>x</div>",
        "x</p>",
        "<!-- x -->",
        "<p>a < b</p>",
        "<svg><a></a></svg>",
        '<iframe src="https://a.example/"></iframe>',
        "<p style='x'>y</p>",
        "<P>x</P>",
        "<p/onclick=x>",
    ],
)
def test_what_sanitise_never_gives_is_told(html: str) -> None:
    assert not is_sanitised(html)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 300_000,
        "<div>" * 150_000 + "</div>" * 150_000,
        '<p a="' * 200_000,
        "<p " + 'a="b" ' * 200_000,
        "<" * 1_000_000,
        "&" * 1_000_000,
        "&amp;" * 200_000,
        "<p>" + "x" * 2_000_000 + "</p>",
    ],
)
def test_bait_costs_no_time(html: str) -> None:
    assert least(lambda: is_sanitised(html), 1.0) < 1.0
