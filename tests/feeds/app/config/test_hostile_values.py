"""Whatever stands in config.toml: it can be used, or a sentence says which key is wrong. Never a traceback."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.app.config.config import Config, load, own_subjects
from feeds.app.jobs.fetcher import open_fetcher
from feeds.errors import ConfigError
from scrapers import Paces
from tests.support.hostile_values import keys, takes_lists, untold, written

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = [".".join(key) for key in keys(Config)]
FRAME = {"contact": '"mailto:desk@example.org"', "topics.name": '"quay"'}


def text_of(values: dict[str, str]) -> str:
    """A configuration in which these keys have these values."""
    told = FRAME | values
    if "topics" in values:
        told.pop("topics.name")
    lines = [f"{key} = {value}" for key, value in told.items() if "." not in key]
    for table in sorted({key.partition(".")[0] for key in told if "." in key}):
        if table not in told:
            lines.append("[[topics]]" if table == "topics" else f"[{table}]")
            lines += [
                f"{key.partition('.')[2]} = {value}" for key, value in told.items() if key.startswith(f"{table}.")
            ]
    return "\n".join(lines)


def loaded(folder: Path, values: dict[str, str]) -> Config | list[str]:
    """The configuration, or its mistakes."""
    path = folder / "config.toml"
    path.write_text(text_of(values), "utf-8")
    try:
        return load(path)
    except ConfigError as error:
        return error.mistakes


def use(config: Config, key: str) -> None:
    """What every start does with the values."""
    for path in (config.store_path, config.public, config.private, config.seeds_folder):
        path.exists()
    config.address()
    config.all_topics()
    own_subjects(config)
    for length in (config.store.keep, config.alarms.after, *(topic.max_age or 0 for topic in config.topics)):
        assert NOW - timedelta(seconds=length) < NOW + timedelta(1)
    if key.startswith(("fetch", "contact")):  # it takes a while
        asyncio.run(_opened(config))


async def _opened(config: Config) -> None:
    await open_fetcher(config, Paces(())).aclose()


def fault(folder: Path, key: str, value: str) -> str | None:
    """What is wrong with the answer to one value."""
    found = loaded(folder, {key: value})
    if isinstance(found, Config):
        try:
            use(found, key)
        except Exception as error:
            return f"is taken, and then {error!r}"
        return None
    return untold(found, "config.toml", key.rpartition(".")[2].split("_")[0])


def test_the_keys_are_found() -> None:
    assert {"contact", "store.url", "topics.query", "topics", "alarms.smtp", "publish.hub"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_value_can_be_used_or_is_a_mistake_that_names_file_and_key(tmp_path: Path, key: str) -> None:
    values = written(lists=takes_lists(Config, key))
    faults = {value[:60]: wrong for value in values if (wrong := fault(tmp_path, key, value)) is not None}
    assert faults == {}


@pytest.mark.parametrize("seed", range(3))
def test_a_round_with_odd_values_everywhere_ends_with_an_exit_code_of_the_documentation(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each key a value at random that is no mistake alone; together they may be one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    chance = random.Random(seed)
    values: dict[str, str] = {}
    for key in KEYS:
        if key in ("contact", "topics", "store", "publish", "web", "fetch", "log", "alarms", "alarms.command"):
            continue
        tried = chance.sample(written(), 12)
        more = [value for value in tried if isinstance(loaded(tmp_path, values | {key: value}), Config)]
        if more and not any(part in more[0] for part in ("/dev", '"/"', '".."', '"../..', "sqlite:..", "~")):
            values[key] = more[0]
    assert len(values) > 10
    (tmp_path / "config.toml").write_text(text_of(values), "utf-8")
    for command in (["check"], ["run", "--once"], ["status"], ["topics"]):
        code = main(["--config", str(tmp_path / "config.toml"), *command])
        said = capsys.readouterr().err
        assert code in (0, 3, 5, 6), (command, said)
        assert "Traceback" not in said
