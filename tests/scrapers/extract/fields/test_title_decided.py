"""Which of a page's titles is the headline: its headings, what the head tells, the tab, and what they share."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scrapers.extract.claims import Claims
from scrapers.extract.fields import title
from scrapers.extract.fields.headings import headings
from scrapers.extract.readers.nodes import gather

SITES = frozenset({"the courier"})


def decided(
    markup: str,
    *,
    ld: tuple[str, ...] = (),
    meta: tuple[str, ...] = (),
    page: str = "",
    state: tuple[str, ...] = (),
    sections: tuple[str, ...] = (),
    urls: tuple[str, ...] = (),
    pagecl: tuple[str, ...] = (),
    disabled: frozenset[str] = frozenset(),
) -> tuple[str, str, str | None] | None:
    """The title, its witness and its heading, of a page with these headings, titles in data, head and tab."""
    found = headings(gather(LexborHTMLParser(f"<html><body>{markup}</body></html>")))
    claims = [
        Claims("jsonld", titles=ld, sections=sections),
        Claims("meta", titles=meta, urls=urls),
        Claims("state", titles=state),
        Claims("jsonld page", titles=pagecl),
    ]
    told = title.decide(found, claims, page, SITES, disabled)
    return None if told is None else (told.text, told.who, told.heading.text if told.heading else None)


CASES: list[tuple[str, dict[str, Any], tuple[str, str, str | None] | None]] = [
    (
        "<h1>Old quay closed until spring</h1>",
        {"ld": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring</h1>",
        {"ld": ("Something else entirely here",)},
        ("Something else entirely here", "jsonld", None),
    ),
    (
        "<h1>Old quay closed until spring</h1>",
        {},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1><span class=kicker>Harbour</span> Old quay closed until spring</h1>",
        {"ld": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Harbour Old quay closed until spring"),
    ),
    (
        "<h1><span class=kicker>Harbour</span> Old quay closed until spring</h1>",
        {"ld": ("Harbour: Old quay closed until spring",)},
        ("Harbour: Old quay closed until spring", "markup", "Harbour Old quay closed until spring"),
    ),
    (
        "<h1><span class=kicker>Harbour</span> Old quay closed until spring</h1>",
        {"ld": ("Harbour: Old quay closed until spring",), "pagecl": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Harbour Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring</h1><h2>What divers found below the water</h2>",
        {"ld": ("Old quay closed until spring",), "meta": ("What divers found below the water",)},
        ("What divers found below the water", "markup", "What divers found below the water"),
    ),
    (
        "<h1>Old quay closed until spring</h1><p>x</p><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><time>1</time><h2>What divers found below the water</h2>",
        {"ld": ("Old quay closed until spring",), "meta": ("What divers found below the water",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring: what it means</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring: what it means", "markup", "Old quay closed until spring: what it means"),
    ),
    (
        "<h1>Old quay closed until spring and what it means</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring and what it means", "markup", "Old quay closed until spring and what it means"),
    ),
    (
        "<h1>Old quay: what it means</h1>",
        {"meta": ("Old quay",)},
        ("Old quay: what it means", "markup", "Old quay: what it means"),
    ),
    (
        "<h1>The Courier</h1><h2>Old quay closed until spring</h2>",
        {"ld": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>More news</h1><h2>Old quay closed until spring</h2>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<div role=heading>Old quay closed until spring</div>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<div role=heading aria-level=1>Old quay closed until spring</div>",
        {},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring</h1>",
        {"meta": ("Short", "Old quay closed until spring")},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring</h1>",
        {"page": "Old quay closed until spring | The Courier"},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old quay closed until spring</h1>",
        {"page": "The Courier | Old quay closed until spring"},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1>Old <b>Old quay closed</b> now</h1>",
        {"page": "Old quay closed"},
        ("Old quay closed", "markup", "Old Old quay closed now"),
    ),
    (
        "<h1>closed until spring</h1>",
        {"ld": ("Old quay closed until spring",), "meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "closed until spring"),
    ),
    (
        "<h2>Old quay closed until spring</h2>",
        {"page": "Old quay closed until spring"},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h2>Old quay closed until spring</h2>",
        {"page": "The Courier"},
        ("Old quay closed until spring", "markup", None),
    ),
    (
        "<h1>Quay closed until the spring comes</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Quay closed until the spring comes", "markup", "Quay closed until the spring comes"),
    ),
    (
        "<h1>Subscribe to our letter now</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "meta", None),
    ),
    (
        "<h1>Spring in the old town</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Spring in the old town", "markup", "Spring in the old town"),
    ),
    (
        "<h1>Harbour</h1>",
        {"meta": ("Harbour closed for all boats",), "page": "Harbour closed for all boats"},
        ("Harbour closed for all boats", "meta", None),
    ),
    (
        "<h1>Boats must wait</h1>",
        {"meta": ("Old quay closed until spring",), "page": "Old quay closed until spring"},
        ("Old quay closed until spring", "meta", None),
    ),
    (
        "<h1>Old quay shut</h1>",
        {"meta": ("Old quay is closed until spring comes",), "page": "Old quay is closed until spring comes"},
        ("Old quay is closed until spring comes", "meta", None),
    ),
    (
        "<h1>Old quay shut</h1>",
        {
            "meta": ("Old quay is closed until spring comes",),
            "page": "Old quay is closed until spring comes",
            "disabled": frozenset({"fuller"}),
        },
        ("Old quay is closed until spring comes", "meta", None),
    ),
    (
        "<h1><a href=/x>Another story of the day here</a></h1>",
        {"page": "Old quay closed until spring"},
        ("Old quay closed until spring", "meta", None),
    ),
    ("<h1>Two words</h1>", {"page": "The news of the town"}, ("The news of the town", "meta", None)),
    ("<h1>Town words</h1>", {"page": "The news of the town"}, ("Town words", "markup", "Town words")),
    ("", {"ld": ("Old quay closed until spring",)}, ("Old quay closed until spring", "jsonld", None)),
    (
        "",
        {"meta": ("The Courier",), "page": "Old quay closed until spring"},
        ("Old quay closed until spring", "meta", None),
    ),
    ("", {"state": ("Old quay closed until spring",)}, ("Old quay closed until spring", "state", None)),
    ("", {"page": "Old quay closed until spring - The Courier"}, ("Old quay closed until spring", "meta", None)),
    ("", {}, None),
    (
        "<h1 class=logo>Old quay closed until spring</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "<h1 class='logo hidden'>Old quay closed until spring</h1>",
        {"meta": ("Old quay closed until spring",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    ("<h2>Another long heading of it</h2>", {}, ("Another long heading of it", "markup", None)),
    ("<h2>Two words</h2>", {}, None),
    ("<h2><a href=/x>Another long heading of it</a></h2>", {}, None),
    (
        "<h1>Old quay closed until spring</h1>",
        {"ld": ("Old quay closed until spring | Opinion",), "sections": ("Opinion",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "",
        {"ld": ("Old quay closed until spring | Opinion",), "sections": ("Opinion",)},
        ("Old quay closed until spring", "jsonld", None),
    ),
    (
        "",
        {"ld": ("Old quay closed until spring | Opinion",)},
        ("Old quay closed until spring | Opinion", "jsonld", None),
    ),
    (
        "",
        {"meta": ("Old quay closed until spring | Opinion",), "urls": ("https://c.example/opinion/quay",)},
        ("Old quay closed until spring", "meta", None),
    ),
    (
        "",
        {"ld": ("Old quay closed until spring - Opinion",), "sections": ("Opinion",)},
        ("Old quay closed until spring - Opinion", "jsonld", None),
    ),
    (
        "<h2>Old quay closed until spring</h2>",
        {"meta": ("Old quay closed until spring | Harbour of the valley",)},
        ("Old quay closed until spring", "markup", "Old quay closed until spring"),
    ),
    (
        "",
        {"meta": ("Old quay closed until spring | Harbour",), "page": "Old quay closed until spring"},
        ("Old quay closed until spring | Harbour", "meta", None),
    ),
]

SPRING = "Old quay closed until spring"
KICKER = "<h2><span class=kicker>Harbour</span> {}</h2>"
BELOW: list[tuple[str, dict[str, Any], tuple[str, str, str | None] | None]] = [
    (KICKER.format(SPRING), {"ld": (SPRING,)}, (SPRING, "markup", f"Harbour {SPRING}")),
    (KICKER.format(SPRING), {"ld": (SPRING,), "meta": (f"Harbour {SPRING}",)}, (f"Harbour {SPRING}", "markup", f"Harbour {SPRING}")),
    (KICKER.format(SPRING), {"ld": (SPRING, f"Harbour {SPRING}"), "meta": ("Something else",)}, (SPRING, "markup", f"Harbour {SPRING}")),
    (KICKER.format(SPRING), {"ld": (f"Harbour {SPRING}",), "meta": (SPRING,)}, (SPRING, "markup", f"Harbour {SPRING}")),
    (KICKER.format(SPRING.upper()), {"ld": (SPRING,)}, (SPRING, "markup", f"Harbour {SPRING.upper()}")),
    ("<h2>The Courier</h2>", {"ld": ("The Courier",)}, None),
    ("<h2>Another story</h2>" * 7 + f"<h2>{SPRING.upper()}</h2>", {"ld": (SPRING,)}, (SPRING, "markup", SPRING.upper())),
    ("<h2>Another story</h2>" * 8 + f"<h2>{SPRING.upper()}</h2>", {"ld": (SPRING,)}, (SPRING, "jsonld", None)),
    ("<div role=heading>Another story</div>" * 3 + f"<div role=heading>{SPRING.upper()}</div>", {"ld": (SPRING,)}, (SPRING, "markup", SPRING.upper())),
    ("<div role=heading>Another story</div>" * 4 + f"<div role=heading>{SPRING.upper()}</div>", {"ld": (SPRING,)}, (SPRING, "jsonld", None)),
]  # fmt: skip


def test_a_heading_of_a_lower_level_that_the_head_repeats() -> None:
    for markup, told, headline in BELOW:
        assert decided(markup, **told) == headline, (markup, told)


def test_which_title_is_the_headline() -> None:
    for markup, told, headline in CASES:
        assert decided(markup, **told) == headline, (markup, told)
