"""Topics: the query language, and the engine that says which topics a record belongs to.

engine = Engine(topics)                  # QueryError when a query is wrong
engine.classify(record)                  # → (Match("ukraine", "“kyiv” in the title"), …)
"""

from .document import Doc, Facts, doc, field_tokens
from .engine import Engine, Match
from .evaluate import settled_of
from .explain import why, why_not
from .imports import Imported, from_freshrss, from_miniflux
from .iptc import SCHEME, Concept, MediaTopics, media_topics
from .parse import parse
from .query import Node
from .rules import Rule, compile
from .spelling import written
from .subjects import Subjects, subjects
from .trial import Trial, trial
from .words import tokens

__all__ = [
    "SCHEME",
    "Concept",
    "Doc",
    "Engine",
    "Facts",
    "Imported",
    "Match",
    "MediaTopics",
    "Node",
    "Rule",
    "Subjects",
    "Trial",
    "compile",
    "doc",
    "field_tokens",
    "from_freshrss",
    "from_miniflux",
    "media_topics",
    "parse",
    "settled_of",
    "subjects",
    "tokens",
    "trial",
    "why",
    "why_not",
    "written",
]
