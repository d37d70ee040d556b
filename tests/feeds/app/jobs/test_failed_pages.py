"""Pages that failed are kept for a person: a few, small, private, and gone when the source is (D8)."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.app.config.config import Config, load
from feeds.app.jobs import failed_pages
from scrapers import Page, Sample
from tests.support.misbehaving import Web

pytestmark = pytest.mark.usefixtures("read_inside")

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "config.toml"
    path.write_text('contact = "mailto:desk@example.org"\n')
    return load(path)


def sample(n: int = 0, why: str = "no title", body: bytes = b"<p>odd") -> Sample:
    return Sample(Page(f"https://courier.example/{n}", body, charset="utf-8"), why)


def files(config: Config, source: str = "courier") -> set[str]:
    folder = failed_pages.folder_of(config, source)
    return {path.suffix for path in folder.iterdir()} if folder.exists() else set()


def test_three_of_a_source_stay_the_newest(config: Config) -> None:
    for n in range(5):
        failed_pages.keep(config, "courier", [sample(n)], NOW + timedelta(minutes=n))
    found = failed_pages.of_source(config, "courier")
    assert [one.url for one in found] == [f"https://courier.example/{n}" for n in (4, 3, 2)]
    assert len(list(failed_pages.folder_of(config, "courier").iterdir())) == 6, "each with what is told of it"
    assert found[0].file.read_bytes() == b"<p>odd"


def test_nobody_else_reads_them(config: Config) -> None:
    (path,) = failed_pages.keep(config, "courier", [sample()], NOW)
    for one in path.parent.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_page_that_fails_at_every_visit_is_written_once_a_day(config: Config) -> None:
    assert len(failed_pages.keep(config, "courier", [sample()], NOW)) == 1
    assert failed_pages.keep(config, "courier", [sample()], NOW + timedelta(hours=1)) == []
    assert len(failed_pages.keep(config, "courier", [sample(why="another reason")], NOW + timedelta(hours=1))) == 1
    assert len(failed_pages.keep(config, "courier", [sample(why="another reason")], NOW + timedelta(hours=26))) == 1
    assert len(failed_pages.of_source(config, "courier")) == 1


def test_an_address_is_no_path(config: Config) -> None:
    evil = Sample(Page("https://courier.example/../../../etc/x\0y", b"x", content_type="application/rss+xml"), "odd")
    (path,) = failed_pages.keep(config, "courier", [evil], NOW)
    assert path.parent == failed_pages.folder_of(config, "courier")
    assert path.suffix == ".xml"
    assert failed_pages.of_source(config, "courier")[0].file == path


def test_what_was_half_written_is_passed_over(config: Config) -> None:
    (path,) = failed_pages.keep(config, "courier", [sample()], NOW)
    path.with_suffix(".json").write_text("{")
    (path.parent / "lonely.json").write_text('{"page": {"content_type": "text/html"}}')
    assert failed_pages.of_source(config, "courier") == []


@pytest.fixture
def site() -> Iterator[Web]:
    cards = "".join(
        f"<article><h2><a href='/2026/03/{slug}'>{title}</a></h2><p>What there is to say of it.</p></article>"
        for slug, title in (("the-quay-is-closed", "The quay is closed"), ("a-new-ferry", "A new ferry for the bay"))
    )
    with Web() as web:
        web.page("/", f"<!doctype html><title>The Courier</title><main>{cards}</main>".encode())
        web.page("/2026/03/the-quay-is-closed", b"<!doctype html><body><p>Sorry</p></body>")
        web.page("/2026/03/a-new-ferry", b"<!doctype html><body><div id=app></div></body>")
        yield web


def test_commands_list_read_and_forget_them(tmp_path: Path, site: Web, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text(f'home = "{site.url("/")}"\nevery = "10s"\n')
    path = tmp_path / "config.toml"
    path.write_text(
        'contact = "mailto:desk@example.org"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "0s"\n'
    )

    def copydesk(*arguments: str) -> str:
        main(["--config", str(path), *arguments])
        return capsys.readouterr().out

    copydesk("run", "--once")
    (row,) = json.loads(copydesk("status", "--json"))["sources"]
    assert len(row["failed_pages"]) == 2
    url = site.url("/2026/03/the-quay-is-closed")
    (page,) = [one for one in row["failed_pages"] if one["url"] == url]
    file = Path(page["file"])
    assert b"Sorry" in file.read_bytes()
    assert page["file"] in copydesk("why", url)
    assert json.loads(copydesk("try", str(file), "--as", "listing", "--json"))["url"] == url, "its address is known"
    copydesk("sources", "rename", "courier", "herald")
    assert failed_pages.of_source(load(path), "courier") == []
    assert len(failed_pages.of_source(load(path), "herald")) == 2
    copydesk("forget", "herald")
    assert not file.exists()
    assert failed_pages.of_source(load(path), "herald") == []
