"""Topics written into config.toml: what a person wrote around them stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from feeds.app.config.topic_edits import checked, with_topic, without_topic
from feeds.errors import ConfigError, WrongName
from tests.support.other_process import printed
from tests.support.paths import ROOT

TEXT = """# the desk
contact = "mailto:desk@example.org"  # me

# ships
[[topics]]
name = "harbour"   # by the sea
query = "quay" # old
copies = "all"

# everything else
[[topics]]
name = "rest"

[log]
format = "json"
"""


def topics(text: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(text)["topics"]
    return found


def test_a_setting_changes_and_its_comments_stay() -> None:
    text = with_topic(TEXT, "harbour", {"query": 'title:"fish market" OR quay', "copies": "one", "title": None})
    assert text == TEXT.replace('"quay" # old', "'title:\"fish market\" OR quay' # old").replace('copies = "all"\n', "")
    assert with_topic(text, "harbour", {"query": "quay", "copies": "one"}).count("# old") == 1


def test_a_setting_that_is_new_stands_with_its_topic() -> None:
    text = with_topic(TEXT, "harbour", {"sources": ("courier",), "private": True, "language": ""})
    assert topics(text)[0] == {
        "name": "harbour",
        "query": "quay",
        "copies": "all",
        "sources": ["courier"],
        "private": True,
        "language": "",
    }
    assert text.index("private") < text.index("# everything else")


def test_what_is_set_as_it_was_changes_no_byte() -> None:
    assert with_topic(TEXT, "harbour", {"query": "quay", "copies": "all", "private": False, "sources": ()}) == TEXT


def test_a_topic_is_added_behind_the_others() -> None:
    text = with_topic(TEXT, None, {"name": "ferry", "query": "ferry\nOR boat"})
    assert [one["name"] for one in topics(text)] == ["harbour", "rest", "ferry"]
    assert tomllib.loads(text)["log"] == {"format": "json"}
    assert text.replace("[[topics]]\nname = \"ferry\"\nquery = '''ferry\nOR boat'''\n\n", "") == TEXT
    ends = TEXT[: TEXT.index("\n[log]")]
    assert with_topic(ends, None, {"name": "ferry"}) == f'{ends}\n[[topics]]\nname = "ferry"\n'


def test_the_first_topic_of_a_file_keeps_the_one_that_was_meant() -> None:
    text = with_topic('contact = "mailto:a@b.example"\n[web]\n', None, {"name": "ferry"}, title="The desk")
    assert topics(text) == [{"name": "all", "title": "The desk"}, {"name": "ferry"}]


def test_a_topic_is_removed_and_what_belongs_to_others_stays() -> None:
    assert [one["name"] for one in topics(without_topic(TEXT, "harbour"))] == ["rest"]
    text = without_topic(TEXT, "rest")
    assert [one["name"] for one in topics(text)] == ["harbour"]
    assert "# ships" in text and "# by" not in text.replace("# by the sea", "") and 'format = "json"' in text
    assert "# everything else" in without_topic(TEXT, "harbour")
    assert "topics" not in tomllib.loads(without_topic(text, "harbour"))


def test_topics_of_one_line_are_edited_too() -> None:
    text = 'topics = [{name = "a", query = "x"}, {name = "b"}]\ncontact = "mailto:a@b.example"\n'
    assert topics(with_topic(text, "a", {"query": "y"})) == [{"name": "a", "query": "y"}, {"name": "b"}]
    assert topics(with_topic(text, None, {"name": "c"}))[2] == {"name": "c"}
    assert topics(without_topic(text, "a")) == [{"name": "b"}]


def test_what_is_not_there_or_no_toml_is_said() -> None:
    with pytest.raises(WrongName):
        with_topic(TEXT, "nothing", {})
    with pytest.raises(WrongName):
        without_topic('contact = "mailto:a@b.example"', "harbour")
    with pytest.raises(ConfigError):
        with_topic("topics = [", "a", {})


def test_a_text_is_checked_whole_before_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert len(checked(path, TEXT).topics) == 2
    with pytest.raises(ConfigError) as error:
        checked(path, with_topic(TEXT, "harbour", {"query": "(quay"}))
    assert "config.toml" in error.value.reason and ".trial" not in error.value.reason
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = TEXT.replace('query = "quay"', 'query = "Kaimauer OR Überfahrt"')
    config.write_text(text, "utf-8")
    work = (
        "import sys; from pathlib import Path; from feeds.app.config.topic_edits import checked;"
        "path = Path(sys.argv[1]);"
        "found = checked(path, path.read_text(encoding='utf-8')); print(ascii(found.topics[0].query))"
    )
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    assert printed(work, str(config), environment=plain).strip() == ascii("Kaimauer OR Überfahrt")
    assert list(tmp_path.iterdir()) == [config]
