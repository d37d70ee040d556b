"""XPath 1.0 → CSS, for the part of XPath that recipes of feed readers use and CSS can say.

Steps by `/` and `//` with names or `*`, predicates on attributes, classes and positions, unions, and a last step that
names an attribute or text(). Axes to ancestors or preceding nodes, string functions and arithmetic have no CSS
equivalent.
"""

from __future__ import annotations

import re

MAX_LENGTH = 1000
_STEP = re.compile(r"(?P<axis>descendant(?:-or-self)?::|child::|self::)?(?P<name>\*|[A-Za-z][\w-]{0,40})")
_PREDICATE = re.compile(r"""\[((?:[^\[\]"']|"[^"]{0,300}"|'[^']{0,300}'){1,400})\]""")
_EQUALS = re.compile(r"@([\w:-]{1,60})\s?=\s?(?:\"([^\"]*)\"|'([^']*)')")
_FUNCTION = re.compile(r"(contains|starts-with)\(\s?@([\w:-]{1,60})\s?,\s?(?:\"([^\"]*)\"|'([^']*)')\s?\)")
_CLASS = re.compile(
    r"contains\(\s?concat\(\s?(?:\" \"|' ')\s?,\s?(?:normalize-space\(\s?@class\s?\)|@class)\s?,"
    r"\s?(?:\" \"|' ')\s?\)\s?,"
    r"\s?(?:\" ([^\" ]+) \"|' ([^' ]+) ')\s?\)"
)
_HAS = re.compile(r"@([\w:-]{1,60})")
_CHILD = re.compile(r"(\.//|\./|)([A-Za-z][\w-]{0,40})")


class Untranslatable(ValueError):
    """CSS cannot say this."""


def to_css(xpath: str) -> str:
    """The CSS selector list of an XPath that selects elements. Raises Untranslatable."""
    css, attribute = _unions(xpath)
    if attribute is not None:
        raise Untranslatable("it selects an attribute or a text, not elements")
    return css


def attribute_and_css(xpath: str) -> tuple[str, str | None]:
    """(CSS relative to an item, attribute) of an XPath such as `.//h2/a/@href`; empty CSS means the item itself."""
    return _unions(xpath)


def _unions(xpath: str) -> tuple[str, str | None]:
    xpath = xpath.strip()
    if not xpath or len(xpath) > MAX_LENGTH:
        raise Untranslatable("it is empty or too long")
    parts = [_path(part.strip()) for part in _split(xpath)]
    attributes = {attribute for _, attribute in parts}
    if len(attributes) > 1:
        raise Untranslatable("its parts select different things")
    return ", ".join(css for css, _ in parts), attributes.pop()


def _split(xpath: str) -> list[str]:
    """The parts of a union; `|` in strings and predicates splits nothing."""
    parts, depth, quote, start = [], 0, "", 0
    for at, c in enumerate(xpath):
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c in "[(":
            depth += 1
        elif c in "])":
            depth -= 1
        elif c == "|" and depth == 0:
            parts.append(xpath[start:at])
            start = at + 1
    return [*parts, xpath[start:]]


def _path(xpath: str) -> tuple[str, str | None]:
    """One location path as (CSS, attribute)."""
    css = ""
    attribute: str | None = None
    rest = xpath
    if rest.startswith("."):
        rest = rest[1:]
    if not rest.startswith("/"):
        rest = "/" + rest
    first = True
    while rest:
        if attribute is not None:
            raise Untranslatable("something follows an attribute")
        if rest.startswith("//"):
            combinator, rest = " ", rest[2:]
        elif rest.startswith("/"):
            combinator, rest = " > ", rest[1:]
        else:
            raise Untranslatable(f"{rest[:40]!r} is not understood")
        if rest.startswith("@"):
            match = re.match(r"@([\w:-]{1,60})$", rest)
            if match is None:
                raise Untranslatable(f"{rest[:40]!r} is not understood")
            attribute, rest = match[1], ""
            continue
        if rest.startswith(("text()", "node()")) and rest.endswith(")"):
            attribute, rest = "text()", ""
            continue
        match = _STEP.match(rest)
        if match is None or rest[match.end() : match.end() + 1] == "(" or rest[match.end() : match.end() + 2] == "::":
            raise Untranslatable(f"{rest[:40]!r} has no CSS")
        axis = match["axis"] or ""
        if axis == "self::":
            raise Untranslatable("the axis self has no CSS")
        if axis.startswith("descendant"):
            combinator = " "
        name, rest = match["name"], rest[match.end() :]
        step = "" if name == "*" else name.lower()
        while rest.startswith("["):
            predicate = _PREDICATE.match(rest)
            if predicate is None:
                raise Untranslatable(f"{rest[:40]!r} is not understood")
            step += _condition(predicate[1].strip(), name)
            rest = rest[predicate.end() :]
        css += ("" if first else combinator) + (step or "*")
        first = False
    return css, attribute


def _condition(predicate: str, name: str) -> str:
    """A predicate (the part between brackets) as a part of a CSS selector."""
    found = ""
    for part in re.split(r"\s{1,9}and\s{1,9}", predicate):
        part = part.strip()
        negated = re.fullmatch(r"not\((.{1,300})\)", part)
        one = _simple(negated[1].strip() if negated else part, name)
        found += f":not({one})" if negated else one
    return found


def _simple(part: str, name: str) -> str:
    if part.isdecimal():
        return f":nth-child({part})" if name == "*" else f":nth-of-type({part})"
    if part == "last()":
        return ":last-child" if name == "*" else ":last-of-type"
    if re.fullmatch(r"position\(\)\s?=\s?\d{1,5}", part):
        return _simple(part.partition("=")[2].strip(), name)
    if found := _EQUALS.fullmatch(part):
        value = found[2] if found[2] is not None else found[3]
        return f"[{found[1]}={_quoted(value)}]"
    if found := _CLASS.fullmatch(part):
        return f"[class~={_quoted(found[1] or found[2])}]"
    if found := _FUNCTION.fullmatch(part):
        value = found[3] if found[3] is not None else found[4]
        return f"[{found[2]}{'*=' if found[1] == 'contains' else '^='}{_quoted(value)}]"
    if found := _HAS.fullmatch(part):
        return f"[{found[1]}]"
    if found := _CHILD.fullmatch(part):
        return f":has({'' if found[1] == './/' else '> '}{found[2].lower()})"
    raise Untranslatable(f"[{part}] has no CSS")


def _quoted(value: str) -> str:
    if re.search(r'[\\"\n\r\0]', value):
        raise Untranslatable("a string in it cannot be quoted")
    return f'"{value}"'
