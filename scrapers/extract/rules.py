"""Rules that benchmarks leave out one at a time, to measure what each one brings."""

from __future__ import annotations

FIELDS = {
    "jsonld": "JSON-LD",
    "meta": "the families of <meta>",
    "microdata": "itemprop",
    "state": "the page's data in its scripts",
    "markup": "what stands around the headline",
    "url": "the day in the address",
    "moved": "dates that are much later than the day in the address are of another publication",
    "search": "the search of the whole page for a date, where nobody tells one",
    "agreement": "dates by the weight of the witnesses that agree, not by their order",
    "offset": "a time without zone takes the zone of the page's other dates",
    "kicker": "a headline without the kicker that its markup tells apart",
    "fuller": "the title on which <meta> and <title> agree goes before an unlike heading of fewer words",
    "below": "the line right under the headline as standfirst",
    "lines": "a byline that stands as a line of the body",
    "picture": "the lead picture in the page's own cut",
}
"""Witnesses and rules of the fields."""

BODY = {
    "title": "the headline is no part of the text; other first-level headings among its paragraphs are",
    "standfirst": "nor is a standfirst that the record tells beside it, unless its odds are good",
    "comments": "what is named a comment, within or after the text, is no text",
    "read also": "nor is a short linked line that begins like 'Read also', nor a last list of nothing but links",
    "label": "nor is a label of an advert, nor is a byline or date line above the first paragraph",
    "notices": "nor is a notice of affiliate links, filing or consent, an appeal, small print, words about the author",
    "newsletter": "nor a line that begins like 'Sign up' in a box named so",
    "caption": "nor is a caption, be it a plain paragraph under or with a picture that ends with its credit",
    "beside": "a unit is weighed again beside its neighbours",
    "prose": "plain prose of the text proper is kept at nearly even odds",
    "parts": "a list, a table, a quotation or code of the text proper is kept at less",
    "run": "paragraphs with links stay where three and more of the text's own column stand in a row",
    "grid": "a table built of plain boxes, rows of short cells that look alike, is kept whole",
    "recipe": "the lists of a recipe are kept, by their names",
    "place": "the place right above the first paragraph, a line of its own that ends in a colon or a dash, stays",
    "twice": "a paragraph that repeats one of the two right above it goes",
    "last heading": "a heading with nothing under it is none",
    "column": "all of a column that is known for what it is stays, unless something speaks against it",
    "stub": "a page with hardly any text keeps its best units",
    "items": "what is foreign in a kept list or table goes",
    "data": "JSON-LD or state tell the text where the markup has a piece of it",
}
"""Rules of the body finder."""

RULES = FIELDS | BODY
"""What can be left out, and what it is."""

Disabled = frozenset[str]
"""Names of `RULES` that are left out."""

NONE_DISABLED: Disabled = frozenset()
