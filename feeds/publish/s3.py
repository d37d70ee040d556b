"""The published folder → an object store (S3 or alike), by the extra `s3`. The only importer of obstore.

Only changed files are sent, and feeds last, so that every page, picture and archive that a feed names is there.
Keys, endpoint and region come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, …).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5
from pathlib import PurePosixPath
from typing import Any

from ..errors import PublishError
from .atomic_files import TYPES, Folder

_WEEK = 604_800


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was done in the object store."""

    sent: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


def push(folder: Folder, url: str, **settings: Any) -> Pushed:
    """Make the objects below `url` (s3://BUCKET/PREFIX) those of the folder. `settings` go to obstore as they are.

    An object is unchanged when its size and ETag (the MD5 of its bytes) are those of the file. What is no longer in the
    folder is removed below `t/` and `s/` alone, after everything was sent. Raises PublishError without the extra,
    for an address that is none, and for a store that cannot be reached or written.
    """
    try:
        import obstore
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise PublishError("publishing to an object store needs the extra s3: pip install 'copydesk[s3]'") from error
    try:
        store = from_url(url, **settings)
        there = {item["path"]: item for batch in obstore.list(store) for item in batch}
        sent, unchanged = [], 0
        names = sorted(folder.names(), key=_turn)
        for name in names:
            if name.endswith(".page"):
                continue  # the daemon alone makes something of them
            data = folder.read(name)
            if data is None:
                continue
            known = there.get(name)
            # S3 gives the MD5 of an object as its ETag; it is compared here, and trusted with nothing
            tag = md5(data, usedforsecurity=False).hexdigest()
            if known is not None and known["size"] == len(data) and (known["e_tag"] or "").strip('"') == tag:
                unchanged += 1
                continue
            obstore.put(store, name, data, attributes=_attributes(name), use_multipart=False)
            sent.append(name)
        gone = sorted(name for name in there.keys() - set(names) if _ours(name))
        if gone:
            obstore.delete(store, gone)
    except (BaseError, ValueError, OSError) as error:
        raise PublishError(f"{url}: {str(error).splitlines()[0]}") from error
    return Pushed(tuple(sent), tuple(gone), unchanged)


def _turn(name: str) -> tuple[int, str]:
    """The order of sending: what is referred to first, feeds and the lists of feeds last."""
    suffix = PurePosixPath(name).suffix
    if suffix in {".css", ".svg", ".png", ".ico"}:
        return 0, name
    if "/archive-" in name:
        return 1, name
    if suffix == ".html" and name != "index.html":
        return 2, name
    return (3, name) if name.startswith(("t/", "s/")) else (4, name)


def _ours(name: str) -> bool:
    return name.startswith(("t/", "s/")) and PurePosixPath(name).suffix in {".atom", ".rss", ".json", ".html"}


def _attributes(name: str) -> dict[str, str]:
    if "/archive-" in name:
        cache = f"public, max-age={_WEEK}"
    elif PurePosixPath(name).suffix in {".css", ".svg", ".png", ".ico"}:
        cache = "public, max-age=86400"
    else:
        cache = "public, max-age=300, stale-if-error=86400"
    return {"Content-Type": TYPES.get(PurePosixPath(name).suffix, "application/octet-stream"), "Cache-Control": cache}
