"""The desk behind HTTP: every request is checked here, before a page sees it.

A page is asked for by whoever is signed in. A form is taken from a page of ours alone: `Sec-Fetch-Site` and `Origin`
say who sent it, and it carries the token of its session. Whoever fails too often is not looked at for a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from scrapers import CopydeskError

from ....errors import StoreBusy
from ....messages import PageLocale, choose_language, translate
from ....messages.engine_words import said
from ...application import Application, Perform
from ..token_gate import Failures, Network
from . import rendering
from .entrance import links, passwords
from .entrance.multipart import MULTIPART, parts_of
from .entrance.origin import Origin, is_reached_from_elsewhere, origin_of, sent_by
from .entrance.sessions import Session, Sessions, form_token, right_form_token
from .pages import PAGES
from .values import Ask, Download, Events, Framed, Goto, Handler, Page, Refused, Reply, Tools

log = structlog.get_logger()
SESSIONS = "desk:sessions"  # under which the store keeps them
FIELDS = 200  # of one form
MOST_NOTES = 40  # that wait for their page; the oldest makes room
TRIES = 30  # wrong passwords of all clients together within a minute, each of which costs a quarter of a second
_FORM = "application/x-www-form-urlencoded"


class Desk:
    """The desk of an installation. It belongs to the loop."""

    def __init__(self, tools: Tools, proxies: tuple[Network, ...]) -> None:
        app = tools.app
        self.tools = tools
        self.links = links.OneTimeLinks(asyncio.get_running_loop().time)
        self.address = f"{app.installation.config.base_url}/desk"
        self.root = urlsplit(app.installation.config.base_url).path.rstrip("/")
        self.elsewhere = is_reached_from_elsewhere(app.installation.config)
        self.cookie = f"copydesk-{urlsplit(app.installation.config.base_url).port or 'desk'}"
        self._proxies = proxies
        self._failures = Failures()
        self._all_failures = Failures(most=TRIES)
        self._password = asyncio.Lock()  # one hash at a time: each takes 64 MB
        self._notes: dict[str, tuple[str, str, str]] = {}  # session → page that says something once, kind, words

    # --- for the daemon and its commands

    def new_link(self) -> str:
        """A link that opens the desk once, within an hour."""
        token = links.make_link_token()
        self.links.add(links.link_digest(token))
        return f"{self.address}/enter?link={token}"

    async def way_in(self) -> str:
        """A new link, or why the desk is shut."""
        return await self.closed() or self.new_link()

    async def closed(self) -> str | None:
        """Why the desk lets nobody in, or None."""
        if self.elsewhere and await self._kept_password() is None:
            return words(
                "it can be reached from other machines and has no password yet: `copydesk desk password` sets one"
            )
        return None

    async def password_changed(self) -> None:
        """Another password holds from now on: everybody is signed out."""
        log.info("desk: the password was changed", ended=self.tools.sessions.end_all())

    def routes(self) -> list[BaseRoute]:
        """What the web server is to answer."""
        found: list[BaseRoute] = []
        for root in dict.fromkeys(("", self.root)):  # a proxy in front may leave the path of base_url away
            found.append(Route(f"{root}/desk/static/{{name}}", _static))
            found.append(Route(f"{root}/desk/enter", self._enter, methods=["GET", "POST"]))
            found.append(Route(f"{root}/desk/leave", self._leave, methods=["POST"]))
            for path, (look, act) in PAGES.items():
                methods = ["GET"] * (look is not None) + ["POST"] * (act is not None)
                found.append(Route(f"{root}/desk{path}", self._page(look, act), methods=methods))
        return found

    # --- getting in

    async def _enter(self, request: Request) -> Response:
        origin = origin_of(request, self._proxies)
        if why := await self.closed():
            return self._door(request, 403, why)
        if self._failures.too_many(origin.client):
            return self._door(request, 429, words("too many wrong tries; wait for a minute"))
        if request.method == "GET":
            token = request.query_params.get("link")
            if token is None:
                return self._door(request, 200)
            if _is_prefetch(request):
                return self._door(request, 403, words("a link is opened by a person"))
            if self.links.use(token):
                return self._welcome(request, origin, "link")
            self._failed(origin, "link")
            return self._door(
                request, 403, words("this link was used already or is too old; `copydesk desk link` makes another")
            )
        if sent_by(request, origin) != "us":
            return self._door(request, 403, words("this form was not sent by a page of ours; nothing was changed"))
        try:
            form = await _form(request)
        except Refused as refused:
            return self._door(request, refused.status, refused.reason)
        if self._all_failures.too_many("all"):
            return self._door(
                request, 429, words("too many wrong tries; wait for a minute, or use `copydesk desk link`")
            )
        async with self._password:
            kept = await self._kept_password()
            right = await asyncio.to_thread(passwords.is_right, kept, form.get("password", ""))
        if right:
            return self._welcome(request, origin, "password")
        self._failed(origin, "password")
        self._all_failures.note("all")
        return self._door(request, 403, words("this is not the password"))

    def _welcome(self, request: Request, origin: Origin, by: str) -> Response:
        cookie = self.tools.sessions.begin(by, origin.client, request.headers.get("user-agent", ""))
        log.info("desk: signed in", by=by, client=origin.client)
        # a page and no redirect: after a click in a mail, a browser would not bring a strict cookie along
        answer = self._bounce(request, f"{self.root}/desk")
        answer.set_cookie(
            self.cookie, cookie, max_age=90 * 86400, path=f"{self.root}/desk", secure=origin.secure, httponly=True,
            samesite="strict",
        )  # fmt: skip
        return answer

    def _failed(self, origin: Origin, by: str) -> None:
        self._failures.note(origin.client)
        log.warning("desk: a wrong try to get in", by=by, client=origin.client)

    def _door(self, request: Request, status: int, why: str = "") -> Response:
        values = {
            "root": self.root,
            "why": translate(why, self._locale(request).language) if why else "",
            "title": self.tools.app.installation.config.title,
        }
        return rendering.page("enter.html", self._locale(request), values, status)

    def _bounce(self, request: Request, address: str) -> Response:
        """A page that goes to an address by itself, so that the browser brings the cookie along."""
        values = {"root": self.root, "address": address, "title": self.tools.app.installation.config.title}
        return rendering.page("bounce.html", self._locale(request), values)

    async def _leave(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return rendering.goto(f"{self.root}/desk")
        try:
            await self._checked_form(request, origin_of(request, self._proxies))
        except Refused as refused:
            return self._refusal(request, session, refused)
        self.tools.sessions.end(session.name)
        log.info("desk: signed out", client=session.client)
        answer = self._door(request, 200, "")
        answer.delete_cookie(self.cookie, f"{self.root}/desk")
        return answer

    async def _kept_password(self) -> str | None:
        thread = self.tools.app.thread
        kept: str | None = await thread.call(lambda: thread.store.meta.get(passwords.FACT))
        return kept or None

    # --- pages

    def _page(self, look: Handler | None, act: Handler | None) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if why := await self.closed():
                return self._door(request, 403, why)
            origin = origin_of(request, self._proxies)
            session = self._session(request)
            handler = act if request.method == "POST" else look
            if session is None or handler is None:
                return self._outside(request, origin)
            try:
                form = await self._checked_form(request, origin) if request.method == "POST" else {}
                reply = await handler(self._ask(request, session, form))
                return self._answer(request, session, reply)
            except Refused as refused:
                return self._refusal(request, session, refused)
            except StoreBusy as error:
                return self._refusal(request, session, Refused(503, f"{error.reason}; nothing was changed, try again"))
            except CopydeskError as error:
                return self._refusal(request, session, Refused(422, error.reason))
            except Exception as error:  # noqa: BLE001 the owner hears of it, and the daemon goes on
                self.tools.app.statistics.bug(error, f"the desk's page {request.url.path}")
                return self._refusal(request, session, Refused(500, f"a bug: {error!r}"))

        return answer

    def _outside(self, request: Request, origin: Origin) -> Response:
        """Who is not signed in gets the door; a page of others that leads here is asked to come again from us."""
        from_others = sent_by(request, origin) == "others"
        if request.method == "GET" and from_others and request.headers.get("sec-fetch-mode") == "navigate":
            query = f"?{request.url.query}" if request.url.query else ""
            return self._bounce(request, f"{self.root}{request.url.path.removeprefix(self.root)}{query}")
        return self._door(request, 403 if request.method == "POST" else 401)

    def _session(self, request: Request) -> Session | None:
        return self.tools.sessions.find(request.cookies.get(self.cookie))

    async def _checked_form(self, request: Request, origin: Origin) -> dict[str, str]:
        """A form that a page of ours sent in this session. Raises Refused."""
        if sent_by(request, origin) != "us":
            log.warning("desk: a form of another site", path=request.url.path, client=origin.client)
            raise Refused(403, words("this form was not sent by a page of ours; nothing was changed"))
        form = await _form(request)
        if not right_form_token(request.cookies.get(self.cookie, ""), form.pop("token", "")):
            log.warning("desk: a form without the token of its session", path=request.url.path, client=origin.client)
            raise Refused(403, words("this form is too old: open its page again; nothing was changed"))
        return form

    def _ask(self, request: Request, session: Session, form: Mapping[str, str]) -> Ask:
        return Ask(
            tools=self.tools,
            session=session,
            now=self.tools.app.clock(),
            locale=self._locale(request),
            root=self.root,
            path=request.path_params,
            query=dict(list(request.query_params.items())[:FIELDS]),
            form=form,
            part=request.headers.get("x-desk-part") == "1",
        )

    def _answer(self, request: Request, session: Session, reply: Reply) -> Response:
        if isinstance(reply, Page):
            shown = {**self._everywhere(request, session), **reply.values}
            return rendering.page(reply.template, self._locale(request), shown, reply.status)
        if isinstance(reply, Goto):
            if reply.note:
                self._notes[session.name] = (reply.path.partition("#")[0], reply.kind, reply.note)
                while len(self._notes) > MOST_NOTES:
                    del self._notes[next(iter(self._notes))]
            return rendering.goto(f"{self.root}/desk{reply.path}")
        if isinstance(reply, Framed):
            return rendering.framed(reply)
        if isinstance(reply, Download):
            return rendering.download(reply)
        if isinstance(reply, Events):
            return rendering.events(reply)
        raise TypeError(f"{reply!r} is no answer")

    def _refusal(self, request: Request, session: Session, refused: Refused) -> Response:
        values = {**self._everywhere(request, session), "status": refused.status}
        values["why"] = said(refused.reason, self._locale(request).language)
        return rendering.page("refused.html", self._locale(request), values, refused.status)

    def _everywhere(self, request: Request, session: Session) -> dict[str, Any]:
        """What every page shows: where we are, and what the action before it came to."""
        path = request.url.path.removeprefix(self.root).removeprefix("/desk")
        return {
            "root": self.root,
            "desk": f"{self.root}/desk",
            "path": path,
            "title": self.tools.app.installation.config.title,
            "token": form_token(request.cookies.get(self.cookie, "")),
            "note": self._note(request, session, path),
            "now": self.tools.app.clock(),
        }

    def _note(self, request: Request, session: Session, path: str) -> tuple[str, str] | None:
        """What the page that a form leads to says once. No other page takes it: forms are tried in the background."""
        kept = self._notes.get(session.name)
        if kept is None or request.method != "GET" or kept[0] != path:
            return None
        del self._notes[session.name]
        return kept[1], kept[2]

    def _locale(self, request: Request) -> PageLocale:
        """The language that the browser likes best, else that of the installation."""
        own = self.tools.app.installation.config.page_locale
        return PageLocale(choose_language(request.headers.get("accept-language"), own.language), own.timezone)


def words(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is shown."""
    return message


async def open_desk(
    app: Application,
    config_path: Path,
    perform: Perform,
    *,
    status: Callable[[], Awaitable[Mapping[str, Any]]],
    health: Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]],
    proxies: tuple[Network, ...],
) -> Desk:
    """The desk of an installation, with the sessions of a former process."""
    thread = app.thread
    kept = await thread.call(lambda: thread.store.meta.get(SESSIONS))
    sessions = Sessions(app.clock, lambda text: thread.submit(lambda: thread.store.meta.put(SESSIONS, text)), kept)
    return Desk(Tools(app, config_path, perform, status, health, sessions), proxies)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    return rendering.static(name) if name in rendering.STATIC else Response(b"Not found.\n", 404)


def _is_prefetch(request: Request) -> bool:
    """Whether a browser or a preview asks ahead of a person."""
    told = f"{request.headers.get('sec-purpose', '')} {request.headers.get('purpose', '')}"
    return "prefetch" in told or "preview" in told


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name; of a file its text. Raises Refused."""
    told = request.headers.get("content-type", "")
    kind = told.partition(";")[0].strip().lower()
    if kind not in (_FORM, MULTIPART):
        raise Refused(415, words("expected a form"))
    try:
        body = await request.body()
        if kind == MULTIPART:
            pairs = parts_of(told, body, FIELDS)
        else:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ClientDisconnect as error:
        raise Refused(400, words("the form was cut off")) from error
    except ValueError as error:  # no UTF-8, or too many fields
        raise Refused(400, words("this is no form of ours")) from error
    return {name: value.replace("\r\n", "\n") for name, value in reversed(pairs)}
