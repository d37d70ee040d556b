"""Tables of cases for one test: in groups that have a name, or sorted by the answer that is right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def each(names: str, **groups: Iterable[Any]) -> pytest.MarkDecorator:
    """A case for every member of every group, named after its group; with several names a member is a tuple."""
    columns = names.split(", ")
    return pytest.mark.parametrize(
        columns,
        [
            pytest.param(*(case if len(columns) > 1 else (case,)), id=f"{group}-{case}")
            for group, cases in groups.items()
            for case in cases
        ],
    )


def judged(names: str, *, yes: Iterable[Any], no: Iterable[Any]) -> pytest.MarkDecorator:
    """A case for everything that is, and for everything that is not; the last name is that of the answer."""
    several = names.count(", ") > 1
    return each(
        names,
        **{
            str(answer): [(*(case if several else (case,)), answer) for case in cases]
            for answer, cases in ((True, yes), (False, no))
        },
    )
