"""Content codings, decoded within a limit that holds inside the decoder, before a decompression bomb is unpacked."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"  # what we ask for: the two that the standard library can bound exactly
_GZIP = b"\x1f\x8b"


class TooBig(Exception):
    """The decoded body is larger than its limit."""


class Corrupt(Exception):
    """The coding is unknown, or its data are damaged, cut short, or followed by something else."""


class Body:
    """Collects one body. `coding` is the value of Content-Encoding; `limit` counts decoded bytes.

    With `cut=True` a body over the limit is cut there instead of refused (robots.txt, RFC 9309 §2.5).
    """

    def __init__(self, coding: str | None, limit: int, *, cut: bool = False) -> None:
        self.coding = _known(coding)
        self.limit = limit
        self.cut = cut
        self.full = False  # cut: no more is needed
        self._out = bytearray()
        self._zlib = zlib.decompressobj(31) if self.coding == "gzip" else None
        self._started = False
        self._ended = False

    def feed(self, data: bytes) -> None:
        """Takes the next bytes as they came over the network. Raises TooBig or Corrupt."""
        if self.full or not data:
            return
        if self.coding == "identity":
            self._add(data)
            return
        if self._zlib is None:  # deflate is zlib by the standard and bare deflate on many servers
            self._zlib = zlib.decompressobj(15 if data[0] & 0x0F == 8 else -15)
        self._started = True
        while data and not self.full:
            if self._ended:
                data = self._after_end(data)
                continue
            try:
                decoded = self._zlib.decompress(data, self.limit - len(self._out) + 1)
            except zlib.error as error:
                raise Corrupt(f"the {self.coding} data are damaged") from error
            self._add(decoded)
            self._ended = self._zlib.eof
            data = self._zlib.unused_data if self._ended else self._zlib.unconsumed_tail

    def finish(self) -> bytes:
        """The whole body. Raises Corrupt when compressed data stop before their end mark."""
        if self.coding != "identity" and self._started and not self._ended and not self.full:
            raise Corrupt(f"the {self.coding} data end too early")
        return bytes(self._out)

    def _after_end(self, data: bytes) -> bytes:
        """gzip data may consist of several members (RFC 1952 §2.2); anything else after the end is surplus."""
        if self.coding == "gzip" and data.startswith(_GZIP[: len(data)]):
            self._zlib = zlib.decompressobj(31)
            self._ended = False
            return data
        if not data.strip(b"\0"):  # padding, harmless and not rare
            return b""
        raise Corrupt(f"something follows the {self.coding} data")

    def _add(self, decoded: bytes) -> None:
        room = self.limit - len(self._out)
        if len(decoded) > room:
            if not self.cut:
                raise TooBig(f"the answer is larger than {self.limit} bytes")
            decoded, self.full = decoded[:room], True
        self._out += decoded


def _known(coding: str | None) -> str:
    name = (coding or "").strip().lower()
    if name in ("", "identity"):
        return "identity"
    if name in ("gzip", "x-gzip"):
        return "gzip"
    if name == "deflate":
        return "deflate"
    raise Corrupt(f"the answer is coded as {name[:40]!r}, which was not asked for")


def gunzip(body: bytes, limit: int) -> bytes:
    """A file that is gzip itself (sitemap.xml.gz), unpacked; raises TooBig or Corrupt."""
    inner = Body("gzip", limit)
    inner.feed(body)
    return inner.finish()


def is_gzip(body: bytes) -> bool:
    """Whether these bytes begin as a gzip file does."""
    return body.startswith(_GZIP)
