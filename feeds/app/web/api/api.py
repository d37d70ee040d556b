"""The interface behind HTTP: who asks, for what, and the answer. Every refusal is problem+json (RFC 9457)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from hmac import compare_digest
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from scrapers import CopydeskError

from ....errors import StoreBusy
from ....store.tables.tokens import ApiToken, token_digest
from ..token_gate import Failures, Network, client_of, credentials
from .calls import ApiTools, Call, Endpoint, Refused, adapter
from .endpoints import ENDPOINTS
from .openapi import PROBLEM, document
from .values import Problem

log = structlog.get_logger()
ROOT = "/api/v1"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FIELDS = 20  # of a query string
AT_ONCE = 8  # requests of one token in progress


class Api:
    """The interface of an installation. Not safe for several threads: it belongs to the loop."""

    def __init__(self, tools: ApiTools, proxies: tuple[Network, ...]) -> None:
        self._tools = tools
        self._proxies = proxies
        self._tokens: tuple[ApiToken, ...] = ()
        self._failures = Failures()
        self._under_way: dict[str, int] = {}
        self._base_url = tools.app.installation.config.base_url
        self._prefix = urlsplit(self._base_url).path.rstrip("/")
        self._document = b""  # made when it is asked for first, which few ever do

    def set_tokens(self, tokens: Iterable[ApiToken]) -> None:
        """Set the known tokens; revoked ones stop working."""
        self._tokens = tuple(tokens)

    def routes(self) -> list[BaseRoute]:
        """What the web server is to send here."""
        roots = dict.fromkeys((ROOT, f"{self._prefix}{ROOT}"))  # a proxy in front may strip the prefix, or not
        return [Route(f"{root}/{{rest:path}}", self._answer, methods=list(METHODS)) for root in roots]

    async def _answer(self, request: Request) -> Response:
        path = f"/{request.path_params['rest']}"
        if path == "/openapi.json" and request.method in ("GET", "HEAD"):
            self._document = self._document or await asyncio.to_thread(self._told)
            return Response(self._document, media_type="application/json", headers={"cache-control": "max-age=300"})
        try:
            return await self._done(request, path)
        except Refused as refused:
            return problem(refused)
        except StoreBusy as error:
            return problem(Refused(503, error.reason, headers={"retry-after": "5"}))
        except CopydeskError as error:
            return problem(Refused(409, error.reason))

    def _told(self) -> bytes:
        """The endpoints as an OpenAPI document."""
        told = document(ENDPOINTS, f"{self._base_url}{ROOT}")
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    async def _done(self, request: Request, path: str) -> Response:
        token = self.token_of(request, "the interface")
        endpoint, places = _endpoint(request.method, path)
        if endpoint.scope not in token.scopes:
            raise Refused(403, f"the token {token.name} has not the scope {endpoint.scope}")
        query = _query(endpoint, request.url.query)
        body, named = await _body(endpoint, request)
        if self._under_way.get(token.name, 0) >= AT_ONCE:
            raise Refused(503, "this token has too many requests under way", headers={"retry-after": "5"})
        self._under_way[token.name] = self._under_way.get(token.name, 0) + 1
        try:
            call = Call(self._tools, token, self._tools.app.clock(), places, query, body, named)
            answer = await endpoint.handler(call)
        finally:
            self._under_way[token.name] -= 1
        headers = {"cache-control": "private, no-store"}
        if endpoint.status == 201:
            headers["location"] = f"{self._prefix}{ROOT}{path}/{answer.name}"
        data = adapter(endpoint.answer).dump_json(answer)
        return Response(data, endpoint.status, headers, media_type="application/json")

    def token_of(self, request: Request, what: str, shown: str | None = None) -> ApiToken:
        """The token that a request has, or that was `shown` otherwise. Raises Refused, as for who failed too often."""
        client = self._client(request)
        if self._failures.too_many(client):
            raise Refused(429, "too many tries; come back in a minute", headers={"retry-after": "60"})
        told = request.headers.get("authorization", "").encode() or None
        token = shown if shown is not None else credentials(told)
        challenge = {"www-authenticate": 'Bearer realm="copydesk"'}
        if token is None:
            if told is not None:
                self._failures.note(client)
            raise Refused(401, f"{what} needs a token: `copydesk token api add` makes one", headers=challenge)
        right, found = token_digest(token), None
        for known in self._tokens:  # compare with all of them, in constant time
            if compare_digest(known.digest, right):
                found = known
        if found is None:
            self._failures.note(client)
            raise Refused(401, "this token is not known", headers=challenge)
        return found

    def failed(self, request: Request) -> None:
        """Count a failed try of this client, such as a wrong signature. Raises Refused if it failed too often."""
        client = self._client(request)
        if self._failures.too_many(client):
            raise Refused(429, "too many tries; come back in a minute", headers={"retry-after": "60"})
        self._failures.note(client)

    def _client(self, request: Request) -> str:
        forwarded = request.headers.get("x-forwarded-for", "").encode() or None
        return client_of(request.client.host if request.client else "", forwarded, self._proxies)


def _endpoint(method: str, path: str) -> tuple[Endpoint, Mapping[str, str]]:
    there = [(one, places) for one in ENDPOINTS if (places := one.match(path)) is not None]
    if not there:
        raise Refused(404, f"there is nothing at {ROOT}{path[:200]}; {ROOT}/openapi.json tells what there is")
    for one, places in there:
        if one.method == method or (method == "HEAD" and one.method == "GET"):
            return one, places
    allowed = ", ".join(sorted({one.method for one, _ in there}))
    raise Refused(405, f"here is {allowed} alone", headers={"allow": allowed})


def _query(endpoint: Endpoint, text: str) -> dict[str, Any]:
    """Every parameter of an endpoint, missing ones with their default."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise Refused(400, f"more than {FIELDS} parameters") from error
    found: dict[str, Any] = {name: one.default for name, one in endpoint.query.items()}
    for name, value in pairs:
        if name not in endpoint.query:
            known = ", ".join(endpoint.query) or "none"
            raise Refused(400, f"{name[:60]}: is no parameter here; there are: {known}")
        found[name] = endpoint.query[name].read(name, value)
    return found


async def _body(endpoint: Endpoint, request: Request) -> tuple[Any, frozenset[str]]:
    """The value of the body, and the keys that it has."""
    if endpoint.body is None:
        return None, frozenset()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "the body should be application/json")
    try:
        told = json.loads(await request.body())
    except ClientDisconnect as error:
        raise Refused(400, "the body was cut off") from error
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"the body is no JSON: {error}"[:200]) from error
    try:
        return adapter(endpoint.body).validate_python(told), frozenset(told)
    except ValidationError as error:
        mistakes = [
            f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}"[:200] for one in error.errors()[:FIELDS]
        ]
        raise Refused(422, "the body is wrong: " + "; ".join(mistakes), errors=mistakes) from error


def problem(refused: Refused) -> Response:
    """The problem+json answer for a refused request."""
    told = Problem(HTTPStatus(refused.status).phrase, refused.status, refused.detail, **refused.members)
    data = adapter(Problem).dump_json(told, exclude_none=True)
    return Response(data, refused.status, {"cache-control": "no-store", **refused.headers}, media_type=PROBLEM)
