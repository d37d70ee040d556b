"""The house rules as tests: lint, format, types, import contracts, lock files, and what must never be committed."""

from __future__ import annotations

import gc
import importlib
import os
import re
import socket
import subprocess
import sys
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from tests.conftest import LONG, PARTS, Groups, group_of, pytest_make_parametrize_id
from tests.support import made_once
from tests.support.misbehaving import Web
from tests.support.temporary import MEMORY

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def run(*command: str) -> None:
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_lint() -> None:
    run("ruff", "check", ".")


def test_format() -> None:
    run("ruff", "format", "--check", ".")


def test_types() -> None:
    run("mypy")


def test_import_contracts() -> None:
    run("lint-imports")


def test_the_lock_file_names_only_the_public_index() -> None:
    hosts = set(re.findall(r"https?://([^/\"\s]+)", (ROOT / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_constraints_are_those_of_the_lock_file() -> None:
    text = (ROOT / "uv.lock").read_text()
    locked = {
        (name.lower(), version)
        for name, version in re.findall(r'\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"', text)
    } - {("copydesk", project_version())}
    constrained = set()
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        name, _, version = line.partition(";")[0].strip().partition("==")
        constrained.add((name.lower(), version.strip()))
    assert constrained == locked
    assert "://" not in (ROOT / "constraints.txt").read_text()


def project_version() -> str:
    from feeds.app.system.version import VERSION

    return VERSION


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: there is no list of files to look through")
    return [path for line in done.stdout.splitlines() if (path := ROOT / line).is_file()]


def test_no_path_of_a_machine_is_committed() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|farm|root|home/\w+)/")
    for path in tracked():
        if path.suffix in (".png", ".ico", ".gz"):
            continue
        found = machine.search(path.read_text(encoding="utf-8", errors="replace"))
        # this file names them, to look for them
        assert found is None or path == Path(__file__), f"{path}: {found}"


def test_the_top_level_holds_what_it_may() -> None:
    allowed = {
        *("pyproject.toml", "README.md", "config.toml", "LICENSE", "uv.lock", "constraints.txt"),
        *("feeds", "scrapers", "seeds", "tests", "benchmarks", "docs", ".ci", ".gitignore", ".dockerignore"),
    }
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= allowed


def test_tests_that_share_a_daemon_stay_in_one_process() -> None:
    scheduler = object.__new__(Groups)
    group = scheduler._split_scope("tests/whole/test_api.py::test_the_document_is_whole")
    assert group == scheduler._split_scope("tests/whole/test_api.py::test_wrong_bodies_are_told[a::b@c]")
    alone = {scheduler._split_scope(f"tests/scrapers/urls/test_key.py::test_a[{n}]") for n in range(100)}
    assert len(alone) == PARTS
    assert all((ROOT / start.partition("::")[0]).parent.is_dir() for start in LONG)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if re.search(r'scope="(module|session)"', path.read_text("utf-8")):
            assert group_of(path.relative_to(ROOT).as_posix()) is not None, f"{path.name}: what it shares is made twice"


class Process:
    """One that tests are handed out to."""

    def send_runtest_some(self, _: list[int]) -> None:
        """Nobody runs them."""


@pytest.mark.parametrize(("processes", "begun"), [(4, ["a", "b", "c", "h"]), (2, ["a", "b"])])
def test_one_process_of_several_begins_at_the_other_end(processes: int, begun: list[str]) -> None:
    scheduler: Any = object.__new__(Groups)
    nodes = [Process() for _ in range(processes)]
    scheduler.workqueue = OrderedDict((name, {}) for name in "abcdefgh")
    scheduler.assigned_work = OrderedDict((node, {}) for node in nodes)
    scheduler.registered_collections = {node: [] for node in nodes}
    for node in nodes:
        scheduler._assign_work_unit(node)
    assert [name for node in nodes for name in scheduler.assigned_work[node]] == begun
    scheduler._assign_work_unit(nodes[-1])
    assert list(scheduler.assigned_work[nodes[-1]])[-1] == ("g" if processes > 2 else "c")


def test_generated_examples_are_the_same_at_every_run_and_no_bound_on_seconds_fails_one() -> None:
    now = hypothesis.settings()
    assert (now.deadline, now.derandomize, now.database) == (None, True, None)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        assert not re.search(
            r"deadline=(?!None)\w.*max_examples|max_examples=.*deadline=(?!None)\w", path.read_text("utf-8")
        )


def test_temporary_files_go_with_the_run_and_stay_where_TMPDIR_says(tmp_path: Path) -> None:
    made = "from tests.support.temporary import in_memory; in_memory(); import tempfile; print(tempfile.mkdtemp())"
    environment = {name: value for name, value in os.environ.items() if name != "TMPDIR"} | {"PYTHONPATH": str(ROOT)}

    def folder(**more: str) -> Path:
        done = subprocess.run(
            [sys.executable, "-c", made], cwd=ROOT, env=environment | more, capture_output=True, text=True, check=True
        )
        return Path(done.stdout.strip())

    assert (told := folder(TMPDIR=str(tmp_path))).parent == tmp_path and told.is_dir()
    mine = folder()
    if mine.is_relative_to(MEMORY):  # where there is room
        assert not mine.parent.exists()
    else:
        mine.rmdir()


def test_what_packs_the_time_stands_in_no_id_of_a_test() -> None:
    assert pytest_make_parametrize_id(b"\x1f\x8b") == "2 bytes"
    assert pytest_make_parametrize_id("text") is None


def test_a_server_closes_whoever_came_at_last() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(40):
            with Web() as web:
                came = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(3)]
            for one in came:
                one.close()
        gc.collect()
    assert [str(one.message) for one in told] == []


@pytest.mark.parametrize(
    ("asked", "made"), [([], "01"), ([str(ROOT)], "01"), (["tests/test_house.py"], ""), (["tests", "docs"], "")]
)
def test_what_all_processes_need_is_made_before_they_start_for_a_whole_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], made: str
) -> None:
    class Config:
        args = asked or [str(ROOT / "tests")]

    monkeypatch.setattr(made_once, "_make", lambda config, number: (tmp_path / str(number)).touch())
    made_once.make_once(Config())  # type: ignore[arg-type]
    assert "".join(sorted(path.name for path in tmp_path.iterdir())) == made


def test_assertions_are_rewritten_beforehand_and_nothing_runs(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    module, wrong = tmp_path / "test_made_once.py", tmp_path / "test_wrong.py"
    module.write_text("from pathlib import Path\nassert Path(__file__).with_suffix('.ran').touch() is None\n")
    wrong.write_text("def :")
    made_once.rewrite(pytestconfig, [module, wrong])
    (kept,) = (tmp_path / "__pycache__").iterdir()
    assert kept.name.startswith("test_made_once.") and not module.with_suffix(".ran").exists()

    def anew(*_: object) -> None:
        raise AssertionError("it is rewritten once more")

    monkeypatch.setattr("_pytest.assertion.rewrite._rewrite_test", anew)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("test_made_once")
    assert module.with_suffix(".ran").exists()


def test_constants_are_found_beforehand(tmp_path: Path) -> None:
    module = tmp_path / "some.py"
    module.write_text("found = 'a constant'\n")
    set_hypothesis_home_dir(tmp_path / "home")
    try:
        made_once.find_constants([module])
    finally:
        set_hypothesis_home_dir(None)  # where it is by itself
    (kept,) = (tmp_path / "home" / "constants").iterdir()
    assert "'a constant'" in kept.read_text()
