"""The scores of `benchmarks.corpus --kinds`: one table for each way of sorting pages by what they are.

The kinds come from the cases (language of the truth, length of the true text) and from plain signs in page and address,
never from what the extractor thinks the page is. Where a case tells no language, the page's own declaration counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import Any

LEAST = 5  # pages of a kind that has a line of its own
SCRIPTS = {
    "Chinese, Japanese, Korean": re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"),
    "Cyrillic": re.compile("[\u0400-\u04ff]"),
    "Arabic, Hebrew": re.compile("[\u0590-\u06ff]"),
    "Greek": re.compile("[\u0370-\u03ff]"),
    "Indic, Thai": re.compile("[\u0900-\u0e7f]"),
}
_LANGUAGE = re.compile(rb"<html[^>]{0,300}?\slang\s?=\s?[\"']?([A-Za-z]{2,3})\b", re.I)
_FORMS = (  # the first that fits
    ("live blog", re.compile(rb"LiveBlogPosting"), re.compile(r"live-?(?:blog|ticker)|/live/")),
    ("interview", None, re.compile(r"interview|gespraech|entretien|entrevista")),
    ("opinion", re.compile(rb'"OpinionNewsArticle"'), re.compile(r"/(?:opinion|kommentar|meinung|columns?|voices)\b")),
    ("pictures, video", re.compile(rb'"ImageGallery"'), re.compile(r"/(?:video|galler(?:y|ie)|fotos?|bilder)\b")),
    ("news", re.compile(rb'"(?:NewsArticle|ReportageNewsArticle|AnalysisNewsArticle)"'), None),
    ("blog", re.compile(rb'"BlogPosting"|generator"?\s+content="(?:WordPress|Blogger|Ghost)|wp-content/', re.I), None),
)  # fmt: skip
COLUMNS = (
    ("body F1", "body.f1"), ("seg F1", "segments.f1"), ("opening", "opening.mean"), ("title =", "title_exact.mean"),
    ("subtitle", "subtitle_f1.mean"), ("authors", "authors_f1.mean"), ("day", "date_day.mean"),
    ("instant", "date_instant.mean"),
    ("tags", "tags_f1.mean"), ("language", "language.mean"), ("image", "image.mean"),
)  # fmt: skip


def _language(case: dict[str, Any], html: bytes) -> str:
    told = case["truth"].get("language")
    declared = _LANGUAGE.search(html[:20_000])
    return told or (declared[1].decode("ascii").lower() if declared else "undeclared")


def _script(case: dict[str, Any], html: bytes) -> str:
    truth = case["truth"]
    words = " ".join([truth.get("text") or "", truth.get("title") or "", *truth.get("with", ())])[:5000]
    if not words:
        return "unknown"  # a date alone is known
    counts = {name: len(signs.findall(words)) for name, signs in SCRIPTS.items()}
    name = max(counts, key=lambda one: counts[one])
    return name if counts[name] * 5 > len(words) else "Latin"


def _form(case: dict[str, Any], html: bytes) -> str:
    address = (case["url"] or "").lower()
    for name, sign, place in _FORMS:
        if (sign is not None and sign.search(html)) or (place is not None and place.search(address)):
            return name
    return "other"


def _length(case: dict[str, Any], html: bytes) -> str:
    text = case["truth"].get("text")
    if not text:
        return "unknown"
    return "under 1,500" if len(text) < 1500 else "under 5,000" if len(text) < 5000 else "longer"


def _weight(case: dict[str, Any], html: bytes) -> str:
    kilobytes = len(html) / 1000
    return "under 50 kB" if kilobytes < 50 else "under 200 kB" if kilobytes < 200 else "larger"


WAYS: dict[str, Callable[[dict[str, Any], bytes], str]] = {
    "form of the page": _form, "language": _language, "script": _script, "characters of the true text": _length,
    "size of the page": _weight,
}  # fmt: skip


def show(score: ModuleType, cases: list[dict[str, Any]], rows: list[Any]) -> None:
    """Print a table for each way of sorting; kinds of few pages are one line together."""
    by = {case["id"]: case for case in cases}
    groups: dict[str, dict[str, list[Any]]] = {way: defaultdict(list) for way in WAYS}
    for row in rows:
        html = score.page_bytes(by[row[0]])
        for way, sort in WAYS.items():
            groups[way][sort(by[row[0]], html)].append(row)
    for name, kinds in groups.items():
        few = [kind for kind, some in kinds.items() if len(some) < LEAST]
        if len(few) > 1:
            kinds["(others)"] = [row for kind in few for row in kinds.pop(kind)]
        print(f"\n{name:28}{'pages':>6}" + "".join(f"{label:>10}" for label, _ in COLUMNS))
        for kind in sorted(kinds, key=lambda one: (one == "(others)", -len(kinds[one]))):
            some = kinds[kind]
            sums = score.total([row[1] for row in some], 0, 0)
            values = [score.dig(sums, path) for _, path in COLUMNS]
            print(f"{kind:28}{len(some):6}" + "".join(f"{'' if v is None else format(v, '.3f'):>10}" for v in values))
