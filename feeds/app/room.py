"""Room on the disk: too little of it pauses the visits before something breaks (RELIABILITY S4)."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import structlog

from .config import Config

log = structlog.get_logger()
FREE_LEAST = 100_000_000  # bytes that are free on a disk, else no visit is begun
FREE_AGAIN = 120_000_000  # and so many before one is begun again

Free = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Bytes that are free where a folder is. Raises OSError."""
    return shutil.disk_usage(folder).free


class Room:
    """The disks of an installation. `cramped` says why no visit is begun; None while there is room."""

    def __init__(self, config: Config, free: Free = free_bytes) -> None:
        self._places = (("store", config.store_path.parent), ("published folder", config.public))
        self._free = free
        self.cramped: str | None = None

    def look(self) -> str | None:
        """Look again: why there is too little room, in words; None when there is enough."""
        before = self.cramped
        self.cramped = self._why(FREE_LEAST if before is None else FREE_AGAIN)
        if before is None and self.cramped is not None:
            log.error("visits pause until there is room on the disk", why=self.cramped)
        elif before is not None and self.cramped is None:
            log.info("there is room on the disk again")
        return self.cramped

    def _why(self, least: int) -> str | None:
        for what, folder in self._places:
            with contextlib.suppress(OSError):  # a folder that is not there is told by whoever wants to write
                free = self._free(folder)
                if free < least:
                    return f"only {free // 1_000_000} MB are free where the {what} is; visits pause"
        return None
