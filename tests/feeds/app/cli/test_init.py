"""`init`: starter seeds are off until chosen, and each says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.app.config.config import load
from feeds.app.system.starter_seeds import starters
from scrapers import load_seeds


def names(folder: Path) -> list[str]:
    seeds, mistakes = load_seeds(folder / "seeds")
    assert mistakes == []
    return [seed.name for seed in seeds]


def test_every_starter_says_what_it_is_and_where_it_belongs() -> None:
    for one in starters():
        assert one.what.endswith(".") and len(one.groups) == 2, one.name
        assert one.groups[0] in ("europe", "americas", "world") and len(one.groups[1]) == 2, one.name


def test_groups_and_names_choose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = tmp_path / "desk"
    assert main(["init", str(desk), "--starters", "de, folha"]) == 0
    assert names(desk) == ["folha", "spiegel", "tagesschau"]
    assert "the news of German public television" in capsys.readouterr().out
    before = (desk / "config.toml").read_text()
    (desk / "seeds/spiegel.toml").write_text('home = "https://changed.example/"\n')
    assert main(["init", str(desk), "--starters", "de,it"]) == 0  # later, into the same folder
    assert names(desk) == ["ansa", "folha", "spiegel", "tagesschau"]
    assert "changed" in (desk / "seeds/spiegel.toml").read_text()
    assert (desk / "config.toml").read_text() == before
    assert main(["init", str(desk), "--starters", "germany"]) == 2
    assert main(["init", str(tmp_path / "all"), "--starters", "all"]) == 0
    assert len(names(tmp_path / "all")) == len(starters())


def test_an_empty_installation_has_neither_seeds_nor_topics(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "desk"), "--empty"]) == 0
    assert not (tmp_path / "desk/seeds/starters").exists()
    config = load(tmp_path / "desk/config.toml")
    assert config.topics == () and names(tmp_path / "desk") == []
    assert "# [[topics]]" in (tmp_path / "desk/config.toml").read_text()
    assert main(["init", str(tmp_path / "other"), "--empty", "--starters", "en"]) == 2
