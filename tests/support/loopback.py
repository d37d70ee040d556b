"""What the made-up sites of several benchmarks have in common: words, and HTTP as far as they speak it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.utils import formatdate
from random import Random

SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "zu",
    "bra",
    "clo",
    "dre",
    "fli",
    "gra",
    "sto",
    "tri",
)

Answer = tuple[int, str, str, bytes]
"""Status, type, ETag (or nothing) and body."""


def word(chance: Random) -> str:
    """A word that no language has."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))


class Connection(asyncio.Protocol):
    """A connection to one site, kept alive. `answer` is given a path and the ETag that the client has.

    It answers at once; a class of its own may do so later: `asked` is told of each request, `send` writes an answer.
    """

    def __init__(self, answer: Callable[[str, str], Answer], now: Callable[[], float]) -> None:
        self._answer, self._now, self._data = answer, now, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, self._data = self._data.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1].partition("?")[0]
            known = next((line[15:] for line in lines if line.lower().startswith("if-none-match: ")), "")
            self.asked(path, known)

    def asked(self, path: str, known: str) -> None:
        """A request came in."""
        self.send(self._answer(path, known))

    def send(self, answer: Answer) -> None:
        """Write an answer."""
        status, kind, etag, body = answer
        date = formatdate(self._now(), usegmt=True)
        self._transport.write(
            f"HTTP/1.1 {status} X\r\nDate: {date}\r\nContent-Type: {kind}; charset=utf-8\r\n".encode()
            + (f"ETag: {etag}\r\n".encode() if etag else b"")
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
