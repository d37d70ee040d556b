"""The published folder: whole files, written only when they changed."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import brotli
import pytest
import zstandard

from feeds.errors import PublishError
from feeds.publish.atomic_files import VARIANTS, Folder
from tests.support.paths import ROOT
from tests.support.waiting import PATIENCE

BODY = b"<feed>" + b"news of the day " * 400 + b"</feed>"


def times(path: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in path.rglob("*") if file.is_file()}


def test_variants_lie_beside_and_say_the_same(tmp_path: Path) -> None:
    assert Folder(tmp_path).write("t/a.atom", BODY)
    place = tmp_path / "t" / "a.atom"
    assert place.read_bytes() == gzip.decompress(place.with_name("a.atom.gz").read_bytes()) == BODY
    assert brotli.decompress(place.with_name("a.atom.br").read_bytes()) == BODY
    assert zstandard.ZstdDecompressor().decompress(place.with_name("a.atom.zst").read_bytes()) == BODY
    assert len(set(times(tmp_path).values())) == 1
    assert place.stat().st_mode & 0o777 == 0o644


def test_where_no_variants_are_wanted_none_is_made_and_those_of_an_older_file_go(tmp_path: Path) -> None:
    Folder(tmp_path).write_all({"a.atom": BODY, "b.atom": BODY})
    folder = Folder(tmp_path, variants=False)
    assert folder.write_all({"a.atom": BODY + b"more", "b.atom": BODY, "c.atom": BODY}) == ["a.atom", "c.atom"]
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"a.atom", "c.atom", "b.atom", *(f"b.atom{suffix}" for suffix in VARIANTS)}


def test_variants_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Folder(tmp_path / name).write("a.atom", BODY)
    for suffix in VARIANTS:
        assert (tmp_path / f"one/a.atom{suffix}").read_bytes() == (tmp_path / f"two/a.atom{suffix}").read_bytes()


def test_what_did_not_change_is_not_touched(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_all({"t/a.atom": BODY, "icon.png": b"png"})
    before = times(tmp_path)
    assert folder.write_all({"t/a.atom": BODY, "icon.png": b"png", "t/b.atom": BODY}) == ["t/b.atom"]
    after = times(tmp_path)
    assert {name: after[name] for name in before} == before


def test_small_files_and_pictures_have_no_variants_and_old_ones_go(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("icon.png", BODY)
    folder.write("a.json", BODY)
    folder.write("a.json", b"{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "icon.png"]


def test_a_variant_of_another_moment_is_made_anew(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.atom", BODY)
    (tmp_path / "a.atom.gz").write_bytes(b"left behind by a crash")
    assert folder.write("a.atom", BODY)
    assert gzip.decompress((tmp_path / "a.atom.gz").read_bytes()) == BODY


@pytest.mark.parametrize("name", ["../x", "/etc/x", "t/../../x", ".hidden", "t/.x/y", "", "t\\x"])
def test_names_outside_are_refused(tmp_path: Path, name: str) -> None:
    folder = Folder(tmp_path / "public")
    for call in (lambda: folder.write(name, b"x"), lambda: folder.remove(name), lambda: folder.read(name)):
        with pytest.raises(PublishError):
            call()
    assert list(tmp_path.iterdir()) == []


def test_removing_takes_the_variants_and_empty_folders(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    names = ["t/a.atom", "t/a.rss", "t/a.json", "t/a/index.html", "t/a/archive-000001.atom", "t/b.atom"]
    folder.write_all(dict.fromkeys(names, BODY))
    assert sorted(folder.names()) == sorted(names)
    assert sorted(folder.remove_feed("t/a")) == sorted(names[:-1])
    assert list(folder.names()) == ["t/b.atom"]
    assert not (tmp_path / "t" / "a").exists()
    assert not folder.remove("t/a.atom")
    assert folder.read("t/a.atom") is None
    assert folder.exists("t/b.atom")
    folder.remove("t/b.atom")
    assert list(tmp_path.iterdir()) == []


def test_what_was_left_half_written_is_cleaned_up(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("t/a.atom", BODY)
    (tmp_path / "t" / ".a.atom.x1y2.part").write_bytes(b"half")
    assert "t/.a.atom.x1y2.part" not in list(folder.names())
    assert folder.clean_temp() == 1
    assert folder.clean_temp() == 0
    assert folder.read("t/a.atom") == BODY


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder")
def test_a_read_only_folder_is_an_error_and_leaves_the_old_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.atom", BODY)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OSError, match="ermission"):
            folder.write("a.atom", BODY + b"!")
        assert folder.read("a.atom") == BODY
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    folder.write("a.atom", BODY)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.write("a.atom", BODY + b"!")
    assert folder.read("a.atom") == BODY
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".part"]


@pytest.mark.parametrize("step", ["fchmod", "fsync"])
def test_of_several_files_none_is_replaced_when_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Not one document of a feed beside the older others; and nothing half-written, nothing open is left."""
    folder = Folder(tmp_path, variants=False)
    names = ["t/a.atom", "t/a.rss", "t/a.json"]
    folder.write_all(dict.fromkeys(names, BODY))
    opened = len(os.listdir("/proc/self/fd"))
    real, calls = getattr(os, step), []

    def full(*told: int) -> None:
        calls.append(told)
        if len(calls) == len(names):
            raise OSError(28, "No space left on device")
        real(*told)

    with monkeypatch.context() as patched:
        patched.setattr(os, step, full)
        with pytest.raises(OSError, match="No space left"):
            folder.write_all(dict.fromkeys(names, BODY + b"!"))
    assert [folder.read(name) for name in names] == [BODY] * 3
    assert not list(tmp_path.rglob("*.part"))
    assert len(os.listdir("/proc/self/fd")) == opened
    assert folder.write_all(dict.fromkeys(names, BODY + b"!")) == names


def test_every_file_is_synced_before_it_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    sync, rename = os.fsync, os.replace

    def noting_sync(descriptor: int) -> None:
        calls.append("sync")
        sync(descriptor)

    def noting_rename(source: Path, target: Path) -> None:
        calls.append("rename")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(os, "replace", noting_rename)
    Folder(tmp_path).write("a.atom", BODY)
    assert calls == ["sync"] * 4 + ["rename"] * 4 + ["sync"]


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from feeds.publish.atomic_files import Folder
folder = Folder(Path(sys.argv[1]))
folder.clean_temp()
n = 0
print("ready", flush=True)
while True:
    n += 1
    folder.write("t/a.atom", b"<feed>" + b"%06d " % n * 20000 + b"</feed>")
"""


def test_another_process_never_sees_half_a_file_while_the_writer_is_killed(tmp_path: Path) -> None:
    root = str(ROOT)
    place = tmp_path / "t" / "a.atom"
    looks = 0
    for turn in range(1, 5):
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), root], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            least, last = time.monotonic() + 0.4, time.monotonic() + PATIENCE
            while time.monotonic() < least or (looks < 6 * turn and time.monotonic() < last):
                if place.exists():
                    body = place.read_bytes()
                    assert body.startswith(b"<feed>")
                    assert body.endswith(b"</feed>")
                    assert body.count(body[6:13]) == 20_000
                    looks += 1
            writer.send_signal(signal.SIGKILL)
            writer.wait()
    assert looks > 20


def test_symbolic_links_are_neither_followed_nor_written_through(tmp_path: Path) -> None:
    public, outside = tmp_path / "public", tmp_path / "outside"
    (public / "t").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.atom").write_bytes(BODY)
    (public / "t" / "a.atom").symlink_to(outside / "secret.atom")
    (public / "s").symlink_to(outside)
    folder = Folder(public)
    assert folder.read("t/a.atom") is None
    assert list(folder.names()) == []
    assert folder.write("t/a.atom", BODY), "the link is replaced, though what it led to had these bytes"
    assert not (public / "t" / "a.atom").is_symlink()
    assert folder.write("t/a.atom", b"<feed/>")
    with pytest.raises(PublishError, match="is a symbolic link"):
        folder.write("s/b.atom", BODY)
    with pytest.raises(PublishError, match="is a symbolic link"):
        folder.remove("s/secret.atom")
    (public / "t" / "b").symlink_to(outside)
    assert folder.remove_feed("t/b") == []
    assert folder.feeds_in_places() == []
    (public / "t" / "c.atom").symlink_to(outside / "secret.atom")
    assert not folder.is_whole("t/c.atom")
    assert folder.is_whole("t/a.atom")
    assert [path.name for path in outside.iterdir()] == ["secret.atom"]
    assert (outside / "secret.atom").read_bytes() == BODY
