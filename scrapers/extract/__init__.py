"""An article page → a Draft: every witness (JSON-LD, `<meta>`, markup …) is read once, then each field is decided."""

from .pipeline import extract

__all__ = ["extract"]
