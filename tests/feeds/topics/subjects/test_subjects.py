import pytest

from feeds.errors import ConfigError
from feeds.model import Topic
from feeds.topics import Engine, media_topics, subjects
from tests.support.topics_at_random import record

POLITICS, SPORT, FOOTBALL, CLIMATE, ECONOMY = "11000000", "15000000", "20001065", "20000418", "04000000"


def test_the_vocabulary_is_whole_and_says_whose_it_is() -> None:
    known = media_topics()
    assert len(known) == 1084
    assert known["20000574"].label == "election" and known["20000574"].parents == (POLITICS,)
    assert all(parent in known._by_code for one in known._by_code.values() for parent in one.parents)
    assert (
        known.find("medtop:20000574")
        == known.find("Election")
        == known.find("http://cv.iptc.org/newscodes/mediatopic/20000574")
    )
    assert known.find("no such thing") is None
    from importlib.resources import files

    first = (files("feeds.topics.subjects") / "iptc_mediatopics.jsonl").read_text("utf-8").partition("\n")[0]
    assert "CC BY 4.0" in first and "IPTC" in first


@pytest.mark.parametrize(
    ("section", "tags", "codes"),
    [
        ("Politics", (), (POLITICS,)),
        ("POLITIK", (), (POLITICS,)),
        ("Política", (), (POLITICS,)),
        ("政治", (), (POLITICS,)),
        ("News / Sport / Fußball", (), (FOOTBALL,)),
        ("Deportes > Fútbol", ("Economía",), (FOOTBALL, ECONOMY)),
        ("Business", ("climate change", "Jane Doe"), (ECONOMY, CLIMATE)),
        (None, ("Sports", "football"), (FOOTBALL,)),
        ("World", ("Paris", "exclusive"), ()),
        (None, (), ()),
    ],
)
def test_sections_and_tags_stand_for_subjects(
    section: str | None, tags: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    assert subjects().of(record("x", section=section, tags=tags)) == codes


def test_categories_have_scheme_term_and_label() -> None:
    (category,) = subjects().categories(record("x", section="Politics"))
    assert category.scheme == "http://cv.iptc.org/newscodes/mediatopic/"
    assert (category.term, category.label) == ("medtop:11000000", "politics and government")


def test_a_table_of_ones_own_comes_first() -> None:
    mine = subjects('[sections]\n20001065 = ["Kickers Corner"]\nnone = ["digital"]\n"politics" = ["sport"]')
    assert mine.of(record("x", section="kickers corner")) == (FOOTBALL,)
    assert mine.of(record("x", section="Digital")) == ()
    assert mine.of(record("x", section="Sport")) == (POLITICS,)
    assert mine.of(record("x", section="Deportes")) == (SPORT,)


def test_all_mistakes_of_a_table_are_named() -> None:
    with pytest.raises(ConfigError) as caught:
        subjects('other = 1\n[sections]\nfotball = ["a"]\n15000000 = "sport"\n11000000 = ["…"]', where="mine.toml")
    assert len(caught.value.mistakes) == 4
    assert any("fotball" in mistake and "did you mean football" in mistake for mistake in caught.value.mistakes)
    with pytest.raises(ConfigError):
        subjects("[sections")


def test_a_topic_of_a_branch_gets_what_the_publisher_files_below_it() -> None:
    engine = Engine([Topic("sport", "Sport", "topic:sport"), Topic("politics", "Politics", "topic:politics")])
    one = record("x", section="Fußball")
    assert [match.topic for match in engine.classify(one)] == ["sport"]
    assert [match.topic for match in engine.classify(one, medtops=[POLITICS])] == ["politics"]
    assert engine.classify(one, medtops=()) == ()
