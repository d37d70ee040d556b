"""Words as content systems write them: slugs, bylines, dates in English and Spanish."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

_MONTHS = {
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
    "es": "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre",
}
_AND = {"en": "and", "es": "y"}


def slug(text: str) -> str:
    """ "Fútbol y más" → "futbol-y-mas"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def joined(names: tuple[str, ...], language: str) -> str:
    """ "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_AND[language]} {names[-1]}"


def cut(text: str, length: int) -> str:
    """At most `length` characters, cut at a word, with three dots when something was left out."""
    if len(text) <= length:
        return text
    return text[: length - 3].rsplit(" ", 1)[0].rstrip(",;: ") + "..."


def day(moment: datetime, form: str, language: str = "en") -> str:
    """A date for people. Forms: "long" (November 24, 2026; 24 de noviembre de 2026), "short" (Nov 24, 2026),
    "clock" (long, with the time)."""
    month = _MONTHS[language].split(",")[moment.month - 1]
    if language == "es":
        date = f"{moment.day} de {month} de {moment.year}"
        return f"{date}, {moment:%H:%M}" if form == "clock" else date
    if form == "short":
        return f"{month[:3]} {moment.day}, {moment.year}"
    date = f"{month} {moment.day}, {moment.year}"
    hour = moment.hour % 12 or 12
    return f"{date} at {hour}:{moment:%M} {'a.m.' if moment.hour < 12 else 'p.m.'}" if form == "clock" else date


def ago(moment: datetime, now: datetime) -> str:
    """A date as Wix writes it: relative while fresh, without its year in the current one."""
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return "just now"
    for unit, size, most in (("minute", 60, 60), ("hour", 3600, 24), ("day", 86400, 7)):
        if seconds < size * most:
            number = int(seconds // size)
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    short = day(moment, "short")
    return short.split(",")[0] if moment.year == now.year else short
