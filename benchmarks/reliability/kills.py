"""The daemon killed with -9 at random moments while the newsroom's script is played: what became of the feeds.

    python -m benchmarks.kills [--kills 100] [--seed 1]

The script is spread over the kills. Between them every published file is looked at, again and again. In the end each
story must stand exactly once, no id or publication date may have changed, and no file may ever have been broken.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.support.playing import Play
from tests.support.waiting import until

READY = 0.7  # share of the daemons that are killed at work; the others on their way up
LONGEST = 3.0  # seconds that a daemon lives after that, at most


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of kills came to."""

    kills: int
    looks: int
    stories: int
    faults: tuple[str, ...]  # broken files, changed ids, moved dates, lost entries
    wrong: tuple[str, ...]  # stories that do not stand exactly once
    seconds: float


def play(folder: Path, kills: int, seed: int = 1, longest: float = LONGEST) -> Report:
    """Plays the script under so many kills, then lets a last daemon finish."""
    chance = Random(seed)
    begun = time.monotonic()
    with Play(folder, seed=seed, every="0.5s") as desk:
        length = desk.newsroom.length
        for number in range(1, kills + 1):
            desk.start(wait=chance.random() < READY)
            ends = time.monotonic() + chance.uniform(0.1, longest)
            while time.monotonic() < ends:
                desk.look()
            desk.kill()
            desk.look()
            desk.newsroom.advance(length * number / kills)
        desk.start()
        with contextlib.suppress(TimeoutError):  # what is not there by then is told in the report
            until(lambda: not desk.missing(), "every story is in its source's feed")
        with contextlib.suppress(TimeoutError):
            until(lambda: not desk.once_each(), "every story stands exactly once")
        desk.look()
        stories = len(desk.newsroom.truth().urls)
        wrong = (*(f"{page} is missing" for page in sorted(desk.missing())), *desk.once_each())
        desk.stop()
        desk.look()
        return Report(kills, desk.watch.looks, stories, tuple(desk.watch.faults), wrong, time.monotonic() - begun)


def main() -> int:
    """The table, and 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = play(Path(folder), asked.kills, asked.seed)
    print(f"kills             {report.kills}")
    print(f"looks at feeds    {report.looks}")
    print(f"stories           {report.stories}")
    print(f"not exactly once  {len(report.wrong)}")
    print(f"faults            {len(report.faults)}")
    print(f"seconds           {report.seconds:.0f}")
    for line in (*report.wrong, *report.faults):
        print(line)
    return 1 if report.wrong or report.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
