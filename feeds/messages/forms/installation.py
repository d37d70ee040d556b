"""What is wrong with the installation: its disks, its store, its files, its scrapers."""

from __future__ import annotations

from .marks import Form, counted, words

FORMS: tuple[Form, ...] = (
    words("only %(count)s MB are free where the %(place)s is; visits pause"),
    words("published folder"),
    words("store"),
    words("visits pause: %(reason)s"),
    words("feeds could not be written; the old ones are served"),
    words("the store cannot be written: %(reason)s (%(error)s)"),
    words("the store cannot be reached: %(place)s (%(error)s)"),
    words("the store is written by another desk"),
    words("the store cannot be copied: %(error)s"),
    words("the disk is full"),
    words("the disk does not take it"),
    words("the file is read-only"),
    words("its files cannot be made"),
    words("another process holds it"),
    words("another process was quicker"),
    words("the server is gone"),
    words("the server is full"),
    words("the server takes no writes"),
    words("the server's disk does not take it"),
    words("it took too long"),
    words("the database of work does not answer: %(error)s"),
    words("the daily copy of the store could not be made: %(reason)s"),
    words("the store is damaged: %(error)s"),
    words("the store does not answer"),
    words("the loop hangs"),
    words("no visit finished for %(count)s s while %(running)s run"),
    words("the program stood still for %(count)s s while the site was asked"),
    words("%(title)s of %(name)s (%(url)s) is kept out of the feeds: %(reason)s"),
    counted(
        "%(count)s visit waits, the oldest for %(minutes)s minutes, and no scraper is there",
        "%(count)s visits wait, the oldest for %(minutes)s minutes, and no scraper is there",
    ),
    counted(
        "%(count)s visit waits, the oldest for %(minutes)s minutes, and none of %(all)s scrapers takes one",
        "%(count)s visits wait, the oldest for %(minutes)s minutes, and none of %(all)s scrapers takes one",
    ),
    counted(
        "%(count)s published file was missing and had to be written again",
        "%(count)s published files were missing and had to be written again",
    ),
    counted(
        "%(count)s published file was missing and had to be written again, such as %(names)s",
        "%(count)s published files were missing and had to be written again, such as %(names)s",
    ),
    words("what %(name)s gave was refused: %(error)s"),
    words("copies of the store"),
    words("daemon"),
    words("disk"),
    words("published feeds"),
    words("scrapers"),
    words("topic %(name)s"),
    words("the store never gives room back to the disk: `copydesk vacuum` once, with the daemon stopped"),
    words(
        "SQLite %(number)s can damage a store when two processes write its WAL back at once; "
        "copydesk lets the daemon alone do it, so let no other program write into the store (3.51.3 mends it)"
    ),
)
