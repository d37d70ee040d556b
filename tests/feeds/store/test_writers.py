"""Several processes at one store: a writer waits for the other, a reader for nobody (RELIABILITY S1)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from feeds.store import open_store
from tests.support.waiting import PATIENCE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_writer_waits_for_another_and_a_reader_does_not(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    open_store(path, daemon=True).close()
    inside, leave = threading.Event(), threading.Event()
    done: list[str] = []

    def other() -> None:
        store = open_store(path)
        with store.transaction():
            store.meta.put("by", "the other")
            inside.set()
            assert leave.wait(PATIENCE)
            done.append("the other")
        store.close()

    thread = threading.Thread(target=other)
    thread.start()
    store = open_store(path, daemon=True) if inside.wait(PATIENCE) else None
    assert store is not None
    # one that was waited for would go on waiting for us
    assert store.meta.get("by") is None, "what is not committed is not seen, and not waited for"
    threading.Timer(0.4, leave.set).start()
    with store.transaction():
        done.append("we")
        assert store.meta.get("by") == "the other"
        store.meta.put("by", "us")
    thread.join(PATIENCE)
    assert done == ["the other", "we"]
    assert store.meta.get("by") == "us"
    store.close()


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    open_store(path, daemon=True).close()
    failed: list[BaseException] = []

    def count(name: str) -> None:
        store = open_store(path)
        try:
            for n in range(40):
                with store.transaction():
                    value = int(store.meta.get("count") or 0)
                    store.meta.put("count", str(value + 1))
                store.control.ask("publish", {"by": name, "n": n}, NOW)
        except BaseException as error:  # handed over to the test
            failed.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=count, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert failed == []
    store = open_store(path)
    assert store.meta.get("count") == "120"
    store.close()
