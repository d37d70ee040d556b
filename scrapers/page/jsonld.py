"""JSON-LD blocks as values; common mistakes of publishers are repaired."""

from __future__ import annotations

import json
import re
from typing import Any

from .scripts import deeper_than

MAX_BLOCK = 1_000_000  # characters (RELIABILITY P4)
MAX_BLOCKS = 20
MAX_DEPTH = 50

_COMMENT_LINE = re.compile(r"^\s{0,40}//[^\n]{0,500}$", re.M)
_COMMENT_TAIL = re.compile(r"(?<=[,{\[])[ \t]{1,20}//[^\n\"]{0,200}$", re.M)
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_DOUBLE_COMMA = re.compile(r",\s{0,200}(?=,)")
_NO_VALUE = re.compile(r"(\":)\s{0,200}(?=[,}])")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_MISSING_COMMA = re.compile(r"([\"\]}])(\s{0,5}\n\s{0,80})(?=\"[@\w]{1,40}\"\s{0,3}:)")


def load(text: str) -> Any:
    """The value of a block of JSON, repaired where the mistake is a common one; None where that fails."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removeprefix("<![CDATA[").removesuffix("//]]>").removesuffix("]]>").strip()
    text = text.removesuffix(";").rstrip()
    if not text or text[0] not in "[{" or len(text) > MAX_BLOCK or deeper_than(MAX_DEPTH, text):
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        mended = _mended(text)
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(mended)
    except (ValueError, RecursionError):
        return None
    rest = mended[end:].lstrip(" \t\r\n,;")
    if rest[:1] in ("{", "[") and rest:  # several objects one after the other
        try:
            return [value, json.JSONDecoder(strict=False).raw_decode(rest)[0]]
        except (ValueError, RecursionError):
            return value
    return value


def _mended(text: str) -> str:
    """JSON with comments, trailing or doubled commas, missing values or wrong escapes made right."""
    if text.startswith(("{&quot;", "[{&quot;", "{ &quot;")):
        text = text.replace("&quot;", '"')
    text = _COMMENT_LINE.sub("", text)
    text = _COMMENT_TAIL.sub("", text)
    text = _BAD_ESCAPE.sub("", text)
    text = _NO_VALUE.sub(r"\1 null", text)
    text = _DOUBLE_COMMA.sub("", text)
    text = _MISSING_COMMA.sub(r"\1,\2", text)
    return _TRAILING_COMMA.sub("", text)
