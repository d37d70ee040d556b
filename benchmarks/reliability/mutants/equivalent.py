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
}
