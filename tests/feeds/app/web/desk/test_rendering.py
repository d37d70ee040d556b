"""What a browser is sent of a page's values: events by line, and the rules for what is shown inside a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feeds.app.web.desk import rendering
from feeds.app.web.desk.values import Download, Events, Framed


def test_events_are_sent_line_by_line() -> None:
    async def lines() -> AsyncIterator[tuple[str, str]]:
        for one in (("line", "a\nb"), ("end", ""), ("more", "c\n\nd\n")):
            yield one

    async def sent() -> list[str | bytes | memoryview]:
        return [part async for part in rendering.events(Events(lines())).body_iterator]  # type: ignore[attr-defined]

    answer = rendering.events(Events(lines()))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert asyncio.run(sent()) == [
        "event: line\ndata: a\ndata: b\n\n", "event: end\ndata: \n\n", "event: more\ndata: c\ndata: \ndata: d\n\n",
    ]  # fmt: skip


@pytest.mark.parametrize("pictures", [True, False])
@pytest.mark.parametrize("styles", [(), ("p{}", "a{}")])
def test_what_is_shown_inside_a_page_loads_what_it_may(pictures: bool, styles: tuple[str, ...]) -> None:
    answer = rendering.framed(Framed(b"<p>Text</p>", styles=styles, pictures=pictures))
    policy = dict(part.partition(" ")[::2] for part in answer.headers["content-security-policy"].split("; "))
    assert "allow-scripts" not in policy["sandbox"] and "allow-same-origin" not in policy["sandbox"]
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["img-src"] == ("https: http:" if pictures else "'none'")
    hashes = [
        "'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='",
        "'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='",
    ]
    assert policy["style-src"].split() == (hashes if styles else ["'none'"])
    assert (answer.body, answer.status_code) == (b"<p>Text</p>", 200)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_file_to_keep_and_files_of_ours(tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"x")
    answer = rendering.download(Download(tmp_path / "copy", "desk.zip", "application/zip"))
    assert answer.headers["content-disposition"] == 'attachment; filename="desk.zip"'
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["x-content-type-options"] == "nosniff"
    for name, media_type in rendering.STATIC.items():
        file = rendering.static(name)
        assert file.headers["content-type"] == f"{media_type}; charset=utf-8"
        assert file.headers["cache-control"] == "no-cache" and file.headers["etag"].startswith('"')
        assert file.status_code == 200 and len(file.body) > 100
