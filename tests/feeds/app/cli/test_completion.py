"""Shells complete commands, options, and the names of sources and topics."""

from __future__ import annotations

import io
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from tests.support.paths import ROOT
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.xdist_group("completion")  # the scripts are made once
BASH, ZSH, FISH = map(shutil.which, ("bash", "zsh", "fish"))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    for name in ("lakeshore", "lakeside", "quay"):
        (tmp_path / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    (tmp_path / "config.toml").write_text('contact = "x"\n[[topics]]\nname = "harbour"\n[[topics]]\nname = "sport"\n')
    return tmp_path


TYPED = [
    ("copydesk fetch la", {"lakeshore", "lakeside"}),
    ("copydesk sources pause q", {"quay"}),
    ("copydesk feed h", {"harbour"}),
    ("copydesk why https://x --topic s", {"sport"}),
    ("copydesk token add h", {"harbour"}),
    ("copydesk back", {"backup", "backfill"}),
    ("copydesk export --fo", {"--format", "--force"}),
]


@pytest.fixture
def shell_env(desk: Path) -> dict[str, str]:
    """Where a shell finds the command, and nothing of the person who runs the tests."""
    program = desk / "bin/copydesk"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feeds "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(desk), "ZDOTDIR": str(desk), "TERM": "dumb"}


@cache
def completion(shell: str) -> str:
    """What the command prints for a shell; it loads every command to do so."""
    with redirect_stdout(io.StringIO()) as out:
        assert main(["completion", shell]) == 0
    return out.getvalue()


@pytest.fixture
def scripts(desk: Path) -> Path:
    """A desk with the scripts that bash and fish read."""
    for shell in ("bash", "fish"):
        (desk / f"copydesk.{shell}").write_text(completion(shell))
    return desk


@pytest.mark.real
@pytest.mark.skipif(BASH is None, reason="bash is not installed: its completion is NOT tried")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_bash_completes(scripts: Path, shell_env: dict[str, str], typed: str, offered: set[str]) -> None:
    asked = (
        "source copydesk.bash\n"
        f"COMP_WORDS=({typed}) COMP_CWORD={len(typed.split()) - 1}\n"
        "_copydesk_with_names\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    assert BASH is not None
    done = subprocess.run(
        [BASH, "-c", asked], cwd=scripts, env=shell_env, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert set(done.stdout.split()) == offered, done.stderr


@pytest.mark.real
@pytest.mark.skipif(FISH is None, reason="fish is not installed: its completion is NOT tried")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_fish_completes(scripts: Path, shell_env: dict[str, str], typed: str, offered: set[str]) -> None:
    assert FISH is not None
    done = subprocess.run(
        [FISH, "--no-config", "-c", f"source copydesk.fish; complete -C '{typed}'"],
        cwd=scripts, env=shell_env, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert {line.split("\t")[0] for line in done.stdout.splitlines()} == offered, done.stderr


@pytest.mark.real
@pytest.mark.skipif(ZSH is None, reason="zsh is not installed: its completion is NOT tried")
def test_zsh_completes(desk: Path, shell_env: dict[str, str]) -> None:
    functions = desk / "functions"
    functions.mkdir()
    (functions / "_copydesk").write_text(completion("zsh"))
    (desk / ".zshrc").write_text(
        "PS1='> '; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -d $PWD/.zcompdump\n"
        "setopt no_beep no_prompt_sp no_prompt_cr\n"
    )
    assert ZSH is not None
    with a_terminal([ZSH, "-i"], desk, shell_env) as ask:
        ask("", [])
        for typed, offered in TYPED:
            several = len(offered) > 1  # what they have in common is filled in, then they are listed; one is filled in
            wanted = sorted(offered) if several else [f"{typed.rpartition(' ')[0]} {''.join(offered)}"]
            told = ask(typed + ("\t\t" if several else "\t"), wanted)
            others = {"lakeshore", "lakeside", "quay", "harbour", "sport", "backup", "backfill"} - offered
            assert not any(other in told for other in others), (typed, told)


@contextmanager
def a_terminal(command: list[str], folder: Path, env: dict[str, str]) -> Iterator[Callable[[str, list[str]], str]]:
    """A program on a terminal: what it shows when something is typed, until that is there, and then taken back."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, 150))
    running = subprocess.Popen(
        command, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    asked = 0

    def read_until(wanted: list[str]) -> str:
        shown = ""
        while not all(one in shown for one in wanted):
            if not select.select([ours], [], [], PATIENCE)[0]:
                raise TimeoutError(f"{wanted} did not come: {shown!r}")
            shown += os.read(ours, 65536).decode("utf-8", "replace")
        return shown

    def ask(typed: str, wanted: list[str]) -> str:
        nonlocal asked
        asked += 1
        os.write(ours, typed.encode())
        shown = read_until(wanted)
        os.write(ours, f"\x15echo en''d-{asked}\r".encode())
        return shown + read_until([f"end-{asked}"])

    try:
        yield ask
    finally:
        running.kill()
        running.wait()
        os.close(ours)


def test_names_need_no_right_configuration(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = desk / "config.toml"
    assert main(["--config", str(config), "names"]) == 0
    assert capsys.readouterr().out.split() == ["lakeshore", "lakeside", "quay"]
    for text in ("contact = ", "topics = 5", "seeds = 5"):
        config.write_text(text)
        assert main(["--config", str(config), "names", "topics"]) == 0
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_ask_for_names_too(shell: str) -> None:
    out = completion(shell)
    assert "copydesk names sources" in out and "copydesk names topics" in out
