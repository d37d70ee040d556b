"""A small size of each attack on the real daemon; `python -m benchmarks.attacks` makes them whole, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reliability.attacks.arena import run
from benchmarks.reliability.attacks.catalogue import ATTACKS
from tests.support.waiting import PATIENCE

SIZES = {  # of each attack, by the beginning of its name
    **dict.fromkeys(("feed-", "page-", "json-ld", "robots-", "front-links"), 0.15),
    **dict.fromkeys(("long-feed", "sitemap", "packed-sitemap"), 0.15),
    **dict.fromkeys(("foreign-feed", "earlier-copy"), 1.0),
    **dict.fromkeys(("many-hosts", "spellings", "tokens", "long-links"), 0.05),
    **dict.fromkeys(("silence-sites", "drip-body-sites", "endless-body-sites", "slow-pages"), 0.2),
    **dict.fromkeys(("killed-workers", "frozen-workers"), 0.1),
    "cut-pages": 0.3,
}  # fmt: skip
SILENCE = 1.0  # seconds: ten times what is measured on a quiet machine, other tests run beside this one
ALONE = ("killed-workers", "frozen-workers")  # what they do to the workers would be an attack on the others
PAGES = [name for name in ATTACKS if name.startswith(("feed-", "page-", "cut-", "json-ld"))]
LISTS = ("front-links", "long-feed", "sitemap", "packed-sitemap", "long-links")  # each is some 20 MB while it is read
TOGETHER = {
    "pages": PAGES,
    "lists": list(LISTS),
    "sites": [name for name in ATTACKS if name not in (*PAGES, *LISTS, *ALONE, "lost-files")],
    **{name: [name] for name in ALONE},
}


def size_of(name: str) -> float:
    """The size of an attack here."""
    return next(size for start, size in SIZES.items() if name.startswith(start))


def test_every_attack_is_in_one_of_the_groups() -> None:
    named = [name for names in TOGETHER.values() for name in names]
    assert sorted(named) == sorted(set(named))
    assert sorted(set(ATTACKS) - set(named)) == ["lost-files"]


@pytest.mark.xdist_group("attacks")
@pytest.mark.parametrize("group", TOGETHER)
def test_an_attack_neither_silences_nor_swells_the_daemon_and_healthy_papers_are_complete(
    tmp_path: Path, group: str
) -> None:
    names = TOGETHER[group]
    sizes = {name: size_of(name) for name in names}
    found = run(
        tmp_path / "desk",
        [ATTACKS[name] for name in names],
        sizes=sizes,
        seconds=2 * PATIENCE,
        silence=SILENCE,
        visits=1,
    )
    log = (tmp_path / "desk/daemon.log").read_text("utf-8", "replace")
    assert found.complaints == (), log[-4000:]
