"""Logging: one-line records with values, every handler behind one redaction (RELIABILITY X1–X3)."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO, cast

import structlog

from scrapers import redact

MOST = 7000  # bytes of a line's values, as JSON: with time, level and colours it stays below 8 KB
VALUE_MOST = 2000  # characters of one value
TRACE_MOST = 5000  # bytes of a traceback
TRACE_LINE = 300  # characters of one of its lines
AGAIN = 86400.0  # seconds after which a lasting cause is logged again
CAUSE_MOST = 300  # characters of a cause that identify it
REMEMBERED = 5000  # causes that are counted at the same time
_ADDRESS = re.compile(r"https?://[^\s'\"<>]{1,2000}")
_HEADER = re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]{0,2}\s{0,3}[:=,]\s{0,3})[^\r\n]{1,4000}")
_NUMBER = re.compile(r"\d{1,30}")
_CAUSES = ("why", "error")
_WHO = ("source", "feed", "channel", "part", "job")

Event = MutableMapping[str, Any]


class Fold:
    """Logs a repeated cause of one source once, then with its count: the tenth time, the hundredth, and once a day.

    The first line after its end says how often it occurred.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()  # the threads of the store and of the publisher log too
        self._met: OrderedDict[tuple[str, ...], tuple[str, int, float]] = OrderedDict()  # cause, times, last logged

    def __call__(self, _: Any, __: str, event: Event) -> Event:
        """The event, with its count; raises DropEvent for a repeated one."""
        who = (str(event.get("event")), *(str(event.get(key, ""))[:CAUSE_MOST] for key in _WHO))
        cause = next((str(event[key]) for key in _CAUSES if event.get(key)), "")
        plain = _NUMBER.sub("#", cause[:CAUSE_MOST])  # "for another 812 s" is the same cause a minute later
        now = self._clock()
        with self._lock:
            before, times, told = self._met.pop(who, ("", 0, 0.0))
            if before and before != plain and times > 1:
                event["before"] = f"{times} times: {before}"
            if not plain:
                return event
            times = times + 1 if before == plain else 1
            tell = str(times).strip("0") == "1" or now - told >= AGAIN
            self._met[who] = plain, times, now if tell else told
            while len(self._met) > REMEMBERED:
                self._met.popitem(last=False)
        if not tell:
            raise structlog.DropEvent
        if times > 1:
            event["times"] = times
        return event


def _clean(_: Any, __: str, event: Event) -> Event:
    """Remove secrets and control characters from an event, and bound its length."""
    trace = event.pop("exception", None)
    for key, value in event.items():
        event[key] = _plain(value)
    most = MOST if trace is None else MOST - TRACE_MOST
    while len(_json(event)) > most:
        longest = max(event, key=lambda key: len(str(event[key])))
        text = str(event[longest])
        event[longest] = text[: len(text) // 2] + "…"
    if trace is not None:
        event["exception"] = "\n".join(_trace(str(trace), TRACE_MOST))
    return event


def _trace(text: str, room: int) -> list[str]:
    """A traceback, shortened in the middle, each line marked so that a page cannot forge a log line."""
    lines = [f"  | {_printable(line[:TRACE_LINE])}" for line in _without_secrets(text).split("\n")]
    head: list[str] = []
    tail: list[str] = []
    for n in range(len(lines)):
        line = lines[n // 2] if n % 2 == 0 else lines[-1 - n // 2]
        room -= len(json.dumps(line))
        if room < 0:
            head.append("  | …")
            break
        (head if n % 2 == 0 else tail).append(line)
    return head + tail[::-1]


def _plain(value: Any) -> Any:
    """A loggable value: numbers as they are, everything else as text, lists cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in list(value)[:20]]
    return _printable(_without_secrets(str(value)[:VALUE_MOST]))


def _printable(text: str) -> str:
    """Text without characters that move the cursor, end the line or reverse the reading direction."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _without_secrets(text: str) -> str:
    text = _ADDRESS.sub(lambda match: redact(match[0]), text)
    return _HEADER.sub(r"\1\2***", text)


def _json(event: Event) -> bytes:
    return json.dumps(dict(event), ensure_ascii=False, default=str).encode("utf-8", "replace")


class _Stream:
    """Standard error, whatever it is at the moment.

    On a full disk lines are lost; their number is logged when there is room again.
    """

    def __init__(self) -> None:
        self._lost = 0

    def write(self, text: str) -> None:
        """Write it, or count it as lost."""
        try:
            if self._lost:
                sys.stderr.write(f"[{self._lost} pieces of the log were lost here]\n")
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # nowhere left to report it
            self._lost += 1
        else:
            self._lost = 0

    def flush(self) -> None:
        """Nothing is buffered."""


def configure(*, form: str = "text", level: int = logging.INFO) -> None:
    """Set up the logs of this process, once, on standard error."""
    colours = sys.stderr.isatty()
    renderer: Any
    if form == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
        ending: list[Any] = [structlog.processors.format_exc_info, _clean, renderer]
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=14, sort_keys=False)
        ending = [structlog.processors.format_exc_info, _clean, renderer]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            Fold(),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso" if form == "json" else "%H:%M:%S", utc=form == "json"),
            *ending,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Stream())),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Stream())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso" if form == "json" else "%H:%M:%S", utc=form == "json"),
                *ending,
            ],
            foreign_pre_chain=[structlog.stdlib.add_log_level],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("httpx", "httpcore", "apscheduler", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
