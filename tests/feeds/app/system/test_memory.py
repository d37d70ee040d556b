"""What the daemon tells its process about memory."""

import gc

from feeds.app.system.memory import SELDOM, collect_seldom, give_back, one_arena


def test_python_looks_for_cycles_seldom_and_still_finds_them() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold() == (SELDOM, *before[1:])
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0, "what was loaded before stays"
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_giving_back_works_whatever_the_c_library() -> None:
    one_arena()
    give_back()
