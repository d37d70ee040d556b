"""The command as a person types it: exit codes, clear one-line errors, JSON for scripts."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.cli import main as cli
from feeds.app.cli.main import main
from feeds.app.demo.newsroom import Newsroom
from feeds.store import Lock
from scrapers.crawl.run_builder import VisitLimits
from tests.support.reading_inside import once

pytestmark = pytest.mark.usefixtures("read_inside")

PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 2
PAGE = f"""<!doctype html><html lang="en"><head><title>Quay closed - The Courier</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-01T09:00:00Z"></head>
<body><main><article><h1>Old quay closed until spring</h1><p>{PROSE}</p><p>{PROSE}</p></article></main></body></html>"""


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("newsroom")
    with Newsroom(folder, now=datetime.now(UTC) - timedelta(hours=1), speed=None) as room:
        yield room


def desk_in(folder: Path, newsroom: Newsroom) -> Path:
    """A configuration over the sample sites, of which two are enough here."""
    newsroom.seeds(folder / "seeds", every="10s")
    for path in (folder / "seeds").iterdir():
        if path.stem not in ("halyard-press", "kelsby-herald"):
            path.unlink()
    config = folder / "config.toml"
    config.write_text(newsroom.config_toml(listen="127.0.0.1:8484"), encoding="utf-8")
    return config


@pytest.fixture
def desk(newsroom: Newsroom, tmp_path: Path) -> Path:
    """An installation that has visited nothing."""
    return desk_in(tmp_path, newsroom)


@pytest.fixture(scope="module")
def after_a_round(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one that has visited its sources once; tests have copies of it."""
    folder = tmp_path_factory.mktemp("visited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("feeds.app.workers.pool.Workers._once", once)
        assert copydesk(desk_in(folder, newsroom), "run", "--once") == 0
    return folder


@pytest.fixture
def visited(after_a_round: Path, tmp_path: Path) -> Path:
    """An installation that has visited its sources once."""
    shutil.copytree(after_a_round, tmp_path, dirs_exist_ok=True)
    return tmp_path / "config.toml"


def copydesk(config: Path, *arguments: str) -> int:
    return main(["--config", str(config), "--quiet", *arguments])


def test_without_a_configuration_one_line_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert copydesk(tmp_path / "config.toml", "status") == 3
    err = capsys.readouterr().err
    assert "copydesk init" in err
    assert "Traceback" not in err


def test_a_wrong_configuration_is_told_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text('titel = "x"\n[[topics]]\nname = "a"\nquery = "(war"\n')
    assert copydesk(path, "check") == 3
    err = capsys.readouterr().err
    assert "contact: is required" in err
    assert 'did you mean "title"' in err


def test_a_wrong_query_points_at_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text('contact = "mailto:a@example.org"\n[[topics]]\nname = "a"\nquery = "war AND (peace"\n')
    assert copydesk(path, "check") == 3
    assert "^" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("nonsense",), ("fetch", "--nonsense"), ("fetch",), ("try", "no-such-thing")])
def test_wrong_usage_is_2(desk: Path, arguments: tuple[str, ...]) -> None:
    assert copydesk(desk, *arguments) == 2


def test_try_reads_a_saved_page_without_any_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "quay.html.gz"
    page.write_bytes(gzip.compress(PAGE.encode()))
    assert copydesk(tmp_path / "none.toml", "try", str(page), "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["title"] == "Old quay closed until spring"
    assert record["id"] is None
    assert record["url"] is None
    assert record["published"] == "2026-03-01T09:00:00+00:00"
    assert record["witnesses"]["published"] == "meta"
    assert set(record) >= {"subtitle", "authors", "section", "tags", "language", "publisher", "image", "text", "html"}


def test_try_shows_an_article_as_an_entry_will(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    page = tmp_path / "quay.html"
    page.write_text(PAGE)
    assert copydesk(tmp_path / "none.toml", "try", str(page), "--html") == 0
    shown = capfdbinary.readouterr().out
    assert shown.startswith(b"<!doctype html>")
    assert b"<title>Old quay closed until spring</title>" in shown


def test_try_tells_of_the_further_pages_of_an_article(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "quay.html"
    page.write_text(PAGE.replace("</main>", '<a rel="next" href="/quay?page=2">2</a></main>'))
    assert (
        main(["--config", str(tmp_path / "none.toml"), "try", str(page), "--url", "https://courier.example/quay"]) == 0
    )
    assert "https://courier.example/quay?page=2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4 what a page was printed to", "is no web page"),
        (b"\x00\x01\x02\x03" * 40, "is no web page"),
        (b"<html><title>Hi</title><p>Hello.", "neither an article nor a list of stories"),
    ],
)
def test_what_is_no_news_page_is_told_in_a_line(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(data)
    assert copydesk(tmp_path / "none.toml", "try", str(page)) == 6
    told = capsys.readouterr()
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert told.out == ""


def test_try_with_an_address_gives_the_id_that_the_record_would_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "quay.html"
    page.write_text(PAGE)
    assert copydesk(tmp_path / "none.toml", "try", str(page), "--url", "https://courier.example/quay", "--json") == 0
    assert json.loads(capsys.readouterr().out)["id"].startswith("urn:uuid:")


def test_a_round_fills_the_feeds_and_every_command_tells_of_it(
    desk: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copydesk(desk, "run", "--once") == 0
    capsys.readouterr()

    assert copydesk(desk, "status", "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert {row["name"]: row["state"] for row in status["sources"]} == {"halyard-press": "ok", "kelsby-herald": "ok"}
    assert status["daemon"] is None

    assert copydesk(desk, "topics", "--json") == 0
    topics = {row["name"]: row["stories"] for row in json.loads(capsys.readouterr().out)}
    assert topics["harbour"] > 0

    assert copydesk(desk, "log", "kelsby-herald", "--json") == 0
    log = json.loads(capsys.readouterr().out)
    assert log["visits"][0]["outcome"] == "ok"
    assert {row["outcome"] for row in log["links"]} == {"kept"}

    article = newsroom.truth().sites["kelsby-herald"][0]
    assert copydesk(desk, "why", article.url, "--json") == 0
    why = json.loads(capsys.readouterr().out)
    assert why["record"]["title"] == article.title
    assert why["outcomes"][0]["outcome"] == "kept"
    assert copydesk(desk, "why", "https://nowhere.example/x") == 6
    assert "no source visits this site" in capsys.readouterr().out

    assert copydesk(desk, "history", article.url) == 0
    assert "never changed" in capsys.readouterr().out

    assert copydesk(desk, "feed", "harbour") == 0
    assert capsys.readouterr().out.startswith("<?xml")
    assert copydesk(desk, "feed", "nothing") == 2
    capsys.readouterr()

    assert copydesk(desk, "opml", "export") == 0
    assert "/t/harbour.atom" in capsys.readouterr().out

    assert copydesk(desk, "check") == 0
    # the second round finds nothing new and writes nothing
    public = desk.parent / "public"
    before = {path: path.stat().st_mtime_ns for path in public.rglob("*") if path.is_file()}
    assert copydesk(desk, "run", "--once") == 0
    assert {path: path.stat().st_mtime_ns for path in public.rglob("*") if path.is_file()} == before


def test_one_article_is_shown_and_kept_only_when_asked(
    desk: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    url = newsroom.truth().sites["kelsby-herald"][0].url
    assert copydesk(desk, "fetch", url, "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["kept"] is False
    assert copydesk(desk, "why", url) == 6
    assert copydesk(desk, "fetch", url, "--keep", "--json") == 0
    capsys.readouterr()
    assert copydesk(desk, "why", url) == 0


def test_what_a_first_visit_left_out_is_told_and_fetched_by_backfill(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrapers.crawl.scrape.VisitLimits", lambda: VisitLimits(first=2))
    assert main(["--config", str(desk), "fetch", "kelsby-herald"]) == 0
    told = re.search(r"kelsby-herald: the first 2 stories were taken; (\d+) others", "".join(capsys.readouterr()))
    assert told is not None
    assert copydesk(desk, "log", "kelsby-herald") == 0
    assert "left out by the first visit" in " ".join("".join(capsys.readouterr()).split())
    assert main(["--config", str(desk), "backfill", "kelsby-herald", "--since", "3650d"]) == 0
    found = re.search(r"(\d+) older stor(?:y|ies) kept", "".join(capsys.readouterr()))
    assert found is not None
    assert int(found[1]) >= int(told[1])
    assert main(["--config", str(desk), "fetch", "kelsby-herald"]) == 0
    assert "others wait" not in "".join(capsys.readouterr())


def test_a_source_is_paused_renamed_and_removed(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert copydesk(visited, "sources", "pause", "kelsby-herald") == 0
    capsys.readouterr()
    assert copydesk(visited, "sources", "--json") == 0
    states = {row["name"]: row["state"] for row in json.loads(capsys.readouterr().out)["sources"]}
    assert states["kelsby-herald"] == "paused"
    assert copydesk(visited, "sources", "resume", "kelsby-herald") == 0
    assert copydesk(visited, "sources", "rename", "kelsby-herald", "herald") == 0
    assert (visited.parent / "seeds/herald.toml").exists()
    assert copydesk(visited, "sources", "rename", "herald", "All Of It") == 2
    assert copydesk(visited, "sources", "remove", "herald", "--records") == 0
    assert not (visited.parent / "seeds/herald.toml").exists()
    assert copydesk(visited, "sources", "pause", "herald") == 2


def test_a_store_in_use_is_4_and_one_that_is_damaged_5(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = desk.parent / "copydesk.db"
    lock = Lock(store)
    lock.take()
    assert copydesk(desk, "run", "--once") == 4
    lock.release()
    store.write_bytes(b"no database" * 1000)
    assert copydesk(desk, "status") == 5
    assert "damaged" in capsys.readouterr().err


def test_a_source_that_is_down_makes_a_round_6(desk: Path) -> None:
    (desk.parent / "seeds/down.toml").write_text('home = "http://127.0.0.1:9/"\nevery = "10s"\n')
    assert copydesk(desk, "run", "--once") == 6


def test_a_round_visits_every_source_never_visited_and_says_what_failed_even_when_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:copydesk.db"\n[publish]\nfolder = "public"\n'
        '[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = 0\n'
    )
    (tmp_path / "seeds").mkdir()
    names = [f"paper-{n:02}" for n in range(30)]  # more than a daemon visits at once when they are added
    for name in names:
        (tmp_path / "seeds" / f"{name}.toml").write_text('home = "http://127.0.0.1:9/"\n')
    assert copydesk(config, "run", "--once") == 6
    told = capsys.readouterr().err
    assert "30 sources visited, 0 new stories, 0 revised, 30 failed" in told
    assert all(f"{name}: " in told for name in names)
    assert copydesk(config, "status", "--json") == 0
    sources = json.loads(capsys.readouterr().out)["sources"]
    assert [row["name"] for row in sources if row["last_visit"]] == names
    for path in ("t/all", "s/paper-00"):  # valid from the first moment, though nothing came
        assert "<entry" not in (tmp_path / "public" / f"{path}.atom").read_text()


def test_a_forgotten_article_is_gone_from_every_file_and_does_not_come_back(
    visited: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    article = newsroom.truth().sites["kelsby-herald"][0]
    public = visited.parent / "public"
    feed = public / "s/kelsby-herald.atom"
    assert article.title in feed.read_text()
    assert copydesk(visited, "forget", article.url) == 0
    for path in public.rglob("*"):
        if path.suffix in (".atom", ".rss", ".json", ".html"):
            assert article.title not in path.read_text(), path
    assert copydesk(visited, "fetch", "kelsby-herald") == 0
    assert article.title not in feed.read_text()
    assert copydesk(visited, "forget", article.url) == 2
    assert copydesk(visited, "forget", "kelsby-herald") == 0
    assert "<entry" not in feed.read_text()
    capsys.readouterr()


def test_a_query_is_tried_searched_and_carried_over(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert copydesk(visited, "topics", "test", "herring AND night", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["caught"] == len(found["hits"]) > 0
    assert found["looked_at"] > found["caught"]
    assert copydesk(visited, "search", "herring AND night", "--json") == 0
    assert {hit["id"] for hit in json.loads(capsys.readouterr().out)} == {hit["id"] for hit in found["hits"]}
    assert copydesk(visited, "topics", "test", "(herring") == 3
    assert "^" in capsys.readouterr().err
    assert copydesk(visited, "topics", "test", "zeppelin") == 0
    assert "catches none" in capsys.readouterr().err
    assert copydesk(visited, "topics", "import", "intitle:war -#sport") == 0
    assert capsys.readouterr().out.strip() == "title:war -tag:sport"
    feed = (visited.parent / "public/t/harbour.atom").read_bytes()
    assert copydesk(visited, "retopic") == 0
    assert (visited.parent / "public/t/harbour.atom").read_bytes() == feed


def test_older_stories_are_fetched_when_asked(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert copydesk(visited, "backfill", "kelsby-herald", "--since", "60d", "--limit", "5") == 0
    assert "kelsby-herald: 4 older stories kept of 4 found" in capsys.readouterr().out
    assert copydesk(visited, "backfill", "kelsby-herald", "--since", "yesterday") == 2


def test_add_finds_a_site_and_writes_its_seed(
    desk: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    home = newsroom.homes["greyford-courier"]
    assert copydesk(desk, "add", home, "--dry-run", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ways"][0]["way"] == "rss"
    assert found["ways"][0]["coverage"]["full text"] == 100
    assert not (desk.parent / "seeds/greyford.toml").exists()
    assert copydesk(desk, "add", home, "--name", "greyford", "--yes") == 0
    assert (desk.parent / "seeds/greyford.toml").exists()
    assert copydesk(desk, "check") == 0
    assert copydesk(desk, "fetch", "greyford") == 0
    assert copydesk(desk, "add", home, "--name", "greyford", "--yes") == 2
    assert copydesk(desk, "add", "nonsense") == 2


def test_what_people_type_behind_add(desk: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    home = newsroom.homes["greyford-courier"]
    assert copydesk(desk, "add", home, "--name", "courier-again", "--yes") == 0
    seeds = set((desk.parent / "seeds").iterdir())

    def said(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = copydesk(desk, "add", *words)
        return code, capsys.readouterr().err

    code, err = said(home, "--yes")
    assert code == 2 and "is a source already" in err and ".toml" in err
    for odd in (
        "",
        "paper",
        "mailto:desk@paper.example",
        "ftp://paper.example/",
        "./paper.html",
        "https://",
        "two words.example",
    ):
        code, err = said(odd)
        assert code == 2 and "should be an address" in err, odd
    code, err = said(f"{home}nothing/here/at-all", "--yes")
    assert code == 6 and "404" in err and len(err.strip().splitlines()) == 1
    story = newsroom.truth().sites["greyford-courier"][0].url
    code, err = said(story, "--yes")
    assert code == 6 and "this is an article; did you mean" in err
    assert set((desk.parent / "seeds").iterdir()) == seeds


def test_nothing_is_written_without_an_answer(
    desk: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = newsroom.homes["greyford-courier"]
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert copydesk(desk, "add", home, "--name", "again") == 0
    assert "nobody to ask" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert copydesk(desk, "add", home, "--name", "again") == 0  # Ctrl-D
    monkeypatch.setattr("builtins.input", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    assert copydesk(desk, "add", home, "--name", "again") == 130
    assert not (desk.parent / "seeds/again.toml").exists()


def test_subscriptions_of_a_reader_become_sources(desk: Path, tmp_path: Path) -> None:
    opml = tmp_path / "subscriptions.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="News"><outline type="rss" text="The Courier"'
        ' xmlUrl="https://courier.example/feed.xml" htmlUrl="https://courier.example/"/></outline></body></opml>'
    )
    before = set((desk.parent / "seeds").iterdir())
    assert copydesk(desk, "opml", "import", str(opml)) == 0
    (new,) = set((desk.parent / "seeds").iterdir()) - before
    assert "https://courier.example/feed.xml" in new.read_text()
    assert copydesk(desk, "check") == 0


def test_init_makes_an_installation_that_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "desk")]) == 0
    assert (tmp_path / "desk/seeds/starters/sanjuandailystar.toml").exists()
    assert list((tmp_path / "desk/seeds").glob("*.toml")) == []  # off until chosen
    assert (tmp_path / "desk/copydesk.schema.json").exists()
    config = tmp_path / "desk/config.toml"
    assert copydesk(config, "check") == 3  # the contact is still to be put in
    config.write_text(config.read_text().replace("you@example.org", "desk@paper.example"))
    assert copydesk(config, "check") == 0
    assert main(["init", str(tmp_path / "desk")]) == 2


def test_a_backup_opens(visited: Path, tmp_path: Path) -> None:
    assert copydesk(visited, "backup", str(tmp_path / "copy.db")) == 0
    assert (tmp_path / "copy.db").stat().st_size > 10_000


def test_a_sample_is_saved_and_read_again(desk: Path, newsroom: Newsroom) -> None:
    from feeds.app.inspect.samples import all_samples, read
    from scrapers import load_seed

    url = newsroom.truth().sites["kelsby-herald"][0].url
    assert copydesk(desk, "sample", "kelsby-herald", url) == 0
    ((name, page, answer),) = all_samples(desk.parent / "seeds")
    seed, _ = load_seed(desk.parent / f"seeds/{name}.toml")
    assert seed is not None
    assert read(page, seed) == answer


def test_help_lists_every_command_in_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert "Commands" not in told, "what is in no group is listed under Commands"
    assert all(title in told for title in cli.LISTED)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip().count(".") == 2
