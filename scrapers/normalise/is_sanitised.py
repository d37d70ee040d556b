"""Whether markup is what `sanitise` gives: for a body from a worker or another machine that is not trusted."""

from __future__ import annotations

import re

from .allowed_html import ELEMENTS, GATE

DEPTH = 300  # elements within one another; `sanitise` writes fewer. nh3's time grows with the square of it
_REFERENCE = "&(?:amp|lt|gt|quot|nbsp);"  # those that nh3 writes
_TOKEN = re.compile(
    rf"[^<&]++|{_REFERENCE}|"
    rf'<(/?)([a-z][a-z0-9]{{0,20}}+)(?: [a-z][a-z-]{{0,40}}+(?:="(?:[^"&]++|{_REFERENCE})*+")?+)*+>'
)
_VOID = frozenset(("br", "hr", "img", "source"))


def is_sanitised(html: str) -> bool:
    """Whether a body passes nh3 unchanged. Linear in any input."""
    open_tags: list[str] = []
    at = 0
    while at < len(html):
        token = _TOKEN.match(html, at)
        if token is None:
            return False
        at = token.end()
        name = token[2]
        if name is None or name in _VOID:
            continue
        if name not in ELEMENTS:
            return False
        if not token[1]:
            open_tags.append(name)
            if len(open_tags) > DEPTH:
                return False
        elif not open_tags or open_tags.pop() != name:
            return False
    if open_tags:
        return False
    return GATE.clean(html).replace("&nbsp;", "\xa0") == html.replace("&nbsp;", "\xa0")
