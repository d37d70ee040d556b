"""One exchange step by step, over a transport in memory: what of an answer is read, and what each trouble is called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import AsyncMock, Mock

import httpcore
import httpx
import pytest

from scrapers import Limits
from scrapers.errors import CopydeskError, PageChanged, Refused, Unreachable
from scrapers.fetch.guard import checked
from scrapers.fetch.http.exchange import Connections, WorthAnotherTry
from scrapers.fetch.http.stream import DEADLINE
from scrapers.fetch.http.transport import NoProxy
from tests.support.waiting import PATIENCE

URL = "https://courier.example/a?token=b"
SHOWN = "https://courier.example/a?token=***"


class Answer(httpx.AsyncByteStream):
    """A body in pieces; each takes some seconds of the clock."""

    def __init__(self, pieces: list[bytes], clock: list[float], seconds: float) -> None:
        self.pieces, self.clock, self.seconds, self.closed = pieces, clock, seconds, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.pieces:
            self.clock[0] += self.seconds
            yield self.pieces.pop(0)

    async def aclose(self) -> None:
        self.closed += 1


def exchanged(
    status: int | Exception = 200,
    headers: dict[str, str] | None = None,
    pieces: tuple[bytes, ...] = (b"abc", b"de"),
    *,
    surplus: bytes = b"",
    seconds: float = 0.0,
    late: float = 0.0,
    **how: Any,
) -> Any:
    """The answer, or the error; the body has to be closed in any case."""
    clock = [1000.0]
    body = Answer(list(pieces), clock, seconds)
    told = tuple((headers or {}).items())

    async def handle(request: httpx.Request) -> httpx.Response:
        clock[0] += late
        asked.append(request)
        if isinstance(status, Exception):
            raise status
        return httpx.Response(status, stream=body, extensions={"headers": told, "location": "/b"})

    asked: list[httpx.Request] = []
    transport = Mock(handle_async_request=handle, drop_surplus=AsyncMock(return_value=surplus), aclose=AsyncMock())
    limits = Limits(connect=1.0, read=2.0, write=3.0)

    async def go() -> Any:
        async with asyncio.timeout(PATIENCE):
            one = Connections(transport, limits, lambda: clock[0])
            arguments = {"limit": 5, "seconds": 10.0} | how
            found = await one.exchange("GET", checked(URL), {"A": "b", "Connection": "close"}, **arguments)
            await one.aclose()
            transport.aclose.assert_awaited_once_with()
            return found

    try:
        found = asyncio.run(go())
    except (CopydeskError, WorthAnotherTry) as error:
        found = error
    (request,) = asked
    assert (request.method, str(request.url), request.headers["A"], request.headers["Connection"]) == (
        "GET", URL, "b", "close",
    )  # fmt: skip
    assert request.extensions["timeout"] == {"connect": 1.0, "read": 2.0, "write": 3.0, "pool": 2.0}
    assert isinstance(status, Exception) or body.closed
    return found


HTML, PICTURE = {"content-type": "text/html"}, {"content-type": "image/png"}


@pytest.mark.parametrize(
    ("status", "headers", "how", "body"),
    [
        (200, HTML, {}, b"abcde"),
        (203, HTML, {}, b"abcde"),
        (200, {}, {}, b"abcde"),
        (200, {**HTML, "content-length": "5"}, {}, b"abcde"),
        (404, PICTURE, {}, b"abcde"),
        (404, {**HTML, "content-length": "99", "content-encoding": "gzip"}, {}, b"abcde"),
        (302, PICTURE, {}, b"abcde"),
        (200, PICTURE, {"any_answer": True}, b"abcde"),
        (200, PICTURE, {"any_answer": True, "limit": 4}, b"abcd"),
        (500, {"content-length": "99"}, {"any_answer": True, "limit": 4}, b"abcd"),
        (200, {"content-length": "99"}, {"kind": "robots", "limit": 4}, b"abcd"),
        (200, {"content-length": "99"}, {"kind": "file", "pieces": ()}, b""),
    ],
)
def test_what_is_read_of_an_answer(status: int, headers: dict[str, str], how: dict[str, Any], body: bytes) -> None:
    raw = exchanged(status, headers, **how)
    assert (raw.status, raw.headers, raw.body, raw.location) == (status, tuple(headers.items()), body, "/b")


@pytest.mark.parametrize(
    ("headers", "how", "kind", "reason"),
    [
        (PICTURE, {}, PageChanged, "the answer is image/png, not what was asked for"),
        ({"content-type": f"a/{'x' * 100}"}, {}, PageChanged, f"the answer is a/{'x' * 58}, not what was asked for"),
        ({**HTML, "content-length": "6"}, {}, Unreachable, "the answer is larger than 5 bytes"),
        (HTML, {"limit": 4}, Unreachable, "the answer is larger than 4 bytes"),
        ({"content-encoding": "gzip"}, {}, Unreachable, "the answer cannot be decoded: the gzip data are damaged"),
        (HTML, {"surplus": b"\r\nmore"}, Unreachable, "the server sent more than its answer"),
        (HTML, {"seconds": 6.0}, Unreachable, "no whole answer within 10 s"),
    ],
)
def test_what_of_an_answer_is_refused(
    headers: dict[str, str], how: dict[str, Any], kind: type[CopydeskError], reason: str
) -> None:
    error = exchanged(200, headers, **how)
    assert (type(error), error.reason) == (kind, reason)
    assert error.url == SHOWN


def test_line_breaks_behind_an_answer_are_no_surplus_and_ten_seconds_are_enough() -> None:
    assert exchanged(200, HTML, surplus=b"\r\n\r\n", seconds=5.0).body == b"abcde"


@pytest.mark.parametrize(
    ("error", "late", "reason", "unconnected", "again"),
    [
        (httpcore.ReadTimeout("x"), 0.0, "no data in time", False, True),
        (httpcore.ConnectTimeout("x"), 0.0, "no connection in time", True, True),
        (TimeoutError(), 0.0, "no data in time", False, True),
        (TimeoutError(), 10.0, "no whole answer within 10 s", False, False),
        (httpcore.ConnectTimeout("x"), 10.0, "no whole answer within 10 s", False, False),
        (httpcore.ConnectError("All connection attempts failed"), 0.0, "no connection to the site", True, True),
        (httpcore.ConnectError("refused"), 0.0, "no connection to the site: refused", True, True),
        (NoProxy("x"), 0.0, "no connection to the proxy", False, True),
        (httpcore.ReadError(""), 0.0, "the connection broke off", False, True),
        (OSError("reset"), 0.0, "the connection broke off: reset", False, True),
        (
            httpcore.RemoteProtocolError("Server disconnected without sending a response."), 0.0,
            "the site closed the connection without an answer", False, True,
        ),
        (
            httpcore.RemoteProtocolError("peer closed without sending complete message body (received 1)"), 0.0,
            "the connection ended in the middle of the answer", False, True,
        ),
        (
            httpcore.RemoteProtocolError("odd: bytearray(b'secret')"), 0.0,
            "the site's answer is not HTTP as it should be: odd", False, True,
        ),
        (httpcore.UnsupportedProtocol("x"), 0.0, "the request could not be made: UnsupportedProtocol", False, False),
        (httpx.InvalidURL("x"), 0.0, "the request could not be made: InvalidURL", False, False),
        (httpcore.ProxyError("502 Bad"), 0.0, "the proxy gave no connection to the site (502)", False, True),
        (httpcore.ProxyError("odd"), 0.0, "the proxy gave no connection to the site (502)", False, True),
        (httpcore.ProxyError("403 No"), 0.0, "the proxy gave no connection to the site (403)", False, False),
    ],
)  # fmt: skip
def test_each_trouble_has_its_words_and_whether_another_try_is_worth_it(
    error: Exception, late: float, reason: str, unconnected: bool, again: bool
) -> None:
    found = exchanged(error, late=late)
    assert isinstance(found, WorthAnotherTry) is again
    told = found.error if again else found
    assert (type(told), told.reason, told.url, told.unconnected) == (Unreachable, reason, SHOWN, unconnected)


def test_a_proxy_that_wants_another_login_refuses() -> None:
    found = exchanged(httpcore.ProxyError("407 Proxy Authentication Required"))
    assert (type(found), found.reason, found.status) == (Refused, "the proxy wants another login (407)", 407)


def test_the_deadline_of_a_request_is_over_with_it() -> None:
    async def go() -> None:
        DEADLINE.set(7.0)
        transport = Mock(handle_async_request=AsyncMock(side_effect=OSError("x")))
        with pytest.raises(WorthAnotherTry):
            await Connections(transport, Limits(), lambda: 1.0).exchange("GET", checked(URL), {}, limit=1, seconds=3.0)
        assert DEADLINE.get() == 7.0

    asyncio.run(go())
