"""Why an element is left out, by its tag and attributes alone: a menu, a dialog, hidden text, comments."""

from __future__ import annotations

import re

from .blocks import Element, Looks

MOST = 0.4  # share of the page's plain text that nothing left out holds
MOST_OF_DIALOGS = 0.7  # the same of dialogs and what asks for consent
_DIALOG = re.compile(r'(?:^|\s)(?:role="(?:alert)?dialog"|aria-modal="true")')
_ROLE = re.compile(r'(?:^|\s)role="(?:navigation|search|menu|menubar|tablist|toolbar|banner|contentinfo|tooltip)"')
_PANEL = re.compile(
    r'role="tabpanel"|aria-labelledby|accordion|collaps|tab-?pan|tab-?content|expand|toggle|faq|answer|read-?more', re.I
)
_CONSENT = re.compile(
    r"(?<![a-z])(?:cookie|consent|gdpr|onetrust|didomi|usercentrics|cookiebot|dsgvo|privacy-?(?:banner|notice|popup))"
    r"(?![a-z]{0,20}-?(?:policy|article))",
    re.I,
)
_COMMENTS = re.compile(
    r"(?<![a-z-])(?:comments(?:-?(?:list|area|section|wrap(?:per)?|container|thread|template|box|form))?|"
    r"comment-?(?:list|area|section|wrap(?:per)?|container|thread|respond)|disqus(?:_thread)?|"
    r"[a-z]{2,20}-comments?-(?:list|widget|thread|container|section)s?|"
    r"respond|kommentare?(?:bereich|liste)?|commentaires?|comentarios?|reacties|webmentions?|trackbacks?)(?![a-z-])",
    re.I,
)
_NO_COMMENTS = frozenset(("body", "article", "main", "header", "p"))
_HIDDEN = re.compile(
    r'(?:^|\s)(?:hidden(?:="(?!until-found)[^"]{0,20}")?(?=\s|$)|style="[^"]{0,500}?display:\s?none)', re.I
)


def reason(looks: Looks) -> str:
    """Why elements with these looks do not belong to the article; empty for those that may.

    "outside": they do not belong only where they are outside an article.
    """
    attrs, tag = looks.attrs, looks.tag
    if tag in ("nav", "menu"):
        return "navigation"
    if tag == "dialog":
        return "overlay"
    if attrs:
        if ("hidden" in attrs or "none" in attrs) and _HIDDEN.search(attrs) and not _PANEL.search(attrs):
            return "hidden"
        role = "role=" in attrs
        if (role or "aria-modal=" in attrs) and _DIALOG.search(attrs):
            return "overlay"
        if role and tag not in ("header", "article", "main") and _ROLE.search(attrs):
            return "landmark outside"
        if _is_named(attrs.lower()):
            names = looks.name()[len(tag) + 1 :]
            if _CONSENT.search(names):
                return "consent"
            if tag not in _NO_COMMENTS and _COMMENTS.search(names):
                return "comments"
    return "footer outside" if tag == "footer" else ""


def in_article(element: Element) -> bool:
    """Whether an element is inside an <article>, or in the main part of the page."""
    one = element.parent
    while one is not None:
        if one.tag in ("article", "main") or 'role="main"' in one.looks.attrs:
            return True
        one = one.parent
    return False


def _is_named(lower: str) -> bool:
    """Whether one of the words that `_CONSENT` and `_COMMENTS` ask for is in attributes: few have any, and plain finds
    in a row take a third of the time of a pattern."""
    return (
        "cookie" in lower or "consent" in lower or "gdpr" in lower or "onetrust" in lower or "didomi" in lower
        or "usercentrics" in lower or "dsgvo" in lower or "privacy" in lower or "disqus" in lower or "respond" in lower
        or "reacties" in lower or "trackback" in lower
        or ("ment" in lower and ("omment" in lower or "coment" in lower or "webmention" in lower))
    )  # fmt: skip
