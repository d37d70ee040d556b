"""A key that newcomers type is answered with the one that is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feeds.app.config.config import examined
from feeds.app.config.synonyms import SYNONYMS

GOOD = 'contact = "mailto:desk@example.org"\n'
TOPIC = '[[topics]]\nname = "harbour"\nquery = "quay"\n'


def mistakes_of(folder: Path, text: str) -> list[str]:
    path = folder / "config.toml"
    path.write_text(text)
    return [str(one) for one in examined(path)[1]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('feeds = ["x"]', "feeds: there is no such key; write [[topics]] with name"),
        ("port = 8484", 'port: there is no such key; write web.listen = "127.0.0.1:8484"'),
        ('sources = ["x"]', "sources: there is no such key; each source is a file"),
        (f'{TOPIC}filter = "quay"', "topics.harbour.filter: there is no such key; write query = "),
        ('[alarms]\nntfy = "https://ntfy.example/x"', "alarms.ntfy: there is no such key; write alarms.webhook = "),
        ('webhook = "https://hooks.example/"', "webhook: there is no such key; it stands in [alarms]"),
        ('[web]\nbase_url = "https://desk.example"', "web.base_url: there is no such key; it stands at the top"),
        ('folder = "x"', "folder: there is no such key; it stands in [store] or in [publish]"),
        ('titel = "x"', 'titel: there is no such key; did you mean "title"?'),
    ],
)
def test_what_would_be_right_is_said(tmp_path: Path, text: str, said: str) -> None:
    (found,) = mistakes_of(tmp_path, f"{GOOD}{text}\n")
    assert said in found


def test_each_synonym_is_no_key_and_its_advice_is_right(tmp_path: Path) -> None:
    typed = [(above, key) for above, keys, _ in SYNONYMS for key in keys]
    assert len(typed) == len(set(typed)) > 80
    for above, key in typed:
        table = TOPIC if above == "topics." else f"[{above[:-1]}]\n" if above else ""
        found = mistakes_of(tmp_path, f'{GOOD}{table}{key} = "x"\n')
        assert any(f"{key}: there is no such key; " in one for one in found), (above, key)
        assert not any("known here" in one for one in found)
    for above, _, right in SYNONYMS:
        for line in re.findall(r'write (\S+ = (?:\[.*?\]|".*?"|\S+))', right):
            before = "" if line.startswith("contact") else GOOD
            topic = f'[[topics]]\nname = "harbour"\n{"" if line.startswith("query") else QUERY}'
            topic = topic if not line.startswith("name") else f"[[topics]]\n{QUERY}"
            text = f"{before}{topic}{line}\n" if above == "topics." else f"{before}{line}\n"
            wrong = [one for one in mistakes_of(tmp_path, text) if "there is no source" not in one]
            assert wrong == [], line


QUERY = 'query = "quay"\n'
