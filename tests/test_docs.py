"""The documents: what is made from the program is fresh, the tutorial runs as written, the site builds strictly."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support import preloaded
from tests.support.paths import ROOT
from tests.support.waiting import PATIENCE, finished, until_of

DOCS = ROOT / "docs"
MKDOCS = importlib.util.find_spec("material") is not None and importlib.util.find_spec("mkdocs") is not None
_BLOCK = re.compile(r"^```console(?P<where>[^\n]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_of_docs", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = load(DOCS / "reference" / "__main__.py")


@pytest.mark.parametrize("name", sorted(REFERENCE.PAGES))
def test_what_is_made_from_the_program_is_fresh(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == REFERENCE.PAGES[name](), "python docs/reference writes it anew"


def test_every_command_has_an_example_that_calls_it() -> None:
    for path, told, _ in REFERENCE.commands():
        _, examples = REFERENCE.paragraphs(told)
        assert examples, f"copydesk {path}"
        assert all(example.startswith(f"copydesk {path}") for example in examples), examples


@pytest.mark.real
@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed: the man page is NOT read")
def test_the_man_page_is_one() -> None:
    done = subprocess.run(
        ["man", "--warnings", "-l", str(DOCS / "man/copydesk.1")],
        env=os.environ | {"MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "EXIT STATUS" in done.stdout and "copydesk sources remove" in done.stdout
    assert "warning" not in done.stderr


def test_every_page_has_its_place_and_every_place_its_page() -> None:
    named = set(re.findall(r": ([\w/-]+\.md)$", (ROOT / ".ci/mkdocs.yml").read_text("utf-8"), re.MULTILINE))
    assert named == {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}


def test_every_module_that_a_page_names_is_there() -> None:
    files = {
        f"/{path.relative_to(ROOT)}"
        for part in ("feeds", "scrapers", "benchmarks", "tests", "docs")
        for path in (ROOT / part).rglob("*.*")
    }
    runs = {path.stem if path.stem != "__main__" else path.parent.name for path in (ROOT / "benchmarks").rglob("*.py")}
    found = 0
    for page in sorted(DOCS.rglob("*.md")):
        if page.name == "changelog.md":  # tells of what was
            continue
        text = page.read_text("utf-8")
        names = re.findall(r"`([\w/]+\.(?:py|sql))`", text)
        found += len(names)
        assert [name for name in names if not any(file.endswith(f"/{name}") for file in files)] == [], page.name
        assert set(re.findall(r"\bbenchmarks\.([a-z_]+)", text)) <= runs, page.name
    assert found > 200


@pytest.mark.real
@pytest.mark.skipif(not MKDOCS, reason="the extra `docs` is not installed: the site is NOT built")
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "-f",
            ".ci/mkdocs.yml",
            "--strict",
            "--quiet",
            "-d",
            str(tmp_path / "site"),
        ],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert (tmp_path / "site/tutorial/index.html").exists()
    pages = "".join(page.read_text("utf-8") for page in (tmp_path / "site").rglob("index.html"))
    assert not re.findall(r'<(?:script|link)[^>]+(?:src|href)="https?://(?!127)[^"]+\.(?:js|css)', pages)


# The clock of the sample sites nearly stands: on a busy machine a command may take minutes, and they have an outage by
# then. The rest is the program as it is.
_DEMO = """
import sys
from feeds.app.demo import demo
demo.Newsroom = lambda folder, *, seed, speed, made=demo.Newsroom: made(folder, seed=seed, speed=speed / 100)
from feeds.__main__ import main
sys.exit(main())
"""
# What else is called runs as a process whose modules are loaded already: it is told which, and where, and waited for.
_PROGRAM = """#!/bin/sh
[ "$1" = demo ] && exec "{python}" -c "{demo}" "$@"
here=$(mktemp -d "{folder}/XXXXXX") || exit 98
pwd > "$here/folder"
for one; do printf '%s\\0' "$one"; done > "$here/arguments"
mkfifo "$here/code"
echo "$here" > "{folder}/asked"
read -r code < "$here/code"
cat "$here/out"
cat "$here/errors" >&2
exit "$code"
"""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment in which `copydesk` is this program."""
    program, calls = tmp_path / "bin" / "copydesk", tmp_path / "calls"
    for folder in (program.parent, calls):
        folder.mkdir()
    program.write_text(_PROGRAM.format(python=sys.executable, demo=_DEMO, folder=calls))
    program.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "COPYDESK_CONFIG")}
    told = kept | {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    os.mkfifo(calls / "asked")
    asked = os.open(calls / "asked", os.O_RDWR)  # it has a writer as long as this one is open
    caller = threading.Thread(target=_call, args=(asked, told), daemon=True)
    caller.start()
    yield told
    os.write(asked, b"\n")
    caller.join(PATIENCE)


def _call(asked: int, environment: dict[str, str]) -> None:
    """Run the program for each line, the folder of a call, until an empty one comes."""
    with os.fdopen(asked) as lines:
        while line := lines.readline().strip():
            call = Path(line)
            arguments = call.joinpath("arguments").read_text().split("\0")[:-1]
            folder, code, errors = Path(call.joinpath("folder").read_text().removesuffix("\n")), 97, ""
            try:
                done = preloaded.run(arguments, timeout=PATIENCE, folder=folder, environment=environment)
                code, errors = done.returncode, done.stderr
                call.joinpath("out").write_text(done.stdout)
            except subprocess.TimeoutExpired as error:
                errors = str(error)
            finally:  # whoever called waits for it
                call.joinpath("errors").write_text(errors)
                call.joinpath("code").write_text(f"{code}\n")


@pytest.fixture
def background() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Programs of another terminal; Ctrl-C ends them."""
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.send_signal(signal.SIGINT)
        finished(process)


def test_the_tutorial_runs_as_written(
    tmp_path: Path, environment: dict[str, str], background: list[subprocess.Popen[bytes]]
) -> None:
    blocks = list(_BLOCK.finditer((DOCS / "tutorial.md").read_text("utf-8")))
    assert len(blocks) >= 8
    script = "set -u\n"
    wanted: list[tuple[str, list[str]]] = []
    for block in blocks:
        steps = [(line[2:], list[str]()) for line in block["text"].splitlines() if line.startswith("$ ")]
        place = -1
        for line in block["text"].splitlines():
            if line.startswith("$ "):
                place += 1
            elif line.strip():
                steps[place][1].append(line)
        if block["where"].strip():
            (command, _), *others = steps
            assert not others
            said = (tmp_path / "terminal-1").open("wb")
            background.append(
                subprocess.Popen(command.split(), cwd=tmp_path, env=environment, stdout=said, stderr=subprocess.STDOUT)
            )
            said.close()
            terminal = tmp_path / "terminal-1"
            until_of(background[-1], lambda: b"The desk is open" in terminal.read_bytes(), "it is open", terminal)  # noqa: B023
            continue
        for command, told in steps:
            script += f"echo '@@ {len(wanted)}'\n{command}\necho \"@= $?\"\n"
            wanted.append((command, told))
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    answers = re.split(r"@@ \d+\n", done.stdout)[1:]
    assert len(answers) == len(wanted), done.stdout
    for (command, told), answer in zip(wanted, answers, strict=True):
        assert answer.rstrip().endswith("@= 0"), (command, answer)
        squeezed = " ".join(answer.split())
        for line in told:
            assert " ".join(line.split()) in squeezed, (command, answer)
