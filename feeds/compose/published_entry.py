"""An entry as documents show it: within the publisher's directives, as valid XML text, in the entry's language.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial

from ..identity.revisions import in_language
from ..messages import times
from ..model import Category, Copy, Entry, Origin, Publisher, Topic
from ..render.xml_text import language, legal, one_line, shortened, uri
from ..rows import changed
from . import content as body
from .image_links import link as picture_link
from .media import media, type_of
from .rights import Permit, in_rights, permitted
from .shown_bodies import ShownBodies, ShownBody

_bodies = ShownBodies()

MAX_CATEGORIES = 40
MAX_AUTHORS = 20


def published_entry(entry: Entry, topic: Topic, site: Publisher, mark: Category) -> Entry:
    """The entry as the documents of a topic show it; `mark` is the category of a copy."""
    record = entry.record
    allowed = permitted(record, topic, site)
    publisher = one_line(record.publisher or "")
    origin = _origin(entry, publisher, site)
    publisher = publisher or origin.title
    url = uri(record.url) or origin.url
    summary = body.summary(record)
    if allowed.summary is not None:
        summary = shortened(summary, allowed.summary) if allowed.summary else ""
    title = one_line(record.title) or shortened(summary, 100) or url
    entry = changed(
        entry,
        id=legal(entry.id),
        record=changed(
            record,
            title=title,
            url=url,
            authors=_names(record.authors) or (publisher,),
            publisher=publisher,
            language=language(record.language),
            license=_license(record.license),
            contributors=_names(record.contributors),
            comments=uri(record.comments or ""),
            comments_feed=uri(record.comments_feed or ""),
        ),
        rights=in_rights(_license(record.license)),
        published=second(entry.published),
        updated=second(entry.updated),
        origin=origin,
        copies=_copies(entry),
        categories=_categories(entry, topic, mark),
        summary=summary or title,
    )
    return _with_content(entry, topic, site, allowed)


def _with_content(entry: Entry, topic: Topic, site: Publisher, allowed: Permit) -> Entry:
    """The entry with its text, its picture, and what else its text shows."""
    record, full_text = entry.record, topic.full_text and allowed.text
    others = entry.copies if full_text and topic.copies == "one" else ()
    note = _note(entry, site.page_locale.timezone) if full_text else None
    inputs = (
        (record.html, record.text, record.image, record.files, record.url, record.publisher),
        (record.language, entry.summary, entry.origin.url, entry.origin.title, others, note),
        (topic.images, full_text, allowed, site.base_url, site.picture_key),
    )
    shown = _bodies.get(inputs, lambda: _body(entry, topic, site, allowed, others, note))
    return changed(entry, content=shown.content, image=shown.image, media=shown.media)


def _body(
    entry: Entry, topic: Topic, site: Publisher, allowed: Permit, others: Sequence[Copy], note: str | None
) -> ShownBody:
    images, ours = _pictures(topic, site, entry.origin.url)
    record = entry.record
    content, image = "", body.picture(record, images) if allowed.picture else None
    if image is not None and image.type is None:
        image = replace(image, type=type_of(image.url))
    if topic.full_text and allowed.text:
        content = body.content(record, images=images, copies=others, note=note)
    if ours is not None:
        content = body.with_pictures_from(content, ours)
        image = image and replace(image, url=ours(image.url), type=None, length=None)
    if not content:
        content = body.short_content(entry.summary, image, images=images)
        if not allowed.text:
            content += body.read_there(record.url, record.publisher or entry.origin.title, record.language)
    content = body.in_lines(content)
    files = record.files if allowed.text else ()
    shown = media(content, image, files)
    if images in ("strip", "none"):
        shown = tuple(replace(one, poster=None) for one in shown if one.medium != "image")
    return ShownBody(content, image, shown)


def _pictures(topic: Topic, site: Publisher, home: str) -> tuple[body.Images, Callable[[str], str] | None]:
    """The topic's setting for pictures, and the function that gives each its proxy address, if any."""
    if topic.images != "proxy":
        return topic.images, None
    if site.picture_key is None:
        return "strip", None
    return "proxy", partial(picture_link, site.base_url, site.picture_key, home=home)


def _origin(entry: Entry, publisher: str, site: Publisher) -> Origin:
    here = site.base_url + "/"
    names = (one_line(entry.origin.title), publisher, one_line(entry.record.source), one_line(site.title), "copydesk")
    return Origin(
        id=legal(entry.origin.id),
        title=next(filter(None, names)),
        url=uri(entry.origin.url) or here,
        feed_url=uri(entry.origin.feed_url) or here,
        updated=second(entry.origin.updated),
    )


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, (one_line(name) for name in names[:MAX_AUTHORS])))


def _license(told: str | None) -> str | None:
    """The address of a licence, or its name."""
    return (uri(told) if "/" in told else one_line(told) or None) if told else None


def _categories(entry: Entry, topic: Topic, mark: Category) -> tuple[Category, ...]:
    told = tuple(filter(None, map(_category, entry.categories)))[:MAX_CATEGORIES]
    marked = (mark,) if topic.copies == "mark" and entry.copy_of else ()
    return tuple(dict.fromkeys((*told, *marked)))


def _note(entry: Entry, timezone: str) -> str | None:
    """What changed last, in the language of the entry, with the time in the zone of the installation."""
    if entry.note is None:
        return None
    tongue = entry.record.language or "en"
    when = entry.note.at.astimezone(times.zone(timezone))
    moment = f"{times.day(when, tongue)}, {times.clock(when, tongue)} ({times.zone_name(timezone)})"
    return f"{moment}: {in_language(entry.note.change, tongue)}"


def _copies(entry: Entry) -> tuple[Copy, ...]:
    """The other outlets, each address once."""
    told = {copy.url: copy for copy in filter(None, map(_copy, reversed(entry.copies)))}
    return tuple(reversed(told.values()))


def _copy(copy: Copy) -> Copy | None:
    address = uri(copy.url)
    if address is None:
        return None
    publisher = one_line(copy.publisher) or one_line(copy.source) or address
    return replace(copy, url=address, title=one_line(copy.title) or publisher, publisher=publisher)


@lru_cache(8192)
def _category(category: Category) -> Category | None:
    # clients cut a term at commas and take `<` for markup; the label keeps them
    term = one_line(re.sub(r"[,;<>]+", " ", category.term))
    if not term:
        return None
    return Category(
        term=term,
        scheme=uri(category.scheme) if category.scheme else None,
        label=one_line(category.label or category.term) if category.label or term != one_line(category.term) else None,
    )


def second(when: datetime) -> datetime:
    """A moment in UTC, cut to the second."""
    return when.astimezone(UTC).replace(microsecond=0)
