"""A command line of the usual form is read by its command alone: the same is read as by the whole program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cyclopts import CycloptsError

from feeds.app.cli import main as cli
from tests.feeds.app.cli.test_any_arguments import COMMANDS, arguments

Read = tuple[Any, ...]

USUAL = """
status
status --json
-c desk.toml status
--config desk.toml -v status --json
--config=desk.toml status --json --quiet
status -q --config desk.toml
status --config=
sources
sources --json -v
sources pause lakeshore
--quiet sources rename lakeshore quay --config desk.toml
names
names topics
search quay --limit 4 --json
fetch
fetch lakeshore herald --json
try page.html --url=https://paper.example/story
token api add reader
topics test quay --since 7d
export --to=out.jsonl
run --once --no-web
add https://paper.example/ --name=paper --dry-run
init desk --starters en
""".strip().splitlines()
ODD = """
status -c -odd
sources pause=x
search quay --limit 4 --topic=all
search quay AND ferry
search quay --limit=-1
--help
-h
--version
status --help
-h status
--version status
help status
statsu
statsu --json
sources pasue lakeshore
sources --help
token
token --json
opml
store
status --nonsense
status extra
search
search quay --limit
search quay --limit many
search quay --limit 0
search -- -quay
-- status
status --
status -
status -v -v
-vq status
status -vq
-c status
status -c
status --config
status --config --json
-c=desk.toml status
-cdesk.toml status
--config=a --config=b status
-c a --config b status
--Config desk.toml status
--confi desk.toml status
--config.x=1 status
--verbose=false status
--verbose=true status --json
--no-verbose status
--no-quiet status
--quiet quiet status
desk.toml status
status topics
topics status
names nothing
add nonsense --yes
add https://paper.example/ -y
repair lakeshore -y
run -j 3 --once
run -j=3 --once
run --parallel 0 --once
run --parallel -1
__complete status
status --json --json
status --json=true
status --json=perhaps
status --no-json
search --topic --quiet quay
search --topic --config quay
""".strip().splitlines()


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    """What commands were called with; none does anything."""
    found: list[Read] = []

    def call(parsed: cli.Parsed, context: cli.Context) -> int:
        command, bound, ignored = parsed
        known = (context.path, context.verbose, context.output.quiet)
        found.append((command, dict(bound.arguments), bound.args, bound.kwargs, list(ignored), *known))
        return 0

    monkeypatch.setattr(cli, "_call", call)
    monkeypatch.delenv("COPYDESK_CONFIG", raising=False)
    return found


def both(tokens: list[str], called: list[Read]) -> tuple[Read | None, Read | None]:
    """What is read directly, and what the whole program reads; None where no command is called."""
    told: list[Read | None] = []
    for directly in (True, False):
        called.clear()
        if directly:
            if found := cli.directly(tokens):
                cli._call(*found)
        else:
            try:
                cli.build(tokens).meta(tokens, exit_on_error=False, print_error=False, result_action="return_value")
            except CycloptsError:
                assert called == []
        told.append(called[0] if called else None)
    return told[0], told[1]


@pytest.mark.parametrize("line", USUAL)
def test_what_is_usual_is_read_directly_and_as_by_the_whole_program(line: str, called: list[Read]) -> None:
    directly, whole = both(line.split(), called)
    assert directly is not None
    assert directly == whole


@pytest.mark.parametrize("line", ODD)
def test_what_is_odd_is_left_to_the_whole_program_or_read_as_by_it(line: str, called: list[Read]) -> None:
    directly, whole = both(line.split(), called)
    assert directly in (None, whole)


@pytest.mark.parametrize("path", sorted(COMMANDS), ids=" ".join)
def test_every_argument_of_every_command_is_read_as_by_the_whole_program(
    path: tuple[str, ...], called: list[Read]
) -> None:
    words = [*path]
    for argument in arguments(path):
        if argument.hint is bool:
            words.append(argument.names[0])
        else:
            words.append(f"{argument.names[0]}=7" if argument.names[0].startswith("--") else "7d")
    directly, whole = both(words, called)
    assert directly in (None, whole)
    assert {"--config", "-c", "--verbose", "-v", "--quiet", "-q"}.isdisjoint(
        name for argument in arguments(path) for name in argument.names
    ), "an option of the whole program, which is taken out first"


@pytest.mark.parametrize("variable", ["desk.toml", "", "a b", "a:b"])
def test_the_variable_names_the_configuration(
    variable: str, called: list[Read], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CONFIG", variable)
    for line in ("status", "status --config other.toml"):
        directly, whole = both(line.split(), called)
        assert directly is not None
        assert directly == whole
    assert cli.directly(["status"])[1].path == Path(variable)  # type: ignore[index]
