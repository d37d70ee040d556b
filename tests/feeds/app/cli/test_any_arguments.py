"""Whatever is typed, a command ends with a documented exit code and no traceback."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from cyclopts import App
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.app.cli.main import MODULES, build, main
from feeds.store import open_store
from scrapers import Seed
from tests.support.stores import knowing
from tests.support.topics_at_random import NOW

# What people type, and what programs hand over by mistake. No address leaves this machine.
ODD = (
    *("", " ", "-", "--", "-1", "0", "1", "9" * 30, "1e999", "nan", "inf", "-inf", "12h", "7d", "0d", "2026-13-45"),
    *("2026-01-31", "9999-12-31", "0001-01-01", "999999999999d", "lakeshore", "lakeshor", "removed", "all", "kept"),
    *("http://[::1", "http://", "https://:443/", "http://127.0.0.1:9/", "http://127.0.0.1:99999/", "http://a b/"),
    *("", " ", "-", "--", "-1", "0", "1", "9" * 30, "1e999", "nan", "inf", "-inf", "12h", "7d", "0d", "2026-13-45"),
    *("2026-01-31", "9999-12-31", "0001-01-01", "999999999999d", "lakeshore", "lakeshor", "removed", "all", "kept"),
    *("http://[::1", "http://", "https://:443/", "http://127.0.0.1:9/", "http://127.0.0.1:99999/", "http://a b/"),
    *("javascript:1", "mailto:a@b", "http://user:pass@127.0.0.1/", "[::1]", "::", "file:///etc/passwd", "s3://"),
    *(".", "..", "/", "/dev/null", "/proc/self/mem", "no/such/folder/file", "config.toml", "seeds", "page.html"),
    *("a\0b", "\ud800", "é" * 200, "x" * 5000, "[bold]", "[/x]", "{}", "%s", "'", '"', "(", "quay OR"),
    *("title:", "/(/", "=US", "NEAR(a b, x)", "published:>2026-99", "outlets:>=x", "medtop:1"),
    *("yes", "atom", "json", "auto", "config", "bash"),
)
ROUNDS = 5  # of each command


def leaves(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    """Every command that can be called."""
    for name in app:
        if not name.startswith("-"):
            command = app[name]
            if command.default_command is not None:
                yield (*path, name), command
            yield from leaves(command, (*path, name))


COMMANDS = dict(leaves(build([name.rstrip("_") for names in MODULES.values() for name in names.split()])))


@cache
def arguments(path: tuple[str, ...]) -> list[Any]:
    """Those of a command."""
    return [one for one in COMMANDS[path].assemble_argument_collection() if one.parse]


@st.composite
def calls(draw: st.DrawFn, path: tuple[str, ...]) -> list[str]:
    """A command with some of its arguments, each with any value."""
    words = list(path)
    value = st.one_of(st.sampled_from(ODD), st.sampled_from(ODD), st.text(max_size=30))
    for argument in arguments(path):
        if get_origin(argument.hint) is tuple:
            words += draw(st.lists(value, max_size=3))
        elif draw(st.booleans()) or (argument.required and draw(st.integers(0, 9))):
            name = draw(st.sampled_from(argument.names))
            if argument.hint is bool:
                words.append(name)
            else:
                choices = [one for one in get_args(argument.hint) if isinstance(one, str)]
                words.append(f"{name}={draw(st.sampled_from(choices) if choices and draw(st.booleans()) else value)}")
    if path == ("run",):
        words += ["--once", "--no-web"]  # the daemon would have no end
    return words + draw(st.lists(value, max_size=1))


@pytest.fixture(scope="module")
def like(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one source that cannot be visited."""
    folder = tmp_path_factory.mktemp("like")
    (folder / "config.toml").write_text(
        'contact = "mailto:desk@paper.example"\n[[topics]]\nname = "all"\nprivate = true\n'
    )
    (folder / "seeds").mkdir()
    (folder / "seeds/lakeshore.toml").write_text('home = "http://127.0.0.1:9/"\n')
    (folder / "page.html").write_text("<title>A page</title><p>Of the quay.")
    lakeshore = Seed(name="lakeshore", home="http://127.0.0.1:9/")
    with knowing(open_store(folder / "var/copydesk.db", daemon=True), [lakeshore], NOW):
        return folder


@pytest.fixture
def _no_play(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo is not begun: where it may keep its data is all that its arguments decide."""

    async def play(*_: object, **__: object) -> int:
        return 0

    monkeypatch.setattr("feeds.app.demo.demo.play", play)


# what was found once
FOUND = [
    ["add", "http://[::1"],
    ["backup", "no/such/folder/copy.db"],
    ["search", "quay", "--limit=-1"],
    ["topics", "test", "quay", "--since=999999999999d"],
    ["try", "page.html", "--url=http://[::1"],
]


@pytest.fixture
def call(
    like: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[list[str]], None]:
    """Calls the command in an installation of its own, and looks at what it told."""

    def called(words: list[str]) -> None:
        desk = tmp_path / "desk"
        shutil.rmtree(desk, ignore_errors=True)
        shutil.copytree(like, desk)
        monkeypatch.chdir(desk)
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        try:
            code: object = main(words)
        except SystemExit as ended:
            code = ended.code
        told = capfd.readouterr().err
        assert code in (0, 2, 3, 4, 5, 6), (words, told[-2000:])
        assert "Traceback" not in told, (words, told[-2000:])
        assert (desk / "config.toml").exists()

    return called


@pytest.mark.usefixtures("_no_play")
@pytest.mark.parametrize("path", sorted(COMMANDS), ids=" ".join)
def test_no_command_shows_a_traceback(path: tuple[str, ...], call: Callable[[list[str]], None]) -> None:
    @settings(max_examples=ROUNDS, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(words=calls(path))
    def any_words(words: list[str]) -> None:
        call(words)

    any_words()


@pytest.mark.usefixtures("_no_play")
@pytest.mark.parametrize("words", FOUND, ids=" ".join)
def test_what_was_found_once(words: list[str], call: Callable[[list[str]], None]) -> None:
    call(words)


@pytest.mark.usefixtures("_no_play")
@pytest.mark.parametrize("path", sorted(COMMANDS), ids=" ".join)
@pytest.mark.parametrize("odd", ["", "\ud800", "9" * 30, "http://[::1"])
def test_every_argument_may_be_odd_at_once(path: tuple[str, ...], odd: str, call: Callable[[list[str]], None]) -> None:
    """All arguments of a command, each with the same odd value where it takes one."""
    words = [*path]
    for argument in arguments(path):
        if argument.hint is bool:
            words.append(argument.names[0])
        elif get_origin(argument.hint) is tuple:
            words.append(odd)
        else:
            words.append(f"{argument.names[0]}={odd}")
    call(words + (["--once", "--no-web"] if path == ("run",) else []))
