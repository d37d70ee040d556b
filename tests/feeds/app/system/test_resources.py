"""The files that come with the program are found in a checkout and in an installed wheel."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from feeds.app.system import resources


def installed(folder: Path) -> ModuleType:
    """The module as it lies in an installation below `folder`."""
    (folder / "feeds" / "app" / "system").mkdir(parents=True, exist_ok=True)
    copy = shutil.copy(resources.__file__, folder / "feeds" / "app" / "system" / "resources.py")
    spec = importlib.util.spec_from_file_location("copied_resources", copy)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_checkout_and_the_wheel_have_it_in_their_places(tmp_path: Path) -> None:
    module = installed(tmp_path)
    with pytest.raises(FileNotFoundError):
        module.seeds_folder()
    (tmp_path / "seeds" / "demo").mkdir(parents=True)
    assert module.seeds_folder() == tmp_path / "seeds"
    (tmp_path / "feeds" / "app" / "seeds" / "demo").mkdir(parents=True)
    assert module.seeds_folder() == tmp_path / "feeds" / "app" / "seeds"


def test_this_installation_has_them() -> None:
    folder = resources.seeds_folder()
    assert (folder / "demo" / "script.toml").is_file()
    assert (folder / "sanjuandailystar.toml").is_file()
