"""config.toml: every mistake is named, with file, key, and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from feeds.app.config.config import PageLanguage, load
from feeds.errors import ConfigError
from feeds.messages import ENGLISH, LANGUAGES

GOOD = 'contact = "mailto:desk@example.org"\n'


def config_of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(config_of(tmp_path, text))
    return raised.value.mistakes


def test_a_contact_is_all_that_is_needed(tmp_path: Path) -> None:
    config = load(config_of(tmp_path, GOOD))
    assert [topic.name for topic in config.all_topics()] == ["all"]
    assert config.store_path == tmp_path / "var/copydesk.db"
    assert config.public == tmp_path / "var/public"
    assert config.address() == ("127.0.0.1", 8484)


def test_the_shape_of_the_documentation(tmp_path: Path) -> None:
    config = load(
        config_of(
            tmp_path,
            """
            title = "The copy desk"
            contact = "mailto:desk@example.org"
            base_url = "http://127.0.0.1:8484/"
            [store]
            url = "sqlite:var/copydesk.db"
            [publish]
            folder = "var/public"
            entries = 40
            [web]
            listen = "[::1]:8080"
            [fetch]
            deadline = "30s"
            allow_networks = ["127.0.0.0/8"]
            [[topics]]
            name = "ukraine"
            title = "Ukraine"
            query = "ukraine OR kyiv"
            """,
        )
    )
    assert config.base_url == "http://127.0.0.1:8484"
    assert config.fetch.deadline == 30
    assert config.address() == ("::1", 8080)
    assert config.all_topics()[0].query == "ukraine OR kyiv"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "contact: is required"),
        ('contact = "me"', "contact: should be"),
        (GOOD + 'base_url = "example.org"', "base_url: should be the address"),
        (GOOD + 'titel = "x"', 'titel: there is no such key; did you mean "title"?'),
        (GOOD + 'timezone = "Berlin"', 'timezone: should be a zone of the IANA database, such as "Europe/Berlin"'),
        (GOOD + 'timezone = "Europe"', "timezone: should be a zone"),
        (GOOD + 'timezone = ""', "timezone: should be a zone"),
        (GOOD + 'timezone = "../../etc/passwd"', "timezone: should be a zone"),
        (GOOD + 'language = "xx"', "language: should be 'en', 'de'"),
        (GOOD + "[publish]\nentries = 0", "publish.entries: should be between 1 and 1000"),
        (GOOD + '[publish]\nentries = "many"', "publish.entries: should be a number"),
        (GOOD + '[web]\nlisten = "8484"', 'web.listen: should be "HOST:PORT"'),
        (GOOD + '[fetch]\nallow_networks = ["lan"]', "fetch.allow_networks: should hold networks"),
        (GOOD + '[store]\nurl = "mysql:x"', 'store.url: should be "sqlite:PATH" or "postgresql://USER@HOST/DATABASE"'),
        (GOOD + '[[topics]]\nname = "A B"', "name: should be 1 to 64 of a-z"),
        (GOOD + '[[topics]]\nname = "index"', "is reserved"),
        (GOOD + '[[topics]]\nname = "a"\n[[topics]]\nname = "a"', "there is another topic of that name"),
        (GOOD + '[[topics]]\nname = "a"\ncopies = "two"', "copies: should be 'one', 'all' or 'mark'"),
        (GOOD + '[[topics]]\nname = "a"\nquery = "(b"', "query: "),
        (
            GOOD + '[[topics]]\nname = "b"\nwas = "a"\n[[topics]]\nname = "a"',
            "was: a topic of that name is still there",
        ),
    ],
)
def test_a_mistake_says_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    mistakes = mistakes_of(tmp_path, text)
    assert len(mistakes) == 1
    assert said in mistakes[0]
    assert "config.toml" in mistakes[0]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = 'titel = "x"\n[publish]\nentries = "many"\n[[topics]]\ntitle = "no name"\n'
    assert len(mistakes_of(tmp_path, text)) == 4


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "config.toml")


def test_a_table_of_subjects_of_ones_own(tmp_path: Path) -> None:
    path = config_of(tmp_path, GOOD + 'subjects = "sections.toml"\n')
    with pytest.raises(ConfigError, match="cannot be read"):
        load(path)
    (tmp_path / "sections.toml").write_text("nonsense = 5\n")
    with pytest.raises(ConfigError, match=r"sections\.toml"):
        load(path)
    (tmp_path / "sections.toml").write_text('[sections]\n20001065 = ["quay life"]\n')
    assert load(path).subjects == "sections.toml"


def test_a_proxy_s_password_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = '[fetch]\nproxy = "http://proxy.example:3128"\nproxy_user = "desk"\nproxy_password = '
    (tmp_path / "password").write_text("s3cret\n")
    proxy = load(config_of(tmp_path, f'{GOOD}{told}"file:password"')).proxy()
    assert proxy is not None
    assert proxy.login() == (b"desk", b"s3cret")
    monkeypatch.setenv("DESK_PROXY", "0ther")
    config = load(config_of(tmp_path, f'{GOOD}{told}"env:DESK_PROXY"'))
    assert (config.proxy() or proxy).login() == (b"desk", b"0ther")
    assert "0ther" not in repr(config)
    assert load(config_of(tmp_path, GOOD)).proxy() is None
    assert load(config_of(tmp_path, f'{GOOD}[fetch]\nproxy = "http://proxy.example"')).proxy() is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('proxy = "http://desk:s3cret@proxy.example:3128"', "fetch.proxy: should be"),
        ('proxy = "socks5://proxy.example:1080"', "fetch.proxy: should be"),
        ('proxy_user = "desk"\nproxy_password = "env:HOME"', "fetch.proxy: is required"),
        ('proxy = "http://proxy.example"\nproxy_user = "desk"', "are given together"),
        ('proxy = "http://proxy.example"\nproxy_user = "de:sk"\nproxy_password = "env:HOME"', "a colon"),
        ('proxy = "http://proxy.example"\nproxy_user = "desk"\nproxy_password = "s3cret"', "keep it elsewhere"),
        ('proxy = "http://proxy.example"\nproxy_user = "desk"\nproxy_password = "file:nowhere"', "cannot be read"),
    ],
)
def test_a_mistake_in_a_proxy_is_told_without_its_secret(tmp_path: Path, text: str, said: str) -> None:
    mistakes = mistakes_of(tmp_path, f"{GOOD}[fetch]\n{text}\n")
    assert said in "\n".join(mistakes)
    assert "s3cret" not in "\n".join(mistakes)


@pytest.mark.parametrize(
    ("base_url", "audience"),
    [
        ("http://127.0.0.1:8484", "private"),
        ("http://localhost/", "private"),
        ("http://[::1]:8484", "private"),
        ("http://192.168.7.3/feeds", "private"),
        ("http://10.0.0.2", "private"),
        ("https://desk.lan", "private"),
        ("https://desk.local.", "private"),
        ("https://desk.home.arpa", "private"),
        ("https://news.example.org", "public"),
        ("https://93.184.216.34", "public"),
        ("https://notlocal", "public"),
    ],
)
def test_feeds_under_a_local_name_are_private_unless_told_otherwise(
    tmp_path: Path, base_url: str, audience: str
) -> None:
    assert load(config_of(tmp_path, f'{GOOD}base_url = "{base_url}"\n')).audience == audience
    for told in ("private", "public"):
        text = f'{GOOD}base_url = "{base_url}"\n[publish]\naudience = "{told}"\n'
        assert load(config_of(tmp_path, text)).audience == told


def test_pages_can_be_had_in_every_language_there_is() -> None:
    assert set(get_args(PageLanguage)) == {ENGLISH, *LANGUAGES}
