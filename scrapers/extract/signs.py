"""Signs by which a page's markup tells what a node is: its class names, its address, the words of its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

AUTHOR = re.compile(
    r"(?<![a-z])(?:by-?line|author|autor|auteur|writer|journalist|reporter|contributor|redacteur|creator|user-name\b)",
    re.I,
)
NOT_AUTHOR = re.compile(
    r"bio|social|follow|avatar|image|img|photo|picture|desc|comment|related|more|share|icon|date|time|role|title|job|"
    r"position|function|twitter|mail|link-list|box|card|teaser|recommend|sidebar|footer|nav|caption|credit|copyright|"
    r"source|count|location",
    re.I,
)
DATE = re.compile(
    r"(?<![a-z])(?:date|datum|fecha|data|time|publi|pubdate|posted|timestamp|dateline|created|meta|info)", re.I
)
SUBTITLE = re.compile(
    r"(?<![a-z])(?:stand-?first|sub-?title|sub-?head|sub-?headline|dek|deck|lede|chapo|chapeau|entradilla|bajada|"
    r"vorspann|anlauf|ingress|manchet|perex|sommario|untertitel|preamble|strapline)",
    re.I,
)
INTRODUCTION = re.compile(
    r"(?<![a-z])(?:lead(?!ing|er)|teaser|intro|summary|excerpt|abstract|occhiello|description)", re.I
)
NOT_SUBTITLE = re.compile(
    r"caption|credit|copyright|image|img|photo|picture|figure|video|media|share|social|comment|related|newsletter|"
    r"byline|author|date|time|meta|breadcrumb|bildunter",
    re.I,
)
BYLINE = re.compile(
    r"^(?:by|von|par|por|di|da|af|av|door|autor(?:in)?|text|tekst|texte|testo|od|από|του|автор|авторы|текст|"
    r"written by|reported by|oleh|yazan|kirjoittaja|szerző|a cura di|geschreven door|"
    r"skrevet a[fv]|بقلم|מאת)\b\s{0,3}:?\s{1,3}(?=\S)",
    re.I,
)
AUTHOR_HREF = re.compile(
    r"/(?:authors?|autor(?:en|es|as|zy|i)?|auteurs?|profiles?|profil|people|staff|writers?|contributors?|journalists?|"
    r"journalisten|redacteur|redaktion|reporters?|by|person|team|experte?s?|autore|autori|signature|firmas?|columnists?|"
    r"skribent|redaktor|user|users|bio|correspondents?)/[^/]{2,80}/?",
    re.I,
)
OUTSIDE = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption"))
ELSEWHERE = re.compile(
    r"(?<![a-z])(?:related|teaser|comment|recommend|sidebar|(?<!post-)(?<!entry-)(?<!article-)(?<!article_)footer|"
    r"newsletter|more-|most-|trending|latest|popular|promo|widget|also|similar|next-|card|carousel|slider|list-item|"
    r"menu|nav|current-?(?:date|time)|today|masthead|topbar|weather|joined|copyright)",
    re.I,
)
OTHERS = re.compile(
    r"(?<![a-z])(?:comment|kommentar|related|recommend|copyright|archive|sidebar|popular|recent|latest)", re.I
)
YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)|[۰-۹]{4}|\d\d?[./]\d\d?[./]\d\d(?!\d)")
TAG_LABEL = re.compile(
    r"^(?:tags?|topics?|themen|schlagwörter|schlagworte|etiquetas|temas|mots-clés|tagi|stichworte)\s{0,3}:\s{0,3}", re.I
)
CHANGED = re.compile(
    r"updat|modif|changed|aktuali|actuali|aggiorn|geändert|mis à jour|bijgewerkt|opdater|oppdater|uppdater|päivitet|"
    r"zmien|изменен|обновлен|оновлен|frissít|güncel|更新|수정|تحديث|עודכן|revised|edited|lastmod|"
    r"korrigiert|diperbarui|cập nhật",
    re.I,
)
PUBLISHED = re.compile(
    r"publi|posted|erstellt|veröffentlicht|stand:|opublik|zveřejn|publik|julkais|создан|опублик|megjelen|yayın|発行|公開|"
    r"入力|등록|입력|发布|發布|نشر|פורסם|created|written|erscheinung|verfasst am|geschrieben|gepost|geplaatst|"
    r"pubblicat|datecreated|pubdate|entry-date|dt-published|first",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that the page shows, and what its label or class calls it."""

    text: str
    kind: Literal["published", "changed", ""] = ""


def dated(text: str, label: str) -> Dated:
    """`text` with what it is a date of. A word of change after the date does not count: "May 2, updated at noon"."""
    shown = CHANGED.search(text)
    digit = YEAR.search(text)
    if shown is not None and (digit is None or shown.start() < digit.start()):
        return Dated(text, "" if (told := PUBLISHED.search(text)) and told.start() < shown.start() else "changed")
    if shown is None and CHANGED.search(label) and not PUBLISHED.search(label + " " + text):
        return Dated(text, "changed")
    return Dated(text, "published" if PUBLISHED.search(text) or PUBLISHED.search(label) else "")
