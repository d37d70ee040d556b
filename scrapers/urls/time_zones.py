"""The time zone that a site most likely writes its times in, by the country of its address or its language.

Countries with several zones are left out unless one of them holds nearly all papers; so are domains of countries that
are sold to everybody (.co, .io, .me, .tv), and languages that are written in several zones.
"""

from __future__ import annotations

from contextlib import suppress
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_COUNTRIES = """
    al Europe/Tirane  am Asia/Yerevan  ar America/Argentina/Buenos_Aires  at Europe/Vienna  az Asia/Baku
    ba Europe/Sarajevo  bd Asia/Dhaka  be Europe/Brussels  bg Europe/Sofia  bo America/La_Paz  br America/Sao_Paulo
    by Europe/Minsk  ch Europe/Zurich  cl America/Santiago  cn Asia/Shanghai  cr America/Costa_Rica  cu America/Havana
    cy Asia/Nicosia  cz Europe/Prague  de Europe/Berlin  dk Europe/Copenhagen  do America/Santo_Domingo
    dz Africa/Algiers  ee Europe/Tallinn  eg Africa/Cairo  es Europe/Madrid  et Africa/Addis_Ababa  fi Europe/Helsinki
    fo Atlantic/Faroe  fr Europe/Paris  ge Asia/Tbilisi  gh Africa/Accra  gr Europe/Athens  gt America/Guatemala
    hk Asia/Hong_Kong  hn America/Tegucigalpa  hr Europe/Zagreb  hu Europe/Budapest  id Asia/Jakarta  ie Europe/Dublin
    il Asia/Jerusalem  in Asia/Kolkata  iq Asia/Baghdad  ir Asia/Tehran  is Atlantic/Reykjavik  it Europe/Rome
    jo Asia/Amman  jp Asia/Tokyo  ke Africa/Nairobi  kh Asia/Phnom_Penh  kr Asia/Seoul  kw Asia/Kuwait  lb Asia/Beirut
    li Europe/Vaduz  lk Asia/Colombo  lt Europe/Vilnius  lu Europe/Luxembourg  lv Europe/Riga  ma Africa/Casablanca
    mk Europe/Skopje  mm Asia/Yangon  mt Europe/Malta  mx America/Mexico_City  my Asia/Kuala_Lumpur  ng Africa/Lagos
    ni America/Managua  nl Europe/Amsterdam  no Europe/Oslo  np Asia/Kathmandu  nz Pacific/Auckland  pa America/Panama
    pe America/Lima  ph Asia/Manila  pk Asia/Karachi  pl Europe/Warsaw  pt Europe/Lisbon  py America/Asuncion
    qa Asia/Qatar  ro Europe/Bucharest  rs Europe/Belgrade  ru Europe/Moscow  sa Asia/Riyadh  se Europe/Stockholm
    sg Asia/Singapore  si Europe/Ljubljana  sk Europe/Bratislava  sv America/El_Salvador  th Asia/Bangkok
    tn Africa/Tunis  tr Europe/Istanbul  tw Asia/Taipei  tz Africa/Dar_es_Salaam  ua Europe/Kyiv  ug Africa/Kampala
    uk Europe/London  uy America/Montevideo  uz Asia/Tashkent  ve America/Caracas  vn Asia/Ho_Chi_Minh
    za Africa/Johannesburg  zw Africa/Harare
"""
_LANGUAGES = """
    bg Europe/Sofia  cs Europe/Prague  da Europe/Copenhagen  de Europe/Berlin  el Europe/Athens  et Europe/Tallinn
    fi Europe/Helsinki  he Asia/Jerusalem  hr Europe/Zagreb  hu Europe/Budapest  hy Asia/Yerevan  is Atlantic/Reykjavik
    it Europe/Rome  ja Asia/Tokyo  ka Asia/Tbilisi  ko Asia/Seoul  lt Europe/Vilnius  lv Europe/Riga  mk Europe/Skopje
    nb Europe/Oslo  nl Europe/Amsterdam  no Europe/Oslo  pl Europe/Warsaw  sk Europe/Bratislava  sl Europe/Ljubljana
    sr Europe/Belgrade  sv Europe/Stockholm  th Asia/Bangkok  tr Europe/Istanbul  uk Europe/Kyiv  vi Asia/Ho_Chi_Minh
"""


def _table(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_BY_COUNTRY, _BY_LANGUAGE = _table(_COUNTRIES), _table(_LANGUAGES)


def time_zone_of(host: str, language: str | None) -> str | None:
    """The zone (IANA) of a site with this host and language (BCP 47); None where neither tells one.

    None also where this system has no database of zones, or an old one.
    """
    country = host.rstrip(".").rpartition(".")[2].casefold()
    zone = _BY_COUNTRY.get(country)
    if zone is None and len(country) != 2:  # else of another country, or sold to everybody
        zone = _BY_LANGUAGE.get((language or "").partition("-")[0].casefold())
    return zone if zone is not None and _is_known(zone) else None


def _is_known(zone: str) -> bool:
    with suppress(ZoneInfoNotFoundError):
        ZoneInfo(zone)
        return True
    return False
