"""Cards of a listing that are paid for: by what their link or box says of itself, or a label in it.

A banner between two stories is labelled too ("Advertisement"): such a word counts before a title only; one that speaks of
a text ("Advertorial", "Sponsored by …") anywhere in the card, and above several cards. Addresses that say so are known
to `urls/services.py`.
"""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from ...page.class_terms import ClassTerms
from ...page.text import clean
from .anchors import HEADINGS, Anchor, Candidate, Collected, Place, chain

_BOXES = ClassTerms(
    r"sponsored sponsored-(?:content|post|article|teaser|card|story|link|box)s? (?:is|type)-sponsored advertorials? anzeigen?-teaser teaser-anzeige "
    r"native-ads? native-advert\w* brand(?:ed)?-content paid-(?:content|post|partnership)s? partner-content promoted-(?:content|post|story|card|teaser|article|item) publi ad-teaser teaser-ad native-teaser "
    r"publireportage publi-?redactionnel publirreportaje contenido-patrocinado patrocinad[ao]s? sponsorizzat[aoi] gesponser[dt]\w*"
)
_LABELS = frozenset(
    entry.replace("_", " ")
    for entry in """
    ad advertisement advertorial advertising sponsored sponsored_content sponsored_post sponsored_story sponsored_by paid_post
    paid_content partner_content paid_partner_content branded_content promoted presented_by anzeige werbung advertorial_anzeige
    anzeigensonderveröffentlichung sonderveröffentlichung bezahlter_inhalt gesponsert publireportage werbebeitrag publicité
    contenu_sponsorisé sponsorisé publi-rédactionnel contenu_partenaire publirédactionnel publicidad patrocinado contenido_patrocinado
    publirreportaje contenido_de_marca publicidade conteúdo_patrocinado conteúdo_de_marca pubblicità sponsorizzato
    contenuto_sponsorizzato advertentie gesponsord partnerbijdrage betaalde_inhoud annonce annonsørinnhold annonse annons
    annonssamarbete annoncørbetalt_indhold sponsoreret betalt_innehåll mainos kaupallinen_yhteistyö reklama
    artykuł_sponsorowany materiał_sponsorowany materiał_promocyjny komerční_sdělení reklamní_sdělení pr_článek oglas
    sponzorirani_sadržaj hirdetés támogatott_tartalom publicitate conținut_sponsorizat sponsorlu_içerik reklam χορηγούμενο
    реклама на_правах_рекламы партнерский_материал на_правах_реклами إعلان محتوى_مدفوع תוכן_שיווקי תוכן_ממומן פרסומת 広告 pr 広告企画
    记事广告 广告 廣告 赞助内容 贊助內容 광고 협찬
    """.split()  # noqa: SIM905  (words)
)
# Labels of banners too.
_BANNERS = frozenset(
    """
    ad advertisement advertising anzeige werbung publicité publicidad publicidade pubblicità advertentie annonce annonse annons mainos reklama
    oglas hirdetes hirdetés publicitate reklam реклама إعلان פרסומת 広告 pr 广告 廣告 광고 promoted
    """.split()  # noqa: SIM905  (words)
)
_GROUPS = frozenset(
    entry.replace("_", " ")
    for entry in """
    anzeigen advertorials advertisements sponsored_stories sponsored_posts paid_posts partnerinhalte partner_inhalte from_our_partners content_from_our_partners
    von_unseren_partnern inhalte_unserer_partner contenus_sponsorisés contenus_partenaires contenidos_patrocinados contenuti_sponsorizzati conteúdos_patrocinados
    gesponsorde_artikelen artykuły_sponsorowane materiały_promocyjne партнерские_материалы
    """.split()  # noqa: SIM905  (words)
)  # above several cards
_FOR = re.compile(
    r"(?:sponsored by|paid for by|paid content by|presented by|brought to you by|promoted by|anzeige (?:von|der|des)|werbung (?:von|für)|gesponsert von|präsentiert von|"
    r"sponsorisé par|présenté par|proposé par|patrocinado por|presentado por|ofrecido por|sponsorizzato da|oferecido por|apresentado por|gesponsord door|aangeboden door|"
    r"sponset av|sponsrad av|sponsoreret af|sponzorováno|sponsorowane przez)\s\S",
    re.IGNORECASE,
)  # … somebody
_IN_TITLE = re.compile(r"[\[(]([^\])]{2,40})[\])]\s|([^|:]{2,40}?)\s?([|:])\s")
_TELLING = re.compile(r"(?:aria-label|data-[a-z-]{0,40})")
_NO = frozenset(("", "0", "false", "no", "off", "none", "null"))
_LONGEST = max(map(len, _LABELS))
_ABOVE = 8  # elements above a link whose names are looked at
_MOST = 0.4  # of a page's links: a box that holds more than that is the page's own stream
_NODES = 60  # of a card, before its title


def paid(collected: Collected, chosen: Sequence[Candidate]) -> frozenset[int]:
    """The indexes of those in `chosen` that are paid for. Places must have been marked (`anchors.mark`)."""
    inside: dict[int, int] = {}  # place → how many of the chosen stand in it
    for candidate in chosen:
        for place in {id(p): p for a in candidate.anchors for p in chain(a.place)}.values():
            inside[place.node.mem_id] = inside.get(place.node.mem_id, 0) + 1
    most = max(1, int(len(chosen) * _MOST))
    known: dict[int, bool] = {}
    return frozenset(
        candidate.number
        for candidate in chosen
        if all(
            "sponsored" in anchor.rel.split()
            or _in_paid_box(anchor, inside, most, known)
            or _is_labelled(anchor, candidate)
            or _in_title(anchor.heading or anchor.text)
            for anchor in candidate.anchors
        )
    )


def _in_paid_box(anchor: Anchor, inside: dict[int, int], most: int, known: dict[int, bool]) -> bool:
    for place in chain(anchor.place, _ABOVE):
        count = inside.get(place.node.mem_id, 0)
        if place.tag in ("body", "main", "html") or count > most:
            return False
        mark = place.node.mem_id
        if mark not in known:
            known[mark] = _says_paid(place.node) or (count > 1 and _is_paid_group(place))
        if known[mark]:
            return True
    return False


def _says_paid(node: LexborNode) -> bool:
    """Whether an element says of itself that it is paid for: by its class, its id, or an attribute of its own."""
    attributes = node.attributes
    if _BOXES.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
        return True
    for name, value in attributes.items():
        if _TELLING.fullmatch(name) and (value or "").lower() not in _NO:
            told = (value or "").lower()
            if told in _LABELS or _FOR.match(told) or (len(told) <= 40 and _BOXES.search(told)):
                return True
            if _BOXES.search(name.removeprefix("data-").removeprefix("is-")) and (len(told) <= 5 or told == name):
                return True
    return False


def _is_paid_group(place: Place) -> bool:
    """Whether a box of several cards begins with a label of its own that speaks of them all."""
    for node in _nodes(place):
        text = _plain(node.text_content or "")
        above = node.parent
        heading = above is not None and above.tag in HEADINGS
        return text in _GROUPS or (text in _LABELS and (heading or text not in _BANNERS))
    return False


def _is_labelled(anchor: Anchor, candidate: Candidate) -> bool:
    """Whether a text of a card is a label of advertising: any above its title, one that speaks of a text below it too."""
    card: Place = anchor.place
    for place in chain(anchor.place, _ABOVE):
        if place.only != candidate.number:
            break
        card = place
    title = (anchor.heading or anchor.text).lower()
    begun = False
    for node in _nodes(card, pictures=True):
        told = node.text_content if node.is_text_node else node.attributes.get("alt")
        text = _plain(told or "")
        if (text in _LABELS or (len(text) <= 60 and _FOR.match(text))) and not (begun and text in _BANNERS):
            return True
        begun = begun or (node.is_text_node and len(text) > 3 and title.startswith(text[:20]))
    return False


def _in_title(title: str) -> bool:
    """Whether a title begins with a label: "[Anzeige] …", "Anzeige | …", "Advertorial: …", but not "Sponsored: …"."""
    found = _IN_TITLE.match(title.lstrip())
    if found is None:
        return False
    label = (found[1] or found[2] or "").strip().lower()
    if found[3] == ":":
        return label in _LABELS - _BANNERS - {"sponsored", "patrocinado", "gesponsert", "gesponsord", "sponsorisé"}
    return label in _LABELS


def _plain(text: str) -> str:
    return clean(text, _LONGEST + 40).strip(" :·|–-[]()").lower()


def _nodes(card: Place, *, pictures: bool = False) -> list[LexborNode]:
    """The texts of a card in their order, and its pictures where wanted, as many as are looked at."""
    found: list[LexborNode] = []
    for node in card.node.traverse(include_text=True):
        if (node.is_text_node and (node.text_content or "").strip()) or (pictures and node.tag == "img"):
            found.append(node)
            if len(found) >= _NODES:
                break
    return found
