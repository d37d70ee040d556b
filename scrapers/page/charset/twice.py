"""Text that was encoded as UTF-8 twice: "Ada\u00e2\x80\x99s boats" for "Ada\u2019s boats"."""

from __future__ import annotations

import re

SIGN = b"\xc3\xa2\xc2\x80"
"""Punctuation that was encoded twice, in bytes: an "a" with a circumflex before a control character.

No page means such a character: browsers show nothing for it.
"""
CONTROL = "\x80"  # that character
_RUN = re.compile("[\u0080-\u00ff]{2,}")
# A letter and a quotation mark, a degree or the like: \u00df\u00bb is no character of two bytes.
_CHANCE = re.compile("[^\u0080-\u009f\u00c2\u00c3][\u00a0\u00aa\u00ab\u00ad\u00b0\u00b4\u00b7\u00ba\u00bb]")
_ONE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf]|[\u00c4-\u00df][\u0080-\u009f]|"
    "[\u00e0-\u00ef](?:[\u0080-\u009f][\u0080-\u00bf]|[\u00a0-\u00bf][\u0080-\u009f])|"
    "[\u00f0-\u00f4][\u0080-\u009f][\u0080-\u00bf]{2}"
)


def once(text: str) -> str:
    """`text` with what was encoded twice put right; what was not, such as the text of a template around it, stays."""
    return _RUN.sub(_run, text)


def _run(match: re.Match[str]) -> str:
    run = match[0]
    if _CHANCE.fullmatch(run):
        return run
    right = _right(run)
    return right if right != run else _ONE.sub(lambda one: _right(one[0]), run)


def _right(text: str) -> str:
    """What bytes of the value of these characters mean in UTF-8; the characters as they are, where that is nothing."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
