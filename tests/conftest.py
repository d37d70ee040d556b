"""What all tests share."""

from __future__ import annotations

import functools
import gc
import os
import re
import zlib
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

from feeds.app.system.memory import collect_seldom
from tests.support.made_once import make_once
from tests.support.misbehaving import Web
from tests.support.new_stores import new_stores
from tests.support.paths import ROOT
from tests.support.postgres import postgres, postgres_own, postgres_store_url, postgres_tables, postgres_url
from tests.support.stores import opener, store_at
from tests.support.temporary import in_memory

in_memory()

# The same examples at every run, and no bound on seconds: a busy machine finds no mistakes. To look for new ones:
# pytest -n 0 --hypothesis-profile explore
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

__all__ = [
    "new_stores",
    "opener",
    "postgres",
    "postgres_own",
    "postgres_store_url",
    "postgres_tables",
    "postgres_url",
    "store_at",
]


@pytest.fixture
def read_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are read in this process: for tests that are not about the processes that read them."""
    from tests.support.reading_inside import once

    monkeypatch.setattr("feeds.app.workers.pool.Workers._once", once)


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on a loopback address that does what it is told, faults included."""
    with Web() as server:
        yield server


def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Before other processes are started, what all of them need is made."""
    make_once(config)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests are made without a look for cycles among them, and never looked at again: they stay.

    What tests make is looked through as seldom as the daemon does it.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        collect_seldom()
        gc.enable()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes stand in no test's id: what packs them may tell the time, and all processes must collect the same tests."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many processes as processors: those that drive the whole program wait for most of their time."""
    return 2 * (os.cpu_count() or 1)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Tests that share a daemon or a browser stay in one process, as `xdist_group` says."""
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


LONG = (
    "tests/test_house.py::test_types",
    "tests/whole/test_script.py",
    "tests/whole/test_desk.py",
    "tests/whole/test_crash_points.py",
    "tests/whole/test_attacks.py",
    "tests/whole/test_state_shown.py",
    "tests/whole/test_scale.py",
    "tests/whole/test_scrapers.py",
    "tests/whole/test_clock_jumps.py",
    "tests/whole/test_kills.py",
    "tests/whole/test_faults.py",
    "tests/scrapers/fetch/browser/",
    "tests/test_docs.py",
    "tests/whole/",
    "tests/test_",
    "tests/feeds/app/cli/test_completion.py",
    "tests/feeds/app/",
)
"""What takes long, the longest first: begun last, it would leave the other processes with nothing to do in the end."""
PARTS = 8  # into which the tests of a module are cut that share nothing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first."""
    items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    """Which of LONG a test belongs to."""
    if not nodeid.startswith(LONG):  # as most
        return len(LONG)
    return next(n for n, start in enumerate(LONG) if nodeid.startswith(start))


class Groups(LoadScopeScheduling):
    """Like `--dist loadgroup`, which names the group in a test's id: pytest 9.2 leaves out what is added there.

    Groups are begun in the order of the tests. Modules whose tests share nothing are handed out in parts: of thousands
    of units the one process that hands them out would have to look at all, again and again. Much of what takes long
    waits: the last process begins with what is short and computes, at the other end, so that no processor is idle.
    """

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return group_of(path) or f"{path} {zlib.crc32(nodeid.encode()) % PARTS}"

    def _assign_work_unit(self, node: WorkerController) -> None:
        if len(self.nodes) > 2 and node is self.nodes[-1]:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


@functools.cache
def group_of(path: str) -> str | None:
    """The group that a test module names, or itself where its tests share what is made once; None for any other."""
    text = (ROOT / path).read_text("utf-8")
    if found := re.search(r'xdist_group\("([^"]+)"\)', text):
        return found[1]
    return path if re.search(r'scope="(module|session)"', text) else None
