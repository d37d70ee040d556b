"""The fields of an article are found again by the record that is stored of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from scrapers import Image, Known, Seed, Sight
from scrapers.extract.fields import authors as names
from scrapers.repair import article
from tests.support.redesigns import NOW, OLD, Told, new_article, old_article, page, record, seed


def look(body: str, told: Told) -> dict[str, Sight]:
    found = article.read(page(body, told.path), seed(**OLD), Known(record=record(told)), NOW)
    return {sight.field.removeprefix("extract."): sight for sight in found}


def test_the_old_selectors_are_right_on_the_old_page() -> None:
    told = Told(3)
    found = look(old_article(told), told)
    assert set(found) == set(OLD)
    assert all(sight.right for sight in found.values()), found
    assert found["title"].given == told.title


def test_each_field_is_found_on_the_new_page() -> None:
    told = Told(3)
    found = look(new_article(told), told)
    assert not any(sight.right for sight in found.values())
    best = {name: [one.selector for one in sight.candidates] for name, sight in found.items()}
    assert "h1.headline" in best["title"]
    assert ".topline" in best["section"]
    assert ".article-copy" in best["body"]
    assert any(".writer" in one for one in best["authors"])
    assert any(".when" in one for one in best["published"])


def test_a_decoy_with_the_same_class_is_passed_by() -> None:
    told = Told(3)
    found = look(new_article(told, decoy=Told(8)), told)
    # the other story's box stands first: the bare class would give its author and its date
    assert ".writer" not in [one.selector for one in found["authors"].candidates]
    assert ".when" not in [one.selector for one in found["published"].candidates]
    assert ".headline" not in [one.selector for one in found["title"].candidates]
    assert found["authors"].candidates and found["published"].candidates


def test_made_classes_are_used_by_the_part_that_people_wrote() -> None:
    told = Told(3)
    found = look(new_article(told, made=True), told)
    selectors = [one.selector for one in found["title"].candidates]
    assert 'h1[class*="Headline_title__"]' in selectors
    assert not any(
        "3KxYz" in one or "css-9q" in one for sight in found.values() for one in (c.selector for c in sight.candidates)
    )


def test_a_page_that_says_something_else_gives_no_selector() -> None:
    told = Told(3)
    found = look(new_article(told, title="Another headline that nobody has stored"), told)
    assert found["title"].candidates == ()
    assert found["body"].candidates


def test_a_field_that_the_record_lacks_is_not_looked_for() -> None:
    told = Told(3)
    known = record(told)
    bare = Known(record=type(known)(**{f: getattr(known, f) for f in known.__dataclass_fields__} | {"authors": ()}))
    found = article.read(page(new_article(told), told.path), seed(**OLD), bare, NOW)
    assert "extract.authors" not in [sight.field for sight in found]


def test_the_picture_is_found_by_its_address() -> None:
    told = Told(3)
    lead = '<figure class="lead-picture"><img class="lead-image" src="/pictures/3.jpg?w=640" alt=""></figure>'
    body = new_article(told).replace("<section", f"{lead}<section", 1).replace("</main>", '<img src="/x.jpg"></main>')
    for address, found in (("https://lantern.example/pictures/3.jpg?w=640", True), ("https://a.example/y.jpg", False)):
        known = Known(record=replace(record(told), image=Image(address), witnesses={"image": "selectors"}))
        sights = article.read(page(body, told.path), seed(**OLD, image=".story__picture"), known, NOW)
        (sight,) = [one for one in sights if one.field == "extract.image"]
        assert not sight.right
        assert any("lead-" in one.selector for one in sight.candidates) is found, sight


def test_a_hostile_page_costs_little() -> None:
    told = Told(3)
    deep = "<div class=a>" * 3000 + told.title + "</div>" * 3000
    found = look(f"<html><body>{deep}{'<p class=headline>x</p>' * 5000}</body></html>", told)
    assert not found["title"].right


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-03-01T12:00:00Z", True),
        ("2026-03-01T12:00:40Z", True),
        ("2026-03-01T14:00:00Z", False),
        ("1 March 2026, 14:00", True),  # without a zone: another date of the page tells it
        ("1 March 2026, 14:07", False),  # no zone is seven minutes away
        ("2 March 2026, 14:00", False),
        ("1 March 2026", True),
        ("no date at all", False),
    ],
)
def test_a_date_is_the_stored_one_as_far_as_it_says(text: str, same: bool) -> None:
    stored = replace(record(Told(3)), language="en")
    here = SimpleNamespace(seed=Seed(name="courier", home="https://courier.example/"), record=stored, now=NOW)
    assert article._same_moment(text, datetime(2026, 3, 1, 12, tzinfo=UTC), here) is same  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "changes", "alike"),
    [
        ("title", {"title": "The FERRY to Osmund  Bay"}, None),
        ("title", {"title": "Another title"}, False),
        ("body", {}, True),
        ("body", {"title": "Another title"}, True),
        ("body", {"text": "Nothing of it."}, False),
        ("body", {"text": "\n".join((*Told(3).paragraphs(), "x" * 2000))}, False),
        ("body", {"text": "\n".join(Told(3).paragraphs()).upper()}, True),
        ("authors", {"authors": ("JON TARROW",)}, None),
        ("authors", {"authors": ()}, False),
        ("published", {"published": NOW}, False),
        ("section", {"section": "harbour"}, True),
        ("section", {"section": "Town"}, False),
    ],
)
def test_whether_two_records_say_the_same_of_a_field(field: str, changes: dict[str, Any], alike: bool | None) -> None:
    mine = record(Told(3))
    theirs = replace(mine, **changes)
    folded = getattr(mine, field, None)
    if alike is None:  # the same but for its letters
        said = getattr(theirs, field)
        alike = names.fold("".join(said)) == names.fold("".join(folded or ""))
    assert article.same(field, mine, theirs) is alike


def test_what_a_selector_gives_is_shown_as_text() -> None:
    told = Told(3)
    given = look(old_article(told), told)["body"].given
    assert given.startswith(told.paragraphs()[0][:40]) and "<" not in given


def test_a_title_in_parts_is_found_as_a_whole() -> None:
    told = Told(3)
    first, _, rest = told.title.partition(" ")
    body = new_article(told).replace(f">{told.title}</h1>", f"><span>{first}</span><span>{rest}</span></h1>")
    assert "h1.headline" in [one.selector for one in look(body, told)["title"].candidates]


def test_a_second_copy_of_the_text_is_no_place_of_it() -> None:
    told = Told(3)
    again = f'<div class="print-only">{"".join(f"<p>{line}</p>" for line in told.paragraphs())}</div>'
    found = look(new_article(told).replace("</main>", f"</main>{again}"), told)["body"]
    assert ".article-copy" in [one.selector for one in found.candidates]
    assert not [one for one in found.candidates if "print-only" in one.selector]


def test_the_body_of_a_selector_is_right_when_it_holds_the_text_and_little_else() -> None:
    lines = Told(3).paragraphs()
    markup = "".join(f"<p>{line}</p>" for line in lines)
    text = "\n".join(lines)
    assert article._same_body(markup, text)
    assert article._same_body(markup + "<p>Read more of it.</p>", text)
    assert not article._same_body(markup + f"<p>{'Another story of the day. ' * 60}</p>", text), "it holds much else"
    assert not article._same_body(f"<p>{lines[0]}</p>", text), "it holds a part"
    assert not article._same_body("", text)


@pytest.mark.parametrize(
    ("shown", "text", "same"),
    [
        (f"{'a' * 90}\n{'c' * 10}", f"{'a' * 90}\n{'b' * 10}", True),
        (f"{'a' * 89}\n{'c' * 11}", f"{'a' * 89}\n{'b' * 11}", False),
        (f"{'a' * 1000}", f"{'a' * 1000}", True),
        (f"{'a' * 100}\n{'x' * 434}", "a" * 100, True),  # 1.35 times the text and 400 more
        (f"{'a' * 100}\n{'x' * 435}", "a" * 100, False),
        ("a", "a", True),
        ("", "", False),
    ],
)
def test_a_body_is_the_same_from_nine_tenths_on_and_up_to_a_third_more(shown: str, text: str, same: bool) -> None:
    assert article._same_body("".join(f"<p>{line}</p>" for line in shown.split("\n")), text) is same
