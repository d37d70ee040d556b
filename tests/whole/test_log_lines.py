"""The log of the real daemon over pages that want to write it themselves: every line is ours, short and whole (X3)."""

from __future__ import annotations

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import preloaded
from tests.support.misbehaving import Asked, Out, Web
from tests.support.waiting import finished, until_of

pytestmark = pytest.mark.xdist_group("log-lines")

FAKE = "2026-03-02T12:00:00Z [info     ] visit          source=courier state=ok new=99"
EVIL = f"Fine\n{FAKE}\r\x1b[2J\x1b]0;owned\x07\u2028{FAKE}\u202egpj\x9b31m"
FAILING = {"walled", "typed", "moved", "robbed", "refused", "broken"}
SECRET = "s3cret-that-no-line-tells"


def front(title: str, cards: int = 6) -> bytes:
    items = "".join(
        f"<article><h2><a href='/2026/03/{n}-{'story-of-a-quay-' * 3}'>{title}</a></h2></article>" for n in range(cards)
    )
    return f"<!doctype html><title>{title}</title><main>{items}</main>".encode("utf-8", "replace")


@pytest.fixture
def sites() -> Iterator[dict[str, Web]]:
    """Each a site that puts what it wants into what we may log."""
    names = ("titled", "huge", "walled", "typed", "moved", "robbed", "refused", "broken")
    webs = {name: Web() for name in names}
    for web in webs.values():
        web.__enter__()
    for path in ("story", "front"):
        webs["titled"].page(f"/{path}", front(EVIL))
    webs["titled"].page("/", front(EVIL))
    webs["huge"].page("/", front("A \x1b" * 50_000))
    webs["walled"].page("/", front(f"Just a moment {EVIL}" + "x" * 100_000))
    webs["typed"].raw("/", f"HTTP/1.1 200 OK\r\nContent-Type: image/\x1b[2J{'y' * 5000}\r\n\r\nx".encode("latin-1"))
    webs["moved"].raw("/", f"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/?token={SECRET}\x1b\r\n\r\n".encode())
    webs["robbed"].page("/robots.txt", b"User-agent: *\nDisallow: /\x1b[2J", content_type="text/plain")
    webs["refused"].page("/", b"no", status="403 \x1b[2J" + FAKE)
    webs["broken"].raw("/", f"HTTP/1.1 200 {EVIL}".replace("\n", " ").encode("utf-8") + b"\x1b\x00\xff\r\nxx\x1b: yy")

    async def odd(asked: Asked, out: Out) -> None:
        await out.send(b"\x1b[2J" + FAKE.encode() + b"\n\n\n")

    webs["broken"].on("/odd", odd)
    yield webs
    for web in webs.values():
        web.__exit__(None, None, None)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_page_writes_the_log(tmp_path: Path, sites: dict[str, Web], form: str) -> None:
    (tmp_path / "seeds").mkdir()
    for name, web in sites.items():
        home = web.url(f"/?token={SECRET}" if name in ("typed", "moved") else "/")
        (tmp_path / f"seeds/{name}.toml").write_text(
            f'home = "{home}"\nevery = "0.2s"\nheaders = {{ X-Key = "env:DESK_KEY" }}\n'
        )
    (tmp_path / "seeds/odd.toml").write_text(f'home = "{sites["broken"].url("/odd")}"\nevery = "0.2s"\n')
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[web]\nlisten = "127.0.0.1:0"\n'
        f'[log]\nformat = "{form}"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n'
    )
    log = tmp_path / "log"
    environment = {**os.environ, "DESK_KEY": SECRET, "PYTHONUNBUFFERED": "1"}
    daemon = preloaded.start(["--config", str(config), "run", "--no-web"], log, environment=environment)
    try:
        told = lambda: set(re.findall(r"\bsource\W{1,5}(\w+)", log.read_text("utf-8")))  # noqa: E731  one expression
        until_of(daemon, lambda: told() >= FAILING, "each has its line", log)
        ten = re.compile(r"\btimes\W{1,4}10\b")
        until_of(daemon, lambda: ten.search(log.read_text("utf-8")), "one has failed again and again", log)
    finally:
        daemon.send_signal(signal.SIGTERM)
        assert finished(daemon, log) == 0
    data = log.read_bytes()
    assert SECRET.encode() not in data
    found = data.decode("utf-8").split("\n")[:-1]
    assert len(found) > 10
    for line in found:
        assert line.isprintable(), repr(line)
        assert len(line.encode()) <= 8192
        assert not line.startswith(FAKE[:20])
    if form == "json":
        events = [json.loads(line) for line in found]
        assert all(isinstance(event, dict) and event["event"] for event in events)
        causes = Counter((event.get("source"), event.get("why")) for event in events if event.get("why"))
        assert {source for source, _ in causes} >= FAILING
        assert any(event.get("times") == 10 for event in events)
        assert all(count <= 3 for count in causes.values()), "the same cause is told once, and with its count"
    else:
        assert all(re.match(r"\d\d:\d\d:\d\d \[", line) or line.startswith("  | ") for line in found)
