"""Who speaks for an address: the key of a record tells whether its source does."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers import Draft, Seed, pointed_at, pointer_key, record_id, speaks_for, to_record

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIGEST = Seed(name="digest", home="https://digest.example/", hosts=("letters.example",))
TEXT = "The ferry returns to the outer islands in April, the council said on Monday after a long debate."


def test_a_site_and_the_hosts_of_its_seed_speak_for_their_addresses() -> None:
    assert speaks_for(DIGEST, "https://www.digest.example/a")
    assert speaks_for(DIGEST, "https://news.letters.example/a")
    assert not speaks_for(DIGEST, "https://paper.example/a")


def test_an_address_of_another_site_is_pointed_at_and_none_of_its_names_is_claimed() -> None:
    draft = Draft(
        title="Ferry returns",
        text=TEXT,
        canonical="https://paper.example/ferry-returns-in-april-2026",
        aliases=("https://paper.example/amp/ferry-returns-in-april-2026", "https://digest.example/out/ferry-17-4711"),
    )
    url = "https://paper.example/news/ferry-returns-in-april-2026"
    made = to_record(draft, url=url, seed=DIGEST, first_seen=NOW)
    plain = [name for name in made.aliases if pointed_at(name) is None]
    assert plain == ["digest.example/out/ferry-17-4711"], "its own address may be claimed, no other"
    assert pointed_at(made.key) == "paper.example/ferry-returns-in-april-2026"
    assert made.id == record_id(pointer_key("digest", "paper.example/ferry-returns-in-april-2026"))


def test_an_own_address_keeps_its_key() -> None:
    made = to_record(
        Draft(title="Ferry returns", text=TEXT), url="https://digest.example/a", seed=DIGEST, first_seen=NOW
    )
    assert made.key == "digest.example/a"
    assert pointed_at(made.key) is None
