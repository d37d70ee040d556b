"""Distances from now ("2 hours ago", "1h 10m"), and days called by their distance from today ("yesterday, 10:30")."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from .east_asian import number
from .moment import Moment, moment_of
from .spelling import Token, tokens, words
from .time_of_day import times
from .words.distance import AGO, DATE_LINE, DUALS, ENDED, HALF, NEAR, NOW, NUMBERS, OWN_UNITS, UNITS, WIDE_UNITS
from .words.time_of_day import CLOCK_WORDS
from .words.weekdays import WEEKDAYS

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}
_RANK = {unit: n for n, unit in enumerate(SECONDS)}
_UNITS: dict[str, str] = {word: unit for unit, text in reversed(UNITS.items()) for word in words(text)}
_SHORT = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
_AGO = sorted(words(AGO), key=len, reverse=True)
_NUMBERS = {word: n for n, text in NUMBERS.items() for word in words(text)}
_HALF = frozenset(words(HALF))
_NOW = frozenset(words(NOW))
_AND = frozenset(words("and und et y e i og och en a и та ve ja és și και و ו และ và dan или ,"))
_PLAIN = frozenset(words(DATE_LINE))
_WIDE_NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
_WIDE_WORD = "|".join(sorted(WIDE_UNITS, key=len, reverse=True))
_CJK = re.compile(
    rf"(?<![\d.,\-])((?:{_WIDE_NUMBER}\s?[个個かヶヵカ]?\s?(?:{_WIDE_WORD})\s?半?\s?){{1,3}})(?:之前|以前|前|전)(?![^\W\d_])"
)
_CJK_PART = re.compile(rf"({_WIDE_NUMBER})\s?[个個かヶヵカ]?\s?({_WIDE_WORD})\s?(半)?")
_GLUED = re.compile("(ที่แล้ว|ที่ผ่านมา|ก่อน)")  # no space before it in Thai
_ENDED = frozenset(words(ENDED))
_ARTICLES = frozenset(words("la an le"))  # English words that are units in other languages
_MANY = 4  # amounts of one distance


@lru_cache(maxsize=128)
def _units(language: str) -> dict[str, str]:
    return (
        _UNITS | _SHORT | {w: u for word, u in OWN_UNITS.get(language.split("-")[0], {}).items() for w in words(word)}
    )


def read(text: str, language: str, now: datetime, zone: tzinfo | None) -> Moment | None:
    """The moment that a text (spelled alike) tells by its distance from `now`."""
    if text.strip(" .!") in _NOW:
        return Moment(now, exact=True, zoned=True)
    if match := _CJK.search(text):
        return _cjk(match[1], now)
    return _ago(text, language, now) or _near(text, language, now, zone)


def _cjk(text: str, now: datetime) -> Moment | None:
    parts: list[tuple[int, str]] = []
    for amount, unit, half in _CJK_PART.findall(text):
        value = number(amount.replace("两", "二"))
        if half or value is None or unit not in WIDE_UNITS:
            return None
        parts.append((value, WIDE_UNITS[unit]))
    return _back(now, parts)


def _ago(text: str, language: str, now: datetime) -> Moment | None:
    """Amounts of units with a word for "ago" before or behind them; or short ones alone ("2h", "1h 10m")."""
    if not text.lstrip(" :~")[:1].isdigit() and not any(word in text for word in _AGO):
        return None
    units = _units(language)
    text = _GLUED.sub(r" \1", text)
    parts = tokens(text)
    for at, token in enumerate(parts):
        amounts, end = _amounts(parts, at, units, text)
        if amounts is None:
            return None
        if not amounts:
            continue
        if at and parts[at - 1].text in _HALF:  # half an hour
            return None
        before, behind = text[: token.start].rstrip(" :~"), text[parts[end - 1].end :].lstrip(" .")
        if _tells_ago(before, behind):
            return _back(now, amounts)
        alone = token.kind == "number" and not before and not behind
        return _back(now, amounts) if alone and _is_short(parts[at:end]) else None
    return None


def _tells_ago(before: str, behind: str) -> bool:
    """Whether a word for "ago" stands right before or behind an amount."""
    if behind.startswith(tuple(_AGO)) and _is_word(behind, next(w for w in _AGO if behind.startswith(w))):
        return True
    return any(before.endswith(word) and not before[: -len(word)][-1:].isalpha() for word in _AGO)


def _is_short(parts: list[Token]) -> bool:
    """Whether amounts are abbreviated ("2h"), or a word whose ending says "ago"."""
    named = [part.text for part in parts if part.kind == "word"]
    return all((len(word) <= 2 and word not in _ARTICLES) or word in _ENDED for word in named)


def _is_word(text: str, word: str) -> bool:
    return not text[len(word) : len(word) + 1].isalpha() or not word[-1].isascii()


def _amounts(parts: list[Token], at: int, units: dict[str, str], text: str) -> tuple[list[tuple[int, str]] | None, int]:
    """The amounts and units that begin at a token, the larger unit first; and the place behind them.
    None instead where they do not fit together."""
    found: list[tuple[int, str]] = []
    place = at
    while place < len(parts) and len(found) < _MANY:
        start = place
        if found and parts[place].text in _AND:
            start = place + 1
            if start < len(parts) and parts[start].text == "-" and parts[start].start == parts[place].end:
                start += 1  # Hebrew: "and-10 minutes"
        one = _amount(parts, start, units, text, first=not found)
        if one is None:
            break
        amount, unit, place = one
        if found and _RANK[unit] >= _RANK[found[-1][1]]:
            return None, at
        found.append((amount, unit))
        if (
            place < len(parts)
            and parts[place].text == "."
            and place + 1 < len(parts)
            and parts[place + 1].kind == "number"
        ):
            place += 1
    if found and place < len(parts) and parts[place].text in _HALF:
        return None, at
    return found, place


def _amount(
    parts: list[Token], at: int, units: dict[str, str], text: str, *, first: bool
) -> tuple[int, str, int] | None:
    if at >= len(parts):
        return None
    token = parts[at]
    if token.text in DUALS_ALIKE:
        return (*DUALS_ALIKE[token.text], at + 1)
    if token.kind == "number":
        if (
            len(token.text) > 4
            or re.search(r"\d\s?[.,:/\-–]$", text[: token.start])
            or re.match(r"[.,:/]\d", text[token.end :])
        ):
            return None
        amount = int(token.text)
    elif token.text in _NUMBERS:
        amount = _NUMBERS[token.text]
    elif (
        first
        and token.text in units
        and len(token.text) > 2
        and any(text[: token.start].rstrip().endswith(word) for word in ("منذ", "قبل", "לפני", "पूर्व"))
    ):
        following = parts[at + 1] if at + 1 < len(parts) else None
        ends = following is None or following.kind == "sign" or following.text in _AND or following.text == "تقریبا"
        return (1, units[token.text], at + 1) if ends else None
    else:
        return None
    if at + 1 >= len(parts) or parts[at + 1].kind != "word":
        return None
    word = parts[at + 1].text
    unit = units.get(word) or units.get(word.rstrip("."))
    if unit is None:
        return None
    return amount, unit, at + 2


DUALS_ALIKE = {alike: value for word, value in DUALS.items() for alike in words(word)}


def _back(now: datetime, amounts: list[tuple[int, str]]) -> Moment | None:
    seconds = sum(amount * SECONDS[unit] for amount, unit in amounts)
    try:
        when = now - timedelta(seconds=seconds)
    except OverflowError:
        return None
    if when.year < 1900:
        return None
    return Moment(when, exact=amounts[-1][1] in ("second", "minute", "hour"), zoned=True)


@lru_cache(maxsize=128)
def _near_words(language: str) -> tuple[tuple[str, int], ...]:
    """The words of a language for days near today, and those of English; without a language, those of one meaning.

    The longest come first.
    """
    return tuple(sorted(_near_table(language).items(), key=lambda item: -len(item[0])))


def _near_table(language: str) -> dict[str, int]:
    own = {"nb": "no", "nn": "no", "bs": "sr", "fil": "tl", "iw": "he", "in": "id"}.get(language, language)
    if own:
        return {w: n for n, table in NEAR.items() for key in ("en", own) for w in words(table.get(key, ""))}
    return {
        w: n for n, table in NEAR.items() for text in table.values() for w in words(text)
        if len(w) > 4 or not w.isascii()
    }  # fmt: skip


_FILL = frozenset(words(CLOCK_WORDS + " " + WEEKDAYS))


def _near(text: str, language: str, now: datetime, zone: tzinfo | None) -> Moment | None:
    """A day near today, beside which stand only its time and words of a date line."""
    for word, days in _near_words(language.split("-")[0]):
        if word not in text:
            continue
        place = text.find(word)
        if (place and text[place - 1].isalpha() and word.isascii()) or (
            text[place + len(word) : place + len(word) + 1].isalpha() and word[-1].isascii()
        ):
            continue
        rest = text[:place] + " " + text[place + len(word) :]
        time = next(iter(times(rest, language)), None)
        left = rest if time is None else rest[: time.start] + " " + rest[time.end :]
        if any(c.isdigit() for c in left):
            return None
        letters = [w.text for w in tokens(left) if w.kind == "word" and w.text not in _FILL and w.text not in _PLAIN]
        if sum(map(len, letters)) > (24 if time is not None else 12):
            return None
        here = now.astimezone(zone) if zone else now
        day = here - timedelta(days=days)
        return moment_of(day.year, day.month, day.day, time.clock if time else None, zone)
    return None
