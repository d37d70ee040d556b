"""What a running daemon shows of its state, in every place where it shows it: none may say other than the others."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import feedparser
from prometheus_client.parser import text_string_to_metric_families

from tests.support.desk import Browser
from tests.support.playing import Play

WELL = "All is well"


@dataclass(frozen=True)
class Shown:
    """One look at every place; each field is by the name of the place."""

    states: dict[str, dict[str, str]]  # source → state
    troubles: dict[str, frozenset[str]]  # what is in trouble and how, such as "courier: failing"
    disk: dict[str, bool]  # whether something is said to be wrong with the disk
    working: dict[str, bool]  # whether the daemon is said to work

    def agreed(self) -> bool:
        """Whether all places say the same."""
        parts = (self.states, self.troubles, self.disk, self.working)
        return all(len({repr(_sorted(value)) for value in part.values()}) == 1 for part in parts)


def _sorted(value: object) -> object:
    return sorted(value.items() if isinstance(value, dict) else value) if isinstance(value, dict | frozenset) else value


@dataclass
class Looker:
    """Looks at a daemon as its owner may: the command, the documents for programs, the desk and the feed."""

    play: Play
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        done = self.play.copydesk("desk", "link")
        assert done.returncode == 0, done.stderr
        self.browser = Browser(self.play.port)
        assert self.browser.get("/desk" + done.stdout.strip().partition("/desk")[2]).status == 200

    def look(self) -> Shown:
        """One look. Places are asked one after the other: a state that is just changing may differ between them."""
        command = json.loads(self.play.copydesk("status", "--json").stdout)
        status = json.loads(self.play.get("status.json")[1])
        code, body = self.play.get("health")
        health = json.loads(body)
        metrics = self._metrics()
        desk, sources = self.browser.get("/desk").text, self.browser.get("/desk/sources").text
        troubled = _troubles(status)
        states = _states(status)
        counts = {state: n for state, n in metrics["copydesk_sources"].items() if n}
        needs = desk.partition('id="needs"')[2].partition("</section>")[0]
        named = re.findall(r'<span class="state (\w+)">[^<]*</span> <span>(?:<a [^>]*>)?([\w -]+)', needs)
        return Shown(
            states={
                "status": _states(command),
                "status.json": states,
                "desk": dict(
                    re.findall(r'/sources/([\w-]+)" dir="auto">.*?<span class="state (\w+)">', sources, re.DOTALL)
                ),
                "metrics": states if counts == _counted(states) else {"metrics": repr(counts)},
            },
            troubles={
                "status": _troubles(command) | _said_of_disk(command["health"]),
                "status.json": troubled,
                "desk": frozenset([WELL] if WELL in desk and named else [f"{name}: {state}" for state, name in named]),
                "metrics": troubled
                if sum(metrics.get("copydesk_troubles", {}).values()) == len(status["troubles"])
                else frozenset(["another number of them"]),
            },
            disk={
                "health": health["disk"] is not None,
                "metrics": metrics["copydesk_disk_trouble"][""] == 1,
                "status.json": "disk: failing" in troubled,
                "status": (command["health"] or {}).get("disk") is not None,
            },
            working={
                "health": code == 200 and health["ok"],
                "metrics": metrics["copydesk_healthy"][""] == 1,
                "status": (command["health"] or {}).get("ok") is True,
            },
        )

    def told(self) -> list[str]:
        """The headlines of the health feed, the oldest first, without the one that says what it is for."""
        entries = feedparser.parse(self.play.get("t/_health.atom")[1]).entries
        return [entry.title for entry in sorted(entries, key=lambda one: one.updated)][1:]

    def _metrics(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for family in text_string_to_metric_families(self.play.get("metrics")[1].decode()):
            for sample in family.samples:
                found.setdefault(sample.name, {})["/".join(sample.labels.values())] = sample.value
        return found


def _states(report: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {row["name"]: row["state"] for row in report["sources"]}


def _troubles(report: dict[str, list[dict[str, str]]]) -> frozenset[str]:
    return frozenset(f"{one['about'].replace('source:', '')}: {one['state']}" for one in report["troubles"])


def _counted(states: dict[str, str]) -> dict[str, int]:
    return {state: list(states.values()).count(state) for state in states.values()}


def _said_of_disk(health: dict[str, object] | None) -> frozenset[str]:
    return frozenset(["disk: failing"]) if health and health.get("disk") else frozenset()
