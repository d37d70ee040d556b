"""What the commands print of a small desk, whole: standard output, diagnostics and exit codes, at one moment."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from feeds.app.cli.main import main
from tests.support.small_desk import NOW, made_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("transcripts") / "desk"
    made_in(folder)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the desk, at noon."""
    folder = tmp_path / "desk"
    shutil.copytree(made, folder)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(folder)
    with time_machine.travel(NOW, tick=True):
        yield folder


def said(desk: Path, command: str, capfd: pytest.CaptureFixture[str]) -> str:
    """The exit code of a command and all that it prints; lines of diagnostics begin with a bar."""
    code = main([part.replace("_", " ") for part in command.split()])
    out, err = capfd.readouterr()
    lines = [*out.splitlines(), *(f"| {line}" for line in err.splitlines()), f"= {code}"]
    return "\n".join(lines).replace(str(desk), "DESK")


RANDOM = (
    (re.compile(r"(?<=/t/)[\w-]{32}(?=/)"), "TOKEN"),
    (re.compile(r"^[\w-]{32}$", re.MULTILINE), "TOKEN"),
    (re.compile(r"(?<=sig=)\w+"), "SIGNATURE"),
    (re.compile(r"12:0\d:\d\d"), "12:00:00"),
    (re.compile(r"\d+ s ago$", re.MULTILINE), "now"),
    (re.compile(r"\d+\.\d MB"), "N MB"),
    (re.compile(r"^\| (?:SQLite .*|.*\[info .*)\n", re.MULTILINE), ""),  # of the machine, and of the log
)
SCRIPTS = Path(__file__).with_name("transcripts.txt").read_text("utf-8").split("\n----\n")


@pytest.mark.parametrize("script", SCRIPTS, ids=[f"{n}-{one.split()[1]}" for n, one in enumerate(SCRIPTS)])
def test_what_commands_print(script: str, desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each script has a desk of its own. A blank within an argument is written `_`."""
    for part in re.split(r"^\$ ", script, flags=re.MULTILINE)[1:]:
        command, _, expected = part.rstrip("\n").partition("\n")
        found = said(desk, command, capfd)
        for pattern, shown in RANDOM:
            found = pattern.sub(shown, found)
        assert (command, found) == (command, expected)
