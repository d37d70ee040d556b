"""What is made of a value is remembered for it alone, and no longer than it is there."""

from __future__ import annotations

import gc
from dataclasses import dataclass

from feeds.render.beside import Beside


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Value:
    text: str


def test_it_is_made_once_for_a_value_and_goes_with_it() -> None:
    made: list[str] = []

    def make(value: Value) -> list[str]:
        made.append(value.text)
        return [value.text]

    beside = Beside(make)
    one, same = Value("a"), Value("a")
    assert beside.of(one) is beside.of(one)
    assert beside.of(same) is not beside.of(one)
    assert made == ["a", "a"]
    assert len(beside) == 2
    del one
    gc.collect()
    assert len(beside) == 1
    for n in range(50):  # often at the same place in memory
        assert beside.of(Value(str(n))) == [str(n)]
    assert len(beside) == 1
