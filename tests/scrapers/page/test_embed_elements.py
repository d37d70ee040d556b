"""Elements that stand for a player or a post, by every attribute that says so."""

from __future__ import annotations

import pytest

from scrapers.page.embeds import Embed, known, medium_of, of_element

BASE = "https://courier.example/a/"
YOUTUBE = Embed(
    "player",
    "https://www.youtube.com/watch?v=abcdefghijk",
    "YouTube",
    "https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg",
)
VIMEO = Embed("player", "https://vimeo.com/123", "Vimeo", None)
BLUESKY = Embed("post", "https://bsky.app/profile/did:plc:abc/post/xyz", "Bluesky", None)
TWEET = Embed("post", "https://x.com/ada/status/12", "X", None)
FLOURISH = Embed(
    "visual",
    "https://public.flourish.studio/visualisation/123/",
    "Flourish",
    "https://public.flourish.studio/visualisation/123/thumbnail",
)
JW_PLAYER = Embed(
    "player",
    "https://cdn.jwplayer.com/players/abcdefgh-p1.html",
    "JW Player",
    "https://cdn.jwplayer.com/v2/media/abcdefgh/poster.jpg?width=720",
)
BRIGHTCOVE = "https://players.brightcove.net/123/{}_default/index.html?videoId=456"


def brightcove(player: str) -> Embed:
    """The video of an account in one of its players."""
    return Embed("player", BRIGHTCOVE.format(player), "Brightcove", None)


@pytest.mark.parametrize(
    ("tag", "attributes", "embed"),
    [
        ("lite-youtube", {"videoid": "abcdefghijk"}, YOUTUBE),
        ("lite-youtube", {"data-videoid": "abcdefghijk"}, YOUTUBE),
        ("amp-youtube", {"data-videoid": "abcdefghijk"}, YOUTUBE),
        ("lite-youtube", {}, None),
        ("div", {"data-youtube-id": "abcdefghijk"}, YOUTUBE),
        ("div", {"data-youtube-id": "a b", "data-vimeo-id": "123"}, VIMEO),
        ("div", {"data-service": "vimeo", "data-id": "123"}, VIMEO),
        ("div", {"data-provider": "Vimeo", "data-plyr-embed-id": "123"}, VIMEO),
        ("div", {"class": "x Vimeo-player", "data-video-id": "123"}, VIMEO),
        ("div", {"data-service": "elsewhere", "data-id": "123"}, None),
        ("div", {"data-service": "vimeo"}, None),
        ("div", {"class": "flourish-embed", "data-src": "visualisation/123?x"}, FLOURISH),
        ("div", {"data-src": "visualisation/123?x"}, None),
        ("div", {"data-bluesky-uri": "at://did:plc:abc/app.bsky.feed.post/xyz"}, BLUESKY),
        ("div", {"data-account": "123", "data-video-id": "456"}, brightcove("default")),
        ("div", {"data-account": "123", "data-video-id": "456", "data-player": "p q"}, brightcove("p%20q")),
        ("div", {"data-account": "12-3", "data-video-id": "456"}, None),
        ("div", {"data-account": "123"}, None),
        ("amp-jwplayer", {"data-media-id": "abcdefgh", "data-player-id": "p1"}, JW_PLAYER),
        ("div", {"data-media-id": "abcdefgh"}, None),
        ("div", {"data-href": "https://www.youtube.com/watch?v=abcdefghijk"}, YOUTUBE),
        ("div", {"data-src": "https%3A%2F%2Fvimeo.com%2F123"}, VIMEO),
        ("div", {"data-src": "//vimeo.com/123"}, VIMEO),
        ("div", {"data-html": '<iframe src="//player.vimeo.com/video/123"></iframe>'}, VIMEO),
        ("div", {"data-settings": '{"url":"https://vimeo.com/123"}'}, VIMEO),
        ("div", {"data-settings": r'{"video_url":"https:\/\/vimeo.com\/123","loop":"no"}'}, VIMEO),
        ("div", {"data-url": "see https://vimeo.com/123"}, None),
        ("div", {"data-url": "https://courier.example/x", "data-src": "https://vimeo.com/123"}, VIMEO),
        ("div", {"data-url": "https://courier.example/x"}, None),
        ("div", {"data-tweet-id": "https://x.com/ada/status/12"}, TWEET),
        ("div", {}, None),
    ],
)
def test_what_an_element_stands_for(tag: str, attributes: dict[str, str | None], embed: Embed | None) -> None:
    assert of_element(tag, attributes, BASE) == embed


@pytest.mark.parametrize("name", ["data-title", "title", "aria-label"])
def test_an_element_may_have_a_title(name: str) -> None:
    found = of_element("lite-youtube", {"videoid": "abcdefghijk", name: "Boats in the ice"}, BASE)
    assert found is not None
    assert (found.url, found.still, found.title) == (YOUTUBE.url, YOUTUBE.still, "Boats in the ice")


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://www.youtube.com/embed/abcdefghijk?list=x", YOUTUBE.url),
        ("https://m.youtube.com/watch?v=abcdefghijk", YOUTUBE.url),
        ("https://youtube.com/watch", None),
        ("https://player.vimeo.com/video/123", VIMEO.url),
        (
            "https://tube.example:8443/videos/embed/01234567-89ab-cdef-0123-456789abcdef",
            "https://tube.example:8443/videos/watch/01234567-89ab-cdef-0123-456789abcdef",
        ),
        (
            "https://w.soundcloud.com/player?url=https%3A%2F%2Fapi.soundcloud.com%2Ft%2F1",
            "https://api.soundcloud.com/t/1",
        ),
        ("https://w.soundcloud.com/player?url=javascript:x", None),
        ("https://courier.example/x", None),
        ("http://[", None),
    ],
)
def test_the_page_behind_an_address(url: str, page: str | None) -> None:
    found = known(url)
    assert (None if found is None else found.url) == page


@pytest.mark.parametrize(
    ("medium", "urls"),
    {
        "video": ["https://vimeo.com/1", "https://www.youtube.com/watch?v=1"],
        "audio": ["https://soundcloud.com/x", "https://open.spotify.com/track/1"],
        None: ["https://x.com/ada/status/1", "https://courier.example/", "http://["],
    }.items(),
)
def test_what_plays_at_an_address(medium: str | None, urls: list[str]) -> None:
    assert {url: medium_of(url) for url in urls} == dict.fromkeys(urls, medium)
