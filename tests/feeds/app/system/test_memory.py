"""What the daemon tells its process about memory."""

import gc
import subprocess
import sys

import pytest

from feeds.app.system import memory
from feeds.app.system.memory import SELDOM, collect_seldom, give_back, one_arena


def test_python_looks_for_cycles_seldom_and_still_finds_them() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    made: list[list[int]] = [[] for _ in range(100)]
    try:
        collect_seldom()
        assert gc.get_threshold() == (SELDOM, *before[1:])
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(made), "what was loaded before stays"
    finally:
        gc.set_threshold(*before)


def test_giving_back_works_whatever_the_c_library() -> None:
    one_arena()
    give_back()


def test_the_daemon_does_not_load_what_reads_pages() -> None:
    """Its workers do; it costs some fifteen megabytes and a third of a second."""
    code = (
        "import sys, feeds.app.cli.run, feeds.app.daemon.daemon;"
        " print(*{'selectolax', 'nh3', 'feedparser', 'scrapers.extract.pipeline', 'scrapers.discover.front',"
        " 'scrapers.normalise.record', 'scrapers.repair.examine', 'scrapers.discover.probe'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_c_library_is_asked_for_one_heap_and_for_free_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(memory, "_function", lambda name: lambda *words: asked.append((name, words)))
    one_arena()
    give_back()
    assert asked == [("mallopt", (-8, 1)), ("malloc_trim", (0,))]
    monkeypatch.setattr(memory, "_function", lambda name: None)
    one_arena()
    give_back()
    monkeypatch.undo()
    assert memory._function("no_such_function") is None
    assert memory._function("malloc") is not None
