"""Whether a piece is paid for: by its schema.org type, its address, its section, or a label beside its headline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scrapers.urls.site import host, registrable, same_site

from ..claims import words
from ..readers.nodes import Spot
from .addresses import path
from .authors import fold

# Only labels that speak of the piece itself: "Advertisement" alone stands above every banner.
LABELS = frozenset(
    entry.replace("_", " ")
    for entry in words(
        """
        advertorial sponsored sponsored_content sponsored_post sponsored_article sponsored_by paid_post paid_content
        paid_partner_content partner_content brand_content branded_content presented_by_our_partner
        advertiser_content content_from_our_partner native_ad anzeigen_sonderveröffentlichung sonderveröffentlichung
        bezahlter_inhalt bezahlter_beitrag gesponserter_inhalt gesponserter_beitrag gesponsert publireportage
        werbebeitrag sponsoring_inhalt paid_post_anzeige contenu_sponsorisé article_sponsorisé publi_rédactionnel
        publirédactionnel contenu_partenaire communiqué_publicitaire contenido_patrocinado contenido_de_marca
        publirreportaje artículo_patrocinado patrocinado conteúdo_patrocinado conteúdo_de_marca publieditorial
        contenuto_sponsorizzato articolo_sponsorizzato informazione_pubblicitaria publiredazionale gesponsord
        gesponsorde_inhoud betaalde_inhoud branded_artikel sponsoreret_indhold annoncørbetalt_indhold annonsørinnhold
        sponset_innhold annonssamarbete betalt_innehåll kaupallinen_yhteistyö sponsoroitu_sisältö artykuł_sponsorowany
        materiał_sponsorowany materiał_promocyjny komerční_sdělení reklamní_sdělení sponzorovaný_obsah pr_článek
        sponzorirani_sadržaj plaćeni_sadržaj promo_članak támogatott_tartalom szponzorált_tartalom conținut_sponsorizat
        advertorial_p sponsorlu_içerik tanıtım_yazısı χορηγούμενο_περιεχόμενο на_правах_рекламы партнерский_материал
        спонсорский_материал партнерський_матеріал на_правах_реклами платена_публикация محتوى_مدفوع محتوى_برعاية
        תוכן_שיווקי תוכן_ממומן konten_bersponsor nội_dung_tài_trợ 広告企画 記事広告 タイアップ広告 pr記事
        贊助內容 廣編特輯 广告合作 협찬_기사 광고성_기사
        """
    )
)
_PATH = re.compile(
    r"/(?:sponsored(?:-content|-post)?|advertorials?|anzeigen?|paid-?(?:post|content)|partner-?content|brand-?(?:ed-?)?content|"
    r"brand-?studio|brandvoice|publireportage|sonderveroeffentlichung(?:en)?|patrocinado|contenido-patrocinado|"
    r"contenu-sponsorise|publi-?redactionnel|sponsorowane?|native-?ad)(?:/|$)",
    re.I,
)


def is_sponsored(
    address: str,
    title: str,
    kinds: Iterable[str | None],
    sections: Iterable[str],
    near: Iterable[str],
    rels: Iterable[Spot],
) -> bool:
    """Whether a piece is an advertisement in the form of an article.

    `near` are short texts beside the headline. Links marked rel=sponsored count where they lead to somebody whom the
    headline names; those of a review with affiliate links do not make it an advertisement.
    """
    if any(kind == "AdvertiserContentArticle" for kind in kinds):
        return True
    if _PATH.search(path(address)):
        return True
    if any(fold(text) in _FOLDED for text in (*sections, *near)):
        return True
    named = set(fold(title).split())
    for spot in rels:
        if "sponsored" in spot.get("rel").lower().split():
            advertiser = registrable(host(spot.get("href"))).partition(".")[0]
            if len(advertiser) > 3 and advertiser in named and not same_site(spot.get("href"), address):
                return True
    return False


_FOLDED = frozenset(fold(label) for label in LABELS)
