"""Pages in the language of their reader: Accept-Language at our own server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.messages import LANGUAGES, PageLocale
from feeds.publish.atomic_files import Folder
from feeds.publish.write import write_documents, write_site
from feeds.render.pages import feed_page, listed
from tests.support.serving import TOKEN, Running, make_folder, put, running
from tests.support.stories import SITE, TOPIC, feed

PAGE = "/t/ukraine"
SECRET = replace(TOPIC, private=True)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    public = make_folder(tmp_path / "public")
    write_documents(Folder(public), "t/ukraine", feed(20), may_shrink=True)
    write_site(Folder(public), SITE, [listed(feed(20), "t/ukraine")], [])
    with running(public) as server:
        yield server


def test_a_page_comes_in_the_language_that_its_reader_likes_best(own: Running) -> None:
    for _ in range(2):  # the second time from memory
        for path, german, english in ((PAGE, "Abonnieren", "Subscribe"), ("/", "Themen", "Topics")):
            told = own.get(path, {"Accept-Language": "sv, de-CH;q=0.9, en;q=0.5"})
            assert told.headers["content-language"] == "de"
            assert german in told.body.decode() and english not in told.body.decode()
            plain = own.get(path)
            assert plain.headers["content-language"] == "en"
            assert english in plain.body.decode()
            for got in (told, plain):
                assert got.headers["vary"] == "Accept-Language, Accept-Encoding"
                assert got.headers["content-type"] == "text/html; charset=utf-8"
            assert told.headers["etag"] != plain.headers["etag"]
            asks = {"Accept-Language": "de", "If-None-Match": told.headers["etag"]}
            assert own.get(path, asks).status == 304
            assert own.get(path, {"If-None-Match": told.headers["etag"]}).status == 200
    packed = own.get(PAGE, {"Accept-Language": "de", "Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "Abonnieren" in gzip.decompress(packed.body).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_had(own: Running, language: str) -> None:
    got = own.get(PAGE, {"Accept-Language": language})
    assert got.headers["content-language"] == language
    assert got.body == feed_page(feed(20), PageLocale(language))


def test_a_new_page_is_new_in_every_language(own: Running) -> None:
    asks = {"Accept-Language": "de"}
    assert own.get(PAGE, asks).body.decode().count("<article") == 20
    write_documents(Folder(own.routes.folder), "t/ukraine", feed(21))
    for document in own.routes._documents.values():
        for one in (document, *document.in_languages.values()):
            one.looked = -1e9  # as if the second had passed for which a file is not looked at again
    assert own.get(PAGE, asks).body.decode().count("<article") == 21


def test_where_a_page_cannot_be_had_in_another_language_it_comes_as_it_is(own: Running) -> None:
    old = own.get(PAGE).body
    put(own.routes.folder, "t/ukraine/index.page", b'{"kind":"feed"}', variants=False)
    assert own.get(PAGE, {"Accept-Language": "de"}).body == old
    put(own.routes.folder, "t/ukraine/index.page", b"no JSON", variants=False)
    assert own.get(PAGE, {"Accept-Language": "fr"}).body == old
    (own.routes.folder / "t/ukraine/index.page").unlink()
    assert own.get(PAGE, {"Accept-Language": "pl"}).body == old
    assert own.get("/t/ukraine/index.page").status == 404


def test_feeds_do_not_ask_for_the_language(own: Running) -> None:
    got = own.get("/t/ukraine.atom", {"Accept-Language": "de"})
    assert "content-language" not in got.headers
    assert got.body == own.get("/t/ukraine.atom").body


def test_the_page_of_a_private_topic_names_its_reader_s_addresses_in_every_language(tmp_path: Path) -> None:
    public = make_folder(tmp_path / "public")
    private = Folder(tmp_path / "private", secret=True)
    write_documents(
        private, "t/0123456789abcdef/mine", feed(3, SECRET, path="t/0123456789abcdef/mine"), may_shrink=True
    )
    with running(public) as server:
        for language, word in (("en", "Subscribe"), ("uk", "Підписатися")):
            got = server.get(f"/t/{TOKEN}/mine", {"Accept-Language": language})
            text = got.body.decode()
            assert word in text
            assert f"/t/{TOKEN}/mine.atom" in text
            assert "0123456789abcdef" not in text


def test_another_language_of_the_installation_holds_at_once(own: Running) -> None:
    assert own.get(PAGE).headers["content-language"] == "en"
    own.routes.set_locale(PageLocale("de", "Europe/Berlin"))
    assert own.get(PAGE).headers["content-language"] == "de"
    assert own.get(PAGE, {"Accept-Language": "en"}).headers["content-language"] == "en"
