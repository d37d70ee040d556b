"""A page held against what its link told: whether it is that story, and which of the two texts is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scrapers import Draft, Seed
from scrapers.crawl import page_and_link
from scrapers.crawl.page_and_link import better, is_other_story, reading
from scrapers.errors import UNLIKE
from scrapers.model import Article, Reading
from tests.support.cases import judged

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Seed(name="tidings", home="https://tidings.example/")
URL = "https://tidings.example/goats"
TITLE, SUMMARY = "Goats eat the hedge of the consulate", "The consul has asked for a fence, the goatherd for pardon."
HINT = Draft(title=TITLE, subtitle=SUMMARY, published="2026-03-01T09:00:00Z")
LINE = "What the goats did on day 7 is told here at some length."
FAR = "Choose the region that you live in, and accept what is stored on this device, to go on reading here."


def told_of(draft: Draft, hint: Draft, telling: bool) -> Reading:
    article = Article(hint, URL, NOW, asked=f"{URL}?a", position=4, site_title="Tidings")
    return reading(draft, article, SEED, telling=telling)


def test_what_the_page_of_a_story_gives() -> None:
    """Its record in one step; its further pages first; or the reason why it is none."""
    first = Draft(text="One", next_page=f"{URL}/2")
    assert told_of(first, HINT, True) == Reading(first)
    page = Draft(title=TITLE, text=LINE, html=f"<p>{LINE}</p>", section="Local")
    got = told_of(page, HINT, True)
    whole = replace(page, text=None, html=None, subtitle=SUMMARY, published=HINT.published)
    assert got == Reading(whole, got.record)
    assert got.record is not None
    assert (got.record.url, got.record.text, got.record.section) == (URL, LINE, "Local")
    assert (got.record.first_seen, got.record.source, got.record.subtitle) == (NOW, "tidings", SUMMARY)
    wall = replace(page, unlike="a login")
    assert told_of(wall, HINT, True) == Reading(
        replace(wall, text=None, html=None), reason=f"{UNLIKE}a login"
    )  # fmt: skip
    far = Draft(title="Welcome to the paper", text=FAR, html=f"<p>{FAR}</p>")
    assert told_of(far, HINT, False).record is not None
    assert told_of(far, HINT, True) == Reading(
        replace(far, text=None, html=None), reason=f"{UNLIKE}{page_and_link.OTHER_STORY}"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hint", "telling"),
    [
        (Draft(subtitle="A"), True),
        (Draft(text="A"), True),
        (Draft(title="Goats have eaten half that hedge"), True),
        (Draft(title="Goats have eaten half hedge"), True),
        (Draft(title="Goats have eaten the hedge"), False),  # words of three letters are none
        (Draft(title="領事館の生け垣をヤギが"), True),  # ten pairs of characters
        (Draft(title="領事館の生け垣をヤギ"), False),
        (Draft(), False),
    ],
)
def test_what_tells_of_a_story_for_certain(hint: Draft, telling: bool) -> None:
    assert page_and_link.is_telling(hint) is telling


def test_the_words_of_a_headline() -> None:
    """Those of four letters and more; where no spaces part them, each two characters."""
    told = page_and_link._telling_words("The GOATS ate 2026 hedges, 領事館 and 生け at once")
    assert told == {"goats", "2026", "hedges", "once", "領事", "事館", "生け"}
    headline = "領事館の生け垣をヤギが食べた"
    told = page_and_link._telling_words(headline)
    assert told == {headline[n : n + 2] for n in range(len(headline) - 1)}
    hint = Draft(title=headline)
    assert not is_other_story(Draft(title="ヤギが食べた垣", text=FAR), hint)
    assert is_other_story(Draft(title="領事からのお知らせ", text=FAR), hint), "one pair in thirteen is no headline"


@pytest.mark.parametrize(
    ("there", "other"),
    [("goats", False), ("hedge", False), ("", True), ("consul", True), ("fence", True)],
)
def test_a_fifth_of_the_words_that_were_told_has_to_be_there(there: str, other: bool) -> None:
    """Of the headline's five or of all that was told: one in five is enough, less is not."""
    hint = Draft(title="Goats eaten hedge consulate Monday", subtitle="Consul asked fence pardon goatherd street")
    assert is_other_story(Draft(title="Welcome", text=f"{FAR} {there}"), hint) is other


def test_an_other_story_is_of_at_most_a_certain_length() -> None:
    text = FAR.ljust(6000, ".")
    assert is_other_story(Draft(title="Welcome", text=text), HINT)
    assert not is_other_story(Draft(title="Welcome", text=f"{text}."), HINT)


@judged(
    "short, long, alike",
    yes=[("a b c d e f g h i j", "a b c d e f g"), ("A a a b", "B a"), ("", "")],
    no=[("a b c d e f g h i j", "a b c d e f"), ("A a a a b", "a x")],
)
def test_texts_that_begin_alike(short: str, long: str, alike: bool) -> None:
    assert page_and_link._begins_alike(short, long) is alike


def test_a_text_is_cut_where_it_ends_so() -> None:
    for end in page_and_link.CUT_ENDS:
        assert page_and_link._cut(f"{LINE} {end.upper()}  ")
    assert not page_and_link._cut("Read more of the goats. " + "x" * 20)
    assert not page_and_link._cut("")


def test_a_text_a_fifth_longer_is_taken() -> None:
    words = "goat hedge wall fence gate roof tree lane mill pond ".strip()
    for length, taken in ((1.2, False), (1.25, True)):
        hint = Draft(text=words.ljust(int(len(words) * length), "!"))
        draft = Draft(text=words)
        assert (better(draft, hint).text == hint.text) is taken
    for published in (None, "2026-03-04"):
        hint = Draft(published=published, published_estimated=True)
        changed = Draft(text="A", published="2026-03-06", published_estimated=True)
        assert better(changed, hint) == changed
