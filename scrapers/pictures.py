"""Pictures as pages really carry them: lazy loaders, `srcset`, and the counters that only look like pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from .urls import host, join, registrable

Attributes = Mapping[str, str | None]

# Where lazy loaders keep the true address, best first. `src` then holds a blur or nothing.
_LAZY_SRC = ("data-src", "data-lazy-src", "data-original", "data-original-src", "data-hi-res-src", "data-full-src")
_LAZY_SRCSET = ("data-srcset", "data-lazy-srcset", "data-original-set")
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|transparent|lazy|loading|grey|gray|1x1|empty|dummy|trans)"
    r"(?:[._-][\w.-]{0,40})?\.(?:gif|png|svg|jpe?g|webp)(?:$|[?#])",
    re.IGNORECASE,
)
# An image service's blurred preview ("/media/ID/v1/fill/w_147,h_83,blur_2/ID"): the picture itself lies above it.
_BLURRED = re.compile(r"\A(?P<picture>[^?#]{1,1500}/media/[^/?#]{1,300})/v1/[a-z]{1,12}/[^/?#]{0,300}blur_[^?#]{0,700}")
_COMMON = frozenset(("image/jpeg", "image/jpg", "image/png", "image/gif"))
_WANTED_WIDTH = 1600  # of several sizes the smallest that is so wide, for readers that know no srcset
_CANDIDATES = 12

# Counters that pages embed as pictures: registrable domains …
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
# … and addresses that say it themselves.
_COUNTER_PATH = re.compile(
    r"(?:[/_.-](?:pixel|beacon|count|counter|clear|cleardot|track|tracker|tracking|impression|1x1|0x0|utm|__utm|zaehlpixel)"
    r"\.(?:gif|png|php|aspx?)$)|^/tr/?$|^/(?:piwik|matomo)\.php$|^/collect$|^/~r/|^/tracker/\d",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.IGNORECASE)
_TINY = re.compile(r"(?:^|[;\s])(?:width|height)\s{0,3}:\s{0,3}[0-2](?:px)?\s{0,3}(?:;|$|!)", re.IGNORECASE)


def sharp(url: str) -> str:
    """The address of a picture in place of its blurred preview; any other address as it is."""
    found = _BLURRED.fullmatch(url.partition("?")[0]) if "blur_" in url else None
    return found["picture"] if found else url


def is_counter(url: str) -> bool:
    """Whether an absolute address is a known counter, not a picture."""
    name = host(url)
    if registrable(name) in _TRACKERS or _COUNTER_HOST.search(name):
        return True
    try:
        path = urlsplit(url).path
    except ValueError:  # "http://[": no address of a picture either
        return False
    return bool(_COUNTER_PATH.search(path[-200:]))


def is_tiny(attributes: Attributes) -> bool:
    """Whether an element's own attributes say that it is at most 2 pixels wide or high."""
    for name in ("width", "height"):
        value = (attributes.get(name) or "").strip().removesuffix("px")
        if value.isdecimal() and int(value[:6]) <= 2:
            return True
    return bool(_TINY.search((attributes.get("style") or "")[:500]))


def is_hidden(attributes: Attributes) -> bool:
    """Whether an element says that it is not shown."""
    return "hidden" in attributes or bool(_HIDDEN.search((attributes.get("style") or "")[:500]))


def true_src(attributes: Attributes, base_url: str) -> str | None:
    """The absolute address of the picture that a reader sees in the end: of a lazy loader the true one."""
    for name in _LAZY_SRC:
        url = _address(attributes.get(name), base_url)
        if url:
            return url
    return _address(attributes.get("src"), base_url)


def true_srcset(attributes: Attributes, base_url: str) -> list[tuple[str, str]]:
    """The candidates of `srcset`, or of the lazy loader's: absolute address and descriptor ("800w", "2x", "")."""
    for name in (*_LAZY_SRCSET, "srcset"):
        value = attributes.get(name)
        if value:
            found = []
            for url, size in candidates(value):
                address = _address(url, base_url)
                if address:
                    found.append((address, size))
            if found:
                return found[:_CANDIDATES]
    return []


def of_sources(sources: Sequence[Attributes], base_url: str) -> list[tuple[str, str]]:
    """The candidates of the one <source> of a <picture> that suits any reader: for all screens, in a common format."""

    def suits(source: Attributes) -> tuple[bool, bool]:
        return bool(source.get("media")), (source.get("type") or "image/jpeg").lower() not in _COMMON

    for source in sorted(sources, key=suits):
        found = true_srcset(source, base_url)
        if found:
            return found
    return []


def candidates(srcset: str) -> list[tuple[str, str]]:
    """`srcset` as (address, descriptor) pairs, by the HTML Standard's steps: commas may be part of an address."""
    found: list[tuple[str, str]] = []
    at, end = 0, min(len(srcset), 20_000)
    while at < end and len(found) < 4 * _CANDIDATES:
        while at < end and (srcset[at].isspace() or srcset[at] == ","):
            at += 1
        start = at
        while at < end and not srcset[at].isspace():
            at += 1
        url, size = srcset[start:at], ""
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            comma = srcset.find(",", at, end)
            comma = end if comma < 0 else comma
            size = srcset[at:comma].strip()
            at = comma + 1
        if url and (not size or (size[-1] in "wx" and size[:-1].replace(".", "", 1).isdecimal())):
            found.append((url, size))
    return found


def best(srcset: list[tuple[str, str]]) -> str | None:
    """The candidate for readers that know no srcset: the smallest of at least 1,600 pixels, else the largest."""
    if not srcset:
        return None

    def order(candidate: tuple[str, str]) -> tuple[bool, float]:
        size = candidate[1]
        width = float(size[:-1]) * (800 if size.endswith("x") else 1) if size else 800.0
        return (True, -width) if width >= _WANTED_WIDTH else (False, width)

    return max(srcset, key=order)[0]


def _address(value: str | None, base_url: str) -> str | None:
    """`value` as an absolute address of a picture, or None for nothing, data: and placeholders."""
    if not value:
        return None
    value = value.strip()
    if not value or len(value) > 2000 or value[:5].lower() == "data:" or _PLACEHOLDER.search(value[-200:]):
        return None
    if "{" in value:  # a template that the loader's script fills in
        return None
    url = join(base_url, value)
    return sharp(url) if url else None
