"""Imported files line by line, each article whole; and what a change of a source does to files, store and daemon."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, call

import pytest

from feeds.app.jobs import archives, source_changes
from feeds.app.jobs.archives import read_archive
from feeds.errors import WrongName
from scrapers import CopydeskError, Draft, Given, Image, Page

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
URL = "https://wire.example/a"


def items(folder: Path, *lines: object, zipped: bool = False, raw: bytes | None = None) -> list[Given | str]:
    path = folder / "old.jsonl"
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines) if raw is None else raw
    path.write_bytes(gzip.compress(data) if zipped else data)
    return [one.replace(f"{path}:", "") if isinstance(one, str) else one for one in read_archive(path, NOW)]


WHOLE = {
    "url": URL, "fetched": "2026-03-01T12:00:00+01:00", "title": "T", "subtitle": "S", "authors": ["A", 7, "B"],
    "published": "2026-02-01", "updated": "2026-02-02", "section": "C", "tags": ["x"], "language": "en",
    "publisher": "P", "image": {"url": "https://wire.example/1.jpg"}, "text": "X", "html": "<p>X</p>",
    "paywalled": True, "sponsored": True,
}  # fmt: skip


def told(**more: Any) -> Draft:
    names = [name for name, value in more.items() if value]
    return Draft(**more, witnesses=dict.fromkeys(names, "import"))


@pytest.mark.parametrize("zipped", [False, True])
def test_an_item_with_all_its_fields(tmp_path: Path, zipped: bool) -> None:
    at = datetime(2026, 3, 1, 11, tzinfo=UTC)
    draft = told(
        title="T", subtitle="S", authors=("A", "B"), published="2026-02-01", updated="2026-02-02", section="C",
        tags=("x",), language="en", publisher="P", image=Image("https://wire.example/1.jpg"), text="X", html="<p>X</p>",
        paywalled=True, sponsored=True,
    )  # fmt: skip
    assert items(tmp_path, WHOLE, zipped=zipped) == [Given(URL, at, told=draft)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ({"title": "T"}, "1: url: should be the address of the article"),
        ({"url": "nowhere", "title": "T"}, "1: url: should be the address of the article"),
        ({"url": URL}, '1: title: should be the headline (or "page" the whole page)'),
        ({"url": URL, "title": " "}, '1: title: should be the headline (or "page" the whole page)'),
        ({"url": URL, "title": "T"}, Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "title": "T", "first_seen": "2026-03-01"},
         Given(URL, datetime(2026, 3, 1, tzinfo=UTC), told=told(title="T"))),
        ({"url": URL, "title": "T", "fetched": "2027-03-01"}, Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "title": "T", "fetched": "1989-12-31"}, Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "title": "T", "fetched": "1990-01-01"},
         Given(URL, datetime(1990, 1, 1, tzinfo=UTC), told=told(title="T"))),
        ({"url": URL, "title": "T", "fetched": 7}, Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "title": "T", "fetched": "soon"}, Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "title": "T", "published": "2026-01-01", "published_estimated": True},
         Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "title": "T", "image": "https://wire.example/1.jpg", "paywalled": 1, "tags": "x"},
         Given(URL, NOW, told=told(title="T", image=Image("https://wire.example/1.jpg")))),
        ({"url": URL, "title": "T", "image": "/1.jpg"}, Given(URL, NOW, told=told(title="T"))),
        ({"url": URL, "page": "<p>é", "title": "T"},
         Given(URL, NOW, page=Page(URL, "<p>é".encode(), charset="utf-8", fetched=NOW))),
        ({"url": URL, "page": "x" * 5_000_001}, "1: page: is larger than 5 MB"),
    ],
)  # fmt: skip
def test_an_item(tmp_path: Path, line: object, found: Given | str) -> None:
    assert items(tmp_path, line) == [found]


def test_lines_are_counted_and_what_is_no_json_is_told(tmp_path: Path) -> None:
    line = json.dumps({"url": URL, "title": "T"}).encode()
    raw = b"{}\n\n" + line + b"\n{no\n" + b"[" * 100_000 + b"\n[1]\n"
    assert items(tmp_path, raw=raw) == [
        "1: url: should be the address of the article", Given(URL, NOW, told=told(title="T")), "4: is no JSON",
        "5: is no JSON", '6: should be an object, such as {"url": …}',
    ]  # fmt: skip
    assert items(tmp_path, raw=b"") == []
    page = json.dumps({"url": URL, "page": "x" * 5_000_000}).encode()
    (given,) = items(tmp_path, raw=page)
    assert isinstance(given, Given) and given.page is not None and len(given.page.body) == 5_000_000


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"<html>", "is neither lines of JSON nor WARC"),
        (gzip.compress(b"{}\n" * 9000)[:-20], "is cut off or damaged; what came before was read"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, raw: bytes | None, why: str) -> None:
    path = tmp_path / "a"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(CopydeskError) as raised:
        list(read_archive(path, NOW))
    assert raised.value.reason == f"{path}: {why}"


class Warc:
    """A record of a WARC file, with or without an HTTP answer."""

    def __init__(self, body: bytes | Exception = b"<p>x", status: str | None = "200", **more: Any) -> None:
        self.headers = {"WARC-Target-URI": URL, "WARC-Date": "2026-03-01T11:00:00Z", "Content-Type": "text/html"} | more
        self.rec_headers = SimpleNamespace(get_header=self.headers.get)
        told = [("X-Robots-Tag", "noarchive"), ("Server", "x")]
        http = SimpleNamespace(get_header=self.headers.get, get_statuscode=lambda: status, headers=told)
        self.http_headers = http if status else None
        self.body = body

    def content_stream(self) -> Any:
        def read(most: int) -> bytes:
            if isinstance(self.body, Exception):
                raise self.body
            return self.body[:most]

        return SimpleNamespace(read=read)


AT = datetime(2026, 3, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (Warc(), Given(URL, AT, page=Page(URL, b"<p>x", fetched=AT, robots=("noarchive",)))),
        (Warc(status=None), Given(URL, AT, page=Page(URL, b"<p>x", fetched=AT))),
        (Warc(**{"Content-Type": "Application/XHTML+xml; Charset='ISO-8859-1'; x=y"}),
         Given(URL, AT, page=Page(URL, b"<p>x", "application/xhtml+xml", "iso-8859-1", fetched=AT,
                             robots=("noarchive",)))),
        (Warc(**{"Content-Type": "image/png"}), None),
        (Warc(**{"Content-Type": None}), None),
        (Warc(status="404"), None),
        (Warc(**{"WARC-Target-URI": "urn:x"}), "'urn:x': is no web address"),
        (Warc(**{"WARC-Target-URI": None}), "'': is no web address"),
        (Warc(EOFError()), f"{URL}: its page is damaged"),
        (Warc(b"x" * 5_000_001), f"{URL}: is larger than 5 MB"),
    ],
)  # fmt: skip
def test_a_page_of_a_web_archive(record: Warc, found: Given | str | None) -> None:
    assert archives._response(record) == found


# --- sources changed by a person


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Any, Any]:
    """A store that is told, and a folder with two seeds and samples of one."""
    folder = tmp_path / "seeds"
    (folder / "wire").mkdir(parents=True)
    for name in ("wire", "herald"):
        (folder / f"{name}.toml").write_text(name)
    store = Mock()
    store.sources.labels.return_value = [SimpleNamespace(name=name) for name in ("wire", "old")]
    store.retention.forget_source.return_value = 7
    return store, SimpleNamespace(seeds_folder=folder, folder=tmp_path, failed_pages=tmp_path / "failed", store_at=tmp_path / "db", state=tmp_path)  # fmt: skip  # noqa: E501


RELOAD = call.control.ask("reload", {}, NOW)


def files(config: Any) -> list[str]:
    folder = config.seeds_folder
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_the_names_of_sources(desk: tuple[Any, Any]) -> None:
    store, config = desk
    assert source_changes.names_of_sources(store, config) == ["herald", "old", "wire"]
    source_changes.require(store, config, "old")
    with pytest.raises(WrongName, match="there is no source wyre; did you mean wire"):
        source_changes.require(store, config, "wyre")


def test_a_source_is_paused(desk: tuple[Any, Any]) -> None:
    store, config = desk
    source_changes.set_paused(store, config, "wire", True, NOW)
    assert store.mock_calls[-2:] == [call.sources.set_paused("wire", True), RELOAD]
    with pytest.raises(WrongName, match="old has no seed any more"):
        source_changes.set_paused(store, config, "old", True, NOW)
    store.sources.get.return_value = None
    with pytest.raises(WrongName, match=r"wire was never visited; .*fetch wire"):
        source_changes.set_paused(store, config, "wire", True, NOW)
    with pytest.raises(WrongName, match="there is no source"):
        source_changes.set_paused(store, config, "nobody", True, NOW)


def test_a_source_is_renamed(desk: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    store, config = desk
    pages = Mock()
    monkeypatch.setattr(source_changes, "failed_pages", pages)
    source_changes.rename(store, config, "wire", "post", NOW)
    assert files(config) == ["herald.toml", "post", "post.toml"]
    assert (config.seeds_folder / "post.toml").read_text() == "wire"
    assert store.mock_calls[-2:] == [call.sources.rename("wire", "post", NOW), RELOAD]
    assert pages.mock_calls == [call.rename(config, "wire", "post")]
    source_changes.rename(store, config, "old", "older", NOW)
    assert files(config) == ["herald.toml", "post", "post.toml"]
    for to, why in (("herald", "is there already"), ("A b", "a name is 1 to 64")):
        with pytest.raises(WrongName, match=why):
            source_changes.rename(store, config, "post", to, NOW)


def test_a_source_is_removed(desk: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    store, config = desk
    pages = Mock()
    monkeypatch.setattr(source_changes, "failed_pages", pages)
    assert source_changes.remove(store, config, "wire", NOW, records=False) == 0
    assert files(config) == ["herald.toml", "removed", "removed/wire", "removed/wire.toml"]
    assert store.mock_calls[-2:] == [call.asked_feeds.drop("wire"), RELOAD]
    assert not store.retention.forget_source.called
    assert pages.mock_calls == [call.forget_source(config, "wire")]
    (config.seeds_folder / "wire.toml").write_text("again")
    assert source_changes.remove(store, config, "wire", NOW, records=True) == 7
    assert store.retention.mock_calls == [call.forget_source("wire", NOW)]
    assert files(config)[-3:] == ["removed/wire", "removed/wire-20260310T120000.toml", "removed/wire.toml"]
    assert source_changes.remove(store, config, "old", NOW, records=False) == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [("a", None), ("a-1", None), ("x" * 64, None),
     ("x" * 65, "a name is 1 to 64 of a-z, 0-9 and -, not " + repr("x" * 65)),
     ("", "a name is 1 to 64 of a-z, 0-9 and -, not ''"), ("A", "a name is 1 to 64 of a-z, 0-9 and -, not 'A'")],
)  # fmt: skip
def test_a_name_of_a_source(name: str, why: str | None) -> None:
    assert source_changes.bad_name(name) == why
