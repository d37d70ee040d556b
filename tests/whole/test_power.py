"""What a power cut could take, seen by the system calls of a real run: no file has its name before its bytes are safe.

A machine that loses its power cannot be had in a test; the order that makes it harmless can (RELIABILITY S3).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.model import Topic
from feeds.store import open_store
from scrapers import Seed
from tests.support.playing import COPYDESK
from tests.support.stories import record
from tests.support.waiting import PATIENCE

STRACE = shutil.which("strace")
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) = 0")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(STRACE is None, reason="strace is not installed: the order of writes is NOT tested"),
]


def calls(config: Path, log: Path) -> list[tuple[str, str]]:
    """(system call, its arguments) of `copydesk publish`, in order, those that went well."""
    assert STRACE is not None
    command = [STRACE, "-f", "-y", "-s", "0", "-o", str(log), "-e", "trace=fsync,fdatasync,rename,renameat,renameat2"]
    command += [*COPYDESK, "--config", str(config), "publish"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if "ptrace" in done.stderr.lower():
        pytest.skip(f"strace may not look here, so the order of writes is NOT tested: {done.stderr[:200]}")
    assert done.returncode == 0, done.stderr
    lines = log.read_text().replace("<unfinished ...>\n", "").splitlines()
    return [(found[1], found[2]) for line in lines if (found := CALL.match(line))]


def test_every_file_is_on_the_disk_before_its_name_and_the_mark_goes_last(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'contact = "mailto:desk@example.org"\n[store]\nurl = "sqlite:store/copydesk.db"\n[publish]\nfolder = "public"\n'
        'compress = "ahead"\n'
        '[[topics]]\nname = "harbour"\n',
        encoding="utf-8",
    )
    (tmp_path / "seeds").mkdir()
    store = open_store(tmp_path / "store/copydesk.db", daemon=True)
    store.sources.sync([Seed(name="courier", home="https://courier.example/")], NOW)
    store.topics.sync((Topic("harbour", "harbour"),), NOW)
    one = record(0, source="courier")
    with store.transaction():
        story = store.stories.add(one, NOW)
        n = store.records.add(one, story, "", NOW)
        store.stories.set_representative(story, n, "")
        store.topics.file_record(n, {"harbour": "everything"})
    store.close()
    seen = calls(config, tmp_path / "strace.log")
    public = str(tmp_path / "public")
    synced: set[str] = set()
    renamed: list[str] = []
    places: dict[str, int] = {}  # folder → when it was synced last
    for turn, (name, arguments) in enumerate(seen):
        if name in ("fsync", "fdatasync"):
            path = arguments.partition("<")[2].rstrip(">")
            synced.add(path)
            places[path] = turn
        elif ".part" in arguments:
            source, target = re.findall(r'"([^"]+)"', arguments)
            assert source in synced, f"{target} got its name before its bytes were on the disk"
            renamed.append(target)
    assert f"{public}/t/harbour.atom" in renamed and f"{public}/t/harbour.atom.br" in renamed
    for folder in {str(Path(target).parent) for target in renamed}:
        after = max(turn for turn, (_, text) in enumerate(seen) if f"{folder}/" in text and ".part" in text)
        assert places[folder] > after, f"{folder} was synced before its last file had its name"
    store_synced = [turn for turn, (_, text) in enumerate(seen) if "copydesk.db-wal" in text]
    feed = next(turn for turn, (_, text) in enumerate(seen) if f'"{public}/t/harbour.atom"' in text)
    assert any(turn < feed for turn in store_synced), "what is published was kept before"
    assert any(turn > feed for turn in store_synced), "that it is published is noted after"
