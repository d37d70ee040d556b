"""The pipe: Run → changed feeds. The only place that knows the order of the steps from record to feed."""

from .due_times import bug, not_too_late, postpone
from .keep_run import Kept, Part, keep, keep_part
from .reapply import prefer, retopic

__all__ = ["Kept", "Part", "bug", "keep", "keep_part", "not_too_late", "postpone", "prefer", "retopic"]
