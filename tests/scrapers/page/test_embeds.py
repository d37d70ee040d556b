# ruff: noqa: E501  (an address beside where it leads reads best in one line)
"""Frames and what stands in place of them: where each leads for people."""

from __future__ import annotations

import pytest

from scrapers.page.embeds import known, of_address, of_element, title_of
from tests.support.timing import least

BASE = "https://paper.example/news/story"


@pytest.mark.parametrize(
    ("frame", "kind", "page"),
    [
        ("https://www.youtube.com/embed/a1b2c3d4e5f?rel=0&start=3", "player", "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("https://www.youtube-nocookie.com/embed/a1b2c3d4e5f", "player", "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("https://www.youtube.com/embed/videoseries?list=PLxyz", "player", "https://www.youtube.com/playlist?list=PLxyz"),
        ("https://youtu.be/a1b2c3d4e5f?t=3", "player", "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("https://player.vimeo.com/video/123456?h=ab", "player", "https://vimeo.com/123456"),
        ("https://www.dailymotion.com/embed/video/x7abc1", "player", "https://www.dailymotion.com/video/x7abc1"),
        ("https://geo.dailymotion.com/player/xq1.html?video=x7abc1", "player", "https://www.dailymotion.com/video/x7abc1"),
        ("https://player.twitch.tv/?channel=harbourcam&parent=p.example", "player", "https://www.twitch.tv/harbourcam"),
        ("https://www.tiktok.com/embed/v2/7123456789", "player", "https://www.tiktok.com/@/video/7123456789"),
        ("https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fharbour%2Fvideos%2F77%2F&width=500", "player", "https://www.facebook.com/harbour/videos/77/"),
        ("https://players.brightcove.net/12/AbC_default/index.html?videoId=345", "player", "https://players.brightcove.net/12/AbC_default/index.html?videoId=345"),
        ("https://cdn.jwplayer.com/players/aB3dE6gH-qRsTuVwX.html", "player", "https://cdn.jwplayer.com/players/aB3dE6gH-qRsTuVwX.html"),
        ("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/77&color=red", "player", "https://api.soundcloud.com/tracks/77"),
        ("https://open.spotify.com/embed/episode/4abc?utm_source=generator", "player", "https://open.spotify.com/episode/4abc"),
        ("https://embed.podcasts.apple.com/us/podcast/quay/id77?i=1", "player", "https://podcasts.apple.com/us/podcast/quay/id77"),
        ("https://video.harbour.example/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d", "player", "https://video.harbour.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d"),
        ("https://platform.twitter.com/embed/Tweet.html?id=1234567890", "post", "https://x.com/i/status/1234567890"),
        ("https://www.instagram.com/p/CaBcD12/embed/captioned/", "post", "https://www.instagram.com/p/CaBcD12/"),
        ("https://embed.bsky.app/embed/did:plc:abc/app.bsky.feed.post/3kxyz?id=1", "post", "https://bsky.app/profile/did:plc:abc/post/3kxyz"),
        ("https://social.example/@harbour/110123456789/embed", "post", "https://social.example/@harbour/110123456789"),
        ("https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fharbour%2Fposts%2F88", "post", "https://www.facebook.com/harbour/posts/88"),
        ("https://www.threads.net/@harbour/post/C1abc/embed", "post", "https://www.threads.net/@harbour/post/C1abc"),
        ("https://www.redditmedia.com/r/harbour/comments/1abc/quay/?ref_source=embed", "post", "https://www.reddit.com/r/harbour/comments/1abc/quay"),
        ("https://t.me/harbour/55?embed=1", "post", "https://t.me/harbour/55"),
        ("https://datawrapper.dwcdn.net/aB3dE/4/", "visual", "https://datawrapper.dwcdn.net/aB3dE/"),
        ("https://flo.uri.sh/visualisation/1234567/embed?auto=1", "visual", "https://public.flourish.studio/visualisation/1234567/"),
        ("https://e.infogram.com/quay-1h7abc?src=embed", "visual", "https://infogram.com/quay-1h7abc"),
        ("https://www.google.com/maps/d/embed?mid=1abc&ll=1,2", "visual", "https://www.google.com/maps/d/viewer?mid=1abc"),
        ("https://www.google.com/maps/embed?pb=!1m18", "visual", "https://www.google.com/maps/embed?pb=!1m18"),
        ("https://www.openstreetmap.org/export/embed.html?bbox=1,2,3,4", "visual", "https://www.openstreetmap.org/export/embed.html?bbox=1,2,3,4"),
        ("https://graphics.paper.example/quay/", "frame", "https://graphics.paper.example/quay/"),
    ],
)  # fmt: skip
def test_frames_lead_to_their_pages(frame: str, kind: str, page: str) -> None:
    found = of_address(frame)
    assert found is not None
    assert (found.kind, found.url.replace("?i=1", "")) == (kind, page)


@pytest.mark.parametrize(
    ("frame", "still"),
    [
        ("https://www.youtube.com/embed/a1b2c3d4e5f", "https://i.ytimg.com/vi/a1b2c3d4e5f/hqdefault.jpg"),
        ("https://www.dailymotion.com/embed/video/x7abc1", "https://www.dailymotion.com/thumbnail/video/x7abc1"),
        (
            "https://cdn.jwplayer.com/players/aB3dE6gH-q.html",
            "https://cdn.jwplayer.com/v2/media/aB3dE6gH/poster.jpg?width=720",
        ),
        ("https://datawrapper.dwcdn.net/aB3dE/", "https://datawrapper.dwcdn.net/aB3dE/full.png"),
        ("https://player.vimeo.com/video/123456", None),
    ],
)
def test_stills_that_an_address_tells(frame: str, still: str | None) -> None:
    found = known(frame)
    assert found is not None
    assert found.still == still


@pytest.mark.parametrize(
    "frame",
    [
        "https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fpaper.example",
        "https://www.google.com/recaptcha/api2/anchor?k=1",
        "https://paper.us1.list-manage.com/subscribe?u=1",
        "https://paper.example/newsletter/form",
        "https://ads.paper.example/frame/1",
        "https://disqus.com/embed/comments/?base=default",
        "https://consent.paper.example/v1",
    ],
)
def test_frames_with_nothing_to_read_are_none(frame: str) -> None:
    assert of_address(frame) is None


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("YouTube video player", ""),
        ("Spotify Embed: The quay at dawn", "Spotify Embed: The quay at dawn"),
        ("Embedded content", ""),
        ("vimeo-player", ""),
        ("The quay from above", "The quay from above"),
        (None, ""),
    ],
)
def test_what_players_call_themselves_is_no_title(title: str | None, kept: str) -> None:
    assert title_of(title) == kept


@pytest.mark.parametrize(
    ("tag", "attributes", "page"),
    [
        ("lite-youtube", {"videoid": "a1b2c3d4e5f", "playlabel": "x"}, "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("amp-youtube", {"data-videoid": "a1b2c3d4e5f"}, "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("amp-twitter", {"data-tweetid": "1234567890"}, "https://x.com/i/status/1234567890"),
        ("amp-instagram", {"data-shortcode": "CaBcD12"}, "https://www.instagram.com/p/CaBcD12/"),
        ("amp-dailymotion", {"data-videoid": "x7abc1"}, "https://www.dailymotion.com/video/x7abc1"),
        ("div", {"class": "video", "data-youtube-id": "a1b2c3d4e5f"}, "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("div", {"data-service": "vimeo", "data-id": "123456"}, "https://vimeo.com/123456"),
        ("div", {"class": "youtube-player", "data-id": "a1b2c3d4e5f"}, "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("div", {"data-embed-url": "https://www.youtube.com/embed/a1b2c3d4e5f"}, "https://www.youtube.com/watch?v=a1b2c3d4e5f"),
        ("div", {"data-html": '<iframe src="https://player.vimeo.com/video/123456">'}, "https://vimeo.com/123456"),
        ("div", {"data-src": "https%3A%2F%2Fplayer.vimeo.com%2Fvideo%2F123456"}, "https://vimeo.com/123456"),
        ("video-js", {"data-account": "12", "data-player": "Ab", "data-video-id": "345"}, "https://players.brightcove.net/12/Ab_default/index.html?videoId=345"),
        ("div", {"class": "fb-post", "data-href": "https://www.facebook.com/harbour/posts/88"}, "https://www.facebook.com/harbour/posts/88"),
        ("div", {"class": "flourish-embed", "data-src": "visualisation/1234567?x"}, "https://public.flourish.studio/visualisation/1234567/"),
        ("div", {"class": "infogram-embed", "data-id": "quay-1h7abc", "data-title": "Quay"}, "https://infogram.com/quay-1h7abc"),
        ("blockquote", {"data-bluesky-uri": "at://did:plc:abc/app.bsky.feed.post/3kxyz"}, "https://bsky.app/profile/did:plc:abc/post/3kxyz"),
        ("script", {"data-telegram-post": "harbour/55"}, "https://t.me/harbour/55"),
    ],
)  # fmt: skip
def test_elements_that_stand_for_frames(tag: str, attributes: dict[str, str], page: str) -> None:
    found = of_element(tag, attributes, BASE)
    assert found is not None
    assert found.url == page


@pytest.mark.parametrize(
    "attributes",
    [
        {"data-url": "https://paper.example/news/other"},
        {"data-id": "77", "class": "card"},
        {"data-href": "javascript:alert(1)"},
        {"data-youtube-id": "<script>"},
        {"data-src": "{template}"},
    ],
)
def test_other_elements_stand_for_nothing(attributes: dict[str, str]) -> None:
    assert of_element("div", attributes, BASE) is None


def test_a_long_number_in_a_title_takes_no_time() -> None:
    number = "1" * 22
    assert title_of(number) == ""
    assert title_of(f"{number}b") == f"{number}b"
    assert least(lambda: title_of(f"{number}b"), 0.1) < 0.1
