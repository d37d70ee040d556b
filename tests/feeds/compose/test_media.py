"""What an entry's content shows, told again where clients look for it: Media RSS, enclosures, attachments."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

import json
from dataclasses import replace

import feedparser
import pytest
from lxml import etree
from lxml import html as markup

from feeds.compose.compose import compose
from feeds.compose.media import _caption, _pixels, _source, media, type_of
from feeds.model import Entry, Feed, Media
from feeds.recovery.read_published import read
from feeds.render import atom, jsonfeed, rss
from scrapers import PLAYER, File, Image
from tests.support.feed_rules import ATOM, MEDIA, broken
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, record

LEAD = Image(url="https://harbour.example/media/ferry-at-dawn-1200x800.jpg")
GALLERY = """<figure><img src="https://harbour.example/media/ferry-at-dawn-640x480.jpg" alt=""></figure>
<p>The first paragraph.</p>
<figure><img src="https://harbour.example/media/the-old-pier.jpg" alt="A pier" width="800" height="600">
<figcaption>The pier in 1930</figcaption></figure>
<figure><img src="https://harbour.example/media/the-new-pier.png" alt="Another pier"></figure>
<figure><video src="https://harbour.example/media/launch.mp4" width="640" height="360"
 poster="https://harbour.example/media/launch-still.jpg"></video><figcaption>The launch</figcaption></figure>
<audio><source src="https://harbour.example/media/horn.mp3" type="audio/mpeg"></audio>
<audio src="https://harbour.example/stream?id=7"></audio>"""


def shown(html: str, **more: object) -> Feed:
    told = replace(record(), html=html, image=LEAD)
    return compose(TOPIC, [replace(entry(), record=told, **more)], site=SITE, feed_id=FEED_ID)  # type: ignore[arg-type]


def test_every_picture_and_file_once_without_the_lead() -> None:
    found = media(GALLERY, LEAD)
    assert [(one.medium, one.url.rpartition("/")[2], one.type) for one in found] == [
        ("image", "the-old-pier.jpg", "image/jpeg"),
        ("image", "the-new-pier.png", "image/png"),
        ("video", "launch.mp4", "video/mp4"),
        ("audio", "horn.mp3", "audio/mpeg"),
        ("audio", "stream?id=7", None),
    ]
    assert found[0] == Media(
        "https://harbour.example/media/the-old-pier.jpg", "image", "image/jpeg", 800, 600, "The pier in 1930"
    )
    assert found[1].caption == "Another pier"
    assert found[2].poster == "https://harbour.example/media/launch-still.jpg"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://a.example/x/PIER.JPG?w=3", "image/jpeg"),
        ("https://a.example/x.m4a", "audio/mp4"),
        ("https://a.example/mp3", None),
        ("https://a.example/page.html", None),
        ("https://a.example/", None),
    ],
)
def test_an_ending_tells_the_type_or_nothing(address: str, kind: str | None) -> None:
    assert type_of(address) == kind


def test_the_formats_carry_them() -> None:
    feed = shown(GALLERY)
    documents = {"atom": atom(feed), "rss": rss(feed), "json": jsonfeed(feed)}
    assert {form: broken(data, form) for form, data in documents.items()} == {"atom": [], "rss": [], "json": []}
    for form in ("atom", "rss"):
        root = etree.fromstring(documents[form])
        told = [(one.get("medium"), one.get("url", "").rpartition("/")[2]) for one in root.iter(f"{MEDIA}content")]
        assert told[:3] == [
            ("image", "ferry-at-dawn-1200x800.jpg"),
            ("image", "the-old-pier.jpg"),
            ("image", "the-new-pier.png"),
        ]
        assert told[3:] == [("video", "launch.mp4"), ("audio", "horn.mp3"), ("audio", "stream?id=7")]
        parsed = feedparser.parse(documents[form]).entries[0]
        assert parsed.enclosures[0].href == "https://harbour.example/media/launch.mp4"
    attached = json.loads(documents["json"])["items"][0]["attachments"]
    assert [one["mime_type"] for one in attached] == ["video/mp4", "audio/mpeg"]


def test_no_pictures_are_told_where_the_topic_wants_none_but_films_and_sounds_are() -> None:
    told = replace(record(), html=GALLERY, image=LEAD)
    for images in ("strip", "none"):
        topic = replace(TOPIC, images=images)
        feed = compose(topic, [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
        found = [(one.medium, one.poster) for one in feed.entries[0].media]
        assert found == [("video", None), ("audio", None), ("audio", None)]
        assert [one.url.rpartition("/")[2] for one in feed.entries[0].files] == ["launch.mp4", "horn.mp3"]


def test_an_entry_of_a_summary_shows_summary_and_picture_as_content() -> None:
    told = replace(
        record(), image=replace(LEAD, caption="What stands under the picture"), subtitle="A long enough summary."
    )
    topic = replace(TOPIC, full_text=False)
    feed = compose(topic, [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    for data in (atom(feed), rss(feed)):
        parsed = feedparser.parse(data).entries[0]
        assert parsed.summary == "A long enough summary."
        html = parsed.content[0].value
        assert "A long enough summary." in html
        assert LEAD.url in html
    item = json.loads(jsonfeed(feed))["items"][0]
    assert "A long enough summary." in item["content_html"]
    assert broken(atom(feed), "atom") == []
    plain = compose(replace(topic, images="none"), [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    assert "<img" not in plain.entries[0].content


def test_a_changed_entry_says_so_in_rss() -> None:
    one: Entry = entry()
    feed = compose(TOPIC, [one], site=SITE, feed_id=FEED_ID)
    changed = replace(feed, entries=(replace(feed.entries[0], updated=feed.entries[0].published.replace(year=2031)),))
    root = etree.fromstring(rss(changed))
    assert root.findtext(".//item/{http://purl.org/dc/terms/}modified", "").startswith("2031-")
    assert root.findtext(".//item/{http://www.w3.org/2005/Atom}updated", "").startswith("2031-")
    assert broken(rss(changed), "rss") == []


@pytest.mark.parametrize(("spanish", "others", "language"), [(9, 1, "es"), (8, 2, None), (0, 3, None)])
def test_a_feed_has_the_language_of_nine_tenths_of_its_entries(spanish: int, others: int, language: str | None) -> None:
    tongues = ["es"] * spanish + [None] * others
    entries = [
        replace(entry(), id=f"urn:uuid:00000000-0000-5000-8000-{n:012}", record=replace(record(), language=tongue))
        for n, tongue in enumerate(tongues)
    ]
    site = replace(SITE, language=None)
    feed = compose(replace(TOPIC, language=None), entries, site=site, feed_id=FEED_ID)
    assert feed.language == language


def test_a_term_has_no_comma_and_the_label_is_as_it_was() -> None:
    from feeds.model import Category

    one = replace(
        entry(), categories=(Category("Sea, <ferries> & ports"), Category("plain"), Category("a,b", None, "A, B"))
    )
    feed = compose(TOPIC, [one], site=SITE, feed_id=FEED_ID)
    assert [(c.term, c.label) for c in feed.entries[0].categories] == [
        ("Sea ferries & ports", "Sea, <ferries> & ports"),
        ("plain", None),
        ("a b", "A, B"),
    ]
    assert b"<category>Sea, &#x3C;ferries&gt; &#x26; ports</category>" in rss(feed)


FILM = """<p>Text.</p><figure><a href="https://www.youtube.com/watch?v=abcdefghijk" rel="noopener"><img
 src="https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg" alt="The launch, filmed"></a>
<figcaption>The launch</figcaption></figure>
<figure><a href="https://open.spotify.com/episode/4abc" rel="noopener">Spotify</a></figure>
<figure><a href="https://harbour.example/plan"><img src="https://harbour.example/media/plan.png" alt="A plan"></a>
</figure>"""


def test_a_link_to_a_file_is_an_enclosure_once() -> None:
    horn, film = "https://harbour.example/horn.mp3?a=1&b=2", "https://harbour.example/launch.MP4"
    html = f"""<p>Hear <a href="{horn.replace("&", "&amp;")}">the horn</a> or see <a href="{film}">it</a>.</p>
<audio src="{horn.replace("&", "&amp;")}"></audio><p><a href="https://harbour.example/">The harbour</a></p>"""
    found = [
        (one.medium, one.url, one.type, one.length) for one in media(html, None, (File(horn, "audio/mpeg", 4711),))
    ]
    assert found == [("audio", horn, "audio/mpeg", 4711), ("video", film, "video/mp4", None)]
    assert broken(atom(shown(html)), "atom") == broken(rss(shown(html)), "rss") == []


def test_an_enclosure_that_the_content_does_not_show_stands_nowhere_else() -> None:
    talks = tuple(File(f"https://harbour.example/talk-{n}.mp3?a=1&b=2", "audio/mpeg", 1000 + n) for n in range(2))
    told = replace(record(), image=None, files=talks)
    feed = compose(TOPIC, [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    for form, data, more in (("atom", atom(feed), []), ("rss", rss(feed), [talks[1].url])):  # RSS has one enclosure
        assert broken(data, form) == []
        assert [one.get("url") for one in etree.fromstring(data).iter(f"{MEDIA}content")] == more
    one = replace(feed, entries=(replace(feed.entries[0], media=feed.entries[0].media[:1]),))
    assert broken(rss(one), "rss") == []  # no namespace is left over


def test_a_player_is_told_with_its_page_its_still_and_its_caption() -> None:
    assert media(FILM, LEAD) == (
        Media(
            "https://www.youtube.com/watch?v=abcdefghijk",
            "video",
            "text/html",
            caption="The launch",
            poster="https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg",
            player=True,
        ),
        Media("https://open.spotify.com/episode/4abc", "audio", "text/html", player=True),
        Media("https://harbour.example/media/plan.png", "image", "image/png", caption="A plan"),
    )
    feed = shown(FILM)
    assert feed.entries[0].files == ()  # a page is no file to download
    for form, render in (("atom", atom), ("rss", rss)):
        data = render(feed)
        assert broken(data, form) == []
        film, podcast = [one for one in etree.fromstring(data).iter(f"{MEDIA}content") if one.get("url") is None]
        assert (film.get("medium"), podcast.get("medium")) == ("video", "audio")
        assert film.find(f"{MEDIA}player").get("url") == "https://www.youtube.com/watch?v=abcdefghijk"
        assert film.find(f"{MEDIA}thumbnail").get("url") == "https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg"
        assert film.findtext(f"{MEDIA}{'description' if form == 'atom' else 'title'}") == "The launch"
        assert feedparser.parse(data).entries[0].media_player["url"] == podcast.find(f"{MEDIA}player").get("url")


def test_a_player_tells_its_size_and_is_no_enclosure() -> None:
    sized = File("https://www.youtube.com/watch?v=abcdefghijk", PLAYER, None, 560, 315)
    told = replace(record(), html=FILM, image=LEAD, files=(sized,))
    feed = compose(TOPIC, [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    assert feed.entries[0].files == ()
    for form, render in (("atom", atom), ("rss", rss)):
        data = render(feed)
        assert broken(data, form) == []
        film, podcast = [one for one in etree.fromstring(data).iter(f"{MEDIA}content") if one.get("url") is None]
        assert (film.get("type"), film.get("width"), film.get("height")) == ("text/html", "560", "315")
        assert (film.find(f"{MEDIA}player").get("width"), film.find(f"{MEDIA}player").get("height")) == ("560", "315")
        assert podcast.get("width") is None and podcast.find(f"{MEDIA}player").get("width") is None
    (back,) = read(atom(feed)).entries
    assert back.files == (sized,)


def test_pictures_of_a_gallery_tell_who_made_them() -> None:
    gallery = """<figure><img src="https://harbour.example/a.jpg" alt="A quay">
<figcaption>The quay at noon. Photo: Ada Quill</figcaption></figure><figure><img src="https://harbour.example/b.jpg"
 alt="B"><figcaption>The lamp (AFP / Jo Pell)</figcaption></figure><figure><img src="https://harbour.example/c.jpg"
 alt="C"><figcaption>The boat</figcaption></figure>"""
    assert [(one.caption, one.credit) for one in media(gallery, LEAD)] == [
        ("The quay at noon.", "Photo: Ada Quill"),
        ("The lamp", "AFP / Jo Pell"),
        ("The boat", ""),
    ]
    for form, render in (("atom", atom), ("rss", rss)):
        data = render(shown(gallery))
        assert broken(data, form) == []
        credits = [one.text for one in etree.fromstring(data).iter(f"{MEDIA}credit")]
        assert credits[-2:] == ["Photo: Ada Quill", "AFP / Jo Pell"]


RECORDED = """The ship leaves.| Video: Coast Films
The ship leaves!| (Video by: Coast Films)
The ship leaves| (Film © Jo Pell)
The ship leaves.| Photo: Jo Pell
Video: the ship leaves|
The ship on video: a look back|"""


@pytest.mark.parametrize("told", RECORDED.splitlines())
def test_a_recording_tells_who_made_it(told: str) -> None:
    caption, _, credit = told.partition("|")
    player = FILM.replace("<figcaption>The launch", f"<figcaption>{caption}{credit}")
    video = f"""<figure><video src="https://harbour.example/a.mp4"></video><figcaption>{caption}{credit}</figcaption>
</figure>"""
    for html in (player, video):
        one = media(html, None)[0]
        assert (one.medium, one.caption, one.credit) == ("video", caption, credit.strip(" ()"))


def test_the_lead_picture_tells_its_type_as_the_others_do() -> None:
    lead = Image(url="https://harbour.example/lead.jpg", width=900, height=600)
    gallery = '<figure><img src="https://harbour.example/a.png" alt=""></figure>'
    told = replace(record(), html=gallery, image=lead)
    feed = compose(TOPIC, [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    for form, render in (("atom", atom), ("rss", rss)):
        data = render(feed)
        assert broken(data, form) == []
        types = [one.get("type") for one in etree.fromstring(data).iter(f"{MEDIA}content")]
        assert types == ["image/jpeg", "image/png"]


def test_files_tell_their_length_and_those_of_a_feed_are_enclosures_too() -> None:
    horn, stream, talk = (
        f"https://harbour.example/{name}" for name in ("media/horn.mp3", "stream?id=7", "talk-of-the-day")
    )
    files = (File(horn, "audio/mpeg", 4711), File(stream, "audio/ogg"), File(talk, "audio/mpeg", 99_000_000))
    told = replace(record(), html=GALLERY, image=LEAD, files=files)
    feed = compose(TOPIC, [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    wanted = [
        ("https://harbour.example/media/launch.mp4", "video/mp4", None),
        (horn, "audio/mpeg", 4711),
        (stream, "audio/ogg", None),
        (talk, "audio/mpeg", 99_000_000),
    ]
    assert [(one.url, one.type, one.length) for one in feed.entries[0].files] == wanted
    root = etree.fromstring(atom(feed))
    links = root.findall(f".//{ATOM}link[@rel='enclosure']")
    told_lengths = [(one.get("href"), one.get("type"), int(one.get("length", 0)) or None) for one in links]
    assert told_lengths == wanted
    sizes = [one.get("fileSize") for one in root.iter(f"{MEDIA}content") if one.get("url") in (horn, talk)]
    assert sizes == ["4711"]  # the talk is not in the content: readers that know both would list it twice
    attached = json.loads(jsonfeed(feed))["items"][0]["attachments"]
    assert [(one["url"], one["mime_type"], one.get("size_in_bytes")) for one in attached] == wanted
    short = compose(replace(TOPIC, full_text=False), [replace(entry(), record=told)], site=SITE, feed_id=FEED_ID)
    assert [(one.url, one.length) for one in short.entries[0].files] == [(one.url, one.length) for one in files]
    assert all(broken(render(short), form) == [] for form, render in (("atom", atom), ("rss", rss)))
    held = replace(told, robots=("noarchive",))
    public = compose(TOPIC, [replace(entry(), record=held)], site=replace(SITE, audience="public"), feed_id=FEED_ID)
    assert public.entries[0].files == ()
    single = replace(
        record(), html='<audio src="https://harbour.example/media/horn.mp3"></audio>', image=None, files=files[:1]
    )
    item = etree.fromstring(rss(compose(TOPIC, [replace(entry(), record=single)], site=SITE, feed_id=FEED_ID))).find(
        ".//item"
    )
    assert dict(item.find("enclosure").attrib) == {"url": horn, "length": "4711", "type": "audio/mpeg"}


def test_the_caption_of_a_picture_is_not_taken_for_the_summary() -> None:
    feed = shown(GALLERY)
    assert feed.entries[0].image is not None and feed.entries[0].media
    for render in (atom, rss):
        (got,) = feedparser.parse(render(feed)).entries
        assert got.summary_detail.value == got.summary == feed.entries[0].summary
        assert got.title_detail.value == got.title == feed.entries[0].record.title
        assert "The first paragraph." in got.content[0].value


@pytest.mark.parametrize(
    ("element", "told"),
    [
        ("<img src='https://a.example/a.png'>", ("https://a.example/a.png", "image/png")),
        ("<img src='https://a.example/a' type=' Image/Webp ; q=1'>", ("https://a.example/a", "image/webp")),
        ("<img src='https://a.example/a.png' type='text/html'>", ("https://a.example/a.png", "image/png")),
        ("<video src='https://a.example/a' type='video/mp4'></video>", ("https://a.example/a", "video/mp4")),
        ("<audio src='https://a.example/a' type='audio/ogg'></audio>", ("https://a.example/a", "audio/ogg")),
        ("<video src='https://a.example/a' type='application/x-mpegurl'></video>", ("https://a.example/a", "application/x-mpegurl")),
        ("<video><source src='https://a.example/b.mp4'><source src='https://a.example/c.mp4'></video>", ("https://a.example/b.mp4", "video/mp4")),
        ("<video src='https://a.example/a.webm'><source src='https://a.example/b.mp4'></video>", ("https://a.example/a.webm", "video/webm")),
        ("<video><source type='video/mp4'></video>", (None, None)),
        ("<video>none</video>", (None, None)),
        ("<img src='https://a.example/a?id=1'>", ("https://a.example/a?id=1", None)),
    ],
)  # fmt: skip
def test_the_address_and_type_of_an_element(element: str, told: tuple[str | None, str | None]) -> None:
    assert _source(markup.fragment_fromstring(element)) == told


@pytest.mark.parametrize(
    ("figure", "medium", "told"),
    [
        ("<img><figcaption>The pier</figcaption>", "image", ("The pier", "")),
        (
            "<img><div><figcaption>The pier (Photo: Ada Marsh)</figcaption></div>",
            "image",
            ("The pier", "Photo: Ada Marsh"),
        ),
        ("<img>", "image", ("", "")),
        ("<img><img><figcaption>Two piers</figcaption>", "image", ("", "")),
        ("<img><audio></audio><figcaption>A pier and a horn</figcaption>", "image", ("", "")),
    ],
)
def test_the_caption_and_credit_of_the_figure_around_a_picture(figure: str, medium: str, told: tuple[str, str]) -> None:
    image = next(markup.fragment_fromstring(f"<figure>{figure}</figure>").iter("img"))
    assert _caption(image, medium) == told
    assert _caption(markup.fragment_fromstring("<img>")) == ("", "")


@pytest.mark.parametrize(
    ("value", "pixels"), [("640", 640), ("99999", 99999), ("100000", None), ("", None), (None, None), ("10%", None), ("²", None), ("١", None)]
)  # fmt: skip
def test_pixels(value: str | None, pixels: int | None) -> None:
    assert _pixels(value) == pixels
