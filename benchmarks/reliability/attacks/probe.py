"""Asks /health again and again, in a process of its own: `python -m benchmarks.attacks.probe PORT PID PAUSE`.

Prints a line for every answer: when it was asked for (monotonic clock), how long it took, and for how much of that
the machine did other things: neither the daemon nor this process was given a processor (proc(5), schedstat), or the
whole machine stood still, or was lent out by the one that it is a guest of. It ends when its standard input does.
Between an answer and the next question are PAUSE seconds.
"""

from __future__ import annotations

import select
import socket
import sys
import threading
import time
from pathlib import Path

PATIENCE = 60.0


def waiting(thread: int) -> float:
    """Seconds for which a thread (the first one of a process has its number) was ready and waited for a processor."""
    try:
        return int(Path(f"/proc/{thread}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def stolen() -> float:
    """Seconds for which this machine, a guest, was given no processor although it wanted one: of all processors."""
    try:
        return int(Path("/proc/stat").read_text().split("\n", 1)[0].split()[8]) / 100
    except (OSError, IndexError, ValueError):
        return 0.0


class Heart(threading.Thread):
    """Wants to wake every few milliseconds: when it is late, though nobody ran in its place, all stood still."""

    BEAT = 0.005

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.late = 0.0  # seconds, of all beats so far

    def run(self) -> None:
        own = threading.get_native_id()
        before = waiting(own)
        while True:
            since = time.monotonic()
            time.sleep(self.BEAT)  # how late it wakes is what is measured
            took, now = time.monotonic() - since, waiting(own)
            self.late += max(0.0, took - self.BEAT - (now - before))
            before = now


def main() -> None:
    """Ask until nobody listens any more."""
    port, pid, pause = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    asked = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    me = socket.socket
    connection: socket.socket | None = None
    own = int(Path("/proc/self/stat").read_text().split()[0]) if Path("/proc/self/stat").exists() else 0
    heart = Heart()
    heart.start()
    while not select.select([sys.stdin], [], [], pause)[0]:
        begun, before = time.monotonic(), (waiting(pid) + waiting(own), heart.late, stolen())
        try:
            if connection is None:
                connection = me(socket.AF_INET, socket.SOCK_STREAM)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.settimeout(PATIENCE)
                connection.connect(("127.0.0.1", port))
            connection.sendall(asked)
            got = connection.recv(65_536)
        except OSError:
            got = b""
        if not got or b"connection: close" in got.lower():
            if connection is not None:
                connection.close()
            connection = None
        took = time.monotonic() - begun
        if took > 0.1:
            time.sleep(2 * heart.BEAT)  # until the heart has told how late it was
        after = (waiting(pid) + waiting(own), heart.late, stolen())
        waited, late, lent = (now - then for now, then in zip(after, before, strict=True))
        crowded = waited + max(late, lent)
        print(f"{begun:.3f} {took:.4f} {min(crowded, took):.4f} {got[9:12].decode('latin-1') or 'none'}", flush=True)


if __name__ == "__main__":
    main()
