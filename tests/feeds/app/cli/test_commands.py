"""The table of commands: it says what the commands say themselves, and what it spares is not imported."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from feeds.app.cli.main import LISTED, MODULES, build, main
from feeds.app.system.version import VERSION

WHERE = {name.rstrip("_"): (module, name) for module, names in MODULES.items() for name in names.split()}
LINES = dict(line.split(maxsplit=1) for lines in LISTED.values() for line in lines.strip().splitlines())


def test_every_command_is_listed() -> None:
    assert sorted(WHERE) == sorted(LINES)


@pytest.mark.parametrize("name", sorted(WHERE))
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    module, attribute = WHERE[name]
    command = getattr(importlib.import_module(f"feeds.app.cli.{module}"), attribute)
    said = command.help if isinstance(command, App) else command.__doc__.partition("\n\n")[0]
    assert " ".join(said.split()) == LINES[name]


@pytest.mark.parametrize("name", sorted(WHERE))
def test_a_command_that_is_named_tells_all_of_its_help(name: str) -> None:
    app = build([name])
    whole = app[name].help
    module, attribute = WHERE[name]
    command = getattr(importlib.import_module(f"feeds.app.cli.{module}"), attribute)
    assert whole.split() == (command.help if isinstance(command, App) else command.__doc__).split()


def test_every_help_has_an_example() -> None:
    def without(app: App, above: tuple[str, ...] = ()) -> Iterator[str]:
        for name in app:
            if not name.startswith("-"):
                command = app[name].default_command
                if command is not None and f"Example: `copydesk {' '.join((*above, name))}" not in (
                    command.__doc__ or ""
                ):
                    yield " ".join((*above, name))
                yield from without(app[name], (*above, name))

    assert list(without(build(sorted(WHERE)))) == []


def imported(*arguments: str) -> set[str]:
    """The modules that a call of the command has imported at its end."""
    program = (
        "import sys\n"
        "from feeds.app.cli.main import main\n"
        f"code = main({list(arguments)!r})\n"
        "print(code, *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    code, *modules = done.stderr.split()
    assert code == "0", done.stderr
    return set(modules)


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_what_only_prints_imports_none_of_the_program(argument: str) -> None:
    ours = {name for name in imported(argument) if name.partition(".")[0] in ("scrapers", "feeds")}
    assert ours <= {
        *("feeds", "feeds.app", "feeds.app.cli", "feeds.app.cli.main", "feeds.app.cli.command"),
        *("feeds.app.system", "feeds.app.system.output", "feeds.app.system.version"),
    }


def test_status_imports_no_event_loop_and_nothing_for_pages(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "desk"), "--starters", "en"]) == 0
    found = imported("--quiet", "--config", str(tmp_path / "desk/config.toml"), "status")
    dear = {"asyncio", "httpx", "babel", "selectolax", "lxml", "feedparser", "structlog", "starlette", "jinja2", "re2"}
    assert found & dear == set()


@pytest.mark.parametrize("what", ["sources", "topics"])
def test_names_for_a_shell_import_neither_the_program_nor_the_command_that_is_called_alike(what: str) -> None:
    found = imported("names", what)
    assert found & {"pydantic", "httpx", "structlog", "feeds.store", "feeds.app.cli.queries", "scrapers"} == set()


def test_the_version_waits_for_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "feeds", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == VERSION
    assert "cyclopts" not in done.stderr and "pydantic" not in done.stderr
