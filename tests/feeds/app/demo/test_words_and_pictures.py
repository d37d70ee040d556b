"""What the demo's sites write: slugs, dates, pictures, and their answers to conditional requests."""

from __future__ import annotations

import gzip
import struct
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from feeds.app.demo import slugs
from feeds.app.demo.pages import Answer
from feeds.app.demo.pictures import png
from feeds.app.demo.server import respond
from tests.support.cases import each

MOMENT = datetime(2026, 11, 4, 15, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Fútbol y más", "futbol-y-mas"), ("  A -- B!  ", "a-b"), ("¿Qué?", "que"), ("年", ""), ("R2 D2", "r2-d2")],
)
def test_slug(text: str, slug: str) -> None:
    assert slugs.slug(text) == slug


@pytest.mark.parametrize(
    ("names", "language", "line"),
    [
        ((), "en", ""),
        (("A",), "en", "A"),
        (("A", "B"), "en", "A and B"),
        (("A", "B", "C"), "en", "A, B and C"),
        (("A", "B"), "es", "A y B"),
    ],
)
def test_names_in_a_line(names: tuple[str, ...], language: str, line: str) -> None:
    assert slugs.joined(names, language) == line


@each(
    "text, length, short",
    whole=[("The old quay", 12, "The old quay")],
    cut=[
        ("The old quay", 11, "The old..."),
        ("The old, quay", 12, "The old..."),
        ("Theoldquayisclosed", 10, "Theoldq..."),
    ],
)
def test_cut(text: str, length: int, short: str) -> None:
    assert slugs.cut(text, length) == short
    assert len(short) <= length


@pytest.mark.parametrize(
    ("language", "days"),
    {
        "en": {"long": "November 4, 2026", "short": "Nov 4, 2026", "clock": "November 4, 2026 at 3:05 p.m."},
        "es": {"long": "4 de noviembre de 2026", "clock": "4 de noviembre de 2026, 15:05"},
    }.items(),
)
def test_day(language: str, days: dict[str, str]) -> None:
    assert {form: slugs.day(MOMENT, form, language) for form in days} == days


def test_clocks_of_twelve_hours() -> None:
    told = [slugs.day(MOMENT.replace(hour=hour), "clock").rpartition(" at ")[2] for hour in (0, 1, 11, 12, 13)]
    assert told == ["12:05 a.m.", "1:05 a.m.", "11:05 a.m.", "12:05 p.m.", "1:05 p.m."]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"), (59, "just now"), (60, "1 minute ago"), (119, "1 minute ago"), (120, "2 minutes ago"),
        (3599, "59 minutes ago"), (3600, "1 hour ago"), (86399, "23 hours ago"), (86400, "1 day ago"),
        (7 * 86400 - 1, "6 days ago"), (7 * 86400, "Nov 4"), (60 * 86400, "Nov 4, 2026"),
    ],
)  # fmt: skip
def test_ago(seconds: int, text: str) -> None:
    assert slugs.ago(MOMENT, MOMENT + timedelta(seconds=seconds)) == text


def pixels(data: bytes) -> list[list[tuple[int, ...]]]:
    """The rows of a PNG of eight bits and three colours, whose rows are not filtered."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 2, 0, 0, 0] and chunks[b"IEND"] == b""
    raw = zlib.decompress(chunks[b"IDAT"])
    rows = [raw[y * (1 + 3 * width) : (y + 1) * (1 + 3 * width)] for y in range(height)]
    assert len(raw) == height * (1 + 3 * width) and {row[0] for row in rows} == {0}
    return [[tuple(row[1 + 3 * x : 4 + 3 * x]) for x in range(width)] for row in rows]


def test_a_picture_is_a_sky_over_water() -> None:
    rows = pixels(png("quay", 6, 100))
    assert all(len(set(row)) == 1 for row in rows)
    first = [row[0] for row in rows]
    horizon = next(y for y in range(1, 100) if any(first[y][c] < first[y - 1][c] - 20 for c in range(3)))
    assert 35 <= horizon < 65
    sky, water = first[:horizon], first[horizon:]
    for part in range(3):  # the sky is lighter below, the water darker
        assert [row[part] for row in sky] == sorted(row[part] for row in sky)
        assert [row[part] for row in water] == sorted((row[part] for row in water), reverse=True)
    assert all(120 <= part < 220 for part in sky[0]) and all(20 <= part < 110 for part in water[0])
    assert [min(255, part + 60 * (horizon - 1) // horizon) for part in sky[0]] == list(sky[-1])
    deep = 15 * (99 - horizon) / (100 - horizon)
    assert all(part - deep - 1 <= low <= part - deep + 1 for part, low in zip(water[0], water[-1], strict=True))
    assert png("quay", 6, 100) == png("quay", 6, 100) != png("ferry", 6, 100)


def ask(method: str = "GET", answer: Answer | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    made = answer or Answer(b"<p>The quay</p>" * 50, "text/html", modified=MOMENT)
    return respond(made, method, {name.replace("_", "-"): value for name, value in headers.items()})


def test_answers_have_validators_that_are_believed() -> None:
    status, told, body = ask()
    assert (status, told["Content-Length"]) == (200, str(len(body)))
    assert told["Last-Modified"] == "Wed, 04 Nov 2026 15:05:00 GMT"
    etag = told["ETag"]
    for header in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        status, again, nothing = ask(if_none_match=header)
        assert (status, nothing, again["ETag"]) == (304, b"", etag), header
        assert "Content-Type" not in again
    assert ask(if_none_match='"other"', if_modified_since=told["Last-Modified"])[0] == 200
    assert ask(if_modified_since=told["Last-Modified"])[0] == 304
    assert ask(if_modified_since="Wed, 04 Nov 2026 15:04:59 GMT")[0] == 200
    assert ask(if_modified_since="soon")[0] == 200


def test_answers_are_packed_for_who_takes_it() -> None:
    status, told, body = ask(accept_encoding="br, gzip")
    assert (status, told["Content-Encoding"], gzip.decompress(body)) == (200, "gzip", ask()[2])
    assert told["ETag"] != ask()[1]["ETag"]
    for header in ("", "br", "gzip;q=0", "gzip; q=0.0", "x-gzip"):
        assert "Content-Encoding" not in ask(accept_encoding=header)[1], header
    assert ask(accept_encoding="*")[1]["Content-Encoding"] == "gzip"
    for small in (Answer(b"x" * 500, "text/html"), Answer(b"x" * 5000, "image/png")):
        assert "Content-Encoding" not in ask(answer=small, accept_encoding="gzip")[1]


def test_other_methods_and_failures() -> None:
    assert ask("HEAD")[2] == b"" and ask("HEAD")[1]["Content-Length"] == ask()[1]["Content-Length"]
    status, told, _ = ask("POST")
    assert (status, told["Allow"]) == (405, "GET, HEAD")
    status, told, _ = ask(answer=Answer(b"Later", "text/plain", 503, headers={"Retry-After": "60"}), if_none_match="*")
    assert (status, told["Retry-After"]) == (503, "60")
    assert "ETag" not in told
