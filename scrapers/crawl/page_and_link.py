"""What the page of a story gives, held against what its link told: no story, another one, or its record."""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import UNLIKE, PageChanged
from ..model import Article, Draft, Reading, Record
from ..seed.seed import Seed

FULL_TEXT = 1000  # characters: a feed's text at least this long counts as the article
LONGER = 1.2  # times as long as a page's text: a feed's text that is taken in its place ...
ALIKE = 0.7  # ... if it has so many of the page's words
OTHER_STORY = "about something else than expected"
OTHER_MOST = 6000  # characters of a page that may be about something else: any longer text has the words of a headline
OTHER_SHARE = 0.2  # of the words that a link told; a page without a date that has fewer is about something else
HEADLINE = 5  # words of a link from which they are the headline; fewer may be any ("Read on here")
BY_HEADING = ("an error page", "a notice of maintenance", "a parked domain", "a challenge for browsers")
CUT_ENDS = ("…", "...", "[…]", "[...]", "[&#8230;]", "read more", "continue reading", "weiterlesen", "leer más")
_DENSE = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"  # scripts without spaces
_TELLING_WORD = re.compile(  # a word that a headline is made of; in scripts without spaces each two characters
    rf"(?=([{_DENSE}]{{2}}))|\b([^\W{_DENSE}]{{4,40}})"
)


def reading(draft: Draft, article: Article, seed: Seed, *, telling: bool) -> Reading:
    """What a page with this draft gives of a story; `article.draft` is what its link told.

    `telling`: whether that is of the story for certain, so that a page without its words is about something else.
    """
    if draft.next_page:
        return Reading(draft)
    hint = article.draft
    try:
        doubt(draft, hint, article.url)
        whole = better(draft, hint)
        record = read_record(replace(article, draft=whole), seed)
        if telling:
            doubt_story(draft, hint, article.url, article.site_title)
    except PageChanged as error:
        return Reading(replace(draft, text=None, html=None), reason=error.reason)
    return Reading(replace(whole, text=None, html=None), record)


def read_record(article: Article, seed: Seed) -> Record:
    """The record of an article. Raises PageChanged where it is no article."""
    from ..normalise.record import normalise  # a daemon has it done by its workers

    return normalise(
        article.draft,
        url=article.url,
        asked=article.asked,
        seed=seed,
        first_seen=article.first_seen,
        position=article.position,
        site_title=article.site_title,
    )


def doubt(draft: Draft, hint: Draft, url: str) -> None:
    """Raise PageChanged for a page that arrived but is no story.

    A headline alone does not count if the link told the same.
    """
    told = hint.title is not None and draft.title is not None and _begins_alike(hint.title, draft.title)
    if draft.unlike is not None and not (told and draft.unlike in BY_HEADING):
        raise PageChanged(f"{UNLIKE}{draft.unlike}", url=url)


def doubt_story(draft: Draft, hint: Draft, url: str, site_title: str | None) -> None:
    """Raise PageChanged for a page that could be a story, but not the one of which `hint` tells."""
    if is_other_story(draft, hint, site_title):
        raise PageChanged(f"{UNLIKE}{OTHER_STORY}", url=url)


def is_other_story(draft: Draft, hint: Draft, site_title: str | None = None) -> bool:
    """Whether a page without date and author has next to none of the words that its link told of the story.

    A wall, a login or an error page is found so in any language and markup. A headline of one word proves nothing,
    and the site's own name, which such pages have as well, is no word of a headline.
    """
    if (draft.published and not draft.published_estimated) or draft.authors:
        return False
    text = draft.text or ""
    own = _telling_words(f"{site_title or ''} {hint.publisher or ''} {draft.publisher or ''}")
    headline = _telling_words(hint.title or "") - own
    if len(headline) < 2 or len(text) > OTHER_MOST:
        return False
    there = _telling_words(f"{draft.title or ''} {draft.subtitle or ''} {text}")
    told = headline | (_telling_words((hint.subtitle or hint.text or "")[:OTHER_MOST]) - own)
    return all(len(words & there) < OTHER_SHARE * len(words) for words in (headline, told))


def is_telling(hint: Draft) -> bool:
    """Whether a link of a page told of its story for certain: by a summary, or by a whole headline."""
    words = _telling_words(hint.title or "")
    return bool(hint.subtitle or hint.text) or sum(1 if len(word) > 2 else 0.5 for word in words) >= HEADLINE


def _telling_words(text: str) -> set[str]:
    return {pair or word for pair, word in _TELLING_WORD.findall(text.casefold())}


def better(draft: Draft, hint: Draft) -> Draft:
    """What a page and its link told together: of two texts the longer one, if it is the same story's and no coarser.

    A date that the link told goes before one that the page does not call the publication's.
    """
    short, long = draft.text or "", hint.text or ""
    whole = len(long) > len(short) * LONGER and long.count("\n") >= short.count("\n") and not _cut(long)
    if short and whole and _begins_alike(short, long):
        who = {**draft.witnesses, "text": "feed"}
        draft = replace(draft, text=hint.text, html=hint.html, base=hint.base, paywalled=False, witnesses=who)
    if draft.published_estimated and hint.published and not hint.published_estimated:
        draft = replace(draft, published=None, published_estimated=False)
    if hint.files:  # with their length, and under the addresses that the publisher counts
        draft = replace(draft, files=hint.files)
    return draft.or_else(replace(hint, html=None, text=None))


def _begins_alike(short: str, long: str) -> bool:
    """Whether most of the words of the shorter text are in the longer one."""
    words = short.casefold().split()
    return len(set(words) & set(long.casefold().split())) >= ALIKE * len(set(words))


def has_full_text(hint: Draft) -> bool:
    """Whether a feed's item carries the article itself, not its beginning."""
    return len((hint.text or "").rstrip()) >= FULL_TEXT and not _cut(hint.text or "")


def _cut(text: str) -> bool:
    """Whether a text was cut off at its end ("…")."""
    return text.rstrip()[-40:].casefold().endswith(CUT_ENDS)
