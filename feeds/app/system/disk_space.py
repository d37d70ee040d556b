"""Space on the disk: too little of it pauses the visits before something breaks (RELIABILITY S4)."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

log = structlog.get_logger()
FREE_LEAST = 100_000_000  # free bytes below which no visit is begun
FREE_AGAIN = 120_000_000  # free bytes from which visits begin again

Free = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Bytes that are free where a folder is. Raises OSError."""
    return shutil.disk_usage(folder).free


class DiskSpace:
    """The disks of an installation. `shortage` says why no visit is begun; None while there is space."""

    def __init__(self, folders: Mapping[str, Path], free: Free = free_bytes) -> None:
        """`folders` has the watched folders by the name that people are told."""
        self.shortage: str | None = None
        self._folders = folders
        self._free = free

    def check(self) -> str | None:
        """Look again: why there is too little space, in words; None when there is enough."""
        before = self.shortage
        self.shortage = self._why(FREE_LEAST if before is None else FREE_AGAIN)
        if before is None and self.shortage is not None:
            log.error("visits pause until there is room on the disk", why=self.shortage)
        elif before is not None and self.shortage is None:
            log.info("there is room on the disk again")
        return self.shortage

    def _why(self, least: int) -> str | None:
        for what, folder in self._folders.items():
            with contextlib.suppress(OSError):  # a missing folder is reported where it is written to
                free = self._free(folder)
                if free < least:
                    return f"only {free // 1_000_000} MB are free where the {what} is; visits pause"
        return None
