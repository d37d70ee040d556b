"""The package: an sdist that builds the wheel, a wheel that runs, metadata that an index takes."""

from __future__ import annotations

import email
import importlib.util
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from feeds.app.system.version import VERSION
from tests.support.paths import ROOT

MISSING = [name for name in ("hatchling", "hatch_fancy_pypi_readme", "twine") if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(bool(MISSING), reason=f"the extra `release` is not installed ({MISSING}): NOTHING is built"),
]


def run(*command: str, cwd: Path, **further: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=os.environ | further, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist and from nothing else."""
    folder = tmp_path_factory.mktemp("package")
    run("-m", "hatchling", "build", "-t", "sdist", "-d", str(folder), cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    assert not {".ci", "var", ".git", ".venv"} & {path.name for path in source.iterdir()}
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=source)
    (built,) = folder.glob("*.whl")
    return built


def test_an_index_takes_it(wheel: Path) -> None:
    run("-m", "twine", "check", "--strict", *map(str, wheel.parent.glob("copydesk-*.*")), cwd=wheel.parent)


def test_its_metadata_say_whose_it_is_and_lead_to_its_pages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        told = email.message_from_bytes(archive.read(f"copydesk-{VERSION}.dist-info/METADATA"))
    assert told["Version"] == VERSION and told["Author"] and told["License-Expression"] == "MIT"
    assert {line.split(",")[0] for line in told.get_all("Project-URL", [])} >= {"Homepage", "Source", "Changelog"}
    page = str(told.get_payload())
    targets = re.findall(r"\]\(([^)\s]+)\)", page)
    assert len(targets) > 20
    assert [one for one in targets if not one.startswith(("https://", "#"))] == []  # an index has no files of ours


def test_the_wheel_runs_and_carries_what_it_needs(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "wheel")
        names = archive.namelist()
    assert f"copydesk-{VERSION}.data/data/share/man/man1/copydesk.1" in names
    assert {"feeds/app/starter.toml", "feeds/app/seeds/bbc.toml", "feeds/py.typed", "scrapers/py.typed"} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]
    where = {"PYTHONPATH": str(tmp_path / "wheel")}
    assert run("-m", "feeds", "--version", cwd=tmp_path, **where).strip() == VERSION
    run("-m", "feeds", "init", "desk", "--starters", "en", cwd=tmp_path, **where)
    assert (tmp_path / "desk/seeds/bbc.toml").exists()
    out = run("-c", "import feeds, scrapers; print(feeds.__file__, scrapers.__file__)", cwd=tmp_path, **where)
    assert out.count(str(tmp_path / "wheel")) == 2


def test_the_readme_is_one_page() -> None:
    assert (ROOT / "README.md").read_text("utf-8").count("\n") <= 110
