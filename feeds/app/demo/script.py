"""Library, seed number → Script: what each site shows at each moment, as a pure function.

Script time is in seconds from the newsroom's start; stories that are there from the start appeared before 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from .stories import Act, Library, Site, Story

Down = Literal["502", "503", "refused"]
Kind = Literal["publish", "carry", "correct", "down", "up", "redesign"]

JITTER = 6.0  # script seconds that the seed number may move an act; less than half the gap between two acts


@dataclass(frozen=True, slots=True)
class Calendar:
    """Script seconds → dates on the pages. `speed` is script seconds in one real second."""

    now: datetime  # the moment of the start, aware
    speed: float = 1.0

    def date(self, at: float) -> datetime:
        """The date of a moment of the script, in whole seconds. Times before the start are not sped up."""
        seconds = at / self.speed if at > 0 else at
        return (self.now + timedelta(seconds=seconds)).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Article:
    """A story on its site at one moment."""

    story: Story
    number: int  # counts up over all stories of the site, stable
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    updated: datetime | None = None
    note: str | None = None  # "Correction: …", printed below the text


@dataclass(frozen=True, slots=True)
class State:
    """A site at one moment, articles newest first."""

    site: Site
    design: str
    articles: tuple[Article, ...]
    changed: datetime  # when its pages last changed
    version: int  # equal versions are equal states
    down: Down | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """The plan of one run: when each story appears and what else happens."""

    library: Library
    calendar: Calendar
    acts: tuple[Act, ...]  # in order, each `publish` with its story
    appears: Mapping[str, float]  # story key → script seconds
    numbers: Mapping[str, int] = field(default_factory=dict)

    def state(self, name: str, at: float) -> State:
        """What the site shows at a moment."""
        site = self.library.sites[name]
        acts = [act for act in self.acts if act.site == name and act.at <= at]
        corrected = {f"{name}/{act.story}": act.at for act in acts if act.do == "correct"}
        design, down = site.design, None
        ways: dict[str | None, Down] = {"502": "502", "503": "503", "refused": "refused"}
        for act in acts:
            if act.do == "redesign":
                design = act.how or design
            elif act.do == "down":
                down = ways[act.how]
            elif act.do == "up":
                down = None
        articles = [
            self._article(self.library.stories[key], corrected.get(key))
            for key, moment in self.appears.items()
            if moment <= at and self.library.stories[key].site == name
        ]
        articles.sort(key=lambda a: (a.published, a.number), reverse=True)
        last = acts[-1].at if acts else -1.0
        return State(
            site=site,
            design=design,
            articles=tuple(articles),
            changed=self.calendar.date(last) if acts or not articles else articles[0].published,
            version=len(acts),
            down=down,
        )

    def kind(self, act: Act) -> Kind:
        """What an act is to a reader: a wire story in a paper is carried, not published."""
        if act.do == "publish" and self.library.stories[f"{act.site}/{act.story}"].wire:
            return "carry"
        return act.do

    def copies(self) -> dict[str, tuple[str, ...]]:
        """The stories that are one: key of the wire's story → its own key and those that carry it."""
        found: dict[str, list[str]] = {}
        for story in self.library.stories.values():
            if story.wire:
                found.setdefault(story.wire, [story.wire]).append(story.key)
        return {wire: tuple(keys) for wire, keys in found.items()}

    def _article(self, story: Story, corrected: float | None) -> Article:
        article = Article(
            story=story,
            number=self.numbers[story.key],
            title=story.title,
            paragraphs=story.paragraphs,
            published=self.calendar.date(self.appears[story.key]),
        )
        change = story.correction
        if corrected is None or change is None:
            return article
        return replace(
            article,
            title=change.title or story.title,
            paragraphs=tuple(p.replace(change.replace, change.by) if change.replace else p for p in story.paragraphs),
            updated=self.calendar.date(corrected),
            note=change.note,
        )


def plan(library: Library, calendar: Calendar, seed: int = 1) -> Script:
    """The script of a run: the same library, calendar and seed number give the same one.

    The seed number chooses which stories are held back for the acts that name none, the ages of the others, and moves
    each act by a few seconds. Named acts keep their story.
    """
    chance = Random(seed)  # noqa: S311  # repeatable on purpose
    acts = sorted(
        (replace(act, at=round(act.at + chance.uniform(-JITTER, JITTER), 1)) for act in library.acts), key=_at
    )
    appears: dict[str, float] = {}
    waiting = {name: _held_back(library, acts, name, chance, appears) for name in library.sites}
    for story in library.stories.values():  # a paper prints a wire story after the wire has sent it
        if story.wire in appears and story.key in appears:
            appears[story.key] = appears[story.wire] + round(chance.uniform(0.1, 0.6) * -appears[story.wire])
    told: list[Act] = []
    for act in acts:
        if act.do == "publish":
            slug = act.story or waiting[act.site].pop(0).slug
            told.append(replace(act, story=slug))
            appears[f"{act.site}/{slug}"] = act.at
        else:
            told.append(act)
    return Script(library, calendar, tuple(told), appears, _numbers(library, appears))


def _held_back(
    library: Library, acts: Sequence[Act], name: str, chance: Random, appears: dict[str, float]
) -> list[Story]:
    """The stories of a site for the acts that name none; the others get their ages in `appears`."""
    named = {f"{act.site}/{act.story}" for act in acts if act.do == "publish" and act.story}
    fixed = {f"{act.site}/{act.story}" for act in acts if act.do == "correct"} | _wired(library)
    own = [story for story in library.stories.values() if story.site == name and story.key not in named]
    chance.shuffle(own)
    free = [story for story in own if not story.wire and story.key not in fixed]
    wanted = sum(1 for act in acts if act.site == name and act.do == "publish" and not act.story)
    if len(free) < wanted:
        raise ValueError(f"script.toml publishes {wanted} stories of {name} by chance; it has {len(free)} to choose")
    held = free[:wanted]
    age = 0.0
    for story in own:
        if story not in held:
            age += chance.uniform(1200, 14400)
            appears[story.key] = -round(age)
    return held


def _numbers(library: Library, appears: Mapping[str, float]) -> dict[str, int]:
    """The number of each story in its site, in the order in which they appear."""
    order = dict.fromkeys(library.sites, 0)
    numbers: dict[str, int] = {}
    for key in sorted(appears, key=lambda k: (appears[k], k)):
        site = library.stories[key].site
        order[site] += 1
        numbers[key] = order[site]
    return numbers


def _at(act: Act) -> float:
    return act.at


def _wired(library: Library) -> set[str]:
    """The wire stories that some paper carries: they are named, never picked by chance."""
    return {story.wire for story in library.stories.values() if story.wire}
