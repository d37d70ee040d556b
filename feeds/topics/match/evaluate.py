"""A tree → a function that says whether a document fulfils it. The meaning of words, phrases and NEAR is FTS5's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from ..query import tree
from .conditions import compiled_pattern
from .document import Doc, Facts
from .tokens import is_single

Test = Callable[[Doc], bool]


def test_of(node: tree.Node) -> Test:
    """The test that `node` stands for. Built once a rule: thousands of them meet every record."""
    if isinstance(node, tree.And):
        return _all(node)
    if isinstance(node, tree.Or):
        return _any(node)
    if isinstance(node, tree.Not):
        inner = test_of(node.part)
        return lambda doc: not inner(doc)
    return _leaf(node)


def _all(node: tree.And) -> Test:
    # The cheap and unlikely ones first: what excludes and what searches patterns comes last.
    tests = tuple(test_of(part) for part in sorted(node.parts, key=_cost))
    if len(tests) == 2:
        first, second = tests
        return lambda doc: first(doc) and second(doc)

    def test(doc: Doc) -> bool:
        for one in tests:  # noqa: SIM110  (a generator costs as much as the tests)
            if not one(doc):
                return False
        return True

    return test


def _any(node: tree.Or) -> Test:
    # Plain words are one question: does any of them occur?
    plain = frozenset(part.tokens[0] for part in node.parts if _plain(part))  # type: ignore[union-attr]  # _plain says so
    tests = tuple(test_of(part) for part in sorted(node.parts, key=_cost) if not _plain(part))
    if not tests:
        return lambda doc: not plain.isdisjoint(doc.anywhere)

    def test(doc: Doc) -> bool:
        if not plain.isdisjoint(doc.anywhere):
            return True
        for one in tests:  # noqa: SIM110  (a generator costs as much as the tests)
            if one(doc):
                return True
        return False

    return test


def _plain(node: tree.Node) -> bool:
    return (
        isinstance(node, tree.Words)
        and len(node.tokens) == 1
        and not node.prefix
        and node.exact is None
        and node.fields == tree.ANYWHERE
    )


def _cost(node: tree.Node) -> int:
    if isinstance(node, tree.Source | tree.Language | tree.Medtop | tree.Date | tree.Copies | tree.Outlets):
        return 0
    if isinstance(node, tree.Words):
        return 1 if len(node.tokens) == 1 and not node.prefix else 2
    if isinstance(node, tree.Pattern):
        return 9
    return 4 if isinstance(node, tree.And | tree.Or) else 3


def _leaf(node: tree.Leaf) -> Test:
    if isinstance(node, tree.Words):
        return _words(node)
    if isinstance(node, tree.Near):
        return _near(node)
    if isinstance(node, tree.Pattern):
        pattern, fields = compiled_pattern(node), node.fields
        return lambda doc: any(pattern.search(doc.raw(field)) is not None for field in fields)
    if isinstance(node, tree.Source | tree.Language | tree.Address | tree.Date):
        return _fact(node)
    if isinstance(node, tree.Medtop):
        code = node.code
        return lambda doc: code in doc.medtops
    if isinstance(node, tree.Copies):
        wanted = node.wanted
        return lambda doc: doc.is_copy is wanted
    if isinstance(node, tree.Outlets):
        least, most = node.least, node.most
        return lambda doc: doc.outlets >= least and (most is None or doc.outlets <= most)
    assert isinstance(node, tree.Everything)
    return lambda doc: True


def _fact(node: tree.Source | tree.Language | tree.Address | tree.Date) -> Callable[[Facts], bool]:
    if isinstance(node, tree.Source):
        name, spelled = node.name, node.tokens
        return lambda facts: name in facts.domains or (bool(spelled) and spelled == facts.publisher)
    if isinstance(node, tree.Language):
        tag, longer = node.tag, node.tag + "-"
        return lambda facts: facts.language == tag or facts.language.startswith(longer)
    if isinstance(node, tree.Address):
        piece = node.piece
        return lambda facts: piece in facts.url.lower()
    when = node.when
    if node.side == "before":
        return lambda facts: facts.published < when
    return lambda facts: facts.published >= when


def settled_of(node: tree.Node) -> Callable[[Facts], bool | None]:
    """A test of the facts alone: whether the whole holds or cannot hold, None where the words decide."""
    if isinstance(node, tree.Source | tree.Language | tree.Address | tree.Date):
        return _fact(node)
    if isinstance(node, tree.Everything):
        return lambda facts: True
    if isinstance(node, tree.Not):
        inner = settled_of(node.part)

        def opposite(facts: Facts) -> bool | None:
            answer = inner(facts)
            return None if answer is None else not answer

        return opposite
    if isinstance(node, tree.And | tree.Or):
        parts = tuple(settled_of(part) for part in node.parts)
        decides = isinstance(node, tree.Or)  # one such answer is the answer of the whole

        def together(facts: Facts) -> bool | None:
            answers = [part(facts) for part in parts]
            if decides in answers:
                return decides
            return None if None in answers else not decides

        return together
    return lambda facts: None


def _words(node: tree.Words) -> Test:
    tokens, fields, exact = node.tokens, node.fields, node.exact
    if len(tokens) == 1 and not node.prefix and exact is None:
        token = tokens[0]
        if fields == tree.ANYWHERE:
            return lambda doc: token in doc.anywhere
        field = fields[0]
        if len(fields) == 1:
            return lambda doc: token in doc.vocabulary[field]
    if exact is not None:
        return lambda doc: any(bool(starts(node, doc, field)) and _spelled(exact, doc.raw(field)) for field in fields)
    if len(tokens) == 1:
        return _prefix(tokens[0], fields)
    fixed = frozenset(tokens[:-1] if node.prefix else tokens)

    def test(doc: Doc) -> bool:
        for field in fields:  # noqa: SIM110  (a generator costs as much as the tests)
            if fixed <= doc.vocabulary[field] and starts(node, doc, field):
                return True
        return False

    return test


def _prefix(prefix: str, fields: tuple[str, ...]) -> Test:
    def test(doc: Doc) -> bool:
        for field in fields:
            tokens = doc.in_order(field)
            at = bisect_left(tokens, prefix)
            if at < len(tokens) and tokens[at].startswith(prefix):
                return True
        return False

    return test


def starts(node: tree.Words, doc: Doc, field: str) -> list[int]:
    """The positions in `field` at which the phrase begins."""
    vocabulary = doc.vocabulary[field]
    tokens = node.tokens
    fixed = tokens[:-1] if node.prefix else tokens
    for token in fixed:
        if token not in vocabulary:
            return []
    if not node.prefix:
        places = doc.places(field)
        if len(tokens) == 1:
            return places[tokens[0]]
        words = doc.tokens[field]
        # From the rarest token of the phrase: it decides how many places are looked at.
        rarest = min(range(len(tokens)), key=lambda at: len(places[tokens[at]]))
        found = []
        for place in places[tokens[rarest]]:
            begin = place - rarest
            if begin >= 0 and tuple(words[begin : begin + len(tokens)]) == tokens:
                found.append(begin)
        return found
    last = tokens[-1]
    longer = doc.beginning(field, last)
    if not longer:
        return []
    places = doc.places(field)
    if not fixed:
        return sorted(place for token in longer for place in places[token])
    words = doc.tokens[field]
    size = len(fixed)
    begins = []
    for begin in places[fixed[0]]:
        end = begin + size
        if end < len(words) and tuple(words[begin:end]) == fixed and words[end].startswith(last):
            begins.append(begin)
    return begins


def _near(node: tree.Near) -> Test:
    """FTS5's NEAR: of each phrase an instance whose end lies at most `distance` tokens before the last one's start."""
    needed = frozenset(token for one in node.phrases for token in (one.tokens[:-1] if one.prefix else one.tokens))
    sizes = [len(phrase.tokens) for phrase in node.phrases]

    def test(doc: Doc) -> bool:
        for field in node.fields:
            if needed <= doc.vocabulary[field]:
                places = [starts(phrase, doc, field) for phrase in node.phrases]
                if all(places) and _close(places, sizes, node.distance):
                    return True
        return False

    return test


def _close(places: list[list[int]], sizes: list[int], distance: int) -> bool:
    at = [0] * len(places)
    last = max(one[0] for one in places)
    while True:
        settled = True
        for which, starts_of in enumerate(places):
            least = last - sizes[which] - distance
            while starts_of[at[which]] < least:
                at[which] += 1
                if at[which] == len(starts_of):
                    return False
            if starts_of[at[which]] > last:
                last = starts_of[at[which]]
                settled = False
        if settled:
            return True


def _spelled(exact: str, raw: str) -> bool:
    """Whether `exact` occurs in `raw` as whole words, with this case and these accents."""
    at = raw.find(exact)
    while at >= 0:
        end = at + len(exact)
        if not (at > 0 and _joined(raw[at - 1], exact[0])) and not (end < len(raw) and _joined(exact[-1], raw[end])):
            return True
        at = raw.find(exact, at + 1)
    return False


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_single(left) and not is_single(right)
