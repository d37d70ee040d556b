"""The time zones and languages of countries, for dates that a page tells in UTC alone or in digits alone."""
# ruff: noqa: E501  (a table)

from __future__ import annotations

_COUNTRIES = {
    "Europe/Berlin": "de", "Europe/Vienna": "at", "Europe/Zurich": "ch li", "Europe/Paris": "fr", "Europe/Rome": "it", "Europe/Madrid": "es",
    "Europe/London": "uk", "Europe/Dublin": "ie", "Europe/Amsterdam": "nl", "Europe/Brussels": "be lu", "Europe/Copenhagen": "dk",
    "Europe/Oslo": "no", "Europe/Stockholm": "se", "Europe/Helsinki": "fi", "Europe/Tallinn": "ee", "Europe/Riga": "lv", "Europe/Vilnius": "lt",
    "Europe/Warsaw": "pl", "Europe/Prague": "cz", "Europe/Bratislava": "sk", "Europe/Budapest": "hu", "Europe/Ljubljana": "si",
    "Europe/Zagreb": "hr", "Europe/Belgrade": "rs me ba mk", "Europe/Sofia": "bg", "Europe/Bucharest": "ro md", "Europe/Athens": "gr cy",
    "Europe/Istanbul": "tr", "Europe/Kyiv": "ua", "Europe/Minsk": "by", "Europe/Moscow": "ru", "Asia/Tbilisi": "ge", "Asia/Yerevan": "am",
    "Asia/Baku": "az", "Asia/Jerusalem": "il", "Africa/Cairo": "eg", "Asia/Riyadh": "sa", "Asia/Dubai": "ae om", "Asia/Baghdad": "iq",
    "Asia/Tehran": "ir", "Asia/Karachi": "pk", "Asia/Kolkata": "in", "Asia/Colombo": "lk", "Asia/Dhaka": "bd", "Asia/Kathmandu": "np",
    "Asia/Bangkok": "th", "Asia/Ho_Chi_Minh": "vn", "Asia/Singapore": "sg my", "Asia/Manila": "ph", "Asia/Hong_Kong": "hk", "Asia/Taipei": "tw",
    "Asia/Shanghai": "cn", "Asia/Seoul": "kr", "Asia/Tokyo": "jp", "Pacific/Auckland": "nz", "Africa/Johannesburg": "za", "Africa/Nairobi": "ke",
    "Africa/Lagos": "ng", "America/Argentina/Buenos_Aires": "ar", "America/Bogota": "co", "America/Lima": "pe", "America/Caracas": "ve",
    "America/Montevideo": "uy",
}  # fmt: skip
_LANGUAGES = {
    "de": "de", "fr": "fr", "it": "it", "nl": "nl", "da": "dk", "no": "no", "nb": "no", "nn": "no", "sv": "se", "fi": "fi", "et": "ee",
    "lv": "lv", "lt": "lt", "pl": "pl", "cs": "cz", "sk": "sk", "hu": "hu", "sl": "si", "hr": "hr", "bg": "bg", "ro": "ro", "el": "gr",
    "tr": "tr", "uk": "ua", "he": "il", "fa": "ir", "th": "th", "vi": "vn", "ja": "jp", "ko": "kr",
}  # fmt: skip
_SPOKEN = {
    "de": "de at", "fr": "fr", "it": "it", "nl": "nl", "da": "dk", "no": "no", "sv": "se", "fi": "fi", "et": "ee", "lv": "lv",
    "lt": "lt", "pl": "pl", "cs": "cz", "sk": "sk", "hu": "hu", "sl": "si", "hr": "hr", "sr": "rs", "bg": "bg", "ro": "ro md", "el": "gr cy",
    "tr": "tr", "uk": "ua", "ru": "ru", "he": "il", "fa": "ir", "th": "th", "vi": "vn", "id": "id", "ja": "jp", "ko": "kr", "zh": "cn tw",
    "pt": "br pt", "es": "es mx ar cl pe uy ve ec bo py cr",
}  # fmt: skip
_LANGUAGE = {country: language for language, countries in _SPOKEN.items() for country in countries.split()}
_ZONES = {country: zone for zone, countries in _COUNTRIES.items() for country in countries.split()}


def zone_of_place(host: str, language: str | None) -> str | None:
    """The zone of the country of an address, else of the one country where most of a language's papers are."""
    zone = _ZONES.get(host.rpartition(".")[2].lower())
    if zone is not None or not language:
        return zone
    own, _, region = language.lower().partition("-")
    return _ZONES.get({"gb": "uk"}.get(region, region)) or (_ZONES[_LANGUAGES[own]] if own in _LANGUAGES else None)


def language_of_place(host: str) -> str | None:
    """The language in which the country of an address writes its dates; None for one of several, or none."""
    return _LANGUAGE.get(host.rpartition(".")[2].lower())
