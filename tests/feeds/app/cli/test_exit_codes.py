"""Every kind of failure has its documented exit code, and a sentence on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.app.cli.main import _failed, main
from feeds.app.inspect.preview import record_table
from feeds.app.system.output import Output
from feeds.errors import ConfigError, PublishError, QueryError, StoreBusy, StoreInUse, StoreUnusable
from scrapers import Forbidden, Refused, SeedError, Unreachable
from tests.support.stories import record


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError(["config.toml: title: should not be empty"]), 3),
        (QueryError("a word is missing", query="a AND", position=5), 3),
        (SeedError("a seed is wrong"), 3),
        (StoreInUse("the store is in use"), 4),
        (StoreUnusable("the store is damaged"), 5),
        (StoreBusy("the disk is full"), 5),
        (Unreachable("no answer", url="https://a.example/"), 6),
        (Refused("a login is wanted", url="https://a.example/", status=401), 6),
        (Forbidden("a private address"), 6),
        (PublishError("a document stays wrong"), 6),
        (KeyError("nobody foresaw this"), 1),
    ],
)
def test_each_failure_has_its_code(error: Exception, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert _failed(error, Output()) == code
    said = capsys.readouterr().err
    assert ("Traceback" in said or "bug" in said) == (code == 1)
    assert str(error).splitlines()[0].strip("'") in said
    if isinstance(error, Unreachable):
        assert "https://a.example/" in said


@pytest.mark.parametrize("command", ["fetch down", "fetch http://127.0.0.1:9/x", "fetch http://127.0.0.1:9/x --keep"])
def test_a_command_that_could_not_do_its_work_says_6(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/down.toml").write_text('home = "http://127.0.0.1:9/"\n')
    config = tmp_path / "config.toml"
    config.write_text('contact = "mailto:desk@example.org"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = 0\n')
    assert main(["--config", str(config), *command.split()]) == 6
    told = capsys.readouterr()
    assert "127.0.0.1" in told.err or "down" in told.out
    assert main(["--config", str(config), "fetch", "nobody"]) == 2
    assert main(["--config", str(config), "fetch"]) == 2


def test_a_record_as_json_has_every_key_and_its_own_values() -> None:
    one = record(1)
    table = record_table(one)
    assert list(table) == [
        "id", "url", "source", "title", "subtitle", "authors", "published", "published_estimated", "updated", "section",
        "tags", "language", "publisher", "image", "text", "html", "paywalled", "sponsored", "witnesses",
    ]  # fmt: skip
    for name in ("id", "url", "source", "title", "subtitle", "section", "language", "publisher", "text", "html"):
        assert table[name] == getattr(one, name), name
    assert (table["authors"], table["tags"]) == (list(one.authors), list(one.tags))
    assert table["published"] == one.published.isoformat()
    assert one.image is not None
    assert table["image"] == {"url": one.image.url, "caption": one.image.caption, "credit": one.image.credit}
    unknown = record_table(one, known_address=False)
    assert (unknown["id"], unknown["url"]) == (None, None)
