"""The store: the only code that speaks SQL. `open_store` gives the store that a configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import StoreBusy, StoreInUse, StoreUnusable
from ..rows import (
    HELD,
    ControlRequest,
    OutcomeRow,
    Revision,
    SourceState,
    Stored,
    StoryRow,
    TopicRow,
    TroubleRow,
    Visit,
)
from .database.location import Location, PostgresLocation
from .database.lock import DaemonLock, Lock, lock_of
from .store import Store, open_store, store_exists
from .tables.outcomes import BY_HAND, LET_GO

if TYPE_CHECKING:
    from .tables.visits import Afterwards

STORE_ERRORS = (StoreBusy, StoreUnusable)
"""What a call of the store may raise."""

__all__ = [
    "BY_HAND",
    "HELD",
    "LET_GO",
    "STORE_ERRORS",
    "Afterwards",
    "ControlRequest",
    "DaemonLock",
    "Location",
    "Lock",
    "OutcomeRow",
    "PostgresLocation",
    "Revision",
    "SourceState",
    "Store",
    "StoreBusy",
    "StoreInUse",
    "StoreUnusable",
    "Stored",
    "StoryRow",
    "TopicRow",
    "TroubleRow",
    "Visit",
    "lock_of",
    "open_store",
    "store_exists",
]


def __getattr__(name: str) -> object:
    if name == "Afterwards":  # imported on first use: commands that only read need nothing of visits
        from .tables.visits import Afterwards

        return Afterwards
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
