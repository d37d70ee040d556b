"""Mutants that change nothing that anybody could see, by name, each with its reason. Looked at by hand."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {
    "feeds/render/templating.py environment: False → True": "templates are looked at for changes; they never change",
    "scrapers/page/dates/named.py _is_day: 31 → 62": "the calendar refuses such a day later",
    "feeds/pipe/outcomes.py _by_pages: failure.reason.startswith(UNLIKE) → UNLIKE": (
        "only whether the pages are looked at; what they are is told by the pages"
    ),
    "feeds/app/cli/seeds/repair.py _has_records: bool(store.repairs.offered(seed.name)) → "
    "store.repairs.offered(seed.name)": "it is only asked whether it is true",
    'feeds/compose/media.py _shown: "<img" → ""': "only whether a body with one picture, the lead, is looked through",
    "scrapers/normalise/layout.py layout_tables: table.mem_id not in found and _is_layout(table) → "
    "(_is_layout(table))": "a set takes what it has already",
    "scrapers/repair/article.py _in_meta: 1000 → 2000": "a bound on work: nothing that is looked for is so long",
    "scrapers/urls/site.py is_address: join(\"\", text) → join(text, '')": "joined with nothing it is the same",
    "scrapers/schedule/arrival_rate.py wait: passed < most and waited < WORTH → (waited < WORTH)": (
        "only the work: what is given is bounded by `most`"
    ),
    "scrapers/urls/site.py suffixes: PublicSuffixList([*rules, *encoded], accept_encoded_idn=False) → "
    "PublicSuffixList([*rules, *encoded])": "only the time: the library would prepare again what is prepared",
    'scrapers/normalise/sanitise.py sanitise_with_players: return "", {} → return None': (
        "a page that begins with `<body>` always has one; the look is for the type checker"
    ),
    "scrapers/normalise/body_text.py to_text: depth -= 1 → pass": "above the body there is no more text",
    "scrapers/normalise/spaces.py folded_spaces: _ANY.search(words) → words": "only the time: both ways give the same",
    'scrapers/repair/article.py _of_texts: "html" → ""': "there is no text beside the body that is not in the head",
    "feeds/compose/content.py summary: 2 → 3": "only the work: what is shown is cut to one length anyway",
    'feeds/render/formats/atom.py _add: item.link(href=record.url, rel="alternate") → item.link(href=record.url)': (
        "a link without a relation is an alternate one, and the extension writes the links"
    ),
    "feeds/identity/similarity/sketch.py _smallest: 2 → 3": "only the work: the smallest stay the same",
    "feeds/identity/dedupe.py looked_up: target or name → (name)": "only when it is read",
    "feeds/health/assess.py _slow: len(latest) == 5 and len(earlier) >= 10 → (len(earlier) >= 10)": (
        "where there are earlier ones the latest are five"
    ),
    "feeds/pipe/working_set.py _complete: dict.fromkeys(keys) → keys": "only the work: found once or twice",
    "feeds/app/system/ports.py holder: continue → pass": "it stands at the end of the loop",
    "feeds/store/database/sqlite.py as_ours: isinstance(error, sqlite3.OperationalError) and kind in _PASSING → "
    "(kind in _PASSING)": "SQLite has no other class of error for these codes",
    "feeds/app/config/topic_edits.py _ends_with: document.body and document.body[-1][1] is topics → "
    "(document.body[-1][1] is topics)": "a file that has topics is not empty",
    "scrapers/repair/pointing.py _parts: break → pass": "only the work: those above are marked already",
    "scrapers/repair/article.py _of_texts: 200 → 400": "only the work: longer texts are dropped later",
    "scrapers/crawl/scrape.py scrape: visit.unchanged = 0 → pass": "without fronts a visit is not unchanged anyway",
    "scrapers/discover/data/wix.py _posts_in: looked < 2000 → looked <= 2000": "a bound on work, one more or less",
    "scrapers/extract/fields/date_search.py _distance: heading < 0 → heading <= 0": (
        "below a headline at the very beginning the distance is the same"
    ),
    "scrapers/discover/listing/evidence.py _of_text: float(bool(folded) and page.texts[folded] > 1) → "
    "bool(folded) and page.texts[folded] > 1": "true counts as one",
    "feeds/identity/dedupe.py folded_key: 2 → 3": "the name of the source is the second part either way",
    "scrapers/extract/redirect_page.py target: same_site(led, address) → same_site(address, led)": (
        "two addresses are of one site whichever comes first"
    ),
    "feeds/app/cli/desk.py link: return DONE → return None": "a command that gives no number back is done",
    "feeds/app/cli/seeds/opml.py import_: return DONE → return None": "a command that gives no number back is done",
    "scrapers/normalise/links.py Links.link: 4000 → 8000": (
        "a bound on work: longer ones are refused without their fragment, or with it"
    ),
    "scrapers/normalise/links.py Links.link: len(href) <= 4000 → len(href) < 4000": "a bound on work, one more or less",
    "feeds/store/tables/records/stories.py Stories.add: not is_free and self.numbers_of([story_id(name)]) → "
    "(self.numbers_of([story_id(name)]))": "only the work: it is told that nobody has the id",
    "scrapers/extract/body/assemble.py markup: zip(chain, opened, strict=False) → zip(opened, chain, strict=False)": (
        "two elements are one or not, whichever comes first"
    ),
    "scrapers/extract/readers/around_headline.py around: under and found.told() > told → (found.told() > told)": (
        "where it is not under the headline nothing changes"
    ),
    'scrapers/extract/fields/sponsored.py is_sponsored: same_site(spot.get("href"), address) → '
    "same_site(address, spot.get('href'))": "two addresses are of one site whichever comes first",
    "feeds/app/inspect/explain.py why: same_site(source.home, url) → same_site(url, source.home)": (
        "two addresses are of one site whichever comes first"
    ),
    "feeds/publish/plan.py _plan: frozenset(changes.waiting) → changes.waiting": "it is only asked what is among them",
    "scrapers/extract/body/units/foreign.py foreign: frozenset(left) → left": "it is only asked what is among them",
    "feeds/app/web/websub_hub.py Hub.run: 0.05 → 1.15": "only the pause between two looks at what is due",
    "scrapers/extract/readers/around_headline.py around: budget -= 1 → pass": "only the work: so many are read",
    "scrapers/extract/readers/around_headline.py around: budget <= 0 → budget < 0": "a bound on work, one more or less",
    "scrapers/extract/body/weigh/features.py _Page.where: up < 12 → up <= 12": "the twelfth number is 12.0 either way",
    "scrapers/extract/body/weigh/features.py _Page.where: down < 12 → down <= 12": (
        "the twelfth number is 12.0 either way"
    ),
    "scrapers/extract/body/weigh/features.py _Page.where: sig[1] < 60.0 → sig[1] <= 60.0": "60.0 is 60.0 either way",
    "feeds/health/feed.py _entry: trouble.closed is not None and what == \"end\" → (what == 'end')": (
        "an end is told of a trouble that is closed; the look is for the type checker"
    ),
    "feeds/app/web/metrics.py _metrics: set(STATES) → STATES": "what a view is without takes any words",
    "scrapers/extract/readers/around_headline.py around: break → pass": "only the work: nothing more is looked at",
    "feeds/messages/times.py _clock: 1 → 2": "the time of a day is told, whichever day it is",
    "scrapers/extract/body/units/inert.py without_comments: end < 0 → end <= 0": (
        "no comment ends where a text begins"
    ),
    "feeds/app/web/server/connection.py Connection.on_response_complete: self.server_state.total_requests += 1 → "
    "pass": "a number of uvicorn's that only its limit of requests would read, and none is set",
    'feeds/app/jobs/archives.py _item: field.name != "witnesses" and getattr(draft, field.name) → '
    "(getattr(draft, field.name))": "a draft that was just made has no witnesses",
    "scrapers/discover/listing/evidence.py add_text: len(text) > len(owner.paragraph) and "
    "len(text := clean(text, 1000)) > len(owner.paragraph) → (len((text := clean(text, 1000))) > "
    "len(owner.paragraph))": "only the work: a text that is cleaned is never longer",
    "scrapers/discover/listing/evidence.py add_text: len(text) > len(owner.paragraph) → "
    "len(text) >= len(owner.paragraph)": "only the work: a text that is cleaned is never longer",
    "feeds/messages/engine_words.py _said: len(parts) > 1 and (several := _several(parts, language, depth)) is not "
    "None → ((several := _several(parts, language, depth)) is not None)": "only the work",
    'feeds/messages/times.py weekday_name: str(get_day_names("wide", context="stand-alone", '
    "locale=_locale(language))[number]) → get_day_names('wide', context='stand-alone', "
    "locale=_locale(language))[number]": "it is a text; this is for the type checker",
    "feeds/app/jobs/queue/scraper.py Scraper._end: list(self._running) → self._running": "whoever walks it copies it",
    "feeds/identity/similarity/sketch.py _smallest: len(few) >= KEPT → len(few) > KEPT": (
        "only the work: the smallest of all are the same"
    ),
    "feeds/identity/similarity/sketch.py _smallest: compress(found, highest.translate(low)) → "
    "compress(highest.translate(low), found)": "only the work: too few are found, and all are looked at",
    "scrapers/crawl/front_anomaly.py _all_new: len(links) < NEW_LEAST → len(links) <= NEW_LEAST": (
        "so many are not too many by the last rule either"
    ),
    "feeds/app/cli/records/move.py copy: reversed(locks) → locks": "nobody waits for both",
    "feeds/app/cli/status.py _why: str(row[\"cause\"]) → row['cause']": "it is a text; this is for the type checker",
    "feeds/identity/similarity/verify.py _blocks: len(text.shingles) → text.shingles": (
        "only the work: where all is common there are no other blocks"
    ),
    "feeds/identity/similarity/sketch.py _smallest: 256 * KEPT → (256 // KEPT)": "only the work: all are looked at",
    "feeds/app/cli/recover.py _bring_back: return DONE → return None": "a command that gives no number back is done",
    "scrapers/fetch/session.py FetchSession._headers: dict(own) → own": "it is one; this is for the type checker",
}
