import random
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.identity.similarity import ACCEPT, FLOOR, MemoryIndex, alike, look, words
from feeds.identity.similarity.verify import features

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOUNS = "harbour council ferry bridge school budget winter station museum market river library orchard theatre".split()  # noqa: SIM905  (a list of words reads best as words)
VERBS = "opens closes repairs buys sells paints moves plans forgets remembers counts visits".split()  # noqa: SIM905  (a list of words reads best as words)
NAMES = ["Lind", "Holm", "Berg", "Sand", "Falk", "Nyman", "Ek", "Dahl", "Strand", "Lund", "Wik", "Roos"]


def story(seed: int, sentences: int = 14) -> str:
    chance = random.Random(seed)
    lines = []
    for _ in range(sentences):
        lines.append(
            f"{chance.choice(NAMES)} said the {chance.choice(NOUNS)} {chance.choice(VERBS)} the {chance.choice(NOUNS)}"
            f" near {chance.choice(NAMES)} street for {chance.randrange(3, 999)} crowns while"
            f" the {chance.choice(NOUNS)} {chance.choice(VERBS)} {chance.choice(NOUNS)} and {chance.choice(NOUNS)}."
        )
    return "\n".join(lines)


def seen(text: str, title: str = "Harbour news of the day"):
    return look(title, text, WHEN)


def test_a_cut_copy_is_alike():
    whole = story(1)
    stub = "\n".join(whole.split("\n")[:5])
    assert alike(seen(whole), seen(stub)).probability >= ACCEPT


def test_a_copy_edited_here_and_there_is_alike():
    whole = story(2)
    edited = whole.replace(" while ", " as ").replace("said the", "told us that the", 3)
    assert alike(seen(whole), seen(edited)).probability >= ACCEPT


def test_two_reports_of_one_council_meeting_are_not_alike():
    frame = "The council met on Tuesday evening in the town hall; the session was open to the public, as always. "
    bridge = frame + (
        "It decided to close the harbour bridge for 12 weeks from the first of May, since Anna Lind, the town's"
        " engineer, found rust in 40 of its bolts. Lorries have to take the tunnel, and buses start 15 minutes earlier."
    )
    oaks = frame + (
        "Pupils of the northern school may plant 300 oaks along the river, where storms felled the poplars. Maria Sand,"
        " who teaches biology, said the first holes will be dug in April if the soil is dry enough for the spades."
    )
    assert alike(seen(bridge, "Bridge to close"), seen(oaks, "Oaks for the river")).probability < 0.5


def test_a_template_with_other_facts_is_not_alike():
    report = (
        "The lottery of {day} drew the numbers {a}, {b}, {c} and {d}. The jackpot of {j} crowns goes to a player"
        " from {city}. {e} players had {f} right and win {g} crowns each. The next draw is on {next} at the usual time"
        " in the town hall, and tickets are sold at every kiosk until one hour before."
    )  # fmt: skip
    one = report.format(day="Monday", a=3, b=14, c=27, d=41, j=120500, city="Umeå", e=31, f=6, g=840, next="Friday")
    two = report.format(day="Friday", a=5, b=11, c=33, d=47, j=98100, city="Luleå", e=18, f=7, g=1310, next="Monday")
    assert alike(seen(one, "Lottery results"), seen(two, "Lottery results")).probability < ACCEPT


def test_a_follow_up_with_old_background_is_not_alike():
    lines = story(5).split("\n")
    follow_up = "\n".join([*story(6, 10).split("\n"), *lines[-4:]])
    assert alike(seen("\n".join(lines)), seen(follow_up)).probability < ACCEPT


def test_equal_words_are_equal_texts_whatever_their_punctuation():
    whole = story(7)
    assert alike(seen(whole), seen(whole.replace(".", " !").upper())).probability == 1.0


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_symmetric_and_bounded(a, b):
    there, back = alike(seen(a), seen(b)), alike(seen(b), seen(a))
    assert there == back
    assert 0 <= there.probability <= 1


def test_what_a_look_forgets_it_computes_again():
    first, second = story(1) + " 17.5 Percent of Harbour", story(2) + story(1)
    expected = alike(seen(first), seen(second))
    a, b = seen(first), seen(second)
    facts = (a.shingles, a.lead, a.numbers, a.title, a.names, a.count(b.title))
    for one in (a, b):
        one.slim()
        one.slim()
    assert "shingles" not in vars(a)
    assert alike(a, b) == alike(b, a) == expected
    assert (a.shingles, a.lead, a.numbers, a.title, a.names, a.count(b.title)) == facts
    assert list(a.run) == list(seen(first).run)


def test_a_text_is_split_alike_with_and_without_a_letter_beyond_ascii():
    text = "".join(map(chr, range(128))) + " It's 5 o'Clock, snake_case A&B\tC\nd"
    assert [*words(text), "é"] == words(text + " é")


def test_facts_are_the_same_with_and_without_a_letter_beyond_ascii():
    text = "".join(map(chr, range(128)))
    text += " 3.50 of 1,200,000 Crowns; McBride aBC _Under 7Up U2 X. 5,,6 .7\nZ"
    plain, other = seen(text), seen(text + " é")
    assert plain.names == other.names >= {"Crowns", "McBride", "Under", "U2", "X", "Z"}
    asked = [*words(text), "under", "nothing"]
    assert plain.count(asked) == other.count(asked) == len(asked) - 1
    assert plain.numbers == other.numbers >= {"3.50", "1,200,000", "5", "6", "7", "2"}


def test_sketches_of_stores_can_still_be_compared():
    """What is stored of a text must never be computed in another way."""
    assert seen("").hashes == ()
    assert seen("one two").hashes == (14301085150108475907,)
    kept = seen(story(1))
    assert kept.content == "81c0784df55fee7159a1ff43bf193b17"
    assert kept.hashes[::5] == (185333174693733049, 417047601943049509, 806097586688565630, 1483914647480273964)
    few = seen("Größe, Straße – 東京で “ſ”").hashes
    assert few == (10315420089512077136, 11108542572889155468, 11733868929825520826, 18357241900543017018)


def test_scripts_without_spaces_have_words():
    assert words("渡船將於四月") == list("渡船將於四月")
    assert words("เรือข้าม") == list("เรือข้าม")
    assert words("Straße ＡＢＣ it’s") == ["strasse", "abc", "it", "s"]
    text = (
        "市長は月曜日に港の橋を閉鎖すると発表した。修理には十二週間かかり、費用は四百万クローネになる見込みだと市は述べた。"
        * 2
    )
    copy = text.replace("月曜日", "火曜日", 1)
    assert seen(text).tokens >= FLOOR
    assert set(seen(text).hashes) & set(seen(copy).hashes)


def test_looks_are_the_same_in_every_process():
    assert seen("one two three four").hashes == (13168487683646278064, 15483868534080102545)


def test_the_index_nominates_and_forgets():
    index = MemoryIndex()
    texts = [story(n) for n in range(10, 30)]
    for n, text in enumerate(texts):
        index.add(n, n, seen(text))
    copy = seen("\n".join(texts[5].split("\n")[:8]))
    assert index.candidates(copy)[0].record == 5
    index.remove(5)
    assert all(one.record != 5 for one in index.candidates(copy))
    index.add(6, 6, seen(texts[5]))
    assert index.candidates(copy)[0].record == 6
    assert index.equals(seen(texts[5])) is not None
    assert index.equals(seen(texts[6])) is None


def test_the_features_that_weigh_two_others_are_their_products():
    whole = story(3)
    found = features(seen(whole), seen("\n".join(whole.split("\n")[2:9]).replace("street", "lane")))
    assert found is not None
    share, _, _, lead, numbers, names, share_and_lead, _, _, share_and_numbers, share_and_names, *_ = found
    assert 0 < share < 1 and numbers > 0 and names > 0
    assert (share_and_lead, share_and_numbers, share_and_names) == (share * lead, numbers * share, names * share)
