"""What the words beside a date call it: the first publication, a change, or another thing altogether."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from scrapers.page.dates.spelling import alike

Kind = Literal["published", "changed", "other", ""]

YEAR = re.compile(
    r"(?<!\d)(?:1[89]|20|25)\d\d(?!\d)|[۰-۹٠-٩०-९০-৯੦-੯૦-૯௦-௯౦-౯೦-೯൦-൯๐-๙໐-໙၀-၉០-៩]{4}|"
    r"\d\d?\s?[./|]\s?\d\d?\s?[./|]\s?\d\d(?!\d)|\d\d?[./]\d\d?[./]\d\d?(?!\d)|"
    r"\d{1,3}\s?年\s?\d{1,2}\s?月|תש[א-ת]?[\"״'][א-ת]"
)
"""What a date with a year has: four digits of any script, three short numbers, the year of an era or a Hebrew one."""
_OF_YEARS = re.compile(r"[\dת]")  # each year has one of these


def year_in(text: str) -> re.Match[str] | None:
    """The first year in a text."""
    return YEAR.search(text) if _OF_YEARS.search(text) is not None else None


# Lists in lower case, searched one word after the other: that takes a tenth of what one pattern of all of them takes.
# fmt: off
CHANGED = (
    "updat", "modif", "changed", "aktuali", "actuali", "aggiorn", "geändert", "mis à jour", "mise à jour",
    "bijgewerkt", "opdater", "oppdater", "uppdater", "päivitet", "zmien", "изменен", "обновлен", "оновлен",
    "frissít", "güncel", "更新", "수정", "تحديث", "עודכן", "revised", "edited", "lastmod", "korrigiert",
    "diperbarui", "cập nhật", "atualiza", "ενημέρωση", "به‌روزرسانی", "بروزرسانی", "แก้ไข", "اپڈیٹ",
    "bearbeitet", "überarbeitet", "修改", "改訂", "改定", "ปรับปรุง", "อัปเดต", "อัพเดท", "अपडेट", "संशोधित",
    "अद्यतन", "অপডেট", "আপডেট", "হালনাগাদ", "புதுப்பி", "నవీకరి", "ажуриран", "ažurira", "obnovljen", "posodob",
    "izmijen", "izmenj", "измењ", "обновен", "atnaujint", "atjaunin", "uuenda", "muudet", "muokat", "uppfær",
    "përditës", "yenilən", "განახლ", "թարմաց", "eguneratu", "módosít", "dikemas kini", "ڈیٹ:", "به روز",
    "تعديل", "ändrad", "endret", "ændret", "zaktual", "aktualizáci", "правлен", "змінен",
)
PUBLISHED = (
    "publi", "posted", "erstellt", "veröffentlicht", "stand:", "erschienen", "opublik", "zveřejn", "publik",
    "julkais", "создан", "опублик", "megjelen", "yayın", "発行", "公開", "掲載", "配信", "入力", "등록", "입력", "发布",
    "發布", "نشر", "انتشار", "פורסם", "created", "written", "erscheinung", "verfasst am", "geschrieben", "gepost",
    "geplaatst", "pubblicat", "datecreated", "pubdate", "entry-date", "dt-published", "first", "issued",
    "released", "eingestellt", "δημοσ", "เผยแพร่", "đăng", "mise en ligne", "mis en ligne", "online seit",
    "parution", "diterbitkan", "dipublikasi", "ditayangkan", "प्रकाशित", "प्रकाशन", "প্রকাশ", "வெளியிட",
    "ప్రచురణ", "പ്രസിദ്ധീക", "شائع", "objavljen", "објављен", "објавен", "публикув", "публикац", "опублік",
    "оприлюдн", "vydáno", "vydán", "zverejn", "uverejn", "paskelbt", "avaldat", "birt ", "dərc", "გამოქვეყ",
    "հրապարակ", "argitarat", "közzét", "udgivet", "offentliggj", "utgitt", "dodano", "投稿", "刊登", "发表", "發表",
    "승인", "게시", "작성", "giriş", "נכתב",
)
OTHER = (  # whole words
    "printed", "gedruckt", "imprimé", "impreso", "stampato", "retrieved", "accessed", "abgerufen", "consulté",
    "expire", "expires", "valid until", "gültig bis", "joined", "member since", "mitglied seit", "registriert",
    "copyright", "today is", "heute ist", "current time", "aktuelle zeit", "next update", "event date",
    "deadline", "einsendeschluss", "born", "geboren", "died", "gestorben", "received", "accepted", "submitted",
    "eingereicht", "angenommen", "reçu le", "accepté le",
)
# fmt: on
_CHANGED_ALIKE, _PUBLISHED_ALIKE = tuple(map(alike, CHANGED)), tuple(map(alike, PUBLISHED))
_BEHIND = re.compile(
    r"(?:[日分時时]|\d:\d\d)\s?に?(?:(更新|改訂|改定|修正|修改)|公開|掲載|配信|発行|投稿|发布|發布|发表|發表|刊登)"
)  # East Asian papers name a date behind it
_OTHER = re.compile(rf"\b(?:{'|'.join(OTHER)})\b")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that the page shows, what its label or class calls it, and what its element shows beside an attribute."""

    text: str
    kind: Kind = ""
    shown: str = ""  # the visible text, where `text` is an attribute
    sentence: bool = False  # it stands in running text


def dated(text: str, label: str) -> Dated:
    """`text` with what it is a date of. A word of change after the date does not count: "May 2, updated at noon"."""
    return Dated(text, kind_of(text, label), sentence=is_sentence(text))


def behind_name(text: str) -> str:
    """What follows the name in a byline with a date: "By Jane Doe, 3 January 2026"."""
    digit = next((place for place, c in enumerate(text) if c.isdigit()), 0)
    return text[max(text.rfind(sign, 0, digit) for sign in ",|") + 1 :].strip(" ,|")


def _first(words: tuple[str, ...], text: str) -> int:
    """Where the first of some words stands in a text in lower case; -1 for nowhere."""
    return min((text.find(word) for word in words if word in text), default=-1)


def _last(words: tuple[str, ...], text: str) -> int:
    return max((text.rfind(word) for word in words if word in text), default=-1)


def is_other(text: str) -> bool:
    """Whether words call a date something else than a publication: it was printed, it expires, it is today's."""
    text = text.lower()
    return "©" in text or (any(word in text for word in OTHER) and _OTHER.search(text) is not None)


def kind_of(text: str, label: str) -> Kind:
    """What a line and the names around it call its first date."""
    text, label = text.lower(), label.lower()
    digit = year_in(text)
    if is_other(text[: digit.start()] if digit is not None else text) or is_other(label[:60]):
        return "other"
    changed = _first(CHANGED, text)
    if changed >= 0 and (digit is None or changed < digit.start()):
        return "" if -1 < _first(PUBLISHED, text) < changed else "changed"
    if changed >= 0 and kinds_behind(text)[:1] == ["changed"]:
        return "changed"
    told = any(word in text for word in PUBLISHED) or any(word in label for word in PUBLISHED)
    if changed < 0 and not told and any(word in label for word in CHANGED):
        return "changed"
    return "published" if told else ""


def kinds_behind(text: str) -> list[Kind]:
    """What the words right behind each date call it: 2026年3月4日公開、2026年3月6日更新."""
    return ["changed" if match[1] else "published" for match in _BEHIND.finditer(text)]


def kind_before(words: str) -> Kind:
    """What the words right before a date of several call it."""
    if is_other(words):
        return "other"
    words = alike(words)  # as the readers of dates spell them: without accents
    changed, published = _last(_CHANGED_ALIKE, words), _last(_PUBLISHED_ALIKE, words)
    return "" if changed == published else "changed" if changed > published else "published"


def is_sentence(text: str) -> bool:
    """Whether a line is running text: it ends as a sentence does and holds many words beside the date."""
    words = [word for word in text.split() if word[:1].isalpha()]
    return len(words) >= 7 and text.rstrip("\"'”’»)")[-1:] in ".!?…。" and not any(w in text.lower() for w in CHANGED)
