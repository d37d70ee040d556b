"""Switches for measuring: a rule or witness that is named here is left out.

`benchmarks` fills the set to see what each one brings; the program itself never does.
"""

from __future__ import annotations

SWITCHES = {
    "jsonld": "JSON-LD",
    "meta": "the families of <meta>",
    "microdata": "itemprop",
    "state": "the page's data in its scripts",
    "markup": "what stands around the headline",
    "url": "the day in the address",
    "search": "the search of the whole page for a date, where nobody tells one",
    "agreement": "dates by the weight of the witnesses that agree, not by their order",
    "offset": "a time without zone takes the zone of the page's other dates",
    "kicker": "a headline without the kicker that its markup tells apart",
    "prefix": "a headline with the kicker on which JSON-LD and <meta> agree",
    "lone": "the only level-one heading is believed against the head",
    "below": "the line right under the headline as standfirst",
    "lines": "a byline that stands as a line of the body",
    "picture": "the lead picture in the page's own cut",
}
"""What can be left out, and what it is."""

DISABLED: set[str] = set()
"""Names of the switches that are off."""
