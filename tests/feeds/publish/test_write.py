"""From a feed to its files: checked, whole, and without what would break them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from weakref import ref

import pytest
from lxml import etree

from feeds.compose.compose import archive_path, compose, compose_archive
from feeds.errors import PublishError
from feeds.model import Entry, Feed
from feeds.publish import write as publish
from feeds.publish.atomic_files import Folder
from feeds.publish.plan import PublishPlan
from feeds.publish.write import RENDERERS, sound, write_archive, write_documents, write_feed, write_site
from feeds.render import atom, jsonfeed, rss
from feeds.render.formats.entry_bytes import EntryBytes, Render
from feeds.render.formats.validate import MAX_BYTES, Format, check
from feeds.render.pages import ASSETS, Listed, listed
from tests.support.feed_rules import broken
from tests.support.stories import FEED_ID, SITE, TOPIC, entry, feed, record

FILES = ("t/harbour.atom", "t/harbour.rss", "t/harbour.json", "t/harbour/index.page", "t/harbour/index.html")


def test_all_formats_and_the_page(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    done = write_documents(folder, "t/harbour", feed(5))
    assert (done.changed, done.quarantined) == (FILES, ())
    assert set(folder.names()) == set(FILES)
    assert write_documents(folder, "t/harbour", feed(5)).changed == ()


def test_a_feed_without_stories_is_a_valid_document_in_every_format(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    added = datetime(2026, 11, 29, 8, 0, 7, tzinfo=UTC)
    empty = compose(TOPIC, [], site=SITE, feed_id=FEED_ID, added=added)
    assert write_documents(folder, "t/harbour", empty).changed == FILES
    for form in ("atom", "rss", "json"):
        assert broken(folder.read(f"t/harbour.{form}") or b"", form) == []
    assert b"<updated>2026-11-29T08:00:07+00:00</updated>" in (folder.read("t/harbour.atom") or b"")
    assert b"No stories yet" in (folder.read("t/harbour/index.html") or b"")


@pytest.mark.parametrize(("before", "after"), [(1, 0), (30, 14)])
def test_a_feed_does_not_shrink_without_a_reason(tmp_path: Path, before: int, after: int) -> None:
    folder = Folder(tmp_path)
    write_documents(folder, "t/harbour", feed(before))
    with pytest.raises(PublishError, match=f"{after} entries would replace {before}"):
        write_documents(folder, "t/harbour", feed(after))
    assert folder.read("t/harbour.atom") == atom(feed(before))


def test_a_feed_may_shrink_by_half_and_with_a_reason_by_more(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    write_documents(folder, "t/harbour", feed(30))
    assert write_documents(folder, "t/harbour", feed(15)).changed
    assert write_documents(folder, "t/harbour", feed(1), may_shrink=True).changed


def test_the_window_of_a_busy_topic_may_move_on(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    write_documents(folder, "t/harbour", feed(130, minimum=130))
    assert write_documents(folder, "t/harbour", feed(50, minimum=50)).changed


def spoilt(*guilty: int, form: Format, by: Exception | None = None) -> dict[Format, Render]:
    """Renderers of which one breaks over these entries: it raises, or it writes what is no document."""
    addresses = {entry(n).record.url for n in guilty}
    renderers: dict[Format, Render] = {"atom": atom, "rss": rss, "json": jsonfeed}

    def render(made: Feed, entries: Sequence[Entry] | None = None) -> bytes:
        data = renderers_before(made, entries)
        if any(one.record.url in addresses for one in (made.entries if entries is None else entries)):
            if by is not None:
                raise by
            return data.replace(b"<", b"<<", 1) if form != "json" else data[:-20]
        return data

    renderers_before = renderers[form]
    renderers[form] = render
    return renderers


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
@pytest.mark.parametrize("by", [ValueError("All strings must be XML compatible"), None])
def test_guilty_entries_are_found_and_the_rest_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format, by: Exception | None
) -> None:
    monkeypatch.setattr(publish, "RENDERERS", spoilt(3, 11, form=form, by=by))
    folder = Folder(tmp_path)
    done = write_documents(folder, "t/harbour", feed(20))
    assert {identity for identity, _ in done.quarantined} == {entry(3).id, entry(11).id}
    assert all(reason for _, reason in done.quarantined)
    ids = [item["id"] for item in json.loads(folder.read("t/harbour.json") or b"")["items"]]
    assert ids == [entry(n).id for n in range(20) if n not in (3, 11)]
    for name in ("t/harbour.atom", "t/harbour.rss", "t/harbour/index.html"):
        text = (folder.read(name) or b"").decode()
        assert record(4).url in text
        assert f'{record(3).url}"' not in text
        assert f"{record(3).url}<" not in text


def test_a_document_that_stays_wrong_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    write_documents(folder, "t/harbour", feed(5))
    before = folder.read("t/harbour.atom")
    monkeypatch.setattr(publish, "RENDERERS", spoilt(*range(6), form="rss"))
    with pytest.raises(PublishError, match="not well-formed"):
        write_documents(folder, "t/harbour", feed(6))
    assert folder.read("t/harbour.atom") == before


def test_a_bug_is_not_taken_for_a_bad_entry() -> None:
    with pytest.raises(TypeError):
        sound(feed(4), spoilt(2, form="atom", by=TypeError("a bug")))


def test_two_entries_of_one_id_are_nobodys_single_fault() -> None:
    made = feed(2)
    twins = replace(made, entries=(made.entries[0], made.entries[0]))
    with pytest.raises(PublishError, match="two entries have the id"):
        sound(twins)


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_check_knows_a_good_document(form: Format) -> None:
    check(RENDERERS[form](feed(3)), form)


@pytest.mark.parametrize(
    ("form", "spoil", "reason"),
    [
        ("atom", lambda d: d[:-10], "well-formed"),
        ("atom", lambda d: d.replace(b"<title>", b"<title>\x01", 1), "well-formed"),
        ("atom", lambda d: d.replace(b"<title>The harbour</title>", b"<title> </title>"), "lacks title"),
        ("atom", lambda d: d + b" " * MAX_BYTES, "bytes, the limit"),
        ("atom", lambda d: rss(feed(1)), "is no atom"),
        ("rss", lambda d: atom(feed(1)), "is no rss"),
        ("rss", lambda d: d.replace(b"9000-000000000001", b"9000-000000000000"), "two entries"),
        ("json", lambda d: d[:-5], "is no JSON"),
        ("json", lambda d: b"[]", "no version"),
        ("json", lambda d: d.replace(b'"content_html"', b'"content_xxxx"'), "lacks its id or its content"),
        ("json", lambda d: d.replace(b"9000-000000000001", b"9000-000000000000"), "two entries"),
    ],
)  # fmt: skip
def test_the_check_sees_what_is_wrong(form: Format, spoil: Callable[[bytes], bytes], reason: str) -> None:
    with pytest.raises(PublishError, match=reason):
        check(spoil(RENDERERS[form](feed(3))), form)


def test_entities_are_not_resolved_by_the_check() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + atom(feed(1)).split(b"?>", 1)[1]
    with pytest.raises(PublishError):
        check(bomb.replace(b"<title>The", b"<title>&b;The").replace(b"The harbour", b""), "atom")


def test_archives_are_atom_beside_the_page(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    made = compose_archive(
        TOPIC, [entry(n) for n in range(3)], number=7, archives=[7], followed=False, site=SITE, feed_id=FEED_ID
    )
    assert write_archive(folder, "t/harbour", made).changed == ("t/harbour/archive-000007.atom",)
    assert write_archive(folder, "t/harbour", made).changed == ()
    with pytest.raises(PublishError, match="no archive"):
        write_archive(folder, "t/harbour", feed(1))


def test_the_rest_of_the_site(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    topics = [listed(feed(5), "t/harbour"), Listed("Quiet waters", "t/quiet")]
    sources = [listed(feed(2), "s/courier")]
    changed = write_site(folder, SITE, topics, sources)
    assert set(changed) == {*ASSETS, "index.html", "index.page", "opml.xml"} == set(folder.names())
    assert write_site(folder, SITE, topics, sources) == []
    root = etree.fromstring(folder.read("opml.xml") or b"")
    addresses = [outline.get("xmlUrl") for outline in root.findall("body/outline/outline")]
    assert addresses == [f"https://desk.example/{path}.atom" for path in ("t/harbour", "t/quiet", "s/courier")], (
        "a feed that is empty so far can be subscribed to as well"
    )


def test_a_new_base_url_changes_no_id(tmp_path: Path) -> None:
    moved = replace(SITE, base_url="https://elsewhere.example/feeds")
    entries = [entry(n) for n in range(10)]
    here, there = (compose(TOPIC, entries, site=site, feed_id=FEED_ID) for site in (SITE, moved))
    assert [one.id for one in here.entries] == [one.id for one in there.entries]
    assert here.id == there.id
    assert there.self_url == "https://elsewhere.example/feeds/t/harbour"


def test_what_was_written_before_a_refusal_is_told_with_it(tmp_path: Path) -> None:
    public, private = tmp_path / "public", tmp_path / "private"
    plan = PublishPlan("topic", "harbour", 1, "t/harbour", feed(30))
    assert write_feed(plan, public, private).written == FILES
    archive = compose_archive(
        TOPIC, [entry(n) for n in range(40, 45)], site=SITE, feed_id=FEED_ID, number=1, archives=(1,), followed=False
    )
    done = write_feed(replace(plan, archives=(archive,), feed=feed(3)), public, private)
    assert done.refused is not None and "3 entries would replace 30" in done.refused
    assert done.written == (f"{archive_path('t/harbour', 1)}.atom",)
    assert (done.quarantined, done.again) == ((), False)


def test_no_feed_is_held_once_it_is_written() -> None:
    rendered, made = EntryBytes(), feed(2)
    made = replace(made, entries=tuple(replace(one, content="<p>words</p>") for one in made.entries))
    entries = [ref(one) for one in made.entries]
    assert sound(made, rendered=rendered)[1] == ()
    del made
    assert [one() for one in entries] == [None, None]
    assert rendered.size > 0


def modes(folder: Path) -> dict[str, int]:
    """The files below a folder, each with who may read it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777 for path in files}


def test_documents_of_a_private_topic_are_their_owners_alone_and_lie_apart(tmp_path: Path) -> None:
    public, private = tmp_path / "public", tmp_path / "private"
    plan = PublishPlan("topic", "harbour", 1, "t/harbour", feed(5), variants=True)
    open_ = set(write_feed(plan, public, private).written)
    assert open_ == set(FILES) and "t/harbour.atom.gz" in modes(public)
    assert set(modes(public).values()) == {0o644} and not private.exists()
    hidden = replace(plan, path="t/p123/harbour", private=True)
    told = write_feed(hidden, public, private).written
    assert set(told) == {*FILES, *(f"t/p123/{name.removeprefix('t/')}" for name in FILES)}, "what it left is told, too"
    assert modes(public) == {} and set(modes(private).values()) == {0o600}
    assert private.stat().st_mode & 0o777 == 0o700
    write_feed(replace(plan, variants=False), public, private)
    assert set(modes(public)) == set(FILES) and modes(private) == {}


def test_a_feed_that_was_removed_leaves_nothing_and_one_of_a_source_touches_no_topic(tmp_path: Path) -> None:
    public, private = tmp_path / "public", tmp_path / "private"
    plan = PublishPlan("topic", "harbour", 1, "t/harbour", feed(5))
    write_feed(plan, public, private)
    write_feed(replace(plan, path="t/p123/port", private=True, name="port"), public, private)
    source = write_feed(PublishPlan("source", "port", 1, "s/port", feed(3)), public, private)
    assert len(source.written) == 5 and modes(private), "a source may have the name of a private topic"
    gone = write_feed(replace(plan, feed=None, removed=True), public, private)
    assert set(gone.written) == set(FILES) and not gone.again
    assert set(modes(public)) == set(source.written)


def test_a_disk_that_takes_no_feed_is_tried_again_and_a_wrong_feed_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = PublishPlan("topic", "harbour", 1, "t/harbour", feed(5))
    for error, again in ((OSError(28, "full"), True), (PublishError("it stays wrong"), False)):

        def fails(*_: object, told: Exception = error, **__: object) -> None:
            raise told

        monkeypatch.setattr(publish, "write_documents", fails)
        done = write_feed(plan, tmp_path / "public", tmp_path / "private")
        assert (done.written, done.again) == ((), again)
        assert done.refused == ("it stays wrong" if not again else "[Errno 28] full")


@pytest.mark.parametrize(("may_shrink", "ages"), [(True, False), (False, True), (False, False)])
def test_a_feed_shrinks_where_its_plan_allows_it(may_shrink: bool, ages: bool, tmp_path: Path) -> None:
    plan = PublishPlan("topic", "harbour", 1, "t/harbour", feed(30))
    write_feed(plan, tmp_path / "public", tmp_path / "private")
    less = replace(plan, feed=feed(3), may_shrink=may_shrink, ages=ages)
    done = write_feed(less, tmp_path / "public", tmp_path / "private")
    assert (done.refused is None) is (may_shrink or ages)
