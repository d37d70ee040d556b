"""Features of each link for and against its being a story: numbers between 0 and 1.

Words count only by their number, so that every language and script is treated alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import filterfalse
from math import log2

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...page.text import clean
from ...urls.site import host, site
from .anchors import FLAGS, HEADINGS, MANY, NONE, Anchor, Candidate, Collected, Place, chain, mark
from .url_shapes import ARTICLES, LISTS, SERVICES, SURE_LISTS, path_of, segment_kind

Evidence = dict[str, float]  # what is missing is 0
Groups = dict[str, list[object]]  # kind of group → the key of each candidate

_OUTSIDE = FLAGS["nav"] | FLAGS["foot"]

_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
_ITEMS = frozenset({"li", "td", "dd"})
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"[-_.+]")
_SPELLED = re.compile(r"\w+")
_APART = re.compile(r"[^\w]|_")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DATE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:[01]?\d|[a-z]{3})(?:[/-]|$)|/(?:19|20)\d{6}(?:/|$|[-_])|[-_](?:19|20)\d\d[-_]\d\d[-_]\d\d"
)
_PAGED = re.compile(r"/page/\d|[?&](?:page|paged|p(?:agina)?|offset|start)=\d{1,4}$|/(?:seite|pagina)[-/]?\d", re.I)
MORE = re.compile(
    r"\W{0,3}(?:(?:read|continue|learn|see|view|show|weiter|mehr|lesen|lire|leer|ver|leggi|continua|leia|saiba|more|all|alle|"
    r"next|previous|older|newer)(?:\W{1,3}\w{1,14}){0,2}|comments?|kommentare?|permalink|link|share|(?:no|\d{1,6})\s\w{3,14})\W{0,4}",
    re.IGNORECASE,
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
)


def weigh_text(text: str) -> float:
    """How long a text is for a reader, in letters: a character of Chinese, Japanese or Thai counts 2.5."""
    return len(text) if text.isascii() else len(text) + 1.5 * len(_WIDE.findall(text))


def is_prompt(text: str) -> bool:
    """Whether a link's text says nothing of its story: "Read more", "Permalink", "#"."""
    return MORE.fullmatch(text) is not None or not any(c.isalnum() for c in text)


def best_title(candidate: Candidate) -> str:
    """The longest text of its links, a request to read on ("More …") only where there is no other."""
    best, poor = "", ""
    for anchor in candidate.anchors:
        text = anchor.heading or anchor.text
        if len(text) <= len(best):
            continue
        if is_prompt(text):
            poor = max(poor, text, key=len)
        else:
            best = text
    return best or poor


def prepare(tree: LexborHTMLParser, collected: Collected) -> list[Candidate]:
    """Set the titles and the boxes of the links that may be stories at all, and return those links."""
    major = []
    for candidate in collected.candidates:
        candidate.title = best_title(candidate)
        anchor = candidate.anchors[0]
        listed = bool(candidate.kinds & LISTS) and weigh_text(candidate.title) < 30
        minor = listed or "tag" in anchor.rel or "author" in anchor.rel or "category" in anchor.rel
        if not minor and (candidate.heading or weigh_text(candidate.title) >= 12 or not candidate.title):
            major.append(candidate)
    mark(collected, major)
    add_text(tree, collected)
    return major


def add_text(tree: LexborHTMLParser, collected: Collected) -> None:
    """Gives each candidate what stands in its own box: times, pictures, headings, paragraphs."""
    by_number = {c.number: c for c in collected.candidates}
    for candidate in collected.candidates:
        candidate.times, candidate.images, candidate.box_heading, candidate.paragraph = [], 0, None, ""
    for node in tree.css("time, img, picture, p, h1, h2, h3, h4, h5, h6"):
        place = nearest(node, collected.places)
        if place is None or place.only < 0:
            continue
        owner = by_number[place.only]
        if node.tag == "time":
            owner.times.append(node)
        elif node.tag in ("img", "picture"):
            owner.images += 1
        elif node.tag == "p":
            text = node.text(separator=" ")[:2000]
            if len(text) > len(owner.paragraph) and len(text := clean(text, 1000)) > len(owner.paragraph):
                owner.paragraph = text
        elif owner.box_heading is None:
            owner.box_heading = clean(node.text(separator=" ")[:2000], 300) or None


def nearest(node: LexborNode, places: Mapping[int, Place]) -> Place | None:
    """The smallest place around a node that holds a story."""
    current: LexborNode | None = node
    for _ in range(25):
        if current is None:
            return None
        place = places.get(current.mem_id)
        if place is not None and place.only != NONE:
            return place
        current = current.parent
    return None


def gather(tree: LexborHTMLParser, collected: Collected, keys: Groups, url: str) -> list[Evidence]:
    """The evidence of every candidate, in their order."""
    prepare(tree, collected)
    candidates = collected.candidates
    parents: Counter[str] = Counter()
    for path in {c.path for c in candidates}:
        at = path.find("/", 1)
        while at > 0:
            parents[path[:at]] += 1
            at = path.find("/", at + 1)
    texts = Counter(c.title.casefold() for c in candidates if c.title)
    here = path_of(url)
    page = _Setting(parents, texts, here, host(url), site(url), collected.total)
    own = [_own(c, page) for c in candidates]
    outside = [all(a.place.flags & _OUTSIDE for a in c.anchors) for c in candidates]
    _of_groups(candidates, own, outside, keys)
    lengths = sorted(e.get("length", 0.0) for e, out in zip(own, outside, strict=True) if not out)
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0.3
    crowd = min(log2(1 + len(own)) / 10, 1.0)
    for e in own:
        e["length_here"] = min(e.get("length", 0.0) / max(usual, 0.05), 2.0) / 2
        e["crowd"] = crowd
    return own


@dataclass(frozen=True, slots=True)
class _Setting:
    """What is true of the page as a whole."""

    parents: Counter[str]  # path → how many other paths stand beneath it
    texts: Counter[str]  # title → how many addresses have it
    path: str
    host: str
    site: str
    total: int


def _own(c: Candidate, page: _Setting) -> Evidence:
    """The evidence of one link, without its groups; zeros are left out."""
    best = next((a for a in c.anchors if a.heading), None) or max(c.anchors, key=lambda a: len(a.text))
    title = c.title or c.box_heading or ""
    words = _WORD.findall(title)
    segments = [s for s in c.path.split("/") if s]
    near_places = list(chain(best.place, 4))
    e = _of_text(c, page, best, title, words) | _of_address(c, page, segments, title, words)
    e |= _of_place(c, page, best, near_places)
    e = {name: value for name, value in e.items() if value}
    flags = near = 0
    for anchor in c.anchors:
        flags |= anchor.place.flags
    for place in near_places:
        near |= place.own
    for name in _zones(flags, near):
        e[name] = 1.0
    return e


def _of_text(c: Candidate, page: _Setting, best: Anchor, title: str, words: Sequence[str]) -> Evidence:
    """What the title and the box of a link say."""
    folded = c.title.casefold()
    return {
        "length": min(weigh_text(title), 120) / 120,
        "text_length": min(weigh_text(best.text), 200) / 200,
        "words": min(len(words), 16) / 16,
        "heading": float(c.heading is not None),
        "box_heading": float(c.box_heading is not None),
        "no_title": float(not title),
        "only_more": float(bool(MORE.fullmatch(title))),
        "digits": len(_DIGIT.findall(title)) / max(1, len(title)),
        "upper": float(title.isupper() and len(title) > 3),
        "shared_text": float(bool(folded) and page.texts[folded] > 1),
        "links": min(len(c.anchors), 4) / 4,
        "image": float(c.images > 0),
        "time": float(bool(c.times)),
        "paragraph": min(len(c.paragraph), 200) / 200,
        "extra_paragraph": float(len(c.paragraph) > len(title) + 30),
        "position": c.anchors[0].order / max(1, page.total),
    }


def _of_address(c: Candidate, page: _Setting, segments: Sequence[str], title: str, words: Sequence[str]) -> Evidence:
    """What the address of a link says."""
    path = c.path
    last = segment_kind(segments[-1]) if segments else ""
    parts = [w for w in _PARTS.split(segments[-1]) if w] if segments else []
    return {
        "slug": _overlap(segments[-1] if segments else "", title, words),
        "slug_words": min(len(parts), 10) / 10,
        "segment_length": min(len(segments[-1]) if segments else 0, 60) / 60,
        "segments": min(len(segments), 7) / 7,
        "root": float(not segments and not c.query),
        "date_path": float(bool(_DATE_PATH.search(path))),
        "slug_kind": float(last.startswith("slug")),
        "duo_kind": float(last.startswith("duo")),
        "word_kind": float(last == "w"),
        "number_kind": float(last in ("N", "N8")),
        "id_kind": float(last == "id"),
        "number_tail": float(last.endswith("-N")),
        "id_tail": float(last.endswith("-id")),
        "lists": float(bool(c.kinds & LISTS)),
        "sure_lists": float(bool(c.kinds & SURE_LISTS)),
        "services": float(bool(c.kinds & SERVICES)),
        "articles": float(bool(c.kinds & ARTICLES)),
        "extension": float("." in c.shape.split("?")[0]),
        "query": float(bool(c.query)),
        "query_number": float("=N" in c.shape),
        "paged": float(bool(_PAGED.search(c.url))),
        "parent": min(log2(1 + page.parents[path]) / 5, 1.0) if path else float(not c.query),
        "ancestor": float(bool(path) and page.path.startswith(path)),
        "beneath": float(bool(page.path) and path.startswith(page.path + "/")),
        "other_host": float(c.host != page.host),
        "other_site": float(c.site != page.site),
    }


def _of_place(c: Candidate, page: _Setting, best: Anchor, near_places: Sequence[Place]) -> Evidence:
    """What the place of a link on its page says."""
    first = c.anchors[0]
    return {
        "rel_bookmark": float("bookmark" in first.rel),
        "rel_tag": float("tag" in first.rel.split() or "category" in first.rel),
        "rel_author": float("author" in first.rel),
        "rel_nofollow": float("nofollow" in first.rel or "sponsored" in first.rel),
        "marked": float(c.marked),
        "labelled": float(bool(best.label) and best.label != best.text),
        "depth": min(best.place.depth, 30) / 30,
        "in_text": _in_text(best.place),
        "list_item": float(any(p.tag in _ITEMS for p in near_places)),
        "nested": min(sum(p.tag in _ITEMS for p in chain(best.place)), 4) / 4,
        "far_twins": _far_twins(c, page.total),
        "box": float(_box_height(best.place) / 8),
    }


@lru_cache(maxsize=4096)
def _zones(flags: int, near: int) -> tuple[str, ...]:
    """The evidence that the zones around a link and close to it are; a page has few different ones."""
    around = tuple(f"in_{name}" for name, flag in FLAGS.items() if flags & flag)
    return around + tuple(f"near_{name}" for name, flag in FLAGS.items() if flags & near & flag)


def _in_text(place: Place) -> float:
    """How much of the text around a link, in its paragraph, is not the link: 1 for a word in a sentence."""
    for above in chain(place.up, 3):
        if above.tag in ("p", "blockquote", "figcaption") or above.tag in HEADINGS:
            whole = len(above.node.text()[:3000])
            return 1 - min(1.0, len(place.node.text()) / max(1, whole)) if above.tag not in HEADINGS else 0.0
    return 0.0


def _far_twins(c: Candidate, total: int) -> float:
    """Whether distant parts of the page link to it with the same words, as menus for two screen sizes do."""
    told = [a for a in c.anchors if a.text]
    if len(told) < 2 or told[-1].order - told[0].order < max(5, total // 20):
        return 0.0
    return float(len({a.text for a in told}) == 1)


def _box_height(place: Place) -> int:
    """How many elements above a link hold no other story."""
    height = 0
    for above in chain(place.up, 8):
        if above.only == MANY:
            break
        height += 1
    return height


def _overlap(segment: str, title: str, words: Sequence[str]) -> float:
    """How much of the address's last part occurs in the title: slugs are made from headlines."""
    parts = [p for p in _APART.split(segment.lower()) if len(p) >= 3 and not p.isdecimal()]
    if not parts or not words:
        return 0.0
    known = spellings(title)
    hits = sum(1 for p in parts if p in known)
    return min(hits, 5) / 5 * (0.5 + 0.5 * hits / len(parts))


def spellings(text: str) -> frozenset[str]:
    """The words of a text as an address may spell them: "Über" is über, ueber and uber."""
    told = text.casefold()
    if not told.isascii():
        bare = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", told)))
        told = f"{told.translate(_UMLAUTS)} {bare} {told}"
    return frozenset(_SPELLED.findall(told))


def groups(candidates: Sequence[Candidate]) -> Groups:
    """For each candidate the keys of its groups: URL shape, path prefix, place on the page, look."""
    keys: dict[str, list[object]] = {"shape": [], "prefix": [], "path": [], "look": []}
    for c in candidates:
        name, path = c.host, c.path
        best = next((a for a in c.anchors if a.heading), c.anchors[0])
        keys["shape"].append((name, c.shape))
        keys["prefix"].append((name, path.split("/")[1] if path.count("/") > 1 else "", c.shape.count("/")))
        keys["path"].append(best.place.path)
        keys["look"].append(tuple(p.look for p in chain(best.place, 4)))
    return keys


def _of_groups(candidates: Sequence[Candidate], own: Sequence[Evidence], outside: Sequence[bool], keys: Groups) -> None:
    """Adds to each what the others of its shape and of its look are like."""
    good = [
        float(weigh_text(c.title or c.box_heading or "") >= 25 and not (out or e.get("lists") or e.get("services")))
        for c, e, out in zip(candidates, own, outside, strict=True)
    ]
    values = {
        name: [max(e.get(part, 0.0) for part in parts) for e in own]
        for name, parts in (
            ("heading", ("heading", "box_heading")),
            ("slug", ("slug",)),
            ("image", ("image",)),
            ("length", ("length",)),
        )
    }
    values["good"] = good
    values["nav"] = [float(out) for out in outside]
    for kind in ("shape", "look"):
        members: dict[object, list[int]] = defaultdict(list)
        for n, key in enumerate(keys[kind]):
            members[key].append(n)
        mass = {key: sum(values["length"][n] for n in group if not outside[n]) for key, group in members.items()}
        heaviest = max(mass.values(), default=0.0) or 1.0
        everything = sum(mass.values()) or 1.0
        for key, group in members.items():
            whole = _of_group(kind, group, values, mass[key] / heaviest, mass[key] / everything)
            sum_good = sum(good[n] for n in group)
            size = len(group)
            for n in group:
                own[n].update(whole)
                others = (sum_good - good[n]) / (size - 1) if size > 1 else 0.5
                if others:
                    own[n][f"{kind}_others"] = others


def _of_group(
    kind: str, group: Sequence[int], values: Mapping[str, Sequence[float]], mass: float, share: float
) -> Evidence:
    """What the members of a group have in common: means, size, and the weight of their texts."""
    size = len(group)
    whole = {f"{kind}_{name}": sum(of[n] for n in group) / size for name, of in values.items()}
    whole[f"{kind}_size"] = min(log2(size) / 6, 1.0)
    whole[f"{kind}_mass"] = mass
    whole[f"{kind}_share"] = share
    return {name: value for name, value in whole.items() if value}
