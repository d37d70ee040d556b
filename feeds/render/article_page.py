"""One article as an entry shows it, as a page that stands alone: for people who look before they publish. Pure."""

from __future__ import annotations

from markupsafe import Markup

from scrapers import Record

from ..messages import UTC_ENGLISH
from .pages import TEMPLATES, asset
from .templating import direction, template
from .xml_text import language, one_line, uri


def article_page(record: Record, content: str) -> bytes:
    """A whole HTML document of a record with its `content`, our own sanitised HTML."""
    tag = language(record.language)
    when = f"{record.published:%Y-%m-%d}" if record.published_estimated else f"{record.published:%Y-%m-%d %H:%M %Z}"
    about = (", ".join(record.authors), record.publisher, when, record.section)
    return (
        template(TEMPLATES, "article.html", UTC_ENGLISH)
        .render(
            title=record.title,
            url=uri(record.url),
            subtitle=record.subtitle,
            about=" · ".join(one_line(part) for part in about if part),
            content=Markup(content),  # noqa: S704  (sanitised by an allow-list before it was stored)
            page_language=tag or "",
            page_direction=direction(tag),
            style=Markup(article_style()),  # noqa: S704  (our own files)
        )
        .encode()
    )


def article_style() -> str:
    """The style sheet that stands in such a page, as it stands there: a policy may name its digest."""
    return (asset("style.css") + asset("article.css")).decode()
