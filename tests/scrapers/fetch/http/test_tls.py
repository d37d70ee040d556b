"""Certificates are verified, and what is wrong with one is said in words."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scrapers import Proxy, Request, Seed
from scrapers.errors import SeedError, Unreachable
from tests.support.misbehaving import Web
from tests.support.proxying import Proxying
from tests.support.visiting import Names, failure, get

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make certificates")

CONFIG = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:true
keyUsage = keyCertSign
subjectKeyIdentifier = hash
[site]
subjectAltName = DNS:courier.example
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ca.pem, and good.pem, expired.pem (signed by it), own.pem (self-signed), each with its key inside."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "openssl.cnf").write_text(CONFIG)
    new = ("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf")
    openssl(folder, *new, "-x509", "-subj", "/CN=Test CA", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, *new, "-x509", "-subj", "/CN=x", "-extensions", "site", "-keyout", "own.key", "-out", "own.crt")
    openssl(folder, *new, "-subj", "/CN=x", "-keyout", "good.key", "-out", "good.csr")
    sign = ("x509", "-req", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-in", "good.csr")
    extensions = ("-extfile", "openssl.cnf", "-extensions", "site")
    openssl(folder, *sign, *extensions, "-days", "30", "-out", "good.crt")
    openssl(folder, *sign, *extensions, "-days", "-1", "-out", "expired.crt")
    for name, key in (("good", "good"), ("expired", "good"), ("own", "own")):
        text = (folder / f"{key}.key").read_text() + (folder / f"{name}.crt").read_text()
        (folder / f"{name}.pem").write_text(text)
    return folder


@contextmanager
def site(certificates: Path, name: str, version: ssl.TLSVersion | None = None) -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.pem")
    if version is not None:
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
    with Web(tls=context) as web:
        web.page("/a", b"<p>safe")
        yield web


NAMES = {"courier.example": ("127.0.0.1",), "other.example": ("127.0.0.1",)}


def test_a_certificate_of_the_seed_s_own_authority(certificates: Path) -> None:
    with site(certificates, "good") as web:
        url = f"https://courier.example:{web.port}/a"
        seed = Seed("courier", url, ca_file=str(certificates / "ca.pem"))
        assert get(url, seed=seed, resolver=Names(NAMES), gap=0.0).body == b"<p>safe"
        request = Request(url, ca_file=str(certificates / "ca.pem"))
        assert get(request, resolver=Names(NAMES), gap=0.0).body == b"<p>safe"
        stranger = failure(url, resolver=Names(NAMES), gap=0.0)
        assert "unknown authority" in stranger.reason, "it vouches for whoever names it, and for nobody else"


@pytest.mark.parametrize(
    ("name", "host", "own", "words"),
    [
        ("good", "courier.example", False, "unknown authority"),
        ("good", "other.example", True, "not made for other.example"),
        ("expired", "courier.example", True, "has expired"),
        ("own", "courier.example", True, "self-signed"),
    ],
)
def test_a_bad_certificate_is_told_in_words(certificates: Path, name: str, host: str, own: bool, words: str) -> None:
    with site(certificates, name) as web:
        request = Request(f"https://{host}:{web.port}/a", ca_file=str(certificates / "ca.pem") if own else None)
        error = failure(request, resolver=Names(NAMES), gap=0.0)
        assert type(error) is Unreachable
        assert words in error.reason
        assert web.asked == []


def test_certificates_are_verified_through_a_proxy_too(certificates: Path) -> None:
    with (
        site(certificates, "good") as web,
        site(certificates, "expired") as stale,
        Proxying({"courier.example": web.port, "other.example": web.port}) as proxy,
    ):
        door: dict[str, Any] = {"proxy": Proxy(proxy.url), "gap": 0.0}
        own = str(certificates / "ca.pem")
        page = get(Request("https://courier.example/a", ca_file=own), **door)
        assert page.body == b"<p>safe"
        assert {target for _, target, _ in proxy.asked} == {"courier.example:443"}
        assert all(asked.target in ("/robots.txt", "/a") for asked in web.asked)
        seen = len(web.asked)
        error = failure(Request("https://other.example/a", ca_file=own), **door)
        assert "not made for other.example" in error.reason
        proxy.sites["courier.example"] = stale.port
        error = failure(Request("https://courier.example/a", ca_file=own), **door)
        assert "has expired" in error.reason
        assert len(web.asked) == seen
        assert stale.asked == []


def test_old_versions_of_tls_are_refused(certificates: Path) -> None:
    with site(certificates, "good", ssl.TLSVersion.TLSv1_1) as web:
        request = Request(f"https://courier.example:{web.port}/a", ca_file=str(certificates / "ca.pem"))
        error = failure(request, resolver=Names(NAMES), gap=0.0)
        assert type(error) is Unreachable
        assert "secure connection" in error.reason
        assert web.asked == []


def test_a_server_without_tls_is_told(web: Web) -> None:
    error = failure(web.url("/a").replace("http:", "https:"))
    assert type(error) is Unreachable
    assert "secure connection" in error.reason


def test_a_file_without_certificates_is_the_seed_s_mistake(tmp_path: Path, web: Web) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("empty.pem", "missing.pem"):
        assert type(failure(Request(web.url("/"), ca_file=str(tmp_path / name)))) is SeedError
