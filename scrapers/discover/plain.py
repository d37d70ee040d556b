"""Markup → text: titles and summaries as one line, articles as paragraphs."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from ..text import TITLE, clean, clean_paragraphs, cut, unescape

SUMMARY = 1000  # characters
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--")
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
        tree = LexborHTMLParser(_BLOCKS.sub(lambda found: " " + found[0], markup))
        tree.strip_tags(_UNSEEN)
        markup = tree.body.text() if tree.body else ""
    elif "&" in markup:
        markup = unescape(markup)
        if "&" in markup and ";" in markup:
            markup = unescape(markup)  # escaped twice, as many feeds do
    return clean(markup, limit) or None


def paragraphs(markup: str | None) -> str | None:
    """The text of an article's markup: paragraphs parted by newlines; None when there is no text."""
    if not markup:
        return None
    tree = LexborHTMLParser(_BLOCKS.sub(lambda found: "\x0b" + found[0], markup[:2_000_000]))
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
