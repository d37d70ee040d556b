"""Visits on their way between the desk and a scraper: a line that says what it is, and JSON packed by zstd.

`copydesk run 1` is the first line of a Run of format 1. A reader takes formats that differ from its own by one, so that
machines can be upgraded one after the other; any other is refused with a clear word. Each format may only add fields
that have a default, and of a newer document what is not known is left out. Nothing is unpickled, and everything is held
against its type (no number for a text, no unknown word where words are listed), its size and its count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Literal, get_args, get_type_hints

import xxhash
import zstandard
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from scrapers import CopydeskError, Run

from ...workers.protocol import dumped
from ..visits import VisitRequest
from .checks import check_request, checked_run

FORMAT = 1
REQUEST_BYTES = 48_000_000  # of a request, unpacked: what is remembered of the largest source is a tenth of it
ANSWER_BYTES = 48_000_000  # of a Run, unpacked
PACKED_BYTES = 24_000_000  # of either, as it is stored
_LINE = re.compile(rb"copydesk ([a-z]{1,20}) ([0-9]{1,6})\n")
_WINDOW = 1 << 23  # bytes of memory that unpacking may take (RFC 8878 §3.1.1.1.2 recommends to support 8 MB)
_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

Trouble = Literal["bug", "stood still", "unfit"]
"""Why there is no Run: a bug of ours, a machine that slept, or a visit that this scraper cannot make."""


@dataclass(frozen=True, slots=True)
class NoRun:
    """What a scraper gives back when it has no Run."""

    trouble: Trouble
    why: str


_REQUEST: TypeAdapter[tuple[VisitRequest]] = TypeAdapter(tuple[VisitRequest], config=_BYTES)
_RUN: TypeAdapter[tuple[Run]] = TypeAdapter(tuple[Run], config=_BYTES)
_NO_RUN: TypeAdapter[tuple[NoRun]] = TypeAdapter(tuple[NoRun], config=_BYTES)


class WrongDocument(CopydeskError):
    """A document that is not what it should be; the reason says in words what is wrong with it."""


def request_document(request: VisitRequest) -> bytes:
    """A visit to be made, as it is stored. Raises WrongDocument for one that is too large."""
    return _packed("visit", dumped(_REQUEST, (request,)), REQUEST_BYTES)


def run_document(run: Run) -> bytes:
    """What a visit gave, as it is stored. Raises WrongDocument for one that is too large."""
    return _packed("run", dumped(_RUN, (run,)), ANSWER_BYTES)


def no_run_document(answer: NoRun) -> bytes:
    """Why a visit gave no Run, as it is stored."""
    return _packed("none", dumped(_NO_RUN, (NoRun(answer.trouble, answer.why[:2000]),)), ANSWER_BYTES)


def read_request(data: bytes) -> VisitRequest:
    """The visit of a document. Raises WrongDocument."""
    kind, newer, value = _unpacked(data, REQUEST_BYTES)
    if kind != "visit":
        raise WrongDocument(f"should be a visit, and is a {kind}")
    request: VisitRequest = _validated(_REQUEST, value, VisitRequest, newer)
    try:
        check_request(request)
    except ValueError as error:
        raise WrongDocument(f"is no visit: {error}") from error
    return request


def read_answer(data: bytes, request: VisitRequest, now: datetime) -> Run | NoRun:
    """The Run of a document, held against the visit that it answers, or why there is none. Raises WrongDocument.

    What a scraper gives is data of a stranger: one thing that is wrong, and nothing of it is used.
    """
    kind, newer, value = _unpacked(data, ANSWER_BYTES)
    if kind == "none":
        none: NoRun = _validated(_NO_RUN, value, NoRun, newer)
        if len(none.why) > 2000:
            raise WrongDocument("is no answer: its reason is too long")
        return none
    if kind != "run":
        raise WrongDocument(f"should be a run, and is a {kind}")
    run: Run = _validated(_RUN, value, Run, newer)
    try:
        return checked_run(run, request, now)
    except ValueError as error:
        raise WrongDocument(f"is no run of {request.seed.name}: {error}") from error


def _packed(kind: str, value: bytes, most: int) -> bytes:
    if len(value) > most:
        raise WrongDocument(f"the {kind} has {len(value):,} bytes, more than the {most:,} that are taken")
    data = f"copydesk {kind} {FORMAT}\n".encode() + zstandard.ZstdCompressor(level=3, write_checksum=True).compress(
        value
    )
    if len(data) > PACKED_BYTES:
        raise WrongDocument(f"the {kind} has {len(data):,} bytes packed, more than the {PACKED_BYTES:,} that are taken")
    return data


def _unpacked(data: bytes, most: int) -> tuple[str, bool, bytes]:
    """Kind, whether it is of a newer format than ours, and the JSON."""
    if len(data) > PACKED_BYTES:
        raise WrongDocument(f"has {len(data):,} bytes, more than the {PACKED_BYTES:,} that are taken")
    line = _LINE.match(data)
    if line is None:
        raise WrongDocument("is no document of copydesk")
    number = int(line[2])
    if abs(number - FORMAT) > 1:
        older = "older" if number < FORMAT else "newer"
        raise WrongDocument(
            f"is of format {number}, this program reads {max(1, FORMAT - 1)} to {FORMAT + 1}: "
            f"it comes from a much {older} copydesk; upgrade {'that' if number < FORMAT else 'this'} one"
        )
    try:
        # read by a stream: the size that a frame's own head claims is a stranger's word
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data[line.end() :]) as stream:
            value = stream.read(most + 1)
    except zstandard.ZstdError as error:
        raise WrongDocument(f"cannot be unpacked: {error}") from error
    if len(value) > most:
        raise WrongDocument(f"has more than the {most:,} bytes that are taken")
    # a frame that is cut short, or whose head was damaged, is read without a look at its checksum
    if xxhash.xxh64_intdigest(value) & 0xFFFFFFFF != int.from_bytes(data[-4:], "little"):
        raise WrongDocument("is damaged")
    return line[1].decode(), number > FORMAT, value


def _validated(adapter: TypeAdapter[Any], value: bytes, kind: type, newer: bool) -> Any:
    try:
        if newer:  # read once more, which only happens between two upgrades
            value = to_json([_known(part, kind) for part in from_json(value)])
        return adapter.validate_json(value, strict=True)[0]
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"][1:])[:200]
        raise WrongDocument(f"{place or 'the document'}: {first['msg']}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise WrongDocument("is no JSON of such a document") from error


def _known(value: Any, kind: type) -> Any:
    """A table without the fields that a dataclass of this version does not have, inside it as well."""
    if not isinstance(value, Mapping):
        return value
    hints = get_type_hints(kind)
    return {
        field.name: _known_part(value[field.name], hints[field.name]) for field in fields(kind) if field.name in value
    }


def _known_part(value: Any, hint: Any) -> Any:
    inner = [part for part in (hint, *get_args(hint)) if isinstance(part, type) and is_dataclass(part)]
    if not inner:
        return value
    if isinstance(value, list):
        return [_known(one, inner[0]) for one in value]
    return _known(value, inner[0])
