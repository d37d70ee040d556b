"""One request and its whole answer, within its limits of time and size."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import httpcore
import httpx

from scrapers.errors import FetchError, PageChanged, Refused, Unreachable
from scrapers.model import Kind

from ..guard import Target
from ..limits import Limits, welcome
from ..redact import redact
from . import headers as http_headers
from .inflate import Body, Corrupt, TooBig
from .stream import DEADLINE
from .transport import NoProxy, Transport

# httpx writes whole addresses at INFO, httpcore whole headers at DEBUG: passwords and tokens among them.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_DRAIN = 16_384  # bytes of an unwanted body that are read to keep the connection


@dataclass(frozen=True, slots=True)
class Raw:
    """One answer as it came, its body decoded."""

    status: int
    headers: http_headers.Pairs
    body: bytes
    location: str | None


class WorthAnotherTry(Exception):
    """A 5xx or a broken connection. `error` is raised when no try is left."""

    def __init__(self, error: FetchError) -> None:
        super().__init__(error.reason)
        self.error = error


class Connections:
    """The connections of one visit: httpx's requests and answers over a guarded transport of its own.

    An httpx client between them would add redirects, logins and cookies, none of which is used here, and took a fifth
    of what a request costs.
    """

    def __init__(self, transport: Transport, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._transport = transport
        self._monotonic = monotonic
        timeout = httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.write, pool=limits.read)
        self._extensions = {"timeout": timeout.as_dict()}

    async def aclose(self) -> None:
        """Closes the connections; an exchange under way ends with an error."""
        await self._transport.aclose()

    async def exchange(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        *,
        limit: int,
        seconds: float,
        kind: Kind = "page",
        content: bytes | None = None,
        any_answer: bool = False,
    ) -> Raw:
        """One request and its whole answer within `seconds`, at most `limit` bytes when decoded.

        The body is read for 200 and 203 only; with `any_answer` for every status and type, cut at the limit.
        Raises FetchError, PageChanged for a media type that does not fit `kind`, or WorthAnotherTry.
        """
        token = DEADLINE.set(self._monotonic() + seconds)
        try:
            told = {"Connection": "keep-alive", **headers}
            request = httpx.Request(method, target.url, headers=told, content=content, extensions=self._extensions)
            response = await self._transport.handle_async_request(request)
            try:
                wanted = any_answer or response.status_code in (200, 203)
                if wanted and not any_answer:
                    _check_head(response, limit, kind)
                cut = any_answer or not wanted or kind == "robots"
                return await self._whole(response, limit if wanted else _DRAIN, wanted, cut)
            finally:
                await response.aclose()
        except (FetchError, PageChanged) as error:
            error.url = error.url or redact(target.url)
            raise
        except TooBig as error:
            raise Unreachable(str(error), url=redact(target.url)) from error
        except Corrupt as error:
            raise Unreachable(f"the answer cannot be decoded: {error}", url=redact(target.url)) from error
        except (httpcore.TimeoutException, TimeoutError) as error:
            if self._monotonic() >= DEADLINE.get():
                raise Unreachable(f"no whole answer within {seconds:.0f} s", url=redact(target.url)) from error
            unconnected = isinstance(error, httpcore.ConnectTimeout)
            what = "connection" if unconnected else "data"
            raise WorthAnotherTry(
                Unreachable(f"no {what} in time", url=redact(target.url), unconnected=unconnected)
            ) from error
        except httpcore.ProxyError as error:
            raise _of_proxy(error, redact(target.url)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            unconnected = isinstance(error, httpcore.ConnectError) and not isinstance(error, NoProxy)
            raise WorthAnotherTry(
                Unreachable(_words(error), url=redact(target.url), unconnected=unconnected)
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpcore.UnsupportedProtocol) as error:
            raise Unreachable(
                f"the request could not be made: {type(error).__name__}", url=redact(target.url)
            ) from error
        finally:
            DEADLINE.reset(token)

    async def _whole(self, response: httpx.Response, limit: int, decoded: bool, cut: bool) -> Raw:
        headers: http_headers.Pairs = response.extensions["headers"]
        body = Body(http_headers.first(headers, "content-encoding") if decoded else None, limit, cut=cut)
        async for chunk in cast(httpx.AsyncByteStream, response.stream):  # as it came, not decoded
            if self._monotonic() > DEADLINE.get():
                raise TimeoutError
            body.feed(chunk)
            if body.full:
                break
        whole = body.finish()
        await response.aclose()
        surplus = await self._transport.drop_surplus()
        if surplus.strip(b"\r\n"):
            raise Unreachable("the server sent more than its answer")
        return Raw(response.status_code, headers, whole, response.extensions.get("location"))


def _check_head(response: httpx.Response, limit: int, kind: Kind) -> None:
    """What can be refused before the body is read: its type, and its length as announced."""
    headers: http_headers.Pairs = response.extensions["headers"]
    media_type, _ = http_headers.media_type(http_headers.first(headers, "content-type"))
    if media_type is not None and not welcome(media_type, kind):
        raise PageChanged(f"the answer is {media_type[:60]}, not what was asked for")
    length = http_headers.first(headers, "content-length")
    if kind not in ("robots", "file") and length is not None and length.isdigit() and int(length[:20]) > limit:
        raise TooBig(f"the answer is larger than {limit} bytes")


def _of_proxy(error: httpcore.ProxyError, shown: str) -> Exception:
    """What a proxy's refusal to connect means. Its own words are left out: they may be anything."""
    digits = str(error)[:3]
    status = int(digits) if digits.isascii() and digits.isdigit() else 502
    if status == 407:
        return Refused("the proxy wants another login (407)", url=shown, status=status)
    failed = Unreachable(f"the proxy gave no connection to the site ({status})", url=shown)
    return WorthAnotherTry(failed) if status >= 500 else failed


def _words(error: Exception) -> str:
    """A broken connection in words; the library's own text where it says more, without what the server sent."""
    text = str(error).partition(": bytearray(")[0].strip()[:200]
    if isinstance(error, NoProxy):
        return "no connection to the proxy"
    if isinstance(error, httpcore.ConnectError):
        return "no connection to the site" + (f": {text}" if text and "attempts failed" not in text else "")
    if "without sending a response" in text:
        return "the site closed the connection without an answer"
    if "without sending complete" in text or "incomplete chunked read" in text:
        return "the connection ended in the middle of the answer"
    if isinstance(error, httpcore.RemoteProtocolError):
        return f"the site's answer is not HTTP as it should be: {text}"
    return "the connection broke off" + (f": {text}" if text else "")
