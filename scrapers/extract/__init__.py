"""An article page → a Draft: every witness (JSON-LD, `<meta>`, markup …) is read once, then each field is decided."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pipeline import extract

__all__ = ["extract"]


def __getattr__(name: str) -> object:
    """What reads pages is imported on first use: the daemon itself needs but a few of the package's rules."""
    if name != "extract":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import pipeline

    return pipeline.extract
