"""A page to be pointed at, as the document of a frame: what `scrapers.point` built, under a style sheet of ours."""

from __future__ import annotations

from functools import lru_cache

from .templating import FOLDER


@lru_cache(1)
def style() -> str:
    """The style sheet that stands in the document, byte for byte."""
    return (FOLDER / "pointed.css").read_text(encoding="utf-8")


def document(body: str) -> bytes:
    """The document around a body that was built of our own markup and escaped texts."""
    head = '<!doctype html><html lang="und"><head><meta charset="utf-8"><title>·</title>'
    return f"{head}<style>{style()}</style></head><body>{body}</body></html>".encode("utf-8", "replace")
