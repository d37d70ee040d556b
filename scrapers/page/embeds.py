"""What pages embed from elsewhere: players, posts of networks, maps and charts. A frame → its page for people.

`of_address` recognises frames by their address, `of_element` other forms of the same: placeholders of
consent managers, custom elements, AMP elements, the quotations that scripts of networks turn into frames.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, quote, unquote, urlsplit

from ..urls.site import join, registrable
from .embed_services import AUDIO, NOTHING, NOTHING_SITES, SERVICES, Kind, Medium, Service

Attributes = Mapping[str, str | None]

# Where frames keep their address, best first: lazy loaders and consent managers move it away from `src`.
FRAME_SOURCES = (
    "data-src", "data-lazy-src", "data-cmp-src", "data-cookieblock-src", "data-cookie-src", "data-suppressedsrc",
    "data-consent-src", "data-iframe-src", "data-embed-src", "data-lazyload", "data-litespeed-src", "data-original",
    "data-blocked-src", "data-orig-src", "data-url", "data-ezsrc", "src", "data",
)  # fmt: skip

_FILE_TYPE = re.compile(r"(?:video|audio|application)/[\w.+-]{1,60}", re.ASCII)
_FILE_TYPES = {  # of files, by the ending of their names
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "mov": "video/quicktime",
    "m3u8": "application/vnd.apple.mpegurl", "mpd": "application/dash+xml", "mp3": "audio/mpeg", "m4a": "audio/mp4",
    "aac": "audio/aac", "oga": "audio/ogg", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav",
    "flac": "audio/flac",
}  # fmt: skip


def frame_sources(attributes: Attributes) -> list[str]:
    """What may be the address of a frame, best first: scripts may have put it into a `data-` attribute of their own."""
    told = [value for name in FRAME_SOURCES if (value := attributes.get(name))]
    return told + [
        value
        for name, value in attributes.items()
        if value and name.startswith("data-") and name not in FRAME_SOURCES and "//" in value[:8]
    ]


def file_type(url: str, told: str | None) -> str:
    """The media type of a file as the page tells it, else by its name; empty for none."""
    kind = (told or "").partition(";")[0].strip().lower()
    if _FILE_TYPE.fullmatch(kind):
        return kind
    place = url.partition("?")[0].partition("#")[0]  # not by urlsplit: whatever stands in a page may be asked about
    _, absolute, rest = place.partition("://")
    name = rest.partition("/")[2] if absolute else place
    return _FILE_TYPES.get(name[-100:].rpartition(".")[2].lower(), "")


@dataclass(frozen=True, slots=True)
class Embed:
    """One thing that a page embeds."""

    kind: Kind
    url: str  # its page for people
    site: str = ""  # the service's name; empty for an unknown one
    still: str | None = None  # a picture of it
    title: str = ""  # what the page calls it


_BY_HOST: dict[str, list[Service]] = {}
for _one in SERVICES:
    for _host in _one.hosts or ("",):
        _BY_HOST.setdefault(_host, []).append(_one)

# Generic names of players, which are no titles.
_NO_TITLE = re.compile(
    r"(?:(?:youtube|vimeo|dailymotion|spotify|soundcloud|twitter|x|tweet|instagram|facebook|tiktok|jw|brightcove|embedded|embed|"
    r"video|audio|media|map|google|maps|iframe|frame|player|content|post|external|third|party|the|by|from|an?|widget|"
    r"interactive|graphic|chart|podcast|untitled|document|id|title|\d++)[\s:._|/-]{0,3})+",
    re.IGNORECASE,
)


def of_address(url: str, title: str | None = None) -> Embed | None:
    """What a frame at an absolute address shows; None for frames with nothing to read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    name = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    found = _known(url, name)
    if found is None and (registrable(name) in NOTHING_SITES or NOTHING.search(url[:400])):
        return None
    if found is None:
        return Embed("frame", url, "", None, " ".join((title or "")[:500].split()))
    return Embed(found.kind, found.url, found.site, found.still, title_of(title))


def known(url: str) -> Embed | None:
    """What a known service shows at an absolute address; None for any other address."""
    try:
        name = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    return _known(url, name)


def _people_hosts(service: Service) -> tuple[str, ...]:
    """The hosts of a service's pages for people."""
    host = urlsplit((service.url or "").partition("{")[0]).hostname
    return (host.removeprefix("www."),) if host else tuple(map(registrable, service.hosts))


@cache
def _media() -> dict[str, Medium]:
    """What the services of players play, by the hosts of their pages for people. It asks for the public suffixes."""
    return {
        host: "audio" if service.site in AUDIO else "video"
        for service in SERVICES
        if service.kind == "player"
        for host in _people_hosts(service)
    }


def medium_of(url: str) -> Medium | None:
    """What plays at an absolute address, the page for people of a service of players; None for any other address."""
    try:
        name = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    return _media().get(name) or _media().get(registrable(name))


def title_of(title: str | None) -> str:
    """A frame's title where it tells more than the player's name."""
    title = " ".join((title or "")[:500].split())
    return "" if _NO_TITLE.fullmatch(title[:200]) else title


def _known(url: str, name: str) -> Embed | None:
    parts = urlsplit(url)
    told: dict[str, str] | None = None
    for host in _hosts(name):
        for rule in _BY_HOST.get(host, ()):
            match = rule.match(parts.path)
            if match is None:
                continue
            if told is None:
                told = {key: values[0] for key, values in parse_qs(parts.query[:2000]).items()}
                told["host"] = parts.netloc
            groups = [unquote(group or "") for group in match.groups()]
            page = url if rule.url is None else _filled(rule.url, groups, told)
            if page:
                return Embed(rule.kind, page, rule.site, _filled(rule.still, groups, told) if rule.still else None)
    return None


def _hosts(name: str) -> list[str]:
    """A host, its parent domains, and "" for services that anybody may host."""
    labels = name.split(".")[-4:]
    return [".".join(labels[at:]) for at in range(len(labels) - 1)] + [""]


def _filled(template: str, groups: list[str], told: Mapping[str, str]) -> str | None:
    """An address made from its template; None where a parameter is missing."""
    missing = False

    def value(place: re.Match[str]) -> str:
        nonlocal missing
        name = place[1]
        found = groups[int(name)] if name.isdecimal() else told.get(name, "")
        missing = missing or not found
        if place[0] == template:  # the parameter is an address itself
            missing = missing or not found.startswith(("https://", "http://"))
            return found
        return found if name == "host" else quote(found, safe="/@:=-.~")

    url = re.sub(r"\{(\w+)\}", value, template)
    return None if missing else url


# --- other elements than frames

_OF_ID = {  # attributes that hold an id of a service
    "data-youtube-id": "https://www.youtube.com/embed/{}",
    "data-youtubeid": "https://www.youtube.com/embed/{}",
    "data-youtube": "https://www.youtube.com/embed/{}",
    "data-yt-id": "https://www.youtube.com/embed/{}",
    "data-ytid": "https://www.youtube.com/embed/{}",
    "data-youtube-video-id": "https://www.youtube.com/embed/{}",
    "data-vimeo-id": "https://player.vimeo.com/video/{}",
    "data-dailymotion-id": "https://www.dailymotion.com/embed/video/{}",
    "data-tweet-id": "https://x.com/i/status/{}",
    "data-tweetid": "https://x.com/i/status/{}",
    "data-telegram-post": "https://t.me/{}",
    "data-tiktok-id": "https://www.tiktok.com/embed/{}",
}
_OF_ELEMENT = {  # custom and AMP elements: attributes that hold the id, and the address it makes
    "lite-youtube": ("videoid", "https://www.youtube.com/embed/{}"),
    "youtube-video": ("videoid", "https://www.youtube.com/embed/{}"),
    "lite-vimeo": ("videoid", "https://player.vimeo.com/video/{}"),
    "amp-youtube": ("data-videoid", "https://www.youtube.com/embed/{}"),
    "amp-vimeo": ("data-videoid", "https://player.vimeo.com/video/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/embed/video/{}"),
    "amp-twitter": ("data-tweetid", "https://x.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-soundcloud": ("data-trackid", "https://w.soundcloud.com/player/?url=https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F{}"),
    "amp-tiktok": ("data-src", "https://www.tiktok.com/embed/{}"),
}  # fmt: skip
_OF_SERVICE = {  # consent managers: data-service="youtube" data-id="…"
    "youtube": "https://www.youtube.com/embed/{}",
    "vimeo": "https://player.vimeo.com/video/{}",
    "dailymotion": "https://www.dailymotion.com/embed/video/{}",
    "twitter": "https://x.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "tiktok": "https://www.tiktok.com/embed/{}",
}
_ADDRESSES = (
    "data-instgrm-permalink", "data-text-post-permalink", "data-embed-url", "data-href", "data-src", "data-url",
    "data-oembed-url", "data-oembed", "data-embed", "data-embed-src", "data-consent-src", "data-cmp-src",
    "data-iframe-src", "data-video-url", "data-video-src", "data-youtube-url", "data-post-url", "data-tweet-url",
    "data-permalink", "data-link", "data-settings", "data-html", "data-content", "data-iframe", "data-embed-code",
    "data-embed-html", "data-embedcode", "url", "href", "src", "cite",
)  # fmt: skip
_INNER_SOURCE = re.compile(
    r"""(?:src|href|url)\\?["']?\s?[=:]\s?\\?["']?((?:https?:)?(?:\\?/){2}(?:[^"'\s\\<>]|\\/){4,1500})""", re.IGNORECASE
)
_AT = re.compile(r"at://(did:[\w:.-]+)/app\.bsky\.feed\.post/(\w+)")
_SHORT_ID = re.compile(r"[\w/@.-]{3,80}")


def of_element(tag: str, attributes: Attributes, base_url: str) -> Embed | None:
    """What an element that is no frame stands for, by its attributes; None for any other element."""
    title = title_of(attributes.get("data-title") or attributes.get("title") or attributes.get("aria-label"))
    if tag in _OF_ELEMENT:
        name, address = _OF_ELEMENT[tag]
        found = _of_id(address, attributes.get(name) or attributes.get(f"data-{name}"))
    else:
        found = (
            _of_player(tag, attributes)
            or _of_named_id(attributes)
            or _of_service(attributes)
            or _of_addresses(attributes, base_url)
        )
    return _titled(found, title)


def _of_player(tag: str, attributes: Attributes) -> Embed | None:
    """A player of Brightcove or JW Player, told by ids of account, player and file."""
    account, video = attributes.get("data-account"), attributes.get("data-video-id")
    if account and video and account.isalnum() and _SHORT_ID.fullmatch(video):
        player = attributes.get("data-player") or attributes.get("data-player-id") or "default"
        page = f"https://players.brightcove.net/{account}/{quote(player)}_default/index.html?videoId={quote(video)}"
        return Embed("player", page, "Brightcove", None, "")
    media = attributes.get("data-media-id")
    if tag == "amp-jwplayer" and media and media.isalnum():
        player = attributes.get("data-player-id") or ""
        return known(f"https://cdn.jwplayer.com/players/{media}-{quote(player)}.html")
    return None


def _of_named_id(attributes: Attributes) -> Embed | None:
    """The embed of an attribute that is named after its service."""
    for name, address in _OF_ID.items():
        if name in attributes and (found := _of_id(address, attributes[name])) is not None:
            return found
    return None


def _of_service(attributes: Attributes) -> Embed | None:
    """The embed of an id whose service is named by another attribute."""
    names = (attributes.get("class") or "")[:500].lower()
    service = _first_of(attributes, "data-service", "data-provider", "data-plyr-provider").lower()
    told = _first_of(attributes, "data-id", "data-plyr-embed-id", "data-video-id", "data-videoid")
    if told:
        for name, address in _OF_SERVICE.items():
            if (service == name or name in names) and (found := _of_id(address, told)) is not None:
                return found
        if "infogram" in names:
            return known(f"https://infogram.com/{quote(told)}")
    if "flourish" in names and (source := attributes.get("data-src")):
        return known(f"https://public.flourish.studio/{source.strip('/').partition('?')[0]}")
    if (at := _AT.match(attributes.get("data-bluesky-uri") or "")) is not None:
        return Embed("post", f"https://bsky.app/profile/{at[1]}/post/{at[2]}", "Bluesky", None, "")
    return None


def _first_of(attributes: Attributes, *names: str) -> str:
    """The first of these attributes with a value."""
    return next((value for name in names if (value := attributes.get(name))), "")


def _of_addresses(attributes: Attributes, base_url: str) -> Embed | None:
    for name in _ADDRESSES:
        if name not in attributes:  # as nearly all of them
            continue
        value = (attributes[name] or "")[:4000].strip()
        if not value or ("/" not in value and "%2F" not in value):
            continue
        if "%2F" in value[:40]:
            value = unquote(value)
        if not value.startswith(("http://", "https://", "//")):
            inner = _INNER_SOURCE.search(value) if "<" in value or "{" in value[:2] else None
            if inner is None:
                continue
            value = inner[1].replace("\\", "")
        url = join(base_url, value)
        if url is not None and (found := known(url)) is not None:
            return found
    return None


def _of_id(address: str, value: str | None) -> Embed | None:
    value = (value or "").strip()
    if value.startswith(("http://", "https://")):
        return known(value)
    return known(address.format(value)) if _SHORT_ID.fullmatch(value) else None


def _titled(embed: Embed | None, title: str) -> Embed | None:
    return Embed(embed.kind, embed.url, embed.site, embed.still, title) if embed is not None and title else embed
