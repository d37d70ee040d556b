"""Who is signed in, and ending it."""

from __future__ import annotations

import structlog

from ..values import Ask, Goto, Page, Refused

log = structlog.get_logger()


async def show(ask: Ask) -> Page:
    """The sessions that are open, with where and when each began."""
    return Page("sessions.html", {"sessions": ask.tools.sessions.all(), "own": ask.session.name})


async def end(ask: Ask) -> Goto:
    """End one session, or all others."""
    name = ask.said("session")
    if name == "others":
        for one in ask.tools.sessions.all():
            if one.name != ask.session.name:
                ask.tools.sessions.end(one.name)
        log.info("desk: the other sessions were ended", client=ask.session.client)
        return Goto("/sessions", ask.words("The other sessions are ended."))
    if not ask.tools.sessions.end(name):
        raise Refused(404, ask.words("There is no such session any more."))
    log.info("desk: a session was ended", session=name, client=ask.session.client)
    return Goto("/sessions", ask.words("The session is ended."))
