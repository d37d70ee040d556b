"""The one list of what a body may hold: elements and their attributes, and the nh3 cleaner that enforces it."""

from __future__ import annotations

import nh3

INLINE = frozenset(
    """a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup time u
    var""".split()  # noqa: SIM905  (words)
)
RENAMED = {"acronym": "abbr", "strike": "s", "tt": "code", "big": "b", "listing": "pre", "xmp": "pre", "dir": "ul"}
LEAVES = frozenset("h1 h2 h3 h4 h5 h6 pre dt summary caption".split())  # noqa: SIM905  (words)
CONTAINERS = frozenset("blockquote details figure figcaption ul ol li dl dd table thead tbody tfoot tr th td".split())  # noqa: SIM905  (words)
BREAKS = frozenset(  # dropped, but words before and after them belong to different paragraphs
    """address article aside center div fieldset footer form header hgroup legend main menu nav optgroup option p
    search section""".split()  # noqa: SIM905  (words)
)
DROPPED = frozenset(  # dropped with their content
    """applet area audioworklet base basefont bgsound button canvas col colgroup command datalist dialog frame frameset
    head input keygen link map meta meter noembed noframes output param portal progress select slot source style svg
    template textarea title track x-frameset x-plaintext x-select x-svg x-template""".split()  # noqa: SIM905  (words)
)
PICTURES = frozenset(("img", "amp-img", "amp-anim", "image"))
FRAMES = frozenset(("iframe", "embed", "object", "amp-iframe", "amp-video-iframe"))
FILES = frozenset(("video", "audio", "amp-video", "amp-audio"))

LINES = (LEAVES | CONTAINERS | BREAKS | {"br", "hr"}) - {"td", "th"}

ELEMENTS = INLINE | LEAVES | CONTAINERS | {"p", "div", "br", "hr", "img", "video", "audio", "source"}
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "dfn": {"title"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "poster", "width", "height"},
    "*": {"dir", "lang"},
}
GATE = nh3.Cleaner(
    tags=set(ELEMENTS),
    attributes=ATTRIBUTES,
    link_rel="noopener",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
