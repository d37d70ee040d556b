"""Pictures on pages: lazy loaders, `srcset`, and tracking pixels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from ..urls.site import host, join, registrable

Attributes = Mapping[str, str | None]
Candidate = tuple[str, str]  # an address and its descriptor: "800w", "2x" or ""

# Where lazy loaders keep the true address, best first. `src` then holds a blur or nothing.
LAZY_SRC = (
    "data-src", "data-lazy-src", "data-original", "data-original-src", "data-hi-res-src", "data-full-src",
    "data-lazy", "data-src-large", "data-img-src", "data-image-src", "data-lazyload", "data-lazy-load", "data-echo",
    "data-defer-src", "data-delayed-url", "data-cfsrc", "data-ezsrc", "data-actualsrc", "data-orig-file",
    "data-large-file", "data-image", "data-img-url", "data-url", "data-flickity-lazyload", "data-pagespeed-lazy-src",
    "nitro-lazy-src", "data-srcsmall", "data-gt-lazy-src", "data-litespeed-src", "data-breeze", "data-opt-src",
    "data-wpfc-original-src",
)  # fmt: skip
LAZY_SRCSET = (
    "data-srcset", "data-lazy-srcset", "data-original-set", "data-src-set", "nitro-lazy-srcset", "data-ezsrcset",
    "data-gt-lazy-srcset", "data-bgset", "data-wpfc-original-srcset", "data-opt-srcset",
)  # fmt: skip
WIDE = 1600  # pixels: of several sizes the widest up to about this is shown where readers know no srcset
_ABOUT = 1.08
_CANDIDATES = 12
_SRCSET_ADDRESS = re.compile(r"[\s,]*+(\S+)")
_LARGEST = 6000  # pixels: wider ones are for print

_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|transparent|lazy(?:load|[_-]?placeholder)?|loading|loader|preload(?:er)?|"
    r"grey|gray|1x1|1px|empty|dummy|trans|pixel|clear|no[_-]?image|noimg|image[_-]placeholder|default[_-]image|img[_-]blank)"
    r"(?:[._-][\w.-]{0,40})?\.(?:gif|png|svg|jpe?g|webp)(?:$|[?#])",
    re.IGNORECASE,
)
_HOLDING = (  # a part of what the two patterns ask for: few addresses have any, and a plain search is fast
    "blank", "spacer", "placeholder", "trans", "lazy", "loading", "loader", "preload", "grey", "gray", "1x1", "0x0",
    "2x2", "1px", "empty", "dummy", "pixel", "clear", "noim", "no-im", "no_im", "default-im", "default_im",
)  # fmt: skip
_TINY_NAME = re.compile(r"[/=_.-](?:1x1|0x0|2x2)(?:[/&._-]|$)")
# An image service's blurred preview ("/media/ID/v1/fill/w_147,h_83,blur_2/ID"): the picture itself lies above it.
_BLURRED = re.compile(r"\A(?P<picture>[^?#]{1,1500}/media/[^/?#]{1,300})/v1/[a-z]{1,12}/[^/?#]{0,300}blur_[^?#]{0,700}")
_COMMON = frozenset(("image/jpeg", "image/jpg", "image/png", "image/gif"))
_SIZES = re.compile(r"[\w\s().,:%+*/<>=-]{1,400}")

# Tracking pixels: registrable domains …
_TRACKERS = frozenset(
    """2mdn.net 2o7.net adform.net adnxs.com adsrvr.org amazon-adsystem.com atdmt.com bidswitch.net chartbeat.net
    cloudflareinsights.com comscore.com criteo.com demdex.net doubleclick.net estat.com everesttech.net
    exelator.com feedpress.it feedsportal.com gemius.pl google-analytics.com googlesyndication.com googletagmanager.com
    imrworldwide.com ioam.de ivwbox.de krxd.net list-manage.com mathtag.com mixpanel.com moatads.com mxpnl.com
    omtrdc.net openx.net outbrain.com parsely.com quantcount.com quantserve.com rlcdn.com rubiconproject.com
    scorecardresearch.com sentry-cdn.com sitemeter.com smartadserver.com statcounter.com taboola.com tns-counter.ru
    vgwort.de webtrekk.net webtrends.com xiti.com zemanta.com""".split()  # noqa: SIM905  (a list of words reads best as words)
)
# … first labels of hosts that serve nothing else …
_COUNTER_HOST = re.compile(
    r"^(?:analytics|beacons?|bat|counter|hits?|logc?|metrics|pixels?|piwik|matomo|sb|stats|telemetry|track|tracker|"
    r"tracking)\d{0,3}\."
)
# … and patterns of their addresses.
_COUNTER_FILE = re.compile(
    r"[/_.-](?:pixel|beacon|count|counter|clear|cleardot|track|tracker|tracking|impression|1x1|0x0|utm|__utm|zaehlpixel)"
    r"\.(?:gif|png|php|aspx?)$",
    re.IGNORECASE,
)
_COUNTER_ENDS = frozenset(("gif", "png", "php", "asp", "spx"))  # of such files: most pictures have another one
_COUNTER_PATH = re.compile(r"/tr/?$|/(?:piwik|matomo)\.php$|/collect$|/~r/|/tracker/\d", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_TINY = re.compile(r"(?:^|[;\s])(?:width|height)\s{0,3}:\s{0,3}[0-2](?:px)?\s{0,3}(?:;|$|!)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the address for readers that know no srcset, and all its sizes; addresses are absolute."""

    src: str
    srcset: tuple[Candidate, ...] = ()
    sizes: str = ""


def picture(
    attributes: Attributes, sources: Sequence[Candidate], base_url: str, *, widest: int = WIDE
) -> Picture | None:
    """The picture that an `<img>` shows, with the candidates of the `<picture>` around it; None for a placeholder.

    Of several sizes the widest up to about `widest` pixels is the one for readers that know no srcset.
    """
    srcset = true_srcset(attributes, base_url) or list(sources)
    src = true_src(attributes, base_url)
    srcset = [one for one in srcset if _width(one[1]) <= _LARGEST][:_CANDIDATES] or srcset[:1]
    measured = any(size for _, size in srcset)
    if src is None or any(size.endswith("w") for _, size in srcset):
        src = best(srcset, widest) or src
    if not src:
        return None
    sizes = " ".join((attributes.get("sizes") or attributes.get("data-sizes") or "")[:400].split())
    wide = any(size.endswith("w") for _, size in srcset)
    return Picture(src, tuple(srcset) if measured else (), sizes if wide and _SIZES.fullmatch(sizes) else "")


def pixels(value: str | None, least: int = 1, most: int = 20_000) -> int | None:
    """The number of pixels that an attribute tells, or None for none between `least` and `most`."""
    value = (value or "").strip().removesuffix("px")
    if not value.isascii() or not value.isdecimal() or len(value) > 7:
        return None
    return int(value) if least <= int(value) <= most else None


def sharp(url: str) -> str:
    """The address of a picture in place of its blurred preview; any other address as it is."""
    found = _BLURRED.fullmatch(url.partition("?")[0]) if "blur_" in url else None
    return found["picture"] if found else url


def is_counter(url: str) -> bool:
    """Whether an absolute address is a known tracking pixel, not a picture."""
    name = host(url)
    if registrable(name) in _TRACKERS or _COUNTER_HOST.search(name):
        return True
    try:
        path = urlsplit(url).path[-200:]
    except ValueError:  # "http://[": no address of a picture either
        return False
    if path[-3:].lower() in _COUNTER_ENDS and _COUNTER_FILE.search(path):
        return True
    return _COUNTER_PATH.match(path) is not None


def is_placeholder(address: str) -> bool:
    """Whether an address is that of a placeholder."""
    end = address[-200:]
    lower = end.lower()
    for word in _HOLDING:
        if word in lower:
            return bool(_PLACEHOLDER.search(end) or _TINY_NAME.search(address[-60:]))
    return False


_NO_STORY = re.compile(
    r"\b(?:blank|placeholders?|spacer|transparent|no ?image|no ?photo|no ?pic(?:ture)?|noimg|missing|dummy|favicon|"
    r"apple touch icon|"
    r"pixel|1x1|sprite|image not (?:found|available)|coming soon)\b"
)
_LOGO = re.compile(r"\b(?:logos?|logotype)\b")
_GENERIC = frozenset(
    (
        "default",
        "fallback",
        "image",
        "img",
        "picture",
        "photo",
        "share",
        "sharing",
        "social",
        "thumbnail",
        "thumb",
        "meta",
    )
)
_SIZE = re.compile(
    r"\b(?:\d+|\d+x\d+|v\d+|w\d+|h\d+|[0-9a-f]{8,}|px|og|fb|jpe?g|png|webp|large|small|medium|min|new|x)\b"
)
_FEW = 3  # words beside "logo" from which a file name may be of a story about a logo


def is_generic(url: str) -> bool:
    """Whether an address names no picture of a story: a site's own address, a blank file, a placeholder, a logo."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    if parts.scheme not in ("", "http", "https") or (parts.path in ("", "/") and not parts.query):
        return True
    name = parts.path.rstrip("/").rpartition("/")[2][-200:]
    stem, dot, extension = name.rpartition(".")
    text = " ".join(re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+x\d+|\d+", stem if dot else name)).lower()
    words = _SIZE.sub(" ", text).split()
    if (dot and extension.lower() == "svg") or (_NO_STORY.search(text) and len(words) <= 5):
        return True
    if words and _GENERIC.issuperset(words) and not {"default", "fallback", "share", "sharing"}.isdisjoint(words):
        return True
    return bool(_LOGO.search(text)) and len(words) <= _FEW


def is_tiny(attributes: Attributes) -> bool:
    """Whether an element's own attributes say that it is at most 2 pixels wide or high."""
    for name in ("width", "height"):
        size = pixels(attributes.get(name), 0)
        if size is not None and size <= 2:
            return True
    return bool(_TINY.search((attributes.get("style") or "")[:500]))


def is_hidden(attributes: Attributes) -> bool:
    """Whether an element says that it is not shown."""
    return "hidden" in attributes or bool(_HIDDEN.search((attributes.get("style") or "")[:500]))


def true_src(attributes: Attributes, base_url: str) -> str | None:
    """The absolute address of the picture that a reader sees, also where it is lazily loaded."""
    for name in LAZY_SRC:
        if name in attributes and (url := _address(_sized(attributes[name], attributes), base_url)):
            return url
    return _address(_sized(attributes.get("src"), attributes), base_url)


def true_srcset(attributes: Attributes, base_url: str) -> list[Candidate]:
    """The candidates of `srcset`, or of the lazy loader's, with absolute addresses."""
    for name in (*LAZY_SRCSET, "srcset"):
        value = attributes.get(name)
        if value:
            found = [(url, size) for one, size in candidates(value) if (url := _address(one, base_url))]
            if found:
                return found
    return []


def of_sources(sources: Sequence[Attributes], base_url: str) -> list[Candidate]:
    """The candidates of the one <source> of a <picture> that suits any reader: for wide screens, in a common format."""

    def suits(source: Attributes) -> tuple[bool, bool, bool]:
        media = source.get("media") or ""
        narrow = "max-width" in media or "print" in media or "portrait" in media
        return narrow, (source.get("type") or "image/jpeg").lower() not in _COMMON, bool(media)

    for source in sorted(sources, key=suits):
        found = true_srcset(source, base_url)
        if found:
            return found
    return []


def candidates(srcset: str) -> list[Candidate]:
    """`srcset` as (address, descriptor) pairs, by the HTML Standard's steps: commas may be part of an address."""
    found: list[Candidate] = []
    at, end = 0, min(len(srcset), 20_000)
    while at < end and len(found) < 4 * _CANDIDATES:
        one = _SRCSET_ADDRESS.match(srcset, at, end)
        if one is None:
            break
        at = one.end()
        url, size = one[1], ""
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            comma = srcset.find(",", at, end)
            comma = end if comma < 0 else comma
            size = srcset[at:comma].strip().partition(" ")[0]  # "800w 600h": the width
            at = comma + 1
        if url and (not size or (size[-1] in "wx" and size[:-1].replace(".", "", 1).isdecimal())):
            found.append((url, size))
    return found


def best(srcset: Sequence[Candidate], widest: int = WIDE) -> str | None:
    """The candidate for readers that know no srcset: the widest of up to about `widest` pixels, else the narrowest."""
    if not srcset:
        return None

    def order(candidate: Candidate) -> tuple[bool, float]:
        width = _width(candidate[1])
        return (True, width) if width <= widest * _ABOUT else (False, -width)

    return max(srcset, key=order)[0]


def _width(size: str) -> float:
    """About how many pixels wide a candidate is, by its descriptor."""
    return float(size[:-1]) * (800 if size.endswith("x") else 1) if size else 800.0


def _sized(value: str | None, attributes: Attributes) -> str | None:
    """An address with a place for the width filled in from the widths that its loader offers."""
    if not value or "{width}" not in value:
        return value
    told = [int(width) for width in re.findall(r"\d{2,5}", (attributes.get("data-widths") or "")[:500])]
    fitting = [width for width in told if width <= WIDE * _ABOUT] or sorted(told)[:1]
    return value.replace("{width}", str(max(fitting))) if fitting else value


def _address(value: str | None, base_url: str) -> str | None:
    """`value` as an absolute address of a picture, or None for nothing, data: and placeholders."""
    if not value:
        return None
    value = value.strip()
    if not value or len(value) > 2000 or value[:5].lower() in ("data:", "blob:", "about") or "{" in value:
        return None  # "{": a template that the loader's script fills in
    if is_placeholder(value):
        return None
    if "/" not in value and "." not in value:
        return None
    url = join(base_url, value)
    return sharp(url) if url else None


# --- one picture under several addresses

_EMBEDDED = re.compile(r"[^:]https?(?::|%3A)(?:/|%2F){1,2}", re.IGNORECASE)
_SIZE_SEGMENT = re.compile(
    r"(?:[whq]_?|width[-=]|w[=-])?\d{2,5}(?:x\d{2,5})?(?:px)?(?:,[\w=-]{1,20}){0,6}|"
    r"(?:[a-z]{1,4}_[\w.%:-]{1,30},){1,14}[a-z]{1,4}_[\w.%:-]{1,30}"
)
_SIZE_IN_NAME = re.compile(
    r"(?:[-_.@](?:\d{2,5}x\d{2,5}|\d{2,4}w|w\d{2,4}|\d{3,4}px|[1-4]x|scaled|e\d{10,13}|thumb|small|medium|large|original|full))+(?=\.|$)",
    re.IGNORECASE,
)
_LONG = 12  # characters of a file name that no other picture has
_REMEMBERED = 500  # characters of an address whose key is remembered
_TELLING = frozenset(
    ("id", "image", "img", "file", "src", "path", "url", "u", "i", "f", "name", "uuid", "fid", "pic", "photo")
)


def picture_key(url: str) -> str:
    """What the addresses of one picture in several sizes have in common, and no other picture's address."""
    return _key_of(url) if len(url) <= _REMEMBERED else _key_of.__wrapped__(url)


@lru_cache(maxsize=512)  # a picture is compared with each other one of its page
def _key_of(url: str) -> str:
    embedded = list(_EMBEDDED.finditer(url, 8)) if "http" in url[8:].lower() else []
    if embedded:  # a resizing service that is told the picture's address
        inner = embedded[-1]
        url = unquote(url[inner.start() + 1 :]) if "%" in inner[0] else url[inner.start() + 1 :]
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    *folders, last = parts.path.rstrip("/").split("/")
    segments = [unquote(one) for one in folders if one and not _SIZE_SEGMENT.fullmatch(one[:300])] + [unquote(last)]
    if "media" in segments and "v1" in segments:  # "/media/ID/v1/fill/…/name.jpg"
        segments = segments[: segments.index("v1")]
    name = _SIZE_IN_NAME.sub("", segments[-1][-300:].lower())
    stem = name.rpartition(".")[0] or name
    told = parse_qsl(parts.query[:1000]) if parts.query else []
    query = "".join([f"&{key}={value}" for key, value in told if key.lower() in _TELLING])
    if len(stem) >= _LONG and any(one.isdigit() or one in "-_" for one in stem):
        return f"{stem}{query}"
    return f"{parts.netloc.lower()}/{'/'.join([*segments[:-1], name])}{query}"


def same_picture(one: str, other: str) -> bool:
    """Whether two addresses show one picture, perhaps in two sizes."""
    return one == other or picture_key(one) == picture_key(other)
