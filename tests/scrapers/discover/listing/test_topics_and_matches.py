"""Pages of topics and tickers of matches in cards like those of stories, and stories that look like them."""

from __future__ import annotations

import pytest

from tests.scrapers.discover.listing.test_sponsored_cards import OWN, card, found
from tests.support.cases import each

ALL_OF_IT = "Harbour bridge: everything on its reconstruction in the valley"


@each(
    "path",
    topics=[
        "/topic/harbour-bridge",
        "/themen/hafenbruecke-kvam-und-ihr-umbau",
        "/thema/hafenbruecke-4711",
        "/thema/hafenbruecke-t4711",
        "/tema/puente-del-puerto",
        "/argomenti/ponte-del-porto",
        "/onderwerp/havenbrug",
        "/emne/havnebroen",
        "/aihe/satamasilta",
        "/temat/most-portowy",
        "/schwerpunkt/hafenbruecke",
        "/sujets/pont-du-port",
        "/assunto/ponte-do-porto",
        "/tag/harbour-bridge",
    ],
    hubs_and_people=[
        "/hub/harbour-bridge",
        "/person/ida-holm",
        "/dossier/harbour-bridge",
    ],
)
def test_a_page_of_a_topic_is_no_story(path: str) -> None:
    assert found(card(ALL_OF_IT, url=path)) == OWN


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Lowhaven – Cove 2:1", "/match/4711"),
        ("Lowhaven 2 : 1 Cove", "/live/ticker/lowhaven-cove-2-1"),
        ("Lowhaven - Cove 2:1 (1:0)", "/sport/liveticker/fussball/lowhaven-cove-4711.html"),
        ("FC Lowhaven vs. Cove United", "/sport/matchcenter/fc-lowhaven-cove-united-4711"),
        ("FC Lowhaven gegen SV Cove live", "/liveticker/fussball/fc-lowhaven-sv-cove-4711.html"),
        ("20:30 Lowhaven – Cove", "/fussball/spiel/lowhaven-cove/4711"),
        ("Lowhaven 88 - 91 Cove", "/scores/nba/lowhaven-cove-4711"),
        ("Lowhaven – Cove -:-", "/ticker/lowhaven-cove-4711"),
        ("Lowhaven Cove 0 0", "/spielplan/spiel/4711/lowhaven-cove"),
        ("Ligaticker: Alle Spiele, alle Tore", "/liveticker/fussball/liga/alle-spiele-alle-tore"),
    ],
)
def test_the_ticker_of_a_match_is_no_story(title: str, path: str) -> None:
    assert found(card(title, url=path)) == OWN


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Live: the flood in the valley, hour by hour", "/live/the-flood-in-the-valley-hour-by-hour-4711.html"),
        ("Liveticker: Das Hochwasser im Tal", "/politik/liveticker/das-hochwasser-im-tal-4711.html"),
        ("Lowhaven beat Cove 2:1 in the last minute", "/sport/lowhaven-beat-cove-in-the-last-minute-4711.html"),
        ("Lowhaven beat Cove 2:1 in the last minute of a long season", "/match/lowhaven-beat-cove-in-the-end-4711"),
        ("2:1 – why Lowhaven won everything in one night", "/sport/why-lowhaven-won-everything-4711.html"),
        ("Der Rat stimmt 12:3 für die Brücke", "/politik/rat-stimmt-12-3-fuer-die-bruecke-4711.html"),
        ("Match of the year ends in the rain", "/sport/match-of-the-year-ends-in-the-rain-4711.html"),
        ("The dossier that nobody read", "/dossier/the-dossier-on-the-harbour-bridge-that-nobody-read-4711.html"),
        ("Topic of the day: what the ferry costs us all", "/topic/2026/03/04/what-the-ferry-costs-us-all"),
        ("Ida Holm and the sea, once more and for all", "/people/ida-holm-and-the-sea-once-more"),
        ("Nein!", "/meinung/nein-4711.html"),
        ("Wo landen?", "/politik/wo-landen-4711.html"),
        ("War", "/news/war"),
        ("1:0", "/news/1-0-4711.html"),
    ],
)
def test_stories_that_look_like_them_are_stories(title: str, path: str) -> None:
    assert found(card(title, url=path)) == OWN | {path}
