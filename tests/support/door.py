"""A door before the daemon for tests with real readers: it passes requests on and writes down what was answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tests.support.waiting import PATIENCE

PASSED_ON = (
    "accept",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
    "a-im",
    "user-agent",
    "sec-fetch-mode",
    "sec-fetch-dest",
)


class _Stay(HTTPRedirectHandler):
    """A redirect is the reader's to follow."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_Stay)


@contextmanager
def counting(port: int) -> Iterator[tuple[int, list[tuple[str, int]]]]:
    """The door's own port, and the list that grows: (path, status) of each answer."""
    seen: list[tuple[str, int]] = []

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}
            try:
                answer = _OPENER.open(Request(f"http://127.0.0.1:{port}{self.path}", headers=headers), timeout=PATIENCE)
            except HTTPError as error:
                answer = error
            with answer:
                body = answer.read()
                seen.append((self.path, answer.status))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length", "date"):
                        self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: `seen` tells."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True  # a reader may keep its connection open
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
