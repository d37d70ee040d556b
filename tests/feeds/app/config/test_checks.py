"""What is wrong with each key of config.toml, and what is right of it beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.app.config.checks import is_host_and_port
from feeds.app.config.config import Config, load
from feeds.errors import ConfigError

PROXY = '[fetch]\nproxy = "http://p.example:1"\n'
NEEDED = "is required when proxy_user or proxy_password is given"
INSIDE = "should not lie inside publish.folder"
CONTACT = 'contact = "mailto:desk@example.org"\n'


def mistakes_of(folder: Path, text: str) -> list[tuple[str, str]]:
    """Key and words of each mistake; none where the configuration can be used."""
    path = folder / "config.toml"
    path.write_text((CONTACT if "contact" not in text else "") + text, "utf-8")
    try:
        load(path)
    except ConfigError as error:
        return [(one.key, one.said.partition("\n")[0]) for one in error.mistakes]  # type: ignore[attr-defined]
    return []


RIGHT = (
    'contact = "https://example.org/us"',
    'contact = "mailto:a@b.example"',
    'title = "The desk"',
    'base_url = "https://news.example.org/feeds/"',
    'base_url = "http://[::1]:8484"',
    'timezone = "Europe/Berlin"',
    '[web]\nlisten = "[::1]:0"\nproxies = ["127.0.0.1", "10.0.0.0/8"]',
    '[web]\nlisten = "localhost:65535"',
    '[fetch]\nproxy = "http://proxy.example:3128"\nproxy_user = "desk"\nproxy_password = "env:HOME"',
    '[fetch]\nproxy = "https://[::1]:3128/"',
    '[fetch]\nallow_networks = ["127.0.0.0/8", "::1/128"]',
    '[alarms]\nwebhook = "https://chat.example.org/hooks"\nmail = "a@b.example"\nsender = "c@d.example"',
    '[alarms]\nsmtp_user = "desk"\nsmtp_password_file = "secret"\nwebhook_networks = ["192.168.1.0/24"]',
    '[publish]\nhub_networks = ["192.168.1.0/24"]\nhub = ["https://hub.example/"]',
    '[store]\nurl = "postgresql://desk@db.example/feeds"\npassword = "env:HOME"',
    '[[topics]]\nname = "quay"\nwas = "docks"\nlanguage = "pt-BR"\nquery = "harbour OR quay"',
    f'[[topics]]\nname = "{"a" * 64}"',
)

WRONG = (
    ('title = " "', "title", "should not be empty"),
    ('contact = "desk@example.org"', "contact", "mailto:you@example.org"),
    ('contact = "mailto:desk"', "contact", "mailto:you@example.org"),
    ('contact = "mailto:dësk@example.org"', "contact", "mailto:you@example.org"),
    (f'contact = "mailto:{"a" * 200}@example.org"', "contact", "mailto:you@example.org"),
    ('base_url = "news.example.org"', "base_url", "the address under which readers"),
    ('base_url = "https://news.example.org/?a"', "base_url", "the address under which readers"),
    ('base_url = "https://ada@news.example.org/"', "base_url", "the address under which readers"),
    ('timezone = "Berlin"', "timezone", "a zone of the IANA database"),
    ('[web]\nlisten = "8484"', "web.listen", "HOST:PORT"),
    ('[web]\nproxies = ["proxy"]', "web.proxies", "addresses such as"),
    ('[fetch]\nallow_networks = ["10.0.0.1/8"]', "fetch.allow_networks", "networks such as"),
    ('[publish]\nhub_networks = ["lan"]', "publish.hub_networks", "such as \"192.168.1.0/24\", not 'lan'"),
    ('[alarms]\nwebhook_networks = ["lan"]', "alarms.webhook_networks", "such as \"192.168.1.0/24\", not 'lan'"),
    ('[fetch]\nproxy = "socks5://proxy.example"', "fetch.proxy", "http://HOST:PORT"),
    ('[fetch]\nproxy = "http://a:b@proxy.example"', "fetch.proxy", "a login goes into proxy_user"),
    ('[fetch]\nproxy = "http://proxy.example:99999"', "fetch.proxy", "http://HOST:PORT"),
    ('[fetch]\nproxy_user = "desk"\nproxy_password = "env:HOME"', "fetch.proxy", NEEDED),
    (f'{PROXY}proxy_user = "desk"', "fetch.proxy_user, fetch.proxy_password", "are given together"),
    (f'{PROXY}proxy_user = "a:b"\nproxy_password = "env:HOME"', "fetch.proxy_user", "a colon"),
    (f'{PROXY}proxy_user = "desk"\nproxy_password = "open sesame"', "fetch.proxy_password", "is a secret"),
    ('[alarms]\nwebhook = "chat.example.org"', "alarms.webhook", "https://chat.example.org/hooks/copydesk"),
    ('[alarms]\nmail = "desk"', "alarms.mail", "desk@example.org"),
    ('[alarms]\nsender = "a@b.example, c@d.example"', "alarms.sender", "desk@example.org"),
    ('[alarms]\nsmtp = "mail.example"', "alarms.smtp", "HOST:PORT"),
    ('[alarms]\nsmtp_user = "desk"', "alarms.smtp_password_file", "is required when smtp_user is given"),
    ('[store]\npassword = "open sesame"', "store.password", "is a secret"),
    ('[store]\npassword = "env:HOME"', "store.password", "is of a PostgreSQL server"),
    ('[store]\nurl = "sqlite:var/public/desk.db"', "store.url", INSIDE),
    ('[store]\nurl = "postgresql://desk@db.example/feeds"\nfolder = "var/public"', "store.folder", INSIDE),
    ('[store]\nurl = "sqlite:"', "store.url", ""),
    ('[store]\nfolder = " "', "store.folder", "should be a path, not empty"),
    ('seeds = ""', "seeds", "should be a path, not empty"),
    ('subjects = ""', "subjects", "should be a path, not empty"),
    ('[publish]\nfolder = ""', "publish.folder", "should be a path, not empty"),
    ('[alarms]\nwebhook_file = ""', "alarms.webhook_file", "should be a path, not empty"),
    ('[alarms]\nsmtp_password_file = ""', "alarms.smtp_password_file", "should be a path, not empty"),
    ('[[topics]]\nname = "Quay"', "topics.Quay.name", "1 to 64 of a-z, 0-9 and -"),
    (f'[[topics]]\nname = "{"a" * 65}"', "topics.1.name", "1 to 64 of a-z, 0-9 and -"),
    ('[[topics]]\nname = "opml"', "topics.opml.name", "is reserved"),
    ('[[topics]]\nname = "quay"\n[[topics]]\nname = "quay"', "topics.quay.name", "another topic of that name"),
    ('[[topics]]\nname = "quay"\ntitle = " "', "topics.quay.title", "should not be empty"),
    ('[[topics]]\nname = "quay"\nlanguage = "english!"', "topics.quay.language", "the tag of a language"),
    ('[[topics]]\nname = "quay"\nwas = "The Docks"', "topics.quay.was", "the former name of the topic"),
    ('[[topics]]\nname = "quay"\nwas = "quay"', "topics.quay.was", "a topic of that name is still there"),
    ('[[topics]]\nname = "quay"\nquery = "(harbour"', "topics.quay.query", ""),
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right(tmp_path: Path, text: str) -> None:
    assert mistakes_of(tmp_path, text) == []


@pytest.mark.parametrize(("text", "key", "words"), WRONG)
def test_what_is_wrong_has_one_line_with_its_key(tmp_path: Path, text: str, key: str, words: str) -> None:
    found = mistakes_of(tmp_path, text)
    assert [one for one, _ in found] == [key], found
    assert words in found[0][1]


def test_a_query_is_shown_with_the_place_of_its_mistake(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'{CONTACT}[[topics]]\nname = "quay"\nquery = "harbour AND"\n')
    with pytest.raises(ConfigError) as raised:
        load(path)
    _, query, marker = raised.value.mistakes[0].split("\n")
    assert query.strip() == "harbour AND"
    assert marker.strip() == "^"
    assert marker.index("^") <= len(query)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("localhost:1", True),
        ("localhost:65535", True),
        ("localhost:65536", False),
        ("[::1]:80", True),
        ("[::1:80", False),
        ("[1:::2]:80", False),
        ("[12345::]:80", False),
        ("::1:80", False),
        ("a b:80", False),
        (f"{'a' * 253}:80", True),
        (f"{'a' * 254}:80", False),
        ("localhost:", False),
        (":80", False),
    ],
)
def test_a_host_and_a_port(text: str, right: bool) -> None:
    assert is_host_and_port(text) is right


def test_what_follows_from_the_keys(tmp_path: Path) -> None:
    def config(text: str) -> Config:
        (tmp_path / "config.toml").write_text(CONTACT + text)
        return load(tmp_path / "config.toml")

    plain = config("")
    assert plain.base_url == "http://127.0.0.1:8484"
    assert plain.address() == ("127.0.0.1", 8484)
    assert plain.audience == "private"
    assert [topic.name for topic in plain.all_topics()] == ["all"]
    assert plain.store_path == tmp_path / "var/copydesk.db"
    assert plain.private == tmp_path / "var/private"
    assert plain.public == tmp_path / "var/public"
    assert plain.seeds_folder == tmp_path / "seeds"
    assert plain.proxy() is None
    assert config('base_url = "https://news.example.org/a/"').base_url == "https://news.example.org/a"
    assert config('base_url = "https://news.example.org"').audience == "public"
    assert config('base_url = "https://news.example.org"\n[publish]\naudience = "private"').audience == "private"
    assert config('[web]\nlisten = "[::1]:80"').address() == ("::1", 80)
    proxied = config('[fetch]\nproxy = "http://p.example:1"').proxy()
    assert proxied is not None
    assert proxied.url == "http://p.example:1"
    named = config('title = "Desk"\n[[topics]]\nname = "quay"').all_topics()
    assert [(topic.name, topic.title) for topic in named] == [("quay", "quay")]
