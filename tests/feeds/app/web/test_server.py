"""The server under clients that are slow, greedy or broken, and how it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from feeds.app.web import Site, build
from feeds.app.web.document_routes import DocumentRoutes, Place
from feeds.app.web.server import Connection, ServerLimits, ServerState, listening, quiet_server
from tests.support.serving import ATOM, PLACES, Running, make_folder, put, running
from tests.support.waiting import PATIENCE, until, until_in_loop

QUICK = ServerLimits(head_seconds=0.6, body_seconds=0.6, idle_seconds=1.0, write_seconds=0.6, per_address=None)
PATIENT = ServerLimits(PATIENCE, PATIENCE, PATIENCE, PATIENCE, per_address=None)  # for what is not about time
FEED = b"/t/ukraine.atom"
OURS = {"Host": "127.0.0.1"}  # as `ask` has it: what was asked for under a name goes the short way under it


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "public")


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for the tests that leave its folder alone."""
    with running(make_folder(tmp_path_factory.mktemp("site") / "public"), limits=PATIENT) as server:
        server.get(FEED.decode(), OURS)  # from now on by the short way
        yield server


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same with small limits, for the tests that wait for them."""
    with running(make_folder(tmp_path_factory.mktemp("site") / "public"), limits=QUICK) as server:
        server.get(FEED.decode(), OURS)  # from now on by the short way
        yield server


def ask(path: bytes = FEED, *more: bytes) -> bytes:
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Host: 127.0.0.1", *more, b"", b""])


def dial(server: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)


def all_of(sock: socket.socket) -> bytes:
    received = b""
    while True:
        try:
            chunk = sock.recv(65_536)
        except ConnectionError:
            return received
        if not chunk:
            return received
        received += chunk


def ended(server: Running, data: bytes, soon: float) -> tuple[bytes, float]:
    """What comes until the server ends the connection, and after how many seconds; once more where that is not soon."""
    for _ in range(4):
        started = time.monotonic()
        with dial(server) as sock:
            sock.sendall(data)
            answer = all_of(sock)
        took = time.monotonic() - started
        if took < soon:
            break
    return answer, took


def test_two_hundred_clients_that_dribble_headers_are_ended(quick: Running) -> None:
    """Each sends a byte a moment, so no deadline per byte would ever end it."""
    clients = [dial(quick) for _ in range(200)]
    started = time.monotonic()
    open_ones = set(clients)
    while open_ones and time.monotonic() - started < PATIENCE:
        for sock in list(open_ones):
            try:
                sock.sendall(b"G" if sock is clients[0] else b"X")
            except OSError:
                open_ones.discard(sock)
        assert quick.get(FEED.decode()).status == 200  # others are served meanwhile
        time.sleep(0.1)
    for sock in clients:
        sock.close()
    assert not open_ones


def test_the_deadline_for_headers_is_absolute_and_told(quick: Running) -> None:
    answer, took = ended(quick, b"GET " + FEED + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n", 9.0)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 0.3 < took < 9.0  # not the ten seconds of the default


def test_an_idle_connection_is_closed(quick: Running) -> None:
    answer, took = ended(quick, ask(), 14.0)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert 0.8 < took < 14.0  # not the fifteen seconds of the default


def test_a_form_that_never_ends_is_ended(quick: Running) -> None:
    with dial(quick) as sock:
        sock.sendall(b"POST /hub HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n")
        sock.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nhub.mode=")
        assert all_of(sock).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("asked_before", [True, False])  # by the short way, by the long way
def test_a_client_that_takes_nothing_is_ended_and_holds_little(folder: Path, asked_before: bool) -> None:
    put(folder, "t/ukraine.atom", os.urandom(8_000_000), variants=False)
    with running(folder, limits=QUICK) as server:
        if asked_before:
            server.get("/t/ukraine.atom", OURS, method="HEAD")
        with dial(server) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.sendall(ask())
            seen: list[int] = []

            def over() -> bool:
                seen.extend(connection.transport.get_write_buffer_size() for connection in _connections(server))
                return bool(seen) and not _connections(server)

            until(over, "the connection is ended")
            assert max(seen) <= 300_000


def _connections(server: Running) -> list[Connection]:
    return list(server.state.connections)


def test_a_client_that_takes_slowly_gets_everything(folder: Path) -> None:
    body = os.urandom(3_000_000)
    put(folder, "t/ukraine.atom", body, variants=False)
    for limit in (0.6, 2.4, 9.6):  # a machine that stands still for so long makes it a client that takes nothing
        with running(folder, limits=replace(PATIENT, write_seconds=limit)) as server:
            server.get("/t/ukraine.atom", OURS, method="HEAD")
            with dial(server) as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
                sock.sendall(ask(FEED, b"Connection: close"))
                received, begun = b"", time.monotonic()
                with contextlib.suppress(ConnectionError):
                    while chunk := sock.recv(50_000):
                        received += chunk
                        time.sleep(limit / 50)
        if received.partition(b"\r\n\r\n")[2] == body:
            break
    assert received.partition(b"\r\n\r\n")[2] == body
    assert time.monotonic() - begun > limit, "as a whole it took longer than the limit"


def test_several_requests_over_one_connection(patient: Running) -> None:
    with dial(patient) as sock:
        for path in (FEED, b"/status.json", FEED, b"/nothing", b"/t/ukraine.rss", FEED):
            sock.sendall(ask(path))
            head = _head(sock)
            assert head.startswith(b"HTTP/1.1 404 " if path == b"/nothing" else b"HTTP/1.1 200 ")


def _head(sock: socket.socket) -> bytes:
    """Reads one answer off a connection that stays open; gives its head."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += sock.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(lines.get(b"content-length", b"0")):
        body += sock.recv(65_536)
    assert len(body) == int(lines.get(b"content-length", b"0"))
    return head


def test_requests_sent_at_once_are_answered_in_order(patient: Running) -> None:
    """Long way and short way mixed: the answers must not overtake each other."""
    paths = [FEED, b"/status.json", FEED, b"/nothing", FEED, b"/health", b"/opml.xml"] * 5
    patient.get("/opml.xml", OURS)
    with dial(patient) as sock:
        sock.sendall(b"".join(ask(path) for path in paths[:-1]) + ask(paths[-1], b"Connection: close"))
        answer = all_of(sock)
    kinds = []
    while answer:
        head, _, rest = answer.partition(b"\r\n\r\n")
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        kinds.append((head.split(b" ")[1], lines[b"content-type"].split(b";")[0]))
        answer = rest[int(lines[b"content-length"]) :]
    expected = {
        FEED: (b"200", b"application/atom+xml"),
        b"/status.json": (b"200", b"application/json"),
        b"/health": (b"200", b"application/json"),
        b"/nothing": (b"404", b"text/plain"),
        b"/opml.xml": (b"200", b"text/x-opml"),
    }
    assert kinds == [expected[path] for path in paths]


def test_large_answers_sent_at_once_do_not_mix(folder: Path) -> None:
    put(folder, "t/ukraine.atom", b"a" * 2_000_000, variants=False)
    put(folder, "t/ukraine.rss", b"r" * 2_000_000, variants=False)
    with running(folder, limits=PATIENT) as server:
        for path in ("/t/ukraine.atom", "/t/ukraine.rss"):
            server.get(path, OURS, method="HEAD")
        with dial(server) as sock:
            sock.sendall(ask() + ask(b"/t/ukraine.rss") + ask() + ask(b"/status.json", b"Connection: close"))
            answer = all_of(sock)
        for letter in (b"a", b"r", b"a"):
            _, _, answer = answer.partition(b"\r\n\r\n")
            assert answer[:2_000_000] == letter * 2_000_000
            answer = answer[2_000_000:]
        assert answer.startswith(b"HTTP/1.1 200 ")


def test_old_and_closing_clients(patient: Running) -> None:
    for request in (
        b"GET " + FEED + b" HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
        ask(FEED, b"Connection: close"),
        ask(b"/status.json", b"Connection: close"),
    ):
        answer = patient.raw(request)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in answer.lower()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (ask(b"/" + b"a" * 9_000), 414),
        (ask(FEED, b"X: " + b"a" * 17_000), 431),
        (ask(FEED, *[b"X-%d: y" % i for i in range(4000)]), 431),
        (b"GET " + FEED + b" HTTP/1.1\r\nX: " + b"a" * 60_000, 431),
        (b"GET /" + b"a" * 60_000, 414),
        (ask(FEED, b"Content-Length: 70000"), 413),
        (b"\x00\x01\x02\x03\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET\r\n\r\n", 400),
        (b"NONSENSE / HTTP/1.1\r\n\r\n", 400),
        (b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (ask(FEED, b"no colon"), 400),
        (ask(FEED, b"Content-Length: -1"), 400),
        (ask(FEED, b"Content-Length: 1", b"Transfer-Encoding: chunked"), 400),
    ],
)
def test_requests_that_are_none(patient: Running, request_: bytes, status: int) -> None:
    with dial(patient) as sock:
        sock.sendall(request_)
        answer = all_of(sock)
    assert b"Traceback" not in answer
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:100]
    assert patient.get(FEED.decode()).status == 200


def test_a_body_that_grows_too_large_is_refused(patient: Running) -> None:
    with dial(patient) as sock:
        sock.sendall(b"POST /hub HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n")
        sock.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                sock.sendall(b"1000\r\n" + b"a" * 4096 + b"\r\n")
        answer = all_of(sock)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    assert not patient.hub_forms


def test_another_protocol_is_not_spoken(patient: Running) -> None:
    for upgrade in (b"websocket", b"h2c"):
        answer = patient.raw(ask(FEED, b"Connection: Upgrade, close", b"Upgrade: " + upgrade))
        assert answer.startswith(b"HTTP/1.1 200 ")


def test_one_address_gets_so_many_connections(folder: Path) -> None:
    with running(folder, limits=ServerLimits(per_address=5)) as server:
        clients = [dial(server) for _ in range(5)]
        for sock in clients:
            sock.sendall(ask())
            assert _head(sock).startswith(b"HTTP/1.1 200 ")
        with dial(server) as sixth:
            answer = all_of(sixth)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"retry-after" in answer
        clients.pop().close()
        until(lambda: server.state.by_address["127.0.0.1"] <= 4, "its place is free")
        assert server.get(FEED.decode()).status == 200
        for sock in clients:
            sock.close()


def test_a_proxy_of_ours_brings_as_many_readers_as_there_are(folder: Path) -> None:
    with running(folder, limits=ServerLimits(per_address=5)) as server:
        server.state.proxies = (ipaddress.ip_network("127.0.0.0/8"),)
        clients = [dial(server) for _ in range(12)]
        for sock in clients:
            sock.sendall(ask())
        assert [_head(sock)[:13] for sock in clients] == [b"HTTP/1.1 200 "] * 12
        for sock in clients:
            sock.close()


def test_no_answer_waits_for_the_acknowledgement_of_a_part_of_it(folder: Path) -> None:
    with running(folder) as server, dial(server) as sock:
        reader = sock.makefile("rb")
        for path in (b"/t/unknown.atom", b"/health", b"/status.json"):
            times: list[float] = []
            while len(times) < 6 or (len(times) < 60 and min(times[1:]) >= 0.03):  # of a busy machine the quickest
                begun = time.perf_counter()
                sock.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: news.example\r\n\r\n")
                length = 0
                while (line := reader.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                assert len(reader.read(length)) == length
                times.append(time.perf_counter() - begun)
            assert min(times[1:]) < 0.03, (path, times)  # the kernel waits 40 ms for an acknowledgement
        (connection,) = server.state.connections
        own = connection.transport.get_extra_info("socket")
        assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_all_together_get_so_many_connections(folder: Path) -> None:
    with running(folder, limits=ServerLimits(per_address=None, connections=8)) as server:
        clients = [dial(server) for _ in range(8)]
        for sock in clients:
            sock.sendall(ask())
            _head(sock)
        with dial(server) as ninth:
            assert all_of(ninth).startswith(b"HTTP/1.1 503 ")
        for sock in clients:
            sock.close()


def test_a_file_that_vanishes_is_404_by_the_short_way_too(folder: Path) -> None:
    with running(folder, limits=PATIENT) as server:
        assert server.get(FEED.decode(), OURS).status == 200
        (folder / "t/ukraine.atom").unlink()
        server.routes._documents[FEED].looked = -1e9
        assert server.get(FEED.decode(), OURS).status == 404


def test_a_bug_of_the_application_is_500_without_details(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    routes = DocumentRoutes(folder, "http://news.example", places=PLACES)

    async def broken() -> dict[str, object]:
        raise RuntimeError("secret detail")

    async def health() -> tuple[bool, dict[str, object]]:
        return True, {}

    async def go() -> bytes:
        server = quiet_server(build(Site(routes, health, broken)), ServerState(routes), keep_for_stop=1)
        sock = listening("127.0.0.1", 0)
        task = asyncio.create_task(server.serve(sockets=[sock]))
        await server.ready.wait()
        reader, writer = await asyncio.open_connection("127.0.0.1", sock.getsockname()[1])
        writer.write(ask(b"/status.json", b"Connection: close"))
        answer = await reader.read()
        writer.close()
        server.should_exit = True
        await task
        return answer

    answer = asyncio.run(go())
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in answer
    assert "secret detail" in caplog.text


def test_signals_are_left_to_the_daemon(folder: Path) -> None:
    """uvicorn's own server would take SIGTERM and raise it again after its end."""
    caught: list[int] = []

    async def go() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, lambda: caught.append(signal.SIGTERM))
        routes = DocumentRoutes(folder, "http://news.example", places={"t/ukraine": Place()})

        async def health() -> tuple[bool, dict[str, object]]:
            return True, {}

        async def status() -> dict[str, object]:
            return {}

        server = quiet_server(build(Site(routes, health, status)), ServerState(routes), keep_for_stop=1)
        task = asyncio.create_task(server.serve(sockets=[listening("127.0.0.1", 0)]))
        await server.ready.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await until_in_loop(lambda: caught, "the signal came")
        await asyncio.sleep(0.1)
        assert not task.done()
        server.should_exit = True
        await task
        loop.remove_signal_handler(signal.SIGTERM)

    assert threading.current_thread() is threading.main_thread()
    asyncio.run(go())
    assert caught == [signal.SIGTERM]


@pytest.mark.parametrize("reading", [True, False])
def test_an_answer_under_way_is_finished_at_the_stop(folder: Path, reading: bool) -> None:
    """Who takes it gets the whole answer; who takes nothing does not hold up the stop."""
    body = b"a" * 6_000_000
    put(folder, "t/ukraine.atom", body, variants=False)
    received: list[bytes] = []

    def slowly() -> None:
        while chunk := sock.recv(200_000):
            received.append(chunk)
            time.sleep(0.005)

    with running(folder, limits=PATIENT if reading else QUICK) as server:
        server.get("/t/ukraine.atom", OURS, method="HEAD")
        sock = dial(server)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        sock.sendall(ask())
        reader = threading.Thread(target=slowly)
        if reading:
            reader.start()
            until(lambda: received, "the answer is under way")
        else:
            until(lambda: any(one.transport.get_write_buffer_size() for one in _connections(server)), "it waits")
        stopped = time.monotonic()
    assert time.monotonic() - stopped < PATIENCE / 2
    if reading:
        reader.join(PATIENCE)
        assert b"".join(received).partition(b"\r\n\r\n")[2] == body
    assert not server.state.connections
    sock.close()


def test_a_taken_address_is_an_error_at_once() -> None:
    with listening("127.0.0.1", 0) as sock, pytest.raises(OSError):
        listening("127.0.0.1", sock.getsockname()[1])


def test_nothing_is_left_when_clients_come_and_go(patient: Running) -> None:
    for _ in range(100):
        assert patient.get(FEED.decode()).body == ATOM + FEED[1:]
    until(lambda: not patient.state.by_address, "all are gone")


@pytest.mark.parametrize(
    ("closing", "waiting", "phase", "resumes", "starts", "enters"),
    [
        (False, [], "work", 1, False, True),
        (False, [], "head", 1, False, False),
        (False, [], "idle", 1, False, False),
        (False, [("first", "a"), ("next", "b")], "work", 1, True, False),
        (True, [("next", "b")], "work", 0, False, False),
    ],
)
def test_after_an_answer_the_next_request_begins_or_the_connection_rests(
    closing: bool, waiting: list[tuple[str, str]], phase: str, resumes: int, starts: bool, enters: bool
) -> None:
    one = Mock(pipeline=waiting, phase=phase, server_state=Mock(total_requests=0))
    one.transport.is_closing.return_value = closing
    Connection.on_response_complete(one)
    assert one.flow.resume_reading.call_count == resumes
    assert [call.args for call in one._start_asgi_task.call_args_list] == ([("next", "b")] if starts else [])
    assert [call.args for call in one._enter.call_args_list] == ([("idle",)] if enters else [])


@pytest.mark.parametrize(
    ("phase", "waited", "stalled", "does"),
    [
        ("head", 5.0, False, ""), ("head", 5.1, False, "refuse 408"), ("body", 7.0, False, ""),
        ("body", 7.1, False, "refuse 408"), ("idle", 9.0, False, ""), ("idle", 9.1, False, "close"),
        ("work", 99.0, False, ""), ("work", 99.0, True, "abort"), ("head", 1.0, True, "abort"),
        ("closing", 0.0, True, "abort"), ("closing", 99.0, False, ""),
    ],
)  # fmt: skip
def test_a_connection_ends_when_its_time_is_over(phase: str, waited: float, stalled: bool, does: str) -> None:
    limits = SimpleNamespace(head_seconds=5.0, body_seconds=7.0, idle_seconds=9.0)
    one = Mock(phase=phase, since=1000.0, limits=limits)
    one.transport.is_closing.return_value = phase == "closing"
    one._stalled.return_value = stalled
    Connection.sweep(one, 1000.0 + waited)
    told = [f"refuse {call.args[0]}" for call in one._refuse.call_args_list]
    told += ["close"] * one.transport.close.call_count + ["abort"] * one.transport.abort.call_count
    assert told == ([does] if does else [])


def test_a_client_that_takes_nothing_for_too_long_is_stalled() -> None:
    one = Mock(progress=(0, 0), progress_at=0.0, limits=SimpleNamespace(write_seconds=30.0), rest=None)

    def at(now: float, waiting: int, rest: int = 0) -> bool:
        one.transport.get_write_buffer_size.return_value = waiting
        one.rest = b"x" * rest if rest else None
        return Connection._stalled(one, now)

    assert [at(100.0, 5), at(130.0, 5), at(130.1, 5)] == [False, False, True]
    assert [at(200.0, 5, 9), at(230.1, 5, 8), at(260.0, 5, 8), at(260.2, 5, 8)] == [False, False, False, True]
    assert [at(300.0, 0), at(900.0, 0)] == [False, False], "nothing waits for it"
