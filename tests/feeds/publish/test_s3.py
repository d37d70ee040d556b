"""Publishing to an object store, against a small server that speaks S3's protocol on loopback."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from feeds.compose.compose import compose_archive
from feeds.errors import PublishError
from feeds.publish import s3
from feeds.publish.atomic_files import TYPES, Folder
from feeds.publish.s3 import push
from feeds.publish.write import write_archive, write_documents, write_site
from feeds.render.pages import listed
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, feed


class Bucket(ThreadingHTTPServer):
    """PUT, LIST and DELETE of one bucket, as S3 answers them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.objects: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.puts: list[str] = []
        self.refuse = False


class _Answer(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing: the test looks at what arrived."""

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/bucket").lstrip("/")

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refuse:
            self._send(403, b"<Error><Code>AccessDenied</Code></Error>")
            return
        self.server.objects[self._key()] = data, {name.lower(): value for name, value in self.headers.items()}
        self.server.puts.append(self._key())
        self._send(200, ETag=f'"{md5(data).hexdigest()}"')

    def do_GET(self) -> None:
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        listing = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-20T12:00:00.000Z</LastModified>"
            f"<ETag>&quot;{md5(data).hexdigest()}&quot;</ETag><Size>{len(data)}</Size></Contents>"
            for key, (data, _) in sorted(self.server.objects.items())
            if key.startswith(prefix)
        )
        self._send(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{listing}</ListBucketResult>".encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keys = re.findall(r"<Key>([^<]+)</Key>", body)
        for key in keys:
            self.server.objects.pop(key, None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._send(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())

    def do_DELETE(self) -> None:
        self.server.objects.pop(self._key(), None)
        self._send(204)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def send(folder: Folder, bucket: Bucket) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    done = push(
        folder,
        "s3://bucket/news",
        endpoint=f"http://127.0.0.1:{bucket.server_address[1]}",
        access_key_id="key",
        secret_access_key="secret",
        region="us-east-1",
        client_options={"allow_http": True},
    )
    return done.sent, done.removed, done.unchanged


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    archive = compose_archive(
        TOPIC, [entry(n) for n in range(9)], number=1, archives=[1], followed=False, site=SITE, feed_id=FEED_ID
    )
    write_archive(made, "t/harbour", archive)
    write_documents(made, "t/harbour", feed(5))
    write_site(made, SITE, [listed(feed(5), "t/harbour")], [])
    return made


def test_everything_goes_up_once_and_feeds_last(folder: Folder, bucket: Bucket) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    sent, removed, unchanged = send(folder, bucket)
    assert (set(sent), removed, unchanged) == ({name for name in folder.names() if not name.endswith(".page")}, (), 0)
    assert [key.removeprefix("news/") for key in bucket.puts] == list(sent)
    assert (
        sent.index("t/harbour/archive-000001.atom") < sent.index("t/harbour/index.html") < sent.index("t/harbour.atom")
    )
    assert sent.index("style.css") < sent.index("t/harbour/index.html")
    assert send(folder, bucket) == ((), (), len(sent))
    for key, (data, headers) in bucket.objects.items():
        assert data == folder.read(key.removeprefix("news/"))
        assert headers["content-type"] == TYPES["." + key.rpartition(".")[2]]
    assert "max-age=604800" in bucket.objects["news/t/harbour/archive-000001.atom"][1]["cache-control"]
    assert "immutable" not in bucket.objects["news/t/harbour/archive-000001.atom"][1]["cache-control"]


def test_only_what_changed_goes_up_and_what_is_gone_goes(folder: Folder, bucket: Bucket) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    send(folder, bucket)
    bucket.objects["news/readme.txt"] = b"somebody else's", {}
    bucket.objects["news/t/old.atom"] = b"a topic that was removed", {}
    write_documents(folder, "t/harbour", feed(6))
    sent, removed, _ = send(folder, bucket)
    assert set(sent) == {"t/harbour.atom", "t/harbour.rss", "t/harbour.json", "t/harbour/index.html"}
    assert removed == ("t/old.atom",)
    assert "news/readme.txt" in bucket.objects
    assert "news/t/old.atom" not in bucket.objects


def test_a_store_that_refuses_is_named(folder: Folder, bucket: Bucket) -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    bucket.refuse = True
    with pytest.raises(PublishError, match="s3://bucket/news: "):
        send(folder, bucket)


def test_without_the_extra_the_way_out_is_named(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(PublishError, match=r"copydesk\[s3\]"):
        push(folder, "s3://bucket/news")


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        *((f"t/harbour.{form}", True) for form in ("atom", "rss", "json", "html")),
        ("s/courier/index.html", True),
        ("s/courier/archive-0001.atom", True),
        ("t/harbour.atom.gz", False),
        ("t/photo.jpg", False),
        ("backup/t/harbour.json", False),
        ("feeds.json", False),
    ],
)
def test_what_may_be_removed_from_a_bucket_is_ours(name: str, ours: bool) -> None:
    assert s3._ours(name) is ours
