"""Restrictions on copies of a page: from `X-Robots-Tag` and `<meta name="robots">`.

Pure. Which of it means what for a feed is decided in `feeds/compose/rights.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

META_NAMES = ("robots", "copydesk")  # of the <meta> elements: for everyone, and for us
_PLAIN = frozenset({"noarchive", "nocache", "nosnippet", "noindex", "none", "noai", "noimageai"})
_LONGEST = 500  # characters of one list


def restrictions(lists: Iterable[str]) -> tuple[str, ...]:
    """The directives that restrict something, in lower case, each once: `noarchive`, `max-snippet:50` …

    `lists` are contents of <meta> or directives of the header; `index`, `max-snippet:-1` and the like restrict nothing
    and are left out, as are unknown words.
    """
    found: list[str] = []
    for one in lists:
        for part in one[:_LONGEST].lower().split(","):
            name, colon, value = (piece.strip() for piece in part.partition(":"))
            if not colon and name in _PLAIN:
                found.append(name)
            elif name == "max-snippet" and value.isascii() and value.isdigit() and len(value) <= 6:
                found.append(f"{name}:{int(value)}")
            elif (name, value) == ("max-image-preview", "none"):
                found.append(f"{name}:{value}")
    return tuple(dict.fromkeys(found))
