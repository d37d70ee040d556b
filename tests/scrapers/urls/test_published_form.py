"""The clean form of an address."""

import pytest

from scrapers.urls.key import canonical_key
from scrapers.urls.parts import parameter
from scrapers.urls.published_form import published_form


@pytest.mark.parametrize(
    ("told", "published"),
    [
        ("https://ada:secret@courier.example/a@b?mail=x@y", "https://courier.example/a@b?mail=x@y"),
        ("https://ada@courier.example", "https://courier.example"),
        ("http://a@b@courier.example:8080/x", "http://courier.example:8080/x"),
        ("//ada:x@courier.example/x", "//courier.example/x"),
        ("https://courier.example/@ada", "https://courier.example/@ada"),
        ("https://courier.example?x@y", "https://courier.example?x@y"),
        ("mailto:ada@courier.example", "mailto:ada@courier.example"),
    ],
)
def test_no_user_name_is_published(told, published):
    assert published_form(told) == published
    assert canonical_key(told) == canonical_key(published)


def test_the_published_form_keeps_what_the_publisher_wrote():
    assert (
        published_form("https://www.Paper.example/Straße/?b=2&utm_source=x&a=1#top")
        == "https://www.Paper.example/Straße/?b=2&a=1"
    )
    assert published_form("https://paper.example/a?fbclid=1") == "https://paper.example/a"
    assert published_form("https://paper.example/#/post/5") == "https://paper.example/#/post/5"
    assert (
        published_form("https://l.facebook.com/l.php?u=https%3A%2F%2Fp.example%2Fa%3Fx%3D1")
        == "https://p.example/a?x=1"
    )
    assert published_form("mailto:desk@paper.example") == "mailto:desk@paper.example"


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ("a=1", "a", "1"),
        ("amp;p=7", "p", "7"),
        ("amp;AMP;page=7", "page", "7"),
        ("amp;=7", "amp;", "7"),
        ("a+b=c+d%20e", "a b", "c d e"),
        ("flag", "flag", ""),
        ("a=b=c", "a", "b=c"),
    ],
)
def test_a_parameter_is_decoded(field: str, name: str, value: str) -> None:
    assert parameter(field) == (name, value)
