"""Answers to HEAD for video and audio files: each is asked for once, also over restarts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from ..errors import CopydeskError
from ..model import Page

MOST = 10_000  # heads that are remembered


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a server told of a file. `key` is a hash of its address; without type and length the server told nothing."""

    key: str
    type: str = ""  # media type
    length: int | None = None  # bytes


class FilesAsked:
    """The answers to HEAD requests. Results of sent requests are also for the store."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, Page | CopydeskError] = OrderedDict()
        self._known: dict[str, FileHead] = {}
        self._changed: list[FileHead] = []
        self._asking: set[str] = set()

    def remember(self, heads: Iterable[FileHead]) -> None:
        """What was told before the program started."""
        self._known |= {head.key: head for head in heads}

    def get(self, url: str) -> Page | CopydeskError | None:
        """What came of an address; None when it was never asked for."""
        if (told := self._told.get(url)) is not None:
            return told
        head = self._known.get(key_of(url)) if self._known else None
        return None if head is None else Page(url, b"", head.type, length=head.length)

    def asking(self, url: str) -> None:
        """A server is asked now: whatever comes of it is for the store."""
        self._asking.add(url)

    def put(self, url: str, told: Page | CopydeskError) -> None:
        """Remember what came of an address; the oldest goes when there are too many."""
        self._told[url] = told
        if len(self._told) > MOST:
            self._told.popitem(last=False)
        if url in self._asking:
            self._asking.discard(url)
            page = told if isinstance(told, Page) else Page(url, content_type="")
            self._changed = [*self._changed[1 - MOST :], FileHead(key_of(url), page.content_type, page.length)]

    def changed(self) -> list[FileHead]:
        """The new answers since the last call, for the store."""
        changed, self._changed = self._changed, []
        return changed


def key_of(url: str) -> str:
    """The hash under which the store keeps an address."""
    return sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
