"""Headers, cookies and passwords of a seed: kept elsewhere, sent to its own host alone, and shown nowhere."""

from __future__ import annotations

import base64
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers import Credentials, Request, Seed, load_seed, moved_to, seed_warnings
from scrapers.errors import Forbidden, SeedError
from scrapers.fetch.guard import checked
from scrapers.fetch.http.exchange import Raw
from scrapers.fetch.session import FetchSession
from scrapers.seed.credentials import own_headers, reveal, warnings
from tests.support.misbehaving import Web
from tests.support.visiting import Names, failure, get

SECRET = "s3cret-of-the-tests"


def loaded(folder: Path, text: str, home: str = "https://courier.example/") -> tuple[Seed | None, list[str]]:
    path = folder / "courier.toml"
    path.write_text(f'home = "{home}"\n{text}', encoding="utf-8")
    return load_seed(path)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a secret in a file, and one in the environment."""
    monkeypatch.setenv("COURIER_KEY", SECRET)
    path = tmp_path / "courier.secret"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    return tmp_path


LOGIN = """
headers = { X-Key = "env:COURIER_KEY", X-Plain = "yes" }
cookies = { session = "file:courier.secret", consent = "1" }
credentials = { user = "desk", password = "file:courier.secret" }
"""


def test_secrets_reach_the_own_host(web: Web, kept: Path) -> None:
    web.page("/a", b"<p>a")
    seed, mistakes = loaded(kept, LOGIN, web.url("/"))
    assert mistakes == []
    assert seed is not None
    get(web.url("/a"), seed=seed)
    for asked in web.asked:
        assert asked.headers["x-key"] == SECRET
        assert asked.headers["x-plain"] == "yes"
        assert asked.headers["cookie"] == f"session={SECRET}; consent=1"
        assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"desk:{SECRET}".encode()).decode()


def test_secrets_end_at_the_own_host(web: Web, kept: Path) -> None:
    with Web() as other:
        names = Names({"a.example": ("127.0.0.1",), "b.example": ("127.0.0.1",)})
        home = f"http://a.example:{web.port}/"
        seed, mistakes = loaded(kept, LOGIN + 'hosts = ["b.example"]', home)
        assert seed is not None, mistakes
        web.redirect("/away", f"http://b.example:{web.port}/same-port")
        web.redirect("/port", f"http://a.example:{other.port}/other-port")
        for server, path in ((web, "/same-port"), (other, "/other-port"), (web, "/direct")):
            server.page(path, b"<p>")
        get(home + "away", seed=seed, resolver=names, gap=0.0)
        get(home + "port", seed=seed, resolver=names, gap=0.0)
        # as the pipe asks: with the seed's headers, for whatever host a story is on
        get(Request(f"http://b.example:{web.port}/direct", headers=seed.headers), seed=seed, resolver=names, gap=0.0)
        assert {"/same-port", "/direct"} <= set(web.paths())
        assert "/other-port" in other.paths()
        for asked in (*web.asked, *other.asked):
            own = asked.headers["host"] == f"a.example:{web.port}"
            assert (SECRET in str(asked.headers)) == own, asked
            assert ("x-plain" in asked.headers) == own
            assert ("authorization" in asked.headers) == own


def test_a_login_does_not_go_from_https_to_http(kept: Path) -> None:
    from tests.support.visiting import make_fetcher

    seed, _ = loaded(kept, 'credentials = { user = "desk", password = "env:COURIER_KEY" }')
    target = checked("https://courier.example/a")
    visit = FetchSession(make_fetcher().shared, seed, 1e12)
    own = visit.own_headers(Request(target.url), target)
    assert set(own) == {"Authorization"}
    with pytest.raises(Forbidden, match="https to http"):
        visit._next(target, Raw(302, (), b"", "http://courier.example/a"), own)


def test_secrets_are_not_in_what_is_shown(
    web: Web, kept: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, _ = loaded(kept, LOGIN, web.url("/"))
    assert seed is not None
    with caplog.at_level(logging.DEBUG):
        error = failure(web.url("/status/404"), seed=seed)
        web.raw("/odd", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n")
        odd = failure(web.url("/odd"), seed=seed)
    assert error.source == "courier"
    shown = repr(seed) + str(seed) + repr(error) + error.reason + odd.reason + caplog.text
    assert SECRET not in shown
    assert "COURIER_KEY" not in repr(seed)
    assert "plain-value" not in repr(Seed("x", "https://x.example/", headers={"A": "plain-value"}))
    assert "env:P" not in repr(Credentials("desk", "env:P"))


def test_a_secret_that_is_gone_later_is_told_with_its_key(
    web: Web, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, _ = loaded(kept, LOGIN, web.url("/"))
    assert seed is not None
    (kept / "courier.secret").unlink()
    error = failure(web.url("/a"), seed=seed)
    assert isinstance(error, SeedError)
    assert error.source == "courier"
    assert "cookies.session: the file" in error.reason
    assert web.asked == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('headers = { X-Key = "env:NOT_THERE" }', "headers.X-Key: the environment has no variable 'NOT_THERE'"),
        ('cookies = { sid = "file:not-there" }', "cookies.sid: the file"),
        ('cookies = { sid = "file:." }', "cookies.sid: the file"),
        ('credentials = { user = "desk" }', "credentials.password: is required"),
        ('credentials = { user = "desk", password = "s3cret-of-the-tests" }', 'credentials.password: should be "env:'),
        ('credentials = { user = "a:b", password = "env:COURIER_KEY" }', "credentials.user: a colon"),
        ('credentials = { user = "a", pass = "s3cret-of-the-tests" }', "credentials.pass: there is no such key"),
        ('credentials = "s3cret-of-the-tests"', "credentials: should be a table"),
        ('headers = { X-Key = "file:two-lines" }', "headers.X-Key: holds control characters"),
        ('headers = { X-Key = "file:empty" }', "headers.X-Key: the file"),
        ('headers = { X-Key = "file:long" }', "headers.X-Key: is longer than 8192 bytes"),
        ('headers = { X-Key = "file:bytes" }', "it is not UTF-8 text"),
        ('headers = { X-Key = "s3cret-of-the-tests é" }', "headers.X-Key: only plain ASCII"),
        ('headers = { X-Key = "s3cret-of-the-tests\\r\\nX: y" }', "headers.X-Key: holds control characters"),
        ('headers = { "X Key" = "1" }', "headers: 'X Key' is no possible name"),
        ('headers = { user-agent = "Mozilla" }', "headers.user-agent: is not a seed's to choose"),
        ('cookies = { "a=b" = "1" }', "cookies: 'a=b' is no possible name"),
        ('cookies = { sid = "s3cret-of-the-tests; x" }', "cookies.sid: a semicolon"),
        ('cookies = { a = "1" }\nheaders = { cookie = "b=2" }', "cookies: headers has a Cookie of its own"),
        (
            'credentials = { user = "d", password = "env:COURIER_KEY" }\nheaders = { AUTHORIZATION = "x" }',
            "credentials: headers has an Authorization of its own",
        ),
    ],
)
def test_a_mistake_names_the_key_and_never_the_value(kept: Path, text: str, said: str) -> None:
    (kept / "two-lines").write_text(f"{SECRET}\nmore")
    (kept / "empty").write_text("\n")
    (kept / "long").write_text(SECRET * 1000)
    (kept / "bytes").write_bytes(b"\xff\xfe" + SECRET.encode())
    seed, mistakes = loaded(kept, text)
    assert seed is None
    assert any(said in mistake for mistake in mistakes), mistakes
    assert SECRET not in str(mistakes)


@pytest.mark.parametrize(("mode", "loose"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_may_read_is_warned_of(kept: Path, mode: int, loose: bool) -> None:
    (kept / "courier.secret").chmod(mode)
    seed, mistakes = loaded(kept, 'headers = { X-Key = "file:courier.secret" }')
    assert seed is not None, mistakes
    found = seed_warnings(seed)
    assert (len(found) == 1) == loose
    if loose:
        assert "courier: headers.X-Key: others may read" in found[0]
        assert f"mode {mode:o}" in found[0]


def test_a_password_in_the_clear_is_warned_of(kept: Path) -> None:
    text = 'credentials = { user = "desk", password = "env:COURIER_KEY" }'
    seed, _ = loaded(kept, text, "http://courier.example/")
    assert seed is not None
    assert "unencrypted" in seed_warnings(seed)[0]
    assert seed_warnings(replace(seed, home="https://courier.example/")) == []


def test_paths_begin_at_the_folder_of_the_seed(
    kept: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept / "ca.pem").write_text("x")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    seed, mistakes = loaded(kept, 'ca_file = "ca.pem"\nheaders = { X-Key = "file:courier.secret" }')
    assert mistakes == []
    assert seed is not None
    assert seed.ca_file == str(kept / "ca.pem")
    assert seed.headers == {"X-Key": f"file:{kept}/courier.secret"}


def test_what_is_for_one_host_does_not_move_to_another(kept: Path) -> None:
    seed, _ = loaded(kept, LOGIN)
    assert seed is not None
    here = moved_to(seed, "https://courier.example/news/")
    assert (here.home, here.headers, here.credentials) == (
        "https://courier.example/news/",
        seed.headers,
        seed.credentials,
    )
    assert moved_to(seed, "https://courier.example:443/").cookies == seed.cookies
    for other in ("https://thief.example/", "http://courier.example/", "https://courier.example:8443/"):
        moved = moved_to(seed, other)
        assert (moved.headers, moved.cookies, moved.credentials) == ({}, {}, None)


@pytest.mark.parametrize(
    ("headers", "login", "home", "told"),
    [
        ({}, None, "http://a.example/", []),
        ({}, Credentials("desk", "env:X"), "https://a.example/", []),
        ({}, Credentials("desk", "env:X"), "http://a.example/", ["credentials: go over the net unencrypted"]),
        ({"X": "file:{folder}/open"}, None, "http://a.example/", ["headers.X: others may read {folder}/open (mode "]),
        ({"X": "file:{folder}/shut", "Y": "file:{folder}/none", "Z": "{folder}/open"}, None, "http://a.example/", []),
        (
            {}, Credentials("file:{folder}/open", "file:{folder}/open"), "https://a.example/",
            ["credentials.user: others may read {folder}/open", "credentials.password: others may read {folder}/open"],
        ),
    ],
)  # fmt: skip
def test_what_is_unwise_is_told_of_each_secret(
    headers: dict[str, str], login: Credentials | None, home: str, told: list[str], tmp_path: Path
) -> None:
    for name, mode in (("open", 0o644), ("shut", 0o600)):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(mode)

    def placed(text: str) -> str:
        return text.replace("{folder}", str(tmp_path))

    if login is not None:
        login = Credentials(placed(login.user), placed(login.password))
    placed_headers = {name: placed(value) for name, value in headers.items()}
    for headers_, cookies in ((placed_headers, {}), ({}, placed_headers)):
        found = list(warnings(headers_, cookies, login, home))
        wanted = [placed(one) if headers_ else placed(one).replace("headers.", "cookies.") for one in told]
        assert [one.startswith(start) for one, start in zip(found, wanted, strict=True)] == [True] * len(told)


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("plain", "plain"),
        ("x" * 8192, "x" * 8192),
        ("x" * 8193, None),
        ("é" * 4096, "é" * 4096),
        ("é" * 4097, None),
        ("a~", "a~"),
        ("a\x7f", None),
        ("a\x1f", None),
        ("env:", None),
        ("env:A=B", None),
        ("env:COURIER_KEY", SECRET),
        ("file:{folder}/courier.secret", SECRET),
        ("file:{folder}/two", "a\r"),
    ],
)
def test_a_secret_is_its_text_the_environments_or_a_files(kept: Path, value: str, secret: str | None) -> None:
    (kept / "two").write_bytes(b"a\r\r\n")
    asked = value.replace("{folder}", str(kept))
    if secret is None or "\r" in secret:
        with pytest.raises(SeedError, match=r"^k: (is longer|holds control|the environment)"):
            reveal(asked, "k")
    else:
        assert reveal(asked, "k") == secret


def test_headers_of_a_seed_as_they_are_sent() -> None:
    sent = own_headers({"X-A": " b ", "X-B": "c"}, {"s": "1", "t": " 2"}, Credentials("desk", "p:w"))
    assert sent == {"X-A": "b", "X-B": "c", "Cookie": "s=1; t=2", "Authorization": "Basic ZGVzazpwOnc="}
    assert own_headers({}, {}, None) == {}
