"""Texts of Latin-1 are folded at once."""

from __future__ import annotations

from scrapers.page.latin_text import LatinFolding, latin


def test_signs_become_blanks_and_other_scripts_are_not_taken() -> None:
    assert latin("Zürich – “ja”…") == "Zürich    ja  ".encode("latin-1")
    assert latin("".join(map(chr, range(256)))) == bytes(range(256))
    assert latin("") == b""
    assert latin("Łódź") is None
    assert latin("“Łódź”") is None


def test_a_character_may_become_several_or_leave_latin() -> None:
    becomes = {"ß": "ss", "é": "e", "µ": "\u03bc", "Æ": ""}
    fold = LatinFolding(lambda char: becomes.get(char, char))
    assert fold("plain") == "plain"
    assert fold("éß Æé") == "ess e"
    assert fold("5 µ") is None
    assert fold("Łódź") is None
