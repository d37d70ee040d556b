"""Records for people who count, and archives and crawls that are read into topics; nothing is fetched."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyarrow import parquet

from feeds.app.cli.main import main
from feeds.app.inspect.export import COLUMNS
from feeds.app.jobs.archives import read_archive
from feeds.store import Lock, open_store
from scrapers import CopydeskError, Given

pytestmark = pytest.mark.usefixtures("read_inside")

SAID = "The harbour master said on Monday that the old quay would stay closed until the end of the spring. "
KEYS = ("id", "url", "title", "published", "authors", "text", "story", "source")


def page(number: int, title: str) -> str:
    words = [hashlib.sha256(f"{title}{n}".encode()).hexdigest() for n in range(40)]  # no page is a copy of another
    prose = "".join(f"<p>{SAID} {' '.join(words[n : n + 8])}.</p>" for n in range(0, 40, 8))
    return f"""<!doctype html><html lang="en"><head><title>{title} - Courier</title>
    <meta property="article:published_time" content="2026-03-0{number}T09:00:00Z">
    <meta name="author" content="Ada Pell">
    </head><body><article><h1>{title}</h1>{prose}</article></body></html>"""


PAGES = {
    "https://courier.example/2026/03/quay": page(1, "Old quay closed until spring"),
    "https://courier.example/2026/03/ferry": page(2, "Ferry back on Friday, says the port"),
    "https://herald.example/a/school": page(3, "Schoolboy finds a bell in the river"),
}


def desk_in(folder: Path) -> Path:
    (folder / "seeds").mkdir(parents=True)
    for name in ("courier", "herald"):
        (folder / f"seeds/{name}.toml").write_text(f'home = "https://{name}.example/"\n')
    topic = '[[topics]]\nname = "harbour"\nquery = "title:quay OR title:ferry"\n'
    (folder / "config.toml").write_text(f'contact = "mailto:desk@paper.example"\n[store]\nkeep = "0s"\n{topic}')
    return folder


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return desk_in(tmp_path / "desk")


def record(url: str, status: str, kind: str, body: bytes, further: str = "") -> bytes:
    """A response as ISO 28500 has it, compressed by itself."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{further}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-05T10:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n")


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """A crawl: the pages, a picture, a redirect, what is no article, and a site of others."""
    html = "text/html; charset=utf-8"
    records = [record(url, "200 OK", html, text.encode()) for url, text in PAGES.items()]
    records += [
        record("https://courier.example/logo.png", "200 OK", "image/png", b"\x89PNG"),
        record("https://courier.example/old", "301 Moved", html, b"", "Location: /2026/03/quay\r\n"),
        record("https://courier.example/about", "200 OK", html, b"<title>About us</title><p>Short.</p>"),
        record("https://stranger.example/x", "200 OK", html, page(4, "A story that nobody asked for").encode()),
    ]
    target = tmp_path / "crawl.warc.gz"
    target.write_bytes(b"".join(records))
    return target


def copydesk(desk: Path, *words: str) -> int:
    return main(["-q", "--config", str(desk / "config.toml"), *words])


def exported(desk: Path, tmp_path: Path, *words: str) -> list[dict[str, Any]]:
    target = tmp_path / "export.jsonl"
    assert copydesk(desk, "export", "--to", str(target), "--force", *words) == 0
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def test_a_crawl_is_read_as_its_pages_would_be(desk: Path, warc: Path, tmp_path: Path) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    found = {row["url"]: row for row in exported(desk, tmp_path)}
    assert set(found) == set(PAGES)  # and nothing of a site that no source visits
    quay = found["https://courier.example/2026/03/quay"]
    assert (quay["title"], quay["source"], quay["authors"]) == ("Old quay closed until spring", "courier", ["Ada Pell"])
    assert (quay["published"], quay["first_seen"]) == ("2026-03-01T09:00:00+00:00", "2026-03-05T10:00:00+00:00")
    assert quay["topics"] == ["harbour"]
    assert quay["witnesses"]["published"] == "meta"
    assert "Old quay closed" in (desk / "var/public/t/harbour.atom").read_text("utf-8")
    assert copydesk(desk, "why", "https://courier.example/about") == 0  # that it is no article is known, too


def test_which_sources_are_taken(desk: Path, warc: Path, tmp_path: Path) -> None:
    assert copydesk(desk, "import", str(warc), "--source", "herald") == 0
    assert {row["source"] for row in exported(desk, tmp_path)} == {"herald"}
    assert copydesk(desk, "import", str(warc), "--all") == 0
    assert {row["source"] for row in exported(desk, tmp_path)} == {"courier", "herald", "kept"}
    assert copydesk(desk, "import", str(warc), "--source", "heral") == 2


def test_what_was_exported_comes_back_the_same(desk: Path, warc: Path, tmp_path: Path) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    before = {row["url"]: row for row in exported(desk, tmp_path)}
    other = desk_in(tmp_path / "other")
    assert copydesk(other, "import", str(tmp_path / "export.jsonl")) == 0
    after = {row["url"]: row for row in exported(other, tmp_path)}
    assert {url: [row[key] for key in KEYS] for url, row in after.items()} == {
        url: [row[key] for key in KEYS] for url, row in before.items()
    }


def test_who_said_what_of_an_item_is_the_file(desk: Path, tmp_path: Path) -> None:
    line = {"url": "https://courier.example/x", "title": "Quay closed", "text": SAID * 5, "published": "2026-03-01"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line))
    assert copydesk(desk, "import", str(tmp_path / "in.jsonl")) == 0
    (row,) = exported(desk, tmp_path)
    assert {row["witnesses"][key] for key in ("title", "text", "published")} == {"import"}


def test_what_is_known_stays_as_it_is(
    desk: Path, warc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    before = exported(desk, tmp_path)
    older = tmp_path / "older.jsonl"
    url = next(iter(PAGES))
    older.write_text(json.dumps({"url": url, "page": page(1, "An older headline of the quay story")}) + "\n")
    assert main(["--config", str(desk / "config.toml"), "import", str(older)]) == 0
    assert "1 known already" in capsys.readouterr().err
    assert exported(desk, tmp_path) == before
    assert copydesk(desk, "history", url) == 0
    assert "never changed" in capsys.readouterr().out


def test_whole_pages_in_lines_and_what_cannot_be_used(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({"url": url, "page": text, "fetched": "2026-03-05T10:00:00Z"}) for url, text in PAGES.items()]
    target = tmp_path / "pages.jsonl.gz"
    target.write_bytes(
        gzip.compress("\n".join([*lines, "{", '{"url": "x"}', '{"url": "https://a.example/b"}']).encode())
    )
    assert copydesk(desk, "import", str(target)) == 0
    assert {row["url"] for row in exported(desk, tmp_path)} == set(PAGES)
    err = capsys.readouterr().err
    assert "more that cannot be used" not in err
    assert f"{target}:4: is no JSON" in err and f"{target}:5: url: should be" in err and f"{target}:6: title:" in err


def test_an_import_tells_what_it_did_and_fails_where_nothing_can_be_used(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, text = next(iter(PAGES.items()))
    good = json.dumps({"url": url, "page": text})
    empty = json.dumps({"url": "https://courier.example/empty", "page": "<p>Nothing</p>"})
    foreign = json.dumps({"url": "https://abroad.example/a", "page": text})

    def told(*lines: str, more: tuple[str, ...] = ()) -> tuple[int, str, str]:
        (tmp_path / "in.jsonl").write_text("\n".join(lines))
        code = main(["--config", str(desk / "config.toml"), "import", str(tmp_path / "in.jsonl"), *more])
        said = capsys.readouterr()
        return code, next(line for line in (said.out + said.err).splitlines() if " kept" in line), said.err

    code, said, err = told(*["{"] * 10)
    assert (code, said, err.count("is no JSON")) == (6, "0 records kept", 10) and "more that" not in err
    code, _, err = told(*["{"] * 12)
    assert (code, err.count("is no JSON")) == (6, 10) and "… and 2 more that cannot be used" in err
    code, said, _ = told("{", empty, good, foreign)
    assert (code, said) == (
        0,
        "1 record kept, 1 are no articles, 1 of sites that were not asked for (--all takes them)",
    )
    assert told(good)[:2] == (0, "0 records kept, 1 known already")
    assert told(good, more=("--source", "herald"))[1] == (
        "0 records kept, 1 of sites that were not asked for (--all takes them)"
    )
    assert told(foreign, more=("--all",))[1] == "1 record kept"
    assert copydesk(desk, "import") == 2
    assert copydesk(desk, "import", str(tmp_path / "none.jsonl")) == 2
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize("body", [b"GIF89a", b"\x1f\x8bbroken", b"WARC/1.0\r\nnonsense", b"\x00" * 50])
def test_files_that_are_neither_are_one_line(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes
) -> None:
    target = tmp_path / "odd"
    target.write_bytes(body)
    assert copydesk(desk, "import", str(target)) in (0, 6)
    err = capsys.readouterr().err
    assert "Traceback" not in err and len(err.strip().splitlines()) <= 1


@pytest.mark.parametrize(
    ("fetched", "told"),
    [
        ("0001-01-01T00:00:00+14:00", None),  # before there were years
        ("1970-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2030-01-01T00:00:00Z", None),  # not yet
        ("yesterday", None),
        (5, None),
        ("2026-03-05T12:00:00+02:00", datetime(2026, 3, 5, 10, tzinfo=UTC)),
    ],
)
def test_when_a_page_was_fetched_is_believed_where_it_can_be(
    tmp_path: Path, fetched: object, told: datetime | None
) -> None:
    now = datetime(2026, 3, 6, tzinfo=UTC)
    file = tmp_path / "lines.jsonl"
    line = {"url": "https://courier.example/1", "title": "A title", "text": "x", "fetched": fetched}
    file.write_text(json.dumps(line))
    (given,) = read_archive(file, now)
    assert not isinstance(given, str)
    assert given.at == (told or now)


def test_no_damage_of_an_archive_is_a_bug(warc: Path, tmp_path: Path) -> None:
    chance, plain = Random(14), gzip.decompress(warc.read_bytes())
    file = tmp_path / "damaged.warc"
    odd = (b"\r\n", b"\0", b"-1", b":", b"\xff", b"Content-Length: abc\r\n", b"Content-Encoding: gzip\r\n")
    refused = 0
    for _ in range(300):
        data = bytearray(plain)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(data))
            if chance.random() < 0.5:
                data[at : at + chance.randint(0, 20)] = chance.choice(odd)
            else:
                data[at] = chance.randrange(256)
        file.write_bytes(data)
        try:
            assert all(isinstance(one, Given | str) for one in read_archive(file, datetime.now(UTC)))
        except CopydeskError:
            refused += 1
    assert refused
    file.write_bytes(plain.replace(b"WARC-Target-URI", b"WARC-Target-URL", 1))
    with pytest.raises(CopydeskError, match="a record has wrong headers"):
        list(read_archive(file, datetime.now(UTC)))


def test_the_daemon_and_an_import_exclude_each_other(desk: Path, warc: Path) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    lock = Lock(desk / "var/copydesk.db")
    lock.take()
    assert copydesk(desk, "import", str(warc)) == 4
    lock.release()


def test_every_form_has_the_same_rows(desk: Path, warc: Path, tmp_path: Path) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    lines = exported(desk, tmp_path)
    assert [row["published"] for row in lines] == sorted((row["published"] for row in lines), reverse=True)
    for form in ("csv", "parquet"):
        assert copydesk(desk, "export", "--format", form, "--to", str(tmp_path / form)) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text("utf-8"))))
    table = parquet.read_table(tmp_path / "parquet")
    assert table.column_names == list(COLUMNS) == list(rows[0])
    for line, row, found in zip(lines, rows, table.to_pylist(), strict=True):
        assert line["id"] == row["id"] == found["id"]
        assert line["text"] == row["text"] == found["text"]
        assert line["topics"] == found["topics"]
        assert line["published"] == found["published"].isoformat() == row["published"]


def test_what_is_exported_can_be_chosen(
    desk: Path, warc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    assert [row["url"] for row in exported(desk, tmp_path, "--query", "title:ferry")] == [list(PAGES)[1]]
    assert len(exported(desk, tmp_path, "--since", "2026-03-02")) == 2
    assert len(exported(desk, tmp_path, "--source", "herald")) == 1
    assert copydesk(desk, "export", "--source", "heral") == 2
    assert capsys.readouterr().err == "there is no source heral; did you mean herald?\n"
    assert copydesk(desk, "export", "--query", "(") == 3
    assert copydesk(desk, "export", "--to", str(tmp_path / "export.jsonl")) == 2  # it is there


def test_a_spreadsheet_calculates_nothing_of_a_stranger_s(desk: Path, tmp_path: Path) -> None:
    line = {"url": "https://courier.example/x", "title": "=HYPERLINK(1)", "text": SAID * 5, "published": "2026-03-01"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line))
    assert copydesk(desk, "import", str(tmp_path / "in.jsonl")) == 0
    assert copydesk(desk, "export", "--format", "csv", "--to", str(tmp_path / "out.csv")) == 0
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8")))
    assert row["title"] == "'=HYPERLINK(1)"


def test_a_store_of_an_import_is_sound(desk: Path, warc: Path) -> None:
    assert copydesk(desk, "import", str(warc)) == 0
    store = open_store(desk / "var/copydesk.db")
    try:
        assert store.file.problems() == []
        assert {visit.kind for visit in store.visits.newest("courier", 5)} == {"backfill"}
        source = store.sources.get("courier")
        assert source is not None and source.last_visit is None  # it was not visited: that is still to come
    finally:
        store.close()
