"""The templates of the desk, in the language of whoever looks and in the zone of the installation."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from babel.dates import format_timedelta
from jinja2 import Environment

from ....messages import PageLocale, engine_words
from ....render.templating import environment

FOLDER = Path(__file__).parent / "templates"


@lru_cache(64)
def templates(locale: PageLocale) -> Environment:
    """The templates for readers of a language, with `|ago(now)`, `|field` and `said(text)` besides."""
    made = environment(FOLDER, locale)
    made.filters["ago"] = partial(ago, language=locale.language)
    made.globals["said"] = partial(engine_words.said, language=locale.language)
    made.filters["field"] = partial(engine_words.field, language=locale.language)
    return made


def ago(when: datetime, now: datetime, language: str) -> str:
    """How long ago a moment is, or how long from now: "3 hours ago"."""
    return format_timedelta(when - now, add_direction=True, threshold=1.1, locale=language)
