"""The daemon's own web server: what is published, behind HTTP."""

from .site import Serving, Site, build, serve

__all__ = ["Serving", "Site", "build", "serve"]
