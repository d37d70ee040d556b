"""Values that somebody may write for a key of a TOML file, by mistake or on purpose, and the keys of a dataclass."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

NUMBERS = (
    "inf",
    "-inf",
    "nan",
    "-1",
    "0",
    "1",
    str(2**63),
    str(2**70),
    "1e308",
    "-0.0",
    "true",
    "2026-03-01",
    "07:30:00",
)
TEXTS = (
    "", " ", "\x00", "a\x00b", "\x1b[31m", "[/]", "[bold]", "\u202eabc", "\ufffe", "a\nb", "a" * 300, "a/" * 3000,
    "x" * 10_000, "..", "../..", "/", "~", "~nobody-of-that-name/x", "/dev/null", "/dev/null/x", "%00", "{}", "{0}",
    "$HOME", "env:", "file:", "file:\x00", "file:/", "env:A\x00", "env:=", "file:" + "a" * 300, "sqlite:",
    "sqlite:\x00", "sqlite:/dev/null/x", "sqlite:" + "a" * 300, "sqlite:..", "sqlite:[/]", "http://[", "http://[::1",
    "http://[::1]:x/", "http://a:99999/", "http://a:-1/", "http://", "http:///x", "http://a b/", "http://a\x00/",
    "http://\x7f/", "http://[/]/", "http://xn--/", "http://.../", "http://" + "a" * 300 + "/",
    "https://user:s3cret@a.example/", "https://a.example/\u202e", "https://ａ．example/", "javascript:alert(1)",
    "127.0.0.1:0", "127.0.0.1:99999", "[::1]:80", "[::1", "[:", ":", "host:", ":80", "a.b:١", "a:+5", "10.0.0.0/99",
    "::/0/0", "mailto:", "mailto:a@b\r\nBcc: c@d", "a@b", "@", "[/a]@b", "(", "a AND", '"', "/(/", "1d", "-1d",
    "999999999w", "1.5", "Ⅷd", "*", "h1[", ":has(", "h1[/]", "a" * 501, "en", "EN_us", "x-" * 40, "Europe", "UTC\x00",
    "all", "index", "_health", "archive",
)  # fmt: skip


@cache  # the same ones are written for each of a hundred keys
def toml(text: str) -> str:
    """A string of TOML."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(f"\\u{ord(char):04x}" if char in "\x7f\ufffe" or char < " " else char for char in quoted)


ODD = (
    "[]", "{}", "[[]]", "[inf]", "[true]", "{ a = 1 }", '{ "" = "" }', '{ "\\u0000" = "x" }', '{ "[/]" = "[/]" }',
    '{ a = "\\u0000" }', f"{{ a = {'9' * 30} }}", '[{ name = "[/]" }]', '[{ name = "\\u0000" }]', "[{}]",
)  # fmt: skip


def written(*, lists: bool = True) -> list[str]:
    """Every value, as TOML: scalars, tables, and lists of one text."""
    texts = [toml(text) for text in TEXTS]
    return [*NUMBERS, *texts, *([f"[{text}]" for text in texts] if lists else ()), *ODD]


def takes_lists(kind: type, key: str) -> bool:
    """Whether a key of a dataclass, `store.url`, may have a list."""
    hint: Any = kind
    for part in key.split("."):
        (holder,) = [option for option in _options(hint) if is_dataclass(option)][:1]
        hint = typing.get_type_hints(holder)[part]
    return "tuple" in str(hint)


def keys(kind: type, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys of a dataclass as they stand in a file, those of tables below it too; a list of tables has its own."""
    hints = typing.get_type_hints(kind)
    for entry in fields(kind):  # type: ignore[arg-type]
        if not entry.init:
            continue
        here = (*above, entry.name)
        yield here
        for option in _options(hints[entry.name]):
            if is_dataclass(option):
                yield from keys(typing.cast("type", option), here)


def untold(mistakes: Iterable[str], file: str, *names: str) -> str | None:
    """What these mistakes do not tell: the file, one of the names of a key, or something that can be read."""
    for mistake in mistakes:
        line = mistake.splitlines()[0]
        if file not in line:
            return f"no file in {mistake!r}"
        if not any(name in line for name in (*names, "is not TOML")):
            return f"no key in {mistake!r}"
        if not mistake.replace("\n", "").isprintable():
            return f"unprintable {mistake!r}"
    return None


def _options(hint: Any) -> list[Any]:
    inner = [one for outer in typing.get_args(hint) for one in (outer, *typing.get_args(outer))]
    return [hint, *inner]
