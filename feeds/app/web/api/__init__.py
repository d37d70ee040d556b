"""The interface for programs, `/api/v1`: what the desk does, as JSON, with a token (docs/api.md)."""

from .api import Api
from .calls import ApiTools
from .on_demand import OnDemand

__all__ = ["Api", "ApiTools", "OnDemand"]
