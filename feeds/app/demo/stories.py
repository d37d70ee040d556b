"""seeds/demo → Site, Story, Act: the newsroom's papers, their stories and the script, as plain values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any, Literal

Cms = Literal["wix", "wordpress", "ledger", "sitemap", "drupal", "next", "hugo"]
Do = Literal["publish", "correct", "down", "up", "redesign"]


@dataclass(frozen=True, slots=True)
class Site:
    """One sample site. `name` is its key, the stem of its seed file and the folder of its stories."""

    name: str
    title: str
    tagline: str
    cms: Cms
    design: str  # which generation of the CMS's markup it uses at the start
    language: str
    zone: timezone
    sections: tuple[str, ...]
    account: str  # the user under which the paper's stories are entered
    feed: Literal["summary", "full"] = "summary"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What changes when a story is corrected: sentences of its text, or its headline."""

    note: str
    replace: str = ""
    by: str = ""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a story; its file is drawn by the newsroom."""

    caption: str
    credit: str
    alt: str


@dataclass(frozen=True, slots=True)
class Story:
    """One story as its site tells it. A carried one has its text from the wire (`wire` names that story)."""

    site: str
    slug: str
    title: str
    section: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    standfirst: str | None = None
    tags: tuple[str, ...] = ()
    picture: Picture | None = None
    wire: str | None = None
    correction: Correction | None = None

    @property
    def key(self) -> str:
        """site/slug"""
        return f"{self.site}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens at a site, `at` script seconds. Without `story`, the seed number picks one."""

    at: float
    do: Do
    site: str
    story: str | None = None
    how: str | None = None  # down: "502", "503" or "refused"; redesign: the new design


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that seeds/demo holds."""

    sites: Mapping[str, Site]
    stories: Mapping[str, Story]
    acts: tuple[Act, ...]
    topics: str  # the [[topics]] part of the demo's config.toml, verbatim


def load(folder: Path, only: Mapping[str, str] | None = None) -> Library:
    """The library of a folder seeds/demo; with `only`, of these sites alone, name → design ("" for its usual one).

    Raises ValueError for a story or an act that names what does not exist.
    """
    sites = {name: _site(name, table) for name, table in _toml(folder / "sites.toml").items()}
    for name in only or ():
        if name not in sites:
            raise ValueError(f"there is no sample site {name!r}; there are {', '.join(sites)}")
    stories: dict[str, Story] = {}
    for site in sites.values():
        for path in sorted((folder / "stories" / site.name).glob("*.md")):
            story = _story(site, path)
            stories[story.key] = story
    for story in [s for s in stories.values() if s.wire]:
        stories[story.key] = _carried(story, stories)
    acts = tuple(Act(**table) for table in _toml(folder / "script.toml")["acts"])
    for act in acts:
        if act.do == "down" and act.how not in ("502", "503", "refused"):
            raise ValueError(f"script.toml: the act at {act.at} is down in a way that is not known: {act.how}")
        if act.site not in sites or (act.story and f"{act.site}/{act.story}" not in stories):
            raise ValueError(f"script.toml: the act at {act.at} names {act.site}/{act.story}, which does not exist")
    topics = (folder / "topics.toml").read_text("utf-8")
    if only is None:
        return Library(sites, stories, acts, topics)
    sites = {name: replace(sites[name], design=design or sites[name].design) for name, design in only.items()}
    stories = {key: story for key, story in stories.items() if story.site in sites}
    return Library(sites, stories, tuple(act for act in acts if act.site in sites), topics)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _site(name: str, table: Mapping[str, Any]) -> Site:
    hours = float(table["hours_from_utc"])
    values: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in table.items() if k != "hours_from_utc"
    }
    return Site(name=name, zone=timezone(timedelta(hours=hours)), **values)


def _story(site: Site, path: Path) -> Story:
    """One file: TOML between two lines of +++, then paragraphs split by empty lines."""
    _, head, body = path.read_text("utf-8").split("+++\n", 2)
    table = tomllib.loads(head)
    if table["section"] not in site.sections:
        raise ValueError(f"{path.name}: {site.name} has no section {table['section']!r}")
    return Story(
        site=site.name,
        slug=path.stem,
        title=table["title"],
        section=table["section"],
        authors=tuple(table.get("authors", ())),
        paragraphs=tuple(" ".join(block.split()) for block in body.split("\n\n") if block.strip()),
        standfirst=table.get("standfirst"),
        tags=tuple(table.get("tags", ())),
        picture=Picture(**table["picture"]) if "picture" in table else None,
        wire=table.get("wire"),
        correction=Correction(**table["correction"]) if "correction" in table else None,
    )


def _carried(story: Story, stories: Mapping[str, Story]) -> Story:
    """A wire story as a paper prints it: the paper's headline and byline, the wire's text, shortened.

    A body line "[3]" stands for the wire's third paragraph; other lines are the paper's own.
    """
    wire = stories.get(story.wire or "")
    if wire is None:
        raise ValueError(f"{story.key}: there is no wire story {story.wire!r}")
    text: list[str] = []
    for line in story.paragraphs:
        numbers = line.replace("[", " ").replace("]", " ").split() if line.startswith("[") else []
        text += [wire.paragraphs[int(n) - 1] for n in numbers] if numbers else [line]
    return replace(story, paragraphs=tuple(text))
