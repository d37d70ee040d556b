from __future__ import annotations

from lxml import html

from feeds.render.article_page import article_page
from tests.support.stories import record


def test_an_article_stands_alone_as_an_entry_shows_it() -> None:
    story = record(0, title="Quay <closed>", language="ar", url="https://paper.example/quay", authors=("Jo & Co",))
    document = article_page(story, "<table><tbody><tr><td>1</td></tr></tbody></table>").decode()
    root = html.fromstring(document)
    assert root.get("dir") == "rtl" and root.get("lang") == "ar"
    assert root.findtext(".//title") == "Quay <closed>"
    assert root.find(".//h1/a").get("href") == "https://paper.example/quay"
    assert "Jo & Co" in root.find(".//p[@class='about']").text_content()
    assert root.find(".//main//td").text == "1"
    assert not root.xpath("//link | //script | //img")
    assert "</style" not in root.findtext(".//style") and "figure" in root.findtext(".//style")
