"""One story of a visit: its page read, or taken whole from a feed, and filed as a record or a failure."""

from __future__ import annotations

from dataclasses import replace

from ..discover.listing.url_shapes import is_file
from ..errors import UNLIKE, CopydeskError, Forbidden, Gone, PageChanged, Refused, Unreachable, Unread
from ..model import Article, Draft, Link, Outcome, Page, Record, RecordWay, Request, Seen
from ..page import dates
from ..page.robots_directives import restrictions
from ..page.text import TITLE, clean
from ..urls.key import canonical_key
from .files import with_files
from .page_and_link import FULL_TEXT, better, doubt, doubt_story, has_full_text, is_telling
from .run_builder import RunBuilder

OLD = 1995  # the first year of news on the web: an older date is told in a note
SAME_PAGES = 2  # different stories answered by the same short undated page ...
SURELY_SAME = 3  # ... or by the same page of any other kind
STOOD_IN = "what the front told stands in for the page"
A_FILE = "it is a picture, a document or another file, and not asked for"
OFFER = "an offer to subscribe"
DESCRIBED = ("an app's empty shell", OFFER)  # the heads of such pages are the story's
TELLING = ("rss", "wordpress", "wix")  # ways that tell of a story in words of their own


async def read_story(visit: RunBuilder, link: Link, position: int) -> None:
    """One story: its page read, or taken whole from the feed; what the link told fills the gaps.

    Where the page fails, or is not the story, a record is made of what the link told, if that is enough for an entry.
    """
    if has_full_text(link.hint):
        await file_story(visit, link, None, position)
        return
    page, draft = None, Draft()
    if is_file(link.url) and not any(part in link.url for part in visit.seed.discover.include):
        why = PageChanged(A_FILE, url=link.url)
        if not await _stood_in(visit, link, draft, why, position):
            visit.seen.append(Seen(link.url, "skipped", A_FILE, link.way))
        return
    try:
        page = await visit.fetch(Request(link.url, ca_file=visit.seed.ca_file, render=visit.seed.render))
        telling = link.way in TELLING or is_telling(link.hint)
        article = _article(visit, link, link.hint, page, position)
        read = await visit.read.story(page, article, visit.seed, telling=telling)
        draft = read.draft
        if read.reason is not None:
            raise PageChanged(read.reason, url=page.url)
        if read.record is not None:
            record = await _completed(visit, draft, page, read.record)
        else:
            draft = await whole_draft(visit, page, draft)
            doubt(draft, link.hint, page.url)
            record = await record_of(visit, link, better(draft, link.hint), page, position)
            if telling:
                doubt_story(draft, link.hint, page.url, visit.title)
    except CopydeskError as error:
        if isinstance(error, Unread) or (isinstance(error, Refused) and error.retry_after is not None):
            _postpone(visit, link, error)
            return
        visit.fail(link.url, error)
        visit.keep_sample(page, error)
        if not await _stood_in(visit, link, draft, error, position):
            visit.seen.append(Seen(link.url, outcome_of(error), error.reason, link.way))
        return
    visit.records.append(record)
    visit.pages[len(visit.records) - 1] = link
    visit.seen.append(Seen(link.url, "kept", way=link.way))


async def _stood_in(visit: RunBuilder, link: Link, draft: Draft, error: CopydeskError, position: int) -> bool:
    """File what the link told in place of the page; returns whether that made a record."""
    hint = link.hint
    told = hint.text or hint.subtitle
    if not _may_stand_in(link, error):
        return False  # its own failure is told
    if draft.unlike in DESCRIBED and draft.title and (draft.subtitle or told):
        hint = hint.or_else(replace(draft, text=None, html=None))  # its head still tells of the story
        told = hint.text or hint.subtitle
    if not hint.title or not told:
        return False
    stand_in = replace(hint, text=told, html=hint.html if hint.text else None, subtitle=hint.subtitle or told)
    stand_in = replace(stand_in, paywalled=draft.unlike == OFFER)
    try:
        record = await record_of(visit, link, stand_in, None, position)
    except CopydeskError:
        return False  # too little for an entry: the page's own failure is told
    visit.records.append(replace(record, way="hint"))
    visit.seen.append(Seen(link.url, "kept", f"{STOOD_IN}: {error.reason}", link.way))
    return True


def _may_stand_in(link: Link, error: CopydeskError) -> bool:
    """Whether the link's own data may replace the page: it is something else, or it failed and a feed told of it.

    Not where a retry within the hour may succeed, nor for an address that we must not ask.
    """
    if isinstance(error, Forbidden) or (isinstance(error, Unreachable) and error.status is None):
        return False
    return link.way in TELLING or error.reason.startswith(UNLIKE)


async def not_of_one(visit: RunBuilder) -> None:
    """Treat identical pages of a visit, whose links told of different stories, as none of these stories.

    What the links told is filed instead, whatever the page is and in whatever language.
    """
    by_text: dict[str, list[int]] = {}
    for place in visit.pages:
        by_text.setdefault(visit.records[place].text, []).append(place)
    unlike: set[int] = set()
    for places in by_text.values():
        titles = {clean((visit.pages[place].hint.title or ""), TITLE).casefold() for place in places} - {""}
        one = visit.records[places[0]]
        doubtful = one.published_estimated and len(one.text) < FULL_TEXT
        if len(titles) >= (SAME_PAGES if doubtful else SURELY_SAME):
            unlike.update(places)
    if not unlike:
        return
    records, visit.records = visit.records, []
    links = {visit.pages[place].url for place in unlike}
    visit.seen = [one for one in visit.seen if one.url not in links]
    for place, record in enumerate(records):
        if place not in unlike:
            visit.records.append(record)
            continue
        link = visit.pages[place]
        error = PageChanged(f"{UNLIKE}the same page for {len(unlike)} stories", url=record.url)
        visit.fail(link.url, error)
        if not await _stood_in(visit, link, Draft(), error, 0):
            visit.seen.append(Seen(link.url, "failed", error.reason, link.way))
    visit.pages.clear()


async def file_story(visit: RunBuilder, link: Link, page: Page | None, position: int = 0) -> None:
    """File a story as a record of this visit, or say why it is none."""
    try:
        record = await record_of(visit, link, link.hint, page, position)
    except Unread as error:
        _postpone(visit, link, error)
        return
    except CopydeskError as error:
        visit.fail(link.url, error)
        visit.keep_sample(page, error)
        visit.seen.append(Seen(link.url, "failed", error.reason, link.way))
        return
    visit.records.append(record)
    visit.seen.append(Seen(link.url, "kept", way=link.way))


def _postpone(visit: RunBuilder, link: Link, error: CopydeskError) -> None:
    """Leave a story to the next visit."""
    visit.queued.append(link.url)
    visit.fail(link.url, error)
    visit.seen.append(Seen(link.url, "postponed", error.reason, link.way))


async def record_of(visit: RunBuilder, link: Link, draft: Draft, page: Page | None, position: int = 0) -> Record:
    record = await visit.read.record(_article(visit, link, draft, page, position), visit.seed)
    return await _completed(visit, draft, page, record)


def _article(visit: RunBuilder, link: Link, draft: Draft, page: Page | None, position: int) -> Article:
    return Article(
        draft,
        page.url if page else link.url,
        visit.started,
        asked=link.url,
        position=position if visit.past.last_success is None else 0,
        site_title=visit.title,
    )


async def _completed(visit: RunBuilder, draft: Draft, page: Page | None, record: Record) -> Record:
    """A record with what its page's answer told, its files and its way; what is strange is noted."""
    if (note := _strange_date(visit, draft, record)) is not None:
        visit.notes.append(f"{record.url}: {note}")
    way: RecordWay = "page" if page and draft.witnesses.get("text") != "feed" else "feed"
    record = await with_files(visit, record)
    if page is None:
        return replace(record, way=way)
    robots = tuple(dict.fromkeys([*restrictions(page.robots), *draft.robots]))
    return replace(record, way=way, etag=page.etag, last_modified=page.last_modified, robots=robots)


def _strange_date(visit: RunBuilder, draft: Draft, record: Record) -> str | None:
    """A note about an implausible date: a very old one is kept, one in the future is not used."""
    if not record.published_estimated:
        return f"published in {record.published.year}" if record.published.year < OLD else None
    told = draft.published and dates.read(draft.published, language=record.language, timezone=visit.seed.timezone)
    ahead = told and told.when > visit.started
    return f"its date, {told.iso()}, lies in the future and is not used" if told and ahead else None


async def whole_draft(visit: RunBuilder, page: Page, draft: Draft | None = None) -> Draft:
    """The draft of an article, its further pages joined. `draft` is that of its first page, where it has been read."""
    if draft is None:
        draft = await visit.read.draft(page, visit.seed, visit.started)
    seen = {canonical_key(page.url)}
    texts, htmls = [draft.text or ""], [draft.html or ""]
    following = draft.next_page
    while following and canonical_key(following) not in seen and len(seen) < visit.limits.parts and not visit.late():
        seen.add(canonical_key(following))
        try:
            part = await visit.read.draft(
                await visit.fetch(Request(following, ca_file=visit.seed.ca_file)), visit.seed, visit.started
            )
        except CopydeskError as error:
            visit.notes.append(f"{following}: {error.reason}")
            break
        texts.append(part.text or "")
        htmls.append(part.html or "")
        following = part.next_page
    if len(texts) == 1:
        return draft
    return replace(draft, text="\n".join(filter(None, texts)), html="".join(htmls))


def outcome_of(error: CopydeskError) -> Outcome:
    if isinstance(error, Gone):
        return "gone"
    return "refused" if isinstance(error, Refused) else "failed"
