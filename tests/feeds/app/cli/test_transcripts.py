"""What the commands print of a small desk, whole: standard output, diagnostics and exit codes, at one moment."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from feeds import pipe
from feeds.app.cli.main import main
from feeds.app.config.config import load
from feeds.store import open_store
from feeds.topics import Engine
from scrapers import UNLIKE, Draft, Failure, Front, Record, Run, Seed, Seen, load_seeds, to_record

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONFIG = """title = "The Desk"
contact = "mailto:desk@desk.example"
base_url = "https://desk.example"
timezone = "Europe/Oslo"

[[topics]]
name = "harbour"
title = "Harbour"
query = "harbour"

[[topics]]
name = "letters"
title = "Letters"
query = "mayor"
private = true
"""
TEXT = "\n".join(
    f"Paragraph {number} of the story about the harbour tells how the {word} was repaired by {number * 7} people, and"
    f" what the mayor of {place} had to say about the cost of {number * 1300} crowns before the council voted."
    for number, (word, place) in enumerate(
        [("quay", "Tarn"), ("crane", "Wend"), ("ferry", "Skell"), ("lighthouse", "Grey"), ("dredger", "Holl")], 1
    )
)
OTHER = "\n".join(
    f"Pupil number {number} planted {number * 3} young {tree} trees along the river of {place}, and a forester who was"
    f" there on day {number} said that the {tree} would stand {number + 2} metres high before anybody left school."
    for number, (tree, place) in enumerate([("oak", "Lund"), ("elm", "Ek"), ("ash", "Roos"), ("lime", "Wik")], 1)
)


def record(source: str, slug: str, title: str, text: str, at: datetime, **more: object) -> Record:
    html = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    draft = Draft(title=title, text=text, html=html, published=at.isoformat(), authors=("Ada Pell",), language="en")
    seed = Seed(name=source, home=f"https://{source}.example/")
    return replace(to_record(draft, url=f"https://{source}.example/news/{slug}", seed=seed, first_seen=at), **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk of three sources: one with a revised story and another, one with a copy, one that fails."""
    folder = tmp_path_factory.mktemp("transcripts") / "desk"
    (folder / "seeds").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    for name in ("courier", "herald", "wire"):
        (folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    with time_machine.travel(NOW, tick=True):
        config = load(folder / "config.toml")
        store = open_store(config.store_at, daemon=True)
        seeds = {seed.name: seed for seed in load_seeds(config.seeds_folder)[0]}
        topics = config.all_topics()
        engine = Engine(topics)
        store.sources.sync(seeds.values(), NOW - 9 * HOUR)
        store.topics.sync(topics, NOW - 9 * HOUR)

        def visit(source: str, hours: float, records: Sequence[Record], *seen: Seen, failures: Sequence[Failure] = ()) -> None:  # fmt: skip  # noqa: E501
            at = NOW - hours * HOUR
            told = (*(Seen(one.url, "kept", way="rss") for one in records), *seen)
            fronts = () if any(one.url == seeds[source].home for one in failures) else (Front(seeds[source].home),)
            run = Run(
                source, at, at + timedelta(seconds=4), records=tuple(records), seen=told, fronts=fronts,
                links=len(told), failures=tuple(failures), notes=("an odd listing",) if not failures else (),
            )  # fmt: skip
            pipe.keep(store, run, seeds[source], store.visits.past(source, at), engine, now=at)

        quay = record("wire", "quay", "The quay is repaired", TEXT, NOW - 8 * HOUR)
        oaks = record("wire", "oaks", "Oaks [along] the river", OTHER, NOW - 8.5 * HOUR)
        bad = Seen("https://wire.example/news/bad", "failed", f"{UNLIKE}a login", "listing")
        visit("wire", 7.5, [quay, oaks], bad, Seen("https://wire.example/shop", "skipped", "a shop", "listing"),
              failures=[Failure(bad.url, "PageChanged", bad.why)])  # fmt: skip
        visit("courier", 6.5, [record("courier", "mended", "Quay mended", TEXT, NOW - 6.7 * HOUR)])
        visit(
            "wire", 2.5, [replace(quay, title="The quay is dear", text=TEXT.replace("1300", "1400"), fingerprint="x")]
        )
        gone = Failure("https://herald.example/", "Gone", "404 Not Found", 404)
        visit("herald", 1.5, [], failures=[gone])
        store.close()
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the desk, at noon."""
    folder = tmp_path / "desk"
    shutil.copytree(made, folder)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(folder)
    with time_machine.travel(NOW, tick=True):
        yield folder


def said(desk: Path, command: str, capfd: pytest.CaptureFixture[str]) -> str:
    """The exit code of a command and all that it prints; lines of diagnostics begin with a bar."""
    code = main([part.replace("_", " ") for part in command.split()])
    out, err = capfd.readouterr()
    lines = [*out.splitlines(), *(f"| {line}" for line in err.splitlines()), f"= {code}"]
    return "\n".join(lines).replace(str(desk), "DESK")


RANDOM = (
    (re.compile(r"(?<=/t/)[\w-]{32}(?=/)"), "TOKEN"),
    (re.compile(r"^[\w-]{32}$", re.MULTILINE), "TOKEN"),
    (re.compile(r"(?<=sig=)\w+"), "SIGNATURE"),
    (re.compile(r"12:0\d:\d\d"), "12:00:00"),
    (re.compile(r"\d+ s ago$", re.MULTILINE), "now"),
    (re.compile(r"\d+\.\d MB"), "N MB"),
    (re.compile(r"^\| (?:SQLite .*|.*\[info .*)\n", re.MULTILINE), ""),  # of the machine, and of the log
)
SCRIPTS = Path(__file__).with_name("transcripts.txt").read_text("utf-8").split("\n----\n")


@pytest.mark.parametrize("script", SCRIPTS, ids=[f"{n}-{one.split()[1]}" for n, one in enumerate(SCRIPTS)])
def test_what_commands_print(script: str, desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each script has a desk of its own. A blank within an argument is written `_`."""
    for part in re.split(r"^\$ ", script, flags=re.MULTILINE)[1:]:
        command, _, expected = part.rstrip("\n").partition("\n")
        found = said(desk, command, capfd)
        for pattern, shown in RANDOM:
            found = pattern.sub(shown, found)
        assert (command, found) == (command, expected)
