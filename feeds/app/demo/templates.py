"""The templates of seeds/demo, and what they may call."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..system.resources import seeds_folder
from . import slugs
from .article_view import Shown


def milliseconds(moment: datetime) -> str:
    """A date as JavaScript writes it: in UTC, with milliseconds and Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


@cache
def environment() -> Environment:
    """The Jinja environment, made once. A value that a template lacks is an error."""
    folder: Path = seeds_folder() / "demo" / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "iso": lambda moment: moment.isoformat(),
        "utc": lambda moment: f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "ms": milliseconds,
        "rfc822": format_datetime,
        "gmt": lambda moment: format_datetime(moment.astimezone(UTC), usegmt=True),
        "slug": slugs.slug,
        "day": slugs.day,
        "ago": slugs.ago,
        "joined": slugs.joined,
    }
    made.globals |= {"people": _people, "cards": _cards, "state_people": _state_people, "blocks": _blocks}
    return made


def _people(a: Shown, home: str) -> list[dict[str, str]]:
    """The authors in JSON-LD; an agency is an organization."""
    kinds = {name: "Organization" if "Agency" in name else "Person" for name in a.authors}
    return [{"@type": kind, "name": name, "url": f"{home}author/{slugs.slug(name)}/"} for name, kind in kinds.items()]


def _state_people(a: Shown) -> list[dict[str, str]]:
    return [{"name": name, "slug": slugs.slug(name), "role": "Reporter"} for name in a.authors]


def _cards(articles: list[Shown]) -> list[dict[str, object]]:
    """The teasers in the state of a Next.js page."""
    return [
        {
            "id": a.number,
            "slug": a.slug,
            "url": a.path,
            "headline": a.title,
            "dek": a.standfirst,
            "section": a.section,
            "publishedAt": milliseconds(a.published),
        }
        for a in articles
    ]


def _blocks(a: Shown) -> list[dict[str, object]]:
    """The text in the state of a Next.js page: blocks, with an advertisement and a newsletter among them."""
    found: list[dict[str, object]] = []
    for place, text in enumerate(a.paragraphs, start=1):
        found.append({"type": "paragraph", "content": [{"type": "text", "text": text}]})
        if place == 3:
            found.append({"type": "ad", "slot": "story-mid"})
        if place == 5:
            found.append({"type": "newsletter", "id": "the-bridge"})
    return found
