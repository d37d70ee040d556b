"""Bodies in data: trees of blocks as publishing systems keep them → HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from ..claims import words

MIN_BODY = 200  # characters below which a text is no body

BODIES = words(
    """
    articlebody body content contents contenthtml bodyhtml html text bodytext articlecontent articletext story storyhtml
    contentelements richcontent richtext blocks paragraphs fulltext mainbody maincontent bodyblocks components elements
    children contentblocks document nodes newscontent
    """
)
BODY_KEYS = frozenset(BODIES)
_SKIPPED_BLOCKS = frozenset(
    words(
        """
        image video gallery customembed oembedresponse oembed interstitiallink rawhtml ad advertisement
        embed iframe related
        newsletter promo button divider twitter instagram facebook table media audio poll quiz script style img figure
        """
    )
)
_TAGS_OF_BLOCKS = {
    "p": "p paragraph text block unstyled",
    "h2": "header heading h1 h2 subhead crosshead subheading heading2",
    "h3": "h3 heading3",
    "h4": "h4",
    "blockquote": "quote blockquote pullquote",
    "li": "li listitem",
}
_BLOCK_TAGS = {kind: tag for tag, kinds in _TAGS_OF_BLOCKS.items() for kind in words(kinds)}


def key(name: str) -> str:
    """A key without case and punctuation, so that spellings of one name agree."""
    return name.lower().replace("_", "").replace("-", "")


def prose(value: Any, depth: int = 0) -> str:
    """A body as HTML: a text or HTML as it is, a tree of blocks with its paragraphs, headings, quotes and lists."""
    if isinstance(value, str):
        return value if len(value) >= MIN_BODY or depth else ""
    if depth > 8:
        return ""
    if isinstance(value, list):
        return "\n".join(part for part in (_block(item, depth + 1) for item in value[:2000]) if part)
    if isinstance(value, dict):
        for k, v in value.items():
            if key(k) in BODY_KEYS and isinstance(v, list | str | dict):
                inner = prose(v, depth + 1 if not isinstance(v, str) else depth)
                if len(inner) >= MIN_BODY:
                    return inner
    return ""


def _block(item: Any, depth: int) -> str:
    """One block of a body as HTML."""
    if isinstance(item, str):
        return item if item.lstrip().startswith("<") else f"<p>{escape(item)}</p>" if len(item) > 1 else ""
    if not isinstance(item, dict) or depth > 12:
        return ""
    kind = key(
        str(
            item.get("type")
            or item.get("_type")
            or item.get("nodeType")
            or item.get("__typename")
            or item.get("name")
            or ""
        )
    )
    if kind in _SKIPPED_BLOCKS:
        return ""
    if kind in ("list", "ul", "ol", "bulletlist", "orderedlist", "unorderedlist"):
        lists = [item[k] for k in ("items", "children", "content", "nodes") if isinstance(item.get(k), list)]
        inner = "".join(f"<li>{_inline(entry, depth + 1)}</li>" for entry in (lists[0] if lists else [])[:200])
        return f"<ul>{inner}</ul>" if inner else ""
    tag = _BLOCK_TAGS.get(kind)
    inner = _inline(item, depth)
    if not inner:
        return ""
    if inner.lstrip().startswith(("<p", "<h", "<ul", "<ol", "<blockquote", "<div")):
        return inner
    return f"<{tag or 'p'}>{inner}</{tag or 'p'}>"


def _inline(item: Any, depth: int) -> str:
    """The text inside a block, markup kept where it is given as markup."""
    if isinstance(item, str):
        return item
    if depth > 14:
        return ""
    if isinstance(item, list):
        return "".join(_inline(entry, depth + 1) for entry in item[:500])
    if not isinstance(item, dict):
        return ""
    kind = key(str(item.get("type") or item.get("_type") or item.get("nodeType") or ""))
    if kind in _SKIPPED_BLOCKS:
        return ""
    for name in (
        "content",
        "text",
        "html",
        "data",
        "value",
        "children",
        "nodes",
        "textData",
        "body",
        "paragraph",
        "model",
    ):
        inner = item.get(name)
        if isinstance(inner, str | list) or (
            isinstance(inner, dict) and name in ("textData", "data", "content", "model", "body")
        ):
            text = _inline(inner, depth + 1)
            if text.strip():
                return text
    return ""
