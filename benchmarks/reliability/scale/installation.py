"""What the runs share: an installation over the sites, and what the sites and the desk tell of themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.reliability.scale.sites import sources_of
from benchmarks.speed.load import address
from tests.support.waiting import PATIENCE

GAP = 0.25  # seconds between two requests of a site
EVERY = 5.0  # seconds between two visits of a source, at least
A_SECOND = 10.0  # sites that are visited a second, which leaves a small machine room
FRESH = 5.0  # seconds until a source has one more story


@dataclass(frozen=True, slots=True)
class Told:
    """What the sites saw."""

    log: list[list[list[float]]]
    fronts: dict[str, int]
    stories: dict[str, int]

    @property
    def requests(self) -> int:
        """How many requests came in."""
        return sum(map(len, self.log))

    def least_pause(self) -> float:
        """Seconds between the end of a request of a site and the next one's beginning; below 0: two at once."""
        pauses = [
            later[0] - earlier[1]
            for one in self.log
            for earlier, later in zip(sorted(one), sorted(one)[1:], strict=False)
        ]
        return min(pauses, default=float("inf"))


def told(port: int, word: str = "_told") -> Told:
    """What the sites saw so far."""
    with urlopen(f"http://{address(0)}:{port}/{word}", timeout=PATIENCE) as answer:
        data = answer.read()
    return Told(**json.loads(data)) if word == "_told" else Told([], {}, {})


def interval(hosts: int, rate: float = A_SECOND) -> float:
    """Seconds between two visits of a source, and between two stories of one; `rate`: sites visited a second."""
    return max(EVERY, hosts / rate)


def write(folder: Path, hosts: int, port: int, web: int, *, every: float, more: str = "") -> Path:
    """An installation over the sites; its configuration."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for name, host, part in sources_of(hosts):
        text = f'home = "http://{address(host)}:{port}/{part}/"\nevery = "{every}s"\n'
        (folder / f"seeds/{name}.toml").write_text(text, "utf-8")
    config = folder / "config.toml"
    config.write_text(
        f'contact = "mailto:desk@example.org"\nbase_url = "http://127.0.0.1:{web}"\n{more}'
        f'[web]\nlisten = "127.0.0.1:{web}"\n'
        f'[fetch]\nallow_networks = ["127.0.0.0/8"]\nlocal_gap = "{GAP}s"\ndeadline = "5s"\n',
        "utf-8",
    )
    return config


def records(web: int) -> int:
    """How many records the desk has; -1 while it does not answer."""
    try:
        with urlopen(f"http://127.0.0.1:{web}/health", timeout=PATIENCE) as answer:
            return int(json.load(answer)["records"] or 0)
    except (OSError, ValueError):
        return -1
