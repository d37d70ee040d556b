"""Our own words in documents and pages, in the languages of their readers: gettext catalogues, read with Babel.

`locale/LANGUAGE/*.po` hold the catalogues, a file for each part of the program. `translate` marks a text in Python, `_`
in a template. A test finds every text that one of the languages lacks.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from importlib.resources import files

ENGLISH = "en"  # in which the texts are written
LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "pt", "uk")  # besides English
_LONGEST = 500  # characters of an Accept-Language that are worth interpreting


@dataclass(frozen=True, slots=True)
class PageLocale:
    """The language of a page's words and the zone of its times (a name of the IANA database)."""

    language: str = ENGLISH
    timezone: str = "UTC"


UTC_ENGLISH = PageLocale()


def translate(message: str, language: str | None) -> str:
    """`message` in a language (BCP 47; its primary subtag counts); in English where there is no catalogue."""
    return catalogue(language).gettext(message)


def translate_count(one: str, many: str, count: int, language: str | None) -> str:
    """The form of a message that goes with a number: `one` or `many` in English, as many forms as others have."""
    return catalogue(language).ngettext(one, many, count)


def choose_language(accept: str | None, default: str = ENGLISH) -> str:
    """The available language that an Accept-Language prefers (RFC 9110 §12.5.4, RFC 4647 §3.4); else `default`.

    Among those that it likes equally the first counts. What cannot be read is skipped.
    """
    liked: list[tuple[float, str]] = []
    for part in (accept or "")[:_LONGEST].split(","):
        tag, *parameters = (word.strip().lower() for word in part.split(";"))
        language = tag.partition("-")[0]
        weight = _weight(parameters)
        if weight > 0 and (language in LANGUAGES or language == ENGLISH):
            liked.append((-weight, language))
    return min(liked, key=lambda one: one[0])[1] if liked else default


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            right = len(value) <= 5 and value.isascii() and value.replace(".", "", 1).isdigit()
            return min(float(value), 1.0) if right else 0.0
    return 1.0


def catalogue(language: str | None) -> NullTranslations:
    """The translations of a language, as the gettext module has them; for any other language the English texts."""
    primary = (language or "").lower().partition("-")[0]
    return _catalogue(primary if primary in LANGUAGES else ENGLISH)


@lru_cache(len(LANGUAGES) + 1)
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # imported on first use: slow, and most commands write no document
    from babel.messages.pofile import read_po
    from babel.support import Translations

    found: Translations | None = None
    folder = files(__package__) / "locale" / language
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        packed = io.BytesIO()
        with entry.open("rb") as file:
            write_mo(packed, read_po(file, locale=language))
        packed.seek(0)
        part = Translations(packed)
        found = part if found is None else found.merge(part)
    return found or NullTranslations()
