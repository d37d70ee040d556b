"""The shape of an address: the kind of each of its parts, without the words.

Articles of one site share a few shapes (`/w/N4/N2/slug`, `/post/slug`, `/w?p=N`); sections, tags and authors have
others. The shape of a proven article is what the store remembers of a source; it holds across redesigns.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

# Words in paths that lead to lists, people, forms and shops, in the languages that news sites use most. A prior only.
_LISTS = """
    author authors autor autore autores auteur autoren category categories categoria categorias categorie kategorie
    kategorien tag tags schlagwort schlagworte stichwort etiqueta etiquetas topic topics thema themen tema temas sujet
    section sections rubrik rubriken ressort seccion secciones channel channels kanal label labels archive archives
    archiv archivo archivio page pages seite pagina search suche buscar recherche cerca profile profiles profil profiles
    user users member members people person personen hashtag hashtags series serie serien dossier collection
    collections tagged writer writers contributor contributors journalist redaktion staff feed rss atom
"""
LISTS = frozenset(_LISTS.split())
_SERVICES = """
    about about-us abo abos abonnement subscribe subscription subscriptions login logout signin sign-in signup sign-up
    register registrieren anmelden account konto contact contacto contatti kontakt impressum imprint privacy
    privacy-policy datenschutz agb terms terms-of-service
    terms-of-use cookie cookies cookie-policy legal advertise
    advertising mediadaten jobs careers karriere stellenangebote newsletter newsletters help hilfe faq
    support shop store
    cart warenkorb checkout donate spenden press presse sitemap epaper e-paper apps app podcast podcasts video videos
    mediathek livestream tv radio games spiele quiz horoskop horoscope wetter weather tvprogramm lottery wp-admin
    wp-content wp-login.php wp-json xmlrpc.php cdn-cgi gallery galleries galerie fotostrecke share print events
    veranstaltungen termine calendar kalender forum forums community
    services service gutscheine gutschein coupons deals
    redirect out click
"""
SERVICES = frozenset(_SERVICES.split())
_ARTICLES = """
    post posts article articles artikel articulo articulos articolo news story stories noticia noticias nachricht
    nachrichten meldung beitrag actualite actualites blog blogs p a content id node detail read view
"""
ARTICLES = frozenset(_ARTICLES.split())
_SURE_LISTS = """
    author authors autor autore autores auteur autoren category categories categoria categorias categorie kategorie
    kategorien tag tags schlagwort schlagworte stichwort etiqueta etiquetas label labels search suche buscar recherche
    cerca profile profiles profil profiles user users hashtag hashtags tagged page pages
"""
SURE_LISTS = frozenset(_SURE_LISTS.split())  # those that no story's address contains
_KEPT = LISTS | SERVICES | ARTICLES
_EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cms|ece|amp|do|story)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_NUMBER_AT_END = re.compile(r"(?:^|[-_.,/])(?:[a-z]{0,3})(\d{3,})$", re.IGNORECASE)
_HEX = re.compile(r"(?=[a-z]{0,40}\d)[0-9a-f]{8,40}", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(r"(?=[A-Za-z_]{0,40}\d)[A-Za-z0-9_]{6,40}")
_HEX_TAIL = re.compile(r"[-_.](?=[a-z]{0,40}\d)[0-9a-f]{6,40}$", re.IGNORECASE)


_MEDIA = (
    "jpe?g|jfif|png|gif|webp|avif|svgz?|ico|bmp|tiff?|heic|heif|jxl|jp2|psd|eps|mp3|m4a|m4b|ogg|oga|opus|wav|flac|aac|wma|aiff?|mid|"
    "mp4|m4v|webm|mov|avi|mkv|wmv|flv|mpe?g|3gp|ogv|m3u8?|pls"
)
_DOCUMENTS = "pdf|epub|mobi|azw3?|djvu|docx?|xlsx?|pptx?|ppsx?|odt|ods|odp|rtf|csv"
_FILE = re.compile(
    rf"/[^/]{{0,300}}\.(?:{_MEDIA}|{_DOCUMENTS}|xml|xsl|rss|atom|rdf|opml|ics|vcf|gpx|kml|kmz|srt|vtt|"
    r"gz|tgz|bz2|xz|zip|rar|7z|tar|dmg|exe|msi|deb|rpm|apk|ipa|iso|torrent|css|js|mjs|json|map|woff2?|ttf|otf|eot)(?:;[^/]{0,80})?(?:%20|/)?$",
    re.IGNORECASE,
)
_ASKED_FILE = re.compile(
    rf"(?:^|&)(?:file|file_?name|datei|download|doc|document|img|image|photo|src|url)=[^&]{{0,300}}\.(?:{_MEDIA}|{_DOCUMENTS})(?:&|$)",
    re.IGNORECASE,
)
_FEED = re.compile(r"(?:^|&)(?:feed|format|alt|type)=(?:rss2?|atom|rdf|feed)\b", re.IGNORECASE)


def path_of(url: str) -> str:
    """The path of an address as it is compared: decoded, lower case, without extension, index page and last slash."""
    path = _INDEX.sub("/", unquote(urlsplit(url).path))
    return _EXTENSION.sub("", path).rstrip("/").lower()


def key_of(url: str) -> str:
    """The key by which addresses in data and markup are the same: host without www., path without extension, query."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{path_of(url)}{'?' + parts.query if parts.query else ''}"


ENDS = LISTS | SERVICES  # words that never are the whole name of a story


def is_file(url: str) -> bool:
    """Whether an address names a picture, a film, a feed or another file that is no page."""
    path, _, query = url.partition("#")[0].partition("?")
    return bool(_FILE.search(path)) or bool(query and (_FEED.search(query) or _ASKED_FILE.search(query)))


def may_be_story(url: str) -> bool:
    """Whether an address by itself may be a story's: no front page, list, tag, author or service."""
    if is_file(url):
        return False
    form = shape(url)
    kinds = form.partition("?")[0].partition(".")[0].split("/")
    if "?" in form:
        return True
    return form != "/" and kinds[-1] not in ENDS and not SURE_LISTS.intersection(kinds)


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """The shape of an address, such as `/w/N4/N2/slug` or `/?p=N`; equal for all articles of one kind.

    `N4` a year, `N2` a month or day, `N` a number, `id` a code, `slug` a title in words, `slug-N` one with a number,
    `duo` two or three words, `w` one word; words that name lists, services or articles stay as they are.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path, extension = _INDEX.sub("/", unquote(parts.path)), ""
    if found := _EXTENSION.search(path):
        path, extension = path[: found.start()], found[0].lower()
    kinds = [segment_kind(segment) for segment in path.split("/") if segment][:8]
    values = dict(parse_qsl(parts.query)) if parts.query else {}
    query = sorted(name for name in values if not is_tracking(name))[:4]
    asked = "&".join(f"{name[:20]}={'N' if values.get(name, '').isdecimal() else 's'}" for name in query)
    return "/" + "/".join(kinds) + extension + (f"?{asked}" if asked else "")


def is_tracking(name: str) -> bool:
    """Whether a query parameter says where a click came from, not what is asked for."""
    return bool(
        re.match(r"utm_|fbclid|gclid|ref$|ref_|wt_|xtor|at_|icid|cmp$|source$|src$|from$|ftag", name, re.IGNORECASE)
    )


def _number_kind(digits: str) -> str:
    """A year, a month or day, a date, or any other number."""
    if len(digits) == 4 and "1990" <= digits <= "2099":
        return "N4"
    if len(digits) <= 2 and digits.isascii():
        return "N2"
    return "N8" if len(digits) == 8 and digits.startswith(("19", "20")) else "N"


@lru_cache(maxsize=8192)
def segment_kind(segment: str) -> str:
    """What kind of thing one part of a path is."""
    low = segment.lower()
    if low in _KEPT:
        return low
    if segment.isdecimal():
        return _number_kind(segment)
    if _UUID.search(segment) and len(segment) < 45:
        return "id"
    if _HEX.fullmatch(segment):
        return "id"
    words = [w for w in re.split(r"[-_.,+\s:]+", segment) if w]
    tail = ""
    if _NUMBER_AT_END.search(segment) or (words and words[-1].isdecimal() and len(words[-1]) >= 3):
        tail = "-N"
    elif _HEX_TAIL.search(segment):
        tail = "-id"
    letters = [w for w in words if not w.isdecimal()]
    if len(letters) >= 4 or (not segment.isascii() and len(segment) >= 8 and len(segment.encode()) >= 20):
        return "slug" + tail
    if len(letters) >= 2:
        return "duo" + tail
    if tail:
        return "w" + tail
    if _CODE.fullmatch(segment):
        return "id"
    return "w"
