"""The ways to its stories that a page declares (feeds, next pages), and those that its CMS offers by convention."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...model import Page
from ...page.text import clean
from ...urls.published_form import published_form
from ...urls.site import host, join, same_site
from ..listing.url_shapes import may_be_story

_FEED_TYPES = ("rss", "atom", "rdf", "feed+json")
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire|commenti|replies|/feed/?\?.*\bp=\d", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._?=&-])(?:rss2?|atom|feeds?|rdf)(?:$|[/._?=&-])|\.(?:rss|atom|rdf)$|/blog-feed\.xml$|format=(?:rss|feed)|outputType=xml",
    re.IGNORECASE,
)
_ELSEWHERE = (
    "facebook.",
    "twitter.",
    "feedly.",
    "google.",
    "yahoo.",
    "bloglines.",
    "netvibes.",
    "inoreader.",
    "apple.",
)
MAX_FEEDS = 20
COMMON = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
NEWS_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/googlenews.xml", "/sitemap/news.xml")
_GENERATORS = (
    "wix", "wordpress", "ghost", "blogger", "drupal", "joomla", "typo3", "hugo", "jekyll", "hexo", "eleventy",
    "discourse", "squarespace", "webflow", "framer", "substack",
)  # fmt: skip
_GENERATOR = re.compile(
    rb"""<meta[^<>]{0,200}?\bname=["']?generator["']?[^<>]{0,200}?\bcontent=["']([^"'<>]{1,200})|"""
    rb"""<meta[^<>]{0,200}?\bcontent=["']([^"'<>]{1,200})["'][^<>]{0,100}?\bname=["']?generator\b""",
    re.IGNORECASE,
)
_MARKS = (
    (b"static.parastorage.com", "wix"), (b"/wp-content/", "wordpress"), (b"static1.squarespace.com", "squarespace"),
    (b"substackcdn.com", "substack"), (b"cdn-client.medium.com", "medium"), (b"/pf/resources/", "arc"),
    (b"Fusion.globalContent", "arc"), (b"/tncms/", "blox"), (b"website-files.com", "webflow"),
    (b"/sites/default/files/", "drupal"), (b"typo3temp", "typo3"), (b"blogger.com/static", "blogger"),
)  # fmt: skip
_TITLE_PARTS = re.compile(r"\s{1,3}[|–—·•»«:-]{1,2}\s{1,3}|\s?[｜：]\s?|(?<=\w):\s")
_HOME = """
home, homepage, home page, welcome, start, start page, news, latest news, front page, main page, startseite,
aktuell, aktuelles, nachrichten, willkommen, accueil, actualités, page d'accueil, inicio, página principal,
portada, noticias, início, página inicial, notícias, notizie, pagina iniziale, voorpagina, nieuws, startpagina,
hem, startsida, nyheter, forside, forsiden, hjem, nyheder, etusivu, uutiset, strona główna, aktualności, úvod,
úvodní stránka, domů, zprávy, domov, novinky, naslovnica, početna, vijesti, vesti, kezdőlap, hírek, acasă,
știri, anasayfa, ana sayfa, haberler, главная, главная страница, новости, головна, новини, начало, αρχική,
ειδήσεις, الرئيسية, أخبار, ראשי, חדשות, ホーム, トップ, トップページ, ニュース, 首页, 新闻, 首頁, 新聞,
홈, 뉴스, trang chủ, tin tức,
beranda, berita
"""
_HOME_WORDS = frozenset(word.strip() for word in _HOME.split(","))  # what titles of home pages say beside a name
_OEMBED = re.compile(r"oembed|opensearch|wlwmanifest|activity\+json", re.IGNORECASE)

_PUBLISHED = re.compile(rb"""(?:property|name)=["']?article:published_time\b""", re.IGNORECASE)
_SILENT = re.compile(rb"<(?:script|style|noscript|template)\b", re.IGNORECASE)
_SILENT_END = re.compile(rb"</(?:script|style|noscript|template)\s{0,10}>", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_NOTHING = 400  # bytes of text; an application's empty page has a name and "Loading …"


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses of a page are resolved against: its first `<base href>`, else its own address."""
    node = tree.css_first("base[href]")
    href = (node.attributes.get("href") or "") if node else ""
    return join(url, href) or url if href else url


def feeds_of(page: Page, tree: LexborHTMLParser) -> tuple[str, ...]:
    """The declared feeds of a page, best first: HTTP Link header, `<link rel=alternate>`, `<a>` to feeds.

    Feeds of comments are left out. A feed under the page's own path comes before the site's.
    """
    base = base_of(tree, page.url)
    found: dict[str, int] = {}
    for rel, url in page.links:
        if rel == "alternate" and _FEED_ADDRESS.search(url) and not _COMMENTS.search(url):
            found.setdefault(url, 0)
    for node in tree.css("link[rel][href]"):
        if (address := _linked_feed(node, base)) is not None:
            found.setdefault(address, 0)
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if len(href) > 500 or not _FEED_ADDRESS.search(href) or _COMMENTS.search(href):
            continue
        address = join(base, href)
        if not address or not same_site(address, page.url) or any(s in host(address) for s in _ELSEWHERE):
            continue
        if not _FEED_ADDRESS.search(published_form(address)):  # "?utm_source=rss" only says who linked
            continue
        found.setdefault(address, 1)
        if len(found) > 4 * MAX_FEEDS:
            break
    own = urlsplit(page.url).path.rstrip("/")
    ranked = sorted(found, key=lambda url: (found[url], not (own and urlsplit(url).path.startswith(own + "/"))))
    return tuple(ranked[:MAX_FEEDS])


def _linked_feed(node: LexborNode, base: str) -> str | None:
    """The address of a `<link>` that declares a feed of stories; None for any other."""
    rels = (node.attributes.get("rel") or "").lower().split()
    kind = (node.attributes.get("type") or "").lower()
    title = node.attributes.get("title") or ""
    address = join(base, node.attributes.get("href") or "")
    if not address or not ({"alternate", "feed"} & set(rels)) or _OEMBED.search(kind + address):
        return None
    if not ("feed" in rels or any(word in kind for word in _FEED_TYPES)):
        return None
    if "/wp-json/" in address or _COMMENTS.search(address) or _COMMENTS.search(title):
        return None
    return address


def next_of(page: Page, tree: LexborHTMLParser) -> str | None:
    """The next page of a listing: rel=next in the HTTP header, in `<link>` or in `<a>`; on the same site."""
    base = base_of(tree, page.url)
    for rel, url in page.links:
        if rel == "next" and same_site(url, page.url):
            return url
    selectors = 'link[rel~="next"][href], a[rel~="next"][href], a.next.page-numbers[href]'
    here = page.url.rstrip("/")
    for node in tree.css(selectors):
        found = join(base, node.attributes.get("href") or "")
        if found and found.rstrip("/") != here and same_site(found, page.url):
            return found
    return None


def title_of(tree: LexborHTMLParser) -> str | None:
    """What the site calls itself: og:site_name, application-name, else its name in the page's title.

    Of a title of several parts ("News | The Echo") the name is the part that a link to the home page repeats, in its
    text or in its picture's: the logo. Without one, what only says that this is the home page is left out.
    """
    for selector in ('meta[property="og:site_name"]', 'meta[name="application-name"]'):
        node = tree.css_first(selector)
        text = clean(node.attributes.get("content") or "", 200) if node else ""
        if text:
            return text
    node = tree.css_first("head > title") or tree.css_first("title")
    whole = clean(node.text(), 200) if node else ""
    parts = [part for part in _TITLE_PARTS.split(whole) if part and part.casefold() not in _HOME_WORDS]
    if parts and len(parts) == 1:
        return parts[0]
    names = _logo_names(tree)
    found = [part for part in parts if part.casefold() in names]
    if found:
        return found[0]
    return whole if parts else next(iter(names.values()), None) or whole or None


def _logo_names(tree: LexborHTMLParser) -> dict[str, str]:
    """What links to the home page say of it, by the folded text."""
    found: dict[str, str] = {}
    for node in tree.css('a[href="/"], a[href="./"], a[rel~="home"], a[href="/index.php"], a[href="/index.html"]')[:20]:
        picture = node.css_first("img[alt]")
        for text in (node.text(separator=" ")[:400], (picture.attributes.get("alt") or "") if picture else ""):
            name = clean(text, 100)
            if 2 < len(name) < 60 and name.casefold() not in _HOME_WORDS:
                found.setdefault(name.casefold(), name)
    return found


def language_of(tree: LexborHTMLParser) -> str | None:
    """The language that the page declares (BCP 47): `<html lang>`, Content-Language, og:locale."""
    node = tree.css_first("html")
    told = (node.attributes.get("lang") or node.attributes.get("xml:lang") or "") if node else ""
    if not told:
        for selector in ('meta[http-equiv="content-language" i]', 'meta[property="og:locale"]'):
            node = tree.css_first(selector)
            told = (node.attributes.get("content") or "") if node else ""
            if told:
                break
    told = told.split(",")[0].strip().replace("_", "-")
    return told if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", told) else None


def guesses(page: Page) -> tuple[tuple[str, str], ...]:
    """(way, address) of what the page's CMS offers by convention, best first, then what is common everywhere.

    The way is "rss", "wordpress" or "sitemap". None of them is known to exist.
    """
    path = urlsplit(page.url).path.rstrip("/")
    found: list[tuple[str, str]] = []
    of_cms = _of_cms(page, path)
    for way, address in (*of_cms, *(("rss", a) for a in COMMON), *(("sitemap", a) for a in NEWS_SITEMAPS)):
        url = join(page.url, address)
        if url and (way, url) not in found:
            found.append((way, url))
    return tuple(found)


def cms_of(page: Page) -> str | None:
    """Which system wrote the page: "wix", "wordpress", "ghost" …; None when it does not show.

    Only bytes are compared, no tree is built.
    """
    body = page.body[:400_000]
    generator = _GENERATOR.search(body[:100_000])
    told = (generator[1] or generator[2]).decode("latin-1").lower() if generator else ""
    for name in _GENERATORS:
        if name in told:
            return name
    if any(rel == "https://api.w.org/" for rel, _ in page.links):
        return "wordpress"
    return next((name for mark, name in _MARKS if mark in body), None)


def _of_cms(page: Page, path: str) -> tuple[tuple[str, str], ...]:
    cms = cms_of(page)
    if cms == "wordpress":
        api = next((url for rel, url in page.links if rel == "https://api.w.org/"), "/wp-json/")
        own = (("rss", f"{path}/feed/"),) if path else ()
        return (
            *own,
            ("rss", "/feed/"),
            ("wordpress", f"{api.rstrip('/')}/wp/v2/posts?per_page=50&_embed=1"),
            ("sitemap", "/news-sitemap.xml"),
            ("sitemap", "/sitemap_index.xml"),
            ("sitemap", "/wp-sitemap.xml"),
        )
    if cms == "wix":
        free = host(page.url).endswith(".wixsite.com")
        prefix = "/" + path.split("/")[1] if free and path else ""
        return (("rss", f"{prefix}/blog-feed.xml"), ("sitemap", f"{prefix}/blog-posts-sitemap.xml"))
    table: dict[str | None, tuple[tuple[str, str], ...]] = {
        "ghost": (("rss", "/rss/"), ("sitemap", "/sitemap-posts.xml")),
        "squarespace": (("rss", f"{path or '/blog'}?format=rss"), ("sitemap", "/sitemap.xml")),
        "substack": (("rss", "/feed"), ("sitemap", "/sitemap.xml")),
        "medium": (("rss", f"/feed{path}"),),
        "blogger": (("rss", "/feeds/posts/default"), ("sitemap", "/sitemap.xml")),
        "drupal": (("rss", "/rss.xml"), ("rss", f"{path}/feed"), ("sitemap", "/sitemap.xml")),
        "joomla": (("rss", f"{path or '/'}?format=feed&type=rss"),),
        "typo3": (("rss", f"{path or '/'}?type=9818"), ("sitemap", "/sitemap.xml")),
        "arc": (
            ("rss", "/arc/outboundfeeds/rss/?outputType=xml"),
            ("sitemap", "/arc/outboundfeeds/news-sitemap-index/?outputType=xml"),
        ),
        "blox": (("rss", "/search/?f=rss&t=article&l=50&s=start_time&sd=desc"), ("sitemap", "/tncms/sitemap/news.xml")),
        "hugo": (("rss", f"{path}/index.xml"), ("rss", "/index.xml")),
        "jekyll": (("rss", "/feed.xml"), ("rss", "/atom.xml")),
        "hexo": (("rss", "/atom.xml"),),
        "eleventy": (("rss", "/feed/feed.xml"), ("rss", "/feed.xml")),
        "webflow": (("rss", "/blog/rss.xml"),),
        "framer": (("rss", "/rss.xml"),),
        "discourse": (("rss", "/latest.rss"),),
    }
    return table.get(cms, ())


def is_article(page: Page) -> bool:
    """Whether a page says of itself that it is one article: when it was published, at an address that may be a story's.

    Only bytes are compared, as above. Fronts and lists that are marked as articles by mistake have no such time.
    """
    head = page.body[:400_000].partition(b"<body")[0]
    return bool(_PUBLISHED.search(head)) and may_be_story(page.url)


def is_made_by_scripts(page: Page) -> bool:
    """Whether the page has scripts and next to nothing to read."""
    first, *parts = _SILENT.split(page.body[:2_000_000])
    shown = [first.rpartition(b"<body")[2], *(rest for part in parts if (rest := _silent_end(part)))]
    text = b" ".join(_TAG.sub(b" ", b"".join(shown)).split())
    return bool(parts) and len(text) < _NOTHING


def _silent_end(part: bytes) -> bytes:
    found = _SILENT_END.search(part)
    return part[found.end() :] if found else b""
