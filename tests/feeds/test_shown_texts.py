"""Everything that the program says of failures and troubles has a form, so that each reader sees it in their language.

The texts are found in the program itself: a new one without a form in `feeds/messages/forms` fails here.
"""

from __future__ import annotations

import ast

import pytest

from feeds.app.system.suggestions import no_such
from feeds.health.assess import NAMES
from feeds.messages import LANGUAGES
from feeds.messages.engine_words import is_known, said
from scrapers.extract import page_kind
from tests.support import shown_texts
from tests.support.shown_texts import HOLE, Shown, filled, shown

# where it is said → why that needs no translation
LEFT_OUT = {
    "feeds/topics/imports.py": "of a command that carries queries over",
    "feeds/recovery/": "of a command that rebuilds a store",
    "feeds/publish/": "of a file that is not written: the log has it, the trouble says that feeds are not written",
    "feeds/render/formats/validate.py": "a check of our own documents, which tells a developer what they lack",
    "feeds/app/jobs/queue/scraper.py": "of a scraper on another machine, to its own log",
    "feeds/store/queue/": "of the database of the queue, to the log",
    "feeds/app/jobs/reader_tokens.py: there is no": "the desk offers the private topics to choose from",
    "feeds/app/jobs/source_changes.py: there is no": "what is missing is named by who asks: see the test below",
    "scrapers/fetch/browser/subrequests.py": "of what a page asks for in the browser; the page itself is shown",
    "scrapers/fetch/http/transport.py: only web addresses": "httpcore has such a method; nobody calls it",
    "scrapers/crawl/scrape.py: there is no such page": "of a dictionary of pages, for tests",
}
# expressions that hand on what was said, and found, at another place
HANDED_ON = {
    "scrapers/fetch/http/exchange.py: str(error)",
    "scrapers/fetch/http/transport.py: kept[1]",
    "scrapers/schedule/next_visit.py: cause",
    "feeds/app/daemon/maintenance.py: why",
    "feeds/app/web/desk/pages/health.py: found['cause']",
    "feeds/identity/revisions.py: _in_words(real, facts)",
    "feeds/pipe/outcomes.py: skipped[key]",
    "feeds/store/retention.py: why",
    "feeds/topics/match/conditions.py: reason",
    "feeds/topics/query/parse.py: reason",
}


@pytest.fixture(scope="module")
def places() -> list[Shown]:
    return list(shown())


def test_every_text_has_a_form(places: list[Shown]) -> None:
    told = [(place, text) for place in places for text in place.texts or () if any(map(str.isalpha, text))]
    assert len(told) > 300
    used = set()
    without = []
    for place, text in told:
        out = [one for one in LEFT_OUT if f"{place.path}: {text}".startswith(one) or place.path.startswith(one)]
        used.update(out)
        if not out and not any(map(is_known, filled(text))):
            without.append(f"{place}\n    {text.replace(HOLE, '…')!r}")
    assert not without, "no form in feeds/messages/forms fits:\n" + "\n".join(without)
    assert used == set(LEFT_OUT)  # none that nobody says any more


def test_every_expression_is_understood(places: list[Shown]) -> None:
    unknown = {f"{place.path}: {place.source}" for place in places if place.texts is None}
    assert unknown == HANDED_ON


def test_a_text_without_a_form_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        'LATE = "too late"\n'
        "def ask(host, tries):\n"
        '    why = f"{host} sleeps after {tries:.0f} s" if tries else LATE\n'
        "    raise Unreachable(why, url=host)\n"
        "def note(run, error):\n"
        '    run.notes.append(f"{run.url}: {spoken(error)}")\n'
        "    run.notes.append(error.reason)\n"
        "    run.notes.append(run.other())\n"
        "def spoken(error):\n"
        '    return {1: "one", 2: "two " + LATE}.get(error, f"none of {error}")\n'
    )
    module = shown_texts.read(shown_texts.ROOT / "scrapers" / "made_up.py", ast.parse(source))
    monkeypatch.setattr(shown_texts, "modules", lambda: (module,))
    found = [place.texts for place in shown()]
    assert found[0] == (f"{HOLE} sleeps after {HOLE} s", "too late")
    assert found[1] == (f"{HOLE}: one", f"{HOLE}: two too late", f"{HOLE}: none of {HOLE}")
    assert found[2:] == [(), None]
    assert "12 sleeps after 3 d s" in filled(f"{HOLE} sleeps after {HOLE} s")
    assert not any(map(is_known, filled("too late")))


def test_what_fills_a_form_is_known_too() -> None:
    constants = [value for name, value in vars(page_kind).items() if name.isupper() and isinstance(value, str)]
    kinds = [value for value in constants if value.startswith(("a ", "an "))]
    assert len(kinds) >= 8
    names = ["harbour", "quay"]
    for text in (
        *kinds,
        *NAMES.values(),
        no_such("source", "harbor", names),
        no_such("source", "x", names),
        no_such("source", "x", [f"n{n}" for n in range(99)]),
        "store",  # folders of the disk
        "published folder",
    ):
        for language in LANGUAGES:
            assert said(text, language) != text or text in ("sections", "dates"), (text, language)
