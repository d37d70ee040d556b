"""A command over an installation of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from feeds.app.cli.main import main

Told = tuple[int, str, str]


@pytest.fixture
def copydesk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Runs a command over an empty installation: its code, what it printed, and what it said."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "config.toml").write_text('contact = "mailto:desk@paper.example"\n')

    def work(*words: str) -> Told:
        code = main(["--config", str(tmp_path / "config.toml"), *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return work
