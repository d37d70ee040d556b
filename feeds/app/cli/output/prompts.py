"""Questions to the person at the terminal, before something is written or removed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.markup import escape

from ...system.output import Output

Yes = Annotated[bool, Parameter(name=["--yes", "-y"], negative="", help="Do it without asking.")]
DryRun = Annotated[bool, Parameter(name="--dry-run", negative="", help="Show what would be done, and do nothing.")]


def agreed_to_write(output: Output, target: Path) -> bool:
    """Whether the person at the terminal wants this file written; nobody there is no."""
    if not sys.stdin.isatty():
        output.warn("not written: there is nobody to ask; --yes writes without asking")
        return False
    return _answer(output, f"Write {target}? [Y/n] ", empty=True)


def agreed_to_remove(output: Output, what: str, *, yes: bool) -> bool:
    """Whether what is named may be removed: asked on a terminal, unless `yes`. A script is not asked."""
    if yes or not sys.stdin.isatty():
        return True
    if _answer(output, f"Remove {what}? [y/N] ", empty=False):
        return True
    output.say("nothing was removed")
    return False


def _answer(output: Output, question: str, *, empty: bool) -> bool:
    output.err.print(escape(question), end="")
    try:
        said = input().strip().lower()
    except EOFError:  # Ctrl-D: no answer is no consent
        output.err.print()
        return False
    return said in ("y", "yes") or (empty and not said)


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 record`, `12 records`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
