"""What texts look like and how alike they are, in numbers: sketches are stored, so they must stay as they are."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.identity import similarity
from feeds.identity.boilerplate import Boilerplate, find_boilerplate
from feeds.identity.similarity import (
    Candidate,
    Look,
    MemoryIndex,
    alike,
    look,
    page,
    recurring,
    same_heading,
    sketch,
    verify,
    words,
)
from feeds.identity.similarity import repeated_paragraphs as paragraphs
from feeds.rows import Neighbour
from tests.feeds.identity.test_dedupe import NOW, OTHER, TEXT, a_record
from tests.support.cases import judged

FERRY = look("Ferry returns to the harbour", TEXT, NOW)
CUT = "\n".join(TEXT.split("\n")[:3]) + " Nobody had expected it at 7 in the morning."
RETOLD = look("Ferry returns", CUT, NOW + timedelta(hours=5))


def test_what_a_text_looks_like() -> None:
    assert (FERRY.content, FERRY.tokens, FERRY.when) == ("09a85814eceff08ae668926d7d2d4fa9", 101, 492324.0)
    assert FERRY.hashes[:3] == (337185504829652958, 374671255726984251, 417905054001237454)
    assert FERRY.hashes == tuple(sorted(set(FERRY.run))[:16])
    assert (len(FERRY.run), len(FERRY.shingles), FERRY.lead) == (99, 99, frozenset(FERRY.run[:38]))
    assert FERRY.numbers == {"10", "14", "2,400,000", "22", "35"}
    assert FERRY.names == {"A", "Anna", "April", "Erik", "Holm", "It", "Lind", "Norra", "The", "Varvet"}
    assert FERRY.title == {"ferry", "harbour", "returns", "the", "to"}
    assert FERRY.count(["ferry", "harbour", "ferr", "erry"]) == 2
    assert FERRY.count(set(words(TEXT))) == len(set(words(TEXT)))
    assert (FERRY.heading, FERRY.text) == ("Ferry returns to the harbour", TEXT)
    FERRY.slim()
    assert not {"shingles", "lead", "numbers", "title", "names", "runs", "_apart"} & set(FERRY.__dict__)


def test_what_a_text_of_several_scripts_looks_like() -> None:
    text = "漁船は港に戻った。Über 3,5 Boote fuhren İstanbul ﬁne “quote” don’t 2.400"
    seen = look("漁船", text, NOW)
    assert (seen.content, seen.tokens) == ("bfe925df37b4aa9878e27e6f05ce1343", 20)
    assert (seen.numbers, seen.names) == ({"3,5", "2.400"}, {"Boote", "Über", "İstanbul"})
    assert seen.title == {"漁", "船"}
    assert words(text) == [
        *"漁船は港に戻った", "über", "3", "5", "boote", "fuhren", "i̇stanbul", "fine", "quote", "don", "t", "2", "400",
    ]  # fmt: skip
    assert words("A-b_c D'e 3.5") == ["a", "b", "c", "d", "e", "3", "5"]
    assert words("Ä-b_c D'e 3.5") == ["ä", "b", "c", "d", "e", "3", "5"]


@pytest.mark.parametrize(
    ("text", "tokens", "hashes"),
    [("one two three", 3, (15483868534080102545,)), ("one two", 2, (14301085150108475907,)), ("", 0, ())],
)
def test_a_short_text_is_one_run(text: str, tokens: int, hashes: tuple[int, ...]) -> None:
    seen = look("", text, NOW)
    assert (seen.tokens, seen.hashes, tuple(seen.run)) == (tokens, hashes, hashes)


def test_a_text_is_read_as_far_as_its_bounds() -> None:
    long = " ".join(f"w{n}" for n in range(4001))
    assert look("", long, NOW) == replace(look("", long.rpartition(" ")[0], NOW), text=long)
    wide = "x" * 39_999 + " y z"
    assert look("", wide, NOW) == look("", wide[:40_000], NOW)
    assert look("", wide, NOW).tokens == 1


@pytest.mark.parametrize(("own", "tokens"), [(40, 40), (39, 101), (10, 101), (9, 9), (0, 0)])
def test_a_text_without_boilerplate_is_looked_at_where_enough_is_left(own: int, tokens: int) -> None:
    assert look("", TEXT, NOW, " ".join(TEXT.split()[:own])).tokens in (tokens, tokens - 1, tokens + 1)
    exact = " ".join("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"[:own])
    assert look("", TEXT, NOW, exact).tokens == tokens


def test_the_sixteen_smallest_runs_are_the_sketch() -> None:
    def smallest(hashes: Iterable[int]) -> tuple[int, ...]:
        found = list(hashes)
        return sketch._smallest(found, array("Q", found))

    high, byte = (1 << 64) - 1, 1 << 56
    assert smallest(high - n for n in range(20)) == tuple(high - n for n in range(19, 3, -1))
    assert smallest(range(40, 0, -1)) == tuple(range(1, 17))
    assert smallest([5, 5, 3]) == (3, 5)
    assert smallest([]) == ()
    spread = [n * 131 % 512 * byte // 2 + n for n in range(512)]
    assert smallest(spread) == tuple(sorted(spread)[:16])
    crowded = [17 * byte + n for n in range(400, 0, -1)]
    assert smallest([*crowded, *range(15)]) == (*range(15), 17 * byte + 1)


def test_how_alike_two_texts_are() -> None:
    formulas = frozenset(FERRY.run[:7])
    found = verify.features(FERRY, RETOLD, formulas)
    assert found is not None and found == verify.features(RETOLD, FERRY, formulas)
    assert dict(zip(verify.FEATURES, (round(value, 6) for value in found), strict=True)) == {
        "smaller": 0.867647, "larger": 0.59596, "jaccard": 0.546296, "lead_of_larger": 1.0, "numbers": 0.166667,
        "names": 0.3125, "smaller*lead": 0.867647, "shared": 4.094345, "title": 1.0, "numbers*smaller": 0.144608,
        "names*smaller": 0.27114, "gap": 1.791759, "blocks": 0.0, "numbers_apart": 0.25, "place": 0.292929,
        "title_in_text": 0.55, "lengths": 0.686869, "leads": 1.0, "lead_of_smaller": 1.0, "formulas": 0.118644,
        "no_formulas": 0.0,
    }  # fmt: skip
    evidence = alike(FERRY, RETOLD)
    assert (round(evidence.probability, 6), evidence.shared, round(evidence.smaller, 6)) == (0.997645, 59, 0.867647)
    assert str(evidence) == "87% of the shorter text is in the longer one (p = 0.998)"
    assert alike(FERRY, FERRY) == similarity.Evidence(1.0, 99, 1.0)
    assert alike(FERRY, look("Oaks", OTHER, NOW)) == similarity.Evidence(0.0, 0, 0.0)


def test_a_text_that_lies_behind_another() -> None:
    found = verify.features(FERRY, look("x", f"{OTHER}\n{TEXT}", NOW))
    assert found is not None
    assert [round(value, 6) for value in found] == [
        1.0, 0.512953, 0.512953, 0.0, 0.416667, 0.5, 0.0, 4.60517, 0.0, 0.416667, 0.5, 0.0, 0.0, 0.0, 0.740933, 0.4,
        0.512953, 0.0, 1.0, 0.0, 1.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "enough", "facts"),
    [
        ("abcdef", "abcdef", 6, (0.5, 0.0)),
        ("abc", "abc", 6, (0.25, 0.0)),
        ("abcdefgh", "abcdxyzw", 6, (0.0, 0.5)),
        ("ab", "abcdefgh", 6, (1 / 6, 0.0)),
        ("ab", "cd", 2, (-0.5, 1.0)),
        ("", "ab", 6, (0.0, 0.0)),
    ],
)
def test_shared_facts(a: str, b: str, enough: int, facts: tuple[float, float]) -> None:
    for one, other in ((a, b), (b, a)):
        found = verify._facts(frozenset(one), frozenset(other), enough)
        assert found == pytest.approx(facts)


@pytest.mark.parametrize(("alone", "share"), [(13, 0.0), (14, 0.14), (20, 0.2)])
def test_blocks_that_the_other_does_not_have(alone: int, share: float) -> None:
    text = replace(FERRY, run=array("Q", range(100)))
    assert verify._blocks(text, frozenset(range(100)) - frozenset(range(30, 30 + alone))) == share
    assert verify._blocks(text, frozenset(range(0, 100, 14))) == 0.0


def test_next_to_nothing_in_common_is_not_looked_at() -> None:
    text = replace(FERRY, run=array("Q", range(100)), content="a")
    for shared, found in ((4, False), (5, True)):
        other = replace(FERRY, run=array("Q", [*range(shared), *range(1000, 1120)]), content="b")
        for one in (text, other):
            one.slim()
        assert (verify.features(text, other) is not None) is found


# --- the index in memory


def held(*hashes: int, content: str = "") -> Look:
    return replace(FERRY, hashes=hashes, content=content or str(hashes))


def test_an_index_names_the_best_first() -> None:
    index = MemoryIndex()
    for n, one in enumerate((held(1, 2), held(1), held(3), held(1, 2, 3), held(9))):
        index.add(n, n // 2, one)
    assert [one.record for one in index.candidates(held(1, 2, 3))] == [3, 0, 2, 1]
    assert index.candidates(held(7)) == []
    assert index.candidates(held(9)) == [Candidate(4, 2, held(9))]
    index.add(4, 7, held(1))
    assert index.candidates(held(9)) == []
    index.remove(3)
    index.remove(3)
    assert [one.record for one in index.candidates(held(1, 2, 3))] == [0, 2, 1, 4]
    assert (index.representative(0), index.representative(7), index.representative(5)) == (held(1, 2), held(1), None)


def test_an_index_gives_six_and_leaves_what_too_many_have() -> None:
    index = MemoryIndex()
    for n in range(64):
        index.add(n, n, held(1, *([2] if n < 63 else [])))
    assert index.candidates(held(1)) == []
    assert [one.record for one in index.candidates(held(2))] == [0, 1, 2, 3, 4, 5]
    index.remove(0)
    assert len(index.candidates(held(1))) == 6
    assert index.equals(held(1, 2)) == Candidate(1, 1, held(1, 2))
    assert index.equals(held(1)) == Candidate(63, 63, held(1))
    assert index.equals(held(5)) is None
    assert math.isclose(math.log(64 / 63), 0.01574, abs_tol=1e-4)


# --- paragraphs that a site has everywhere


@pytest.mark.parametrize(
    ("line", "long"),
    [
        ("a b c d e", True),
        ("a b c d", False),
        ("x" * 12, True),
        ("x" * 11, False),
        ("xxxxxxxxxxxx y", False),
        ("", False),
    ],
)
def test_a_line_that_may_be_boilerplate(line: str, long: bool) -> None:
    assert paragraphs._is_long(line) is long


@judged(
    "a, b, same",
    yes=[
        ("Ferry returns", "Ferry sails"),  # 2 of 4
        ("Ferry returns", "The returns were bad"),
        ("Off it", "Off we"),
        ("漁船が港", "漁船が海"),
    ],
    no=[
        ("Ferry arrives in harbour", "Ferry leaves"),  # 2 of 2 + 3
        ("Ferry arrives in harbour now", "Ferry is departing today"),  # 2 of 2 + 6 + 2
        ("Off it is", "Off we go"),
        ("", "Ferry"),
        ("", ""),
        ("漁船が港に", "漁船は海に"),
    ],
)
def test_two_headlines(a: str, b: str, same: bool) -> None:
    assert same_heading(a, b) is same_heading(b, a) is same


@pytest.mark.parametrize(
    ("word", "weight"), [("abc", 1), ("abcd", 1), ("abcde", 2), ("abcdefghi", 6), ("abcdefghij", 6)]
)
def test_a_longer_word_of_a_headline_tells_more(word: str, weight: int) -> None:
    assert paragraphs._weight(word) == weight


LINE = "A line that many pages have."
TITLES = ("ferry", "oaks planted", "museum", "bakery", "lottery")


def pages(count: int, **more: object) -> list[paragraphs.Page]:
    return [page(f"k{n}", TITLES[n], f"Own line of the page number {n}.\n{LINE}") for n in range(count)]


def test_a_line_of_three_stories_is_boilerplate() -> None:
    assert recurring(pages(2)) == frozenset()
    three = pages(3)
    assert recurring(three) == {LINE}
    assert recurring(three, []) == frozenset()
    assert recurring(three, three[:1]) == {LINE}
    one_story = [replace(one, story=7) for one in three]
    assert recurring(one_story) == frozenset()
    assert recurring([*one_story, *pages(5)[3:]]) == {LINE}
    assert recurring([three[0], three[1], page("k", "Ferry sails", LINE)]) == frozenset()
    assert paragraphs.marked(three[0], {LINE}) == (1,)
    assert paragraphs.marked(three[0], ()) == ()
    assert page("k", "T", "\n".join(["five words in one line"] * 401)).lines == ("five words in one line",) * 400


def test_words_of_more_than_a_quarter_of_many_headlines_tell_nothing() -> None:
    def site(count: int, named: int) -> list[paragraphs.Page]:
        return [page(f"k{n}", f"live number{n}" if n < named else f"number{n}", "") for n in range(count)]

    assert paragraphs._common(site(12, 4)) == {"live"}
    assert paragraphs._common(site(12, 3)) == frozenset()
    assert paragraphs._common(site(11, 11)) == frozenset()


class Stored:
    """A store of some records: (source, keys, limit) of each question in `asked`."""

    def __init__(self, rows: list[Neighbour]) -> None:
        self.rows = rows
        self.asked: list[tuple[str, list[str], int]] = []

    def neighbours(self, source: str, keys: object, limit: int) -> list[Neighbour]:
        self.asked.append((source, list(keys), limit))  # type: ignore[call-overload]
        return self.rows


def test_boilerplate_of_new_records_and_of_stored_ones() -> None:
    text = f"Own line of this one page.\n{LINE}"
    fresh = [
        a_record("s", "new", title="Lottery", text=text),
        a_record("s", "k1", title="Oaks", text=f"{LINE}\nOther."),
    ]
    rows = [
        Neighbour(n, f"s.example/k{n}", 10 + n, title, f"Another line of the page {n}.\n{LINE}", boilerplate)
        for n, (title, boilerplate) in enumerate((("Ferry", ()), ("Oaks", (0, 9)), ("Museum", (1,))))
    ]
    store = Stored(rows)
    first, again = (record.key for record in fresh)
    found = find_boilerplate(store, "s", fresh)
    assert found == Boilerplate({first: (1,), again: (0,)}, {0: (1,), 1: (0, 1)})
    assert store.asked == [("s", [first, again], 60)]
    assert find_boilerplate(store, "s", []) == Boilerplate({}, {})
    alone = find_boilerplate(Stored(rows[1:2]), "s", fresh[1:])
    assert alone == Boilerplate({again: ()}, {1: (0,)}), "what was known of it stays, and what has gone does not"
