"""Every refusal of a request says which address it is about; what lies below is told in the words of these."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import httpcore
import pytest

import scrapers.fetch
from scrapers.errors import FetchError, Refused, Unreachable
from scrapers.fetch.http.exchange import WorthAnotherTry, _of_proxy

NAMED = {"Unreachable", "Refused", "Forbidden", "Gone", "PageChanged"}
FOLDER = Path(scrapers.fetch.__file__).parent
KNOWN = ("session.py", "guard.py")  # the modules that know the address


def refusals() -> Iterator[tuple[str, ast.Call]]:
    """Where a refusal is made, and how."""
    for path in (FOLDER / name for name in KNOWN):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMED:
                yield f"{path.relative_to(FOLDER)}:{node.lineno}", node


def test_every_refusal_names_its_address() -> None:
    found = list(refusals())
    assert len(found) > 15
    silent = [where for where, call in found if "url" not in {keyword.arg for keyword in call.keywords}]
    assert silent == []


@pytest.mark.parametrize(
    ("said", "kind", "status"),
    [
        ("407 Login", Refused, 407),
        ("403 No", Unreachable, 403),
        ("502 Bad", WorthAnotherTry, 502),
        ("what", WorthAnotherTry, 502),
    ],
)
def test_what_a_proxy_refuses_names_the_address_that_was_asked(said: str, kind: type, status: int) -> None:
    found = _of_proxy(httpcore.ProxyError(said), "https://courier.example/")
    assert type(found) is kind
    told = found.error if isinstance(found, WorthAnotherTry) else found
    assert isinstance(told, FetchError)
    assert (told.url, told.status) == ("https://courier.example/", status if kind is Refused else None)
    assert str(status) in told.reason
