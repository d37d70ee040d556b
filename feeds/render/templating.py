"""Templates in the language of a reader, with times in the zone of the installation. Pure.

In a template `{{ _("Text") }}`, `{{ _("By %(name)s", name=…) }}`,
`{{ ngettext("%(num)s story", "%(num)s stories", n) }}` and `{% trans %}` give our own words.
What they are filled with is escaped.
`when|local` is a moment in the zone of the installation, as a datetime or as RFC 3339 writes it; `|weekday`, `|day` and
`|clock` write it. `stories|by_day("published")` gives pairs: a day in that zone, and its stories as they follow.
`story|shown(direction)` is a story of a list, made once for all lists that it stands in.
`page_language`, `page_direction` and `time_zone` are there without being passed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from ..messages import PageLocale, catalogue, times

FRAME = Path(__file__).parent / "templates"  # every folder of templates may extend the document there
SHOWN_MOST = 2048  # stories of lists that are remembered, 2 to 3 kB each
SHOWN_LONGEST = 3000  # characters of one that is remembered, as JSON
_PAGE = f"page-{secrets.token_hex(16)}"  # stands for the address of a story's page, which every feed has of its own
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"])


class ListedStory(dict[str, Any]):
    """The values of a story in a list. As JSON they are written once for all lists, but for the story's own page."""

    __slots__ = ("told",)

    def __init__(self, values: Mapping[str, Any], told: str | None = None) -> None:
        super().__init__(values)
        self.told = as_json({**values, "page": values["page"] and _PAGE}) if told is None else told

    def with_page(self, address: str) -> ListedStory:
        """The same story in a list where this is the address of its page."""
        return ListedStory({**self, "page": address}, self.told)

    @property
    def json(self) -> str:
        """The story as JSON."""
        page = self["page"]
        return self.told.replace(_PAGE, as_json(page)[1:-1]) if page else self.told


@lru_cache(64)
def environment(folder: Path, locale: PageLocale) -> Environment:
    """The templates of a folder for readers of one language. What goes in is escaped; a name that is missing raises."""
    made = Environment(
        loader=FileSystemLoader((folder, FRAME)),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(catalogue(locale.language), newstyle=True)  # type: ignore[attr-defined]  # of i18n
    made.filters["local"] = partial(_local, timezone=locale.timezone)
    made.filters["primary"] = lambda tag: tag.lower().partition("-")[0]
    made.filters["by_day"] = partial(_by_day, timezone=locale.timezone)
    made.filters["shown"] = partial(_shown, locale)
    made.filters["weekday"] = partial(times.weekday, language=locale.language)
    made.filters["day"] = partial(times.day, language=locale.language)
    made.filters["clock"] = partial(times.clock, language=locale.language)
    made.globals["page_language"] = locale.language
    made.globals["page_direction"] = direction(locale.language)
    made.globals["time_zone"] = times.zone_name(locale.timezone)
    return made


def template(folder: Path, name: str, locale: PageLocale) -> Template:
    """A template of a folder for readers of one language."""
    return environment(folder, locale).get_template(name)


def direction(tag: str | None) -> str:
    """Which way a language is written, as `dir` has it."""
    return "rtl" if tag and tag.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _local(when: datetime | str, timezone: str) -> datetime:
    moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    return moment.astimezone(times.zone(timezone))


def _by_day(
    things: Iterable[Mapping[str, Any]], attribute: str, timezone: str
) -> list[tuple[date, list[Mapping[str, Any]]]]:
    """Things with their day. They keep their order: a day comes again after another one."""
    days = groupby(things, key=lambda thing: _local(thing[attribute], timezone).date())
    return [(day, list(group)) for day, group in days]


def _shown(locale: PageLocale, story: Mapping[str, Any], direction: str) -> Markup:
    listed = story if isinstance(story, ListedStory) else ListedStory(story)
    page = listed["page"]
    make = _item if len(listed.told) <= SHOWN_LONGEST else _item.__wrapped__
    made = make(locale, listed.told, direction)
    return Markup(made.replace(_PAGE, escape(page))) if page else Markup(made)  # noqa: S704  of a template


@lru_cache(SHOWN_MOST)
def _item(locale: PageLocale, story: str, direction: str) -> str:
    """A story of a list, as JSON tells it."""
    return template(FRAME, "story_item.html", locale).render(story=json.loads(story), direction=direction).rstrip("\n")
