"""What the checks share: the moment, the seed, and how bytes become text."""

from __future__ import annotations

import importlib
import re
from datetime import UTC, datetime
from random import Random
from typing import Any

from scrapers import Seed

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOME = "https://courier.example/"
UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SEED = Seed(name="courier", home=HOME, language="en")


def of_tests(module: str, name: str) -> Any:
    """A name of a module of the tests."""
    return getattr(importlib.import_module(module), name)


def is_address(url: str) -> bool:
    """Whether it is a web address that an Atom document can hold, on one line."""
    return url.startswith(("http://", "https://")) and not UNWRITABLE.search(url) and len(url) <= 2000


def as_text(data: bytes, by: Random) -> str:
    """Bytes as text; now and then with the lone surrogates that JSON lets through."""
    return data.decode("utf-8", by.choice(("replace", "replace", "surrogateescape")))
