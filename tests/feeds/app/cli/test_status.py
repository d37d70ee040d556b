"""`status` at a glance: every source and topic, complete in any width."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.app.system.clock import utc_now
from feeds.health.assess import Health, Trouble
from feeds.rows import State
from feeds.store import Afterwards, open_store
from scrapers import Run, Seed
from tests.support.paths import ROOT

NAMES = ("the-lakeshore-and-district-courier", "quay", "paused-paper", "not-taken-up")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(
        'title = "The [bold] desk"\ncontact = "mailto:desk@paper.example"\n'
        '[[topics]]\nname = "harbour"\n[[topics]]\nname = "letters"\nprivate = true\n'
    )
    (tmp_path / "seeds").mkdir()
    for name in NAMES:
        (tmp_path / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    now = utc_now()
    store = open_store(tmp_path / "var/copydesk.db", daemon=True)
    seeds = [Seed(name=name, home=f"https://{name}.example/") for name in NAMES[:3]]
    store.sources.sync(seeds, now - timedelta(minutes=1))
    store.sources.set_paused("paused-paper", True)
    store.close()
    return tmp_path


def status(desk: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["--config", str(desk / "config.toml"), "status", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("width", ["60", "80", "100", None])
def test_names_states_and_addresses_are_whole(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str | None
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if width:
        monkeypatch.setenv("COLUMNS", width)
    out = status(desk, capsys)
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert set(NAMES) <= rows.keys()
    assert [rows[name].split()[1] for name in NAMES] == ["new", "new", "paused", "new"]
    assert "http://127.0.0.1:8484/t/harbour.atom" in rows["harbour"]
    assert "http://127.0.0.1:8484/s/SOURCE.atom" in out
    assert "audience: private, so what pages hold back is shown" in " ".join(out.split())
    assert "The [bold] desk" in out
    assert "…" not in out and "ago" not in out  # nothing is cut; a visit that is overdue is no visit of the past


def test_what_was_never_visited_says_so(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")  # so wide that each row is one line
    rows = {line.split()[0]: line for line in status(desk, capsys).splitlines() if line.strip()}
    for name in (NAMES[0], NAMES[1], NAMES[3]):
        assert "never visited yet" in rows[name]
        assert "with the daemon" in rows[name]
    assert "sources resume paused-paper" in rows["paused-paper"]
    assert "every" not in rows["paused-paper"]


def test_scripts_get_the_same_rows(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(status(desk, capsys, "--json"))
    assert sorted(row["name"] for row in found["sources"]) == sorted(NAMES)
    assert len({frozenset(row) for row in found["sources"]}) == 1  # the same keys in each
    assert "harbour" in [row["name"] for row in found["topics"]]


@pytest.mark.parametrize(("visited", "shown"), [("ok", "degraded"), ("failing", "failing")])
def test_what_is_known_of_a_source_stands_until_it_is_looked_at_again(
    desk: Path, capsys: pytest.CaptureFixture[str], visited: State, shown: str
) -> None:
    """Silence is no less for one more visit that brings nothing; a visit that fails is shown at once."""
    now = utc_now()
    silent = Trouble("silent", "degraded", "nothing new for 5 d", now)
    known = Health("degraded", silent.cause, now, (silent,), (), 0, None, None, lambda kind: True)
    store = open_store(desk / "var/copydesk.db", daemon=True)
    with store.transaction():
        store.health.keep("quay", now - timedelta(hours=1), known)
        store.troubles.note("source:quay", [silent], now)
        good = visited == "ok"
        after = Afterwards(now, visited, "" if good else "no answer", 0 if good else 1, None, good, 0, 0)
        store.visits.finish(Run("quay", now, now), after)
    store.close()
    rows = {row["name"]: row for row in json.loads(status(desk, capsys, "--json"))["sources"]}
    assert (rows["quay"]["state"], rows["quay"]["cause"]) == (
        shown,
        "nothing new for 5 d" if good else "no answer",
    )


def test_it_imports_what_it_uses_and_no_more(tmp_path: Path) -> None:
    """It is there in three tenths of a second: what takes long to import is for other commands."""
    assert main(["init", str(tmp_path / "desk"), "--empty"]) == 0
    assert main(["--config", str(tmp_path / "desk/config.toml"), "status"]) == 0  # it makes the store
    code = (
        "import sys; from feeds.__main__ import main; code = main();"
        " print(len(sys.modules), *{'pydantic', 'httpx', 'asyncio', 'statistics', 'structlog', 'selectolax', 'lxml',"
        " 'starlette', 'babel', 'feeds.identity.dedupe', 'scrapers.page.embeds',"
        " 'scrapers.urls.key', 'feeds.topics.trials', 'feeds.topics.imports', 'rich._emoji_codes'} & set(sys.modules),"
        " file=sys.stderr);"
        " sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "--config", str(tmp_path / "desk/config.toml"), "status"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    modules, *slow = done.stderr.splitlines()[-1].split()
    assert slow == []
    assert int(modules) < 360


def test_troubles_that_are_open_are_told_and_those_that_are_over_are_not(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    now = utc_now()
    over = Trouble("late", "degraded", "visits began late", now - timedelta(hours=2))
    still = Trouble("hook", "failing", "the hook answers 500", now - timedelta(hours=3))
    silent = Trouble("silent", "degraded", "nothing new for 5 d", now)
    store = open_store(desk / "var/copydesk.db", daemon=True)
    with store.transaction():
        store.troubles.note("schedule", [over], now - timedelta(hours=2))
        store.troubles.note("schedule", [], now - timedelta(hours=1))
        store.troubles.note("hook:chat", [still], now - timedelta(hours=3))
        store.troubles.note("source:quay", [silent], now)
    store.close()
    main(["--config", str(desk / "config.toml"), "status"])
    told = "".join(capsys.readouterr())
    assert "hook chat: the hook answers 500, since 3 h ago" in told
    assert "visits began late" not in told
    assert "source quay" not in told  # it stands in its row
    found = json.loads(status(desk, capsys, "--json"))["troubles"]
    assert [one["cause"] for one in found] == ["nothing new for 5 d", "the hook answers 500"]
