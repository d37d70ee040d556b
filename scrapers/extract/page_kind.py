"""Whether a page that came is the story at all, or a consent wall, a login, a challenge, an error page, an empty shell.

Structure speaks first: how much text there is and what it consists of, forms that ask for a password, scripts of
challenges, an empty container. Words only name what the structure shows, and none of them is enough: an article about
cookies has a date, a length, and paragraphs that are about something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .lexicon import page_words as words

SHORT = 1500  # characters of text from which a page is too long to be a wall
EMPTY = 120  # characters below which a page shows nothing
STEMS = 4  # different words of consent dialogs
SURE = 0.8  # share of consent in a page that tells a date
MOST = 0.6  # share of the text in paragraphs about consent or subscriptions
OFFERED = 2500  # characters of an offer to subscribe
NODES = 300  # elements whose text is measured
BUTTONS = 40  # whose words are looked at
BUTTON = 60  # characters of a button
BRIEF = 600  # characters of a body from which a page is no notice of any kind
TINY = 250  # … up to which a heading may say more than what kind of notice it is
HEADING = 200  # characters of a heading or title that are looked at

CONSENT = "a consent wall"
LOGIN = "a login"
CHALLENGE = "a challenge for browsers"
MISSING = "an error page"
MAINTENANCE = "a notice of maintenance"
PARKED = "a parked domain"
SHELL = "an app's empty shell"
SUBSCRIBE = "an offer to subscribe"

_TEXTS = frozenset(
    ("p", "li", "td", "dd", "blockquote", "h1", "h2", "h3", "h4", "button", "label", "pre", "figcaption")
)
_CHALLENGES = (
    "#challenge-form, #challenge-running, #cf-challenge-running, #px-captcha, #sec-if-cpt-container, .cf-turnstile,"
    " script[src*='/cdn-cgi/challenge-platform/h/'], script[src*='captcha-delivery'], iframe[src*='captcha'],"
    " script[src*='awswaf'], form[action*='captcha']"
)
_ROOTS = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #main-app, #svelte, #q-app, #react-root, app-root, [data-reactroot],"
    " [ng-app], [data-server-rendered]"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What of a page's structure is known before its body is cut out."""

    length: int = 0  # characters of text in it, at least
    headings: tuple[str, ...] = ()  # folded: the title, and the largest headings
    passwords: int = 0
    challenge: bool = False
    scripts: int = 0
    root: bool = False  # it has the container of an app
    login_path: bool = False
    text: str = ""  # folded, its beginning


def marks(tree: LexborHTMLParser, url: str, title: str, *, dated: bool) -> Marks:
    """The marks of a page. `dated`: its head or markup tells a date of publication.

    Of a long page only a lower bound of the length is given.
    """
    enough = EMPTY if dated else SHORT
    found: list[str] = []
    length = 0
    for node in islice(_texts(tree), NODES):
        text = " ".join(node.text(deep=True)[: 4 * SHORT].split())
        length += len(text)
        found.append(text)
        if length >= enough:
            return Marks(length=length)
    try:
        path = urlsplit(url).path.casefold()
    except ValueError:
        path = ""
    heads = [title, *(node.text() for node in tree.css("h1")[:3]), *(node.text() for node in tree.css("h2")[:1])]
    return Marks(
        length=length,
        headings=tuple(" ".join(head.split()).casefold()[:HEADING] for head in heads),
        passwords=len(tree.css("input[type=password]")[:5]),
        challenge=bool(tree.css(_CHALLENGES)[:1]),
        scripts=len(tree.css("script")[:50]),
        root=bool(tree.css(_ROOTS)[:1]),
        login_path=any(part in _LOGIN_PATHS for part in path.strip("/").split("/")),
        text=" ".join(found).casefold()[: 2 * SHORT],
    )


def _texts(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """The elements that hold text, in order."""
    if tree.body is not None:
        yield from (node for node in tree.body.traverse() if node.tag in _TEXTS)


def _buttons(tree: LexborHTMLParser) -> tuple[bool, tuple[str, ...]]:
    """Whether a page has buttons, and what the first of them say, links that look like buttons among them."""
    nodes = tree.css("button, [role=button], input[type=submit], a[class*=btn], a[class*=button]")
    real = any(node.tag != "a" or node.attributes.get("role") == "button" for node in nodes)
    return real, tuple([node.attributes.get("value") or node.text()[:BUTTON] for node in nodes[:BUTTONS]])


def _can_accept(pressed: Sequence[str]) -> bool:
    """Whether a button says "Accept" or the like."""
    return any(len(text) < BUTTON and words.ACCEPT.are_in(text.casefold()) for text in pressed)


_LOGIN_PATHS = frozenset(
    ["login", "signin", "sign-in", "log-in", "sso", "auth", "authorize", "anmelden", "einloggen", "connexion"]
)


def page_kind(
    marks: Marks, paragraphs: Sequence[str], *, dated: bool, shown: bool, again: Callable[[], LexborHTMLParser]
) -> str | None:
    """What a page is instead of a story; None for a story. `paragraphs` are its body as it was found.

    `dated`: its head or data tells a date of publication; `shown`: a date is seen beside its headline. `again` parses
    the page once more: the body finder has used up its tree, and few pages are asked for their buttons.
    """
    length = sum(map(len, paragraphs))
    if _is_shell(marks, length):
        return SHELL
    if _is_consent(paragraphs, length, again, dated=dated):
        return CONSENT
    if not dated and marks.length < SHORT and length < SHORT:
        kind = _short_kind(marks, length, shown=shown)
        if kind is not None:
            return kind
    return SUBSCRIBE if _is_offer(paragraphs, length, dated=dated or shown) else None


def _short_kind(marks: Marks, length: int, *, shown: bool) -> str | None:
    """What a short page without a date in its head is, by its heading and what it asks for."""
    heading = " | ".join(marks.headings)
    if marks.challenge and marks.length < SHORT / 2:
        return CHALLENGE
    asks = marks.passwords and (marks.login_path or words.LOGIN.search(heading) or length < EMPTY)
    if asks or (marks.login_path and words.LOGIN.search(f"{heading} | {marks.text}")):
        return LOGIN
    if shown or length > BRIEF:
        return None
    for kind, pattern in _BY_HEADING:
        if any(_is_about(pattern, one, tiny=length < TINY) for one in marks.headings):
            return kind
    brief = marks.length < SHORT / 3
    return next((kind for kind, pattern in _BY_TEXT if brief and pattern.search(marks.text)), None)


_BY_HEADING = (
    (CHALLENGE, words.CHALLENGE),
    (MISSING, words.MISSING),
    (MAINTENANCE, words.MAINTENANCE),
    (PARKED, words.PARKED),
)
_BY_TEXT = ((PARKED, words.PARKED), (CHALLENGE, words.BOT), (MISSING, words.GONE))


def _is_about(pattern: re.Pattern[str], heading: str, *, tiny: bool) -> bool:
    """Whether a heading says such a thing and little more: not "The page not found in the archive of Vik"."""
    return any(tiny or 2 * len(found[0]) >= len(heading) for found in pattern.finditer(heading))


def _is_shell(marks: Marks, length: int) -> bool:
    """Next to no text, and scripts that would bring it."""
    if marks.length >= EMPTY or length >= EMPTY or not marks.scripts:
        return False
    return marks.root or marks.scripts > 1 or not (marks.length or length)


def _is_consent(paragraphs: Sequence[str], length: int, again: Callable[[], LexborHTMLParser], *, dated: bool) -> bool:
    """Most of the text is about consent, in several of its words, and there is something to press."""
    if length > 3 * SHORT or (dated and length >= SHORT):
        return False
    share, stems = _share(words.CONSENT, paragraphs)
    if share < (SURE if dated else MOST):
        return False
    tree = again()
    for style in tree.tags("style"):  # it may stand in a button
        style.decompose()
    buttons, pressed = _buttons(tree)
    if not buttons:
        return False
    fewer = 1 if _can_accept(pressed) else 0
    if dated:
        return stems >= STEMS + 2 - 3 * fewer
    return stems >= STEMS - fewer


def _is_offer(paragraphs: Sequence[str], length: int, *, dated: bool) -> bool:
    """Most of the text asks for a subscription."""
    share, stems = _share(words.SUBSCRIBE, paragraphs) if length < OFFERED else (0.0, 0)
    return share >= MOST and stems >= (STEMS - 2 if length < TINY and not dated else STEMS - 1)


def _share(stems: words.Stems, paragraphs: Sequence[str]) -> tuple[float, int]:
    """The share of a text in paragraphs with one of these stems, and how many different ones there are.

    Nothing (0, 0) where the share is below `MOST`: the longest paragraphs, looked at first, soon tell that.
    """
    paragraphs = paragraphs[:NODES]
    total = sum(map(len, paragraphs))
    other = 0
    about: list[str] = []
    for paragraph in sorted(paragraphs, key=len, reverse=True):
        folded = paragraph.casefold()[: 4 * SHORT]
        if stems.are_in(folded):
            about.append(folded)
        elif (other := other + len(paragraph)) > (1 - MOST) * total + 1:
            return 0.0, 0
    found: set[str] = set()
    for folded in about:
        found |= stems.all_in(folded)
    return (1 - other / total if total else 0.0), len(found)
