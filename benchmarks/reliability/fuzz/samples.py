"""Small samples of everything that `benchmarks.fuzz` damages, written for it, and the words of their grammars."""

# ruff: noqa: E501  a sample stays on its line

from __future__ import annotations

import json


def rows(*rows: str) -> tuple[bytes, ...]:
    return tuple(row.encode() for row in rows)


LABELS = ("utf-8", "windows-1252", "shift_jis", "utf-16", "iso-2022-jp", "gb18030", "euc-kr", "x-user-defined", "\0")

MARKUP = rows(
    '<p>The harbour <b>was</b> closed <a href="/x?utm_source=y#z">yesterday</a>.</p><p>Second &amp; last</p>',
    '<figure><img src="/a.jpg" srcset="/a.jpg 1x, /b.jpg 2x" width=300 alt="Ships"><figcaption>Ships</figcaption></figure>',
    "<table><caption>Goals</caption><tr><th>Team<td colspan=2>3</table><ul><li>one<li>two<ul><li>three</ul></ul>",
    "<blockquote cite='https://a.example/'><p dir=rtl lang=fa>نقل</p></blockquote><pre>  a\n b</pre><hr><br>",
    "<svg><p>x<style><a title='</style><img src onerror=alert(1)>'></svg><math><mtext><table><mglyph><style>",
    "<details open><summary>More</summary>text</details><ruby>字<rt>ji</rt></ruby><video src=v.mp4 controls></video>",
    "<template><script>alert(1)</script></template><noscript><img src=x onerror=y></noscript><iframe srcdoc=x>",
)
TAGS = rows(
    "<b>", "</b>", "<i>", "<p>", "</p>", "<table>", "<td>", "</table>", "<a href=/x>", "</a>", "<li>", "<ul>", "</ul>",
    "<svg>", "</svg>", "<math>", "<style>", "</style>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>",
    "<select>", "<option>", "<template>", "<plaintext>", "<textarea>", "<title>", "<noscript>", "<form>", "<button>",
    "javascript:alert(1)", "data:text/html,x", " onload=x", " style=x", "&quot;", "&#x3c;", "&lt;", '"', "'", "`",
    "<img src=a>", "<h1>", "</h1>", "<pre>", "<br>", "<div hidden>", "<body onload=x>", "<html>", "<frameset>",
    "<video>", "<source src=x>", "<details>", "<summary>", "<dl>", "<dt>", "<dd>", "<ruby>", "<rt>", "<object>",
)  # fmt: skip
PAGE = rows(
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Ferry stays in harbour - Courier</title>"
    '<meta property="og:title" content="Ferry stays"><meta property="article:published_time" content="2026-11-19">'
    '<link rel=canonical href="/2026/11/a-story"><script type="application/ld+json">{"@type":"NewsArticle","headline":'
    '"Ferry stays in harbour","datePublished":"2026-11-19T08:00:00Z","author":[{"@type":"Person","name":"A. Writer"}],'
    '"image":{"url":"/a.jpg","width":"800"}}</script></head><body><article><h1>Ferry stays in harbour</h1>'
    "<time datetime=2026-11-19T08:00>19 November</time>"
    + "".join(
        f"<p>The ferry of the island stayed in the harbour on day {n}, as the council said, and nobody knew why.</p>"
        for n in range(6)
    )
    + "</article></body></html>"
)
LISTING = rows(
    "<!doctype html><title>Courier</title><link rel=alternate type=application/rss+xml href=/rss><main>"
    + "".join(
        f'<article><h2><a href="/2026/11/{n}/the-ferry-stays-in-harbour-{n}">The ferry stays in the harbour {n}</a></h2>'
        f"<time datetime=2026-11-{n + 10}>{n} November</time><img src=/{n}.jpg><p>The council said so on day {n}.</p></article>"
        for n in range(9)
    )
    + '<a rel=next href="?page=2">next</a></main><script type="application/json" id="__NEXT_DATA__">{"props":{"items":'
    '[{"title":"The tower falls","url":"/2026/11/tower-falls"}]}}</script>'
)
XML_WORDS = rows(
    "<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&nbsp;", "&bogus;", "&#0;", "&#xD800;", "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "<?xml version='1.0' encoding='utf-16'?>", "<?xml?>", "xmlns='x'", "xml:base='javascript:x'", "<item>", "</item>",
    "<link>", "</link>", "<guid isPermaLink='true'>", "<entry>", "</entry>", "<loc>", "</loc>", "<url>", "</url>",
    "<content type='xhtml'>", "<div>", "<author>", "https://courier.example/2026/11/b-story", "2026-02-30", "\x00",
)  # fmt: skip
FEEDS = rows(
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    "<title>Courier</title><link>https://courier.example/</link><language>en</language><item><title>Ferry &amp; harbour"
    '</title><link>/2026/11/ferry</link><guid isPermaLink="false">7</guid><pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>'
    "<dc:creator>A. Writer</dc:creator><category>Sea</category><description>&lt;p&gt;It stays.&lt;/p&gt;</description>"
    "<content:encoded><![CDATA[<p>The ferry of the island stayed in the harbour.</p><p>Nobody knew why it did.</p>]]>"
    '</content:encoded><media:content url="/a.jpg" width="800" medium="image"/><enclosure url="/b.mp3" length="1" '
    'type="audio/mpeg"/></item><item><title>Tower</title><link>https://courier.example/2026/11/tower</link></item>'
    "</channel></rss>",
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://courier.example/"><title>Courier</title><id>urn:x</id>'
    '<link rel="next" href="?page=2"/><entry><title type="html">Ferry &lt;b&gt;stays&lt;/b&gt;</title><id>tag:x,2026:1</id>'
    '<link href="2026/11/ferry"/><updated>2026-11-19T08:00:00+01:00</updated><author><name>A. Writer</name></author>'
    '<category term="sea" label="Sea"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It stays.</p>'
    "</div></content></entry></feed>",
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://'
    'purl.org/dc/elements/1.1/"><channel rdf:about="https://courier.example/"><title>Courier</title></channel><item '
    'rdf:about="https://courier.example/2026/11/ferry"><title>Ferry</title><link>https://courier.example/2026/11/ferry'
    "</link><dc:date>2026-11-19</dc:date><description>It stays.</description></item></rdf:RDF>",
)
JSON = rows(
    json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1", "title": "Courier", "language": "en", "next_url": "/feed?page=2",
            "items": [
                {"id": 7, "url": "/2026/11/ferry", "title": "Ferry", "content_html": "<p>It stays.</p>", "tags": ["sea"],
                 "date_published": "2026-11-19T08:00:00Z", "authors": [{"name": "A. Writer"}], "image": "/a.jpg"},
                {"id": "https://courier.example/2026/11/b", "content_text": "Words.", "attachments": [{"url": "/a.mp3"}]},
            ],
        }
    ),
    json.dumps(
        [
            {"id": 5, "date_gmt": "2026-11-19T08:00:00", "modified_gmt": None, "link": "https://courier.example/2026/11/f",
             "title": {"rendered": "Ferry &#8211; stays"}, "content": {"rendered": "<p>It stays in the harbour.</p>"},
             "excerpt": {"rendered": ""}, "_embedded": {"author": [{"name": "A"}], "wp:term": [[{"name": "Sea"}]]}}
        ]
    ),
)  # fmt: skip
JSON_WORDS = rows(
    "{", "}", "[", "]", '"', ",", ":", "null", "true", "1e999", "-0", "NaN", "9" * 30, "9" * 5000, '"\\ud800"', '"\\u0000"',
    '{"a":' * 60, "[" * 300, '"url"', '"items"', '"title"', "{}", "[]", '"\\', "1.5", '"rendered"', "-1e400",
)  # fmt: skip
SITEMAPS = rows(
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://courier.example/2026/11/ferry-stays'
    "</loc><lastmod>2026-11-19</lastmod><n:news><n:publication><n:name>Courier</n:name><n:language>en</n:language>"
    "</n:publication><n:publication_date>2026-11-19T08:00:00Z</n:publication_date><n:title>Ferry stays</n:title>"
    "<n:keywords>sea, ferry</n:keywords></n:news><image:image><image:loc>/a.jpg</image:loc></image:image></url><url><loc>"
    "https://courier.example/2026/11/tower-falls-down</loc></url></urlset>",
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://courier.example/news-1.xml'
    "</loc><lastmod>2026-11-19</lastmod></sitemap><sitemap><loc>/post-sitemap99999999999.xml</loc></sitemap></sitemapindex>",
)
OPMLS = rows(
    '<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>Mine</title></head><body><outline text="Sea">'
    '<outline text="Courier" type="rss" xmlUrl="https://courier.example/rss" htmlUrl="https://courier.example/" '
    'language="en"/><outline text="Herald" type="HTML+XPath" xmlUrl="https://herald.example/" '
    'frss:xPathItem="//div[@class=\'story\']" frss:xPathItemTitle=".//h2" frss:xPathItemUri=".//a/@href" '
    'frss:xPathItemContent=".//p" frss:cssFullContent="article .body" frss:filtersActionRead="intitle:ad"/></outline>'
    '<outline text="B" type="rss" xmlUrl="https://bridge.example/?action=display&amp;bridge=X&amp;format=Atom"/></body></opml>',
)
ROBOTS = rows(
    "User-agent: *\nDisallow: /private/\nAllow: /private/x.html$\nCrawl-delay: 5\n\nUser-agent: copydesk\nDisallow: /news/*?page=\n"
    "Sitemap: https://courier.example/sitemap.xml\n",
    "\ufeffuser-AGENT : copydesk/1.0\r\nallow:\r\ndisallow: *.pdf$ # no papers\r\nrequest-rate: 1/10s\r\nvisit-time: 0600-0845\r\n",
)
HEADERS = rows(
    'Retry-After: 120\nRetry-After: Fri, 20 Nov 2026 13:00:00 GMT\nCache-Control: public, max-age=300, s-maxage="60"\nAge: 12\n'
    'Expires: Fri, 20 Nov 2026 14:00:00 GMT\nDate: Fri, 20 Nov 2026 12:00:00 GMT\nETag: W/"abc"\n'
    'Content-Type: text/html; charset="utf-8"\nLocation: //courier.example/é?a=b c\nX-Robots-Tag: copydesk: noindex, unavailable_after: x\n'
    'Link: </feed>; rel="alternate next"; type=a, <b>; rel=hub\nLast-Modified: Friday, 20-Nov-26 12:00:00 GMT\n',
)
DATES = rows(
    "2026-11-19T08:00:00+01:00", "Thu, 19 Nov 2026 08:00:00 GMT", "19. November 2026, 8:00 Uhr", "Nov. 19, 2026 8:00 p.m. ET",
    "il y a 2 heures", "2 hours ago", "yesterday at 5pm", "2026年11月19日 午後3時5分", "令和8年11月19日", "19/11/2026 17h05", "1763539200000",
    "۱۹ نوامبر ۲۰۲۶", "19 พฤศจิกายน 2569", "20261119T080000Z", "03/04/26", "Published: Thursday | 19.11.26 | 08:00", "3h", "今から5分前",
)  # fmt: skip
URLS = rows(
    "https://www.courier.example/2026/11/ferry-stays.html?utm_source=x&b=2&a=1#top", "//m.courier.example:443/a/../b/./c//d;x=1",
    "http://[::1]:8080/", "https://xn--bcher-kva.example/%7Euser/%c3%a9?q=%zz", "https://bücher.example./a/index.html",
    "https://courier-example.cdn.ampproject.org/c/s/courier.example/amp/story", "https://courier.example/#!/post/5?id=3",
    "HTTPS://user:pw@courier.example:99999/a b\tc", "mailto:a@b.example", "?page=2", "../x", "https://1.2.3.4.5/", "http://0x7f.1/",
)  # fmt: skip
DRAFTS = rows(
    "title: Ferry stays in harbour | Courier\nsubtitle: Nobody knew\ntext: The ferry of the island stayed.\\nNobody knew why it did "
    "so on that day.\nhtml: <p>The ferry of the island stayed.</p><p>Nobody knew why it did so.</p>\npublished: 2026-11-19T08:00:00Z\n"
    "updated: 19 Nov 2026 9:00\ncanonical: /2026/11/ferry\nguid: 7\nsection: Sea\nlanguage: en-GB\nauthors: A. Writer|by B. Other\n"
    "tags: sea|Ferry|\nurl: https://courier.example/2026/11/ferry\naliases: /amp/ferry|x\npublisher: The Courier\n",
)
QUERIES = rows(
    '(gas OR "oil price") -football title:court', "NEAR(bank tax, 4) lang:de source:courier", "/sto.m/i author:writer econ*",
    'outlets:>=3 copies:no after:2026-01-01 url:/sport "new york"~3', "title:(storm OR flood) NOT text:school =Apple",
    "topic:politics tag:c++ 東京 OR économie", "before:2026-11 AND (rain AND NOT (wind OR war))",
)  # fmt: skip
QUERY_WORDS = rows(
    "(", ")", '"', " OR ", " AND ", " NOT ", "-", "!", "*", "/", "\\", "title:", "text:", "source:", "lang:", "NEAR(", ",", " NEAR/3 ",
    "=", "~", "#", "outlets:>=2", "after:2026", "tag:", "gas", "storm", "東京", "’", "[", "]", "{9}", "|", "^", "$", ":", "intitle:", "f:1",
    "date:2026-11-01/", "pubdate:P3D", "inurl:", "EntryTitle=", "(?i)\\b", "labels:",
)  # fmt: skip
SEARCHES = rows(
    "intitle:ferry (author:writer OR #sea) -intext:\"no news\" date:2026-11-01/2026-11-20", "intitle:/^Fer+y/i !inurl:sport f:3 'two words'",
    "EntryTitle=(?i)\\bferry\\b\nEntryDate=between:2026-01-01,2026-02-01\nEntryURL=sport\n(?i)advert", "pubdate:2026 OR (a (b OR c) -d)",
)  # fmt: skip
CONFIGS = rows(
    'contact = "mailto:desk@example.org"\ntitle = "Desk"\nbase_url = "https://news.example.org/"\nseeds = "seeds"\npreferred = ["courier"]\n'
    '[store]\nurl = "sqlite:var/copydesk.db"\nkeep = "365d"\nbackups = 7\n[publish]\nfolder = "var/public"\nentries = 50\n'
    '[web]\nlisten = "127.0.0.1:8484"\nhosts = ["a.example"]\nproxies = ["127.0.0.1"]\n[fetch]\ndeadline = "60s"\nparallel = 20\n'
    'allow_networks = ["127.0.0.0/8"]\nproxy = "http://127.0.0.1:3128"\n[log]\nformat = "json"\n[alarms]\nafter = "1d"\n'
    'command = ["/bin/true"]\nwebhook = "https://chat.example/x"\nmail = "a@example.org"\nsmtp = "127.0.0.1:25"\n'
    '[[topics]]\nname = "sea"\ntitle = "Sea"\nquery = "ferry OR harbour"\nmax_age = "30d"\nimages = "strip"\n'
    '[[topics]]\nname = "all-of-it"\ncopies = "all"\nsources = ["courier"]\nprivate = true\nsort = "seen"\nwas = "old"\n',
)
SEEDS = rows(
    'home = "https://courier.example/"\ntitle = "The Courier"\nlanguage = "en"\nevery = "20m"\ntimezone = "Europe/Berlin"\n'
    'hosts = ["cdn.example"]\n[discover]\nrss = ["https://courier.example/rss"]\nlinks = "main h2 a"\nnext_pages = 2\nexclude = ["/sport/"]\n'
    '[extract]\ntitle = "h1.headline > span"\nbody = "article [itemprop=articleBody]"\ndrop = [".ad", "aside"]\n[expect]\n'
    'records_per_day = 5\n[headers]\nX-Key = "env:KEY"\n[cookies]\nconsent = "yes"\n[credentials]\nuser = "me"\npassword = "env:SECRET"\n',
)
TOML_WORDS = rows(
    "=", "[", "]", "[[", "]]", "{", "}", '"', '"""', "'''", "\n", "#", "true", "-1", "1e400", "nan", "9" * 30, "9" * 5000, '"30m"', '"0s"',
    "1979-05-27T07:32:00Z", "[" * 2000, '"\\u0000"', '"\\uD800"', "a.b.c", "name", "query", "home", '"127.0.0.1:99999"', '"[::1]:1"', "inf",
    '"http://["', '"file:/"', '"../../etc"', '""', "0", '"' + "x" * 3000 + '"', "x" * 3000,
)  # fmt: skip
