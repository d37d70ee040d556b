"""A mutation test: deliberate bugs, each of which has to turn a test red (RELIABILITY §5).

    python -m benchmarks.mutants                        all, one after the other
    python -m benchmarks.mutants --only ssrf bomb       these alone
    python -m benchmarks.mutants --list                 what there is

The tree is copied to a temporary folder, a bug is put into the copy, and the tests that ought to see it are run
there; the working tree is not touched. A place that is not found exactly once ends the run: then the program has moved
on, and the bug has to be written anew. Ends with 1 when a bug is not noticed, or when a test fails without one.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import ROOT

PATIENCE = 300  # seconds for the tests of one bug; a bug that hangs them is noticed as well
COPIED = ("scrapers", "feeds", "tests", "benchmarks", "seeds", "docs", "pyproject.toml", "config.toml", "README.md")


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text in a file, which stands there once, and what it becomes."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A bug, and the tests that have to see it."""

    what: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


def _mutant(what: str, path: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(what, (Change(path, old, new),), tests)


MUTANTS = {
    # the twelve of RELIABILITY §5
    "new-ids": _mutant(
        "a record gets another id on every installation",
        "scrapers/ids.py",
        "return uuid.uuid5(RECORDS, _plain(key)).urn",
        "return uuid.uuid4().urn",
        "tests/feeds/test_ids_for_life.py",
    ),
    "duplicates": _mutant(
        "a page that is known by another address is taken for a new one",
        "feeds/dedupe.py",
        "hits = known.aliases(names)",
        "hits = known.aliases(names[:0])",
        "tests/feeds/test_dedupe.py",
        "tests/feeds/test_keep.py",
    ),
    "half-files": _mutant(
        "a document is written in place",
        "feeds/folder.py",
        "        os.replace(temporary, final)\n",
        "        final.write_bytes(temporary.read_bytes())\n        temporary.unlink()\n",
        "tests/feeds/test_folder.py",
    ),
    "empty-feed": Mutant(
        "an empty feed replaces a full one",
        (
            Change("feeds/publish.py", "    if not feed.entries:\n", "    if feed.entries is None:\n"),
            Change("feeds/publish.py", "    if not may_shrink:\n", "    if not may_shrink and feed.entries:\n"),
        ),
        ("tests/feeds/test_publish.py",),
    ),
    "hang": _mutant(
        "a request has no deadline",
        "scrapers/fetch/exchange.py",
        "token = DEADLINE.set(self._monotonic() + seconds)",
        "token = DEADLINE.set(self._monotonic() + 86_400)",
        "tests/scrapers/test_fetch_faults.py",
    ),
    "first-error": _mutant(
        "the first page that cannot be read ends the visit",
        "scrapers/stories.py",
        "        visit.fail(link.url, error)\n        visit.keep_sample(page, error)\n"
        '        visit.seen.append(Seen(link.url, "failed", error.reason, link.way))\n        return\n',
        "        raise\n",
        "tests/scrapers/test_pipe.py",
    ),
    "xss": _mutant(
        "the body of an article is published as the page has it",
        "scrapers/normalise.py",
        "html = sanitise(draft.html, url) if draft.html",
        "html = draft.html if draft.html",
        "tests/scrapers/test_normalise.py",
    ),
    "ssrf": _mutant(
        "a name may lead to a private address",
        "scrapers/fetch/wire.py",
        "objection = self._guard.objection(address)",
        "objection = None",
        "tests/scrapers/test_fetch_guard.py",
    ),
    "bomb": _mutant(
        "packed answers are unpacked without a limit",
        "scrapers/fetch/inflate.py",
        "self._zlib.decompress(data, self.limit - len(self._out) + 1)",
        "self._zlib.decompress(data)",
        "tests/scrapers/test_fetch_inflate.py",
        "tests/scrapers/test_fetch_answers.py",
        "tests/scrapers/test_fetch_faults.py",
    ),
    "robots": _mutant(
        "what robots.txt forbids is fetched",
        "scrapers/fetch/visit.py",
        "if not robots.allows(target.url):",
        "if not robots.allows(target.origin):",
        "tests/scrapers/test_fetch_robots.py",
    ),
    "retry-after": _mutant(
        "Retry-After is not heard",
        "scrapers/fetch/visit.py",
        'asked = heads.retry_after(heads.first(raw.headers, "retry-after"), fetcher.clock())',
        "asked = None",
        "tests/scrapers/test_fetch_pace.py",
        "tests/scrapers/test_fetch_answers.py",
    ),
    "control-characters": _mutant(
        "control characters come through",
        "scrapers/text.py",
        's = _SURROGATES.sub("", s).translate(_REPLACED)',
        's = _SURROGATES.sub("", s)',
        "tests/scrapers/test_text.py",
    ),
    # and more of their kind
    "redirect": _mutant(
        "what is for one origin follows a redirect to another",
        "scrapers/fetch/visit.py",
        "own if target.origin == first.origin else {}",
        "own",
        "tests/scrapers/test_fetch_redirects.py",
    ),
    "rebinding": _mutant(
        "one good address of a name redeems a private one",
        "scrapers/fetch/wire.py",
        "for address in addresses:  # one bad",
        "for address in addresses[:1]:  # one bad",
        "tests/scrapers/test_fetch_guard.py",
    ),
    "pile-up": _mutant(
        "requests to one host overlap",
        "scrapers/fetch/visit.py",
        "host = urls.site(target.url)\n",
        "host = target.url\n",
        "tests/scrapers/test_fetch_pace.py",
    ),
    "entities": _mutant(
        "a feed may declare entities",
        "scrapers/discover/gate.py",
        'raise ReadFailed("the document declares entities", url=page.url)',
        "pass",
        "tests/scrapers/test_discover_feeds.py",
    ),
    "long-dates": _mutant(
        "a date may be as long as it likes",
        "scrapers/dates/__init__.py",
        "text = text[:MAX_LENGTH].strip()",
        "text = text.strip()",
        "tests/scrapers/test_dates.py",
    ),
    "no-sync": _mutant(
        "a document is renamed before it is on the disk",
        "feeds/folder.py",
        "            os.fsync(file.fileno())\n",
        "",
        "tests/feeds/test_folder.py",
    ),
    "mark-first": _mutant(
        "a feed counts as published before it is",
        "feeds/edition.py",
        '    crash_at("archives-closed")\n',
        '    store.clean(kind, name, mark)\n    crash_at("archives-closed")\n',
        "tests/whole/test_crash_points.py",
    ),
    "moving-dates": _mutant(
        "a revision moves the date of publication",
        "feeds/dedupe.py",
        "        published=old.record.published,\n",
        "        published=record.published,\n",
        "tests/feeds/test_dedupe.py",
        "tests/feeds/test_keep.py",
    ),
    "foreign-canonical": _mutant(
        "a page can take over the address of another site",
        "scrapers/normalise.py",
        "canonical is not None and site(canonical) in ours and article_like(canonical)",
        "canonical is not None and article_like(canonical)",
        "tests/scrapers/test_normalise.py",
    ),
    "bug-spreads": _mutant(
        "a bug in one source ends the daemon's work on it without a word",
        "feeds/app/visits.py",
        "        except Exception as error:  # noqa: BLE001 one source's bug",
        "        except OSError as error:  # one source's bug",
        "tests/feeds/test_desk_faults.py",
        "tests/feeds/test_clock.py",
    ),
    "token": _mutant(
        "the token of one topic opens all of them",
        "feeds/app/web/private.py",
        "found |= compare_digest(known, right) & (other == now)",
        "found |= compare_digest(known, right)",
        "tests/feeds/test_web_private.py",
    ),
    "host": _mutant(
        "the server answers to any name",
        "feeds/app/web/shelf.py",
        "            allowed = self._is_our_host(host)\n",
        "            allowed = True\n",
        "tests/feeds/test_web.py",
    ),
    "catch-up": _mutant(
        "after a stop everything is visited at once",
        "feeds/app/visits.py",
        "if due <= now and len(late) > FEW:",
        "if due <= now and len(late) < 0:",
        "tests/feeds/test_clock.py",
    ),
}


def copied(folder: Path) -> None:
    """The tree without what is made from it."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", ".hypothesis", "var")
            shutil.copytree(source, folder / name, ignore=left_out)
        else:
            shutil.copy2(source, folder / name)


def put_in(folder: Path, changes: Sequence[Change]) -> dict[Path, str]:
    """Makes the changes; the files as they were. Raises LookupError for a text that does not stand there once."""
    before: dict[Path, str] = {}
    for change in changes:
        path = folder / change.path
        text = path.read_text("utf-8")
        if text.count(change.old) != 1:
            raise LookupError(f"{change.path}: stands there {text.count(change.old)} times: {change.old!r}")
        before.setdefault(path, text)
        path.write_text(text.replace(change.old, change.new), "utf-8")
    return before


def tested(folder: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Exit code of the tests and the first that failed; a code of -1 when they do not come to an end."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            output = process.communicate(timeout=PATIENCE)[0].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            return -1, f"the tests do not end within {PATIENCE} s"
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", output, re.MULTILINE)
    return process.returncode, failed[1] if failed else output[-300:]


def main() -> int:
    """The table; 1 when a bug is not noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=sorted(MUTANTS), metavar="NAME")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--without-first", action="store_true", help="do not run the tests without a bug first")
    asked = parser.parse_args()
    chosen = {name: MUTANTS[name] for name in asked.only or MUTANTS}
    if asked.list:
        for name, mutant in chosen.items():
            print(f"{name:20} {mutant.what}")
        return 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        folder = Path(place)
        copied(folder)
        lost = []
        for name, mutant in chosen.items():  # all places first: a run of minutes should not end in the middle
            try:
                before = put_in(folder, mutant.changes)
            except LookupError as error:
                lost.append(f"{name}: {error}")
                continue
            for path, text in before.items():
                path.write_text(text, "utf-8")
        if lost:
            print("\n".join(lost))
            return 1
        if not asked.without_first:
            code, said = tested(folder, sorted({test for mutant in chosen.values() for test in mutant.tests}))
            print(f"{'no bug':20} {'all is green' if code == 0 else f'RED: {said}'}", flush=True)
            if code != 0:
                return 1
        unnoticed = []
        for name, mutant in chosen.items():
            before = put_in(folder, mutant.changes)
            begun = time.monotonic()
            code, said = tested(folder, mutant.tests)
            for path, text in before.items():
                path.write_text(text, "utf-8")
            if code == 0:
                unnoticed.append(name)
                said = "NOT NOTICED"
            elif code not in (1, -1):  # no tests, or pytest itself failed
                unnoticed.append(name)
                said = f"pytest ended with {code}: {said}"
            print(f"{name:20} {mutant.what:66} {said}  ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} bugs are noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
