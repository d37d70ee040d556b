"""The decision among the witnesses, field by field, and what each field refuses."""
# ruff: noqa: E501  (a row of a table stays on its line)

from __future__ import annotations

from typing import Any

import pytest

from scrapers.extract.claims import Claims
from scrapers.extract.fields import addresses, decide, language, site_name, sponsored
from scrapers.extract.fields.headings import Spot
from scrapers.extract.readers.visible import Shown
from scrapers.model import Image

SITES = frozenset({"courier", "the courier"})
TITLE = "Old quay closed until the spring"
EMPTY = Claims("markup")


def test_the_authors_of_an_article() -> None:
    """Each claim is (witness, names)."""
    ada, ben = ("Ada Marsh",), ("Ben Roe",)
    for claims, names, who in (
        ([], (), ""),
        ([("jsonld", ada)], ada, "jsonld"),
        ([("jsonld", ()), ("meta", ada)], ada, "meta"),
        ([("jsonld", ("Ada Marsh", "ada marsh", TITLE))], ada, "jsonld"),
        ([("jsonld", ("Ada Marsh", "Ada Marsh Lund"))], ("Ada Marsh Lund",), "jsonld"),
        ([("jsonld", ("The Courier",))], ("The Courier",), "jsonld"),
        ([("jsonld", ("The Courier",)), ("markup", ada)], ada, "markup"),
        ([("markup", ("The Courier",))], (), ""),
        ([("meta", ("x", "y", "The Courier"))], (), ""),
        ([("jsonld", ada), ("meta", ben), ("byline", ben)], ben, "meta"),
        ([("jsonld", ada), ("meta", ben)], ada, "jsonld"),
        ([("jsonld", ada), ("markup", ben), ("byline", ben)], ada, "jsonld"),
        ([("jsonld", ada), ("meta", (*ada, *ben)), ("byline", (*ada, *ben))], ada, "jsonld"),
        ([("jsonld", ("amarsh",)), ("meta", ada)], ada, "meta"),
        ([("jsonld", ("amarsh",))], ("amarsh",), "jsonld"),
        ([("byline", ("Author | The Courier", "Ben Roe"))], (), ""),
        ([("byline", ("By Ada Marsh", "By Ben Roe"))], (*ada, *ben), "byline"),
    ):
        found = decide.authors([Claims(witness, authors=told) for witness, told in claims], SITES, TITLE)  # type: ignore[arg-type]
        assert found == (names, who), claims


def shown(**told: Any) -> Shown:
    subtitles = told.pop("subtitles", ())
    whole: dict[str, Any] = {"dates": (), "introductions": (), "lines": (), "below": "", "labels": ()}
    return Shown(Claims("markup", subtitles=subtitles), EMPTY, **whole | told)


MARKED, LINE, TOLD = (
    "Nobody lands there for months.",
    "The ferries land at the new pier for months.",
    "The ferries land at the new pier for months, says the town.",
)


def test_the_standfirst() -> None:
    for candidates, seen, found in (
        ([], {}, (None, "")),
        ([("meta", TOLD)], {}, (TOLD, "meta")),
        ([("selectors", TOLD)], {"subtitles": (MARKED,)}, (TOLD, "selectors")),
        ([("meta", TOLD)], {"subtitles": (MARKED,)}, (MARKED, "markup")),
        ([("meta", TOLD)], {"introductions": (MARKED,)}, (MARKED, "markup")),
        ([("meta", TOLD)], {"lines": (MARKED,)}, (TOLD, "meta")),
        ([("meta", TOLD)], {"lines": (MARKED, LINE)}, (LINE, "markup")),
        ([("meta", TOLD)], {"introductions": (MARKED,), "lines": (LINE,)}, (LINE, "markup")),
        ([("meta", TOLD)], {"below": MARKED}, (MARKED, "markup")),
        ([], {"below": MARKED.rstrip(".")}, (None, "")),
        ([("meta", "Too short")], {}, (None, "")),
        ([("meta", TITLE)], {}, (None, "")),
        ([("meta", f"{TITLE}, and more")], {}, (None, "")),
        ([("meta", "Photo by Eva Roos: boats in the ice")], {}, (None, "")),
        ([("meta", "It was closed at 10:30 by the harbour master")], {}, (None, "")),
        ([("meta", "Lesezeit vier Minuten, mit einem Bild")], {}, (None, "")),
        ([("meta", "The ferries land at the …"), ("jsonld", TOLD)], {}, (TOLD, "jsonld")),
        ([("meta", "The ferries land at the"), ("jsonld", TOLD)], {}, (TOLD, "jsonld")),
        ([("meta", "The ferries land at."), ("jsonld", TOLD)], {}, ("The ferries land at.", "meta")),
        ([("meta", "The ferries land at the …"), ("jsonld", "The ferries land at the new …")], {}, ("The ferries land at the …", "meta")),
        ([("meta", "The ferries land there | ")], {}, ("The ferries land there", "meta")),
    ):  # fmt: skip
        assert decide.subtitle(candidates, shown(**seen), TITLE) == found, (candidates, seen)
    assert decide.subtitle([], shown(below=MARKED), TITLE, frozenset(["below"])) == (None, "")
    for text, told, agrees in (
        (LINE, TOLD, True),
        (MARKED, TOLD, False),
        (MARKED, None, True),
        ("Nobody", None, False),
        (LINE * 9, TOLD, True),
        ("a b c", "a b c", False),
    ):
        assert decide.agrees(text, told) is agrees, text
    body = "It was closed on Monday. " * 40
    for text, excerpt in ((body[:420], False), (body[:421], True), ("x" * 500, False)):
        assert decide.is_excerpt(text, body) is excerpt


def test_tags_sections_publishers_and_pictures() -> None:
    for tags, found in (
        (("quays", " Quays ", "#boats;"), ("quays", "boats")),
        (("The Courier", "https://x.example", "4711", "ab_cd", "type: x", "ns:tag", "x" * 101, "", "{a"), ()),
        (("x" * 100,), ("x" * 100,)),
    ):
        assert decide.tags([Claims("meta", tags=tags)], SITES) == (found, "meta" if found else "")
    assert decide.tags([Claims("meta"), Claims("markup", tags=("a b",))], SITES) == (("a b",), "markup")
    for sections, name in (
        (("Harbour",), "Harbour"), (("Home", "Harbour"), "Harbour"), (("The Courier",), None), ((TITLE,), None), (("x" * 61,), None),
        (("http://x",), None), (("Top,Local",), "Top"), (("Home,Local",), "Local"), (("Food, Drink & Travel",), "Food, Drink & Travel"),
    ):  # fmt: skip
        assert decide.section([Claims("meta", sections=sections)], SITES, TITLE) == (name, "meta" if name else "")
    for names, name in ((("C", "Courier"), "Courier"), (("a@b", "http://c", "x" * 81), None), (("x" * 80,), "x" * 80)):
        assert decide.publisher([Claims("meta", publishers=names)]) == (name, "meta" if name else "")
    base = "https://courier.example/a/"
    for who, image, url in (
        ("meta", Image("/a.jpg"), "https://courier.example/a.jpg"),
        ("meta", Image(""), None),
        ("meta", Image("/logo.png"), None),
        ("selectors", Image("/logo.png"), "https://courier.example/logo.png"),
    ):
        made, told = decide.image([Claims(who, images=(image,))], base)  # type: ignore[arg-type]
        assert (made and made.url, told) == (url, who if url else ""), image
    made, _ = decide.image([Claims("meta", images=(Image("/a.jpg", caption="Boats. Photo: Eva Roos"),))], base)
    assert made is not None and (made.caption, made.credit) == ("Boats.", "Photo: Eva Roos")


def test_the_language_of_a_page() -> None:
    for declared, found in (
        ("de", "de"), ("de-at", "de-AT"), ("de_AT.UTF-8", "de-AT"), ("zh-hant", "zh-Hant"), ("zh-Hans-CN", "zh-Hans"), ("es-419", "es-419"),
        ("English", "en"), (" français ", "fr"), ("eng", "en"), ("jp", "ja"), ("fil", "fil"), ("xyz", None), ("de, en", "de"), ("", None),
        ("nonsense", None), ("d", None), ("in-ID", "id-ID"),
    ):  # fmt: skip
        assert language.tag(declared) == found, declared
    english = (
        "The harbour master said on Monday that the old quay would be closed for repairs until the end of the spring."
    )
    german = "Der Hafenmeister sagte am Montag, dass der alte Kai bis zum Ende des Frühlings für die Arbeiten geschlossen ist."
    for told, text, found in (
        (["en"], english, ("en", "declared")),
        (["de"], english, ("en", "text")),
        (["de", "en"], english, ("en", "declared")),
        (["en"], german, ("de", "text")),
        ([], english, ("en", "text")),
        ([], "Ok", (None, "")),
        (["nonsense"], "Ok", (None, "")),
        (["de"], "Ok", ("de", "declared")),
        (["nb"], "Havnesjefen sa på mandag at den gamle kaien skal være stengt til våren, og det er ikke bra for alle som bor her.", ("nb", "declared")),
        (["ja"], "谷の川では三月四日の朝、厚い氷が解けて、四十隻の船が下流の水門を通った。", ("ja", "declared")),
        (["en"], "谷の川では三月四日の朝、厚い氷が解けて、四十隻の船が下流の水門を通った。", ("ja", "text")),
        (["en"], "山谷河流三月四日早晨冰面融化，四十艘船只通过了下游的水闸，居民在桥上观看。", ("zh", "text")),
        (["ru"], "Начальник порта сказал в понедельник, что старый причал будет закрыт до конца весны, и это не всё.", ("ru", "declared")),
        (["uk"], "Начальник порта сказал в понедельник, что старый причал будет закрыт до конца весны, и это не всё.", ("ru", "text")),
    ):  # fmt: skip
        assert language.decide(told, text) == found, (told, text)


def test_addresses_names_of_a_site_and_what_is_paid_for() -> None:
    base = "https://courier.example/a"
    for claims, base_url, found in (
        ([Claims("meta", urls=("/q", "https://courier.example/q?a=1"))], base, ("https://courier.example/q", ("https://courier.example/q", "https://courier.example/q?a=1"))),
        ([Claims("jsonld", urls=("/q",))], base, (None, ("https://courier.example/q",))),
        ([Claims("meta", urls=("/",))], base, (None, ())),
        ([Claims("meta", urls=("https://courier.example",))], base, (None, ())),
        ([Claims("meta", amp=("/amp/q",))], base, (None, ("https://courier.example/amp/q",))),
        ([Claims("meta", urls=("/q",))], "", (None, ())),
        ([Claims("meta", urls=("https://courier.example/q",))], "", ("https://courier.example/q", ("https://courier.example/q",))),
        ([Claims("meta", urls=tuple(f"/{n}" for n in range(9)))], base, ("https://courier.example/0", tuple(f"https://courier.example/{n}" for n in range(8)))),
    ):  # fmt: skip
        assert addresses.decide(claims, base_url) == found, claims
    for address, path in (
        ("https://c.example/a?b", "/a"),
        ("", ""),
        ("https://[", ""),
        ("https://c.example/" + "a" * 600, "/" + "a" * 499),
    ):
        assert addresses.path(address) == path
    names = site_name.site_names(
        [Claims("meta", publishers=("The Courier",))], "www.harbour-post.example", [None, "Post"]
    )
    assert names == {"the courier", "post", "www harbour post example", "harbour post example", "harbour post"}
    assert site_name.site_names([Claims("meta", publishers=("C",))], "127.0.0.1") == frozenset()
    for title, others, found in (
        ("Old quay closed | The Courier", (), "Old quay closed"),
        ("The Courier | Old quay closed", (), "Old quay closed"),
        ("The Courier | Old quay closed | The Courier", (), "Old quay closed"),
        ("Old quay closed | Harbour | The Courier", (), "Old quay closed | Harbour"),
        ("Old quay closed | Harbour", ("old quay closed",), "Old quay closed"),
        ("Harbour | Old quay closed", ("old quay closed",), "Old quay closed"),
        ("Old quay closed | Harbour", ("old quay closed harbour",), "Old quay closed | Harbour"),
        ("Old quay closed | The Courier Online", (), "Old quay closed"),
        ("Old quay closed", (), "Old quay closed"),
        ("Old quay : The Courier Archive | Halyard", (), "Old quay"),
    ):
        assert site_name.bare(title, SITES, frozenset(others)) == found, (title, others)
    for name, found in (("Harbour", "Old quay"), ("Harb", "Old quay"), ("Mill", None), ("", None)):
        assert site_name.without_ending("Old quay | Harbour News", name) == found
    assert site_name.without_ending("| Harbour", "Harbour") is None
    link = Spot(0, "a", {"rel": "nofollow sponsored", "href": "https://www.sofabarn.example/x"}, None)  # type: ignore[arg-type]
    for asked, paid in (
        ({}, False), ({"kinds": ["AdvertiserContentArticle"]}, True), ({"kinds": [None, "NewsArticle"]}, False),
        ({"sections": ["Sponsored Content"]}, True), ({"near": ["Anzeigen-Sonderveröffentlichung"]}, True), ({"near": ["Advertisement"]}, False),
        ({"rels": [link]}, False), ({"rels": [link], "title": "What Sofabarn makes"}, True),
        ({"rels": [link], "title": "What Sofabarn makes", "address": "https://sofabarn.example/"}, False),
        ({"rels": [link._replace(attributes={"rel": "nofollow", "href": "https://sofabarn.example/"})], "title": "What Sofabarn makes"}, False),
    ):  # fmt: skip
        told = {"address": base, "title": TITLE, "kinds": (), "sections": (), "near": (), "rels": ()} | asked
        assert sponsored.is_sponsored(**told) is paid, asked  # type: ignore[arg-type]


SMALL = {"a": ("xx",), "b": ("xx", "yy"), "c": ("yy",), "d": ("fi",)}


@pytest.mark.parametrize(
    ("words", "script", "family", "found", "sure"),
    [
        ("z z z", None, None, None, 0.0),
        ("z z z", "ru", frozenset(("xx",)), "ru", 0.5),
        ("a a a a", None, None, "xx", 0.95),  # nobody else: never quite sure
        ("a a a a c c", None, None, "xx", 0.4 + 0.5 * 0.6),
        ("a a a a c c c c", None, None, "xx", 0.3),
        ("b b b b", None, None, "xx", 0.2),  # a word of two languages speaks for each by the root of a half
        ("b b b b b", None, None, "xx", 0.3),
        ("A! (a) «a» c", None, None, "xx", 0.4 + 2 / 3 * 0.6),
        ("a a z", None, None, "xx", 0.2),
        ("a a a " + "z " * 47, None, None, "xx", 0.95),  # six of a hundred words
        ("a a a " + "z " * 48, None, None, "xx", 0.2),
        ("d d d " + "z " * 117, None, None, "fi", 0.95),  # … or of a language with few small words less
        ("d d d " + "z " * 118, None, None, "fi", 0.2),
        ("a a a a c c c", "ru", frozenset(("yy",)), "yy", 0.95),
    ],
)
def test_how_sure_small_words_are(
    words: str,
    script: str | None,
    family: frozenset[str] | None,
    found: str | None,
    sure: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(language, "_TABLE", SMALL)
    told, how = language._by_words(words, script, family)
    assert (told, how) == (found, pytest.approx(sure))
