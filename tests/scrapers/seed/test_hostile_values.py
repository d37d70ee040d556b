"""Whatever stands in a seed: it can be used, or a sentence says which key is wrong. Never a traceback."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers import (
    CopydeskError,
    Draft,
    Page,
    Past,
    Seed,
    load_seeds,
    longest_interval,
    read_draft,
    read_links,
    seed_to_toml,
    seed_warnings,
    speaks_for,
    to_record,
)
from tests.support.hostile_values import keys, takes_lists, untold, written

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = [".".join(key) for key in keys(Seed) if key != ("name",)]
PAGE = Page(
    "https://courier.example/2026/03/quay",
    b"<title>Quay</title><h1>Old quay closed</h1><p class=a>1 March 2026 08:00. The quay is closed until spring."
    b"<a href='/2026/03/the-ferry-sails-again'>The ferry sails again on Monday</a>",
)


def loaded(folder: Path, key: str, value: str) -> Seed | list[str]:
    """The seed, or its mistakes."""
    home = "" if key == "home" else 'home = "https://courier.example/"\n'
    login = 'user = "desk"\npassword = "env:HOME"\n'.splitlines()
    text = f"{home}{key} = {value}\n"
    if key.startswith("credentials."):
        text = f"{home}[credentials]\n" + "\n".join(
            line if not line.startswith(key[12:]) else f"{key[12:]} = {value}" for line in login
        )
    (folder / "courier.toml").write_text(text, "utf-8")
    seeds, mistakes = load_seeds(folder)
    assert len(seeds) == (not mistakes)
    return seeds[0] if seeds else list(mistakes)


def use(seed: Seed) -> None:
    """What a visit does with the values."""
    seed_warnings(seed)
    seed_to_toml(seed, {})
    speaks_for(seed, PAGE.url)
    assert 0 <= longest_interval(seed) < 10**10
    read_links(PAGE, seed, Past(), NOW)
    draft = read_draft(PAGE, seed, NOW)
    assert isinstance(draft, Draft)
    to_record(draft, url=PAGE.url, seed=seed, first_seen=NOW)


def fault(folder: Path, key: str, value: str) -> str | None:
    """What is wrong with the answer to one value."""
    found = loaded(folder, key, value)
    if isinstance(found, Seed):
        try:
            use(found)
        except CopydeskError:
            return None  # a failure of this source, told in words
        except Exception as error:
            return f"is taken, and then {error!r}"
        return None
    assert not any("\n" in mistake for mistake in found)
    return untold(found, "courier.toml", key.rpartition(".")[2], key.partition(".")[0])


@pytest.mark.parametrize("key", KEYS)
def test_every_value_can_be_used_or_is_a_mistake_that_names_file_and_key(tmp_path: Path, key: str) -> None:
    values = written(lists=takes_lists(Seed, key))
    faults = {value[:60]: wrong for value in values if (wrong := fault(tmp_path, key, value)) is not None}
    assert faults == {}


def test_the_keys_are_found() -> None:
    assert {"home", "discover.rss", "extract.drop", "credentials.password", "expect.records_per_day"} <= set(KEYS)
