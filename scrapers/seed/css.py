"""CSS selectors that people write into seeds: checked when the seed is loaded, not when a page is read."""

from __future__ import annotations

import re

MAX_LENGTH = 500  # characters of a selector

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_AROUND_HAS = re.compile(r":has\(")
_PROBE = "<html><body><div class=a><p id=b>text</p></div></body></html>"


def mistake(selector: str) -> str | None:
    """What is wrong with a selector, in words; None when it can be used."""
    if not selector.strip():
        return "is empty"
    if len(selector) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} characters"
    bare = _QUOTED.sub("", selector)
    if "'" in bare or '"' in bare:
        return f"{selector!r} has a quotation mark that is not closed"
    for opened, closed in (("[", "]"), ("(", ")")):
        if bare.count(opened) != bare.count(closed):
            return f"{selector!r} has a {opened} without its {closed}"
    for part in bare.split(","):
        # Descendants on both sides of :has() take minutes on a deep page.
        place = _AROUND_HAS.search(part)
        if (
            place
            and " " in part[: place.start()].strip()
            and (" " in part[place.end() :].strip() or part.count(":has(") > 1)
        ):
            return f"{selector!r} has descendants around :has(), which can take minutes; use > or a class instead"
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # most seeds have no selector

    try:
        LexborHTMLParser(_PROBE).css(selector)
    except SelectolaxError:
        return f"{selector!r} is no CSS selector that can be used here"
    return None
