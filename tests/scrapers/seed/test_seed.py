"""Seeds: every mistake of every file is named, and a broken one is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers import Seed, load_seed, load_seeds


def seed_of(tmp_path: Path, text: str, name: str = "courier") -> tuple[Seed | None, list[str]]:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_seed(path)


def test_a_seed_with_only_its_home_works(tmp_path: Path) -> None:
    seed, mistakes = seed_of(tmp_path, 'home = "https://courier.example/"')
    assert mistakes == []
    assert seed == Seed(name="courier", home="https://courier.example/")
    assert seed.every is None


def test_every_key_is_read(tmp_path: Path) -> None:
    seed, mistakes = seed_of(
        tmp_path,
        """
        home = "https://courier.example/"
        title = "The Example Courier"
        language = "en"
        every = "20m"
        timezone = "Europe/Berlin"
        hosts = ["media.example"]
        discover = { rss = ["https://courier.example/world.rss"], exclude = ["/sport/"] }
        extract = { title = "h1.story__title", drop = [".newsletter"] }
        expect = { records_per_day = 5 }
        headers = { Accept-Language = "en" }
        """,
    )
    assert mistakes == []
    assert seed is not None
    assert seed.every == 1200
    assert seed.discover.rss == ("https://courier.example/world.rss",)
    assert seed.extract.drop == (".newsletter",)
    assert seed.expect.records_per_day == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x"', "home: is required"),
        ("home = 5", "home: should be a string in quotes"),
        ('home = "courier.example"', "home: should be an address such as"),
        ('home = "https://c.example/"\nevry = "20m"', 'evry: there is no such key; did you mean "every"?'),
        ('home = "https://c.example/"\nevery = "soon"', "every: should be a length of time"),
        ('home = "https://c.example/"\nevery = "1m"', 'every: should be at least "5m"'),
        ('home = "https://c.example/"\nevery_min = "1m"', 'every_min: should be at least "5m"'),
        ('home = "https://c.example/"\nevery = "2h"\nevery_max = "1h"', "every_min, every, every_max: should not grow"),
        ('home = "https://c.example/"\ntimezone = "Berlin"', "timezone: should be a name such as"),
        ('home = "https://c.example/"\ndiscover = { rss = "https://c.example/r" }', "discover.rss: should be a list"),
        (
            'home = "https://c.example/"\nextract = { titel = "h1" }',
            'extract.titel: there is no such key; did you mean "title"?',
        ),
        ('home = "https://c.example/"\nname = "x"', "name: there is no such key; the file's name is the key"),
        ("home = ", "is not TOML"),
    ],
)
def test_a_mistake_says_file_key_and_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    seed, mistakes = seed_of(tmp_path, text)
    assert seed is None
    assert len(mistakes) == 1
    assert said in mistakes[0]
    assert "courier.toml" in mistakes[0]


@pytest.mark.parametrize("zone", ["Europe", "Europe/" + "x" * 300, "../x", "a\\u0000"])
def test_a_zone_that_is_no_file_is_a_mistake(tmp_path: Path, zone: str) -> None:
    seed, mistakes = seed_of(tmp_path, f'home = "https://courier.example/"\ntimezone = "{zone}"\n')
    assert seed is None
    assert len(mistakes) == 1 and "timezone: should" in mistakes[0]


@pytest.mark.parametrize("value", ["[" * 3000, "9" * 5000, "{a=" * 3000])
def test_a_value_that_breaks_the_parser_is_a_mistake_in_one_line(tmp_path: Path, value: str) -> None:
    seed, mistakes = seed_of(tmp_path, f'home = "https://courier.example/"\nx = {value}\n')
    assert seed is None
    assert len(mistakes) == 1 and "is not TOML" in mistakes[0] and "\n" not in mistakes[0]


def test_all_mistakes_of_a_file_come_at_once(tmp_path: Path) -> None:
    _, mistakes = seed_of(tmp_path, 'home = 5\nevry = 1\nlanguage = ["en"]')
    assert len(mistakes) == 3


def test_a_loopback_source_may_come_more_often(tmp_path: Path) -> None:
    seed, mistakes = seed_of(tmp_path, 'home = "http://127.0.0.1:8000/"\nevery = "5s"')
    assert mistakes == []
    assert seed is not None
    assert seed.every == 5


def test_a_broken_seed_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text('home = "https://good.example/"')
    (tmp_path / "bad.toml").write_text("home = 1")
    (tmp_path / "Bad Name.toml").write_text('home = "https://c.example/"')
    (tmp_path / "all.toml").write_text('home = "https://c.example/"')
    seeds, mistakes = load_seeds(tmp_path)
    assert [seed.name for seed in seeds] == ["good"]
    assert len(mistakes) == 3
    assert any("reserved" in mistake for mistake in mistakes)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    seeds, mistakes = load_seeds(tmp_path / "nowhere")
    assert seeds == ()
    assert "there is no such folder" in mistakes[0]


def test_a_selector_that_is_none_is_a_mistake_of_its_seed(tmp_path: Path) -> None:
    seed, mistakes = seed_of(tmp_path, 'home = "https://c.example/"\nextract = { title = "h1[[" }')
    assert seed is None
    assert "extract.title" in mistakes[0]
