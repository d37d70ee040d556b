"""Every number of config.toml and of a seed at its bounds, beyond them, and endless: one line says what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.app.config.config import Config, load
from feeds.errors import ConfigError
from scrapers import Seed, load_seeds
from tests.support.hostile_values import keys

CENTURY = 36_500 * 86_400
# Key → the least and the greatest value; None where any number that can be written will do.
CONFIG: dict[str, tuple[float, float]] = {
    "store.backups": (0, 1000),
    "store.keep": (7 * 86400, CENTURY),
    "store.keep_entries": (1000, 100_000_000),
    "publish.entries": (1, 1000),
    "web.on_demand_feeds": (1, 500),
    "web.on_demand_keep": (86400, 366 * 86400),
    "fetch.deadline": (1, 600),
    "fetch.parallel": (1, 500),
    "fetch.local_gap": (0, CENTURY),
    "alarms.after": (0, CENTURY),
    "topics.max_age": (0, CENTURY),
    "topics.entries": (1, 1000),
}
OFF = ("store.keep", "store.keep_entries")  # 0: without a limit
ENDLESS = ("inf", "-inf", "nan", "1e400", "-1e400", str(10**30), str(-(10**30)), "9" * 5000)


def config_with(folder: Path, key: str, value: object) -> Config | list[str]:
    table, _, name = key.partition(".")
    head = '[[topics]]\nname = "quay"' if table == "topics" else f"[{table}]"
    path = folder / "config.toml"
    path.write_text(f'contact = "mailto:desk@example.org"\n{head}\n{name} = {value}\n', "utf-8")
    try:
        return load(path)
    except ConfigError as error:
        return list(error.mistakes)


def seed_with(folder: Path, key: str, value: object) -> Seed | list[str]:
    table, _, name = key.rpartition(".")
    head = f"[{table}]\n" if table else ""
    (folder / "courier.toml").write_text(f'home = "https://courier.example/"\n{head}{name} = {value}\n', "utf-8")
    seeds, mistakes = load_seeds(folder)
    return seeds[0] if seeds else [str(one) for one in mistakes]


def numeric(kind: type) -> set[str]:
    """The keys of a dataclass that take a number."""
    import typing

    found = set()
    for key in keys(kind):
        hint: object = kind
        for part in key:
            options = [
                hint,
                *typing.get_args(hint),
                *(a for one in typing.get_args(hint) for a in typing.get_args(one)),
            ]
            holder = next(one for one in options if hasattr(one, "__dataclass_fields__"))
            hint = typing.get_type_hints(holder)[part]
        if {int, float} & {hint, *typing.get_args(hint)}:
            found.add(".".join(key))
    return found


def test_the_table_names_every_number() -> None:
    assert numeric(Config) == set(CONFIG)


@pytest.mark.parametrize(("key", "bounds"), CONFIG.items())
def test_a_number_at_its_bounds_and_beyond(tmp_path: Path, key: str, bounds: tuple[float, float]) -> None:
    least, most = bounds
    for right in (least, most):
        assert isinstance(config_with(tmp_path, key, right), Config), right
    for wrong in (least - 1, most + 1):
        if wrong == 0 and key in OFF:
            continue
        found = config_with(tmp_path, key, wrong)
        assert isinstance(found, list), wrong
        assert len(found) == 1
        assert key.rpartition(".")[2] in found[0]
        assert "should be" in found[0]
        assert "\n" not in found[0]
    if key in OFF:
        assert isinstance(config_with(tmp_path, key, 0), Config)


def is_one_line(found: object, file: str, key: str) -> None:
    """What was found is one mistake that names the file and the key."""
    assert isinstance(found, list), found
    (mistake,) = found
    assert "\n" not in mistake
    assert file in mistake
    assert key.rpartition(".")[2] in mistake or "is not TOML" in mistake


@pytest.mark.parametrize("key", sorted(CONFIG))
def test_a_number_without_end_is_one_line(tmp_path: Path, key: str) -> None:
    for value in (*ENDLESS, "true", '"soon"', "[]"):
        is_one_line(config_with(tmp_path, key, value), "config.toml", key)


@pytest.mark.parametrize("key", sorted(numeric(Seed)))
def test_a_number_of_a_seed_without_end_is_one_line(tmp_path: Path, key: str) -> None:
    for value in (*ENDLESS, "-1", "true", '"soon"', "[]"):
        is_one_line(seed_with(tmp_path, key, value), "courier.toml", key)
