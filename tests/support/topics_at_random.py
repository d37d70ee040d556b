"""Random queries and random records over few words, so that chance makes them meet."""

import random
from datetime import UTC, datetime, timedelta

from scrapers import Record

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
WORDS = [
    "gas",
    "oil",
    "wind",
    "solar",
    "price",
    "market",
    "court",
    "law",
    "vote",
    "party",
    "goal",
    "team",
    "match",
    "rain",
    "storm",
    "flood",
    "school",
    "city",
    "train",
    "road",
    "bank",
    "tax",
    "health",
    "drug",
    "virus",
    "film",
    "music",
    "star",
    "king",
    "war",
    "peace",
    "talks",
    "border",
    "army",
    "the",
    "of",
    "and",
    "in",
    "to",
    "économie",
    "straße",
    "東京",
    "뉴스",
    "c++",
    "at&t",
]


def record(text: str, **fields: object) -> Record:
    values: dict[str, object] = {
        "id": "urn:uuid:1", "key": "k", "url": "https://courier.example/a", "source": "courier", "title": "Title",
        "text": text, "html": "", "published": NOW, "first_seen": NOW,
    } | fields  # fmt: skip
    return Record(**values)  # type: ignore[arg-type]


def random_query(chance: random.Random, depth: int = 0) -> str:
    def word() -> str:
        return chance.choice(WORDS)

    kind = chance.randrange(14 if depth < 3 else 9)
    if kind < 3:
        return word()
    if kind == 3:
        return f'"{word()} {word()}"'
    if kind == 4:
        return next(one for one in iter(word, None) if len(one) > 3 and one.isalpha())[:3] + "*"
    if kind == 5:
        return f"NEAR({word()} {word()}, {chance.randrange(1, 6)})"
    if kind == 6:
        return f"{chance.choice(['title', 'text', 'tag', 'author', 'section'])}:{word()}"
    if kind == 7:
        return chance.choice(
            ["source:courier", "source:herald", "lang:de", "lang:en", "copies:no", "outlets:>=2", "url:/a"]
        )
    if kind == 8:
        return f"/{word()[:2]}/".replace("+", "")
    if kind < 11:
        return " OR ".join(random_query(chance, depth + 1) for _ in range(chance.randrange(2, 5))).join("()")
    if kind < 13:
        return " ".join(random_query(chance, depth + 1) for _ in range(2)).join("()")
    return f"({random_query(chance, depth + 1)} -{random_query(chance, depth + 1)})"


def random_record(chance: random.Random, number: int) -> Record:
    def text(least: int, most: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(least, most)))

    return record(
        text(3, 60),
        id=f"urn:uuid:{number}",
        title=text(1, 6),
        tags=tuple(text(1, 3) for _ in range(chance.randrange(3))),
        authors=(text(1, 3),),
        section=text(1, 2),
        source=chance.choice(["courier", "herald"]),
        language=chance.choice([None, "de", "de-AT", "en"]),
        published=NOW - timedelta(hours=number),
    )
