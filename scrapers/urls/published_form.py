"""The clean form of an address that is given to people."""

from __future__ import annotations

import re

from . import tracking_params
from .parts import END_OF_HOST, WEB, is_tracking, page_fragment, parameter, split, trimmed

# An address without user, port, session, query or fragment is its own clean form, except for redirect pages.
_CLEAN = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!\"$-:<->A-~]*)?")
_REDIRECTING = ("amp", "google")  # in the hosts of those that redirect by their path
_UNSEEN = re.compile("[\x00-\x20\x7f]")


def published_form(url: str) -> str:
    """The address as it is given to people: as published, without user name, tracking parameters, session and fragment.

    Pages that only redirect are unwrapped. What is no web address comes back as it is.
    """
    if _CLEAN.fullmatch(url) and not any(name in url for name in _REDIRECTING):
        return url
    url = whole = trimmed(url)
    for _ in range(8):
        parts = split(url)
        if parts is None:
            return url
        target = parts.leads_to()
        if target is None:
            break
        url = trimmed(target)
    else:
        url = whole  # an endless chain of redirect pages stays as it is
    start, fragment_sign, fragment = without_user(url).partition("#")
    start, query_sign, query = start.partition("?")
    kept = "&".join(field for field in query.split("&") if field and not is_tracking(*parameter(field)))
    start = _without_session(start)
    if query_sign and kept:
        start += "?" + kept
    if fragment_sign and page_fragment(fragment):
        start += "#" + fragment
    return _UNSEEN.sub(lambda found: f"%{ord(found[0]):02X}", start)


def without_user(url: str) -> str:
    """An address without the user name and password before its host, which are private."""
    web = WEB.match(url)
    if web is None or "@" not in url:
        return url
    rest = url[web.end() :]
    end = END_OF_HOST.search(rest)
    authority = rest if end is None else rest[: end.start()]
    return url[: web.end()] + rest[authority.rfind("@") + 1 :]


def _without_session(start: str) -> str:
    """An address (without query) less the `;jsessionid=…` at its end."""
    while True:
        address, semicolon, session = start.rpartition(";")
        if not semicolon or "/" not in address.partition("://")[2] or END_OF_HOST.search(session):
            return start
        if not session.lower().startswith(tracking_params.PATH_SESSIONS):
            return start
        start = address
