"""Selectors of a seed that stopped giving are found again: the records that they once gave tell what to look for.

`examine` fetches a few pages through the door of a visit and compares (`listing`, `article`: pure, called in workers);
`selector` names elements as a person would; `rewrite` puts new selectors into a seed file. Whether they are used is
decided in `feeds`: what is certain is, what is not is shown.
"""

from .examine import ReadRepair, examine, sights
from .model import Examination, Known, Repair, Sample, Sight, Story, selectors_of, with_selectors
from .rewrite import rewritten

__all__ = [
    "Examination",
    "Known",
    "ReadRepair",
    "Repair",
    "Sample",
    "Sight",
    "Story",
    "examine",
    "rewritten",
    "selectors_of",
    "sights",
    "with_selectors",
]
