"""Addresses are shown without their secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import redact

SHOWN = {
    # names and passwords
    "https://user:s3cret@a.example/": "https://***@a.example/",
    "https://s3cret@a.example/": "https://***@a.example/",
    # tokens
    "https://a.example/?token=s3cret&page=2": "https://a.example/?token=***&page=2",
    "https://a.example/?Access_Token=s3cret": "https://a.example/?Access_Token=***",
    "https://a.example/?X-Amz-Signature=s3cret": "https://a.example/?X-Amz-Signature=***",
    "https://a.example/?api-key=s3cret&password=s3cret": "https://a.example/?api-key=***&password=***",
    "https://a.example/cb#access_token=s3cret": "https://a.example/cb#access_token=***",
    # no secrets
    "https://a.example/b?c=d#e": "https://a.example/b?c=d",
    "https://a.example/\r\nX: s": "https://a.example/\\x0d\\x0aX: s",
    "https://a.example/é": "https://a.example/\\xe9",
    "": "",
    # no valid addresses
    "http://[s3cret@bad/": "http://***@bad/",
    "http://s3cret@[bad/": "*** (no valid address)",
    "http://[bad/?q": "http://[bad/",
}


@pytest.mark.parametrize(("url", "shown"), SHOWN.items())
def test_secrets_are_hidden(url: str, shown: str) -> None:
    assert redact(url) == shown
    assert "s3cret" not in redact(url)


@given(st.text(max_size=3000))
def test_what_is_shown_is_short_and_printable(text: str) -> None:
    for url in (text, "http://" + text):
        shown = redact(url)
        assert len(shown) <= 500
        assert all(" " <= c <= "~" for c in shown)


@pytest.mark.parametrize("start", ["https://", "//", "HTTPS://", "s3+x://"])
@pytest.mark.parametrize("long", [1, 1980, 1995, 2000, 2005, 5000])
def test_a_password_of_any_length_is_shown_to_nobody(start: str, long: int) -> None:
    shown = redact(f"{start}desk:{'p' * long}@a.example/x?token={'q' * long}#key={'r' * long}")
    assert "pp" not in shown and "desk" not in shown
    assert shown.lower().startswith(f"{start.lower()}***@a.example/x?token=***")
    assert "qq" not in shown and "rr" not in shown


def test_a_sign_behind_the_host_is_no_password() -> None:
    for url in (
        "https://a.example/@desk",
        "https://a.example?at=x@y",
        "https://a.example/#at=@x",
        "mailto:a@b.example",
    ):
        assert redact(url) == url
