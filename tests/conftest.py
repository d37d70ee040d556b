"""What all tests share. This file also puts `tests/` on the path, so that `import misbehaving` works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from misbehaving import Web


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on a loopback address that does what it is told, faults included."""
    with Web() as server:
        yield server
