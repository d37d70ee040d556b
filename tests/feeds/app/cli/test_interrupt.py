"""Ctrl-C ends long work cleanly: a word, exit code 130, no traceback."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import preloaded
from tests.support.waiting import PATIENCE


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A site that takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(PATIENCE)
        yield listener


@pytest.mark.parametrize(
    "words",
    [("add", "HOME"), ("try", "HOME"), ("fetch", "slow"), ("run", "--once"), ("backfill", "slow", "--since", "7d")],
)
def test_ctrl_c_ends_it(tmp_path: Path, silent: socket.socket, words: tuple[str, ...]) -> None:
    home = f"http://127.0.0.1:{silent.getsockname()[1]}/"
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/slow.toml").write_text(f'home = "{home}"\n')
    (tmp_path / "config.toml").write_text(
        'contact = "mailto:desk@paper.example"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n'
    )
    told = [word.replace("HOME", f"{home}news") for word in words]
    log = tmp_path / "said"
    process = preloaded.start(told, log, folder=tmp_path)
    try:
        connection, _ = silent.accept()  # it waits for an answer now
        with connection:
            process.send_signal(signal.SIGINT)
            code = process.wait(PATIENCE)
    finally:
        process.kill()
    said = log.read_text("utf-8")
    assert code == 130, said
    assert said.rstrip().endswith("stopped")
    assert "Traceback" not in said
