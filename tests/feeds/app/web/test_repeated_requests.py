"""A request that came before is answered without being parsed again: byte for byte as it was the first time."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.app.web.document_routes import DocumentRoutes
from feeds.app.web.documents import answer
from feeds.app.web.server import ServerLimits, ServerState, body_files, repeated_requests
from feeds.app.web.server.body_files import BodyFiles
from feeds.app.web.server.connection import Connection
from tests.support.serving import DATE, WHEN, Running, make_folder, put, running
from tests.support.waiting import PATIENCE

FEED = "/t/ukraine.atom"
PATIENT = ServerLimits(PATIENCE, PATIENCE, PATIENCE, PATIENCE, per_address=None)


def request(path: str = FEED, *more: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: 127.0.0.1", *more, "", ""]).encode()


class Client:
    """A connection that stays open, and the answers that come over it."""

    def __init__(self, server: Running) -> None:
        self.sock = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        self.rest = b""

    def ask(self, data: bytes) -> bytes:
        """One answer without its Date; its end is found by its length."""
        self.sock.sendall(data)
        return self.answer(head=data.startswith(b"HEAD "))

    def answer(self, *, head: bool = False) -> bytes:
        while b"\r\n\r\n" not in self.rest:
            self._more()
        lines, _, self.rest = self.rest.partition(b"\r\n\r\n")
        kept = [line for line in lines.split(b"\r\n") if not line.lower().startswith(b"date: ")]
        assert len(kept) == lines.count(b"\r\n"), "each answer has one date"
        lengths = [int(line.split(b":")[1]) for line in kept if line.lower().startswith(b"content-length:")]
        length = 0 if head or kept[0].split()[1] in (b"304", b"204") else lengths[0]
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return b"\r\n".join(kept) + b"\r\n\r\n" + body

    def _more(self) -> None:
        chunk = self.sock.recv(65_536)
        assert chunk, self.rest
        self.rest += chunk


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    folder = make_folder(tmp_path / "public")
    put(folder, "s/courier.atom", os.urandom(400_000))
    with running(folder, limits=PATIENT) as server:
        yield server


@pytest.fixture
def long_way(tmp_path: Path, server: Running) -> Iterator[Running]:
    """The same folder behind a server that has the application answer everything."""
    with running(server.routes.folder, limits=PATIENT) as plain:
        plain.routes.quick = lambda *_: None  # type: ignore[method-assign]
        yield plain


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    client = Client(server)
    with client.sock:
        yield client


def tag(server: Running, coding: str = "identity", path: str = FEED) -> str:
    return server.get(path, {"Accept-Encoding": coding, "Host": "127.0.0.1"}).headers["etag"]


def repeated(server: Running, data: bytes) -> bool:
    """Whether a request is answered without being parsed, by the table itself."""
    return data in server.state.repeated._known


# what is asked, and whether the table may learn it
TABLE = [
    ((), True),
    (("Accept-Encoding: gzip",), True),
    (("Accept-Encoding: br, gzip;q=0.5",), True),
    (("Accept-Encoding: gzip", "If-None-Match: {gzip}"), True),
    (("accept-encoding: gzip", "if-none-match: W/{gzip}, \"other\"",), True),
    (("If-None-Match: {identity}", "Origin: https://reader.example"), True),
    (("If-None-Match: \"another\"",), True),
    (("If-None-Match: *",), True),
    ((f"If-Modified-Since: {DATE}",), True),
    (("If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT",), True),
    (("If-Modified-Since: nonsense",), True),
    (("User-Agent: a reader/1.0", "Accept: */*", "Accept-Language: de", "Cookie: a=b"), True),
    (("Range: bytes=0-9",), False),
    (("Range: bytes=90000-",), False),
    (("Range: lines=1-2",), False),
    (("Range: bytes=0-9", "If-Range: {identity}"), False),
    (("A-IM: feed", "If-None-Match: {identity}"), False),
    (("A-IM: feed", "If-None-Match: \"another\""), False),
    (("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"), False),
    (("Host: other.example",), False),
    (("Content-Length: 0",), True),
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("more", "learnt"), TABLE)
def test_the_short_way_answers_byte_for_byte_as_the_long_way(
    server: Running, long_way: Running, client: Client, method: str, more: tuple[str, ...], learnt: bool
) -> None:
    tags = {coding: tag(server, coding) for coding in ("identity", "gzip")}
    data = request(FEED, *(line.format(**tags) for line in more), method=method)
    other = Client(long_way)
    with other.sock:
        plain = [other.ask(data) for _ in range(3)]
    answers = [client.ask(data) for _ in range(4)]
    assert answers == [answers[0]] * 4
    assert [sorted(one.split(b"\r\n\r\n", 1)[0].split(b"\r\n")) for one in plain] == [
        sorted(answers[0].split(b"\r\n\r\n", 1)[0].split(b"\r\n"))
    ] * 3
    assert {one.split(b"\r\n\r\n", 1)[1] for one in plain} == {answers[0].split(b"\r\n\r\n", 1)[1]}
    assert repeated(server, data) is learnt


@pytest.mark.parametrize("path", ["/", "/opml.xml", "/t/ukraine", "/t/ukraine.json", "/t/ukraine.atom?x=y", "/nothing"])
def test_other_addresses_are_answered_alike_too(server: Running, long_way: Running, client: Client, path: str) -> None:
    other = Client(long_way)
    with other.sock:
        plain = other.ask(request(path))
    answers = [client.ask(request(path)) for _ in range(4)]
    assert answers == [answers[0]] * 4
    assert sorted(plain.split(b"\r\n")) == sorted(answers[0].split(b"\r\n"))


def test_large_documents_are_sent_whole_each_time(server: Running, client: Client) -> None:
    answers = [client.ask(request("/s/courier.atom")) for _ in range(5)]
    assert answers == [answers[0]] * 5
    assert answers[0].endswith((server.routes.folder / "s/courier.atom").read_bytes())
    assert repeated(server, request("/s/courier.atom"))


def test_a_changed_document_is_seen_within_a_second(server: Running, client: Client) -> None:
    poll = request(FEED, f"If-None-Match: {tag(server)}")
    for _ in range(3):
        assert client.ask(poll).startswith(b"HTTP/1.1 304 ")
    put(server.routes.folder, FEED[1:], b"<feed>changed</feed>", when=WHEN + 60, variants=False)
    server.routes._documents[FEED.encode()].looked = -1e9
    assert client.ask(poll).endswith(b"<feed>changed</feed>")
    poll = request(FEED, f"If-None-Match: {tag(server)}")
    assert [client.ask(poll)[:13] for _ in range(3)] == [b"HTTP/1.1 304 "] * 3


def test_a_document_that_went_is_not_answered_from_the_table(server: Running, client: Client) -> None:
    tag(server)
    for _ in range(3):
        assert client.ask(request()).startswith(b"HTTP/1.1 200 ")
    assert repeated(server, request())
    server.loop.call_soon_threadsafe(server.routes.set_places, {})
    server.get("/health")  # the table of places is set by now
    assert client.ask(request()).startswith(b"HTTP/1.1 404 ")
    assert not repeated(server, request())


def test_a_body_that_left_the_memory_is_not_held_by_the_table(server: Running, client: Client) -> None:
    tag(server)
    answers = [client.ask(request()) for _ in range(3)]
    server.routes._documents[FEED.encode()].made.clear()
    assert client.ask(request()) == answers[0]


def test_requests_in_pieces_and_several_at_once_are_parsed(server: Running, client: Client) -> None:
    tag(server)
    whole = client.ask(request())
    assert client.ask(request()) == whole
    first, second = request()[:30], request()[30:]
    client.sock.sendall(first)
    server.get("/health")
    assert client.ask(second) == whole
    client.sock.sendall(request() * 3)
    assert [client.answer() for _ in range(3)] == [whole] * 3
    client.sock.sendall(request() + first)
    assert client.answer() == whole
    server.get("/health")
    assert client.ask(second) == whole
    assert not repeated(server, request() * 3)


def test_clients_that_close_are_parsed_each_time(server: Running) -> None:
    tag(server)
    for data in (request(FEED, "Connection: close"), request(version="1.0")):
        for _ in range(3):
            answer = server.raw(data)
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"connection: close" in answer
        assert not repeated(server, data)


def test_answers_from_the_table_are_counted(server: Running, client: Client) -> None:
    tag(server)
    before = server.routes.answered[200]
    for _ in range(5):
        client.ask(request())
    assert server.routes.answered[200] == before + 5


def test_the_table_is_bounded(server: Running, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeated_requests, "MOST", 10)
    tag(server)
    for n in range(35):
        client.ask(request(FEED, f"User-Agent: reader {n}"))
    assert 0 < len(server.state.repeated._known) <= 10
    long = request(FEED, "User-Agent: " + "x" * repeated_requests.LONGEST)
    client.ask(long)
    assert not repeated(server, long)


def files_in_memory() -> int:
    """How many of this process are open."""
    links = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # one that was closed meanwhile
            links.append(os.readlink(f"/proc/self/fd/{name}"))
    return sum(link.startswith("/memfd:body") for link in links)


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="this system has no files in memory")
def test_files_of_bodies_are_bounded_and_given_back() -> None:
    files = BodyFiles(200_000)
    bodies = [bytes([n]) * 40_000 for n in range(12)]
    open_before = files_in_memory()
    for body in bodies:
        file = files.file_of(body)
        assert file is not None
        assert files.file_of(body) == file
        assert os.pread(file, 50_000, 0) == body
        assert files.size <= 200_000
    assert files_in_memory() == open_before + 5
    assert files.file_of(b"x" * (body_files.LEAST - 1)) is None
    assert files.file_of(b"x" * 100_000) is None  # one alone does not push out all others
    files.close()
    assert files.size == 0
    assert files_in_memory() == open_before


class Kernel:
    """A socket that takes so many bytes, or none at all."""

    def __init__(self, takes: int | None) -> None:
        self.takes, self.sent = takes, b""

    def send(self, data: bytes) -> int:
        if self.takes is None:
            raise BlockingIOError
        self.sent += data[: self.takes]
        return len(data[: self.takes])


class Waiting:
    """A transport in which so many bytes wait."""

    def __init__(self, waiting: int) -> None:
        self.waiting, self.written = waiting, b""

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, data: bytes) -> None:
        self.written += data


@pytest.mark.parametrize(
    ("takes", "waiting", "sent", "written"),
    [
        pytest.param(9, 0, b"an answer", b"", id="all at once"),
        pytest.param(3, 0, b"an ", b"answer", id="the rest waits"),
        pytest.param(None, 0, b"", b"an answer", id="the kernel is full"),
        pytest.param(9, 1, b"", b"an answer", id="behind what waits"),
    ],
)
def test_an_answer_without_a_body_goes_to_the_kernel_in_its_turn(
    takes: int | None, waiting: int, sent: bytes, written: bytes
) -> None:
    connection = object.__new__(Connection)
    kernel, transport = Kernel(takes), Waiting(waiting)
    connection.socket, connection.transport = kernel, transport  # type: ignore[assignment]
    connection._say(b"an answer")
    assert (kernel.sent, transport.written) == (sent, written)
    connection.socket = None  # of a transport that is no socket of ours
    connection._say(b", another")
    assert transport.written == written + b", another"


def test_answers_without_a_body_bear_the_date_of_their_second(tmp_path: Path) -> None:
    state = ServerState(DocumentRoutes(tmp_path, "https://feeds.example"))
    unchanged, head = answer(304, [("etag", "x")]), answer(200, [("etag", "x")], b"a body", head=True)
    state.dated(b"date: one\r\n")
    assert state.head_of(unchanged) == b"HTTP/1.1 304 Not Modified\r\netag: x\r\ndate: one\r\n\r\n"
    assert state.head_of(head) == b"HTTP/1.1 200 OK\r\netag: x\r\ncontent-length: 6\r\ndate: one\r\n\r\n"
    assert state.heads == {one.lines: state.head_of(one) for one in (unchanged, head)}, "they are told apart"
    assert len(state.heads) == 2
    state.dated(b"date: two\r\n")
    assert state.heads == {}
    assert state.head_of(unchanged).endswith(b"date: two\r\n\r\n")
