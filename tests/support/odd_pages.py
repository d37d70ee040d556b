# ruff: noqa: E501  (markup reads best in lines of its own)
"""Invented pages that are written as badly as real ones: fronts and articles, each of another make."""

from __future__ import annotations

LONG = (
    "The keeper of the lock counted {n} barges on {day} and said that nobody in the valley had seen so many since the"
    " winter of the great ice, when the mill stood still for {n} days and the bread came over the hills on sledges."
)


def prose(*numbers: int, tag: str = "p", day: str = "Monday") -> str:
    """Some paragraphs of a story, each another."""
    return "".join(f"<{tag}>{LONG.format(n=n, day=day)}</{tag}>" for n in numbers)


ARTICLES = {
    "graph": f"""<!doctype html><html lang="en-GB"><head><title>Barges wait at the lock | The Valley Post</title>
<link rel="canonical" href="https://valley.example/news/2026/03/barges-wait-at-the-lock-4711">
<meta property="og:site_name" content="The Valley Post"><meta property="og:title" content="Barges wait at the lock">
<meta property="og:description" content="Forty boats lie below the mill, and the ice is still thick.">
<meta property="og:image" content="https://valley.example/img/lock-1200.jpg?w=1200"><meta property="og:image:width" content="1200">
<meta property="og:image:alt" content="Boats in the ice"><meta name="keywords" content="ice, lock, barges">
<meta property="article:published_time" content="2026-03-01T07:15:00+01:00">
<meta property="article:modified_time" content="2026-03-01T09:45:00+01:00"><meta property="article:section" content="River">
<meta property="article:tag" content="Ice"><meta property="article:tag" content="Lock"><meta name="author" content="Ada Marsh">
<meta name="robots" content="noarchive, max-snippet:50"><link rel="license" href="https://licence.example/by/4.0/">
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite","name":"The Valley Post",
"url":"https://valley.example/"}},{{"@type":["NewsArticle","Article"],"headline":"Barges wait at the lock","author":[{{"@type":
"Person","name":"Ada Marsh"}},{{"@type":"Person","name":"Jon Weir"}}],"datePublished":"2026-03-01T07:15:00+01:00","dateModified":
"2026-03-01T09:45:00+01:00","articleSection":["River","Town"],"keywords":"ice,lock","isAccessibleForFree":false,"image":{{"@type":
"ImageObject","url":"https://valley.example/img/lock-1200.jpg","width":1200,"height":800,"caption":"Boats below the mill"}},
"publisher":{{"@type":"Organization","name":"Valley Post Ltd"}},"inLanguage":"en-GB","commentCount":7}}]}}</script></head><body>
<header><nav><a href="/">Home</a><a href="/river">River</a><a href="/town">Town</a></nav></header><main><article>
<p class="kicker">River</p><h1>Barges wait at the lock</h1><p class="standfirst">Forty boats lie below the mill, and the ice is
still thick.</p><div class="byline">By <a rel="author" href="/by/ada">Ada Marsh</a> and Jon Weir</div>
<time datetime="2026-03-01T07:15:00+01:00">1 March 2026, 7:15</time><figure><img src="/img/lock-600.jpg" srcset="/img/lock-600.jpg
600w, /img/lock-1200.jpg 1200w" alt="Boats in the ice"><figcaption>Boats below the mill. <span class="credit">Photo: Eva
Roos</span></figcaption></figure>{prose(41, 42)}<h2>What the miller says</h2>{prose(43)}<blockquote>I have flour for three
days, and then I shall close the doors.</blockquote><ul><li>Boats waiting: 41</li><li>Boats let through: 0</li></ul>
<aside class="related"><h3>Read more</h3><ul><li><a href="/news/ice">How thick is the ice?</a></li></ul></aside>{prose(44)}
<div class="newsletter"><h3>Our letter</h3><p>Subscribe to our letter and get the river in your inbox every morning.</p></div>
<audio controls src="/audio/lock.mp3"></audio><p class="correction">Correction: an earlier version named the wrong mill.</p>
</article><section class="comments"><h2>7 comments</h2><p>I was there too.</p></section></main><footer><p>© 2026 The Valley
Post</p></footer></body></html>""",
    "microdata": f"""<html lang=de><head><title>Brücke wird gesperrt – Talbote</title><meta name=description content="Ab Montag
fährt kein Auto mehr über die alte Brücke."><meta name=date content="2026-02-11"></head><body><div id=wrap><div
itemscope itemtype="http://schema.org/NewsArticle"><span class=ressort itemprop=articleSection>Verkehr</span>
<h1 itemprop=headline>Brücke wird <em>gesperrt</em></h1><h2 class=unterzeile itemprop=description>Ab Montag fährt kein Auto mehr
über die alte Brücke.</h2><p class=autor>Von <span itemprop=author itemscope><span itemprop=name>Erika Muster</span></span>
(Text) und <b>Max Beispiel</b> (Fotos)</p><p>Stand: 11. Februar 2026, 16.40 Uhr</p><meta itemprop=datePublished
content="2026-02-11T14:05:00+01:00"><meta itemprop=dateModified content="2026-02-11T16:40:00+01:00"><div
itemprop=articleBody><img itemprop=image data-src="//cdn.talbote.example/bild/4711_mini.jpg?size=xl" width=800 height=450
src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="Die Brücke"><p class=bildunterschrift>Die Brücke von Norden. Foto: dpa</p>
{prose(1, 2, day="Dienstag")}<p><strong>Lesen Sie auch:</strong> <a href=/a>Die Fähre fährt wieder</a></p>{prose(3, day="Mittwoch")}
<table><tr><th>Tag<th>Autos<tr><td>Montag<td>1200<tr><td>Dienstag<td>1310</table><p>Mehr zum Thema: <a href=/thema/bruecke>Brücke
</a></p></div></div><div class=werbung>Anzeige</div></div></body></html>""",
    "paid": f"""<html lang="nl"><head><title>Sluis blijft dicht - De Dijk</title><meta property="og:type" content="article">
<meta property="og:title" content="Sluis blijft dicht tot april"><meta name="twitter:image" content="/i/sluis.jpg">
<script>window.dataLayer=[{{"page":{{"isPremium":true,"author":"Kees Dam","published":"2026-03-02 06:00"}}}}]</script></head><body>
<div class="article premium"><h1 class="article__title">Sluis blijft dicht tot april</h1><div class="article__meta"><span
class="article__author">Kees Dam</span><span class="article__date">2 maart 2026</span><span class="badge">Premium</span></div>
<div class="article__intro"><p>Het ijs is dik, en de schippers wachten al weken op betere dagen aan de kade van het dorp.</p></div>
<div class="article__body paywall-fade">{prose(5, day="maandag")}</div><div class="paywall"><h2>Lees verder met een abonnement</h2>
<p>Word lid voor 1 euro per maand en lees alle artikelen van De Dijk.</p><button>Abonneer</button></div></div></body></html>""",
    "wall": """<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Please enable JavaScript
and cookies to continue.</p></body></html>""",
    "cjk": """<html lang="ja"><head><title>川の氷が解けた｜谷新聞</title><meta property="article:published_time"
content="2026-03-04T09:00:00+09:00"></head><body><article><h1>川の氷が解けた</h1><p class="date">2026年3月4日 9時00分</p>
<p class="writer">山田花子</p><p>谷の川では三月四日の朝、厚い氷が解けて、四十隻の船が下流の水門を通った。水門の番人は「これほど多くの船を見たのは久しぶりだ」
と話した。</p><p>粉屋の主人は、三日分の粉しか残っていなかったと語り、パンは丘を越えてそりで運ばれていた。町の人々は橋の上から船を見送った。</p>
<p>次の寒さは来週と見られ、町は水門の前に薪を積み始めている。学校は月曜日から再び開く予定である。</p></article></body></html>""",
}
ARTICLES |= {
    "blog": f"""<!doctype html><html lang="en"><head><title>Hill Notes: The miller's last winter</title><meta name="description"
content="Hill Notes, a blog about mills."><meta property="article:author" content="https://hill.example/people/ines"><meta
name="parsely-author" content="Ines Okafor"><meta name="news_keywords" content="mills; winter"><meta name="copyright" content="Hill
Notes"><meta name="viewport" content="width=device-width"><base href="https://hill.example/2026/"><link rel="next" href="winter/2">
<link rel="amphtml" href="/amp/winter"><link rel="alternate" type="application/rss+xml" href="/winter/comments/feed"></head><body
class="single"><div id="cookie-banner" class="overlay"><p>We use cookies to measure how often you come back here.</p></div><div
class="breadcrumbs"><a href="/">Home</a> &rsaquo; <a href="/mills">Mills</a></div><div class="post hentry"><h3 class="post-title
entry-title">The miller&#8217;s last winter</h3><div class="post-meta"><i class="icon-user"></i> <span class="vcard"><span
class="fn">Ines Okafor</span></span> | <span class="cat-links">Filed under <a rel="category tag" href="/mills">Mills</a></span> |
<abbr class="published" title="2026-02-03T18:30:00+01:00">3 February 2026</abbr> | Last updated: 5 February 2026 | 4 min read</div>
<div class="share-bar"><a href="#">Share</a><a href="#">Tweet</a></div><div class="entry-content"><p class="lead">Nobody grinds corn
on the hill any more, and the wheel has been sold.</p><p><span class="dropcap">T</span>he wheel stood still on the second of
February. {LONG.format(n=61, day="Tuesday")}</p><iframe src="https://video.example/embed/61" width="560" height="315"></iframe><h4>How
it began</h4>{prose(62, day="Wednesday")}<ol><li>First the brook was led away.</li><li>Then the corn came by lorry.</li><li>At last
the <a href="/miller">miller</a> grew old.</li></ol><div class="wp-caption"><img src="/img/wheel.jpg" width="640" height="480"><p
class="wp-caption-text">The wheel, before it was sold. (Photo: Jon Weir)</p></div><blockquote class="twitter-tweet"><p>The wheel is
gone.</p>&mdash; Hill (@hill) <a href="https://twitter.example/hill/status/1">2 February 2026</a></blockquote>{prose(63, 64)}<div
class="ad-slot">Advertisement</div><p>Read also: <a href="/brook">Where the brook went</a></p><pre><code>wheel --stop</code></pre>
<dl><dt>Wheel</dt><dd>What turns</dd></dl><p><em>Ines Okafor writes about mills for Hill Notes. You can reach her at
ines@hill.example.</em></p><p>&copy; 2026 Hill Notes. All rights reserved.</p></div><div class="tags">Tags: <a rel="tag"
href="/tag/mill">mill</a>, <a rel="tag" href="/tag/wheel">wheel</a></div><div class="author-box"><h4>About the author</h4><p>Ines
Okafor has walked to every mill of the county, and lives in one.</p></div><div class="post-nav"><a rel="prev" href="/2026/ice">The
ice</a> <a rel="next" href="/2026/brook">The brook</a></div><div id="comments"><h3>2 replies</h3><div class="comment"><cite>Bo</cite>
<p>What a pity, I learnt to swim below that wheel when I was five years old.</p></div></div></div><div class="sidebar widget"><h3>Popular
posts</h3><ul><li><a href="/a">A post that many have read</a></li><li><a href="/b">Another one</a></li></ul></div><div
id="footer">Powered by Hill</div></body></html>""",
    "drawn": f"""<!doctype html><html lang="fr"><head><title>L'Écho | Le pont rouvre</title><meta property="og:type" content="article">
<meta property="og:title" content="Le pont rouvre après un an"><meta property="og:locale" content="fr_CA"><meta name="author"
content="L'Écho"></head><body><div id="__next"><main><h1>Le pont rouvre après un an</h1><p>Chargement…</p></main></div><script
id="__NEXT_DATA__" type="application/json">{{"props":{{"pageProps":{{"article":{{"id":4711,"headline":"Le pont rouvre après un an",
"dek":"Les camions devront attendre encore.","byline":{{"authors":[{{"name":"Jeanne Dupont"}},{{"name":"Marc Roy"}}]}},"publishedAt":
"2026-03-03T08:30:00-05:00","updatedAt":"2026-03-03T11:00:00-05:00","section":{{"name":"Ville"}},"tags":["pont","camions"],"leadImage":
{{"url":"https://drawn.example/i/pont.jpg","caption":"Le pont, mardi","credit":"Luc Bois"}},"body":"{prose(71, 72, 73).replace('"', "'")}"}},
"related":[{{"headline":"Autre histoire","publishedAt":"2020-01-01"}}]}}}}}}</script></body></html>""",
    "live": f"""<html lang="es"><head><title>Última hora del temporal, en directo - La Ribera</title><script type="application/ld+json">
{{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":"Última hora del temporal, en directo","coverageStartTime":
"2026-01-09T06:00:00Z","datePublished":"2026-01-09T06:00:00Z","dateModified":"2026-01-09T18:00:00Z","author":{{"@type":"Organization",
"name":"La Ribera"}},"liveBlogUpdate":[{{"@type":"BlogPosting","headline":"Cierra el puerto","datePublished":"2026-01-09T07:00:00Z",
"articleBody":"El puerto ha cerrado."}}]}}</script></head><body><header class="site-header"><h1 class="logo"><a href="/">La Ribera</a>
</h1></header><article><h1>Última hora del temporal, en directo</h1><p class="firma">Por <b>Ana Ruiz</b>, Puerto Alisal</p><p>Actualizado
a las 18:00 del 9 de enero de 2026</p><div class="updates"><div class="update"><time datetime="2026-01-09T18:00:00Z">18:00</time><h2>
Vuelve la luz</h2>{prose(81)}</div><div class="update"><time datetime="2026-01-09T12:00:00Z">12:00</time><h2>Cierra la
carretera</h2>{prose(82)}<figure class="gallery"><img src="/1.jpg" alt="Uno"><img src="/2.jpg" alt="Dos"><figcaption>Dos barcas. EFE
</figcaption></figure></div><div class="update"><time datetime="2026-01-09T07:00:00Z">07:00</time><h2>Cierra el puerto</h2>{prose(83)}
</div></div></article><aside><h3>Lo más leído</h3><ol><li><a href="/x">Una historia de otro día que se lee mucho</a></li></ol></aside>
</body></html>""",
}
FRONTS = {
    "cards": """<html lang="en"><head><title>The Valley Post</title><link rel="alternate" type="application/rss+xml" title="News"
href="/feed/"><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/"><link rel="alternate"
type="application/json" href="/feed.json"></head><body><nav><ul><li><a href="/river">River</a><li><a href="/town">Town</a>
<li><a href="/about-us">About us</a></ul></nav><main><section class="lead"><article><a href="/news/2026/03/barges-wait-at-the-lock">
<img src="/img/1.jpg" alt="Boats"><span class="kicker">River</span><h2>Barges wait at the lock as the ice grows</h2></a><p
class="summary">Forty boats lie below the mill, and the ice is still thick.</p><span class="author">By Ada Marsh</span><time
datetime="2026-03-01T07:15:00Z">2 hours ago</time></article></section><section class="list"><h2>More news</h2>
<div class="teaser"><h3><a href="/news/2026/03/school-opens-a-boat-class">School opens a class on a boat</a></h3><p>Nineteen pupils
learn to count on the water.</p><span class="date">1 March 2026</span></div><div class="teaser"><h3><a
href="/news/2026/02/mill-sold-to-the-village">Mill is sold to the village for one crown</a></h3><p>The council voted by seven to
three on Friday.</p><a href="/news/2026/02/mill-sold-to-the-village#comments">12 comments</a></div><div class="teaser"><a
href="/news/2026/02/night-bus-back">Night bus comes back</a> <b>LIVE</b></div><div class="teaser sponsored"><h3><a
href="/sponsored/the-best-sofa">The best sofa of the season is here</a></h3><span>Sponsored</span></div></section><aside><h3>Most
read</h3><ol><li><a href="/news/2026/03/barges-wait-at-the-lock">Barges wait at the lock</a><li><a
href="/news/2026/01/fire-at-the-tannery">Fire at the old tannery</a></ol></aside><a href="/page/2" rel="next">Older news</a></main>
<footer><a href="/privacy">Privacy</a><a href="https://twitter.example/valley">Follow us</a></footer></body></html>""",
    "table": """<html><head><title>Der Talbote</title></head><body><table><tr><td><a href=artikel.php?id=101>Brücke wird gesperrt</a>
<td>11.02.2026<tr><td><a href=artikel.php?id=102>Fähre fährt wieder ab Ostern</a><td>10.02.2026<tr><td><a
href=artikel.php?id=103>Rathaus bekommt ein neues Dach aus Kupfer</a><td>09.02.2026<tr><td><a href=artikel.php?id=104>Chor sucht
Stimmen für den Frühling</a><td>08.02.2026<tr><td><a href=artikel.php?id=105>Neue Glocke für die alte Kirche</a><td>07.02.2026
</table><a href=impressum.html>Impressum</a> <a href=seite2.html>Seite 2</a> <a href=http://other.example/x>Partner</a></body></html>""",
    "state": """<html lang="fr"><head><title>L'Écho</title></head><body><div id="root"></div><script id="__NEXT_DATA__"
type="application/json">{"props":{"pageProps":{"articles":[{"title":"Le marché rouvre ses portes","slug":"marche-rouvre","url":
"/actualites/marche-rouvre-ses-portes-101","publishedAt":"2026-03-03T08:30:00+01:00","excerpt":"Les halles ouvrent mardi.","image":
{"url":"/i/halles.jpg"}},{"title":"La rivière baisse enfin dans la vallée","url":"/actualites/riviere-baisse-102","publishedAt":
"2026-03-02T18:00:00+01:00","author":{"name":"Jeanne Dupont"}},{"title":"Un bus de nuit pour les villages","url":
"/actualites/bus-de-nuit-103","publishedAt":"2026-03-01T06:00:00+01:00"},{"title":"L'école ouvre une classe sur un bateau","url":
"/actualites/ecole-bateau-104","publishedAt":"2026-02-28T06:00:00+01:00"}]}}}</script></body></html>""",
}
FEEDS = {
    "rss": """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Valley Post</title>
<link>https://valley.example/</link><language>en-gb</language><item><title>Barges &amp;amp; boats wait</title>
<link>https://valley.example/news/1?utm_source=rss</link><guid isPermaLink="false">4711</guid><dc:creator>Ada Marsh, Jon
Weir</dc:creator><pubDate>Sun, 01 Mar 2026 07:15:00 +0100</pubDate><category>River</category><category>Ice</category>
<description>&lt;p&gt;Forty boats &lt;img src="/img/1.jpg"&gt; wait.&lt;/p&gt;</description><content:encoded><![CDATA[<p>Forty boats
wait below the mill.</p><p>The ice is thick.</p>]]></content:encoded><media:content url="https://valley.example/img/1.jpg"
medium="image" width="1200" height="800"><media:credit>Eva Roos</media:credit><media:description>Boats</media:description>
</media:content><enclosure url="https://valley.example/a.mp3" type="audio/mpeg" length="700"/></item><item><title>No date</title>
<link>/news/2</link><description>A summary.</description></item><item><title></title><link>https://valley.example/news/3</link>
</item></channel></rss>""",
    "atom": """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Der Talbote</title><link href="https://tal.example/"/>
<entry><id>tag:tal.example,2026:101</id><title type="html">Br&amp;uuml;cke gesperrt</title><link rel="alternate"
href="https://tal.example/artikel/101"/><link rel="enclosure" href="https://tal.example/101.mp4" type="video/mp4" length="9"/>
<author><name>Erika Muster</name></author><published>2026-02-11T14:05:00+01:00</published><updated>2026-02-11T16:40:00+01:00
</updated><summary>Ab Montag.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Kein Auto mehr.</p></div>
</content><category term="verkehr" label="Verkehr"/></entry></feed>""",
    "json": """{"version":"https://jsonfeed.org/version/1.1","title":"L'Écho","language":"fr","items":[{"id":"1","url":
"https://echo.example/1","title":"Le marché","content_html":"<p>Il rouvre.</p>","summary":"Court","image":
"https://echo.example/1.jpg","date_published":"2026-03-03T08:30:00+01:00","authors":[{"name":"Jeanne Dupont"}],"tags":["marché"]},
{"id":"2","external_url":"https://other.example/2","content_text":"Texte"}]}""",
    "sitemap": """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
<loc>https://valley.example/news/barges-wait-at-the-lock</loc><lastmod>2026-03-01</lastmod><news:news><news:publication>
<news:name>The Valley Post</news:name><news:language>en</news:language></news:publication><news:publication_date>
2026-03-01T07:15:00Z</news:publication_date><news:title>Barges wait</news:title></news:news><image:image><image:loc>
https://valley.example/img/1.jpg</image:loc></image:image></url><url><loc>https://valley.example/news/mill-sold-to-the-village</loc>
</url></urlset>""",
    "index": """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://valley.example/a.xml</loc>
<lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>https://valley.example/news.xml</loc><lastmod>2026-03-01</lastmod></sitemap>
</sitemapindex>""",
}
FEEDS |= {
    "rich": """<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"><channel><title>Rich &amp; Co</title><link>https://rich.example/
</link><atom:link rel="self" href="https://rich.example/feed"/><language>en</language><copyright>Rich Ltd</copyright><item><title>
&lt;b&gt;Ferry&lt;/b&gt; is back</title><link>https://proxy.example/~r/rich/1</link><feedburner:origLink>https://rich.example/ferry
</feedburner:origLink><guid isPermaLink="true">https://rich.example/?p=1</guid><author>ada@rich.example (Ada Marsh)</author><pubDate>Mon, 02
Mar 2026 06:00:00 GMT</pubDate><atom:updated>2026-03-02T08:00:00Z</atom:updated><category domain="x">Ferry</category><comments>
https://rich.example/ferry#comments</comments><wfw:commentRss>https://rich.example/ferry/feed</wfw:commentRss><slash:comments>3
</slash:comments><creativeCommons:license>https://licence.example/by</creativeCommons:license><description>It sails &lt;a
href="/x"&gt;again&lt;/a&gt;. &lt;img src="/i/ferry.jpg" width="640"&gt; The post Ferry is back appeared first on Rich.</description>
<media:group><media:content url="https://rich.example/v.mp4" type="video/mp4"/><media:thumbnail url="https://rich.example/t.jpg" width="320"
height="180"/></media:group><enclosure url="/e.mp3" type="audio/mpeg" length="oops"/></item><item><title>Episode 2</title><itunes:title>Two
</itunes:title><itunes:author>Ben Roe</itunes:author><itunes:image href="https://rich.example/e2.jpg"/><itunes:summary>What was said.
</itunes:summary><guid>ep-2</guid><enclosure url="https://rich.example/2.mp3" type="audio/mpeg" length="1234"/><dc:date>2026-03-01</dc:date>
</item><item><link>https://rich.example/bare?utm_medium=rss</link><description>Bare words alone, without any title to be read.</description>
</item><item><title>Abroad</title><link>https://abroad.example/a</link><source url="https://abroad.example/rss">Abroad Daily</source></item>
</channel></rss>""",
    "rdf": """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://rdf.example/"><title>Das Blatt</title><link>https://rdf.example/</link>
<dc:language>de</dc:language></channel><item rdf:about="https://rdf.example/1"><title>Fähre fährt</title><link>https://rdf.example/1</link>
<description>Ab Montag.</description><dc:creator>Erika Muster</dc:creator><dc:date>2026-03-01T08:00+01:00</dc:date><dc:subject>Verkehr</dc:subject>
</item></rdf:RDF>""",
}

SUBSCRIPTIONS = """<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>Of a reader</title></head><body><outline
title="Town"><outline text="Post" xmlurl="https://post.example/rss"/><outline text="JSON" type="json" xmlUrl="https://j.example/list"/>
<outline text="Feed" type="jsonfeed" xmlUrl="https://jf.example/feed.json" frss:cssFullContent="div[" frss:filtersActionRead="a"/>
</outline><outline text="List" type="HTML+XPath" xmlUrl="https://list.example/" frss:xPathItem="//li" frss:xPathFeedTitle="//h1"/>
<outline type="HTML+XPath" xmlUrl="https://bare.example/" frss:xPathItemUri="../a[last()]/@href" frss:xPathFeedTitle="//h1"
frss:CURLOPT_COOKIE="a=1"/><outline text="XML" type="XML+XPath" xmlUrl="https://x.example/a.xml" frss:xPathItem="//item"/><outline
text="Text" xmlUrl="https://full.example/feed" htmlUrl="https://full.example/a" frss:cssFullContent=" .text " frss:cssFullContentFilter=
".ad, p[, .more"/><outline text="Rss-Bridge" xmlUrl="https://any.example/rss-bridge/x"/><outline text="Odd recipe" type="HTML+XPath"
xmlUrl="https://odd.example/" frss:xPathItem="//div[@class='a']" frss:xPathItemUri="./a[contains(text(), 'x')]/@href"
frss:xPathItemTitle=" "/><outline text="No address" type="rss"/><outline text="Text alone"/></body></opml>"""

_SAID = (
    "The keeper of the lock said that nobody in the valley had seen so many boats since the winter of the great ice."
)
TEXTS = {
    "letter": f"""The Valley Post

Barges wait at the lock

By Ada Marsh and Jon Weir, Valley Post

1 March 2026, 7:15

Share this

Boats below the mill on Sunday morning. (Photo: Eva Roos/Valley Post)

{_SAID}

* {_SAID}

12 comments

{_SAID} It had been cold on 28 February 2026, too.
""",
    "account": f"""# Bridge is open

Updated: 5 March 2026

Ines Okafor

{_SAID}
{_SAID}

{_SAID}
""",
    "undated": f"""{_SAID * 4}

It was closed on 3 February 2026 and opened on 1 March 2026.

{_SAID}
""",
}
