"""Cards of a listing that are paid for: by the names of the box that they stand in, or a label above their title.

A banner between two stories is labelled too ("Advertisement"): only what stands in a story's own box, before its title,
speaks of that story. Addresses that say so (`/sponsored/`) are known to the crawl.
"""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

from collections.abc import Sequence

from ...page.class_terms import ClassTerms
from ...page.text import clean
from .anchors import Anchor, Candidate, Collected, Place, chain

_BOXES = ClassTerms(
    r"sponsored sponsored-(?:content|post|article|teaser|card|story|link|box)s? (?:is|type)-sponsored advertorials? anzeigen?-teaser teaser-anzeige "
    r"native-ads? native-advert\w* brand(?:ed)?-content paid-(?:content|post|partnership)s? partner-content promoted-(?:content|post|story) "
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
            _in_paid_box(anchor, inside, most, known) or _is_labelled(anchor, candidate) for anchor in candidate.anchors
        )
    )


def _in_paid_box(anchor: Anchor, inside: dict[int, int], most: int, known: dict[int, bool]) -> bool:
    for place in chain(anchor.place, _ABOVE):
        if place.tag in ("body", "main", "html") or inside.get(place.node.mem_id, 0) > most:
            return False
        mark = place.node.mem_id
        if mark not in known:
            attributes = place.node.attributes
            known[mark] = _BOXES.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}")
        if known[mark]:
            return True
    return False


def _is_labelled(anchor: Anchor, candidate: Candidate) -> bool:
    """Whether the first short text of a card, above its title, is a label of advertising."""
    card: Place = anchor.place
    for place in chain(anchor.place, _ABOVE):
        if place.only != candidate.number:
            break
        card = place
    title = anchor.heading or anchor.text
    for node in _texts(card):
        text = clean(node, _LONGEST + 2).strip(" :·|–-[]()").lower()
        if text in _LABELS:
            return True
        if len(text) > 3 and title.lower().startswith(text[:20]):
            return False  # the title has begun
    return False


def _texts(card: Place) -> list[str]:
    """The texts of a card in their order, as many as are looked at."""
    found: list[str] = []
    for node in card.node.traverse(include_text=True):
        if node.is_text_node and (text := (node.text_content or "").strip()):
            found.append(text)
            if len(found) >= _NODES:
                break
    return found
