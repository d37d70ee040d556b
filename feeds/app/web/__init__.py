"""The daemon's own web server: what is published, behind HTTP."""

from .serving import Serving, serve
from .site import Site, build

__all__ = ["Serving", "Site", "build", "serve"]
