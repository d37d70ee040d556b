"""Long work tells what it does: a bar on a terminal, a line a step with -v, nothing with -q."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from feeds.app.cli.command import Context
from feeds.app.cli.main import main
from feeds.app.cli.output.progress import progress
from feeds.app.demo.newsroom import Newsroom
from feeds.app.system.output import Output

pytestmark = pytest.mark.usefixtures("read_inside")


def told(*, terminal: bool, verbose: bool = False, quiet: bool = False) -> str:
    output, err = Output(quiet=quiet), io.StringIO()
    output.err = Console(file=err, force_terminal=terminal, width=100, soft_wrap=True, no_color=True)
    with progress(Context(Path("config.toml"), output, verbose), "older stories of quay") as step:
        step("asking for lists of stories", 0, 0)
        step("reading stories", 7, 12)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", err.getvalue())


def test_a_terminal_has_a_bar_with_a_count() -> None:
    said = told(terminal=True)
    assert "older stories of quay: reading stories" in said and "7 of 12" in said
    assert "reading stories, 7 of 12" in told(terminal=True, verbose=True)


def test_elsewhere_it_is_a_line_and_with_v_a_line_a_step() -> None:
    assert told(terminal=False).splitlines() == ["older stories of quay"]
    assert told(terminal=False, verbose=True).splitlines() == [
        "older stories of quay",
        "  asking for lists of stories",
        "  reading stories, 7 of 12",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_is_quiet(terminal: bool) -> None:
    assert told(terminal=terminal, quiet=True, verbose=True) == ""


def test_commands_tell_their_steps_and_whose_the_stories_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Newsroom(tmp_path / "room", now=datetime.now(UTC) - timedelta(hours=1), speed=None) as room:
        room.seeds(tmp_path / "seeds", every="10s")
        for path in (tmp_path / "seeds").iterdir():
            if path.stem != "halyard-press":
                path.unlink()
        config = tmp_path / "config.toml"
        config.write_text(room.config_toml(listen="127.0.0.1:8484"))
        words = ("--config", str(config), "--verbose")
        assert main([*words, "fetch", "halyard-press"]) == 0
        err = capsys.readouterr().err
        assert re.search(r"  reading stories, \d+ of \d+", err) and "visiting halyard-press" in err
        assert main([*words, "add", room.homes["halyard-press"], "--name", "again", "--yes"]) == 0
        said = capsys.readouterr()
        assert re.search(r"  asking for /\S*, \d+ of 12", said.err)
        assert re.search(r"\d+ stories, all filed under halyard-press already", said.err)
        missing = [line for line in said.out.splitlines() if re.search(r"(?<![:\d])404(?!\d)", line)]  # no port
        assert len(missing) <= 1  # the usual places that are not there are one line
        assert (tmp_path / "seeds/again.toml").read_text().startswith("#:schema ")
        assert main([*words, "fetch", "again"]) == 0
        assert re.search(r"again: \d+ stories, all filed under halyard-press already", capsys.readouterr().err)
        assert main([*words, "retopic"]) == 0
        assert re.search(r"  topic \w+, \d+ of \d+", capsys.readouterr().err)
        assert main([*words, "publish"]) == 0
        assert "writing " in capsys.readouterr().err
        assert main([*words, "backfill", "halyard-press", "--since", "400d", "--limit", "2"]) == 0
        said = capsys.readouterr()
        assert re.search(r"halyard-press: \d+ older stor(y|ies) kept of \d+ found", said.out)
