"""The process that readers of pages are forks of: it loads their modules once, and forks when the daemon asks it to.

It has one thread and the environment of a reader, nothing of the daemon's, and it reads no page of others. A request
is a byte with two pipes, the standard input and output of a reader. Told is who was forked, with a handle (pidfd) that
names this very process whatever becomes of its number, and later how it ended. When the daemon is gone, so are all
readers.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
from datetime import UTC, datetime

from scrapers import Article, Links, Page, Past, Record, Seed, read_draft, read_links, read_record

from . import worker
from .protocol import ENDED, FORKED, READY, TOLD

_SITE, _DAY = "https://courier.example/", datetime(2026, 3, 1, tzinfo=UTC)
_PROSE = "The harbour master said on Monday that the old quay would be closed for repairs until the end of spring. " * 3
_STORY = f"""<!doctype html><html lang=en><head><meta charset=utf-8><title>Old quay closed | Courier</title>
<meta property="og:title" content="Old quay closed"><meta name=author content="Ann Lee">
<meta property="article:published_time" content="2026-03-01T10:00:00Z"><script type="application/ld+json">
{{"@type":"NewsArticle","headline":"Old quay closed","author":{{"@type":"Person","name":"Ann Lee"}}}}</script></head>
<body><nav><ul class=menu><li><a href="/">Home</a></ul></nav><article class=post><h1>Old quay closed</h1>
<div class=byline>By Ann Lee</div><time>March 1, 2026 10:00 am</time>
<figure><img src="/quay.jpg" alt="The quay"><figcaption>The quay. Photo: A. Lee</figcaption></figure>
{f'<p>{_PROSE} <a href="/repairs">Plans</a></p>' * 4}<h2>What follows</h2><ul><li>{_PROSE}</ul>
<blockquote>{_PROSE}</blockquote></article><div class=related><h3>Read also</h3><a href="/pier">The pier opens</a></div>
<footer>© Courier. All rights reserved. Subscribe to our newsletter</footer></body></html>"""
_FRONT = "<!doctype html><title>Courier</title><main>" + "".join(
    f'<article><h2><a href="/2026/03/01/old-quay-{n}">The old quay is closed for the {n}th time</a></h2><p>{_PROSE}'
    for n in range(9)
)


class ForkServer:
    """Forks for the one at the other end of a socket."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._readers: dict[int, int] = {}  # processes by their handles
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> bool:
        """Fork for each request, until the other end hangs up: False. A fork returns True, and has its pipes."""
        self._tell(READY, os.getpid(), int(_has_handles()))
        while True:
            for ready, _ in self._poll.poll():
                if ready != self._control.fileno():
                    self._ended(ready)
                    continue
                asked, pipes, _, _ = socket.recv_fds(self._control, 1, 2)
                if not asked:
                    self._end_all()
                    return False
                if self._fork(pipes):
                    return True

    def _fork(self, pipes: list[int]) -> bool:
        """Fork one reader; True in the fork itself."""
        try:
            pid = os.fork()
        except OSError as error:
            self._tell(FORKED, 0, error.errno or 0)
        else:
            if pid == 0:
                os.setsid()
                for number, pipe in enumerate(pipes):
                    os.dup2(pipe, number)
                os.closerange(3, os.sysconf("SC_OPEN_MAX"))
                return True
            handle = os.pidfd_open(pid)
            self._readers[handle] = pid
            self._poll.register(handle, select.POLLIN)
            self._tell(FORKED, pid, 0, handle)
        for pipe in pipes:
            os.close(pipe)
        return False

    def _ended(self, handle: int) -> None:
        """A reader has ended."""
        self._poll.unregister(handle)
        os.close(handle)
        pid = self._readers.pop(handle)
        self._tell(ENDED, pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    def _end_all(self) -> None:
        for handle, pid in self._readers.items():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _tell(self, kind: bytes, pid: int, code: int, *handles: int) -> None:
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more, which is met next
            socket.send_fds(self._control, [TOLD.pack(kind, pid, code)], handles)


def _has_handles() -> bool:
    """Whether the system gives handles of processes; some sandboxes do not."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def read_once() -> tuple[Record, Links]:
    """Read a page of each kind, so that what is made at the first one is made here, and not by each reader."""
    seed = Seed(name="courier", home=_SITE)
    story = Page(f"{_SITE}2026/03/01/old-quay", _STORY.encode())
    record = read_record(Article(read_draft(story, seed, _DAY), story.url, _DAY), seed)
    return record, read_links(Page(_SITE, _FRONT.encode()), seed, Past(), _DAY)


def main() -> None:
    """Serve the socket that is the standard input; a fork goes on as a reader."""
    control = socket.socket(fileno=os.dup(0))
    read_once()
    gc.collect()
    gc.freeze()  # what was loaded is not looked at again, and so stays shared
    if ForkServer(control).serve():
        control.detach()  # it is closed
        worker.main()


if __name__ == "__main__":
    main()
