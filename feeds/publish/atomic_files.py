"""The published folder: every file whole at every moment, written only when its bytes changed (RELIABILITY U1, U3)."""

from __future__ import annotations

import gzip
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from stat import S_ISREG

import brotli
import zstandard

from ..errors import PublishError
from ..store.failpoints import crash_at

TYPES = {  # the media type of each published file
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".xml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".page": "application/json",  # what a page shows, of which the daemon makes it in other languages
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
}
VARIANTS = (".gz", ".br", ".zst")
# content codings; files smaller than a packet gain nothing
_COMPRESSED = frozenset({".atom", ".rss", ".json", ".html", ".css", ".js", ".svg", ".xml"})
_WORTH = 1000
_FEEDS = (".atom", ".rss", ".json")
_TEMPORARY = ".part"


class Folder:
    """A folder of published files. `name` is always a relative path with `/`, such as `t/ukraine.atom`."""

    def __init__(self, path: Path, *, secret: bool = False, variants: bool = True) -> None:
        """`variants`: files have compressed ones beside them, for web servers that make none themselves.

        `secret`: only its owner may read it, and the files have no compressed variants.
        """
        self.path = path
        self._secret = secret
        self._variants = variants and not secret

    def write(self, name: str, data: bytes) -> bool:
        """Whether the file changed. Its compressed variants are made with it; all carry one time of change.

        Written beside the old file, synced, then renamed: another process sees the old file or the new one.
        Raises PublishError for a name outside the folder, OSError for a full or read-only disk.
        """
        return bool(self.write_all({name: data}))

    def write_all(self, files: Mapping[str, bytes]) -> list[str]:
        """The names of those that changed, each of them written as `write` does; a folder is synced once for all.

        All are written before the first is synced: the disk then has less to wait for. When one cannot be written,
        none is replaced.
        """
        written: dict[str, list[_Part]] = {}
        try:
            places = self._write_parts(files, written)
            for parts in written.values():
                for part in parts:
                    part.sync()
            for parts in written.values():
                _replace(parts)
        except BaseException:  # an interrupt too: nobody else removes what was written
            for parts in written.values():
                for part in parts:
                    part.drop()
            raise
        crash_at("renamed")
        for place in places:
            _sync_folder(place)
        return list(written)

    def _write_parts(self, files: Mapping[str, bytes], written: dict[str, list[_Part]]) -> set[Path]:
        """Write what changed beside the old files, with its variants first; the folders where something did."""
        mode = 0o600 if self._secret else 0o644
        safe: set[Path] = set()
        places: set[Path] = set()
        for name, data in files.items():
            target = self._place(name)
            if target.parent not in safe:
                self._refuse_links(target.parent)
                safe.add(target.parent)
            compressed = has_variants(target.suffix, len(data)) and self._variants
            if _same(target, data, variants=VARIANTS if compressed else ()):
                continue
            if target.parent not in places:
                self.path.mkdir(mode=0o700 if self._secret else 0o777, parents=True, exist_ok=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                places.add(target.parent)
            parts = written[name] = []
            for suffix in VARIANTS if compressed else ():
                parts.append(_Part(_variant(target, suffix), variant(data, suffix), mode))
            parts.append(_Part(target, data, mode))
        return places

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            place = self._place(name)
            return None if place.is_symlink() else place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._place(name).is_file()

    def is_whole(self, name: str) -> bool:
        """Whether there is such a file, no symbolic link and not empty."""
        try:
            stat = self._place(name).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return S_ISREG(stat.st_mode) and stat.st_size > 0

    def remove(self, name: str) -> bool:
        """Whether there was such a file; it and its variants are gone. Raises PublishError where a link leads away."""
        target = self._place(name)
        self._refuse_links(target.parent)
        there = target.is_file()
        for path in (target, *(_variant(target, suffix) for suffix in VARIANTS)):
            path.unlink(missing_ok=True)
            crash_at("unlinked")
        if there:
            _sync_folder(target.parent)
            for parent in (target.parent, *target.parent.parents):
                if parent == self.path or any(parent.iterdir()):
                    break
                parent.rmdir()
        return there

    def remove_feed(self, path: str) -> list[str]:
        """The names of the files that are gone: every format of `t/NAME` or `s/NAME`, its page and its archives."""
        place = self._place(path)
        files = [f"{path}{suffix}" for suffix in _FEEDS]
        if place.is_dir() and not place.is_symlink():
            files += [f"{path}/{file.name}" for file in sorted(place.iterdir()) if _published(file)]
        return [name for name in files if self.remove(name)]

    def feeds_in_places(self) -> list[str]:
        """The feeds of private topics, `t/PLACE/NAME`: those in a folder that is not the folder of a feed itself."""
        return sorted(
            {
                path.relative_to(self.path).with_suffix("").as_posix()
                for place in self._place("t").glob("*")
                if place.is_dir() and not place.is_symlink() and not (place / "index.html").exists()
                for path in place.iterdir()
                if path.suffix in _FEEDS and not path.name.startswith(("archive-", "."))
            }
        )

    def names(self) -> Iterator[str]:
        """Every published file, without variants and temporary files, in a stable order."""
        for path in sorted(self.path.rglob("*")):
            if _published(path):
                yield path.relative_to(self.path).as_posix()

    def clean_temp(self) -> int:
        """Remove half-written files of an ended process; call it once, before anything is written."""
        left = list(self.path.rglob(f".*{_TEMPORARY}"))
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _refuse_links(self, place: Path) -> None:
        """Raise PublishError where a folder below the published one is a symbolic link: it leads elsewhere."""
        while place != self.path:
            if place.is_symlink():
                raise PublishError(f"{place}: is a symbolic link, and nothing is written through it; remove it")
            place = place.parent

    def _place(self, name: str) -> Path:
        pure = PurePosixPath(name)
        if pure.is_absolute() or not pure.parts or any(part.startswith(".") for part in pure.parts) or "\\" in name:
            raise PublishError(f"{name!r} is no name inside the published folder")
        return self.path / pure


def _published(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".") and path.suffix not in VARIANTS


def _variant(target: Path, suffix: str) -> Path:
    return target.with_name(target.name + suffix)


def _same(target: Path, data: bytes, *, variants: tuple[str, ...]) -> bool:
    """Whether the file has these bytes and every variant was made with it (a crash may have come between)."""
    try:
        stat = os.lstat(target)
        if not S_ISREG(stat.st_mode) or stat.st_size != len(data) or target.read_bytes() != data:
            return False
        return all(_variant(target, suffix).stat().st_mtime_ns == stat.st_mtime_ns for suffix in variants)
    except (FileNotFoundError, NotADirectoryError):
        return False


def variant(data: bytes, suffix: str) -> bytes:
    """The variant of a file with one of the suffixes in VARIANTS; the same bytes each time."""
    # levels measured on feeds of real articles: two more each take half as much time again for 2 % less
    if suffix == ".gz":
        return gzip.compress(data, compresslevel=5, mtime=0)
    if suffix == ".br":
        return bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=5))
    return zstandard.ZstdCompressor(level=6).compress(data)


def has_variants(suffix: str, size: int) -> bool:
    """Whether a file of this kind and of so many bytes is worth compressing."""
    return suffix in _COMPRESSED and size >= _WORTH


class _Part:
    """A new file beside the one that it will replace."""

    def __init__(self, final: Path, data: bytes, mode: int) -> None:
        self.final = final
        self.path = f"{final.parent}/.{final.name}.{secrets.token_hex(8)}{_TEMPORARY}"
        self._file = open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: SIM115 until it is synced
        try:
            self._file.write(data)
            self._file.flush()
            os.fchmod(self._file.fileno(), mode)
        except BaseException:  # an interrupt too: nobody knows yet of what was written
            self.drop()
            raise

    def sync(self) -> None:
        """The disk has it."""
        crash_at("before-sync")
        os.fsync(self._file.fileno())
        self._file.close()

    def drop(self) -> None:
        """It replaces nothing."""
        with suppress(OSError):  # closing writes what is left, which failed before
            self._file.close()
        with suppress(FileNotFoundError):
            os.unlink(self.path)


def _replace(parts: Sequence[_Part]) -> None:
    """The variants first and the file itself last, so that a file never has the variants of an older one for long."""
    crash_at("before-rename")
    target = parts[-1].final
    renewed = {part.final.name for part in parts}
    for suffix in VARIANTS:  # a file without a variant is right, the variant of an older file is not
        if target.name + suffix not in renewed:
            with suppress(FileNotFoundError):
                os.unlink(f"{target}{suffix}")
    if len(parts) > 1:
        when = os.stat(parts[-1].path).st_mtime_ns
        for part in parts:
            os.utime(part.path, ns=(when, when))
    for part in parts:
        os.replace(part.path, part.final)
        crash_at("variant-renamed")


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
