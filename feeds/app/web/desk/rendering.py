"""Values of pages → answers: templates, and the headers that keep a browser to what a page needs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from starlette.responses import FileResponse, Response, StreamingResponse

from ....messages import PageLocale
from ....render.pages import ASSETS, asset
from .templating import FOLDER, templates
from .values import Download, Events, Framed

STATIC = {"desk.css": "text/css", "desk.js": "text/javascript", "icon.svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # `Origin` of a form would be "null" with no-referrer (Fetch standard)
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


def page(name: str, locale: PageLocale, values: Mapping[str, Any], status: int = 200) -> Response:
    """A page of a template."""
    text = templates(locale).get_template(name).render(**values)
    headers = {**_HEADERS, "content-security-policy": _POLICY}
    return Response(text.encode("utf-8", "replace"), status, headers, "text/html; charset=utf-8")


def framed(told: Framed) -> Response:
    """A document inside a page of ours: no scripts, no forms, nothing loaded but what is allowed here."""
    styles = " ".join(f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in told.styles)
    policy = [
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
        "default-src 'none'",
        f"style-src {styles or chr(39) + 'none' + chr(39)}",
        f"img-src {'https: http:' if told.pictures else chr(39) + 'none' + chr(39)}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
    headers = {**_HEADERS, "content-security-policy": "; ".join(policy), "referrer-policy": "no-referrer"}
    return Response(told.html, 200, headers, "text/html; charset=utf-8")


def events(told: Events) -> Response:
    """Server-sent events (HTML standard, § 9.2)."""

    async def lines() -> AsyncIterator[str]:
        async for name, data in told.lines:
            yield f"event: {name}\n" + "".join(f"data: {line}\n" for line in data.splitlines() or [""]) + "\n"

    return StreamingResponse(lines(), 200, _safe(), "text/event-stream")


def download(told: Download) -> Response:
    """A file to keep."""
    return FileResponse(told.file, 200, _safe(), told.media_type, filename=told.name)


def static(name: str) -> Response:
    """One of our own files."""
    text, tag = _file(name)
    headers = {**_safe(), "cache-control": "no-cache", "etag": tag}
    return Response(text, 200, headers, f"{STATIC[name]}; charset=utf-8")


def goto(address: str) -> Response:
    """Another page, after an action."""
    return Response(b"", 303, {**_safe(), "location": address})


def _safe() -> dict[str, str]:
    return {**_HEADERS, "content-security-policy": "default-src 'none'; frame-ancestors 'none'"}


@lru_cache(len(STATIC))
def _file(name: str) -> tuple[bytes, str]:
    text = asset(name) if name in ASSETS else (FOLDER / name).read_bytes()
    return text, f'"{sha256(text).hexdigest()[:16]}"'
