"""No pattern that sees page text may be slow on bait (RELIABILITY P7)."""

import importlib
import re
import time

import pytest

MODULES = (
    "anchors", "cards", "declared", "evidence", "feeds", "gate", "islands", "opml", "plain", "probe", "shapes",
    "sitemap", "state", "wix", "xpath",
)  # fmt: skip
LENGTH = 20_000
PARTS = (
    "a", " ", "1", "a ", "<", "<a ", "-", "a-", "&", "&a", '"', "\\", "[", "/", "1 abc ", "é",
    '<meta name="generator" ', "<![CDATA[", "a.", "<img src=", "%u", "2020/", "2020-1-", "[a ", "concat(", "|",
    "<author>x", "@a='",
)  # fmt: skip
CUT = {"MORE": 600}  # used on texts that were cut to so many characters


@pytest.mark.parametrize("module", MODULES)
def test_patterns_are_quick_on_bait(module: str) -> None:
    known = importlib.import_module(f"scrapers.discover.{module}")
    patterns = [(name, value) for name, value in vars(known).items() if isinstance(value, re.Pattern)]
    for name, pattern in patterns:
        for part in PARTS:
            bait: str | bytes = (part * (LENGTH // len(part) + 1))[: CUT.get(name, LENGTH)]
            if isinstance(pattern.pattern, bytes):
                bait = bait.encode("latin-1") if isinstance(bait, str) else bait
            start = time.process_time()
            pattern.search(bait)
            spent = time.process_time() - start
            assert spent < 0.1, f"{module}.{name} takes {spent:.2f} s on {part!r}"  # quadratic ones take longer
