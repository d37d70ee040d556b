"""An article's page and its stored record → for each selector of the seed: whether it still works, and which would.

The readers are those of a visit (`extract.selectors`); only the places of the stored values are looked for here, from
the texts of the page upwards, so that a page costs little however deep it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..extract.claims import Claims
from ..extract.fields import authors as names
from ..extract.readers import selectors
from ..model import Page, Record
from ..normalise.body_text import to_text
from ..page import dates, html
from ..page.pictures import sharp
from ..seed import css
from ..seed.seed import Extract, Seed
from ..urls.site import join
from .model import FIELDS, Candidate, Known, Sight
from .selector import of_node

KEPT = 40  # candidates of one field on one page
TRIED = 160  # selectors of one field that are tried on one page
TRIED_BODIES = 40
MAX_TEXTS = 20_000  # texts of a page that are looked at
MAX_LINES = 400  # of a body
MAX_NODES = 24  # places of one value
UP = 6  # elements above a text that may be the place of a value
MAX_DATES = 60
SHORT = 90  # characters of a value that are shown
SAME_LINES = 0.9  # of the stored lines make it the same body
TOO_MUCH = 1.35  # times the stored text is more than the body
AMBIGUOUS = 0.8  # cost of a selector that matches several values of which the first one counts
IN_HEAD = 1.2  # … and of one that matches invisible elements

_DATED = (
    "time, [datetime], [class*=date i], [class*=time i], [class*=publi i], [class*=stamp i], [class*=updat i],"
    " [class*=modif i], [itemprop*=date i], [class*=meta i], [class*=byline i], [property*=time i], [itemprop*=time i],"
    " [name*=date i]"
)
Value = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Open:
    """A page that is being compared with its record."""

    page: Page
    tree: LexborHTMLParser
    seed: Seed
    record: Record
    now: datetime

    def claims(self, field: str, selector: str) -> Claims:
        return selectors.read(self.tree, replace(Extract(), **{field: selector}))  # type: ignore[arg-type]  # names of FIELDS


def read(page: Page, seed: Seed, known: Known, now: datetime) -> tuple[Sight, ...]:
    """Each selector in `seed.extract` on the page of a stored record, but for fields that the record does not have.

    Raises ReadFailed for a page over the parser's limits.
    """
    if known.record is None:
        return ()
    tree = html.parse(page)
    selectors.drop(tree, seed.extract)
    here = _Open(page, tree, seed, known.record, now)
    found = []
    for field in FIELDS:
        selector = getattr(seed.extract, field)
        wanted = wanted_of(field, known.record)
        if not selector or not wanted or not told_by_selector(field, known.record):
            continue
        claims = here.claims(field, selector)
        right = _right(field, claims, here)
        candidates = () if right else tuple(_candidates(field, here))
        found.append(
            Sight(
                f"extract.{field}",
                page.url,
                selector,
                _given(field, claims),
                shortened(wanted),
                right,
                candidates=candidates,
            )
        )
    return tuple(found)


def gives(page: Page, seed: Seed, record: Record, field: str, selector: str, now: datetime) -> bool | None:
    """Whether a selector gives a field as the record has it; None where it gives nothing."""
    here = _Open(page, html.parse(page), seed, record, now)
    claims = here.claims(field, selector)
    return _right(field, claims, here) if _values(field, claims) else None


def told_by_selector(field: str, record: Record) -> bool:
    """Whether the record has the field from a selector of its seed."""
    return record.witnesses.get("text" if field == "body" else field) == "selectors"


def wanted_of(field: str, record: Record) -> str:
    """What the record says of a field, as one text; empty where it says nothing that a page could give again."""
    if field == "published":
        return "" if record.published_estimated else record.published.isoformat()
    if field == "updated":
        return record.updated.isoformat() if record.updated else ""
    if field in ("authors", "tags"):
        return ", ".join(getattr(record, field))
    if field == "image":
        return record.image.url if record.image else ""
    if field == "body":
        return record.text
    return getattr(record, field) or ""


def same(field: str, one: Record, other: Record) -> bool:
    """Whether two records of one article say the same of a field, as far as a reader would notice."""
    if field == "body":
        lines = [names.fold(line) for line in one.text.split("\n")]
        theirs = frozenset(names.fold(line) for line in other.text.split("\n"))
        agreed = sum(len(line) for line in lines if line in theirs)
        return agreed >= SAME_LINES * max(sum(map(len, lines)), 1) and len(other.text) <= TOO_MUCH * len(one.text)
    if field in ("published", "updated"):
        return bool(wanted_of(field, one)) and getattr(one, field) == getattr(other, field)
    if field in ("authors", "tags"):
        mine, yours = getattr(one, field), getattr(other, field)
        return bool(mine) and {names.fold(a) for a in mine} == {names.fold(a) for a in yours}
    return names.fold(wanted_of(field, one)) == names.fold(wanted_of(field, other))


# --- comparing what a selector gives with the record


def _right(field: str, claims: Claims, here: _Open) -> bool:
    record = here.record
    if field in ("published", "updated"):
        told = claims.published if field == "published" else claims.updated
        return bool(told) and _same_moment(told[0], getattr(record, field), here)
    if field == "authors":
        people = {names.fold(name) for raw in claims.authors for name in names.clean(raw)}
        return bool(people) and people == {names.fold(name) for name in record.authors}
    if field == "tags":
        return bool(claims.tags) and {names.fold(t) for t in claims.tags} == {names.fold(t) for t in record.tags}
    if field == "image":
        return bool(claims.images) and _address(claims.images[0].url, here) == (
            record.image.url if record.image else ""
        )
    if field == "body":
        return bool(claims.bodies) and _same_body(claims.bodies[0], record.text)
    told = {"title": claims.titles, "subtitle": claims.subtitles, "section": claims.sections}[field]
    return bool(told) and names.fold(told[0]) == names.fold(getattr(record, field) or "")


def _same_moment(text: str, known: datetime, here: _Open) -> bool:
    """Whether a date can be the stored one: the reader makes it as exact as the rest of the page allows."""
    zone = here.seed.timezone
    moment = dates.read(text, language=here.record.language or here.seed.language, timezone=zone, now=here.now)
    if moment is None:
        return False
    if not moment.exact:
        return moment.when.date() == known.astimezone(moment.when.tzinfo).date()
    apart = abs(moment.when - known)
    if apart < timedelta(minutes=1):
        return True
    # a time without a zone, where another date of the page tells it
    return not moment.zoned and zone is None and apart <= timedelta(hours=14) and apart.total_seconds() % 900 < 60


def _same_body(markup: str, text: str) -> bool:
    shown = to_text(markup)
    there = frozenset(names.fold(line) for line in shown.split("\n"))
    lines = [names.fold(line) for line in text.split("\n")[:MAX_LINES]]
    agreed = sum(len(line) for line in lines if line in there)
    return agreed >= SAME_LINES * max(sum(map(len, lines)), 1) and len(shown) <= TOO_MUCH * len(text) + 400


def _address(url: str, here: _Open) -> str:
    return join(here.page.url, sharp(url)) or ""


def _values(field: str, claims: Claims) -> Sequence[object]:
    return {
        "title": claims.titles,
        "subtitle": claims.subtitles,
        "authors": claims.authors,
        "published": claims.published,
        "updated": claims.updated,
        "section": claims.sections,
        "tags": claims.tags,
        "image": tuple(image.url for image in claims.images),
        "body": tuple(to_text(body) for body in claims.bodies),
    }[field]


def _given(field: str, claims: Claims) -> str:
    values = [str(value) for value in _values(field, claims)]
    return shortened(", ".join(values) if field in ("authors", "tags") else values[0] if values else "")


def shortened(text: str) -> str:
    """A value as it is shown."""
    text = " ".join(text[: 4 * SHORT].split())
    return text if len(text) <= SHORT else f"{text[:SHORT].rstrip()}…"


# --- finding the places of what is stored


def _candidates(field: str, here: _Open) -> list[Candidate]:
    """Selectors that give the field as it is stored, the best first."""
    costs: dict[str, float] = {}
    for node in _places(field, here)[:MAX_NODES]:
        extra = IN_HEAD if node.tag == "meta" else 0.0
        for selector, cost in of_node(node):
            costs[selector] = min(cost + extra, costs.get(selector, 99.0))
    found: list[tuple[str, float, int]] = []
    most = TRIED_BODIES if field == "body" else TRIED
    for selector, cost in sorted(costs.items(), key=lambda one: (one[1], one[0]))[:most]:
        if css.mistake(selector) is not None:
            continue
        claims = here.claims(field, selector)
        if _right(field, claims, here):
            values = [str(value) for value in _values(field, claims)]
            several = field not in ("authors", "tags", "body") and len(values) > 1
            size = sum(map(len, values)) if field in ("authors", "tags") else len(values[0])
            found.append((selector, cost + (AMBIGUOUS if several else 0.0), size))
    least = min((size for _, _, size in found), default=1)
    priced = [Candidate(selector, round(cost + _beside(size, least), 3)) for selector, cost, size in found]
    return sorted(priced, key=lambda one: (one.cost, one.selector))[:KEPT]


def _beside(size: int, least: int) -> float:
    """The cost of matching more than the value, as a whole byline does around the name."""
    return min(3.0 * (size - least) / max(least, 1), 3.0)


def _places(field: str, here: _Open) -> list[LexborNode]:
    record = here.record
    if field in ("published", "updated"):
        return _of_date(getattr(record, field), here)
    if field == "image":
        return _of_picture(here)
    if field == "body":
        return _of_body(here)
    if field in ("authors", "tags"):
        values = [names.fold(value) for value in getattr(record, field)]
        return _in_meta(here, values, whole=False) + _of_texts(here, values, whole=False)
    value = names.fold(getattr(record, field) or "")
    return _of_texts(here, [value], whole=True) + _in_meta(here, [value], whole=True)


def _of_texts(here: _Open, values: Iterable[str], *, whole: bool) -> list[LexborNode]:
    """The elements whose text is one of the values; not `whole`: that hold one, and little else."""
    wanted = [value for value in values if value]
    found: dict[int, LexborNode] = {}
    longest = max(map(len, wanted), default=0)
    for leaf in _texts(here.tree):
        raw = leaf.text_content or ""
        if not raw.strip() or len(raw) > 4 * longest + 200:
            continue
        text = names.fold(raw)
        if not text or not any(text in value or (not whole and value in text) for value in wanted):
            continue
        current = leaf.parent
        for _ in range(UP):
            if current is None or current.tag in ("body", "html", "head", "title", "script", "style"):
                break
            shown = names.fold(current.text(separator=" ")[: 6 * longest + 300])
            if shown in wanted or (not whole and any(v in shown for v in wanted) and len(shown) <= 2 * longest + 160):
                found.setdefault(current.mem_id, current)
            elif not any(shown in value for value in wanted):
                break
            current = current.parent
        if len(found) >= MAX_NODES:
            break
    return list(found.values())


def _in_meta(here: _Open, values: Sequence[str], *, whole: bool) -> list[LexborNode]:
    found = []
    for node in here.tree.css("meta[content]")[:200]:
        text = names.fold((node.attributes.get("content") or "")[:1000])
        if text and (text in values or (not whole and any(value and value in text for value in values))):
            found.append(node)
    return found


def _of_date(known: datetime | None, here: _Open) -> list[LexborNode]:
    if known is None:
        return []
    found: dict[int, LexborNode] = {}
    for node in here.tree.css(_DATED)[:MAX_DATES]:
        attributes = node.attributes
        told = next((v for name in ("datetime", "content", "title") if (v := attributes.get(name))), None)
        text = told or " ".join(node.text(separator=" ")[:200].split())
        if _may_be_date(text) and _same_moment(text, known, here):
            found[node.mem_id] = node
    tried = 0
    for leaf in _texts(here.tree):
        text = " ".join((leaf.text_content or "")[:200].split())
        if not _may_be_date(text) or tried >= MAX_DATES:
            continue
        tried += 1
        if leaf.parent is not None and _same_moment(text, known, here):
            found.setdefault(leaf.parent.mem_id, leaf.parent)
    return list(found.values())


def _may_be_date(text: str) -> bool:
    return 4 < len(text) <= 100 and sum(char.isdigit() for char in text) >= 3


def _of_picture(here: _Open) -> list[LexborNode]:
    found: dict[int, LexborNode] = {}
    address = here.record.image.url if here.record.image else ""
    for node in here.tree.css("img, video, source, meta[content]")[:400]:
        values = [node.attributes.get(name) for name in ("src", "data-src", "data-original", "content", "poster")]
        if any(value and _address(value, here) == address for value in values):
            found.setdefault(node.mem_id, node)
            if node.tag != "meta" and node.parent is not None and node.parent.tag not in ("body", "div"):
                found.setdefault(node.parent.mem_id, node.parent)
    return list(found.values())


def _of_body(here: _Open) -> list[LexborNode]:
    """The smallest element around nearly all lines of the stored text, and those around it that hold nothing else."""
    lines = {folded for line in here.record.text.split("\n")[:MAX_LINES] if len(folded := names.fold(line)) > 20}
    if not lines:
        return []
    under: dict[int, tuple[LexborNode, set[str]]] = {}
    seen: set[str] = set()
    for leaf in _texts(here.tree):
        raw = leaf.text_content or ""
        if len(raw) < 8 or not (text := names.fold(raw)):
            continue
        block, line = _line_around(leaf, text, lines)
        if block is None or line in seen:
            continue
        seen.add(line)
        current: LexborNode | None = block
        for _ in range(40):
            if current is None or current.tag in ("html", "-undef", "-document"):
                break
            under.setdefault(current.mem_id, (current, set()))[1].add(line)
            current = current.parent
    most = max((len(held) for _, held in under.values()), default=0)
    if most < 0.5 * len(lines):
        return []
    whole = [node for node, held in under.values() if len(held) >= SAME_LINES * most and node.tag != "body"]
    return sorted(whole, key=lambda node: len(node.html or ""))[:4]


def _line_around(leaf: LexborNode, text: str, lines: set[str]) -> tuple[LexborNode | None, str]:
    """The element whose text is one of the lines, around a piece of it."""
    current = leaf.parent
    for _ in range(4):
        if current is None or current.tag in ("body", "html"):
            return None, ""
        if text in lines:
            return current, text
        text = names.fold(current.text(separator=" ")[:6000])
        if text in lines:
            return current, text
        current = current.parent
    return None, ""


def _texts(tree: LexborHTMLParser) -> Iterable[LexborNode]:
    if tree.root is None:
        return
    for looked, node in enumerate(tree.root.traverse(include_text=True)):
        if looked > 3 * MAX_TEXTS:
            return
        if node.tag == "-text":
            yield node
