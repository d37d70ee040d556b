"""The server: connections with deadlines, and short ways to documents, around uvicorn."""

from .connection import CHUNK, Connection, ServerLimits, ServerState
from .quiet_server import QuietServer, listening, quiet_server

__all__ = ["CHUNK", "Connection", "QuietServer", "ServerLimits", "ServerState", "listening", "quiet_server"]
