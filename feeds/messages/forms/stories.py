"""Why a story is in a topic or not, and which articles are one story."""

from __future__ import annotations

from .marks import Form, words

FORMS: tuple[Form, ...] = (
    # why a story is in a topic, or not
    words("%(what)s in the %(field)s"),
    words("no %(what)s in the %(field)s"),
    words("no %(what)s in title or text"),
    words("none of %(names)s and %(count)s more"),
    words("none of %(names)s"),
    words("excluded by %(clause)s"),
    words("everything is in this topic"),
    words("the source is %(name)s, wanted is %(query)s"),
    words("the language is %(name)s, wanted is %(query)s"),
    words("published %(time)s, wanted is %(query)s"),
    words("the source is %(name)s"),
    words("the language is %(name)s"),
    words("the subject is %(name)s"),
    words("another outlet had it first"),
    words("no other outlet had it first"),
    words("one outlet carries it"),
    words("%(count)s outlets carry it"),
    words("it is in the %(field)s, not in the %(other)s"),
    words("it is in the %(field)s: write %(query)s"),
    words("%(what)s is in the %(field)s: write %(query)s for any ending"),
    words("the words are there, but not within %(count)s of each other"),
    words("its words are there, but not in a row: without the quotation marks they may stand anywhere"),
    words("this catches none of %(count)s records"),
    words("this catches every one of %(count)s records"),
    words("this catches %(share)s %% of %(count)s records; is it meant so broadly?"),
    words("AND binds closer than OR: this is read as %(query)s"),
    # which articles are one story
    words("the same address"),
    words("the same address, nothing changed"),
    words("the same text word for word"),
    words("the same title and text at another address"),
    words("the same title and text as %(url)s"),
    words("the earliest"),
    words("the only one"),
    words("a preferred source"),
    words("%(name)s names it as the origin"),
    words("%(reason)s, after the former one was removed"),
    words("published at the same time under an address that its front shows no more"),
    words("kept out by hand"),
    words("A spelling was corrected."),
    words("as it was published"),
)
