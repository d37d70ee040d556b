"""One client's connection: uvicorn's, with deadlines, and two short ways to documents.

uvicorn has no deadline for a request's headers, so clients that send them very slowly would stay for ever (RELIABILITY
W2). A document that is ready is answered without a task and an ASGI cycle of its own, and the very request that was
answered so before without being parsed again (`repeated_requests.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ..document_routes import DocumentRoutes
from ..documents import Answer
from ..token_gate import Network, among
from .body_files import BodyFiles
from .repeated_requests import RepeatedRequests

RECEIVE_BUFFER = 65_536  # bytes that are taken from a client at once; one buffer for all clients
TOGETHER = 8_192  # bytes of a body that are copied behind their head, which costs less than to send two pieces
CHUNK = 262_144  # bytes handed to the transport at once: what a slow reader can make us buffer


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What one client may take up. Times in seconds, sizes in bytes."""

    head_seconds: float = 10.0  # for all headers of a request, from its first byte
    body_seconds: float = 10.0
    idle_seconds: float = 15.0  # between two requests
    write_seconds: float = 30.0  # without any progress
    connections: int = 512
    per_address: int | None = 32  # except for our own proxy, which serves many readers
    head: int = 16_384
    target: int = 8_192
    body: int = 65_536


@dataclass(slots=True)
class ServerState:
    """What the connections of a server share."""

    routes: DocumentRoutes
    limits: ServerLimits = ServerLimits()
    proxies: tuple[Network, ...] = ()  # of ours in front of the server
    connections: set[Connection] = field(default_factory=set)
    by_address: Counter[str] = field(default_factory=Counter)
    now: float = 0.0  # the loop's clock as of the last tick: good enough for deadlines of seconds
    dates: bytes = b""  # the Date header, made once a second
    repeated: RepeatedRequests = field(init=False)
    files: BodyFiles = field(default_factory=BodyFiles)
    heads: dict[bytes, bytes] = field(default_factory=dict)  # of answers without a body, with this second's date
    received: memoryview = field(default_factory=lambda: memoryview(bytearray(RECEIVE_BUFFER)))

    def __post_init__(self) -> None:
        self.repeated = RepeatedRequests(self.routes)

    def dated(self, dates: bytes) -> None:
        """From now on answers bear this Date header."""
        self.dates = dates
        self.heads.clear()

    def head_of(self, answer: Answer) -> bytes:
        """All of an answer that has no body, on a connection that is kept."""
        head = STATUS_LINE[answer.status] + answer.lines + self.dates + b"\r\n"
        self.heads[answer.lines] = head  # which tell the status, too: a 304 alone names no length
        return head


class _Refuse(Exception):
    """Raised in the parser's callbacks: the request is refused with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Sending:
    """An answer on its way, in the shape that uvicorn expects of its request cycles."""

    def __init__(self) -> None:
        self.keep_alive = True
        self.response_complete = True
        self.disconnected = False
        self.more_body = False
        self.body = bytearray()
        self.message_event = _NOBODY_WAITS


_NOBODY_WAITS = asyncio.Event()


class Connection(HttpToolsProtocol, asyncio.BufferedProtocol):
    """One client's connection, with deadlines and the short ways to documents."""

    def __init__(self, state: ServerState, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.state = state
        self.limits = state.limits
        self.address = ""
        self.phase = "idle"  # idle, head, body, work
        self.since = state.now
        self.head_bytes = 0
        self.header_bytes = 0
        self.body_bytes = 0
        self.messages = 0  # that began in what came last
        self.answered: Answer | None = None  # by the short way, to what came last
        self.socket: socket.socket | None = None
        self.sending = _Sending()
        self.rest: memoryview | None = None  # the unsent rest of a body
        self.progress: tuple[int, int] = (0, 0)
        self.progress_at = self.since

    # Connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport, self)
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family != socket.AF_UNIX:
            # an answer in two pieces must not wait for the acknowledgement of the first
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sock is not None:
            # the transport's own, without its methods hidden: it stays the transport's to close
            self.socket = socket.socket(sock.family, sock.type, sock.proto, sock.fileno())
        self.address = self.client[0] if self.client else ""
        self.state.connections.add(self)
        self.state.by_address[self.address] += 1
        limits = self.limits
        crowded = (
            limits.per_address is not None
            and self.state.by_address[self.address] > limits.per_address
            and not among(self.address, self.state.proxies)
        )
        if crowded or len(self.state.connections) > limits.connections:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        self.state.connections.discard(self)
        self.state.by_address[self.address] -= 1
        if self.state.by_address[self.address] <= 0:
            del self.state.by_address[self.address]
        self.rest = None
        if self.socket is not None:
            self.socket.detach()
        super().connection_lost(exc)

    def sweep(self, now: float) -> None:
        """End the connection when a deadline has passed. Called once a second."""
        limits, waited = self.limits, now - self.since
        if self.transport is None or self.transport.is_closing():
            if self.transport is not None and self._stalled(now):
                self.transport.abort()
            return
        if (self.phase == "head" and waited > limits.head_seconds) or (
            self.phase == "body" and waited > limits.body_seconds
        ):
            self._refuse(408)
        elif self.phase == "idle" and waited > limits.idle_seconds:
            self.transport.close()
        elif self._stalled(now):
            self.transport.abort()

    def _stalled(self, now: float) -> bool:
        """Whether the client has taken nothing for too long of what waits for it."""
        waiting = self.transport.get_write_buffer_size()
        progress = (waiting, len(self.rest) if self.rest is not None else 0)
        if progress != self.progress or not waiting:
            self.progress, self.progress_at = progress, now
            return False
        return now - self.progress_at > self.limits.write_seconds

    # Requests

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go; they are taken from there at once, so that all connections share it."""
        return self.state.received

    def buffer_updated(self, nbytes: int) -> None:
        state = self.state
        data = bytes(state.received[:nbytes])
        if self.phase != "idle":
            self.data_received(data)
            return
        found = state.repeated.answer(data)
        if found is not None:
            self.since = state.now
            if found.body:
                self._send(found, keep_alive=True, often=True)
            else:
                self.server_state.total_requests += 1
                self._say(state.heads.get(found.lines) or state.head_of(found))
            return
        self.messages, self.answered = 0, None
        self.data_received(data)
        self._learn(data)

    def _learn(self, data: bytes) -> None:
        """Remember what came as a whole request, if it was one and had its answer at once."""
        if self.answered is not None and self.phase == "idle" and self.messages == 1:
            self.state.repeated.learn(data, self.url, self.headers, self.answered)

    def data_received(self, data: bytes) -> None:
        if self.phase == "idle":
            self._enter("head")
            self.head_bytes = 0
        if self.phase == "head":
            self.head_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return  # no upgrade is supported; the request is answered without it
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, _Refuse) else 400)
            return
        if self.phase == "head" and self.head_bytes > self.limits.head + self.limits.target:
            self._refuse(431)

    def on_message_begin(self) -> None:
        # uvicorn's request cycle is made in on_headers_complete, and only for requests that need it.
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self.header_bytes = 0
        self.body_bytes = 0
        self.messages += 1
        self._enter("head")

    def on_url(self, url: bytes) -> None:
        self.url += url
        if len(self.url) > self.limits.target:
            raise _Refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self.header_bytes += len(name) + len(value) + 4
        if self.header_bytes > self.limits.head:
            raise _Refuse(431)
        if name == b"content-length" and value.isdigit() and int(value[:20]) > self.limits.body:
            raise _Refuse(413)
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._enter("body")
        self.head_bytes = 0
        if self.cycle is None or self.cycle.response_complete:
            method = self.parser.get_method()
            if method in (b"GET", b"HEAD"):
                answer = self.state.routes.quick(method, self.url, self.headers)
                if answer is not None:
                    keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
                    self.answered = answer if keep_alive else None
                    self._send(answer, keep_alive)
                    return
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        if self.body_bytes > self.limits.body:
            raise _Refuse(413)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.phase == "body":
            self._enter("idle" if self.cycle is None or self.cycle.response_complete else "work")
        super().on_message_complete()

    def on_response_complete(self) -> None:
        # As uvicorn does it, but without a timer for every request: idle connections are found by `sweep`.
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self.phase == "work":
            self._enter("idle")

    def _enter(self, phase: str) -> None:
        self.phase = phase
        self.since = self.state.now

    # Answers

    def _send(self, answer: Answer, keep_alive: bool, *, often: bool = False) -> None:
        end = b"\r\n" if keep_alive else b"connection: close\r\n\r\n"
        head = STATUS_LINE[answer.status] + answer.lines + self.state.dates + end
        # uvicorn puts a pipelined request's cycle in `cycle` while this one is still on its way
        sending = self.sending
        self.cycle = sending  # type: ignore[assignment]
        sending.keep_alive = keep_alive
        body = answer.body
        if len(body) <= TOGETHER:
            self.transport.write(head + body if body else head)
            self._sent()
            return
        sent = self._send_at_once(head, body, often)
        if sent == len(head) + len(body):
            self._sent()
            return
        sending.response_complete = False
        if sent < len(head):
            self.transport.write(head[sent:])
        self.rest = memoryview(body)[max(sent - len(head), 0) :]
        self.flow.pause_reading()
        self.pump()

    def _say(self, head: bytes) -> None:
        """Send an answer without a body, past the transport where nothing waits in it."""
        free = None if self.transport.get_write_buffer_size() else self.socket
        try:
            sent = 0 if free is None else free.send(head)
        except OSError:  # full, or gone: the transport finds out which
            sent = 0
        if sent < len(head):
            self.transport.write(head[sent:])

    def _send_at_once(self, head: bytes, body: bytes | memoryview, often: bool) -> int:
        """Hand the kernel an answer from where it lies, without a copy of ours; how many bytes it took."""
        if self.socket is None or self.transport.is_closing() or self.transport.get_write_buffer_size():
            return 0
        file = self.state.files.file_of(body) if often else None
        try:
            if file is None:
                return self.socket.sendmsg((head, body))
            sent = self.socket.send(head, socket.MSG_MORE)
        except OSError:  # full, or gone: the transport finds out which
            return 0
        if sent == len(head):
            with contextlib.suppress(OSError):
                sent += os.sendfile(self.socket.fileno(), file, 0, len(body))
        return sent

    def pump(self) -> None:
        """Write more of a large body, as far as the client reads it."""
        while self.rest is not None and not self.flow.write_paused:
            chunk, self.rest = self.rest[:CHUNK], self.rest[CHUNK:]
            self.transport.write(chunk)
            if not self.rest:
                self.rest = None
                self._sent()

    def _sent(self) -> None:
        self.sending.response_complete = True
        if not self.sending.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _refuse(self, status: int) -> None:
        """Send a short answer and close the connection."""
        if self.transport.is_closing():
            return
        retry = b"retry-after: 60\r\n" if status == 503 else b""
        self.transport.write(STATUS_LINE[status] + retry + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def shutdown(self) -> None:
        """The server stops: an idle connection ends now, one at work after its answer."""
        if self.rest is not None:
            self.sending.keep_alive = False
            return
        super().shutdown()


class _Flow(FlowControl):
    """uvicorn's flow control, which also goes on with a body of the short way."""

    def __init__(self, transport: asyncio.Transport, connection: Connection) -> None:
        super().__init__(transport)
        self._connection = connection

    def resume_writing(self) -> None:
        super().resume_writing()
        # Not at once: asyncio calls this during a write, and the transport must not be closed there.
        self._connection.loop.call_soon(self._connection.pump)
