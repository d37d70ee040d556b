"""`-q` hides the work, never a failure: every command, failing, says why in a line. And a reader may go away."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from feeds.app.cli.main import MODULES, build, main
from feeds.store import open_store
from scrapers import Seed
from tests.support.paths import ROOT
from tests.support.topics_at_random import NOW
from tests.support.waiting import PATIENCE

# For every command words with which it cannot do its work, in an installation with one source that does not answer.
FAILING = {
    "demo": "--folder=config.toml/demo",
    "init": "config.toml",
    "sample": "lakeshor http://127.0.0.1:9/a",
    "backup": "no/such/copy.db",
    "forget": "lakeshor",
    "remember": "http://127.0.0.1:9/never-seen",
    "schema": "nothing",
    "add": "http://127.0.0.1:9/news --yes",
    "opml export": "--config=no/such.toml",
    "opml import": "no/such.opml",
    "check": "--config=no/such.toml",
    "search": "title:(",
    "why": "http://127.0.0.1:9/never-seen",
    "history": "http://127.0.0.1:9/never-seen",
    "log": "lakeshor",
    "run": "--once --no-web",
    "feed": "al",
    "try": "no-such-page.html",
    "publish": "--to=s3://",
    "fetch": "lakeshore",
    "backfill": "lakeshor --since=7d",
    "status": "--config=no/such.toml",
    "sources": "--config=no/such.toml",
    "sources pause": "lakeshor",
    "sources resume": "lakeshor",
    "sources rename": "lakeshor other",
    "sources remove": "lakeshor",
    "topics": "--config=no/such.toml",
    "topics test": "title:(",
    "topics import": "no-such-lines --from=miniflux",
    "retopic": "--config=no/such.toml",
    "repair": "lakeshor",
    "token add": "nothing",
    "token list": "--config=no/such.toml",
    "token revoke": "nothing phone",
    "token sign": "--config=no/such.toml http://127.0.0.1:9/",
    "token api add": "no:name",
    "token api list": "--config=no/such.toml",
    "token api revoke": "nobody",
    "export": "--to=no/such/file.jsonl",
    "import": "no-such-file.jsonl",
    "desk link": "",
    "desk password": "",
    "restore": "no-such-copy.db",
    "rebuild": "--from-feeds",
    "vacuum": "--config=no/such.toml",
    "completion": "nothing",
    "names": "nothing",
}
ASKED = {"fetch", "why"}
"""What became of it is what was asked for, and stands on standard output."""
ELSEWHERE = {"scraper", "store copy"}
"""Their own tests make them fail: they need another database."""


def paths(app: App, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that can be called."""
    for name in app:
        if not name.startswith("-"):
            if app[name].default_command is not None:
                yield " ".join((*above, name))
            yield from paths(app[name], (*above, name))


COMMANDS = sorted(paths(build([name.rstrip("_") for names in MODULES.values() for name in names.split()])))


def test_every_command_has_a_failing_case() -> None:
    assert set(COMMANDS) - ELSEWHERE == set(FAILING)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(
        'contact = "mailto:desk@paper.example"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n'
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/lakeshore.toml").write_text('home = "http://127.0.0.1:9/"\n')
    store = open_store(tmp_path / "var/copydesk.db", daemon=True)
    store.sources.sync([Seed(name="lakeshore", home="http://127.0.0.1:9/")], NOW)
    store.close()
    return tmp_path


@pytest.mark.parametrize("command", sorted(FAILING))
def test_a_failure_is_told_quietly(
    desk: Path, command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    code = main(["-q", *command.split(), *FAILING[command].split()])
    said = capfd.readouterr()
    assert code in (2, 3, 4, 5, 6), (code, said)
    told = said.out if command in ASKED else said.err
    assert told.strip(), f"nothing says why: {said}"
    assert "Traceback" not in said.err


@pytest.mark.parametrize("words", ["schema config", "names", "sources", "completion bash", "check"])
def test_a_reader_that_went_away_is_no_fault(desk: Path, words: str) -> None:
    """`copydesk … | head -0`: the documented code, and no word of a fault."""
    running = subprocess.Popen(
        [sys.executable, "-m", "feeds", "--config", str(desk / "config.toml"), *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()
    said = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(timeout=PATIENCE) == 0, said
    assert "Traceback" not in said and "Broken" not in said
