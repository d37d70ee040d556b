"""What all tests share."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.support.misbehaving import Web
from tests.support.paths import ROOT
from tests.support.postgres import postgres, postgres_own, postgres_url
from tests.support.stores import opener, store_at

__all__ = ["opener", "postgres", "postgres_own", "postgres_url", "store_at"]


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on a loopback address that does what it is told, faults included."""
    with Web() as server:
        yield server


def pytest_xdist_auto_num_workers() -> int:
    """Half as many processes again as processors: those that drive the whole program often wait."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Tests that share a daemon or a browser stay in one process, as `xdist_group` says."""
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


class Groups(LoadScopeScheduling):
    """Like `--dist loadgroup`, which names the group in a test's id: pytest 9.2 leaves out what is added there."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0]) or nodeid


@functools.cache
def group_of(path: str) -> str | None:
    """The group that a test module names, or itself where its tests share what is made once; None for any other."""
    text = (ROOT / path).read_text("utf-8")
    if found := re.search(r'xdist_group\("([^"]+)"\)', text):
        return found[1]
    return path if re.search(r'scope="(module|session)"', text) else None
