"""Writes markup in one normal form, whatever the tree: the form that `sanitise` promises.

Elements are opened by the first character inside them, so empty ones are never written. Blocks end the paragraph before
them; formatting that spans blocks is opened again in each. Lists, tables and definition lists hold only what HTML
allows. Whitespace is folded and never stands at an edge. So the result, parsed and written again, is the same.
"""

from __future__ import annotations

from ..page.text import clean, is_advert_marker, is_visible, tidy
from .spaces import folded_spaces, gap

_FLOW = frozenset(("", "div", "blockquote", "details"))  # words directly inside become paragraphs; "" is the root
_LEAF = frozenset("h1 h2 h3 h4 h5 h6 pre dt summary caption".split())  # noqa: SIM905  (hold no blocks; words read best as words)
_PARENTS: dict[str, frozenset[str]] = {
    "li": frozenset(("ul", "ol")),
    "dt": frozenset(("dl",)),
    "dd": frozenset(("dl",)),
    "figcaption": frozenset(("figure",)),
    "summary": frozenset(("details",)),
    "caption": frozenset(("table",)),
    "thead": frozenset(("table",)),
    "tbody": frozenset(("table",)),
    "tfoot": frozenset(("table",)),
    "tr": frozenset(("thead", "tbody", "tfoot")),
    "td": frozenset(("tr",)),
    "th": frozenset(("tr",)),
}
_CHILD = {"ul": "li", "ol": "li", "dl": "dd", "table": "tbody", "thead": "tr", "tbody": "tr", "tfoot": "tr", "tr": "td"}
_DEPTH = 24  # blocks within blocks; anything deeper is written as paragraphs
_TAIL = 200  # characters at the end of a text that may change when more text is joined to it


def escaped(words: str) -> str:
    """Text as markup, escaped where needed."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(name: str, value: str, *, optional: bool = False) -> str:
    """` name="value"`, escaped; with `optional` nothing for an empty value."""
    if optional and not value:
        return ""
    quoted = escaped(value).replace('"', "&quot;")
    return f' {name}="{quoted}"'


class _Format:
    """A formatting element and those around it. Told apart by identity: two neighbouring <kbd> stay two."""

    __slots__ = ("around", "attributes", "tag")

    def __init__(self, around: _Format | None, tag: str, attributes: str) -> None:
        self.around = around
        self.tag = tag
        self.attributes = attributes

    def chain(self) -> list[_Format]:
        found: list[_Format] = []
        one: _Format | None = self
        while one is not None:
            found.append(one)
            one = one.around
        return found[::-1]


class _Block:
    """A block that was begun; it is open once something stands in it."""

    __slots__ = ("attributes", "breaks", "filled", "implied", "open", "skipped", "tag", "tail")

    def __init__(self, tag: str, attributes: str = "", implied: bool = False) -> None:
        self.tag = tag
        self.attributes = attributes
        self.implied = implied  # ours, not the tree's: <li> around words that stand directly in <ul>
        self.open = False
        self.filled = False
        self.breaks = 0  # how many <p> or <div> we are in, within this block
        self.tail = False  # ends with words outside of any paragraph
        self.skipped: list[str] = []  # empty cells, rows of them: they count once the table has content


class Writer:
    """Takes calls in the order of a tree and writes its normal form."""

    def __init__(self, limit: int) -> None:
        self.limit = limit  # bytes, after which nothing more is begun
        self.full = False
        root = _Block("")
        root.open = True
        self._stack = [root]
        self._parts: list[str] = []
        self._size = 0
        self._format: _Format | None = None  # what the tree says
        self._opened: list[_Format] = []  # what is written
        self._raw: list[str] = []  # words that wait for their end
        self._raw_format: _Format | None = None
        self._running = False  # whether words were written that the next ones stand beside
        self._paragraph = False  # whether they stand in a <p>
        self._last: str | None = None  # the last part, where it is words
        self._space = ""
        self._line_breaks = 0
        self._rule = False

    # Blocks

    def begin(self, tag: str, attributes: str = "") -> bool:
        """Begin a block. False where it may not stand: then it is a mere break, to be left by `end_paragraph`."""
        if self._stack[-1].tag not in _LEAF:
            self._end_run()  # words that wait may imply a block of their own
        # Depth counts once what is implied stands, and not for parts (<li>): read again, the same blocks must fit.
        fits = self._stack[-1].tag not in _LEAF and self._make_room(tag)
        if not fits or (len(self._stack) > _DEPTH and tag not in _PARENTS):
            self.begin_paragraph()
            return False
        self._stack.append(_Block(tag, attributes))
        return True

    def end(self) -> None:
        """End the block that was begun last."""
        self._end_run()
        while self._stack[-1].implied:
            self._pop()
        self._pop()

    def begin_paragraph(self) -> None:
        """What follows belongs to another paragraph than what came before."""
        if self._part_words():
            return
        self._end_run()
        self._imply()
        self._stack[-1].breaks += 1

    def end_paragraph(self) -> None:
        """The end of what `begin_paragraph`, or a `begin` that gave False, has begun."""
        if self._part_words():
            return
        self._end_run()
        top = self._stack[-1]
        top.breaks = max(0, top.breaks - 1)

    def rule(self) -> None:
        """A thematic break (<hr>), written only between two blocks."""
        if self._part_words():
            return
        self._end_run()
        self._rule = self._stack[-1].tag in _FLOW

    def top(self) -> str:
        """The block of the tree in which the next thing stands; "" at the top."""
        at = len(self._stack) - 1
        while self._stack[at].implied:
            at -= 1
        return self._stack[at].tag

    def opened(self) -> bool:
        """Whether anything stands in the block that was begun last."""
        self._end_run()
        return self._stack[-1].open

    def within(self, *tags: str) -> bool:
        """Whether one of these blocks is open around what comes next."""
        return any(block.tag in tags for block in self._stack)

    # What stands in a line

    def text(self, words: str) -> None:
        """Words as the tree has them."""
        if not self._raw and words.isspace() and words.isascii() and self._stack[-1].tag != "pre":
            self._space = " "
            return
        if self._raw and self._raw_format is not self._format:
            self._flush()
        self._raw_format = self._format
        self._raw.append(words)

    def media(self, markup: str) -> None:
        """A picture, video or audio as finished markup."""
        self._flush()
        self._write(markup, self._format, media=True)
        self._last = None

    def line_break(self) -> None:
        """A <br>; two of them in a paragraph begin the next one."""
        if self._stack[-1].tag == "pre":
            self.text("\n")
            return
        self._flush()
        self._line_breaks += 1
        self._space = ""

    def begin_inline(self, tag: str, attributes: str = "") -> bool:
        """Begin a formatting element; False, and nothing to end, where it would add nothing or may not stand."""
        around = self._format
        ruby = False
        while around is not None:
            if around.tag == tag or (tag in ("rt", "rp") and around.tag in ("rt", "rp")):
                return False
            ruby = ruby or around.tag == "ruby"
            around = around.around
        if tag in ("rt", "rp") and not ruby:
            return False
        self._format = _Format(self._format, tag, attributes)
        return True

    def end_inline(self) -> None:
        """End the formatting element that was begun last."""
        if self._format is not None:
            self._format = self._format.around

    def close(self) -> str:
        """The markup, everything closed."""
        self._end_run()
        while len(self._stack) > 1:
            self._pop()
        return "".join(self._parts)

    # Internals

    def _make_room(self, tag: str) -> bool:
        """Leave implied blocks, or imply one, so that `tag` may stand; False when it may not."""
        wanted = _PARENTS.get(tag)
        if wanted is None:
            self._imply()
            return True
        at = len(self._stack) - 1
        while self._stack[at].implied and self._stack[at].tag not in wanted:
            at -= 1
        if self._stack[at].tag not in wanted:
            return False
        while at < len(self._stack) - 1:
            self._pop()
        return True

    def _imply(self) -> None:
        while (child := _CHILD.get(self._stack[-1].tag)) is not None:
            self._end_run()
            self._stack.append(_Block(child, implied=True))

    def _pop(self) -> None:
        block = self._stack.pop()
        self._rule = False
        if block.open:
            self._emit(f"</{block.tag}>")
        elif (block.tag in ("td", "th") and not block.implied) or block.skipped:
            inside = "".join(block.skipped)
            if self._size + len(inside) > self.limit:
                self.full = True
            elif block.tag != "table":
                self._skip(f"<{block.tag}{block.attributes}>{inside}</{block.tag}>")

    def _skip(self, markup: str) -> None:
        """Empty cells: written where their row, section or table is open, else kept for when it opens."""
        above = self._stack[-1]
        if above.open:
            self._emit(markup)
            above.filled = True
        else:
            above.skipped.append(markup)

    def _part_words(self) -> bool:
        """A break inside a heading or the like, which cannot hold paragraphs; False in any other block."""
        tag = self._stack[-1].tag
        if tag == "pre":
            self.text("\n")
        elif tag in _LEAF:
            self._flush()
            self._space = " "
        return tag in _LEAF

    def _end_run(self) -> None:
        if self._raw:
            self._flush()
        if self._running:
            self._close_formats(0)
            if self._paragraph:
                self._emit("</p>")
            else:
                self._stack[-1].tail = True
        self._running = self._paragraph = False
        self._line_breaks, self._last, self._space = 0, None, ""

    def _start_run(self, media: bool) -> None:
        self._imply()
        above = self._stack[0]
        for block in self._stack[1:]:
            if not block.open:
                self._separate(above)
                self._emit(f"<{block.tag}{block.attributes}>{''.join(block.skipped)}")
                block.open = True
            above = block
        top = self._stack[-1]
        loose = top.tag not in _FLOW and (not top.breaks or top.tag in _LEAF or (media and top.tag == "figure"))
        if not loose:
            self._separate(top)
            self._emit("<p>")
            self._paragraph = True
        elif top.tail and not (media and top.tag == "figure"):
            self._emit("<br>")
        self._rule = top.tail = False
        top.filled = self._running = True

    def _separate(self, block: _Block) -> None:
        """Before a block is opened inside `block`: the rule that waits, if it parts two blocks."""
        if self._rule and block.filled and block.tag in _FLOW:
            self._emit("<hr>")
        self._rule = False
        block.filled = True
        block.tail = False

    def _flush(self) -> None:
        if not self._raw:
            return
        raw = self._raw[0] if len(self._raw) == 1 else "".join(self._raw)
        self._raw.clear()
        if self._stack[-1].tag == "pre":
            self._flush_lines(raw)
            return
        words = tidy(raw)
        folded = folded_spaces(words)
        first = folded[:1]
        if not first.isalnum() and (not is_visible(folded) or (not self._running and is_advert_marker(folded))):
            self._space = gap(self._space, words)
            return
        if words[0] != first:  # white space stands before
            self._space = gap(self._space, words[: len(words) - len(words.lstrip())])
        if self._continues():
            folded = folded_spaces(tidy(f"{self._last}{self._space}{folded}"))
            self._size -= len(self._parts.pop().encode())
            self._space = ""
        room = self.limit - self._size
        if 5 * len(folded) > room and len(escaped(folded).encode()) > room:
            folded = clean(folded, max(1, room // 6))
            self.full = True
        head, tail = folded[:-_TAIL], folded[-_TAIL:]
        self._write(escaped(head or tail), self._raw_format)
        if head and not self.full:
            self._emit(escaped(tail))
        self._last = tail
        self._space = gap("", words[len(words.rstrip()) :]) if words[-1].isspace() else ""

    def _continues(self) -> bool:
        """Whether the waiting words and the last written ones are one piece: what stood between was invisible."""
        written = self._opened[-1] if self._opened else None
        return self._last is not None and not self._line_breaks and self._raw_format is written

    def _flush_lines(self, raw: str) -> None:
        """Words in <pre>, where whitespace counts."""
        lines = "\n".join(tidy(line) for line in raw.replace("\r", "\n").split("\n"))
        if not self._running:
            lines = lines.lstrip("\n")
            if not lines.strip():
                return
        if self._size + len(escaped(lines).encode()) > self.limit:
            self.full = True
            return
        if self._continues():
            lines = "\n".join(tidy(line) for line in f"{self._last}{lines}".split("\n"))
            self._size -= len(self._parts.pop().encode())
        head, tail = lines[:-_TAIL], lines[-_TAIL:]
        self._write(escaped(head or tail), self._raw_format)
        if head and not self.full:
            self._emit(escaped(tail))
        self._last = tail

    def _write(self, markup: str, wanted: _Format | None, media: bool = False) -> None:
        if self.full and media:
            return
        if self._size + len(markup) > self.limit:
            self.full = True
            return
        chain = wanted.chain() if wanted is not None else []
        if not self._running:
            self._start_run(media)
        elif self._line_breaks > 1 and self._paragraph:
            self._close_formats(0)
            self._emit("</p><p>")
        else:
            same = 0
            for ours, theirs in zip(self._opened, chain, strict=False):
                if ours is not theirs:
                    break
                same += 1
            self._close_formats(same)
            if self._line_breaks:
                self._emit("<br>" * min(2, self._line_breaks))
            elif self._space:
                self._emit(self._space)
        self._line_breaks, self._space = 0, ""
        for one in chain[len(self._opened) :]:
            self._emit(f"<{one.tag}{one.attributes}>")
            self._opened.append(one)
        self._emit(markup)

    def _close_formats(self, keep: int) -> None:
        while len(self._opened) > keep:
            self._emit(f"</{self._opened.pop().tag}>")

    def _emit(self, markup: str) -> None:
        self._parts.append(markup)
        self._size += len(markup) if markup.isascii() else len(markup.encode())
