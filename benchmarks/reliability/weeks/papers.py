"""The made-up papers: one for each of the ways in which fronts mislead."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from ..invented import PEOPLE, PLACES, THINGS, invented
from .markup import Card
from .truth import START, Names, Naming, Paper, Told, made, slug

RENAMED = 0.2  # share of the stories whose address changes ...
MOST_NAMES = 14  # ... so often at most
WINDS = ("north", "east", "south", "west")
DOSSIER = 1_234_567  # a number that several stories have at the end of their addresses


def _hours(chance: random.Random, most: int) -> list[int]:
    return [0, *sorted(chance.sample(range(1, 30), chance.randrange(1, most)))]


def renamed(form: Callable[[int, str, int], str], *, share: float = RENAMED, most: int = MOST_NAMES) -> Naming:
    """A share of the stories gets other headlines, and with each another address (`form`: number, slug, which)."""

    def naming(chance: random.Random, number: int, titles: Sequence[str]) -> tuple[Names, Names]:
        hours = _hours(chance, most) if chance.random() < share else [0]
        told = list(zip(hours, titles, strict=False))
        return tuple((hour, form(number, slug(title), n)) for n, (hour, title) in enumerate(told)), tuple(told)

    return naming


def steady(form: Callable[[int, str], str]) -> Naming:
    """Stories that keep address and headline."""
    return lambda chance, number, titles: (((0, form(number, slug(titles[0]))),), ((0, titles[0]),))


def live(form: Callable[[int, str], str]) -> Naming:
    """A story that gets another headline and address in each of eight hours, where it is a live blog."""

    def naming(chance: random.Random, number: int, titles: Sequence[str]) -> tuple[Names, Names]:
        told = [(hour, title if hour == 0 else f"Live: {title}") for hour, title in enumerate(titles[:8])]
        return tuple((hour, form(number, slug(title))) for hour, title in told), tuple(told)

    return naming


def papers(days: int) -> Iterator[Paper]:
    """All of them, for so many days."""
    yield from _renamers(days)
    yield from _live_blogs(days)
    yield from _movers(days)
    yield from _others(days)


def _renamers(days: int) -> Iterator[Paper]:
    yield Paper(
        "renamer",
        made("renamer", days, 12, renamed(lambda number, words, n: f"/news/{words}-{number}"), many=MOST_NAMES),
    )
    yield Paper(
        "keeper",
        made(
            "keeper",
            days,
            10,
            renamed(lambda number, words, n: f"/a/{words}-a-{uuid.uuid5(uuid.NAMESPACE_OID, str(number))}"),
            many=MOST_NAMES,
        ),
        front="rows",
        article="jsonld",
        old="stays",
    )
    parts = ("politics", "town", "money", "world")
    yield Paper(
        "folders",
        made(
            "folders", days, 10, renamed(lambda number, words, n: f"/{parts[n % 4]}/{number}/{words}"), many=MOST_NAMES
        ),
        front="state",
        article="microdata",
        old="gone",
    )
    yield Paper(
        "slugger",
        made("slugger", days, 10, renamed(lambda number, words, n: f"/story/{words}.html", most=5), many=MOST_NAMES),
        front="plain",
    )
    yield Paper(
        "canoniser",
        made("canoniser", days, 10, renamed(lambda number, words, n: f"/story/{words}/", most=5), many=MOST_NAMES),
        front="feed",
        article="jsonld",
        old="canonical",
    )
    days_of = {
        told.number: told.at // 24 for told in made("sections", days, 10, steady(lambda number, words: f"/{number}"))
    }

    def section(chance: random.Random, number: int, titles: Sequence[str]) -> tuple[Names, Names]:
        """The section changes in the address, and some lines are added: no number, no redirect."""
        day = START + timedelta(days=days_of.get(number, 0))
        hours = _hours(chance, 3) if chance.random() < RENAMED else [0]
        words = slug(titles[0])
        paths = tuple((hour, f"/{parts[n]}/{day:%Y/%m/%d}/{words}") for n, hour in enumerate(hours))
        return paths, tuple((hour, titles[0]) for hour in hours)

    yield Paper("sections", made("sections", days, 10, section), article="jsonld", old="gone")


def _live_blogs(days: int) -> Iterator[Paper]:
    yield Paper(
        "liver",
        made("liver", days, 8, live(lambda number, words: f"/live/{words}-{number}.html"), live=4),
        front="rows",
        article="jsonld",
    )
    yield Paper("ticker", made("ticker", days, 8, live(lambda number, words: f"/live/{words}"), live=4), front="cards")
    yield Paper(
        "rolling",
        made("rolling", days, 8, live(lambda number, words: f"/live/{words}"), live=4),
        article="microdata",
        old="canonical",
    )


def _movers(days: int) -> Iterator[Paper]:
    hour = days * 12 + 3
    plain = steady(lambda number, words: f"/town/{words}")
    evergreens = _evergreens("mover", days, lambda number, words, n: f"/guide/{words}")
    yield Paper("mover", [*made("mover", days, 20, plain), *evergreens], relaunch=hour, size=60)
    yield Paper(
        "rebuilt",
        [*made("rebuilt", days, 10, plain), *_evergreens("rebuilt", days, lambda number, words, n: f"/guide/{words}")],
        front="state",
        article="undated",
        old="gone",
        relaunch=hour,
        moved=lambda path: f"/{len(path) % 3}/content/{path.rpartition('/')[2]}.html",
    )


def _others(days: int) -> Iterator[Paper]:
    yield Paper(
        "sibling",
        made("sibling", days, 10, steady(lambda number, words: f"/a/{words}-{number}")),
        front="rows",
        extras=_services,
    )
    yield Paper(
        "evergreen",
        [
            *made("evergreen", days, 8, steady(lambda number, words: f"/b/{words}-{number}")),
            *_evergreens("evergreen", days, lambda number, words, n: f"/guide/{'new-' * n}{words}-{number}"),
        ],
        article="jsonld",
    )
    yield Paper("accident", _accidents(days), front="plain", article="jsonld")
    yield Paper("series", _series(days), front="rows", article="jsonld")
    flood = [
        replace(told, at=29)
        for told in made("burst", 1, 70, steady(lambda number, words: f"/flood/{words}-{number}"), before=0)
    ]
    usual = made("burst-usual", days, 6, steady(lambda number, words: f"/news/{words}-{number}"), before=8)
    flood = [replace(told, number=told.number + 500_000) for told in flood]
    yield Paper("burst", [*usual, *flood], size=120, article="microdata")


def _evergreens(name: str, days: int, form: Callable[[int, str, int], str]) -> list[Told]:
    """Guides that stand on the front for weeks, and stories that leave it and return after days."""
    found: list[Told] = []
    for n, told in enumerate(made(f"{name}-guides", 2, 5, renamed(form, share=0.0), before=0)):
        old = replace(told, number=told.number + 700_000, at=-30 - n, shown=((0, days * 24),))
        if n % 3 == 1:  # it gets another address when it has long left the store
            later = days * 24 - 50 - old.at
            old = replace(old, paths=(*old.paths, (later, form(told.number, slug(old.titles[0][1]), 1))))
        elif n % 3 == 2:
            old = replace(old, shown=((0, 40), (days * 24 - 60, days * 24)))
        found.append(old)
    return found


def _accidents(days: int) -> list[Told]:
    """Stories whose addresses end in numbers that are not their own: of a dossier, a gallery, a day, a page."""
    found = []
    for n, told in enumerate(made("accident", days, 12, steady(lambda number, words: f"/news/{words}-{number}"))):
        words = slug(told.titles[0][1])
        path = {
            3: f"/dossier/{words},{DOSSIER}",
            7: f"/news/{words}/gallery-{880_000 + n // 24}",
            9: f"/news/{words}-{START + timedelta(days=max(told.at, 0) // 24):%Y%m%d}",
            11: f"/news/{words}/page-100002",
        }.get(n % 12)
        found.append(told if path is None else replace(told, paths=((0, path),)))
    return found


def _series(days: int) -> list[Told]:
    """Stories of a series beside others: each day the same headline, another text, and nearly the same address."""
    found = made("series", days, 8, steady(lambda number, words: f"/news/{words}"))
    chance = random.Random("series")
    for day in range(days):
        for n, place in enumerate(("Arnholt", "Brekke")):
            when = START + timedelta(days=day)
            lines = (
                f"The {chance.choice(THINGS)} of {place} is closed at {chance.randrange(9, 20)} on {when:%A}.",
                f"It is {chance.randrange(-9, 30)} degrees in the morning and {chance.randrange(30)} at night, while"
                f" the wind blows with {chance.randrange(90)} kilometres an hour from the {chance.choice(WINDS)}.",
                f"{chance.choice(PEOPLE)} of {chance.choice(PLACES)} won {chance.randrange(9_000)} crowns in the"
                f" lottery; the numbers are {', '.join(str(chance.randrange(50)) for _ in range(6))}.",
            )
            path = f"/{when:%Y/%m/%d}/the-day-in-{place.lower()}"
            title = f"The day in {place}"
            found.append(Told(900_000 + 2 * day + n, day * 24 + 1, ((0, path),), ((0, title),), lines))
    return found


def _services(hour: int) -> Sequence[Card]:
    """What is no story: other offers each day on sibling hosts, in folders, and in boxes that say who paid."""
    day = hour // 24
    chance = random.Random(day)
    time = START + timedelta(days=day)
    place, thing = PLACES[day % len(PLACES)], THINGS[day % len(THINGS)]

    def card(url: str, label: str = "") -> Card:
        title, lines = invented(chance, 5_000 + day)
        return Card(url.format(slug(title), 4_400_000 + day), title, lines[0][:100], time, label)

    return (
        card("https://jobs.sibling.example/offers/{}-{}"),
        card("https://shop.sibling.example/mugs/{}-{}"),
        card("https://vorteile.sibling.example/codes/{}"),
        card("https://spiele.sibling.example/quiz/{}"),
        card("https://sibling.example/sponsored/{}-{}"),
        card("https://sibling.example/anzeige/{}-{}"),
        card("https://sibling.example/a/{}-{}", "Sponsored content"),
        Card(f"https://sibling.example/topic/{place.lower()}-and-its-{thing}", f"{place} and its {thing}", "", time),
    )
