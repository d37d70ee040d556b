"""Python in a process of its own: what it prints there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping


def printed(work: str, *words: str, environment: Mapping[str, str]) -> str:
    """What this code prints with these arguments, in the environment of the tests with these changes."""
    done = subprocess.run(
        [sys.executable, "-c", work, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
