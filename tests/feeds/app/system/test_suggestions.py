"""What is said of a name that there is not."""

from __future__ import annotations

import pytest

from feeds.app.system.suggestions import nearest, no_such

NAMES = ["Harbour", "island", "quay"]


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("harbor", NAMES, "there is no topic harbor; did you mean Harbour?"),
        ("QUAI", NAMES, "there is no topic QUAI; did you mean quay?"),
        ("x", NAMES, "there is no topic x; known: Harbour, island, quay"),
        ("x", [], "there is no topic x; known: none"),
        ("x", [f"{n:03}" for n in range(12)], "there is no topic x; known: " + ", ".join(f"{n:03}" for n in range(12))),
        ("x", "abcdefghijklmno", "there is no topic x; known: a, b, c, d, e, f, g, h, i, j, k, l and 3 more"),
    ],
)
def test_a_name_that_there_is_not(name: str, known: list[str], said: str) -> None:
    assert no_such("topic", name, known) == said
    assert nearest(name, known) == (said.split("did you mean ")[1][:-1] if "mean" in said else None)
