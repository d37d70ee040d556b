"""What names and phrases tell of a block: the words that sites put in class, id, itemprop and role, in several languages.

General tables only: no word here is the name of a site.
"""
# ruff: noqa: E501  (the words of a flag stay together)

from __future__ import annotations

import re
from functools import lru_cache


class Flag:
    """What the names around a block hint at: bits of a plain int, which is faster than an enum's."""

    COMMENT = 1 << 0
    RELATED = 1 << 1
    NAVIGATION = 1 << 2
    SHARE = 1 << 3
    AD = 1 << 4
    NEWSLETTER = 1 << 5
    CAPTION = 1 << 6
    BYLINE = 1 << 7
    DATE = 1 << 8
    TAGS = 1 << 9
    BODY = 1 << 10  # strong: articleBody, entry-content
    ARTICLE = 1 << 11  # weak: article, post, story, content
    STANDFIRST = 1 << 12
    TITLE = 1 << 13
    PAYWALL = 1 << 14
    ASIDE = 1 << 15
    BOX = 1 << 16
    HIDDEN = 1 << 17
    OVERLAY = 1 << 18
    PLAYER = 1 << 19
    GALLERY = 1 << 20
    FOOTER = 1 << 21
    HEADER = 1 << 22
    FORM = 1 << 23
    MAIN = 1 << 24
    TEASER = 1 << 25
    LIST = 1 << 26
    EMBED = 1 << 27
    META = 1 << 28
    QUOTE = 1 << 29
    PARAGRAPH = 1 << 30


_TABLE: dict[int, str] = {
    Flag.COMMENT: "comment comments commenting commentlist kommentar kommentare komentar komentarze komentare commentaire "
    "commentaires comentario comentarios commenti reactie reacties kommentarer kommentti kommentit disqus respond forum "
    "discussion discuss replies reply guestbook livefyre viafoura coral trackback pingback pings yorum yorumlar komentari",
    Flag.RELATED: "related relatedposts relacionado relacionados relacionadas relacionada similar similarposts recommended "
    "recommend recommendation recommendations recirc recirculation readmore more morefrom moreon seealso readalso "
    "readnext upnext next previous prev outbrain taboola trending popular mostread mostpopular mostviewed latest "
    "teasers further verwandt verwandte auch weitere lesen mehr zum-thema thema themen voiraussi alireaussi correlati "
    "correlate correlato associes lire leia leggi anche ook gerelateerd gerelateerde les ogsa lue myos powiazane czytaj "
    "zobacz souvisejici kapcsolodo ajanlo povezano vezano benzer ilgili onerilen otherstories others other suggested "
    "suggestions suggestion recent nextarticle yarpp crosslink crosslinks backlinks linklist linkbox jp-relatedposts "
    "terkait baca bacajuga rekomendasi onward spillover",
    Flag.NAVIGATION: "nav navi navbar navigation navigacion menu menus submenu breadcrumb breadcrumbs crumbs crumb pagination pager "
    "paging pagenav toolbar topbar subnav sitenav skiplink skip skiplinks masthead sitemap toc anchors jump hamburger "
    "tabs tablist switcher sitelinks",
    Flag.SHARE: "share shares sharing sharer sharebar sharedaddy social socials socialmedia sociable addthis addtoany "
    "addthis_toolbox follow followus teilen partager compartir compartilhar condividi delen del jaa udostepnij sdilet "
    "whatsapp facebook twitter pinterest telegram shareicons a2a tweet like likes",
    Flag.AD: "ad ads adv advert adverts advertise advertisement advertisements advertising adsense adslot adunit adbox adwrap "
    "adcontainer admanager banner banners sponsor sponsors sponsored promo promos promotion promotional promoted "
    "anzeige anzeigen werbung reklame reklama reklam publicidad publicidade pubblicita pub annonce annonser werbebox "
    "dfp gpt googletag leaderboard skyscraper billboard mrec affiliate affiliates commercial advertorial iklan mgid "
    "adsbygoogle interstitial buy shop shopping product products deal deals donate donation spenden coupon "
    "revcontent merch",
    Flag.NEWSLETTER: "newsletter newsletters subscribe subscription subscriptions signup sign-up optin mailchimp mailing mailinglist "
    "email-signup abo abos abonnement abonnieren nyhetsbrev nyhedsbrev nieuwsbrief infolettre boletin hirlevel mc_embed_signup "
    "mc4wp cta push notification notifications register registration registrierung app appbox appdownload",
    Flag.CAPTION: "caption captions figcaption imagecaption image-caption wp-caption-text bildunterschrift bildtext bildlegende "
    "legend legende leyenda didascalia bijschrift bildtekst kuvateksti podpis credit credits copyright photocredit "
    "fotocredit quelle bildquelle imgcredit source photographer fotograf photo-info imageinfo piede pie kuvaaja crédit "
    "pie-foto attribution thumbcaption takenby",
    Flag.BYLINE: "byline bylines author authors autor autore auteur auteurs autoren authorbox author-bio bio biography writer "
    "contributor contributors forfatter kirjoittaja yazar firma vcard journalist redakteur by reporter avatar "
    "authorinfo about-author authorbio profile skribent penulis editor columnist",
    Flag.DATE: "date dates dateline datetime time timestamp published pubdate publish updated modified datum fecha data tarih "
    "dato publication publishedat created posted lastmod posted-on meta-date dateformat",
    Flag.TAGS: "tag tags tagged tagcloud taglist keywords keyword topics topic categories category cat-links etiquetas "
    "schlagworte schlagwort stichworte stichwort rubrik kategorie kategorien kicker topline overline section-label label labels "
    "postmetadata entry-categories emneord avainsanat tagi dachzeile roofline eyebrow",
    Flag.BODY: "articlebody article-body articletext storybody storytext storycontent bodytext bodycopy entry-content post-content "
    "postcontent entrycontent postbody articlecontent mainbody richtext fulltext articlecopy paywalled "
    "body article__body content-text newsbody textbody textkorper artikeltext articulo-cuerpo cuerpo corpo "
    "brodtekst brodtext articlemain bodycontent post-body story-body news-text detail-text contentbody wysiwyg prose",
    Flag.ARTICLE: "article articles post story entry hentry artikel articulo articolo artigo artykul artikkel artikeln content contents text texte "
    "texto testo tekst newstext news blogpost maincontent main single detail reader reading copy page pagecontent "
    "inhalt contenuto contenu contenido conteudo tresc sisalto innhold indhold innehall artikkeli makale haber berita "
    "konten isi postingbody readable",
    Flag.STANDFIRST: "standfirst dek deck subtitle subtitel subhead subheading subheadline subheadline lead lede leadtext leadin intro introduction "
    "introtext summary excerpt abstract chapo chapeau bajada entradilla sumario sottotitolo occhiello ingress ingres manchet "
    "vorspann teasertext untertitel preamble perex zajawka description resumo soustitre ondertitel sapo sinopsis underrubrik alt-titel subdeck snippet",
    Flag.TITLE: "title titles headline headlines heading titel titre titulo titolo uberschrift ueberschrift rubrik overskrift tittel otsikko naslov "
    "tytul nadpis cim baslik judul h1 pagetitle entry-title",
    Flag.PAYWALL: "paywall premium piano tp-container subscribewall regwall meter metered barrier plus-teaser offer offers "
    "gate gated upsell paid wall locked subscriber subscribers poool swg",
    Flag.ASIDE: "sidebar side aside rightcol rightcolumn right rail rightrail secondary widget widgets complementary seitenleiste "
    "sidebars marginal marginalie leftcol left-rail extra column2",
    Flag.BOX: "box infobox factbox fact facts faktabox fakta faktaboks fact-box infokasten kasten boxed callout highlight "
    "highlights keypoints key-points takeaways takeaway explainer background glossary infoblock accordion summary-box "
    "inset insert module infografik",
    Flag.HIDDEN: "hidden hide invisible sr-only sronly screenreader visuallyhidden visually-hidden screen-reader-text noscreen noprint "
    "no-print print-only printonly onlyprint assistive offscreen a11y sr",
    Flag.OVERLAY: "cookie cookies consent gdpr cmp modal popup pop-up overlay lightbox dialog alert toast tooltip popover "
    "dropdown flyout login signin cookiebar onetrust adblock",
    Flag.PLAYER: "video videos player videoplayer audio podcast podcasts jwplayer playlist mediaplayer transcript brightcove listen "
    "vorlesen readspeaker speech soundcloud",
    Flag.GALLERY: "gallery galleries slideshow carousel slider slide slides slick swiper galerie galeria fotostrecke bildergalerie "
    "photogallery imagegallery diaporama album thumbs thumbnails flickity owl",
    Flag.FOOTER: "footer foot bottom footnote footnotes colophon impressum legal disclaimer copyrights imprint contentinfo fuss "
    "endnote articlefooter afterpost after-content belowpost post-footer pie-pagina fotter rodape",
    Flag.HEADER: "header head hero top topper kopf banner-top cabecera entete articleheader",
    Flag.FORM: "form search suche searchform searchbox recherche buscar poll survey vote voting quiz umfrage rating ratings "
    "reaction reactions feedback contact input ratingblock star stars sondage",
    Flag.TEASER: "teaser card cards tile tiles promo-item listing feed river storylist newslist archive summary-item mini "
    "miniature postlist articlelist thumbnail thumb snippet-card grid",
    Flag.LIST: "list liste lista items item lists bullet",
    Flag.EMBED: "embed embeds embedded oembed twitter-tweet instagram-media tweet-embed iframe pullquote widget-embed fb-post tiktok-embed",
    Flag.META: "meta info metadata details entry-meta post-meta infos infoline postinfo postmeta article-info",
    Flag.QUOTE: "quote blockquote pullquote pull-quote zitat citation cita citat sitat quotation citazione",
    Flag.PARAGRAPH: "paragraph paragraphs para parrafo paragraf absatz paragraphe textblock text-block block-text p textelement textcomponent",
    Flag.MAIN: "main maincol maincontent primary central",
}

_WEIGHT: dict[str, int] = {}
for _flag, _words in _TABLE.items():
    for _word in _words.split():
        _key = _word.replace("-", "").replace("_", "")
        _WEIGHT[_key] = _WEIGHT.get(_key, 0) | _flag

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


MAX_NAMES = 300  # characters of class, id and the like that are looked at


def flags_of(names: str) -> int:
    """What the words of class, id and the like hint at; the caller cuts `names` to MAX_NAMES characters."""
    found = 0
    for name in names.split():
        found |= _flags_of_one(name)
    return found


@lru_cache(maxsize=8192)
def _flags_of_one(name: str) -> int:
    found = 0
    if name.startswith("Mso"):  # a style of Microsoft Word: what the paragraph was in another document
        return 0
    weight = _WEIGHT
    pieces = _PIECES.findall(name)
    previous = ""
    for piece in pieces:
        piece = piece.lower()
        found |= weight.get(piece, 0)
        if previous:
            found |= weight.get(previous + piece, 0)
        previous = piece
    if len(pieces) != 2:
        found |= weight.get(name.lower().replace("-", "").replace("_", ""), 0)
    return found
