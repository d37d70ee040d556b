"""Requests that came before, byte for byte: answered without being parsed again.

A feed reader asks with the same bytes at every poll until its document changes. So a request that was parsed once, and
whose answer depends on nothing but these bytes and the document, is looked up whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..document_routes import DocumentRoutes
from ..documents import Answer, Document, Validator

MOST = 2_048  # requests that are remembered
LONGEST = 1_024  # bytes of one of them

# what makes an answer depend on more: on versions that were sent, on another file
_OF_THE_MOMENT = frozenset((b"a-im", b"range", b"if-range", b"sec-fetch-mode"))


class _Ground(NamedTuple):
    """What an answer rests on. A whole document is no part of it, as it may leave the memory before."""

    document: Document
    coding: str
    validator: Validator
    unchanged: Answer | None  # the answer, if it is a 304
    head: bool  # of a whole document: whether only its headers are sent


class RepeatedRequests:
    """A bounded table: the bytes of a request → what its answer rests on."""

    def __init__(self, routes: DocumentRoutes) -> None:
        self._routes = routes
        self._known: dict[bytes, _Ground] = {}

    def answer(self, request: bytes) -> Answer | None:
        """The answer that a request got before; None where it is new, or its document changed or left the memory."""
        ground = self._known.get(request)
        if ground is None:
            return None
        document, coding, validator, found, head = ground
        if self._routes.is_there(document) and document.validators.get(coding) is validator:
            if found is None and (made := document.made.get(coding)) is not None:
                found = made.head if head else made.whole
            if found is not None:
                self._routes.answered[found.status] += 1
                return found
        del self._known[request]
        return None

    def learn(self, request: bytes, url: bytes, headers: Iterable[tuple[bytes, bytes]], found: Answer) -> None:
        """Remember a whole request for `url` that `quick` answered, if it will get this answer again."""
        document = self._routes.asked_before(url)
        if document is None or document.locale is not None or len(request) > LONGEST:
            return
        if any(name in _OF_THE_MOMENT for name, _ in headers):
            return
        ground = _ground(document, found)
        if ground is None:
            return
        if len(self._known) >= MOST:
            self._known.clear()  # those that still come are learnt again at their next time
        self._known[request] = ground


def _ground(document: Document, found: Answer) -> _Ground | None:
    """What an answer by this document rests on; None for one that was made for its request alone."""
    for coding, known in document.validators.items():
        if found is known.unchanged or found is known.unchanged_elsewhere:
            return _Ground(document, coding, known, found, head=False)
    for coding, made in document.made.items():
        if found is made.whole or found is made.head:
            return _Ground(document, coding, made.validator, None, head=found is made.head)
    return None
