"""Topics: the query language, and the engine that says which topics a record belongs to.

engine = Engine(topics)                  # QueryError when a query is wrong
engine.classify(record)                  # → (Match("ukraine", "“kyiv” in the title"), …)
"""

import importlib
from typing import TYPE_CHECKING

from .match.document import Doc, Facts, doc, field_tokens, forget_texts
from .match.evaluate import settled_of
from .match.explain import why, why_not
from .match.rules import Rule, compile
from .match.tokens import tokens
from .query.parse import parse
from .query.tree import Node
from .subjects.subjects import Subjects, subjects

if TYPE_CHECKING:
    from .imports import Imported, from_freshrss, from_miniflux
    from .match.index import Engine, Match
    from .query.spelling import written
    from .subjects.iptc import SCHEME, Concept, MediaTopics, media_topics
    from .trials import Miss, Trial, hints, near_miss, sources_of, trial

# What a command that only reads queries has no use for is imported on first use.
_LATER = {
    "Concept": "subjects.iptc",
    "Engine": "match.index",
    "Imported": "imports",
    "Match": "match.index",
    "MediaTopics": "subjects.iptc",
    "Miss": "trials",
    "SCHEME": "subjects.iptc",
    "Trial": "trials",
    "from_freshrss": "imports",
    "from_miniflux": "imports",
    "hints": "trials",
    "media_topics": "subjects.iptc",
    "near_miss": "trials",
    "sources_of": "trials",
    "trial": "trials",
    "written": "query.spelling",
}

__all__ = [
    "SCHEME",
    "Concept",
    "Doc",
    "Engine",
    "Facts",
    "Imported",
    "Match",
    "MediaTopics",
    "Miss",
    "Node",
    "Rule",
    "Subjects",
    "Trial",
    "compile",
    "doc",
    "field_tokens",
    "forget_texts",
    "from_freshrss",
    "from_miniflux",
    "hints",
    "media_topics",
    "near_miss",
    "parse",
    "settled_of",
    "sources_of",
    "subjects",
    "tokens",
    "trial",
    "why",
    "why_not",
    "written",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found  # so that it is looked up once
    return found
