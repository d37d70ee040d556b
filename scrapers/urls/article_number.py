"""The number that a site keeps in an article's address when the words beside it change."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

LEAST = 6  # digits

_UUID = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])|(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])"
)
_NUMBER = re.compile(rf"(?<!\d)\d{{{LEAST},18}}(?!\d)")
_ENDING = re.compile(r"\.(?:html?|php|aspx?|shtml|jsp|ece|story|amp)$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def article_number(url: str) -> str | None:
    """The long number or UUID at the end of an address that has words beside it; None where there is none.

    At the end: it ends the path, or stands alone before or begins its last part. Dates and times are no numbers of
    articles, nor is a number without words: where nothing else is in the address, nothing of it can change.
    """
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        return None
    parts = [part for part in path[:2000].split("/") if part]
    if not parts:
        return None
    parts[-1] = _ENDING.sub("", parts[-1])
    last = parts[-1]
    found = [match[0] for match in _UUID.finditer(last) if match.end() == len(last) or match.start() == 0]
    if not found:
        found = [match[0] for match in _NUMBER.finditer(last) if match.end() == len(last)]
    if not found and len(parts) > 1 and _WORD.search(last):
        before = _NUMBER.search(parts[-2])
        if (
            before is not None
            and before.end() == len(parts[-2])
            and not _WORD.search(parts[-2].removeprefix("article"))
        ):
            found = [before[0]]
    if not found and (begins := _NUMBER.match(last)) is not None and _WORD.search(last):
        found = [begins[0]]
    if not found or _is_time(found[-1]) or not _WORD.search(path.replace(found[-1], "")):
        return None
    return found[-1]


def _is_time(number: str) -> bool:
    """Whether a number can be a date (201231, 20201231), or a date followed by a time."""
    for form, digits in (
        ("%Y%m%d%H%M%S", 14),
        ("%Y%m%d%H%M", 12),
        ("%Y%m%d", 8),
        ("%Y%m", 6),
        ("%y%m%d", 6),
        ("%d%m%Y", 8),
    ):
        if len(number) == digits:
            try:
                when = datetime.strptime(number, form)  # noqa: DTZ007 only whether there is such a day
            except ValueError:
                continue
            if 1990 <= when.year <= 2069:
                return True
    return False
