"""Addresses in a body: absolute, in ASCII, without tracking parameters, never of a scheme that runs code."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from ..page.text import clean
from ..urls.published_form import published_form
from ..urls.site import join

LONGEST = 2000  # characters of an address

_HOST = re.compile(r"(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
_PLAIN = re.compile(r"https?://[\w.-]{1,253}(?:[/?][!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*)?", re.ASCII)
_ODD_IN_URL = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_MAIL = re.compile(
    r"mailto:[^\s<>\"?@]{1,100}@[^\s<>\"]{1,200}", re.IGNORECASE
)  # mailto:?subject=… is a button to share


class Links:
    """The addresses of one page."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.own_host = urlsplit(base_url).netloc if base_url.startswith("https://") else None

    def link(self, href: str | None) -> str | None:
        """`href` as it is published: absolute, without tracking parameters; None when it leads nowhere."""
        if not href:
            return None
        href = href.strip()
        if _MAIL.fullmatch(href):
            return _ODD_IN_URL.sub(lambda odd: quote(odd[0]), clean(href))
        url = join(self.base_url, href) if len(href) <= 4000 else None
        if url is None:
            return None
        fragment = urlsplit(href).fragment if "#" in href else ""
        return self.spelled(
            published_form(url) + (f"#{fragment}" if fragment and not fragment.startswith("xtor") else "")
        )

    def cited(self, cite: str | None) -> str:
        """The address of a quotation's source; empty for none."""
        url = self.link(cite) or ""
        return "" if url.lower().startswith("mailto:") else url

    def file(self, url: str | None) -> str | None:
        """The address of a picture, video or audio, as it is but absolute."""
        return self.spelled(join(self.base_url, url)) if url else None

    def spelled(self, url: str | None) -> str | None:
        """`url` in ASCII, quoted where it must be, and by https where it leads to the page's own secure host.

        None for no address, and for one longer than `link` accepts, so that sanitising stays idempotent.
        """
        if not url:
            return None
        if _PLAIN.fullmatch(url) and len(url) <= LONGEST and not (self.own_host and url.startswith("http://")):
            return url
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
        if not netloc.isascii():
            try:
                netloc = netloc.encode("idna").decode("ascii")
            except UnicodeError:
                return None
        if not _HOST.fullmatch(netloc):
            return None
        if netloc != parts.netloc:
            url = parts._replace(netloc=netloc).geturl()
        url = _ODD_IN_URL.sub(lambda odd: quote(odd[0].encode("utf-8", "ignore")), url)
        if netloc == self.own_host and url.startswith("http://"):
            url = "https://" + url.removeprefix("http://")
        return url if len(url) <= LONGEST else None
