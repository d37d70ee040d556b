"""One desk writes to a store on a server; another one waits until the first is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from feeds.errors import StoreBusy, StoreInUse
from feeds.store import PostgresLocation, lock_of, open_store
from feeds.store.database.lead import ServerLock
from tests.support.paths import ROOT
from tests.support.postgres import Postgres

pytestmark = pytest.mark.real


def test_the_second_is_told_who_leads(postgres_url: str, tmp_path: Path) -> None:
    where = PostgresLocation(postgres_url, tmp_path)
    first, second = lock_of(where), ServerLock(where)
    assert second.holder() is None
    first.take()
    assert first.holder() == second.holder() == os.getpid()
    assert not second.try_lead()
    with pytest.raises(StoreInUse, match=rf"process {os.getpid()} on "):
        second.take()
    assert first.lost() is None and "another desk leads" in (second.lost() or "")
    first.release()
    assert second.try_lead() and second.try_lead()
    assert "another desk leads" in (first.lost() or "")
    second.release()
    second.release()
    assert first.holder() is None


def test_the_lead_of_a_process_that_is_killed_is_free_at_once(postgres_url: str, tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from feeds.store import PostgresLocation, lock_of\n"
        f"lock = lock_of(PostgresLocation({postgres_url!r}, Path()))\n"
        "lock.take(); print('led', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "led\n"
    lock = ServerLock(PostgresLocation(postgres_url, tmp_path))
    assert not lock.try_lead() and lock.holder() == process.pid
    process.kill()
    process.wait()
    process.stdout.close()
    while not lock.try_lead():  # the server looks at the connection that ended
        pass
    lock.release()


def test_a_desk_that_lost_the_lead_writes_nothing_more(postgres_own: Postgres, tmp_path: Path) -> None:
    """The server restarts, and another desk is quicker: the first one may read, and begins no transaction."""
    where = PostgresLocation(postgres_own.url(postgres_own.create()), tmp_path)
    first, second = ServerLock(where), ServerLock(where)
    first.take()
    store = open_store(where)
    store.only_while(first)
    with store.transaction():
        store.meta.put("x", "1")
    postgres_own.restart("immediate")
    with store.transaction():
        store.meta.put("x", "2")
    assert first.lost() is None, "nobody else took it"
    postgres_own.restart("fast")
    assert second.try_lead()
    with pytest.raises(StoreBusy, match="another desk"), store.transaction():
        store.meta.put("x", "3")
    assert store.meta.get("x") == "2" and "another desk leads" in (first.lost() or "")
    postgres_own.stop()
    assert first.lost() is None, "nobody can have it while the server is gone"
    store.close()
    first.release()
    second.release()
