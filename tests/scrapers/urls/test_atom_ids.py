"""Ids for ever."""

import re

from scrapers.urls import atom_ids


def test_ids_are_urns_and_differ_by_kind():
    made = {atom_ids.record_id("k"), atom_ids.story_id("k"), atom_ids.feed_id("k")}
    assert len(made) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in made)


def test_what_no_key_holds_makes_an_id_too() -> None:
    made = [one("courier.example/\ud800") for one in (atom_ids.record_id, atom_ids.story_id)]
    assert made == [one("courier.example/?") for one in (atom_ids.record_id, atom_ids.story_id)]
