"""Logging: one-line records with values, every handler behind one redaction (RELIABILITY X1–X3)."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from scrapers import redact

MOST = 8000  # characters of a line
_ADDRESS = re.compile(r"https?://[^\s'\"<>]{1,2000}")
_CONTROL = {c: f"\\x{c:02x}" for c in [*range(32), 127, *range(128, 160)] if c not in (9,)}


def _clean(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """No secret and no control character of a page reaches a log."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            event[key] = _without_secrets(value[:MOST]).translate(_CONTROL)
        elif key == "exception":
            event[key] = _without_secrets(str(value)[-MOST:])
    return event


def _without_secrets(text: str) -> str:
    return _ADDRESS.sub(lambda match: redact(match[0]), text)


class _Stream:
    """Standard error, whatever it is at the moment.

    A full disk loses lines and nothing else; how many is told when there is room again.
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
        except OSError:  # there is no place left to tell of it
            self._lost += 1
        else:
            self._lost = 0

    def flush(self) -> None:
        """Nothing is held back."""


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
