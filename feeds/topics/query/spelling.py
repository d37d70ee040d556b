"""A tree back into a query: what the program understood, and what it quotes in messages."""

from __future__ import annotations

from . import tree


def written(node: tree.Node) -> str:
    """The tree as a query, every parenthesis written: what the program understood."""
    if isinstance(node, tree.And | tree.Or):
        joint = " AND " if isinstance(node, tree.And) else " OR "
        return joint.join(
            f"({written(part)})" if isinstance(part, tree.And | tree.Or) else written(part) for part in node.parts
        )
    if isinstance(node, tree.Not):
        inner = written(node.part)
        return f"NOT ({inner})" if isinstance(node.part, tree.And | tree.Or) else f"NOT {inner}"
    return spelled(node)


def quoted(node: tree.Node) -> str:
    """A word or phrase in quotation marks, anything else as a query."""
    if not isinstance(node, tree.Words):
        return written(node)
    words = node.exact or " ".join(node.tokens) + ("*" if node.prefix else "")
    return f"“{words}”"


def spelled(node: tree.Leaf) -> str:
    """One condition as a query."""
    if isinstance(node, tree.Words):
        before = "" if node.fields == tree.ANYWHERE else f"{node.fields[0]}:"
        if node.exact is not None:
            return f'{before}="{node.exact}"'
        words = " ".join(node.tokens)
        star = "*" if node.prefix else ""
        return f'{before}"{words}"{star}' if len(node.tokens) > 1 else f"{before}{words}{star}"
    if isinstance(node, tree.Near):
        before = "" if node.fields == tree.ANYWHERE else f"{node.fields[0]}:"
        phrases = " ".join(spelled(tree.Words(one.tokens, prefix=one.prefix)) for one in node.phrases)
        return f"{before}NEAR({phrases}, {node.distance})"
    if isinstance(node, tree.Pattern):
        before = "" if node.fields == tree.ANYWHERE else f"{node.fields[0]}:"
        return f"{before}/{node.pattern}/{'i' if node.ignore_case else ''}"
    if isinstance(node, tree.Source):
        return f'source:"{node.name}"' if " " in node.name else f"source:{node.name}"
    if isinstance(node, tree.Language):
        return f"lang:{node.tag}"
    if isinstance(node, tree.Address):
        return f'url:"{node.piece}"'
    if isinstance(node, tree.Medtop):
        return f"topic:medtop:{node.code}"
    if isinstance(node, tree.Date):
        day = node.when.hour == node.when.minute == node.when.second == 0
        return f"{node.side}:{node.when:%Y-%m-%d}" if day else f"{node.side}:{node.when:%Y-%m-%dT%H:%M:%S}"
    if isinstance(node, tree.Copies):
        return f"copies:{'only' if node.wanted else 'no'}"
    if isinstance(node, tree.Outlets):
        if node.most is None:
            return f"outlets:>={node.least}"
        return f"outlets:{node.least}" if node.least == node.most else f"outlets:<={node.most}"
    return "everything"
