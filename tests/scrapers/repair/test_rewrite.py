"""A seed file with other selectors: what is not a selector stays byte for byte."""

from __future__ import annotations

import tomllib

import pytest

from scrapers import SeedError, rewritten

INLINE = """\
# The Lantern, found in spring
home     = "https://lantern.example/"   # its front
language = "en"

discover = { links = "h2.story__title a", exclude = ["/shop/"] }
extract  = { title = "h1.story__title", drop = [".newsletter"] }   # only what the general reader gets wrong
expect   = { records_per_day = 5 }
"""

TABLES = """\
home = 'https://lantern.example/'

[discover]
# the front has two lists
links = "h2.story__title a" # the upper one

[extract]
  title   =   'h1.story__title'
authors = ".by"
"""


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.split("\n"), after.split("\n")
    assert len(old) == len(new)
    return [(a, b) for a, b in zip(old, new, strict=True) if a != b]


def test_inside_braces_the_comment_goes_behind_them() -> None:
    after = rewritten(INLINE, {"extract.title": "h1.headline"}, "repaired 2026-03-10")
    ((_, line),) = changed_lines(INLINE, after)
    assert line == (
        'extract  = { title = "h1.headline", drop = [".newsletter"] }   # only what the general reader gets wrong;'
        " repaired 2026-03-10: title was h1.story__title"
    )
    assert tomllib.loads(after)["extract"] == {"title": "h1.headline", "drop": [".newsletter"]}


def test_in_a_table_the_line_of_the_key_says_what_was_there() -> None:
    after = rewritten(TABLES, {"discover.links": "h3.teaser a", "extract.title": "h1.headline"}, "repaired 2026-03-10")
    assert [line for _, line in changed_lines(TABLES, after)] == [
        'links = "h3.teaser a" # the upper one; repaired 2026-03-10: was h2.story__title a',
        '  title   =   "h1.headline"  # repaired 2026-03-10: was h1.story__title',
    ]


def test_dotted_keys_and_other_line_ends_stay_as_they_are() -> None:
    text = 'home = "https://lantern.example/"\r\nextract.title = "h1.a"\r\nextract.authors = ".b"\r\n'
    after = rewritten(text, {"extract.title": 'h1[itemprop="headline"]'}, "repaired")
    assert after.replace("""'h1[itemprop="headline"]'  # repaired: was h1.a""", '"h1.a"') == text
    assert tomllib.loads(after)["extract"] == {"title": 'h1[itemprop="headline"]', "authors": ".b"}


def test_two_of_one_table_in_braces_share_a_comment() -> None:
    text = 'home = "https://lantern.example/"\nextract = { title = "h1.a", authors = ".b" }\n'
    after = rewritten(text, {"extract.title": "h1.c", "extract.authors": ".d"}, "repaired")
    assert after.endswith('extract = { title = "h1.c", authors = ".d" }  # repaired: title was h1.a, authors was .b\n')


def test_a_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(SeedError, match=r"extract\.authors: is not in the file"):
        rewritten(INLINE, {"extract.authors": ".d"}, "repaired")
    with pytest.raises(SeedError, match="no TOML"):
        rewritten("home = ", {"extract.title": "h1"}, "repaired")
