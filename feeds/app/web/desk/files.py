"""Files of the owner that the desk writes: whole or not at all, with the former one kept, never over a newer edit."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path


def version(text: str | None) -> str:
    """What tells one text of a file from another: a form carries it from the page that it was made for."""
    return "none" if text is None else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def replace_file(path: Path, text: str) -> Path:
    """Put a text in the place of a file, whole or not at all; the former one stays as `NAME.before`, which is given."""
    fresh, before = path.with_name(f".{path.name}.new"), path.with_name(f"{path.name}.before")
    with fresh.open("wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, fresh)
        before.unlink(missing_ok=True)
        os.link(path, before)
    os.replace(fresh, path)
    return before
