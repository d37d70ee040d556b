"""The desk in the browser (`/desk`): what the owner of an installation does, without a terminal."""

from .desk import Desk, open_desk

__all__ = ["Desk", "open_desk"]
