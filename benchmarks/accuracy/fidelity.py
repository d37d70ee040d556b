"""Whether what stands in an article stands in its entry: tables, lists, figures, players, posts, pictures.

    python -m benchmarks.fidelity                 all pages of ../shared/corpus, ../shared/articles and ../shared/wix
    python -m benchmarks.fidelity --half A        the half (split by site) that rules were tuned on
    python -m benchmarks.fidelity --worst 20      what is not whole, with its page
    python -m benchmarks.fidelity --writer        sanitise alone, given the whole page: what the writer itself loses

It reads the page by itself: nothing here asks the program what a table, a player or a picture is. What stands inside
the article is told by the text: a table or list whose words are in it, a player or post between paragraphs that are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from benchmarks.accuracy.corpus import SHARED, half_of
from scrapers import CopydeskError, Seed, to_record
from scrapers.extract import extract
from scrapers.model import Page
from scrapers.normalise.sanitise import sanitise
from scrapers.page.charset import decode

SETS = ("corpus", "articles")
WANTED = {  # kind → the share that is to be whole
    "tables": 0.97, "lists": 0.97, "captions with a picture": 0.99, "players": 1.0, "files": 1.0, "posts": 0.95,
    "srcset": 0.95, "right to left": 1.0, "wix": 1.0,
}  # fmt: skip
_SEED = Seed(name="fidelity", home="https://fidelity.example/")
_SEEN = datetime(2026, 11, 1, tzinfo=UTC)
_SILENT = frozenset(("script", "style", "noscript", "template", "svg", "select", "textarea", "button", "head"))
_BLOCKS = frozenset(
    "p li td th h1 h2 h3 h4 h5 h6 div section article blockquote dd dt pre figcaption main ul ol table body".split()  # noqa: SIM905
)
_PLAYERS = (
    r"youtube(?:-nocookie)?\.com/embed/(?!videoseries)([\w-]{11})",
    r"player\.vimeo\.com/video/(\d+)",
    r"dailymotion\.com/embed/video/(\w+)",
    r"tiktok\.com/embed/(?:v\d/)?(\d+)",
    r"open\.spotify\.com/embed(?:-podcast)?/\w+/(\w+)",
    r"players\.brightcove\.net/.*videoId=(\d+)",
    r"(?:jwplatform|jwplayer)\.com/players/(\w{8})-",
    r"w\.soundcloud\.com/player.*?(?:tracks|playlists)(?:/|%2F)(\d+)",
    r"player\.twitch\.tv/\?.*?(?:video|channel)=(\w+)",
    r"facebook\.com/plugins/video\.php.*?(\d{9,})",
)
_POSTS = {
    "twitter-tweet": r"status(?:es)?/(\d+)", "instagram-media": r"instagram\.com/(?:p|reel|tv)/([\w-]+)",
    "tiktok-embed": r"video/(\d+)", "bluesky-embed": r"post/(\w+)", "text-post-media": r"/(?:post|t)/([\w-]+)",
    "fb-xfbml-parse-ignore": r"facebook\.com/(.{10,40})", "reddit-embed-bq": r"comments/(\w+)",
}  # fmt: skip
_TWICE = re.compile("[\xc3-\xf4][\x80-\xbf]{1,3}")
_RTL = frozenset(("ar", "fa", "he", "iw", "ur", "ps", "ckb", "ug", "yi", "sd", "dv"))
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")


@dataclass(slots=True)
class Found:
    """What a page has inside its article, by kind: each with whether the entry has it whole."""

    page: str
    rows: dict[str, list[tuple[bool, str]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, whole: bool, what: str) -> None:
        self.rows[kind].append((whole, what[:160]))


def squeezed(text: str) -> str:
    """Text to be compared: letters and figures as they are read, without any space.

    UTF-8 that a page read as windows-1252 or latin-1 and wrote once more is what it was before.
    """
    text = _TWICE.sub(lambda found: found[0].encode("latin-1").decode("utf-8", "ignore"), text)
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum() or c in "%€$£+-−")


def text_of(node: LexborNode) -> str:
    """What a reader sees of an element of the page."""
    parts: list[str] = []
    stack = [node]
    while stack:
        one = stack.pop()
        if one.tag == "-text":
            parts.append(one.text_content or "")
        elif one.tag not in _SILENT and not hidden(one):
            if one.tag == "img" and "emoji" in (one.attributes.get("class") or ""):
                continue
            stack.extend(reversed(list(one.iter(include_text=True))))
    return "".join(parts)


def hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(re.search(r"display:\s?none", attributes.get("style") or ""))


class Entry:
    """The entry, read by another parser than the one that wrote it."""

    def __init__(self, html: str) -> None:
        self.root = markup.fragment_fromstring(html or "<p></p>", create_parent="div")
        self.squeezed = squeezed(" ".join(self.root.itertext()))
        self.tables = [cells for table in self.root.iter("table") if (cells := [*entry_rows(table)])]
        self.lists = [
            [squeezed("".join(item.itertext())) for item in one if item.tag == "li"]
            for one in self.root.iter("ul", "ol")
        ]
        self.hrefs = [link.get("href") or "" for link in self.root.iter("a")]
        self.figure_hrefs = [link.get("href") or "" for figure in self.root.iter("figure") for link in figure.iter("a")]
        self.files = {name_of(one.get("src") or "") for one in self.root.iter("video", "audio", "source")}
        self.pictures = {name_of(one.get("src") or ""): one for one in self.root.iter("img")}
        for one in self.root.iter("img"):
            for url in re.findall(r"(\S+)(?: [\d.]+[wx])?(?:, |$)", one.get("srcset") or ""):
                self.pictures.setdefault(name_of(url), one)
        self.quotes = [
            (squeezed("".join(q.itertext())), etree.tostring(q, encoding="unicode"))
            for q in self.root.iter("blockquote")
        ]


def entry_rows(table: Any) -> Iterator[list[tuple[str, str, str, str]]]:
    for row in table.iter("tr"):
        yield [
            (one.tag, squeezed("".join(one.itertext())), one.get("colspan", "1"), one.get("rowspan", "1"))
            for one in row
            if one.tag in ("td", "th")
        ]


def name_of(url: str) -> str:
    """A file's place in the last parts of its address."""
    return "/".join(url.partition("#")[0].partition("?")[0].rstrip("/").split("/")[-2:])


def page_rows(table: LexborNode) -> list[list[tuple[str, str, str, str]]]:
    """The cells of a table on the page."""
    rows = []
    for row in table.css("tr"):
        cells = [
            (one.tag or "", squeezed(text_of(one)), span(one, "colspan"), span(one, "rowspan"))
            for one in row.iter()
            if one.tag in ("td", "th")
        ]
        if cells:
            rows.append(cells)
    return rows


def span(node: LexborNode, name: str) -> str:
    value = (node.attributes.get(name) or "1").strip()
    return value if value.isdigit() and 1 < int(value) <= 1000 else "1"


def is_data(table: LexborNode, rows: list[list[tuple[str, str, str, str]]]) -> bool:
    """Whether a table holds data and no layout: rows and columns of short cells."""
    if table.css_first("table") is not None and len(table.css("table")) > 1:
        return False
    if table.attributes.get("role") in ("presentation", "none") or len(rows) < 2:
        return False
    widest = max(len(row) for row in rows)
    texts = [text for row in rows for _, text, _, _ in row if text]
    return widest >= 2 and len(texts) >= 4 and max(map(len, texts)) < 400 and table.css_first("form, input") is None


def in_a_row(items: list[str], text: str) -> bool:
    """Whether a text holds the items of a list one after the other; a table of contents has its items elsewhere."""
    pairs = [one[-30:] + other[:30] for one, other in pairwise(items)]
    return len("".join(items)) > 40 and sum(pair in text for pair in pairs) * 2 > len(pairs)


class Inside:
    """What of a page is inside the article, by the paragraphs around it."""

    def __init__(self, tree: LexborHTMLParser, text: str) -> None:
        self.text = text
        self.order: dict[int, tuple[bool | None, bool | None]] = {}
        before: tuple[bool | None, set[int]] = (None, set())
        waiting: list[LexborNode] = []
        body = tree.body
        for node in body.traverse(include_text=True) if body is not None else ():
            if node.is_text_node:
                words = squeezed(node.text_content or "")
                if len(words) < 40 or (
                    node.parent is not None and node.parent.tag in _SILENT | {"figcaption", "blockquote"}
                ):
                    continue
                told = words in text
                for one in waiting:
                    self.order[one.mem_id] = (self.order[one.mem_id][0], told)
                waiting.clear()
                before = (told, set(ancestors(node, 6)))
            elif node.tag in ("iframe", "video", "audio", "blockquote", "img", "lite-youtube", "amp-youtube"):
                near = before[0] if before[0] and not before[1].isdisjoint(ancestors(node, 4)) else None
                self.order[node.mem_id] = (near if before[0] else False, None)
                waiting.append(node)
                if before[0] and near is None:
                    self.order[node.mem_id] = (None, None)

    def holds(self, node: LexborNode) -> bool:
        """Whether an element stands between paragraphs of the article, or after its last one in the same box."""
        before, after = self.order.get(node.mem_id, (False, False))
        return bool(before) or (before is None and bool(after))


def ancestors(node: LexborNode, many: int) -> Iterator[int]:
    one = node.parent
    for _ in range(many):
        if one is None or one.tag in ("body", "html"):
            return
        yield one.mem_id
        one = one.parent


def compare(page: str, raw: bytes, entry_html: str, truth: str, whole_page: bool) -> Found:
    """What the page has, beside what the entry has."""
    found = Found(page)
    tree = LexborHTMLParser(decode(raw, None))
    entry = Entry(entry_html)
    text = truth or entry.squeezed
    inside = Inside(tree, text)
    for table in tree.css("table"):
        rows = page_rows(table)
        if not is_data(table, rows) or hidden(table):
            continue
        texts = [one for row in rows for _, one, _, _ in row if one]
        if whole_page or (sum(one in text for one in texts) * 2 > len(texts) and "".join(texts)[:80]):
            in_text = sum(len(one) for one in texts if len(one) > 5 and one in text)
            if whole_page or in_text * 2 > sum(len(one) for one in texts if len(one) > 5) > 0:
                found.note("tables", rows in entry.tables, " | ".join(texts))
    for one in tree.css("ul, ol"):
        items = [
            words for item in one.iter() if item.tag == "li" and not hidden(item) and (words := squeezed(text_of(item)))
        ]
        if len(items) < 2 or not (whole_page or in_a_row(items, text)):
            continue
        whole = any([i for i in theirs if i] == items for theirs in entry.lists)
        found.note("lists", whole, " | ".join(items))
    for figure in entry.root.iter("figure"):
        if figure.find(".//figcaption") is not None:
            shown = any(True for _ in figure.iter("img", "video", "audio", "table", "pre", "blockquote", "a"))
            found.note("captions with a picture", shown, "".join(figure.itertext()))
    for one in tree.css('[data-hook="post-description"]')[:1]:
        for unit in one.css("p, li, h1, h2, h3, h4, h5, h6, blockquote, figcaption, td"):
            words = squeezed(text_of(unit))
            if words:
                alike = [squeezed("".join(theirs.itertext())) for theirs in entry.root.iter(unit.tag or "p", "p", "li")]
                found.note("wix", words in alike or any(words in theirs for theirs in alike), f"{unit.tag} {words}")
    _media(found, tree, entry, inside, whole_page)
    top = tree.css_first("html")
    language = ((top.attributes.get("lang") if top is not None else "") or "").lower().partition("-")[0]
    direction = [(node.attributes.get("dir") or "").lower() for node in tree.css("html, body")]
    if "rtl" in direction or (language in _RTL and "ltr" not in direction):
        letters = sum(unicodedata.bidirectional(c) in ("R", "AL") for c in entry.squeezed[:2000])
        if letters * 2 > len(entry.squeezed[:2000]):
            found.note("right to left", 'dir="rtl"' in entry_html[:300], entry_html[:60])
    return found


def _media(found: Found, tree: LexborHTMLParser, entry: Entry, inside: Inside, whole_page: bool) -> None:
    for frame in tree.css("iframe, lite-youtube, amp-youtube"):
        attributes = frame.attributes
        urls = " ".join(value or "" for name, value in attributes.items() if name == "src" or name.startswith("data-"))
        if frame.tag != "iframe":
            urls = f"youtube.com/embed/{attributes.get('videoid') or attributes.get('data-videoid')}"
        player = next((match for one in _PLAYERS if (match := re.search(one, urls))), None)
        if player is not None and not hidden(frame) and (whole_page or inside.holds(frame)):
            found.note("players", any(player[1] in href for href in entry.figure_hrefs), urls)
    for file in tree.css("video, audio"):
        addresses = [one.attributes.get("src") or "" for one in (file, *file.css("source"))]
        names = {name_of(url) for url in addresses if url and not url.startswith(("blob:", "data:", "about:"))}
        if names and not hidden(file) and (whole_page or inside.holds(file)):
            found.note("files", not names.isdisjoint(entry.files), " ".join(addresses))
    for quote in tree.css("blockquote"):
        name = next((one for one in _POSTS if one in (quote.attributes.get("class") or "").split()), None)
        words = squeezed(" ".join(text_of(p) for p in quote.css("p")) if quote.css("p") else text_of(quote))
        if name is None or len(words) < 20 or not (whole_page or inside.holds(quote)):
            continue
        source = (quote.html or "").replace("&amp;", "&")
        number = re.search(_POSTS[name], source)
        whole = any(words in theirs and (number is None or number[1][:30] in html) for theirs, html in entry.quotes)
        found.note("posts", whole, f"{name} {words}")
    for image in tree.css("img"):
        sets = [image.attributes.get(name) or "" for name in _SETS]
        if image.parent is not None and image.parent.tag == "picture":
            sets += [source.attributes.get(name) or "" for source in image.parent.css("source") for name in _SETS]
        offered = {
            url for one in sets for url in re.findall(r"((?:https?:)?//?[^\s,]\S+?)(?:\s+[\d.]+[wx])(?:,|\s*$)", one)
        }
        if len(offered) < 2:
            continue
        names = {
            name_of(url)
            for url in (*offered, image.attributes.get("src") or "", image.attributes.get("data-src") or "")
        }
        ours = next((entry.pictures[name] for name in sorted(names) if name and name in entry.pictures), None)
        if ours is not None:
            found.note("srcset", bool(ours.get("srcset")), " ".join(sorted(names)))


@dataclass(frozen=True, slots=True)
class Case:
    """One saved page."""

    page: str
    path: Path
    url: str
    site: str
    truth: str = ""


def cases(half: str | None) -> list[Case]:
    """Every page once."""
    found: dict[Path, Case] = {}
    for name in SETS:
        folder = SHARED / name
        for line in (folder / "cases.jsonl").read_text().splitlines():
            case = json.loads(line)
            path = folder / case["page"]
            if half is None or half_of(case["site"]) == half:
                texts = case["truth"].get("text_variants") or [case["truth"].get("text") or ""]
                found.setdefault(path, Case(case["id"], path, case["url"] or "", case["site"], max(texts, key=len)))
    for path in sorted((SHARED / "wix").glob("*_article_*.html.gz")):
        site = path.name.partition("_")[0]
        if half is None or half_of(site) == half:
            found[path] = Case(f"wix/{path.name}", path, f"https://{site}.example/post/a", site)
    return list(found.values())


def one(case: Case, writer: bool = False) -> Found | None:
    """One page beside its entry; None for a page that makes no record."""
    raw = gzip.decompress(case.path.read_bytes())
    url = case.url or "https://page.example/story"
    if writer:
        return compare(case.page, raw, sanitise(decode(raw, None), url), "", True)
    draft = extract(Page(url, raw), None)
    try:
        record = to_record(draft, url=url, seed=_SEED, first_seen=_SEEN)
    except CopydeskError:
        return None
    return compare(case.page, raw, record.html, squeezed(case.truth), False)


def _alone(case: Case) -> Found | None:
    return one(case, True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--half", choices=("A", "B"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0, help="print so many that are not whole, of each kind")
    parser.add_argument("--writer", action="store_true", help="sanitise alone, given the whole page")
    parser.add_argument("--only", help="pages whose id holds this")
    options = parser.parse_args()
    chosen = [case for case in cases(options.half) if not options.only or options.only in case.page]
    with multiprocessing.Pool(options.jobs) as pool:
        rows = [
            found for found in pool.imap(_alone if options.writer else one, chosen, chunksize=8) if found is not None
        ]
    print(f"{len(chosen)} pages, {len(rows)} entries")
    for kind, wanted in WANTED.items():
        all_of = [(whole, row.page, what) for row in rows for whole, what in row.rows.get(kind, ())]
        whole = sum(one[0] for one in all_of)
        share = whole / len(all_of) if all_of else 1.0
        short = "" if share >= wanted else "   short"
        print(f"{kind:26}{whole:6} of {len(all_of):5}  {share:7.1%}  wanted {wanted:.0%}{short}")
        for _, page, what in [one for one in all_of if not one[0]][: options.worst]:
            print(f"      {page}: {what}")


if __name__ == "__main__":
    main()
