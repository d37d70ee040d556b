"""The mutation test: which tests it chooses for a mutant, and that a mutant in memory is the one in the file."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from benchmarks.reliability.mutants.index import Index, OfFile, noting
from benchmarks.reliability.mutants.make import mutants_of
from benchmarks.reliability.mutants.server import patched
from benchmarks.reliability.mutants.trial import BUDGET, chosen_tests

CODE = '''"""Ferries."""

from __future__ import annotations

FULL = 12


def fits(cars: int) -> bool:
    """Whether they fit."""
    return cars <= FULL


def fares(cars: list[int]) -> list[int]:
    """What they pay."""
    return [one + 2 for one in cars if fits(one)]
'''


def test_every_mutant_is_another_program_and_docstrings_and_names_of_modules_stay() -> None:
    found = mutants_of("quay/ferries.py", CODE)
    changed = {CODE[: one.start] + one.after + CODE[one.end :] for one in found}
    assert len(changed) == len(found) > 5
    assert all("Whether they fit" in text and "FULL = 12" in text for text in changed)
    assert {one.where for one in found} == {"fits", "fares"}
    assert {one.kind for one in found} >= {"comparison", "early-return", "constant", "arithmetic", "call-dropped"}


def test_methods_and_functions_within_functions_have_mutants_under_their_whole_names() -> None:
    code = (
        "class Quay:\n    FULL = 12\n    def fits(self, cars=3):\n        return cars <= self.FULL\n"
        "    def fares(self):\n        async def one(car):\n            return car + 2\n        return one\n"
    )
    found = mutants_of("quay/quays.py", code)
    assert {one.where for one in found} == {"Quay.fits", "Quay.fares", "Quay.fares.one"}
    changed = [code[: one.start] + one.after + code[one.end :] for one in found]
    assert all("FULL = 12" in text and "cars=3" in text for text in changed)


def test_arguments_change_places_where_that_is_another_program() -> None:
    calls = {"f(a, b)": ["f(b, a)"], 'f("a", "a")': [], "f(a, a, b)": [], "max(a, b)": [], "f(*a, b)": []}
    for call, swapped in calls.items():
        found = mutants_of("quay/calls.py", f"def g(a, b):\n    h = {call}\n    return h\n")
        assert [one.after for one in found if one.kind == "arguments-swapped"] == swapped, call


def test_a_mutant_is_put_into_the_functions_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "ferries_of_a_test.py"
    path.write_text(CODE)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[path.stem] = module
    fits = module.fits
    try:
        assert not patched(path.name, CODE, CODE), "nothing differs"
        assert patched(path.name, CODE, CODE.replace("<=", "<"))
        assert (fits(12), fits(11)) == (False, True)
        assert not patched("another.py", CODE, CODE)
    finally:
        del sys.modules[path.stem]


def test_the_tests_of_a_mutant_are_those_that_execute_it_nearest_and_quickest_first(tmp_path: Path) -> None:
    function = "quay/ferries.py fits"
    index = Index(tmp_path / "index.json")
    near, wide = "tests/quay/test_ferries.py", "tests/quay/test_docks.py"
    seconds = {f"{near}::test_slow": 5.0, f"{near}::test_quick": 0.1, f"{near}::test_other": 0.1}
    index.files[near] = OfFile("", seconds, {test: {function} for test in list(seconds)[:2]}, set())
    index.files[wide] = OfFile("", {f"{wide}::test_a": 0.2, f"{wide}::test_b": BUDGET}, {}, {"quay/ferries.py fares"})
    index.files[wide].executed = {f"{wide}::test_a": {function}, f"{wide}::test_b": {function}}
    index.keep()
    mutants = {f"{one.where}": one for one in mutants_of("quay/ferries.py", CODE)}
    again = Index(tmp_path / "index.json")
    assert chosen_tests(again, [near], [wide], mutants["fits"]) == [
        [f"{near}::test_quick", f"{near}::test_slow"],
        [f"{wide}::test_a"],
    ]
    assert chosen_tests(again, [near], [], mutants["fares"]) == [[near], []], "nobody executes it: the module's tests"
    assert again.missing(tmp_path, []) == []


def test_of_a_function_that_remembers_what_it_gave_the_whole_file_is_run(tmp_path: Path) -> None:
    code = CODE.replace("def fits", "@functools.lru_cache(9)\ndef fits")
    found = mutants_of("quay/ferries.py", code)
    assert {one.where for one in found if one.once} == {"fits"}
    near, test = "tests/quay/test_ferries.py", "tests/quay/test_ferries.py::test_first"
    index = Index(tmp_path / "index.json")
    index.files[near] = OfFile("", {test: 0.1}, {test: {"quay/ferries.py fits", "quay/ferries.py fares"}}, set())
    by_name = {one.where: one for one in found}
    assert chosen_tests(index, [near], [], by_name["fits"]) == [[near], []]
    assert chosen_tests(index, [near], [], by_name["fares"]) == [[test], []]


def test_a_copy_notes_what_is_executed(tmp_path: Path) -> None:
    for name, text in (
        ("quay/__init__.py", ""),
        ("quay/ferries.py", CODE),
        ("tests/test_ferries.py", "from quay.ferries import fits\n\ndef test_fits():\n    assert fits(3)\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "conftest.py").write_text("")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    noting(tmp_path, ["quay"])
    index = Index(tmp_path / "index.json")
    assert index.missing(tmp_path, ["tests/test_ferries.py"]) == ["tests/test_ferries.py"]
    index.make(tmp_path, ["tests/test_ferries.py"])
    assert index.missing(tmp_path, ["tests/test_ferries.py"]) == []
    assert index.executing("quay/ferries.py fits") == (["tests/test_ferries.py::test_fits"], [])
    assert index.executing("quay/ferries.py fares") == ([], [])
