"""The forms of what the program says of its work in English, by what they are about: `FORMS` has all of them.

A form is a text with placeholders (`%(host)s`). `tests/feeds/test_shown_texts.py` finds the places in the program that
say something without a form.
"""

from __future__ import annotations

from . import fetching, health, installation, names, queries, reading, stories, visits
from .marks import Form, counted, words

FORMS: tuple[Form, ...] = (
    *stories.FORMS,
    *fetching.FORMS,
    *reading.FORMS,
    *visits.FORMS,
    *health.FORMS,
    *installation.FORMS,
    *names.FORMS,
    *queries.FORMS,
)

__all__ = ["FORMS", "Form", "counted", "words"]
