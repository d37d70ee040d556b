"""One story of a visit: its page read, or taken whole from a feed, and filed as a record or a failure."""

from __future__ import annotations

from dataclasses import replace

from .errors import CopydeskError, Gone, Refused
from .model import Draft, Link, Outcome, Page, Record, Request, Seen
from .normalise import normalise
from .permits import restrictions
from .urls import canonical_key
from .visit import Visit

FULL_TEXT = 1000  # characters from which a feed's own text counts as the article
CUT_ENDS = ("…", "...", "[…]", "[...]", "[&#8230;]", "read more", "continue reading", "weiterlesen", "leer más")


async def read_story(visit: Visit, link: Link, position: int) -> None:
    """One story: its page read, or taken whole from the feed; what the link told fills the gaps."""
    if has_full_text(link.hint):
        file_story(visit, link, None, position)
        return
    page = None
    try:
        page = await visit.fetch(Request(link.url, ca_file=visit.seed.ca_file, render=visit.seed.render))
        draft = await whole_draft(visit, page)
    except Refused as error:
        if error.retry_after is not None:
            visit.queued.append(link.url)
            visit.fail(link.url, error)
        elif link.way == "rss" and link.hint.title and link.hint.subtitle:
            # the page is closed to us, but the publisher offers title and summary in the feed
            hint = replace(link.hint, text=link.hint.subtitle, html=None, paywalled=True)
            file_story(visit, replace(link, hint=hint), None, position)
        else:
            visit.fail(link.url, error)
            visit.seen.append(Seen(link.url, "refused", error.reason, link.way))
        return
    except CopydeskError as error:
        visit.fail(link.url, error)
        visit.keep_sample(page, error)
        visit.seen.append(Seen(link.url, outcome_of(error), error.reason, link.way))
        return
    file_story(visit, replace(link, hint=draft.or_else(replace(link.hint, html=None, text=None))), page, position)


def file_story(visit: Visit, link: Link, page: Page | None, position: int = 0) -> None:
    """File a story as a record of this visit, or say why it is none."""
    try:
        record = record_of(visit, link, link.hint, page, position)
    except CopydeskError as error:
        visit.fail(link.url, error)
        visit.keep_sample(page, error)
        visit.seen.append(Seen(link.url, "failed", error.reason, link.way))
        return
    visit.records.append(record)
    visit.seen.append(Seen(link.url, "kept", way=link.way))


def record_of(visit: Visit, link: Link, draft: Draft, page: Page | None, position: int = 0) -> Record:
    record = normalise(
        draft,
        url=page.url if page else link.url,
        asked=link.url,
        seed=visit.seed,
        first_seen=visit.started,
        position=position if visit.past.last_success is None else 0,
        site_title=visit.title,
    )
    way = "page" if page else "hint" if draft.paywalled and draft.text == draft.subtitle else "feed"
    if page is None:
        return replace(record, way=way)
    robots = tuple(dict.fromkeys([*restrictions(page.robots), *draft.robots]))
    return replace(record, way=way, etag=page.etag, last_modified=page.last_modified, robots=robots)


async def whole_draft(visit: Visit, page: Page) -> Draft:
    """The draft of an article, its further pages joined."""
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


def has_full_text(hint: Draft) -> bool:
    """Whether a feed's item carries the article itself, not its beginning."""
    text = (hint.text or "").rstrip()
    return len(text) >= FULL_TEXT and not text[-40:].casefold().endswith(CUT_ENDS)


def outcome_of(error: CopydeskError) -> Outcome:
    if isinstance(error, Gone):
        return "gone"
    return "refused" if isinstance(error, Refused) else "failed"
