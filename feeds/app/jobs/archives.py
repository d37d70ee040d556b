"""Articles from imported files: lines of JSON, and WARC, the format of web archives and crawlers (ISO 28500)."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from scrapers import CopydeskError, Draft, Given, Image, Page, is_address, robots_directives

MOST_BYTES = 5_000_000  # of a page; larger ones are no articles
EARLIEST = 1990  # no page was fetched before the web
_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 20_000_000


def read_archive(path: Path, now: datetime) -> Iterator[Given | str]:
    """The articles of a file, one by one; a str in place of an unusable entry says why.

    Raises CopydeskError when the file as a whole cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(2)
            file.seek(0)
            plain: Any = gzip.GzipFile(fileobj=file) if start == _GZIP else file
            head = plain.read(64).lstrip()
            plain.seek(0)
            if head.startswith(b"WARC/"):
                file.seek(0)
                yield from _warc(file, path)
            elif head.startswith(b"{"):
                yield from _lines(plain, path, now)
            elif head:
                raise CopydeskError(f"{path}: is neither lines of JSON nor WARC")
    except OSError as error:
        raise CopydeskError(f"{path}: {error.strerror or error}") from error
    except (EOFError, zlib.error) as error:
        raise CopydeskError(f"{path}: is cut off or damaged; what came before was read") from error


def _lines(file: Any, path: Path, now: datetime) -> Iterator[Given | str]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if not line.strip():
            continue
        try:
            table = json.loads(line)
        except (ValueError, RecursionError):
            yield f"{path}:{number}: is no JSON"
            continue
        found = _item(table, now) if isinstance(table, dict) else 'should be an object, such as {"url": …}'
        yield f"{path}:{number}: {found}" if isinstance(found, str) else found


def _item(table: Mapping[str, Any], now: datetime) -> Given | str:
    """A line as `copydesk export` writes it, or with the whole page under "page"; why not otherwise."""
    url = table.get("url")
    if not isinstance(url, str) or not is_address(url):
        return "url: should be the address of the article"
    at = min(_moment(table.get("fetched") or table.get("first_seen")) or now, now)
    if isinstance(page := table.get("page"), str):
        body = page.encode("utf-8", "replace")
        if len(body) > MOST_BYTES:
            return f"page: is larger than {MOST_BYTES // 1_000_000} MB"
        return Given(url, at, page=Page(url, body, charset="utf-8", fetched=at))
    title, text = _text(table, "title"), _text(table, "text")
    if title is None:
        return 'title: should be the headline (or "page" the whole page)'
    image = table.get("image")
    image = image.get("url") if isinstance(image, dict) else image
    estimated = table.get("published_estimated") is True
    draft = Draft(
        title=title,
        subtitle=_text(table, "subtitle"),
        authors=_texts(table, "authors"),
        published=None if estimated else _text(table, "published"),
        updated=_text(table, "updated"),
        section=_text(table, "section"),
        tags=_texts(table, "tags"),
        language=_text(table, "language"),
        publisher=_text(table, "publisher"),
        image=Image(image) if isinstance(image, str) and is_address(image) else None,
        text=text,
        html=_text(table, "html"),
        paywalled=table.get("paywalled") is True,
        sponsored=table.get("sponsored") is True,
    )
    told = [field.name for field in fields(draft) if field.name != "witnesses" and getattr(draft, field.name)]
    return Given(url, at, told=replace(draft, witnesses=dict.fromkeys(told, "import")))


def _warc(file: BinaryIO, path: Path) -> Iterator[Given | str]:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise CopydeskError(f"{path}: is WARC, which needs the extra `warc`: pip install 'copydesk[warc]'") from error
    try:
        for record in _sound(ArchiveIterator(file), path):
            if record.rec_type not in ("response", "resource"):
                continue
            found = _response(record)
            if found is not None:
                yield found
    except ArchiveLoadFailed as error:
        raise CopydeskError(f"{path}: is damaged: {str(error).strip().splitlines()[0]}") from error


def _sound(records: Iterator[Any], path: Path) -> Iterator[Any]:
    """The records of a WARC file. Raises CopydeskError for one whose headers are no headers: the library stumbles."""
    try:
        yield from records
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise CopydeskError(f"{path}: is damaged: a record has wrong headers; what came before was read") from error


def _response(record: Any) -> Given | str | None:
    """The page of a WARC record; None for what is no page: pictures, redirects, requests."""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    http = record.http_headers
    kind = (http.get_header("Content-Type") if http else record.rec_headers.get_header("Content-Type")) or ""
    media, _, further = kind.partition(";")
    if media.strip().lower() not in ("text/html", "application/xhtml+xml"):
        return None
    if http is not None and http.get_statuscode() != "200":
        return None
    if not is_address(url):
        return f"{url[:200]!r}: is no web address"
    try:
        body = record.content_stream().read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        return f"{url}: its page is damaged"
    if len(body) > MOST_BYTES:
        return f"{url}: is larger than {MOST_BYTES // 1_000_000} MB"
    now = datetime.now(UTC)
    at = min(_moment(record.rec_headers.get_header("WARC-Date")) or now, now)
    told = [value for name, value in http.headers if name.lower() == "x-robots-tag"] if http else []
    charset = further.lower().partition("charset=")[2].split(";")[0].strip("\"' ") or None
    page = Page(
        url,
        body,
        content_type=media.strip().lower(),
        charset=charset or None,
        fetched=at,
        robots=robots_directives(told, "copydesk"),
    )
    return Given(url, at, page=page)


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= EARLIEST else None


def _text(table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
