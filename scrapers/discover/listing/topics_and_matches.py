"""Links among the stories of a front that lead to pages of topics or tickers of matches, by their path and title."""

from __future__ import annotations

import re

from .anchors import Candidate

_TOPICS = frozenset(
    (
        *("topic", "topics", "thema", "themen", "tema", "temas", "temi", "sujet", "sujets", "theme", "themes", "tag"),
        *("tags", "keyword", "keywords", "stichwort", "schlagwort", "etiqueta", "etiquetas", "argomenti", "argomento"),
        *(
            "onderwerp",
            "onderwerpen",
            "emne",
            "emner",
            "amne",
            "aihe",
            "aiheet",
            "temat",
            "tematy",
            "temata",
            "assunto",
        ),
        *("assuntos", "schwerpunkt", "schwerpunkte", "konu", "tagged"),
    )
)
_PERHAPS = frozenset(
    (
        *("dossier", "dossiers", "serie", "serien", "series", "special", "specials", "t", "theme", "themes", "hub"),
        *("hubs", "collection", "collections", "people", "person", "persons", "personen", "subject", "subjects"),
    )
)  # of stories too
_TICKERS = frozenset(
    (
        *(
            "match",
            "matches",
            "matchcenter",
            "match-center",
            "matchcentre",
            "match-centre",
            "spiel",
            "spiele",
            "spielplan",
        ),
        *(
            "spielbericht",
            "liveticker",
            "live-ticker",
            "ticker",
            "livescore",
            "livescores",
            "live-score",
            "live-scores",
        ),
        *("score", "scores", "scoreboard", "boxscore", "gamecast", "ergebnisse", "fixture", "fixtures", "partido"),
        *("partidos", "partita", "partite", "rencontre", "wedstrijd", "wedstrijden", "kamp", "mecz", "zapas", "game"),
    )
)
_LIVE = frozenset(("liveticker", "live-ticker", "ticker", "livescore", "livescores", "matchcenter", "match-center"))
_SPORTS = frozenset(
    (
        *("fussball", "fußball", "football", "soccer", "futbol", "calcio", "voetbal", "handball", "basketball", "nba"),
        *("eishockey", "hockey", "nhl", "tennis", "formel-1", "formel1", "nfl", "rugby", "cricket", "volleyball"),
    )
)
_SCORE = re.compile(r"(?<![\w.])\(?(?:\d{1,3}\s?[:–-]\s?\d{1,3}|-\s?:\s?-|\d{1,3}\s\d{1,3}$)\)?(?![\w.])")
_CLOCK = re.compile(r"^\d{1,2}[:.]\d\d(?:\s?(?:uhr|h))?\s")
_BETWEEN = re.compile(r"\s(?:[–—-]|vs?\.?|versus|gegen|contra|contre|contro|tegen|mot|x|@)\s", re.IGNORECASE)
_NUMBER = re.compile(r"[-_]?[a-z]{0,2}\d{1,30}$")
_NAMES = 8  # words of the two names of a match, at most


def names_topic(path: str) -> bool:
    """Whether a path is that of a topic's page: a few words below "topic" and its like, in many languages."""
    parts = [part for part in path.split("/") if part]
    if len(parts) < 2 or any(part.isdecimal() for part in parts[-2:]):
        return False
    folder, name = parts[-2:]
    words = [word for word in re.split(r"[-_+.\s]", _NUMBER.sub("", name)) if word]
    if folder in _TOPICS:
        return len(words) <= (5 if name[-1:].isalpha() else 3)
    return folder in _PERHAPS and len(words) <= 3 and name[-1:].isalpha()


def is_match(candidate: Candidate) -> bool:
    """Whether a link leads to the ticker of a match: its path says so, and its title is two names, perhaps a score."""
    parts = set(candidate.path.split("/"))
    if parts.isdisjoint(_TICKERS):
        return False
    if not (parts.isdisjoint(_LIVE) or parts.isdisjoint(_SPORTS)):
        return True
    title = _CLOCK.sub("", candidate.title)
    names, scores = _SCORE.subn(" ", title)
    words = names.split()
    paired = bool(scores) or _BETWEEN.search(title) is not None
    return paired and len(words) <= _NAMES and title[-1:] not in ".!?" and ":" not in names
