"""What is done to a page before it is parsed, and how it is parsed."""

from __future__ import annotations

import pytest

from scrapers.model import Page
from scrapers.page.html import parse, without_unclosed_formatting
from scrapers.page.nesting import DEPTH, WIDTH, is_cheap

MOST = 200  # formatting elements that may be left open
WIDE = "<p " + " ".join(f"a{n}" for n in range(2_000)) + ">Ada"
DEEP = "<div>" * 9_000 + "Ada"
OPEN = "<p><b>Ada" * 3_500


@pytest.mark.parametrize("tag", ["b", "B", "big", "cODe", "em", "font size=1", "i", "nobr", "s", "SMALL", "strike"])
def test_formatting_that_is_opened_hundreds_of_times_is_taken_out(tag: str) -> None:
    name = tag.split()[0]
    few = f"<p><{tag}>word" * MOST
    assert without_unclosed_formatting(few) == few
    assert without_unclosed_formatting(f"{few}<p><{tag}>word") == "<p>word" * (MOST + 1)
    closed = f"<p><{tag}>word</{name}>" * (MOST + 1)
    assert without_unclosed_formatting(closed) == closed
    assert without_unclosed_formatting(f"{closed}{few}<p><{tag}>word") == "<p>word" * (2 * MOST + 2)


@pytest.mark.parametrize("tag", ["body", "span", "br", "img", "input", "section", "ul", "embed", "i-con", "bdi"])
def test_other_elements_are_no_formatting(tag: str) -> None:
    html = f"<p><{tag}>word" * (2 * MOST)
    assert without_unclosed_formatting(html) == html


def test_a_select_says_its_options_once() -> None:
    html = b"<select><button><selectedcontent></selectedcontent></button><option selected>North</option></select>"
    assert [node.text() for node in parse(Page("", html)).css("select")] == ["North"]


def test_markup_is_cheap_by_its_longest_piece() -> None:
    plain, long = "<p>word</p>" * 500, "word " * 1_000
    assert is_cheap(plain)
    assert is_cheap(f"{plain}<p>{'x' * 5_000}</p>")  # long, of one word
    assert not is_cheap(f"{plain}<p {long}>{plain}")
    assert not is_cheap(f"<p {long}")


@pytest.mark.parametrize(
    "markup", ["<p>Ada", "<p>Ada\u2019s caf\u00e9 \U0001f642", WIDE, f"<p>\u2019{WIDE}", DEEP, OPEN]
)
def test_a_page_is_made_ready_alike_whether_its_bytes_or_its_text_are_parsed(markup: str) -> None:
    html = f"<!doctype html><title>Quays</title><body>{'<p>A plain line.' * 500}{markup}"
    tree = parse(Page("", html.encode()))
    assert tree.html == parse(Page("", html.encode("utf-16"))).html
    assert max(len(node.attributes) for node in tree.css("p")) <= WIDTH
    assert len(tree.css("div")) <= DEPTH
    assert len(tree.css("b")) <= MOST
