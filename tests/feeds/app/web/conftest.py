"""Servers over a published folder, for the tests of the web server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.serving import Running, make_folder, running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for the tests that change nothing."""
    with running(make_folder(tmp_path_factory.mktemp("site") / "public")) as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A server of its own, for tests that change its folder."""
    with running(make_folder(tmp_path / "public")) as server:
        yield server
