"""The templates of the desk, in the language of whoever looks and in the zone of the installation."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from babel.dates import format_timedelta
from jinja2 import Environment

from ....identity.revisions import in_language
from ....messages import PageLocale, engine_words, times
from ....render.templating import environment

FOLDER = Path(__file__).parent / "templates"


@lru_cache(64)
def templates(locale: PageLocale) -> Environment:
    """The templates for readers of a language, with filters and functions for values of the desk besides."""
    made = environment(FOLDER, locale)
    made.filters["ago"] = partial(ago, language=locale.language)
    made.globals["said"] = partial(engine_words.said, language=locale.language)
    made.globals["about"] = partial(engine_words.about, language=locale.language)
    made.globals["changed"] = partial(changed, language=locale.language)
    made.filters["length_of_time"] = partial(engine_words.length, language=locale.language)
    made.filters["decimal"] = partial(times.decimal, language=locale.language)
    made.filters["size"] = partial(times.size, language=locale.language)
    made.filters["field"] = partial(engine_words.field, language=locale.language)
    return made


def ago(when: datetime, now: datetime, language: str) -> str:
    """How long ago a moment is, or how long from now: "3 hours ago"."""
    return format_timedelta(when - now, add_direction=True, threshold=1.1, locale=language)


def changed(note: str, language: str) -> str:
    """What a revision changed: a note of a public change, or any other explanation."""
    told = in_language(note, language)
    return told if told != note else engine_words.said(note, language)
