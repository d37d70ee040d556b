"""uvicorn inside our loop: signals are left to the daemon, and slow clients are looked after."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

from .connection import Connection, ServerState

SEND_BUFFER = 524_288


_PLAIN: dict[str, Any] = {  # HTTP alone, without logs and headers of the server's own
    "ws": "none", "lifespan": "off", "interface": "asgi3", "log_config": None, "access_log": False,
    "server_header": False, "proxy_headers": False, "backlog": 512,
}  # fmt: skip


class QuietServer(uvicorn.Server):
    """A server that leaves signals alone and looks after slow clients.

    uvicorn's own catches SIGTERM and raises it again after `serve()`, which would end the daemon in the middle of
    its own orderly stop. Here `should_exit` is set by whoever stops it. `ready` is set when it listens.
    """

    def __init__(self, config: uvicorn.Config, state: ServerState) -> None:
        super().__init__(config)
        self.state = state
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.state.now = asyncio.get_running_loop().time()
        await super().startup(sockets)
        await self.on_tick(0)  # the first Date, before the first request
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.state.connections):  # connections that still make no progress are cut off
            connection.transport.abort()
        self.state.files.close()

    async def on_tick(self, counter: int) -> bool:
        done = await super().on_tick(counter)
        state = self.state
        state.now = asyncio.get_running_loop().time()
        if counter % 10 == 0:
            state.dated(b"".join(n + b": " + v + b"\r\n" for n, v in self.server_state.default_headers))
            for connection in list(state.connections):
                connection.sweep(state.now)
        return done


def quiet_server(app: Any, state: ServerState, *, keep_for_stop: int = 5) -> QuietServer:
    """A server for an ASGI app, run by `serve(sockets=[…])`.

    `keep_for_stop` seconds are given to answers under way when it stops.
    """
    config = uvicorn.Config(
        app,
        http=functools.partial(Connection, state),  # type: ignore[arg-type]  # any callable that makes a protocol
        timeout_graceful_shutdown=keep_for_stop,
        **_PLAIN,
    )
    return QuietServer(config, state)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it: a whole feed then goes to the kernel at once, instead of piece by piece through us.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        sock.bind((host, port))
        sock.listen(512)
        sock.setblocking(False)
    except BaseException:  # an interrupt too: nobody else closes it
        sock.close()
        raise
    return sock
