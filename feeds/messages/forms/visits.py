"""What a visit says of the links that it saw, and a first look of the ways to a site's stories."""

from __future__ import annotations

from .marks import Form, counted, words

FORMS: tuple[Form, ...] = (
    words("its date, %(when)s, lies in the future and is not used"),
    words("published in %(year)s"),
    words("it is a picture, a document or another file, and not asked for"),
    words("what the front told stands in for the page: %(reason)s"),
    words("its address is that of a shop, jobs or advertising"),
    words("the seed's include or exclude keeps it out"),
    words("removed by hand"),
    words("older than the store keeps"),
    words("left for later"),
    words("left for the next visit"),
    words("left out by a backfill: it is older than was asked for"),
    words("left out by the first visit, which takes %(count)s; `copydesk backfill` fetches it"),
    words("the first %(count)s stories were taken; %(rest)s others wait for `copydesk backfill`"),
    words("the time of a visit is over; call it again for the rest"),
    words("no story was found"),
    words("no story was found where there used to be some"),
    counted(
        "only %(count)s story where there are usually %(most)s",
        "only %(count)s stories where there are usually %(most)s",
    ),
    counted(
        "only %(count)s story where there are usually %(most)s, and none looks like those so far",
        "only %(count)s stories where there are usually %(most)s, and none looks like those so far",
    ),
    words("all stories have one title: %(name)s"),
    words("the page looks like a wall, not like news: %(name)s"),
    words("none of the %(count)s stories is known, and none has an address like those so far"),
    words("nothing to visit"),
    words("scripts make this page, and the browser shows no stories either"),
    words("scripts make this page, and %(reason)s"),
    words("through the browser: %(reason)s"),
    words("named by the site itself"),
    counted("%(count)s story", "%(count)s stories"),
    words("with their full text"),
    words("with summaries"),
    words("mostly undated"),
    words("very few"),
    counted(
        "%(count)s day behind the newest story of another way", "%(count)s days behind the newest story of another way"
    ),
)
