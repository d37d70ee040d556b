"""In which order a language writes day, month and year in digits."""

from __future__ import annotations

from typing import Literal

Order = Literal["dmy", "mdy", "ymd"]

_YEAR_FIRST = frozenset(("zh", "ja", "ko", "hu", "lt", "mn", "eu", "fa", "si", "ne", "dz"))
_MONTH_FIRST = frozenset(
    ("en", "en-us", "en-ph", "en-pr", "en-gu", "en-um", "es-us", "es-pr", "fil", "fil-ph", "tl", "tl-ph", "haw")
)
_DAY_FIRST = frozenset(
    [
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "da",
        "no",
        "nb",
        "nn",
        "sv",
        "is",
        "fi",
        "et",
        "lv",
        "pl",
        "cs",
        "sk",
        "sl",
        "hr",
        "bs",
        "sr",
        "mk",
        "bg",
        "ru",
        "uk",
        "be",
        "ro",
        "el",
        "sq",
        "tr",
        "az",
        "ca",
        "gl",
        "he",
        "iw",
        "ar",
        "ur",
        "hi",
        "mr",
        "bn",
        "ta",
        "te",
        "kn",
        "ml",
        "gu",
        "pa",
        "as",
        "th",
        "vi",
        "id",
        "in",
        "ms",
        "sw",
        "ka",
        "hy",
        "kk",
        "ky",
        "uz",
        "tg",
        "tk",
        "tt",
        "km",
        "lo",
        "my",
        "am",
        "fo",
        "fy",
        "ga",
        "gd",
        "cy",
        "br",
        "mt",
        "lb",
        "rm",
        "ku",
        "ps",
        "ckb",
        "mg",
        "ha",
        "so",
        "yo",
        "ig",
    ]
)
_AMERICAN_ZONES = ("America/", "US/", "Asia/Manila", "Pacific/Honolulu", "Pacific/Guam")


def order_of(language: str, zone_name: str | None) -> Order | None:
    """The order of a language (BCP 47, lower case); the zone of the paper decides where the language has two."""
    own, _, region = language.partition("-")
    if own == "en":
        if language == "en-ca":
            return None  # all three are written there
        if language in _MONTH_FIRST:
            foreign = zone_name and language == "en" and not zone_name.startswith(_AMERICAN_ZONES)
            return "dmy" if foreign else "mdy"
        return "dmy" if region else None
    if language in _MONTH_FIRST:
        return "mdy"
    if own in _YEAR_FIRST:
        return "ymd"
    return "dmy" if own in _DAY_FIRST else None
