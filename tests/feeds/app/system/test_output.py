"""What a command prints: text as it is, whatever a stranger wrote into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feeds.app.system.output import Output, ago, moment, sure_moment

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


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_long_lines_are_not_broken_and_numbers_have_no_colour(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    output = Output()
    output.print("word 12 :ship: " * 20)
    output.say("word 12 :ship: " * 20)
    told = capsys.readouterr()
    assert told.out == told.err == "word 12 :ship: " * 20 + "\n"
    output.warn("careful")
    output.error("wrong")
    assert capsys.readouterr().err == "\x1b[33mcareful\x1b[0m\n\x1b[31mwrong\x1b[0m\n"
    output.print("head", style="bold")
    assert capsys.readouterr().out == "\x1b[1mhead\x1b[0m\n"


def test_a_value_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    Output().json({"when": NOW, "names": ("ä",), "set": {1}})
    assert capsys.readouterr().out == (
        '{\n  "when": "2026-03-01T12:00:00+00:00",\n  "names": [\n    "ä"\n  ],\n  "set": [\n    1\n  ]\n}\n'
    )
    with pytest.raises(TypeError, match="object has no JSON form"):
        Output().json(object())


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "now"), (0.5, "now"), (1, "1 s ago"), (7200, "2 h ago"), (-60, "in 1 min"), (None, "–")]
)
def test_how_long_ago(seconds: float | None, said: str) -> None:
    assert ago(None if seconds is None else NOW - timedelta(seconds=seconds), NOW) == said


def test_moments_that_people_type() -> None:
    assert moment("2026-03-01") == NOW.replace(hour=0)
    before = datetime.now(UTC)
    found = moment("2 h")
    assert found is not None
    assert timedelta(0) <= found + timedelta(hours=2) - before < timedelta(hours=1)
    assert moment("soon") is moment("9" * 30 + " d") is None
    assert sure_moment("2026-03-01") == NOW.replace(hour=0)
    with pytest.raises(ValueError, match="soon"):
        sure_moment("soon")
