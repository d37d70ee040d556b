"""A person points at parts of a page → the selector that names them, and the page as it is shown to be pointed at.

What is shown is built anew from the tree: our own markup around the page's texts, no attribute of the page, nothing
that acts or loads. Every part that can be pointed at is a link of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..errors import SeedError
from ..model import Page
from ..page import html
from ..seed import css
from .model import LINKS, Pointed
from .selector import of_node

FIELDS = ("title", "subtitle", "authors", "published", "section", "image", "body", "drop")
MOST = 1500  # parts of a page that can be pointed at
TEXT = 300  # characters of one part that are shown
TRIED = 60  # selectors of one part that are tried
_UNSEEN = ["script", "style", "noscript", "template", "iframe", "object", "svg", "head", "form", "select", "dialog"]
_SAME = "h1 h2 h3 h4 h5 h6 p ul ol li blockquote section article"
_BLOCKS = "header footer nav main aside div figure tr table dl dd dt"
_KEPT = {**{name: name for name in _SAME.split()}, **dict.fromkeys(_BLOCKS.split(), "div"), "figcaption": "p"}
_PARTS = frozenset("h1 h2 h3 h4 h5 h6 p li time span a figcaption img address blockquote td dd div".split())  # noqa: SIM905
_PARAGRAPHS = frozenset(("p", "li", "blockquote", "h2", "h3", "h4", "pre"))
_INLINE = frozenset("a abbr b bdi br cite code em i mark q small span strong sub sup time u wbr".split())  # noqa: SIM905


def point(page: Page, field: str, yes: Sequence[int], no: Sequence[int], address: str) -> Pointed:
    """The page with its parts, and the selector that names the parts `yes` and none of `no`.

    `field`: `discover.links`, or a field of `[extract]`; `address`: that of a part's link, with `{N}` for its number.
    Raises ReadFailed, and SeedError for an unknown field.
    """
    if field != LINKS and field not in FIELDS:
        raise SeedError(f"{field}: is no field that can be pointed at")
    tree = html.parse(page)
    tree.strip_tags(_UNSEEN)
    parts = list(_parts(tree, field))[:MOST]
    numbers = {node.mem_id: number for number, node in enumerate(parts)}
    wanted = [parts[n] for n in yes if 0 <= n < len(parts)]
    unwanted = {parts[n].mem_id for n in no if 0 <= n < len(parts)}
    selector = _selector(tree, field, wanted, unwanted) if wanted else None
    caught = _named(tree, field, selector) if selector else []
    marked = {node.mem_id for node in caught}
    pointed = {node.mem_id for node in wanted}
    body = tree.body
    shown = "" if body is None else "".join(_shown(body, numbers, marked, pointed, address))
    why = "no selector names all of these and none of those" if wanted and selector is None else ""
    samples = tuple(text for node in caught[:5] if (text := _text(node)))
    return Pointed(shown, selector, len(caught), samples, why)


def _parts(tree: LexborHTMLParser, field: str) -> Iterator[LexborNode]:
    """The parts that can be pointed at, in the page's order."""
    if field == LINKS:
        yield from (node for node in tree.css("a[href]") if _text(node))
        return
    body = tree.body
    found: list[LexborNode] = []
    holders: set[int] = set()  # an element that holds a part is none itself, except for paragraphs of a body
    for node in body.traverse() if body is not None else ():
        if field == "body":
            readable = node.tag in _PARAGRAPHS and bool(_text(node))
        else:
            readable = node.tag in _PARTS and node.tag != "img" and _own_text(node)
        if readable or (node.tag == "img" and field in ("image", "drop")):
            found.append(node)
            for above in _above(node):
                if above.mem_id in holders:
                    break
                holders.add(above.mem_id)
    yield from (node for node in found if node.mem_id not in holders)


def _own_text(node: LexborNode) -> bool:
    """Whether a node says something by itself, and not only through the parts inside it."""
    return any(child.tag == "-text" and (child.text_content or "").strip() for child in node.iter(include_text=True))


def _selector(tree: LexborHTMLParser, field: str, wanted: Sequence[LexborNode], unwanted: set[int]) -> str | None:
    """The best selector that names all of `wanted` and none of `unwanted`."""
    goals = [_bodies(wanted)] if field == "body" else list(wanted)
    ids = {goal.mem_id for goal in goals}
    best: tuple[float, str] | None = None
    for selector, cost in _candidates(goals):
        if css.mistake(selector) is not None:
            continue
        found = _named(tree, field, selector)
        named = {node.mem_id for node in found}
        if not ids <= named or named & unwanted:
            continue
        if field == LINKS:
            worth = cost - 1.2 * min(len(named), 12) / 12 + 0.002 * len(named)
        elif field == "drop":
            worth = cost
        elif found[0].mem_id not in ids:
            continue  # of several the first is read
        else:
            worth = cost + 0.05 * (len(named) - len(ids))
        if best is None or (worth, selector) < best:
            best = (worth, selector)
    return None if best is None else best[1]


def _candidates(goals: Sequence[LexborNode]) -> Iterator[tuple[str, float]]:
    """Selectors of the first goal, and of the heading that holds it: the others must have them too."""
    first = goals[0]
    yield from of_node(first)[:TRIED]
    parent = first.parent
    if parent is not None and parent.tag in ("h1", "h2", "h3", "h4", "h5", "h6") and first.tag:
        yield parent.tag + " " + first.tag, 1.4
        yield from ((f"{selector} {first.tag}", cost + 0.2) for selector, cost in of_node(parent)[:TRIED])
    if first.tag == "a":
        holder = parent
        for _ in range(4):
            if holder is None or holder.tag in ("body", "html"):
                break
            yield from ((f"{selector} a", cost + 0.6) for selector, cost in of_node(holder)[:8])
            holder = holder.parent


def _bodies(wanted: Sequence[LexborNode]) -> LexborNode:
    """The element that holds the paragraphs that were pointed at."""
    lines = [list(_above(node)) for node in wanted]
    for element in lines[0]:
        if all(any(element.mem_id == other.mem_id for other in line) for line in lines[1:]):
            return element
    return wanted[0]


def _above(node: LexborNode) -> Iterator[LexborNode]:
    current = node.parent
    while current is not None and current.tag not in ("html", "-undef", "-document"):
        yield current
        current = current.parent


def _named(tree: LexborHTMLParser, field: str, selector: str) -> list[LexborNode]:
    """What a selector names; of a listing the links themselves, or those that stand in what it names."""
    nodes = tree.css(selector)
    if field != LINKS:
        return nodes
    found: dict[int, LexborNode] = {}
    for node in nodes:
        inner = node if node.tag == "a" else node.css_first("a[href]")
        if inner is not None and _text(inner):
            found[inner.mem_id] = inner
    return list(found.values())


def _text(node: LexborNode) -> str:
    if node.tag == "img":
        return (node.attributes.get("alt") or node.attributes.get("src") or "")[:TEXT]
    return " ".join(node.text(separator=" ").split())[:TEXT]


def _shown(
    node: LexborNode, numbers: dict[int, int], marked: set[int], pointed: set[int], address: str
) -> Iterator[str]:
    """The page as our own markup, without recursion: a page may be deep."""
    waiting: list[LexborNode | str] = [node]
    linked = 0  # links of ours that are open: none stands in another
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            linked -= one == "</a>"
            yield one
            continue
        if one.tag == "-text":
            yield escape(" ".join((one.text_content or "").split()) + " ", quote=True)
            continue
        number = numbers.get(one.mem_id)
        begins, ends = _tags(one)
        kinds = [name for name, ids in (("caught", marked), ("pointed", pointed)) if one.mem_id in ids]
        if kinds and begins and not begins.startswith("<a"):
            begins = begins[:-1] + f' class="{" ".join(kinds)}">'
        yield begins
        waiting.append(ends)
        if number is not None and not linked:
            name = f' class="{" ".join(kinds)}"' if kinds else ""
            wrong = "&as=no" if kinds == ["caught"] else ""  # a click on what is named and was not pointed at
            there = address.replace("{N}", f"{number}{wrong}")
            yield f'<a href="{escape(there, quote=True)}" target="_top"{name}>'
            waiting.append("</a>")
            linked += 1
        if one.tag == "img":
            yield escape(f"[{_text(one)[:80]}]")
        waiting.extend(reversed(list(one.iter(include_text=True))))


def _tags(node: LexborNode) -> tuple[str, str]:
    kept = _KEPT.get(node.tag or "")
    return (f"<{kept}>", f"</{kept}>") if kept else ("", "") if node.tag in _INLINE else ("", " ")
