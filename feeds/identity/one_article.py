"""Whether two records of one source are one article whose address, headline or text has changed. Pure."""

from __future__ import annotations

from datetime import timedelta

from scrapers import Record

from . import similarity
from .similarity import Look

CLEARLY_OTHER = 0.3  # below this share of the shorter text in the longer, two texts are clearly different
QUARTER = 15  # minutes: articles that are published by a timer, or dated to a day, begin with one
NUMBER_RESTS = timedelta(hours=24)  # after which a number alone does not join another text to an article


def clearly_other(a: Record, b: Record, seen: Look) -> bool:
    """Whether neither texts nor headlines have anything in common. `seen` is the look of `b`."""
    if a.fingerprint == b.fingerprint:
        return False
    return similarity.alike(look_of(a), seen).smaller < CLEARLY_OTHER and not similarity.same_heading(a.title, b.title)


def one_article(a: Record, b: Record, seen: Look | None = None) -> bool:
    """Whether two records are one article, after an address of one named the other: a redirect, a canonical address."""
    return same_moment(a, b) or not clearly_other(a, b, seen or look_of(b))


def same_moment(a: Record, b: Record) -> bool:
    """Whether two records of a source were published at one moment, told so exactly that it is no coincidence."""
    if a.source != b.source or a.published_estimated or b.published_estimated or a.published != b.published:
        return False
    return a.published.minute % QUARTER != 0 or a.published.second != 0


def continues(old: Record, record: Record, seen: Look) -> bool:
    """Whether a record with an address of its own is an earlier one of the same time of publication under another name.

    By its text; or by the picture, where the text is another one and the time is told exactly: a live blog.
    """
    found = similarity.alike(look_of(old), seen)
    if found.probability >= similarity.ACCEPT:
        return True
    if found.smaller >= CLEARLY_OTHER and similarity.same_heading(old.title, record.title):
        return True
    pictures = old.image is not None and record.image is not None and old.image.url == record.image.url
    return pictures and same_moment(old, record)


def number_counts(old: Record, record: Record, *, shown: bool) -> bool:
    """Whether the number that two addresses share makes two other texts one article, where a source has proved that it
    gives each number once.

    Not if fronts show both addresses, or if a day lies between what is known of the one and the other: then it is the
    number of a dossier or a gallery.
    """
    last = max(old.published, old.updated or old.published)
    return not shown and record.published - last <= NUMBER_RESTS


def look_of(record: Record) -> Look:
    """What a record looks like, with all its lines."""
    return similarity.look(record.title, record.text, record.published)
