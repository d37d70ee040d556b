"""Addresses that are no stories by what they say: shops, jobs, coupons, games and obituaries beside a paper, advertising.

Words are compared as words: a label of a host or a part of a path, or one of their words where that is said.
"""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from .site import registrable

# Labels before a site's own name. Their words: "job-market" is one of "job".
_HOSTS = frozenset(
    """
    jobs job jobmarkt jobmarket jobboerse jobborse jobsuche jobbörse stellen stellenmarkt stellenangebote stellenanzeigen karriere career careers
    ausbildung empleo empleos trabajo emploi emplois lavoro banen vacature vacatures vagas emprego empregos praca prace rabota jobb jobbet
    tyopaikat allas allasok munka kariera kariyer recruitment recruiting
    shop shops shopping store webshop onlineshop boutique tienda loja negozio winkel sklep butik butikk kauppa obchod eshop leserreisen leserreise
    abo abos aboshop abonnement abonnements abonnieren abonnez subscribe subscribers subscription subscriptions suscripcion suscripciones suscribete assinatura
    assinaturas assine abbonamenti abbonamento abonament prenumerata prenumeration predplatne elofizetes
    vorteil vorteile vorteilswelt vorteilsclub vorteilswelten gutschein gutscheine gutscheincodes coupon coupons cupon cupones cupom cupons voucher vouchers deals rabatt rabatte
    rabattcode rabattcodes codepromo codespromo promocode promocodes bonsplans reduction reductions discount discounts discountcode discountcodes descuento
    descuentos desconto descontos sconto sconti codicisconto kortingscode kortingscodes kortingen kody rabaty slevy kupony
    spiele raetsel rätsel kreuzwort kreuzworträtsel kreuzwortraetsel sudoku crossword crosswords puzzle puzzles jeux juegos jogos giochi spelletjes puzzels krzyzowki
    trauer traueranzeigen trauerportal todesanzeigen gedenken wirtrauern obituaries obituary obits memoriam necrologie necrologies necrologi necrologio esquelas
    obituarios nekrologi familienanzeigen deces overlijden mindeord
    immo immobilien immobilienmarkt immomarkt wohnungen realestate property properties inmuebles inmobiliaria pisos immobilier immobiliare imoveis huizen
    bolig nieruchomosci ingatlan kfz kfzmarkt automarkt autobörse autoboerse gebrauchtwagen motormarkt
    anzeigen anzeigenmarkt kleinanzeigen inserate inserieren classifieds classified classificados clasificados annonces annonser annunci advertenties ogloszenia inzerce oglasi
    hirdetes apróhirdetés marktplatz rubrikmarkt
    ticket tickets ticketshop reservix billetterie entradas ingressos biglietti bilety
    epaper epapers eedition edition ezeitung ekiosk kiosk digitalabo
    dating partnersuche partnerboerse singles rencontres contactos kontaktanzeigen lotto wetten sportwetten bets
    newsletter newsletters login account accounts konto signin auth sso mediadaten advertise advertising adspecial media-kit mediakit werben
    """.split()  # noqa: SIM905  (words)
)
# Labels of services at one paper and of sections at another: their links count as stories where they have the shape of the others.
_PERHAPS = frozenset(
    "auto autos cars motor motors coches carros voitures samochody game games spiel gry hry reise reisen travel wein wine vino homes reality".split()  # noqa: SIM905
)
_PAID = frozenset(
    """
    sponsored sponsored-content sponsored-post sponsored-posts sponsored-article sponsored-articles sponsored-story sponsored-stories sponsor-content sponsorcontent sponsoredcontent
    advertorial advertorials advertisement advertisements advertisement-feature advertiser-content anzeige anzeigen werbung anzeigen-sonderthemen anzeigensonderthemen
    sonderveroeffentlichung sonderveroeffentlichungen sonderveröffentlichung sonderveröffentlichungen anzeigensonderveroeffentlichung anzeigensonderveroeffentlichungen verlagssonderveroeffentlichung
    verlagssonderveroeffentlichungen verlagsspecial verlagsspecials verlagsthema bezahlter-inhalt paid-post paid-posts paidpost paid-content paidcontent paid-partnership
    partner-content partnercontent partner-inhalte partnerinhalt partnerinhalte brandstudio brand-studio brandvoice brand-voice brandstory brand-story brandstories brand-stories brandpost brandposts
    branded-content brandedcontent brand-content native-ad native-ads native-advertising nativead nativeads promoted promoted-content
    publireportage publireportages publi-reportage publirreportaje publirreportajes publi-redactionnel publiredactionnel publi-redactionnels publi-information contenu-sponsorise contenus-sponsorises contenu-partenaire
    contenus-partenaires contenu-de-marque contenido-patrocinado contenidos-patrocinados contenido-de-marca patrocinado patrocinados publicidad publicidade conteudo-patrocinado conteudo-de-marca conteudo-publicitario
    publieditorial sponsorizzato sponsorizzati contenuti-sponsorizzati contenuto-sponsorizzato articoli-sponsorizzati publiredazionale publiredazionali informazione-pubblicitaria
    advertentie advertenties gesponsord gesponsorde-inhoud reklame annonse annonsorinnhold annonsørinnhold annons annonssamarbete annonce annoncorbetalt sponset-innhold sponsoreret kaupallinen-yhteistyo
    sisaltoyhteistyo reklama artykul-sponsorowany artykuly-sponsorowane sponsorowane sponsorowany material-sponsorowany materialy-sponsorowane komercni-sdeleni komercni-clanky pr-clanky pr-clanek reklamni-sdeleni
    sponzorirano sponzorirani-sadrzaj hirdetes tamogatott-tartalom szponzoralt continut-sponsorizat publicitate sponsorlu sponsorlu-icerik reklam
    """.split()  # noqa: SIM905  (words)
)
_FIRST = frozenset(
    "advertorial publireportage publirreportaje publiredactionnel publieditorial publiredazionale".split()  # noqa: SIM905
)  # words that begin or end the name of a paid piece and of no story
_ASKED = frozenset(("sponsored", "advertorial", "anzeige", "paid", "promoted"))
_NO = frozenset(("", "0", "false", "no", "off"))
_ENDING = re.compile(r"\.[a-z]{2,5}\d?$")


@lru_cache(maxsize=1024)
def service_host(name: str) -> Literal["yes", "perhaps", "no"]:
    """Whether a host is that of a service by the labels before its site's name; "perhaps": it may be a section."""
    labels = [label for label in name.removesuffix(registrable(name)).split(".") if label]
    words = {label.replace("-", "") for label in labels}
    words |= {part for label in labels if "-" in label for part in (label.split("-")[0], label.rsplit("-", 1)[-1])}
    if words & _HOSTS:
        return "yes"
    return "perhaps" if words & _PERHAPS else "no"


@lru_cache(maxsize=4096)
def names_paid(url: str) -> bool:
    """Whether an address says that its piece is paid for: a folder, the first or last word of its name, or a query."""
    parts = urlsplit(url)
    path = [part.replace("_", "-") for part in unquote(parts.path).lower().split("/") if part]
    if path:
        name = _ENDING.sub("", path[-1])
        folders = path[:-1]
        if not _PAID.isdisjoint(folders) or (len(path) > 2 and name in _PAID):
            return True
        words = name.split("-")
        plain = [word for word in words if not word.isdecimal()]
        if len(plain) > 2 and not _FIRST.isdisjoint((plain[0], plain[-1])):
            return True
    return any(
        key.lower() in _ASKED and value.lower() not in _NO
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    )
