"""What is wrong with a query."""

from __future__ import annotations

from .marks import Form, words

FORMS: tuple[Form, ...] = (
    words("the query has %(count)s characters; at most %(most)s are read"),
    words("this is no character; the query should be UTF-8"),
    words(
        "this only excludes, which would leave everything; add a word, or a condition such as "
        "lang:en, that stories must fulfil"
    ),
    words("there is no word in this query; only letters and digits are searched"),
    words("there is no word in %(text)s; only letters and digits are searched"),
    words("this ')' closes nothing; take it away, or open a '(' before"),
    words("something must follow %(operator)s, as in: %(example)s"),
    words('something must come before %(operator)s; for the word itself write "%(word)s" in quotes'),
    words("a word or a phrase must follow %(operator)s"),
    words('%(operator)s stands between two words or phrases; for more of them write NEAR(a b "c d", 10)'),
    words("more than %(count)s terms; make several topics of it"),
    words("more than %(count)s levels of parentheses"),
    words("a word must come before %(operator)s, as in: %(example)s"),
    words("a comma stands only inside NEAR(a b, 10); between words a space is enough"),
    words("something is missing at the end"),
    words("%(text)s is not expected here"),
    words("there is nothing between these parentheses"),
    words("this '(' is never closed"),
    words("this '(' is never closed; add a ')'"),
    words('this quotation is never closed; add a " at its end'),
    words("there is no field %(text)s: did you mean %(near)s:? For the words themselves, put them in quotes"),
    words("there is no field %(text)s: there are %(names)s. For the words themselves, put them in quotes"),
    words("%(name)s: cannot stand inside the parentheses of another field"),
    words("the value must follow %(name)s: without a space, as in %(example)s"),
    words("the %(operator)s stands before the field, as in %(example)s"),
    words("after %(name)s: comes a word, as in %(example)s"),
    words("after %(name)s: comes a value, as in %(example)s"),
    words("in %(name)s:( … ) stand values separated by OR"),
    words("in %(name)s:( … ) stand values separated by OR, closed by ')'"),
    words('NEAR looks like this: NEAR(gas "nord stream", 10), with words or phrases and a distance'),
    words("NEAR needs at least two words or phrases, as in NEAR(gas pipeline, 10)"),
    words("the distance is a number of words from 1 to %(most)s, not %(text)s"),
    words("a * stands only at the end of a word, as in econom*"),
    words("write at least %(count)s letters before the *: %(text)s would be nearly everything"),
    words("=word is the exact form, word* any that begins so; choose one"),
    words("there is nothing between these slashes"),
    words("a pattern has at most %(count)s characters"),
    words("this pattern matches even an empty text, so everything"),
    words("this pattern cannot be used: %(error)s (RE2 syntax: no lookaround, no back-references)"),
    words("%(name)s: has no value"),
    words("lang: takes a language code such as en or pt-BR, not %(text)s"),
    words("url: takes a part of an address, which holds no quotation mark"),
    words("a date looks like 2026-01-31 (or 2026-01, 2026, 2026-01-31T12:00), not %(text)s"),
    words("copies: is no (originals alone) or only (copies alone), not %(text)s"),
    words("outlets: takes a number, as in outlets:>=3, not %(text)s"),
    words("every story has at least one outlet"),
    words("there is no IPTC Media Topic %(text)s; did you mean %(near)s?"),
    words("there is no IPTC Media Topic %(text)s; the names are at %(url)s"),
    words(
        "this is too much for one search: up to %(count)s phrases, or %(number)s beginnings of "
        "three letters; a topic can have more"
    ),
)
