"""A tree back into a query: what the program understood, and what it quotes in messages."""

from __future__ import annotations

from .tree import (
    ANYWHERE,
    Address,
    And,
    Copies,
    Date,
    Language,
    Leaf,
    Medtop,
    Near,
    Node,
    Not,
    Or,
    Outlets,
    Pattern,
    Source,
    Words,
)


def written(node: Node) -> str:
    """The tree as a query, every parenthesis written: what the program understood."""
    if isinstance(node, And | Or):
        joint = " AND " if isinstance(node, And) else " OR "
        return joint.join(f"({written(part)})" if isinstance(part, And | Or) else written(part) for part in node.parts)
    if isinstance(node, Not):
        inner = written(node.part)
        return f"NOT ({inner})" if isinstance(node.part, And | Or) else f"NOT {inner}"
    return spelled(node)


def quoted(node: Node) -> str:
    """A word or phrase in quotation marks, anything else as a query."""
    if not isinstance(node, Words):
        return written(node)
    words = node.exact or " ".join(node.tokens) + ("*" if node.prefix else "")
    return f"“{words}”"


def spelled(node: Leaf) -> str:
    """One condition as a query."""
    if isinstance(node, Words):
        before = "" if node.fields == ANYWHERE else f"{node.fields[0]}:"
        if node.exact is not None:
            return f'{before}="{node.exact}"'
        words = " ".join(node.tokens)
        star = "*" if node.prefix else ""
        return f'{before}"{words}"{star}' if len(node.tokens) > 1 else f"{before}{words}{star}"
    if isinstance(node, Near):
        before = "" if node.fields == ANYWHERE else f"{node.fields[0]}:"
        phrases = " ".join(spelled(Words(one.tokens, prefix=one.prefix)) for one in node.phrases)
        return f"{before}NEAR({phrases}, {node.distance})"
    if isinstance(node, Pattern):
        before = "" if node.fields == ANYWHERE else f"{node.fields[0]}:"
        return f"{before}/{node.pattern}/{'i' if node.ignore_case else ''}"
    if isinstance(node, Source):
        return f'source:"{node.name}"' if " " in node.name else f"source:{node.name}"
    if isinstance(node, Language):
        return f"lang:{node.tag}"
    if isinstance(node, Address):
        return f'url:"{node.piece}"'
    if isinstance(node, Medtop):
        return f"topic:medtop:{node.code}"
    if isinstance(node, Date):
        day = node.when.hour == node.when.minute == node.when.second == 0
        return f"{node.side}:{node.when:%Y-%m-%d}" if day else f"{node.side}:{node.when:%Y-%m-%dT%H:%M:%S}"
    if isinstance(node, Copies):
        return f"copies:{'only' if node.wanted else 'no'}"
    if isinstance(node, Outlets):
        if node.most is None:
            return f"outlets:>={node.least}"
        return f"outlets:{node.least}" if node.least == node.most else f"outlets:<={node.most}"
    return "everything"
