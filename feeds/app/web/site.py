"""The web application (ASGI): the published folder, the health of the installation, and the hub.

`build` makes it over a `Site`. `serving.py` runs it in the daemon's loop.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, request_response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .document_routes import DocumentRoutes
from .documents import Answer
from .image_proxy import Pictures
from .reading import ReaderPages
from .server import CHUNK
from .token_gate import Network, client_of

log = structlog.get_logger()
T = TypeVar("T")
Health = Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]]
Hub = Callable[[Mapping[str, str], str], Awaitable[tuple[int, str]]]
"""What a form sent to /hub leads to: form and client address → status and a word of explanation."""


@dataclass(slots=True)
class Site:
    """What the web server shows: the documents, and where the rest comes from."""

    routes: DocumentRoutes
    health: Health
    status: Callable[[], Awaitable[Mapping[str, Any]]]
    metrics: Callable[[], Awaitable[tuple[str, bytes]]] | None = None  # media type and text
    hub: Hub | None = None
    further: Iterable[BaseRoute] = field(default_factory=tuple)
    pictures: Pictures | None = None
    pages: ReaderPages | None = None  # of stories, days and searches
    proxies: tuple[Network, ...] = ()  # of ours in front of the server, which tell who the client is


_SAFE = {
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-store",
}


def build(site: Site) -> Starlette:
    """The application: documents, /health, /status.json, /metrics and /hub. Works in any ASGI server."""

    def client(request: Request, forwarded: bytes | None) -> str:
        return client_of(request.client.host if request.client else "", forwarded, site.proxies)

    async def health(request: Request) -> Response:
        fine, facts = await site.health()
        return _json(facts, 200 if fine else 503)

    async def status_json(request: Request) -> Response:
        return _json(await site.status())

    async def metrics(request: Request) -> Response:
        if site.metrics is None:
            return PlainTextResponse("Not found.\n", 404)
        media_type, text = await site.metrics()
        return Response(text, media_type=media_type)

    async def hub(request: Request) -> Response:
        if site.hub is None:
            return PlainTextResponse("Not found.\n", 404)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return PlainTextResponse("Expected a form (application/x-www-form-urlencoded).\n", 415)
        try:
            form = _form(await request.body())
        except ClientDisconnect:  # the client disconnected while sending its form
            return PlainTextResponse("The form was cut off.\n", 400)
        code, words = await site.hub(form, client(request, request.headers.get("x-forwarded-for", "").encode() or None))
        return PlainTextResponse(words + "\n" if words else "", code)

    async def document(request: Request) -> Response:
        headers: dict[bytes, bytes] = {}
        for name, value in request.headers.raw:
            headers.setdefault(name, value)
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        path = request.scope["path"].removeprefix(site.routes.prefix.decode())
        if path.startswith("/i/") and site.pictures is not None and request.method in ("GET", "HEAD"):
            picture = await site.pictures.answer(path, request.headers.get("if-none-match"))
            return PlainTextResponse("Not found.\n", 404) if picture is None else picture
        asker = client(request, headers.get(b"x-forwarded-for"))
        if site.pages is not None:  # before the documents: to their gate, `/t/NAME/search` may look like a wrong token
            made = await site.pages.answer(request.method, raw, request.scope["query_string"], headers, asker)
            if made is not None:
                return _Ready(made)
        found = site.routes.find(request.method, raw, request.scope["query_string"], headers, asker)
        return PlainTextResponse("Not found.\n", 404) if found is None else _Ready(found)

    routes = [
        Route("/health", health),
        Route("/status.json", status_json),
        Route("/metrics", metrics),
        Route("/hub", hub, methods=["POST"]),
        *site.further,
    ]
    app = Starlette(routes=routes)
    app.router.default = request_response(document)
    app.add_middleware(_Gate, routes=site.routes)
    return app


class _Gate:
    """Refuses foreign Host names (W4), and adds security headers to answers without them."""

    def __init__(self, app: ASGIApp, routes: DocumentRoutes) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"there is nothing but HTTP here, no {scope['type']}")

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                bare = message["status"] in (226, 304)  # nothing in them is for a browser to show
                if b"content-security-policy" not in present and not bare:  # documents have all of theirs
                    message["headers"] = headers + [(n, v) for n, v in _SAFE.items() if n not in present]
            await send(message)

        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            await PlainTextResponse("A request names one host.\n", 400)(scope, receive, safely)
        elif not self.routes.host_allowed(hosts[0]):
            await PlainTextResponse("This server does not answer under that name.\n", 421)(scope, receive, safely)
        else:
            await self.app(scope, receive, safely)


class _Ready(Response):
    """The answer with a document as it is."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.background = None
        self.body = bytes(answer.body)
        self.raw_headers = list(answer.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the body in pieces, so that the server can wait for a slow client."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        view = memoryview(self.body)
        while len(view) > CHUNK:
            await send({"type": "http.response.body", "body": bytes(view[:CHUNK]), "more_body": True})
            view = view[CHUNK:]
        await send({"type": "http.response.body", "body": bytes(view)})


def _json(facts: Mapping[str, Any], code: int = 200) -> Response:
    text = json.dumps(facts, ensure_ascii=False, default=_plainly, indent=1)
    return Response(text.encode("utf-8", "replace"), code, media_type="application/json")


def _plainly(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} is no fact for the status")


def _form(body: bytes) -> dict[str, str]:
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return dict(reversed(pairs))  # the first of a name counts
