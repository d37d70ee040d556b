"""How a source is doing: what is wrong, its selectors, its rhythm and when it is asked again."""

from __future__ import annotations

from .marks import Form, counted, words

FORMS: tuple[Form, ...] = (
    words("nothing new for %(time)s, while %(longest)s was the longest pause so far"),
    words("no story for %(time)s, while %(longest)s was the longest pause so far"),
    words("a visit takes %(time)s, it used to take %(longest)s"),
    words("a bug: %(bug)s"),
    words("dates"),
    words("pictures"),
    words("whole texts"),
    words("sections"),
    words("%(fields)s %(share)s since %(day)s, before %(before)s"),
    words("%(way)s has told of nothing new since %(day)s, %(names)s still does"),
    words("needs a person: %(reason)s"),
    words("a bug of copydesk: %(error)s"),
    counted(
        "%(count)s record in a day where the seed expects %(most)s a day",
        "%(count)s records in a day where the seed expects %(most)s a day",
    ),
    counted(
        "%(count)s record in %(time)s where the seed expects %(most)s a day",
        "%(count)s records in %(time)s where the seed expects %(most)s a day",
    ),
    words("%(number)s and %(rest)s records in the last two days where there were %(least)s to %(most)s a day"),
    words("repaired: %(names)s"),
    words("%(key)s is “%(found)s”, for “%(written)s” gives nothing since %(day)s"),
    words("%(key)s (“%(written)s”) gives nothing since %(day)s; “%(found)s” may do, but is not certain"),
    words("%(key)s (“%(written)s”) gives nothing on new pages since %(day)s, though it is right on older ones"),
    words("%(key)s (“%(written)s”) gives nothing since %(day)s, and nothing else was found"),
    words("%(key)s (“%(written)s”) gives nothing since %(day)s, and nothing else was found: %(reason)s"),
    words("no page could be had"),
    words("no stored record of the pages that were looked at has it"),
    counted("%(count)s of %(all)s page", "%(count)s of %(all)s pages"),
    words("right on %(pages)s"),
    words("nothing on %(pages)s gives what is stored"),
    words("gives what is stored on %(pages)s"),
    words("gives what is stored on %(pages)s, which say all the same"),
    words("gives what is found without selectors on %(pages)s that are new; the present one is right on older ones"),
    words("fewer than %(count)s stored stories are on the page"),
    words("finds the stories of %(pages)s"),
    words("no selector names the stored stories that are on the page"),
    words("finds %(number)s of %(all)s known stories on the page, %(count)s new ones"),
    words(
        "finds %(number)s of %(all)s known stories on the page, %(count)s new ones and %(rest)s "
        "links that look like none"
    ),
    words("with it, a visit would read “%(found)s” from %(url)s"),
    words("every %(time)s, as its seed says"),
    words("every %(time)s, as the site's Cache-Control asks"),
    words("every %(time)s until its rhythm is known"),
    words("every %(time)s now (%(rhythm)s)"),
    counted("%(count)s story a day", "%(count)s stories a day"),
    counted("%(count)s story a week", "%(count)s stories a week"),
    words("less than one story a week"),
    words("%(rhythm)s, mostly %(hours)s"),
    words("again after %(time)s: it fails"),
    counted("again after %(time)s: it failed %(count)s time", "again after %(time)s: it failed %(count)s times"),
    words("a bug, see the log"),
)
