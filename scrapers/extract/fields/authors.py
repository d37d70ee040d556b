"""Bylines → names of people and agencies."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..lexicon.byline_words import (
    AGENCIES,
    BY,
    DEGREES,
    KINDS,
    LINKS,
    NOT_NAMES,
    PARTICLES,
    ROLES,
    TEAMS,
    TITLES,
    WEEKDAYS,
)

_LEAD = re.compile(
    rf"^[\W_]{{0,4}}(?:(?:{'|'.join(KINDS)})(?:\s{{0,3}}[:|/–-]\s{{0,3}}|\s{{1,3}}))?"
    rf"(?:{'|'.join(BY)})(?:\s{{0,3}}[:：|/]\s{{0,3}}|\s{{1,3}}(?!$))",
    re.I,
)
_KIND = re.compile(rf"^[\W_]{{0,4}}(?:{'|'.join(KINDS)})\s{{0,3}}[:|]\s{{0,3}}", re.I)
_MORE = re.compile(
    r"^(?:(?:zeige\s|weitere\s|alle\s|mehr\s){1,2}(?:beiträge|artikel)\s(?:von|des|der)|(?:view|see|read)\s(?:all\s|more\s)?"
    r"(?:posts|articles|stories)\s(?:by|from)|(?:all\s|more\s)(?:posts|articles|stories)\s(?:by|from)|posts\sby|more\s(?:by|from)|"
    r"voir\stous\sles\sarticles\s(?:de|par)|ver\stodas\slas\sentradas\sde|ver\stodos\sos\sposts\sde|"
    r"vedi\stutti\sgli\sarticoli\sdi|alle\sberichten\svan)\s|\s(?:ansehen|anzeigen)$|\s[→»›]$",
    re.I,
)
_LEAD_CJK = re.compile(
    r"^(?:文|撰文|作者|記者|记者|責任編輯|责任编辑|編輯|编辑|来源|来源：|글|기자|執筆|取材|文責)\s{0,2}[:：/／|]\s{0,3}"
)
_OTHER_CJK = re.compile(r"(?<=\S)\s?(?:責任編輯|责任编辑|編輯|编辑|攝影|摄影|撮影|写真|校对|審校|审核)\s?[:：/／]")
_TAIL_CJK = re.compile(r"\s{0,2}(?:기자|특파원|논설위원|記者|记者|編輯|报道|報導|特派員)$")
_EMAIL = re.compile(r"\(?\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}\)?")
_URL = re.compile(r"https?://\S{1,400}|\bwww\.\S{1,300}", re.I)
_HANDLE = re.compile(r"(?:^|\s)@\w{2,30}\b")
_BRACKETS = re.compile(r"\s{0,3}[(\[（【][^()\[\]（）【】]{0,120}[)\]）】]")
_AGENCY_TAIL = re.compile(
    r"\s{0,2}[(\[]\s{0,2}(?:dpa|afp|ap|reuters|epd|kna|apa|sda|ansa|efe|pap|tass)[^)\]]{0,20}[)\]]$", re.I
)
_SPLIT = re.compile(
    r"\s{0,3}(?:[;|•·●/／、，؛]|\s[–—-]\s|\s?&\s|,\s{0,3}(?:and|und|et|y|e|og|och|en|i|a|ja|és|и|та|va|ve|dan|và|&)\s|"
    r"\s(?:and|und|et|y|og|och|és|и|та|ja|ve|dan|və|και|și|și|și|und mit|with|mit|avec|con|as told to)\s|,)\s{0,3}"
)
_WEAK_SPLIT = re.compile(r"\s(?:e|i|en|a|и)\s")  # conjunctions of one letter, and the Dutch one that is also Catalan
_DATE_TAIL = re.compile(
    rf"[\s,|•·–—-]{{1,6}}(?:(?:{'|'.join(WEEKDAYS)})\.?,?\s{{1,3}})?"
    r"(?:(?:updated|published|posted)\b.{0,80}|(?-i:am|on|op|at|le|el|il|den|last)\s(?=\D{0,40}\d).{1,80}|\d{1,2}[./:]\d{1,2}.{0,60}|"
    r"\d{1,2}\sde\s[^\W\d_]{3,12}\sde(?:l|\s)\s?\d{4}.{0,40}|\d{1,3}\s?min(?:ute|uten|utes|s)?\b.{0,20}|"
    r"\d{1,2}\.?\s[^\W\d_]{3,12}\.?,?\s\d{4}.{0,40}|[^\W\d_]{3,10}\.?\s\d{1,2},\s\d{4}.{0,40}|\d{4}.{0,60})$",
    re.I,
)
_APART = re.compile(rf"(?:(?:{'|'.join(KINDS)})\s)?(?:{'|'.join(BY)})\s?:?\s\|\s([^\W\d_]\w{{1,30}})(?:\s\||$)", re.I)
_NO_VOWEL = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,5}")
_DIGITS = re.compile(r"^\d|\d{3}|\d\W+\d|\d$")  # dates, times, counts; not "Radio24 Redaktion"
_NO_NAME = re.compile(rf"{_DIGITS.pattern}|http|^@|[{{©:]", re.I)
_CREDIT = re.compile(
    r"^[\W_]{0,4}(?:photo\w{0,10}|fotos?|bild(?:er)?|images?|illustrations?|graphics?|grafik|videos?|cr[eé]dits?)"
    r"\s{0,3}(?:[:/|–-]|\b(?:by|von|de|par|di|courtesy|credit)\b)",
    re.I,
)
_RIGHTS = re.compile(r"©|\(c\)\s|\bcopyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés", re.I)
_BODIES = re.compile(  # words of organisations whose names go on: "The Harbour Institute for the Sea"
    r"\b(?:(?:institut|cent(?:er|re)|zentrum|foundation|stiftung|fondation|fundaci[oó]n|fondazione|union|unión|unione|associat|association|"
    r"asociaci[oó]n|associazione|verein|verband|bund|council|committee|network|netzwerk|alliance|allianz|campaign|coalition|office|"
    r"department|ministry|agency|agentur|amt|society|gesellschaft|college|school|academy|akademie|movement|initiative|forum|fund|"
    r"fonds|commission|kommission|partnership|trust|project|projekt|group|gruppe|organi[sz]ation)\w{0,4}|\w+(?:verein|verband|bund|stiftung|"
    r"zentrum|institut|amt|gesellschaft|agentur|ministerium))\b",
    re.I,
)
_NEWSPAPER = re.compile(r"The (?:[A-Z][\w'’.-]{1,20} ){1,4}(?:&|and) [A-Z][\w'’.-]{1,20}")
_SURE_DEGREES = "|".join(sorted(degree for degree in TITLES if (len(degree) > 2 and degree != "iii") or degree == "md"))
DEGREES_BEHIND = re.compile(  # "Jane Doe, MD"; "Jane Doe, VMD, DACVB; Tomás Rey, DVM"
    rf"^(?:[^\W\d_][\w.'’-]*\s){{1,3}}[^\W\d_][\w.'’-]*,\s?(?:{_SURE_DEGREES})(?![\w-])", re.I
)
"""A name with a degree behind it, at the beginning of a line."""
_NAME_WORD = re.compile(r"[^\W\d_a-z][\w'’]{1,20}(?:-[^\W\d_a-z]\w{1,20})?\.?")
_LEAD_WORDS = frozenset(word for phrase in (*BY, *KINDS) for word in phrase.split())
_TAILS = ROLES - DEGREES
_NO_WORD = re.compile(r"[\W_]+", re.ASCII)


def clean(raw: str, *, sites: frozenset[str] = frozenset(), loose: bool = False) -> list[str]:
    """The names in one byline, in order. `sites`: folded names of the site, which are no persons. `loose`: running text
    may follow the names, so that only what looks like a name counts."""
    return list(_clean(raw[:400], sites, loose))


def looks_like_a_person(text: str) -> bool:
    """Whether a text is two or three words in capitals as names are, and nothing that markup calls otherwise."""
    words = text.split()
    return (
        2 <= len(words) <= 3 and all(_NAME_WORD.fullmatch(word) for word in words) and clean(text, loose=True) == [text]
    )


def set_apart(raw: str, *, sites: frozenset[str] = frozenset()) -> list[str]:
    """The name of one word that markup sets apart behind "By" or its like: "By | Tomás | 4 May"."""
    apart = _APART.match(raw[:400])
    return list(_clean(apart[1], sites, loose=False)) if apart is not None else []


@lru_cache(maxsize=1024)
def _clean(raw: str, sites: frozenset[str], loose: bool) -> tuple[str, ...]:
    """Several witnesses name the same people in the same words: each is cleaned once."""
    text = " ".join(raw.replace("\xa0", " ").replace("\u200b", "").split())
    if _CREDIT.match(text) or _RIGHTS.search(text):
        return ()
    text = _OTHER_CJK.split(_URL.sub(" ", _EMAIL.sub(" ", text)), maxsplit=1)[0]
    text = _MORE.sub("", _MORE.sub("", text))
    for _ in range(3):
        stripped = _LEAD_CJK.sub("", _KIND.sub("", _LEAD.sub("", text))).strip()
        if stripped == text:
            break
        text = stripped
    whole = text
    text = _DATE_TAIL.sub("", text)
    text = _HANDLE.sub(" ", text)
    text = _BRACKETS.sub("", _AGENCY_TAIL.sub("", text)) or text
    if _is_place(text, sites, loose=loose) or _is_dateline(text, cut=text != whole):
        return ()
    names: list[str] = []
    for part in _pieces(text):
        if names and _is_job(part):
            break  # "Jane Doe, Director of Operations, Harbour Lines"
        if names and _ends_as_job(part):
            continue  # "Jane Doe, Harbour Correspondent"
        name = _one(part)
        if name and fold(name) not in TITLES and is_name(name, sites=sites, loose=loose) and name not in names:
            names.append(name)
    return tuple(names[:20])


def _is_place(text: str, sites: frozenset[str], *, loose: bool) -> bool:
    """Whether it is the publisher or an address: "kurier.example, Hafenstadt", "12 Quay Street, Hafenstadt"."""
    head, comma, _ = text.partition(",")
    return fold(text) in sites or bool(comma and not loose and (fold(head) in sites or _DIGITS.search(head)))


def _is_dateline(text: str, *, cut: bool) -> bool:
    """Whether it is a dateline: "HAFENSTADT, May 4", or one whose date was `cut` off."""
    town, comma, rest = text.partition(",")
    if comma and town.isupper() and town.isalpha() and _DIGITS.search(rest):
        return True
    return cut and text.isupper() and text.isalpha() and len(text) > 4 and fold(text) not in AGENCIES


def _is_job(part: str) -> bool:
    """Whether a part behind a name is that person's job: it joins the names of jobs and desks with others."""
    words = [word.strip(".,").lower() for word in part.split()]
    return len(words) > 1 and any(word in ROLES for word in words) and any(word in LINKS for word in words)


def _ends_as_job(part: str) -> bool:
    """Whether a part behind a name ends with the word for a job, and with none of a team's."""
    words = part.split()
    return len(words) > 1 and words[-1].strip(".,").lower() in ROLES - TEAMS


def _is_organisation(words: list[str]) -> bool:
    """Whether a name is an organisation's: "The Example Team". Nothing is cut off it."""
    if len(words) < 2 or _only_role(words):
        return False
    last = words[-1].strip(".,").lower()
    return last in TEAMS or (words[0].lower() == "the" and last in ROLES | TEAMS)


def _pieces(text: str) -> list[str]:
    """The parts of a byline between its separators."""
    if _NEWSPAPER.fullmatch(text):
        return [text]
    comma = text.split(",")
    if len(comma) == 2 and all(len(p.split()) == 1 for p in comma) and not comma[1].strip()[:1].islower():
        last, first = (p.strip() for p in comma)  # "Doe, Jane"
        if fold(last) in AGENCIES:
            return [last]  # "AFP, MANILA"
        if last and first and first.lower() not in ROLES:
            return [f"{first} {last}"]
    pieces: list[str] = []
    for piece in _SPLIT.split(text):
        parts = _WEAK_SPLIT.split(piece)
        if len(parts) > 1 and all(2 <= len(p.split()) <= 4 for p in parts):
            pieces.extend(parts)
        else:
            pieces.append(piece)
    return pieces


def _one(part: str) -> str:
    """One name without its job, place or organisation."""
    text = part.strip(" \t,.;:|-–—•·*\"'“”„«»<>()[]{}_/\\’")
    text = _LEAD.sub("", text) if " " in text else text
    text = _TAIL_CJK.sub("", text).strip()
    for mark in (" für ", " for ", " in ", " aus ", " at ", " de notre ", " para ", " on behalf of ", " im namen "):
        head, found, _ = text.partition(mark)
        if found and 1 < len(head.split()) <= 4 and not _BODIES.search(head):
            text = head
    words = text.split()
    while len(words) > 2 and not _is_organisation(words) and words[-1].lower().strip(".,") in _TAILS:
        words.pop()
    if words and words[-1].lower() not in _TAILS:  # else the byline is a desk: "Courier staff reporter"
        text = " ".join(words)
    if text.isupper() and " " in text and len(text) > 5:
        text = _capitals(text)
    return text.strip()


def _capitals(text: str) -> str:
    """A name in capitals, with its usual case."""
    words: list[str] = []
    for word in text.split():
        if (len(word) <= 2 and not word.isalpha()) or (not words and _NO_VOWEL.fullmatch(word)):
            words.append(word)  # "BBC NEWS" is no name of a person
        else:
            words.append("-".join(p[:1] + p[1:].lower() for p in word.split("-")))
    return " ".join(words)


def is_job(text: str) -> bool:
    """Whether a text is the name of a job or desk and nothing else: "Senior Writer"."""
    return _only_role(text.split())


def is_name(text: str, *, sites: frozenset[str] = frozenset(), loose: bool = False) -> bool:
    """Whether `text` can be the name of a person or an agency."""
    folded = fold(text)
    if not 2 <= len(text) <= 80 or folded in NOT_NAMES or folded.replace(" ", "_") in NOT_NAMES or folded in sites:
        return False
    if _NO_NAME.search(text):
        return False
    words = text.split()
    if len(words) > (5 if loose else 7):
        return False
    if folded.replace(" ", "_") in AGENCIES:
        return True
    if _only_role(words) or all(word.strip(".,:").lower() in _LEAD_WORDS for word in words):
        return False
    if text[0].islower() and not loose and (len(words) > 4 or _begins_small(words)):
        return False
    return not loose or _is_organisation(words) or _is_written_as_name(words)


def _begins_small(words: list[str]) -> bool:
    """Whether words begin with a small one that belongs to no name: "your wedding bloggers", not "von der Heide"."""
    first = words[0].lower()
    return (
        len(words) > 1
        and first.isalpha()
        and len(first) > 2
        and first not in PARTICLES
        and any(w[:1].isupper() for w in words)
    )


def _is_written_as_name(words: list[str]) -> bool:
    """Whether words of running text look like a name: two or more, with capitals where the script has them."""
    if len(words) < 2 and words[0].isascii():
        return False
    return all(w[:1].isupper() or not (w[:1].isascii() and w[:1].isalpha()) or w.lower() in PARTICLES for w in words)


def _only_role(words: list[str]) -> bool:
    """Whether every word is the name of a job or a desk."""
    return all(w.strip(".,").lower() in ROLES or w.lower() in PARTICLES or w.lower() in LINKS for w in words)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """For comparing names: compatible characters, no case, no punctuation, single spaces."""
    if text.isascii():
        return _NO_WORD.sub(" ", text).strip().lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text).split())
