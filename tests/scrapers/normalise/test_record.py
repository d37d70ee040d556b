from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import PageChanged
from scrapers.model import PLAYER, Draft, File, Image, Record
from scrapers.normalise.record import _folded, _folded_each, fingerprint, normalise
from scrapers.seed.seed import Seed
from scrapers.urls.atom_ids import record_id

NOW = datetime(2026, 3, 10, 12, 0, 30, 999, tzinfo=UTC)
SEED = Seed(name="harbour", home="https://www.harbour.example/", language="en", hosts=("blog.harbour-media.example",))
URL = "https://www.harbour.example/news/ferry-line-returns-in-spring"
DRAFT = Draft(
    title="Ferry line returns in spring",
    text="The ferry between the two piers will run again from April.\nTickets stay at three crowns.",
)


def made(
    url: str = URL, *, seed: Seed = SEED, asked: str | None = None, position: int = 0, **changes: object
) -> Record:
    return normalise(replace(DRAFT, **changes), url=url, seed=seed, first_seen=NOW, asked=asked, position=position)


def test_a_record_is_complete():
    record = made(
        published="2026-03-09T08:00:00+01:00", authors=("Ada Berg", " ada berg ", ""), tags=("Ferry", "ferry")
    )
    assert record.id == record_id("harbour.example/news/ferry-line-returns-in-spring")
    assert record.published == datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert not record.published_estimated
    assert record.authors == ("Ada Berg",)
    assert record.tags == ("Ferry",)
    assert (
        record.html
        == "<p>The ferry between the two piers will run again from April.</p><p>Tickets stay at three crowns.</p>"
    )
    assert record.language == "en"
    assert record.first_seen == NOW.replace(microsecond=0)


@pytest.mark.parametrize(
    "changes",
    [{"title": None}, {"title": " \u200b "}, {"text": None}, {"text": "Loading…"}, {"text": "\n \n"}],
)
def test_a_page_that_is_no_article_is_refused(changes):
    with pytest.raises(PageChanged) as caught:
        made(**changes)
    assert caught.value.url == URL
    assert caught.value.source == "harbour"


def test_newsrooms_that_a_line_joins_are_parted():
    authors = ("Halyard Press Agency and Courier Staff", "Ada Berg and Tom Rey", "Press and Sons")
    assert made(authors=authors).authors == ("Halyard Press Agency", "Courier Staff", *authors[1:])


def test_short_texts_in_dense_scripts_and_summaries_are_enough():
    assert made(text="渡船將於四月恢復航行，票價維持不變。").text
    assert made(text="A short summary.", subtitle="A short summary.").text == "A short summary."
    with pytest.raises(PageChanged):
        made(text="A short summary.", subtitle="Another one.")


def test_the_body_can_come_from_the_markup_alone():
    record = made(text=None, html="<p>The ferry between the two piers will run again.</p><p>Tickets stay.</p>")
    assert record.text == "The ferry between the two piers will run again.\nTickets stay."


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-03-10T12:10:00Z", datetime(2026, 3, 10, 12, 10, tzinfo=UTC)),  # the publisher's clock is ahead
        ("2026-03-10T12:20:00Z", None),
        ("2031-01-01T00:00:00Z", None),
        ("1970-01-01T00:00:00Z", None),
        ("soon", None),
        ("2026-03-08", datetime(2026, 3, 8, tzinfo=UTC)),
        ("1" * 5000, None),
    ],
)
def test_the_window_of_dates(published, expected):
    record = made(published=published)
    assert record.published == (expected or NOW.replace(microsecond=0))
    assert record.published_estimated == (expected is None)


def test_times_without_zone_are_the_seeds():
    told = replace(SEED, timezone="America/New_York")
    assert made(published="2026-03-09 08:00", seed=told).published == datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert made(published="2026-03-09 08:00").published == datetime(2026, 3, 9, 8, tzinfo=UTC)


def test_undated_stories_keep_the_order_of_the_front():
    dates = [made(position=n).published for n in range(3)]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) == 3
    assert dates[0] == NOW.replace(microsecond=0)


def test_undated_stories_far_down_a_front_are_a_day_old_at_most() -> None:
    late = [made(published=None, position=position) for position in (0, 1440, 1441, 100_000, -5)]
    day = timedelta(days=1)
    assert [late[0].published - one.published for one in late] == [timedelta(), day, day, day, timedelta()]


def test_updated_is_believed_only_after_published():
    assert made(published="2026-03-09", updated="2026-03-08").updated is None
    assert made(published="2026-03-09", updated="2026-03-10T09:00Z").updated == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert made(published="2026-03-09", updated="2027-01-01").updated is None


def test_a_canonical_in_nicer_words_names_the_page():
    record = made(URL + "?pos=front&list=7b", canonical="/news/ferry-line-returns-in-spring")
    assert record.key != "harbour.example/news/ferry-line-returns-in-spring"  # a number may tell the article
    assert "harbour.example/news/ferry-line-returns-in-spring" in record.aliases
    plain = made(URL + "?pos=front", canonical=URL)
    assert plain.key == "harbour.example/news/ferry-line-returns-in-spring"
    assert plain.url == URL
    assert set(plain.aliases) == {plain.key, plain.key + "?pos=front"}


def test_every_address_of_ours_is_an_alias():
    record = made(
        "https://www.harbour.example/2026/03/ferry-line-returns",
        asked="https://go.harbour.example/x1",
        canonical="https://www.harbour.example/n/ferry-line-returns-12345",
        aliases=("https://amp.harbour.example/ferry-line-returns-in-spring", "https://www.harbour.example/?p=77"),
    )
    assert record.key == "harbour.example/2026/03/ferry-line-returns"
    assert set(record.aliases) == {
        record.key,
        "go.harbour.example/x1",
        "harbour.example/n/ferry-line-returns-12345",
        "harbour.example/ferry-line-returns-in-spring",
        "harbour.example/?p=77",
    }


@pytest.mark.parametrize(
    "canonical", ["/", "https://www.harbour.example/", "/news", "/tag/ferries-of-the-north-sea", "http://["]
)
def test_a_canonical_that_is_no_article_is_not_believed(canonical):
    record = made(canonical=canonical)
    assert record.aliases == (record.key,)
    assert record.canonical is None
    assert record.url == URL


def test_a_canonical_of_another_site_is_evidence_and_nothing_else():
    record = made(
        canonical="https://wire.example/story/ferry-line-returns?utm_source=x",
        aliases=("https://evil.example/a-b-c-d",),
    )
    assert record.canonical == "https://wire.example/story/ferry-line-returns"
    assert record.aliases == (record.key,)
    assert record.key.startswith("harbour.example/")


def test_the_same_path_at_another_site_does_not_give_the_record_that_site_s_address():
    record = made(canonical=URL.replace("www.harbour.example", "wire.example"))
    assert record.key.startswith("harbour.example/")
    assert record.aliases == (record.key,)
    assert record.url == URL


def test_a_further_host_of_the_seed_is_ours():
    record = made(canonical="https://blog.harbour-media.example/2026/03/10/ferry-line-returns-in-spring")
    assert "blog.harbour-media.example/2026/03/10/ferry-line-returns-in-spring" in record.aliases
    assert record.canonical is None


def test_an_article_that_became_the_home_page_is_none():
    with pytest.raises(PageChanged, match="home page"):
        made("https://www.harbour.example/", asked=URL)
    assert made("https://www.harbour.example/", asked="https://harbour.example").title


def test_the_link_is_clean():
    assert made(URL + "?utm_source=rss&a=b#top").url == URL + "?a=b"


def test_markup_is_sanitised_and_absolute():
    record = made(html='<p onclick="x()">Ferry <a href="/b">map</a><script>alert(1)</script></p>')
    assert "script" not in record.html and "onclick" not in record.html
    assert "https://www.harbour.example/b" in record.html


def test_pictures_are_absolute_or_absent():
    record = made(image=Image(url="/i.jpg", caption="  A  pier ", width=0, height=10**9))
    assert record.image == Image(url="https://www.harbour.example/i.jpg", caption="A pier")
    assert made(image=Image(url="data:image/gif;base64,xx")).image is None


def test_subtitle_that_repeats_the_title_goes():
    assert made(subtitle="Ferry line returns, in spring!").subtitle is None


@given(
    st.text(
        st.characters(max_codepoint=0xFF) | st.sampled_from("\u2013\u2018\u2019\u201c\u201d\u2026\u0301\u03bc\u2002")
    )
)
def test_a_text_of_latin_letters_is_folded_as_any_other(text: str) -> None:
    """By its table of bytes, which later versions may not change: fingerprints are kept."""
    quick, slow = (fold(f"a{text}b").split("\n") for fold in (_folded, _folded_each))
    assert [line.split() for line in quick] == [line.split() for line in slow]


def test_every_latin_letter_is_folded_as_any_other() -> None:
    for sign in map(chr, range(0x100)):
        assert [line.split() for line in _folded(f"a{sign}b").split("\n")] == [
            line.split() for line in _folded_each(f"a{sign}b").split("\n")
        ], ascii(sign)


def test_the_fingerprint_is_what_a_reader_compares():
    base = fingerprint("A title", "First line here.\nSecond line.")
    assert fingerprint("A  TITLE", "First line — here.\n12:30\nSecond “line”.") == base
    assert fingerprint("A title", "First line here. Second line.") == base
    assert fingerprint("A title", "First line here.\nSecond lines.") != base
    assert fingerprint("Another title", "First line here.\nSecond line.") != base


TEXTS = st.one_of(st.none(), st.text(max_size=80), st.sampled_from(["http://[", "\ud800", "https://x.example/a-b-c-d"]))


@settings(max_examples=150, deadline=None)
@given(
    title=TEXTS, text=TEXTS, published=TEXTS, updated=TEXTS, canonical=TEXTS, section=TEXTS, language=TEXTS, guid=TEXTS,
    url=st.one_of(st.text(max_size=30), st.just(URL)), asked=TEXTS, tags=st.lists(st.text(max_size=9)),
    aliases=st.lists(st.text(max_size=9)),
)  # fmt: skip
def test_any_draft_is_a_record_or_no_article(
    title, text, published, updated, canonical, section, language, guid, url, asked, tags, aliases
):
    draft = Draft(
        title=title, text=text, published=published, updated=updated, canonical=canonical, section=section,
        language=language, guid=guid, tags=tuple(tags), aliases=tuple(aliases),
    )  # fmt: skip
    try:
        record = normalise(draft, url=url, seed=SEED, first_seen=NOW, asked=asked)
    except PageChanged:
        return
    assert record.title and record.text and record.html
    assert record.key in record.aliases
    assert record.published.tzinfo is UTC
    assert record.published <= NOW + timedelta(minutes=15)
    repr(record).encode("utf-8")


def test_the_same_page_makes_the_same_record():
    assert made(published="2026-03-09") == made(published="2026-03-09")


@pytest.mark.parametrize(
    ("title", "text", "wanted"),
    [
        (None, "Rain since four. The pilot boat has gone out.", "Rain since four"),
        ("The Quay", "The pilot boat has gone out twice. Nobody asked.", "The pilot boat has gone out twice"),
        ("The Quay", "on and " * 20, "on and " * 12 + "on…"),
        ("The Quay opens", "The pilot boat has gone out twice. Nobody asked.", "The Quay opens"),
    ],
)
def test_a_note_is_called_by_its_beginning(title: str | None, text: str, wanted: str) -> None:
    draft = Draft(title=title, text=text, published="2026-03-04")
    seed = Seed(name="quay", home="https://quay.example/")
    when = datetime(2026, 3, 5, tzinfo=UTC)
    record = normalise(draft, url="https://quay.example/n/1", seed=seed, first_seen=when, site_title="The Quay")
    assert record.title == wanted


def test_an_old_story_keeps_its_year() -> None:
    draft = Draft(
        title="The tram", text="A text that is long enough for a paragraph of a story.", published="1991-05-03"
    )
    seed = Seed(name="quay", home="https://quay.example/")
    record = normalise(draft, url="https://quay.example/n/2", seed=seed, first_seen=datetime(2026, 3, 5, tzinfo=UTC))
    assert (record.published.year, record.published_estimated) == (1991, False)


@pytest.mark.parametrize(("told", "language"), [("FR_ca", "fr-ca"), ("zh-hant-tw", "zh-hant-tw")])
def test_the_tag_of_a_language_has_one_form(told: str, language: str) -> None:
    assert made(language=told).language == language


@pytest.mark.parametrize("told", ["French", "f", "fr-", "fr ca", 'fr" onload="', ""])
def test_what_is_no_tag_of_a_language_tells_none(told: str) -> None:
    assert made(language=told).language == made(language=None).language


def test_the_size_of_a_player_is_kept() -> None:
    html = (
        "<p>The launch was filmed.</p><iframe src='https://www.youtube.com/embed/abcdefghijk' width='560' height='315'>"
        "</iframe><iframe src='https://player.vimeo.com/video/123456' width='100%' height='300'></iframe>"
        "<lite-youtube videoid='zyxwvutsrqp' width='640' height='360'></lite-youtube>"
        "<iframe src='https://maps.google.com/maps?q=quay' width='400' height='300'></iframe>"
    )
    record = made(html=html)
    assert record.files == (
        File("https://www.youtube.com/watch?v=abcdefghijk", PLAYER, None, 560, 315),
        File("https://www.youtube.com/watch?v=zyxwvutsrqp", PLAYER, None, 640, 360),
    )


def test_no_user_name_is_in_any_address_of_a_record() -> None:
    secret = "https://ada:secret@files.example/{}"
    record = made(
        files=(File(secret.format("a.mp3"), "audio/mpeg"),),
        license=secret.format("licence"),
        comments=secret.format("talk#1"),
        comments_feed=secret.format("talk.xml"),
        canonical=secret.format("canonical"),
        image=Image(secret.format("a.jpg")),
        html=f'<p>It runs again. <a href="{secret.format("b")}">More</a> <img src="{secret.format("c.jpg")}"></p>',
    )
    assert record.files[0].url == "https://files.example/a.mp3"
    assert (record.license, record.comments) == ("https://files.example/licence", "https://files.example/talk#1")
    assert "secret" not in repr(replace(record, html="")), record
    assert "secret" not in record.html
