"""What a command prints: text as it is, whatever a stranger wrote into it."""

from __future__ import annotations

import pytest

from feeds.app.system.output import Output

TITLES = (
    "The [/] harbour",
    "[bold]Ships[/bold]",
    "[link=https://evil.example]here[/link]",
    "[/no such mark]",
    "\\[x]",
    "A :ship: sails",
)


@pytest.mark.parametrize("way", ["print", "say", "warn", "error"])
@pytest.mark.parametrize("title", TITLES)
def test_marks_of_the_terminal_are_text(way: str, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    getattr(Output(), way)(title)
    told = capsys.readouterr()
    assert (told.out if way == "print" else told.err).strip().endswith(title)


def test_names_of_pictures_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output()
    output.markup("[bold]A :ship: sails[/]")
    output.table(["title"], [["A :ship: sails"]])
    assert capsys.readouterr().out.count(":ship:") == 2


def test_a_quiet_command_says_what_went_wrong_alone(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(quiet=True)
    output.say("reading")
    with output.working("writing"):
        output.error("the disk is full")
    told = capsys.readouterr()
    assert "the disk is full" in told.err
    assert "reading" not in told.err and "writing" not in told.err
