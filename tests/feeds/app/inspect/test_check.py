"""`check` names every mistake of every file in one run, with file, line, key and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.app.inspect.check import Found, check
from feeds.store import open_store
from scrapers import Seed
from tests.support.topics_at_random import NOW

CONFIG = """\
contact = "mailto:desk@paper.example"
titel = "x"
preferred = ["curier"]
[publish]
folder = "config.toml/public"
entries = 0
[fetch]
deadline = "soon"
[[topics]]
name = "quay"
sources = ["courier", "harald", "paper.example"]
query = "quay OR source:curier OR source:paper.example"
[[topics]]
name = "ferry"
copies = "two"
query = "(ferry"
"""


def installation(folder: Path, config: str = CONFIG) -> Path:
    (folder / "seeds").mkdir()
    (folder / "seeds/courier.toml").write_text('home = "https://courier.example/"\nscraper = "curier"\n')
    (folder / "seeds/herald.toml").write_text('home = "herald.example"\nevry = "1h"\n')
    (folder / "config.toml").write_text(config)
    return folder / "config.toml"


def told(found: Found) -> list[tuple[str, int | None, str]]:
    return [(Path(one.file).name, one.line, one.key) for one in found.mistakes]


def test_every_mistake_of_every_file_in_one_run(tmp_path: Path) -> None:
    found = check(installation(tmp_path))
    assert told(found) == [
        ("config.toml", 2, "titel"),
        ("config.toml", 3, "preferred.1"),
        ("config.toml", 5, "publish.folder"),
        ("config.toml", 6, "publish.entries"),
        ("config.toml", 8, "fetch.deadline"),
        ("config.toml", 11, "topics.quay.sources.2"),
        ("config.toml", 12, "topics.quay.query"),
        ("config.toml", 15, "topics.ferry.copies"),
        ("config.toml", 16, "topics.ferry.query"),
        ("herald.toml", 1, "home"),
        ("herald.toml", 2, "evry"),
        ("courier.toml", 2, "scraper"),
    ]
    words = "\n".join(found.mistakes)
    assert "did you mean courier?" in words
    assert "there is no source harald; did you mean herald?" in words
    assert "there is no scrapers/sites/curier.py" in words
    assert found.as_json()["ok"] is False


def test_the_seeds_are_looked_at_beside_a_configuration_that_is_no_toml(tmp_path: Path) -> None:
    path = installation(tmp_path, "contact = \n")
    assert told(check(path)) == [
        ("config.toml", 1, ""),
        ("herald.toml", 1, "home"),
        ("herald.toml", 2, "evry"),
        ("courier.toml", 2, "scraper"),
    ]


def test_the_contact_of_a_new_installation_is_to_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('contact = "mailto:you@example.org"\n')
    (tmp_path / "seeds").mkdir()
    found = check(path)
    assert told(found) == [("config.toml", 1, "contact")]
    assert "placeholder" in found.mistakes[0]
    assert any("holds no seed" in line for line in found.warnings)


def test_a_page_that_needs_a_browser_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    path = tmp_path / "config.toml"
    path.write_text('contact = "mailto:desk@paper.example"\n')
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/courier.toml").write_text('home = "https://courier.example/"\nrender = true\n')
    (mistake,) = check(path).mistakes
    assert (mistake.line, mistake.key) == (2, "render")
    assert "copydesk[browser]" in mistake


def test_a_source_that_is_stored_is_known(tmp_path: Path) -> None:
    path = installation(
        tmp_path, 'contact = "mailto:desk@paper.example"\n[[topics]]\nname = "a"\nsources = ["former"]\n'
    )
    for seed in (tmp_path / "seeds").iterdir():
        seed.unlink()
    assert told(check(path)) == [("config.toml", 4, "topics.a.sources.1")]
    store = open_store(tmp_path / "var/copydesk.db", daemon=True)
    store.sources.sync([Seed(name="former", home="https://former.example/")], NOW)
    store.close()
    assert told(check(path)) == []


def test_a_damaged_store_hides_no_mistake(tmp_path: Path) -> None:
    path = installation(tmp_path)
    before = told(check(path))
    (tmp_path / "var").mkdir()
    (tmp_path / "var/copydesk.db").write_bytes(b"no database" * 1000)
    found = check(path)
    assert told(found) == before
    assert len(found.store) == 1
