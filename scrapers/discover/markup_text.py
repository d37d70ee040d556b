"""Markup → text: titles and summaries as one line, articles as paragraphs."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

from ..page.nesting import within_depth
from ..page.text import TITLE, clean, clean_paragraphs, cut, unescape
from ..urls.key import canonical_key
from ..urls.site import join

SUMMARY = 1000  # characters
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--")
_ADDRESS = re.compile(r"(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}")
_MARKUP = 100_000  # characters of markup that are looked at for one line
_BLOCKS = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|blockquote|pre|table|tr|section|article|header|footer|figure|figcaption|dl|dt|dd|hr|br)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_UNSEEN = ["script", "style", "noscript", "template", "iframe", "svg", "math", "form", "button", "select"]


def line(markup: str | None, limit: int = TITLE) -> str | None:
    """The text of a piece of markup (or of plain text) as one clean line; None when nothing is left."""
    if not markup:
        return None
    markup = markup[:_MARKUP]
    if _TAG.search(markup):
        tree = LexborHTMLParser(_BLOCKS.sub(lambda found: " " + found[0], within_depth(markup)))
        tree.strip_tags(_UNSEEN)
        markup = tree.body.text() if tree.body else ""
    elif "&" in markup:
        markup = unescape(markup)
        if "&" in markup and ";" in markup:
            markup = unescape(markup)  # escaped twice, as many feeds do
    return clean(markup, limit) or None


_BY = re.compile(r"^(?:by|von|par|por|door|av|af)\s(?=[^\W\d_])", re.IGNORECASE)
_AND = re.compile(r"\s?[,;/&]\s(?:and\s|und\s)?|\s(?:and|und|et|y)\s")
_PERSON = re.compile(r"(?![a-z])[^\W\d_][\w.'’-]{0,30}(?:\s(?![a-z])[^\W\d_][\w.'’-]{0,30}){1,3}")
_LOGINS = frozenset(
    ("admin", "administrator", "root", "webmaster", "noreply", "editor", "wordpress", "user", "anonymous", "unknown")
)


def person_name(markup: str | None, limit: int) -> str | None:
    """The name in an author field, without an e-mail address: "a@b.example (Jane Doe)" gives "Jane Doe"."""
    text = line(markup, limit + 320)
    if text is None:
        return None
    bare = _ADDRESS.sub(" ", text)
    if bare == text:
        return clean(text, limit) or None
    name = clean(bare, limit).strip("()<>[]{}\"',;:|/ \u2013-")
    return name if any(c.isalpha() for c in name) else None


def people(markup: str | None, limit: int) -> list[str]:
    """The names in an author field: without "By" and quotation marks, several as several; logins name nobody."""
    name = person_name(markup, limit)
    if name is None:
        return []
    name = _BY.sub("", name.strip("\"'“”„«» "))
    if name.casefold().replace("-", "") in _LOGINS:
        return []
    parts = _AND.split(name)
    return parts if len(parts) > 1 and all(_PERSON.fullmatch(part) for part in parts) else [name] if name else []


def paragraphs(markup: str | None) -> str | None:
    """The text of an article's markup: paragraphs split by newlines; None when there is no text."""
    if not markup:
        return None
    tree = LexborHTMLParser(_BLOCKS.sub(lambda found: "\x0b" + found[0], within_depth(markup[:2_000_000])))
    tree.strip_tags(_UNSEEN)
    if tree.body is None:
        return None
    text = tree.body.text().replace("\r", " ").replace("\n", " ").replace("\x0b", "\n")
    return clean_paragraphs(text) or None


def without_signature(markup: str | None) -> str | None:
    """Markup without the sentence that publishing systems put below every item: "The post … appeared first on …"."""
    if not markup:
        return markup
    head, tail = markup[:-_SIGNED], markup[-_SIGNED:]
    return head + _SIGNATURE.sub("", tail)


def without_own_link(markup: str | None, url: str) -> str | None:
    """Markup without a link to the item itself that ends it: "Continue reading …", in whatever language."""
    if not markup:
        return markup
    head, tail = markup[:-_SIGNED], markup[-_SIGNED:]
    start = tail.lower().rfind("<a ")
    found = _LAST_LINK.match(tail, start) if start >= 0 else None
    if found is None or canonical_key(join(url, html.unescape(found[1])) or "") != canonical_key(url):
        return markup
    return head + tail[:start]


_LAST_LINK = re.compile(
    r"""<a\s[^<>]{0,600}?\bhref\s{0,5}=\s{0,5}["']([^"'<>]{1,1000})["'][^<>]{0,600}>"""  # its address
    r"""(?:[^<]|<(?!/a>))*</a>(?:[\s.…\]»"”]|&nbsp;|<[^<>]{0,200}>)*\Z""",
    re.IGNORECASE,
)
_SIGNED = 2000  # characters at the end in which the sentence may stand
_SIGNATURE = re.compile(
    r"(?:<p>)?\s{0,5}\b(?:The post|La entrada|Der Beitrag|L[’']article|O post|L[’']articolo|Het bericht"
    r"|Inlägget|Artykuł|Запись)"
    r"\s.{1,900}?(?:appeared first on|first appeared on|se publicó primero en|apareció primero en|erschien zuerst auf"
    r"|est apparu en premier sur|apareceu primeiro em|proviene da|verscheen eerst op|dök först upp på"
    r"|pochodzi z serwisu|впервые появилась)\s.{1,600}\Z",
    re.DOTALL,
)


def short(text: str | None, limit: int = SUMMARY) -> str | None:
    """A summary of at most `limit` characters."""
    return cut(text, limit) if text else None
