"""Invented news: headlines and paragraphs of made-up towns, no two alike."""

from __future__ import annotations

import random

THINGS = """
    bridge ferry harbour school library market bakery orchard theatre stadium museum clinic railway tunnel
    lighthouse quarry reservoir mill brewery chapel airport cemetery playground tram cannery sawmill
""".split()  # noqa: SIM905 words are read as words

PLACES = """
    Arnholt Brekke Cove Dunmar Eide Fjell Garth Holm Iverby Jessel Kvam Lund Moss Norrby Ostby Penrith Quern Rask
    Sund Tarn Ulvik Varde Wend Yarm
""".split()  # noqa: SIM905 words are read as words

VERBS = """
    opens closes burns floods wins loses sells buys moves celebrates repairs inspects renames expands shrinks
    doubles halves inherits insures paints
""".split()  # noqa: SIM905 words are read as words

PEOPLE = """
    Ida Karl Nils Ada Ben Cleo Dora Emil Frida Gus Hedda Ivo Jon Kaja Lars Mona
""".split()  # noqa: SIM905 words are read as words


def invented(chance: random.Random, n: int) -> tuple[str, tuple[str, ...]]:
    """The headline and the paragraphs of the `n`th story."""
    thing, place, verb, who = (chance.choice(words) for words in (THINGS, PLACES, VERBS, PEOPLE))
    title = f"{place} {verb} its {thing} for the {n + 2}th time"
    lines = tuple(_sentence(chance, f"{who} {chance.choice(VERBS)} the {thing} of {place}") for _ in range(6))
    return title, lines


def _sentence(chance: random.Random, end: str) -> str:
    who, other, place, near = (chance.choice(words) for words in (PEOPLE, PEOPLE, PLACES, PLACES))
    thing, verb, another = (chance.choice(words) for words in (THINGS, VERBS, THINGS))
    told = f"{who} of {place} told {other} on day {chance.randrange(900)} that the {thing} {verb} the {another}"
    return f"{told} near {near}, which had cost {chance.randrange(90_000)} crowns, and that {end} all the same."
