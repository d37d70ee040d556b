"""Reading a reader's file: feeds, FreshRSS recipes, bridges."""

# ruff: noqa: E501  the markup of samples stays on its line

from pathlib import Path

import pytest

from scrapers import Page, PageChanged, ReadFailed, read_opml, read_seed, seed_to_toml
from scrapers.discover import discover
from scrapers.discover.feeds.xpath import Untranslatable, attribute_and_css, to_css

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>My feeds</title></head><body>
<outline text="Local"><outline text="Echo &amp; Co" type="rss" xmlUrl="https://echo.example/feed" htmlUrl="https://echo.example/"/>
 <outline text="Echo again" type="rss" xmlUrl="https://echo.example/feed"/>
 <outline text="Deep"><outline text="Mill News" type="HTML+XPath" xmlUrl="https://mill.example/news"
   frss:xPathItem="//div[contains(concat(' ', normalize-space(@class), ' '), ' post ')]" frss:xPathItemTitle="descendant::h2"
   frss:xPathItemUri="descendant::h2/a/@href" frss:cssFullContent="article .body" frss:cssFullContentFilter=".ad, .more"/></outline>
</outline>
<outline text="Hub" type="rss" xmlUrl="https://rsshub.app/site/x"/>
<outline text="Bridge" type="rss" xmlUrl="https://b.example/?action=display&amp;bridge=CssSelectorBridge&amp;home_page=https%3A%2F%2Fz.example%2F&amp;format=Atom"/>
<outline text="Hard" type="HTML+XPath" xmlUrl="https://hard.example/" frss:xPathItem="//a[starts-with(normalize-space(.), 'News')]"/>
<outline text="A mail" type="rss" xmlUrl="mailto:x@example.org"/>
</body></opml>"""


def test_subscriptions_become_seeds() -> None:
    told = read_opml(OPML.encode())
    assert told.title == "My feeds"
    names = [s.seed.name for s in told.subscriptions]
    assert len(names) == len(set(names)) == 5
    echo, mill, hub, bridge, hard = told.subscriptions
    assert echo.seed.home == "https://echo.example/" and echo.seed.discover.rss == ("https://echo.example/feed",)
    assert echo.seed.title == "Echo & Co" and echo.folders == ("Local",) and echo.lost == ()
    assert mill.folders == ("Local", "Deep") and mill.kind == "recipe"
    assert mill.seed.discover.links == 'div[class~="post"] h2 > a'
    assert mill.seed.extract.body == "article .body" and mill.seed.extract.drop == (".ad", ".more")
    assert any("xPathItemTitle" in said for said in mill.lost)
    assert (hub.kind, bridge.kind) == ("bridge", "bridge")
    assert any("https://z.example/" in said for said in bridge.lost)
    assert hard.seed.discover.links is None and any("finds the stories by itself" in said for said in hard.lost)


def test_what_is_no_source_is_said() -> None:
    skipped = read_opml(OPML.encode()).skipped
    assert skipped == ("https://echo.example/feed: it is in the file twice", "A mail: it has no http(s) address")


def test_an_address_with_spaces_makes_a_seed_that_can_be_read() -> None:
    text = '<opml><body><outline type="rss" xmlUrl="https://b.example/?a=x y&amp;b=1" htmlUrl="https://b.example/m n"/></body></opml>'
    seed = read_opml(text.encode()).subscriptions[0].seed
    assert (seed.home, seed.discover.rss) == ("https://b.example/m%20n", ("https://b.example/?a=x%20y&b=1",))
    assert read_seed(Path("b.toml"), seed_to_toml(seed, {})) == (seed, [])


def test_names_that_are_taken_are_left_alone() -> None:
    assert read_opml(OPML.encode(), taken=frozenset({"echo"})).subscriptions[0].seed.name == "echo-2"


def test_a_translated_recipe_finds_the_stories() -> None:
    seed = read_opml(OPML.encode()).subscriptions[1].seed
    page = (
        '<div class="big post x"><h2><a href="/n/1">Short one</a></h2><p><a href="/tag/x">tag</a></p></div>'
        '<div class="postscript"><h2><a href="/n/2">Not this</a></h2></div>'
    )
    links = discover(Page("https://mill.example/news", page.encode()), seed)
    assert [link.url for link in links.items] == ["https://mill.example/n/1"]


def test_the_seed_can_be_written() -> None:
    text = seed_to_toml(read_opml(OPML.encode()).subscriptions[1].seed, {"discover.links": "from the XPath"})
    assert "# from the XPath" in text and "drop" in text


def test_hostile_and_foreign_files() -> None:
    with pytest.raises(ReadFailed, match="entities"):
        read_opml(
            b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;"/></body></opml>'
        )
    with pytest.raises(PageChanged, match="OPML"):
        read_opml(b"<html><body></body></html>")
    with pytest.raises(ReadFailed):
        read_opml(b"")


AS_CSS = {
    "//article": "article",
    "//div[@id='main']//li[@class=\"item\"]": 'div[id="main"] li[class="item"]',
    "//ul/li[1]": "ul > li:nth-of-type(1)",
    "//*[@data-x]/a": "[data-x] > a",
    "//div[contains(@class, 'post')]": 'div[class*="post"]',
    "//a[starts-with(@href, '/news/') and not(@rel)]": 'a[href^="/news/"]:not([rel])',
    "//h2 | //h3": "h2, h3",
    "//li[.//a]": "li:has(a)",
    "descendant::h2": "h2",
}


def test_xpath_as_css() -> None:
    assert {xpath: to_css(xpath) for xpath in AS_CSS} == AS_CSS


@pytest.mark.parametrize(
    "xpath",
    [
        "//a/..",
        "//a/parent::div",
        "//a[count(b) > 2]",
        "//a[text()='x']",
        "//a/@href",
        "",
        "//",
        "//a[",
        "string(//a)",
        "//a['" * 300,
    ],
)
def test_xpath_that_css_cannot_say(xpath: str) -> None:
    with pytest.raises(Untranslatable):
        to_css(xpath)


def test_an_attribute_at_the_end() -> None:
    assert attribute_and_css("./h2/a/@href") == ("h2 > a", "href")
    assert attribute_and_css("@href") == ("", "href")


def test_a_recipe_with_css_that_cannot_be_used_is_said_and_makes_no_broken_seed() -> None:
    odd = OPML.replace('"article .body"', '"article ..body"').replace('".ad, .more"', '".ad, ]x"')
    mill = read_opml(odd.encode()).subscriptions[1]
    assert mill.seed.extract.body is None
    assert any("cssFullContent" in said and "article ..body" in said for said in mill.lost)
    odd = OPML.replace('".ad, .more"', '".ad, ]x"')
    mill = read_opml(odd.encode()).subscriptions[1]
    assert mill.seed.extract.body == "article .body" and mill.seed.extract.drop == (".ad",)
    assert any("cssFullContentFilter" in said for said in mill.lost)
