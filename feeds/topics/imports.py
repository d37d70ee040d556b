"""Queries of other readers → our language: FreshRSS's search strings, Miniflux's block and keep lines.

What cannot be carried over is named, never guessed. FreshRSS: "Filtering articles"; Miniflux: "Filter rules".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ..errors import QueryError
from .query.parse import MAX_DEPTH, MAX_LENGTH, parse

EVERYTHING = "after:1995"  # matches every story: a base for a query that only excludes


@dataclass(frozen=True, slots=True)
class Imported:
    """A query in our language, None when nothing could be carried over, and what was lost or means something else."""

    query: str | None
    notes: tuple[str, ...] = ()


_PIECE = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<minus>[-!])(?=\S)|(?P<field>[A-Za-z]{1,12}:|\#)?
    (?:"(?P<double>[^"]{0,2000})"|'(?P<single>[^']{0,2000})'|(?P<regex>/(?:[^/\\]|\\.){1,500}/[im]{0,2})(?=[\s()]|$)
    |(?P<word>[^\s()"]{1,2000})))""",
    re.VERBOSE,
)
_FRESHRSS = {"intitle:": "title", "intext:": "text", "author:": "author", "inurl:": "url", "#": "tag"}
_DATES = ("date:", "pubdate:")
_UNKNOWN = {
    "f:": "a feed's number", "c:": "a category's number", "l:": "a label's number", "label:": "a label of yours",
    "labels:": "labels of yours", "e:": "an article's number", "s:": "a saved search", "search:": "a saved search",
    "userdate:": "when you changed the article's state", "mdate:": "when the article changed",
}  # fmt: skip


def from_freshrss(search: str) -> Imported:
    """A FreshRSS search string as a query of ours."""
    if len(search) > MAX_LENGTH:
        return Imported(None, (f"the search has {len(search):,} characters; at most {MAX_LENGTH:,} are read",))
    reader = _FreshRSS(search)
    query = reader.either(0)
    notes = list(dict.fromkeys(reader.notes))
    if query is not None and reader.plain:
        notes.append("FreshRSS finds parts of words, here whole words count: write word* for any ending")
    return _checked(query, notes)


class _FreshRSS:
    """Reads its grammar by descent; a part that means nothing here is None and falls out of its group."""

    def __init__(self, search: str) -> None:
        self.pieces: list[re.Match[str]] = []
        at = 0
        while (found := _PIECE.match(search, at)) is not None and found.end() > at:
            self.pieces.append(found)
            at = found.end()
        self.at = 0
        self.notes: list[str] = []
        self.plain = False
        if search[at:].strip():
            self.notes.append(f"{search[at:].strip()[:60]!r}: cannot be read")

    def _peek(self) -> str | None:
        """The kind of the next token: "(", ")", "-", "OR", "word", None at the end."""
        if self.at >= len(self.pieces):
            return None
        piece = self.pieces[self.at]
        if piece["paren"]:
            return piece["paren"]
        if piece["minus"]:
            return "-"
        return "OR" if piece["word"] == "OR" and not piece["field"] else "word"

    def either(self, depth: int) -> str | None:
        parts = [self.both(depth)]
        while self._peek() == "OR":
            self.at += 1
            parts.append(self.both(depth))
        kept = [part for part in parts if part is not None]
        if len(kept) < 2:
            return kept[0] if kept else None
        return f"({' OR '.join(kept)})"

    def both(self, depth: int) -> str | None:
        parts: list[str] = []
        while (coming := self._peek()) not in (None, "OR") and not (coming == ")" and depth):
            part = self.part(depth)
            if part is not None:
                parts.append(part)
        if all(part.startswith("-") for part in parts) and parts:
            parts.insert(0, EVERYTHING)
        return (f"({' '.join(parts)})" if len(parts) > 1 else parts[0]) if parts else None

    def part(self, depth: int) -> str | None:
        coming = self._peek()
        piece = self.pieces[self.at]
        self.at += 1
        if coming == ")":
            self.notes.append("a ')' that closes nothing was left out")
            return None
        if coming == "-":
            if self._peek() in (None, ")", "OR", "-"):
                return None
            part = self.part(depth)
            return None if part is None else f"-{part}"
        if coming == "(":
            if depth >= MAX_DEPTH:
                self.notes.append(f"more than {MAX_DEPTH} levels of parentheses")
                self.at = len(self.pieces)
                return None
            inner = self.either(depth + 1)
            if self._peek() == ")":
                self.at += 1
            return inner
        return self.leaf(piece)

    def leaf(self, piece: re.Match[str]) -> str | None:
        field = (piece["field"] or "").lower() if piece["field"] != "#" else "#"
        quoted = piece["double"] if piece["double"] is not None else piece["single"]
        value = quoted if quoted is not None else piece["word"] or ""
        said = piece[0].strip()
        if field in _UNKNOWN:
            self.notes.append(f"{said}: names {_UNKNOWN[field]}, which does not exist here; left out")
            return None
        if field in _DATES:
            return self.period(said, value)
        if field and field not in _FRESHRSS:
            quoted, value, field = f"{piece['field']}{value}", f"{piece['field']}{value}", ""
        name = _FRESHRSS.get(field)
        before = f"{name}:" if name else ""
        if piece["regex"]:
            pattern, _, flags = piece["regex"].rpartition("/")
            inner = f"(?m){pattern[1:]}" if "m" in flags else pattern[1:]
            if name == "url":
                return self.checked(said, f"url:{_address(inner)}{'i' if 'i' in flags and _META.search(inner) else ''}")
            return self.checked(said, f"{before}/{inner}/{'i' if 'i' in flags else ''}")
        if field == "#":
            value = value.replace("+", " ")
        if name == "url":
            return self.checked(said, f"{before}{_quoted(value)}")
        self.plain = True
        if quoted is None and re.fullmatch(r"\w+", value) and value not in ("AND", "NOT"):
            return self.checked(said, before + value)
        return self.checked(said, before + _quoted(value))

    def period(self, said: str, value: str) -> str | None:
        """date:A/B, date:A/, date:/B, date:A: the time of publication is what we have."""
        if "P" in value.upper():
            self.notes.append(f"{said}: is counted from now; use the topic's max_age instead; left out")
            return None
        start, slash, end = value.partition("/")
        parts = []
        try:
            if start:
                parts.append(f"after:{_first_day(start)}")
            if not slash:
                parts.append(f"before:{_day_after(start)}")
            elif end:
                parts.append(f"before:{_day_after(end)}")
        except ValueError:
            self.notes.append(f"{said}: is no date that is understood here; left out")
            return None
        return f"({' '.join(parts)})" if parts else None

    def checked(self, said: str, query: str) -> str | None:
        try:
            parse(query)
        except QueryError as error:
            self.notes.append(f"{said}: {error.reason}; left out")
            return None
        return query


_MINIFLUX = {
    "EntryTitle": ("title",), "EntryURL": ("url",), "EntryContent": ("text",), "EntryAuthor": ("author",),
    "EntryTag": ("tag",),
}  # fmt: skip
_OLD = ("title", "url", "author", "tag")  # a line without a field is looked for in all of these
_META = re.compile(r"[\\^$*+?\[\](){}|]")  # makes a pattern more than a piece of text; a dot is meant as one
_WORDS = re.compile(r"\(\?i\)(?:\\b)?((?:\w|[ '-]){1,80})(?:\\b)?")


def from_miniflux(keep: str, block: str = "") -> Imported:
    """Miniflux's keep and block lines as one query: what any keep line finds, without what any block line finds."""
    notes: list[str] = []
    kept = [one for one in (_miniflux_line(line, notes) for line in keep.splitlines()) if one is not None]
    blocked = [one for one in (_miniflux_line(line, notes) for line in block.splitlines()) if one is not None]
    if not kept and not blocked:
        return Imported(None, tuple(notes))
    if not kept and keep.strip():
        notes.append("no keep line could be carried over: the query keeps everything")
    wanted = EVERYTHING if not kept else kept[0] if len(kept) == 1 else f"({' OR '.join(kept)})"
    return _checked(" ".join([wanted, *(f"-{one}" for one in blocked)]), notes)


def _miniflux_line(line: str, notes: list[str]) -> str | None:
    line = line.strip()
    if not line:
        return None
    name, equals, value = line.partition("=")
    if not equals or not name.startswith("Entry"):
        name, value = "", line
    if name == "EntryDate":
        return _miniflux_date(line, value, notes)
    fields = _MINIFLUX.get(name, _OLD if not name else ())
    if not fields:
        notes.append(f"{line}: there is no {name} here; left out")
        return None
    # \bword\b in any case is what a word means here; everything else stays the pattern that it is.
    word = _WORDS.fullmatch(value)
    if word and value.startswith(r"(?i)\b") and value.endswith(r"\b") and "url" not in fields:
        pattern = _quoted(word[1].strip())
    else:
        slashed = re.sub(r"(?<!\\)/", r"\\/", value)
        pattern = f"/{slashed}/"
    found = [f"{field}:{_address(value) if field == 'url' else pattern}" for field in fields]
    query = found[0] if len(found) == 1 else f"({' OR '.join(found)})"
    try:
        parse(query)
    except QueryError as error:
        notes.append(f"{line}: {error.reason}; left out")
        return None
    return query


def _miniflux_date(line: str, value: str, notes: list[str]) -> str | None:
    kind, _, when = value.partition(":")
    try:
        if kind == "before":
            return f"before:{_first_day(when)}"
        if kind == "after":
            return f"after:{_day_after(when)}"
        if kind == "between":
            start, _, end = when.partition(",")
            return f"(after:{_first_day(start)} before:{_day_after(end)})"
    except ValueError:
        notes.append(f"{line}: is no date that is understood here; left out")
        return None
    if kind == "max-age":
        notes.append(f"{line}: is counted from now; use the topic's max_age instead; left out")
    elif kind == "future":
        notes.append(f"{line}: no story is dated in the future here; left out")
    else:
        notes.append(f"{line}: is not understood; left out")
    return None


def _checked(query: str | None, notes: list[str]) -> Imported:
    if query is None:
        return Imported(None, tuple(notes) or ("there is nothing in it",))
    if query.startswith("(") and _closes_at(query) == len(query) - 1:
        query = query[1:-1]
    try:
        parse(query)
    except QueryError as error:
        return Imported(None, (*notes, f"{error.reason}: {query[:200]}"))
    if query.startswith(EVERYTHING):
        notes.append(f"it only excludes: {EVERYTHING} stands for everything else")
    return Imported(query, tuple(notes))


def _closes_at(query: str) -> int:
    """Where the parenthesis that opens a query is closed; quotations and patterns are passed over."""
    depth = 0
    quoted = False
    for at, char in enumerate(query):
        if char == '"':
            quoted = not quoted
        elif char == "/" and not quoted:
            return -1  # a pattern may hold any parenthesis: leave the outer ones where they are
        elif not quoted:
            depth += (char == "(") - (char == ")")
            if not depth:
                return at
    return -1


def _address(pattern: str) -> str:
    """A pattern for an address: a piece of it where there is nothing but the piece."""
    if not _META.search(pattern):
        return _quoted(pattern)
    return "/" + re.sub(r"(?<!\\)/", r"\\/", pattern).replace(" ", r"\x20") + "/"


def _quoted(value: str) -> str:
    return '"' + value.replace('"', " ") + '"'


def _first_day(text: str) -> date:
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def _day_after(text: str) -> date:
    """The first day that no longer belongs to the year, month or day `text`."""
    year, month, day = _parts(text)
    if day:
        return date(year, month or 1, day) + timedelta(days=1)
    if month:
        return date(year + month // 12, month % 12 + 1, 1)
    return date(year + 1, 1, 1)


def _parts(text: str) -> tuple[int, int, int]:
    found = re.match(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:T.{0,20})?$", text.strip())
    if found is None:
        raise ValueError(text)
    return int(found[1]), int(found[2] or 0), int(found[3] or 0)
