"""A made-up paper visited each hour by the real code with a turned clock; what came of it is counted from the truth."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from feeds.health.assess import assess
from feeds.model import Topic
from feeds.store import Store, open_store
from scrapers import Seed, canonical_key
from tests.support.simulated_visits import Turned

from .truth import START, Paper

PLAN = 4  # requests for the address of an article: once, and three looks
LATE = 2  # hours after which a story should be there that its front shows
FIRST = 30  # stories that a first visit takes
BOUNDS = {"recall": 0.999, "second": 0.001, "none": 0.003}
TOPICS = (Topic("all", "All"),)


@dataclass(slots=True)
class Outcome:
    """What weeks of a paper gave."""

    stories: int = 0
    found: int = 0
    records: int = 0
    second: int = 0  # records that were news for a story that had been it before
    none: int = 0
    most: int = 0  # requests for one address
    moved: int = 0  # records whose first date changed
    alarms: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)  # what was wrong, in words

    @property
    def good(self) -> bool:
        """Whether it is within all bounds."""
        return (
            self.found >= BOUNDS["recall"] * self.stories
            and self.second <= BOUNDS["second"] * max(self.records, 1)
            and self.none <= BOUNDS["none"] * max(self.records, 1)
            and self.most <= PLAN
            and not self.moved
            and not self.alarms
        )

    def add(self, other: Outcome) -> None:
        """Count those of another paper, too."""
        for name in ("stories", "found", "records", "second", "none", "moved"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.most = max(self.most, other.most)
        self.alarms.update(other.alarms)

    def __str__(self) -> str:
        return (
            f"{self.stories:>8} {self.found / max(self.stories, 1):>8.4f} {self.second / max(self.records, 1):>9.3%}"
            f" {self.none / max(self.records, 1):>9.3%} {self.most:>9} {self.moved:>6} {sum(self.alarms.values()):>7}"
            f" {' '.join(sorted(self.alarms))}"
        )


class Replay:
    """One paper, its store, and what was counted so far."""

    def __init__(self, paper: Paper, folder: Path, keep: timedelta) -> None:
        self.paper = paper
        self.keep = keep
        self.store: Store = open_store(folder / f"{paper.name}.db", daemon=True)
        seeds = {paper.name: Seed(name=paper.name, home=paper.home)}
        self.turned = Turned(self.store, seeds, paper.answer, TOPICS, START)
        self.done = Outcome()
        self.given: dict[int, int] = {}  # number of a story → hour in which it was news
        self.due: dict[int, int] = {}  # … hour in which a front first showed it
        self.left: set[int] = set()  # stories beyond what a first visit takes
        self.dates: dict[str, object] = {}  # id → date

    def run(self, days: int) -> Outcome:
        """So many days, each hour."""
        self.turned.hours(days * 24, self._look)
        done = self.done
        done.stories = len(self.due)
        late = {n for n, hour in self.due.items() if n not in self.given or self.given[n] - hour > LATE}
        done.found = len(self.due) - len(late)
        done.told += [f"missed: {told.path(0)}" for told in self.paper.stories if told.number in late]
        addresses = {canonical_key(f"{self.paper.home[:-1]}{path}") for path in self.paper.homes}
        done.most = max((count for key, count in self.turned.asked.items() if key in addresses), default=0)
        self.store.close()
        return done

    def _look(self) -> None:
        hour = int((self.turned.now - START).total_seconds() // 3600)
        shown = self.paper.shown(hour)
        if hour == 0:
            self.left = {told.number for told in shown[FIRST:]}
        for told in shown:
            if told.number not in self.left:
                self.due.setdefault(told.number, hour)
        for kept in self.turned.kept:
            if kept.state not in ("ok", "new"):
                self.done.alarms[kept.state] += 1
                self.done.told.append(f"hour {hour}: {kept.state}: {kept.cause}")
            for identity in kept.fresh:
                self._news(identity, hour)
        self.turned.kept.clear()
        self._dates()
        if hour % 24 == 23:
            self._night()

    def _news(self, identity: str, hour: int) -> None:
        stored = self.store.records.by_id(identity)
        if stored is None:
            return  # it was joined in the same hour, before anything was published
        self.done.records += 1
        told = self.paper.of_url(stored.record.url)
        if told is None:
            self.done.none += 1
            self.done.told.append(f"hour {hour}: no story: {stored.record.url}")
        elif told.number in self.given or told.number in self.left:
            self.done.second += 1
            self.done.told.append(f"hour {hour}: again: {stored.record.url} ({stored.evidence})")
        else:
            self.given[told.number] = hour

    def _dates(self) -> None:
        """No record's date moves once it is given."""
        for identity, published in self.store.db.execute("SELECT id, published FROM record").fetchall():
            if self.dates.setdefault(identity, published) != published:
                self.done.moved += 1
                self.dates[identity] = published

    def _night(self) -> None:
        """What is done once a day: alarms are judged, and what the store keeps no longer leaves it."""
        now = self.turned.now
        facts = self.store.health.facts(self.paper.name, now)
        assert facts is not None
        for trouble in assess(facts, now).troubles:
            self.done.alarms[trouble.kind] += 1
            self.done.told.append(f"{now:%d %H}: {trouble.kind}: {trouble.cause}")
        before = now - self.keep
        self.store.retention.drop_documents(self.store.retention.old_documents(before))
        self.store.db.execute("DELETE FROM unarchived")  # no feed is written here, so that nothing waits for one
        self.store.retention.expire(self.store.retention.old_records(before), now)


def weeks(paper: Paper, days: int, folder: Path, *, keep: timedelta = timedelta(days=5)) -> Outcome:
    """So many days of a paper; the store keeps its records for `keep`."""
    return Replay(paper, folder, keep).run(days)


def show(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
