"""What commands print of their results, line by line: surveys, repairs, fetched articles, sources and troubles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock, call

import pytest

from feeds.app.cli import fetch, queries, status, tokens
from feeds.app.cli.main import main
from feeds.app.cli.output import progress as bars
from feeds.app.cli.output import prompts
from feeds.app.cli.seeds import add, repair
from feeds.app.inspect import preview
from feeds.app.jobs.following import followed_by
from feeds.app.system.output import Output
from feeds.topics import Trial
from scrapers import CopydeskError, Discover, Draft, Link, Seed, Survey
from scrapers.discover.probe.feed_or_listing import Way

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Shown = Callable[..., str]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What a function prints with an output; diagnostics behind a bar."""
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(work: Callable[..., Any], *arguments: Any, **named: Any) -> str:
        work(Output(), *arguments, **named)
        out, err = capsys.readouterr()
        return "\n".join([*out.splitlines(), *(f"| {line}" for line in err.splitlines())])

    return run


def way(kind: str, *titles: str | None, newest: str | None = "2026-03-01T09:00:00Z") -> Way:
    samples = tuple(Link(f"https://w.example/{n}", hint=Draft(title=title)) for n, title in enumerate(titles))
    return Way(kind, f"https://w.example/{kind}", 12, {"title": 100, "date": 50}, newest, samples, why="the [best]")


def survey(*ways: Way, cms: str | None = "wordpress", title: str | None = "The [Wire]") -> Survey:
    failures = (("https://w.example/a", "gone"), ("https://w.example/b", "no answer"), ("https://w.example", "gone"))
    return Survey("https://w.example/", title, "en", cms, ways, failures, 7, Seed("wire", "https://w.example/"))


def test_a_survey(shown: Shown) -> None:
    found = survey(way("rss", "One", None, "[Three]", "Four"), way("listing", newest=None))
    assert shown(add._show, found, 'home = "x"\n\n') == (
        "The [Wire] · made with wordpress · 7 requests\n\n"
        "way      stories  newest      title   date  address\n"
        "rss           12  2026-03-01  100 %  50 %  https://w.example/rss\n".replace("title   date", "title  date")
        + "listing       12  –           100 %  50 %  https://w.example/listing\n\n"
        "rss the [best]\n  One  https://w.example/0\n  (no title)  https://w.example/1\n"
        "  [Three]  https://w.example/2\n\nlisting the [best]\n"
        "2 places: gone (/a, /)\nhttps://w.example/b: no answer\n\n" + 'home = "x"\n'
    )
    assert shown(add._show, survey(cms=None, title=None), "x").startswith(
        "https://w.example/ · 7 requests\n\nway  stor"
    )


def test_a_survey_for_scripts() -> None:
    found = survey(way("rss", "One", "Two", "Three", "Four"))
    assert add._as_json(found, Path("/seeds/wire.toml"), "text") == {
        "home": "https://w.example/", "title": "The [Wire]", "language": "en", "cms": "wordpress", "requests": 7,
        "ways": [
            {
                "way": "rss", "url": "https://w.example/rss", "stories": 12, "coverage": {"title": 100, "date": 50},
                "newest": "2026-03-01T09:00:00Z", "why": "the [best]",
                "samples": [
                    {"title": title, "url": f"https://w.example/{n}"} for n, title in enumerate(("One", "Two", "Three"))
                ],
            }
        ],
        "failures": [
            {"url": "https://w.example/a", "reason": "gone"}, {"url": "https://w.example/b", "reason": "no answer"},
            {"url": "https://w.example", "reason": "gone"},
        ],
        "file": "/seeds/wire.toml", "seed": "text",
    }  # fmt: skip


def test_a_source_that_is_there() -> None:
    seeds = [Seed("wire", "https://w.example/")]
    config: Any = SimpleNamespace(seeds_folder=Path("/seeds"))
    assert followed_by(seeds, "https://w.example/") == seeds[0]
    assert add._there(config, seeds, "https://w.example/") == (
        "https://w.example/ is a source already: /seeds/wire.toml (--name NAME adds it once more)"
    )
    assert add._there(config, seeds, "https://other.example/") is None


# --- repairs


def selector(field: str, state: str, **more: Any) -> dict[str, Any]:
    told = {"field": field, "state": state, "evidence": f"{state} [of 3]", "old": f".{field}", "new": None, "in_use": None, "samples": []}  # fmt: skip  # noqa: E501
    return told | more


SAMPLE = {"url": "https://w.example/a", "before": "", "after": "New", "wanted": "New"}
SAME = {"url": "https://w.example/b", "before": "New", "after": "New", "wanted": "New"}
LISTED = {"url": "https://w.example/c", "before": "1 story", "after": "", "wanted": ""}
SELECTORS = [
    selector("title", "certain", new="h1", samples=[SAMPLE, SAME, LISTED]),
    selector("links", "unsure", new="h2 a", in_use="h3 a", samples=[LISTED]),
    selector("body", "holds"),
    selector("tags", "holds", in_use=".x"),
]


def test_a_repair(shown: Shown) -> None:
    found = {"source": "wire", "pages": ["a", "b"], "selectors": SELECTORS, "notes": ["c: gone"]}
    assert shown(repair._show, found) == (
        "wire  2 pages compared\n"
        "\ntitle  certain  certain [of 3]\n  now     .title\n  new     h1\n"
        "  https://w.example/a\n    before    –\n    after     New\n    stored    New\n"
        "  https://w.example/b\n    as before New\n"
        "\nlinks  unsure  unsure [of 3]\n  now     .links\n  new     h2 a\n"
        "  in use  h3 a  in the place of what the seed says\n"
        "  https://w.example/c\n    before    1 story\n    after     –\n"
        "\nbody  holds  holds [of 3]\n  now     .body\n"
        "\ntags  holds  holds [of 3]\n  now     .tags\n  in use  .x  in the place of what the seed says\n\n"
        "| c: gone"
    )
    one = {"source": "wire", "pages": ["a"], "selectors": [], "notes": []}
    assert shown(repair._show, one) == "wire  1 page compared\n"


def test_what_a_repair_would_write() -> None:
    assert repair._chosen(SELECTORS, unsure=False) == {"title": "h1", "links": "h3 a"}
    assert repair._chosen(SELECTORS, unsure=True) == {"title": "h1", "links": "h2 a"}
    assert repair._chosen([selector("a", "lost", in_use="b"), selector("c", "lost")], unsure=True) == {"a": "b"}


@pytest.mark.parametrize(
    ("selectors", "chosen", "written", "asked", "said"),
    [
        (SELECTORS[2:], {}, False, True, ["nothing to repair"]),
        (SELECTORS, {"title": "h1", "links": "b"}, True, True, ["x.toml is written: title, links"]),
        (SELECTORS, {"title": "h1", "links": "b"}, False, True, ["nothing was written"]),
        (SELECTORS, {"title": "h1", "links": "b"}, False, False, ["without --dry-run x.toml would get: title, links"]),
        (SELECTORS[1:], {}, False, True,
         ["what is unsure is written with --unsure; `copydesk try --seed` shows what a selector reads"]),
        ([selector("a", "lost")], {}, False, True, []),
    ],
)  # fmt: skip
def test_the_end_of_a_repair(
    shown: Shown, selectors: list[dict[str, Any]], chosen: dict[str, str], written: bool, asked: bool, said: list[str]
) -> None:
    printed = shown(repair._conclude, selectors, chosen, Path("x.toml"), written=written, asked=asked)
    assert printed == "\n".join(f"| {line}" for line in said)


def test_a_seed_with_other_selectors_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "wire.toml"
    target.write_text('[extract]\ntitle = ".old"  # mine\n')
    target.chmod(0o640)
    monkeypatch.setattr(repair, "utc_now", lambda: NOW)
    repair._rewrite(target, {"extract.title": "h1"})
    assert target.read_text() == '[extract]\ntitle = "h1"  # mine; repaired 2026-03-10: was .old\n'
    assert (target.stat().st_mode & 0o777, [path.name for path in tmp_path.iterdir()]) == (0o640, ["wire.toml"])


def test_a_name_that_is_no_source() -> None:
    target = Path("/seeds/wire.toml")
    assert repair._unknown("wyre", ["wire"], target, ["/seeds/other.toml:1: x"]) == (
        "there is no source wyre; did you mean wire?"
    )
    mistakes = ["/seeds/wire.toml:1: x", "/seeds/wire.toml:2: y", "/seeds/wire.toml2: z"]
    assert repair._unknown("wire", [], target, mistakes) == "/seeds/wire.toml:1: x\n/seeds/wire.toml:2: y"


# --- fetched


def test_what_was_fetched(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[Any] = []
    monkeypatch.setattr(preview, "print_record", lambda output, line: printed.append(line["url"]))
    lines = [
        {"source": "wire", "state": "ok", "links": 4, "new": 2, "revised": 1, "failed": 0, "why": "",
         "waiting": "3 wait", "covered": "mostly there"},
        {"source": "herald", "state": "gone", "why": "the disk is full"},
        {"url": "https://w.example/a", "error": "404"},
        {"url": "https://w.example/b", "text": "x", "kept": True, "new": True, "source": "wire"},
        {"url": "https://w.example/c", "text": "x", "kept": True, "new": False, "source": "wire"},
        {"url": "https://w.example/d", "text": "x", "kept": False, "new": False, "source": "wire"},
    ]  # fmt: skip
    told = shown(lambda output: fetch._print_fetched(SimpleNamespace(output=output), lines, False))  # type: ignore[arg-type]
    assert told == (
        "source  state  links  new  revised  failed  why\nwire    ok         4    2        1       0\n"
        "| wire: 3 wait\n| wire: mostly there\n| herald: the disk is full\n| https://w.example/a: 404\n"
        "| kept under wire, and published\n"
        "| known already, under wire"
    )
    assert printed == [f"https://w.example/{name}" for name in "bcd"]
    told = shown(lambda output: fetch._print_fetched(SimpleNamespace(output=output), lines[1:3], True))  # type: ignore[arg-type]
    assert json.loads(told) == lines[1:3]


@pytest.mark.parametrize(
    ("changes", "limit", "code", "printed"),
    [
        ({}, 9, 0, "wire: 2 older stories kept of 9 found\n| a note"),
        ({"fresh": 1, "failed": 3}, 8, 0,
         "wire: 1 older story kept of 9 found, 3 could not be read\n| a note\n"
         "| --limit 8 was reached; say it again for the next ones"),
        ({"outcome": "failed", "why": "no answer"}, 9, 6, "| wire: no answer"),
    ],
)  # fmt: skip
def test_a_backfill(shown: Shown, changes: dict[str, Any], limit: int, code: int, printed: str) -> None:
    visit = SimpleNamespace(**{"outcome": "ok", "why": "", "fresh": 2, "links": 9, "failed": 0, "notes": ("a note",)} | changes)  # fmt: skip  # noqa: E501
    codes: list[int] = []
    told = shown(
        lambda output: codes.append(fetch._print_backfilled(SimpleNamespace(output=output), "wire", visit, limit))  # type: ignore[arg-type]
    )
    assert (codes, told) == ([code], printed)


def fetched(url: str, *, keep: bool, daemon: bool, answer: Any, stored: Any = None) -> tuple[dict[str, Any], Any]:
    async def do(work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    store = Mock()
    store.records.by_id.return_value = stored
    app: Any = SimpleNamespace(
        thread=SimpleNamespace(call=do, store=store), jobs=SimpleNamespace(fetch_url=AsyncMock(side_effect=[answer]))
    )
    fetch.ask = AsyncMock(return_value=answer)  # type: ignore[assignment]
    return asyncio.run(fetch._fetch_url(app, url, keep, daemon)), app


def test_one_article_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "record_table", lambda record: {"of": record})
    monkeypatch.setattr(fetch, "ask", None)
    kept = SimpleNamespace(fresh=("i",))
    found, app = fetched("u", keep=True, daemon=False, answer=("r", kept))
    assert found == {"of": "r", "kept": True, "new": True}
    assert app.jobs.fetch_url.mock_calls == [call("u", keep=True)]
    assert fetched("u", keep=False, daemon=True, answer=("r", kept))[0] == {"of": "r", "kept": False, "new": False}
    assert fetched("u", keep=True, daemon=False, answer=("r", None))[0] == {"of": "r", "kept": True, "new": False}
    assert fetched("u", keep=True, daemon=False, answer=CopydeskError("404"))[0] == {"url": "u", "error": "404"}
    stored = SimpleNamespace(record="s")
    found, _ = fetched("u", keep=True, daemon=True, answer={"id": "i", "new": 1}, stored=stored)
    assert found == {"of": "s", "kept": True, "new": True}
    assert fetch.ask.mock_calls == [call(_app(fetch.ask), "fetch_url", {"url": "u"})]  # type: ignore[attr-defined]
    assert fetched("u", keep=True, daemon=True, answer={"error": "busy"})[0] == {"url": "u", "error": "busy"}
    gone = {"url": "u", "error": "it was kept and is already gone again"}
    assert fetched("u", keep=True, daemon=True, answer={"id": "i", "new": 1})[0] == gone


def _app(mock: Any) -> Any:
    return mock.call_args.args[0]


# --- how everything is doing

ROW: dict[str, Any] = {
    "name": "wire", "state": "ok", "records": 12, "fresh": 3, "usual": 4.6, "last_visit": NOW - 2 * HOUR, "cause": "",
    "due": NOW + HOUR, "pace": "every hour", "failed_pages": [], "gone": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "running", "next_visit", "why"),
    [
        ({}, True, "in 1 h", "every hour"),
        ({"due": NOW}, True, "now", "every hour"),
        ({"due": NOW}, False, "with the daemon", "every hour"),
        ({"due": None}, True, "now", "every hour"),
        ({"state": "paused"}, True, "–", "`copydesk sources resume wire` visits it again"),
        ({"state": "removed"}, True, "–", ""),
        ({"state": "paused", "cause": "by hand"}, True, "–", "by hand"),
        ({"last_visit": None}, True, "in 1 h", "never visited yet"),
        ({"pace": None}, True, "in 1 h", ""),
    ],
)
def test_when_and_why_a_source_is_visited(changes: dict[str, Any], running: bool, next_visit: str, why: str) -> None:
    row = ROW | changes
    assert (status._next(row, NOW, running=running), status._why(row)) == (next_visit, why)


def test_a_table_of_sources(shown: Shown) -> None:
    rows = [ROW, ROW | {"name": "herald", "usual": None, "last_visit": None}]
    assert shown(status.show_sources, rows, NOW, running=True) == (
        "source  state  records  new/day  usual  last visit  next visit  why\n"
        "wire    ok          12        3      5  2 h ago     in 1 h      every hour\n"
        "herald  ok          12        3      –  –           in 1 h      never visited yet"
    )
    assert shown(status.show_sources, [], NOW, running=True) == ""


def test_the_troubles_of_a_report(shown: Shown) -> None:
    page = {"why": "a login", "file": "/f.html"}
    gone = {"url": "https://w.example/feed", "why": "404", "again": NOW + HOUR}
    found = {
        "sources": [
            ROW | {"failed_pages": [page], "gone": [gone]},
            ROW | {"name": "herald", "state": "degraded", "failed_pages": [page]},
        ],
        "health": {"disk": "full"},
        "troubles": [
            {"about": "topic:harbour", "cause": "silent", "since": NOW - HOUR},
            {"about": "source:wire", "cause": "x", "since": NOW},
        ],
    }
    lines = [
        "| wire: https://w.example/feed: 404; it is asked for again in 1 h", "| herald: a login: /f.html",
        "| disk: full",
        "| topic harbour: silent, since 1 h ago", "| left out: seeds/x.toml: wrong",
    ]  # fmt: skip
    assert shown(status._troubles, found, ["seeds/x.toml: wrong"], NOW) == "\n".join(lines)
    found["health"] = {"disk": "silent"}
    assert shown(status._troubles, found, [], NOW) == "\n".join(lines[:2] + lines[3:4])
    found["health"] = None
    assert shown(status._troubles, found, [], NOW) == "\n".join(lines[:2] + lines[3:4])


def test_a_daemon_in_words() -> None:
    assert status._daemon(None, None) == "[yellow]no daemon is running[/]"
    assert status._daemon(7, None) == status._daemon(7, {"ok": True}) == "daemon running (process 7)"
    assert status._daemon(7, {"ok": False, "why": "[hangs]"}) == (
        "[red]the daemon (process 7) does not work: \\[hangs][/]"
    )


def test_a_query_that_was_tried(shown: Shown) -> None:
    hit = SimpleNamespace(title="A [b]", source="wire", clause="“a” in the title")
    misses = tuple(SimpleNamespace(title=title, source="wire", clause="near", advice=advice) for title, advice in (("C", "write c*"), ("D", "")))  # fmt: skip  # noqa: E501
    found = Trial(read_as="a", looked_at=9, caught=3, hits=(hit,), near_misses=misses, sources={"wire": (3, 9)}, warnings=("odd",))  # type: ignore[arg-type]  # fmt: skip  # noqa: E501
    assert shown(queries._show, found) == (
        "read as a\n3 of 9 records\n\n✓ A [b]  wire: “a” in the title\n  and 2 more\n\nnear misses\n"
        "✗ C  wire: near – write c*\n✗ D  wire: near\n\nsource  caught  of\nwire         3   9\n| odd"
    )


# --- questions and progress


ANSWERS = {"y": (True, True), "YES ": (True, True), "": (True, False), "n": (False, False), "x": (False, False), None: (False, False)}  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_question(answer: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write, remove = ANSWERS[answer]

    def said() -> str:
        if answer is None:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", said)
    monkeypatch.setattr(prompts.sys, "stdin", SimpleNamespace(isatty=lambda: True))
    assert prompts.agreed_to_write(Output(), Path("a.toml")) is write
    assert capsys.readouterr().err == "Write a.toml? [Y/n] " + ("\n" if answer is None else "")
    assert prompts.agreed_to_remove(Output(), "it", yes=False) is remove
    left = "" if remove else "nothing was removed\n"
    assert capsys.readouterr().err == "Remove it? [y/N] " + ("\n" if answer is None else "") + left
    assert prompts.agreed_to_remove(Output(), "it", yes=True)


def test_nobody_to_ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(prompts.sys, "stdin", SimpleNamespace(isatty=lambda: False))
    assert not prompts.agreed_to_write(Output(), Path("a"))
    assert capsys.readouterr().err == "not written: there is nobody to ask; --yes writes without asking\n"
    assert prompts.agreed_to_remove(Output(), "it", yes=False)
    assert [prompts.counted(n, "story", "stories") for n in (0, 1, 2)] == ["0 stories", "1 story", "2 stories"]
    assert prompts.counted(2, "page") == "2 pages"


@pytest.mark.parametrize(
    ("quiet", "verbose", "told"),
    [(True, True, ""), (False, False, "work\n"), (False, True, "work\n  a\n  b, 1 of 2\n")],
)
def test_progress_beside_a_terminal(quiet: bool, verbose: bool, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    ctx: Any = SimpleNamespace(output=Output(quiet=quiet), verbose=verbose)
    with bars.progress(ctx, "work") as step, nullcontext():
        step("a", 0, 0)
        step("b", 1, 2)
    assert capsys.readouterr().err == told


# --- repair as a command

FOUND = {"source": "wire", "pages": ["a"], "notes": [], "selectors": [selector("extract.title", "certain", new="h1")]}


@pytest.mark.parametrize(
    ("flags", "agrees", "code", "written", "asked"),
    [
        ([], True, 0, True, True),
        ([], False, 0, False, True),
        (["--write"], False, 0, True, False),
        (["--dry-run"], True, 0, False, False),
        (["--write", "--dry-run"], True, 0, False, False),
        (["--json"], True, 0, False, False),
        (["--json", "--write"], False, 0, True, False),
        (["--json", "--write", "--dry-run"], False, 0, False, False),
    ],
)
def test_when_a_repair_is_written(
    flags: list[str], agrees: bool, code: int, written: bool, asked: bool, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/wire.toml").write_text('home = "https://w.example/"\n[extract]\ntitle = ".old"\n')
    (tmp_path / "config.toml").write_text('contact = "mailto:a@b.example"\n')
    found, done, questions = AsyncMock(return_value=FOUND), Mock(), Mock(return_value=agrees)
    for name, fake in (
        ("_examined", found),
        ("_rewrite", done),
        ("_is_written", Mock()),
        ("agreed_to_write", questions),
    ):
        monkeypatch.setattr(repair, name, fake)
    monkeypatch.setattr(repair, "_has_records", lambda config, seed: True)
    assert main(["--config", str(tmp_path / "config.toml"), "repair", "wire", *flags]) == code
    target = tmp_path / "seeds/wire.toml"
    assert done.mock_calls == ([call(target, {"extract.title": "h1"})] if written else [])
    assert questions.called is asked
    out, said = capsys.readouterr()
    if "--json" in flags:
        told = json.loads(out)
        assert (told["file"], told["written"]) == (str(target), {"extract.title": "h1"} if written else {})
    else:
        dry = f"without --dry-run {target} would get: extract.title"
        end = f"{target} is written: extract.title" if written else "nothing was written" if asked else dry
        assert end in said.replace("\n", "")


def test_whether_anything_is_stored_that_selectors_gave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Mock()
    monkeypatch.setattr(repair, "open_store", lambda at: store)
    monkeypatch.setattr(repair, "store_exists", lambda at: True)
    config: Any = SimpleNamespace(store_at=tmp_path)
    listed = Seed("wire", "https://w.example/", discover=Discover(links="h2 a"))
    for seed, offered, records, found in (
        (listed, ["x"], [], True), (listed, [], ["x"], True), (listed, [], [], False),
        (Seed("wire", "https://w.example/"), ["x"], [], False),
    ):  # fmt: skip
        store.repairs.offered.return_value, store.repairs.records_by_selectors.return_value = offered, records
        assert repair._has_records(config, seed) is found
    assert store.repairs.mock_calls[-1] == call.records_by_selectors("wire", 1)
    assert call.offered("wire") in store.repairs.mock_calls and store.close.call_count == 4


@pytest.mark.parametrize(("holder", "error", "code", "said"), [(None, "busy", 0, ""), (7, "", 0, ""), (7, "busy", 6, "| the running daemon did not take notice: busy")])  # fmt: skip  # noqa: E501
def test_a_daemon_reads_tokens_before_the_command_ends(
    holder: int | None, error: str, code: int, said: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def opened(config: object) -> Any:
        yield "app"

    asks = AsyncMock(return_value={"error": error} if error else {})
    monkeypatch.setattr(tokens, "lock_of", lambda at: SimpleNamespace(holder=lambda: holder))
    monkeypatch.setattr(tokens, "open_application", opened)
    monkeypatch.setattr(tokens, "ask", asks)
    codes: list[int] = []
    config: Any = SimpleNamespace(store_at="at")

    def work(output: Output) -> None:
        codes.append(tokens._tell_daemon(SimpleNamespace(output=output, run=asyncio.run), config))  # type: ignore[arg-type]

    assert (shown(work), codes) == (said, [code])
    assert asks.mock_calls == ([] if holder is None else [call("app", "tokens", {}, 15.0)])
