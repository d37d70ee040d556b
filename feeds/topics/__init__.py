"""Topics: the query language, and the engine that says which topics a record belongs to.

engine = Engine(topics)                  # QueryError when a query is wrong
engine.classify(record)                  # → (Match("ukraine", "“kyiv” in the title"), …)
"""

from .imports import Imported, from_freshrss, from_miniflux
from .match.document import Doc, Facts, doc, field_tokens, forget_texts
from .match.evaluate import settled_of
from .match.explain import why, why_not
from .match.index import Engine, Match
from .match.rules import Rule, compile
from .match.tokens import tokens
from .query.parse import parse
from .query.spelling import written
from .query.tree import Node
from .subjects.iptc import SCHEME, Concept, MediaTopics, media_topics
from .subjects.subjects import Subjects, subjects
from .trial import Miss, Trial, hints, near_miss, sources_of, trial

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
