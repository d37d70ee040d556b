"""No page of the real daemon leads to nothing: every address of ours that one names is there."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urldefrag, urljoin

from lxml import html

from tests.support.playing import EVERYTHING, Play
from tests.support.waiting import until

MOST = 150  # pages that are read


def test_no_page_leads_to_nothing(tmp_path: Path) -> None:
    with Play(tmp_path) as play:
        play.start()
        until(lambda: play.get(f"t/{EVERYTHING}")[1].count(b"<article") > 6, "some stories are published")
        base = f"http://127.0.0.1:{play.port}/"
        waiting, seen, read = [base, f"{base}search?q=the"], set[str](), 0
        kinds = set()
        while waiting and read < MOST:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            status, body = play.get(address.removeprefix(base))
            assert status == 200, address
            if not body.startswith(b"<!doctype html>"):
                continue
            read += 1
            kinds.add(address.removeprefix(base).partition("/")[0][:6] + ("/story" if "/story/" in address else ""))
            root = html.document_fromstring(body.decode())
            links = [*root.xpath("//a/@href"), *root.xpath("//link/@href"), *root.xpath("//script/@src")]
            ours = [urldefrag(urljoin(address, link)).url for link in links]
            fresh = [link for link in ours if link.startswith(base) and link not in seen]
            # those of stories are alike: a few of each page will do
            stories = [link for link in fresh if "/story/" in link]
            waiting += [link for link in fresh if "/story/" not in link] + stories[:3]
        assert read > 30
        assert {"", "search", "t", "s", "t/story", "s/story"} <= {kind.partition("?")[0] for kind in kinds}
