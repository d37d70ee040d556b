"""Notices around a text that are no part of it: of affiliate links, of how a post is filed, appeals, author boxes.

Each is told by the words that publishing systems and papers write, in the languages that news is written in. They are
asked for whole short lines, not for beginnings (see `phrases`).
"""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .units.blocks import Block, Element

LONGEST = 320  # characters; a longer line is prose

_DISCLOSURE = re.compile(
    r"\bas an amazon associate,? (?:i|we)\b|\b(?:i|we|us) (?:may |might |could |will |can )?(?:also )?(?:earn|receive|get|make) (?:a |an )?(?:small )?(?:affiliate )?commissions?\b|"
    r"\b(?:earns?|receives?) (?:a |an )?(?:small )?(?:affiliate )?commissions? (?:from|on|when|if|through|for)\b.{0,60}\blinks?\b|"
    r"\b(?:posts?|articles?|pages?|stor(?:y|ies)|site|guides?|newsletter) (?:may |might )?contains? affiliate links\b|\bwe (?:may |also |occasionally |sometimes )*(?:use|include) affiliate links\b|\bearn an affiliate (?:fee|commission)\b|"
    r"\bals amazon-?partner verdien\w+|\b(?:erhalten|bekommen|verdienen|erhalte|bekomme) (?:wir|ich)\b.{0,40}\bprovision\b|\bsogenannte affiliate-?links?\b|\benthält affiliate-?links?\b|"
    r"\bpartenaire amazon\b|\bliens? (?:affiliés?|d.affiliation)\b|\benlaces? de afiliad\w+|\bafiliad\w+ de amazon\b|\blinks? de afiliad\w+|\baffiliat\w* amazon\b|\blink di affiliazione\b|"
    r"\blinki? (?:afiliacyjn|partnersk)\w+|\baffiliate-?links?\b.{0,60}\bcommissie\b",
)
_FILED = re.compile(
    r"(?:this entry was posted (?:in|on|by)|dieser (?:eintrag|beitrag) wurde .{0,60}(?:veröffentlicht|verschlagwortet)|dieser beitrag wurde unter .{0,80} abgelegt|"
    r"cette entrée a été publiée|ce contenu a été publié dans|esta entrada fue publicada|esta entrada foi publicada|publicado em .{0,60} e marcado|questa voce è stata pubblicata|"
    r"questo articolo è stato pubblicato in|dit bericht werd geplaatst in|ten wpis został opublikowany|запись опубликована|цей запис оприлюднено|det här inlägget postades|dette innlegget ble publisert|read the (?:original|full) (?:article|story|post) (?:on|at))\b|"
    r"(?:the post|der beitrag|l.article|la entrada|o post|l.articolo|het bericht|artykuł|wpis|сообщение|příspěvek|innlegget|inlägget) .{1,200}\b(?:appeared first on|erschien zuerst auf|"
    r"est apparu en premier sur|(?:se publicó primero|apareció primero) en|apareceu primeiro em|proviene da|verscheen eerst op|pochodzi z serwisu|появил\w{1,5} (?:сначала|впервые) на|pochází z|dukket først opp på|dök först upp på) .{2,80}$|"
    r"\[[a-z][\w-]{2,30} [\w-]{1,30}=[^\]]{0,200}\]$"
)
_APPEAL = re.compile(
    r"\b(?:sign up (?:for|to)|subscribe to)\b.{0,80}\bnewsletters?\b|\bfollow (?:us|me|@\w+) on (?:twitter|x|facebook|instagram|linkedin|youtube|tiktok|threads|bluesky|mastodon|telegram|whatsapp)\b|"
    r"\b(?:folgen sie|folge|folgt) (?:uns|mir|@\w+) (?:auf|bei)\b|\bsuivez-nous sur\b|\bsíguenos en\b|\bsiga-nos n[oa]\b|\bseguici su\b|\bvolg ons op\b|\bobserwuj nas na\b|\bconsider (?:becoming a (?:\w+ )?(?:member|subscriber|patron)|(?:making a )?donat\w+|supporting (?:us|our))\b|"
    r"\bbecome a (?:paid |paying )?(?:member|patron|subscriber)\b.{0,60}\b(?:support|today|here|our)\b|\bsupport (?:us|our \w+) on patreon\b|"
    r"\b(?:abonnieren sie|melden sie sich|abonniert?)\b.{0,50}\bnewsletter\b|\b(?:inscrivez|abonnez)-vous\b.{0,40}\b(?:newsletter|infolettre)\b|\bfaites un don\b|"
    r"\bsuscríbe\w+\b.{0,40}\b(?:boletín|boletines|newsletter)\b|\binscreva-se\b.{0,40}\bnewsletter\b|\biscriviti\b.{0,40}\bnewsletter\b|\b(?:schrijf je in|meld je aan)\b.{0,40}\bnieuwsbrief\b|"
    r"\bzapisz się\b.{0,40}\bnewsletter\w*|\bпідпи\w+ся на\b|\bподпи\w+тесь на\b"
)
_PLACEHOLDER = re.compile(
    r"(?:empfohlener (?:redaktioneller|externer) inhalt$|externe[rn]? inhalte? (?:anzeigen|laden)$|ich bin (?:damit )?einverstanden, dass mir .{0,30}externe.{0,40}angezeigt|"
    r"an dieser stelle (?:finden sie|befindet sich) .{0,60}\bextern|(?:damit|dabei|hierbei|dadurch) (?:können|werden) personenbezogene daten an (?:drittplattformen|drittanbieter|dritte)\b|"
    r"(?:dieser|der folgende) (?:externe )?inhalt .{0,60}\b(?:zustimmung|einwilligung)\b|we need your (?:permission|consent) (?:to|before) (?:show|display|load)|"
    r"this (?:content|video|post|embed) (?:is hosted by|comes from) (?:a third party|an external)|to (?:view|see|watch|display) this (?:content|video|post|embed),? .{0,60}\bcookies\b|"
    r"ce contenu (?:externe )?.{0,60}\b(?:cookies|consentement)\b|este contenido .{0,60}\b(?:cookies|consentimiento)\b|este conteúdo .{0,60}\b(?:cookies|consentimento)\b|"
    r"questo contenuto .{0,60}\b(?:cookie|consenso)\b|deze inhoud .{0,60}\b(?:cookies|toestemming)\b)"
)
_LONGEST_PLACEHOLDER = 400  # characters
_AUTHOR = re.compile(
    r"(?:about the (?:author|writer|reporter)s?|about me|who (?:wrote|curated|made|tested|reviewed) this (?:article|guide|story|page|list|review)|meet (?:the|our) (?:author|writer|expert|reviewer)s?|"
    r"über (?:den autor|die autorin|die autoren|den verfasser|die verfasserin)|zur person des autors|à propos de l.auteure?|a propos de l.auteure?|sobre (?:el autor|la autora|o autor|a autora)|acerca (?:del autor|de la autora)|"
    r"(?:l.autore|l.autrice|chi è l.autore)|over de auteur|om (?:forfatteren|författaren|skribenten)|o autor(?:ze|ce)|o autorovi|об авторе|про автора)\s?[:?]?"
)
_LEGAL = re.compile(
    r"\b(?:for|of) (?:general )?(?:informational?|educational|illustrative)(?: (?:and|or) \w+)? purposes\b|\b(?:is|are) not (?:intended|meant|designed) to (?:be|replace|provide|constitute|offer)\b|"
    r"\b(?:does|do|should) not (?:constitute|be (?:construed|considered|taken) as)\b.{0,60}\b(?:advice|offer|recommendation|solicitation)\b|\bpast performance\b|\bnot a substitute for\b|\bregistered investment advis[eo]r\b|"
    r"\bmember finra\b|\binvesting (?:involves|is subject to) risk\b|\bconsult (?:with )?(?:a|your|an?other) (?:own )?(?:qualified|licensed|professional|doctor|physician|financial|tax|attorney|lawyer)\b|\bdo(?:es)? not provide (?:tax|legal|medical|investment|financial)\b|"
    r"\bkeine? (?:anlage|rechts|steuer)beratung\b|\b(?:nur|ausschließlich|lediglich) (?:zu informationszwecken|der information)\b|\bersetzt (?:nicht|keine?n?)\b.{0,40}\b(?:arzt|ärztliche|beratung)\b|"
    r"\bne constituen?t? (?:pas|en aucun cas)\b|\bà titre (?:purement |strictement )?(?:informatif|indicatif)\b|\bno constituyen?\b.{0,60}\b(?:asesor|consejo|recomendaci|oferta)\w*|\bfines (?:meramente |exclusivamente )?informativos\b|"
    r"\bnão constituem?\b.{0,60}\b(?:aconselhamento|recomendaç|oferta)\w*|\bfins (?:meramente )?informativos\b|\bnon costituis(?:ce|cono)\b|\ba (?:solo )?scopo informativo\b|\bgeen (?:beleggings|financieel |juridisch |medisch )advies\b|"
    r"\bnie stanowi\w*\b.{0,40}\b(?:porady|rekomendacji|oferty)\b|\bне является\b.{0,60}\b(?:рекомендаци|оферт|консультаци)\w*"
)
_LONGEST_LEGAL = 1500  # characters
_SMALL_PRINT = re.compile(
    r"disclaim|(?:affiliate|advertis\w{2,5}|commission)[-_]{0,2}disclosure|disclosure[-_]{0,2}(?:text|statement|notice|box)|"
    r"fine-?print|legal-?(?:notice|copy|text)",
    re.I,
)
_AUTHOR_BOX = re.compile(
    r"(?<![a-z])(?:author|writer|autor|auteur|contributor)s?[-_]{0,2}(?:box|bio|info|card|profile|about|desc)(?![a-z]{0,4}only)|"
    r"(?<![a-z])about[-_]{0,2}(?:the[-_]{0,2})?(?:author|writer)",
    re.I,
)
_DISCLOSED = 2  # different lines of affiliate links: more, and they are the subject
_BIOGRAPHY = 1200  # characters under the heading of an author box: more, and it is a part of the text
_MOST_NOTICES = 0.6  # share of the text that is left without boxes of notices: less, and they are the text
_CLIMB = 4  # elements around a unit whose names tell what box it stands in
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_PRESENTED, _BULLETS = 700, "•*–—-_ "  # characters of a line about the author, and those before it
_CONTACT = 250  # characters of a line that tells how to reach the author
_ACCOUNT = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w|(?<!\w)@\w{3}")
_RIGHTS = re.compile(
    r"(?:disclaimer|haftungsausschluss)\b|.{0,80}\b(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
    r"todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden|wszelkie prawa zastrzeżone|все права защищены)\b"
)
_NAMES = 300  # characters of names that are looked at
_NUMBERED = re.compile(
    r"(?:abbildung|abb\.|figure|fig\.|bild|foto|figura|figuur|schaubild|grafik|diagramm|kuva|рис\.)\s?\d{1,3}\s?[:.–-]"
)


def is_disclosure(text: str) -> bool:
    """Whether a line tells that its links are paid for."""
    if len(text) > LONGEST:
        return False
    low = text.lower()
    # Each of its phrases has one of these words, few lines have any, and to look for them takes next to nothing.
    told = (
        "affili" in low or "amazon" in low or "commission" in low or "provision" in low or "afiliad" in low
        or "afiliacyjn" in low or "partnersk" in low
    )  # fmt: skip
    return told and _DISCLOSURE.search(low) is not None


def is_filed(text: str) -> bool:
    """Whether a line is what a publishing system writes under a post: where it is filed, where it appeared first; or a
    code of its own that it left unread: "[form id=3]"."""
    return len(text) <= LONGEST and _FILED.match(text.lower()) is not None


def is_placeholder(text: str) -> bool:
    """Whether a line stands in the place of an embed and asks for consent to show it."""
    return len(text) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.match(text.lower()) is not None


def is_appeal(text: str) -> bool:
    """Whether a line asks the reader to subscribe or to give."""
    return len(text) <= LONGEST and _APPEAL.search(text.lower()) is not None


def is_legal(text: str) -> bool:
    """Whether a line is the small print under a text: that it is no advice, offer or promise."""
    low = text.lower() if len(text) <= _LONGEST_LEGAL else ""
    return _LEGAL.search(low) is not None or _RIGHTS.match(low) is not None


@lru_cache(maxsize=4096)  # pages of one site name their elements alike
def names_notice(names: str) -> bool:
    """Whether the names of an element tell that it holds small print, or presents the author."""
    names = names[:_NAMES]
    return _SMALL_PRINT.search(names) is not None or _AUTHOR_BOX.search(names) is not None


def heads_author(text: str) -> bool:
    """Whether a heading stands above words about the author."""
    return len(text) < 60 and _AUTHOR.fullmatch(text.lower().strip()) is not None


def is_numbered(text: str) -> bool:
    """Whether a line begins as a numbered caption does: "Figure 4: …"."""
    found = _NUMBERED.match(text[:40].lower()) if len(text) <= LONGEST else None
    return found is not None and len(text) > found.end() + 4


def without_notices(kept: list[Block], core: Element | None, authors: Sequence[str] = ()) -> list[Block]:
    """Without boxes of small print, notices of affiliate links and of how a post is filed, consent to embeds,
    appeals at the two ends, small print and words about the author at the last, and author boxes.

    Where many lines speak of affiliate links, these are the subject.
    """
    kept = _without_notice_boxes(kept, core)
    told = {block.text for block in kept if not block.parts and is_disclosure(block.text)}
    if len(told) > _DISCLOSED:
        told = set()
    found = [
        block
        for block in kept
        if block.text not in told and (block.parts or not (is_filed(block.text) or is_placeholder(block.text)))
    ]
    while len(found) > 1 and not found[-1].parts:
        last = found[-1].text
        if not (is_appeal(last) or is_legal(last) or _presents_author(found, authors)):
            break
        found.pop()
    while len(found) > 1 and not found[0].parts and is_appeal(found[0].text):
        found.pop(0)
    return _without_author_box(found) or kept


def _presents_author(kept: list[Block], authors: Sequence[str]) -> bool:
    """Whether the last unit begins with the whole name of an author whom the text before does not name, or tells how
    to reach an author."""
    last = kept[-1]
    if last.length > _PRESENTED:
        return False
    text = last.text.lstrip(_BULLETS)
    if last.length <= _CONTACT and any(name in text for name in authors) and _ACCOUNT.search(text):
        return True
    return any(
        " " in name and text.startswith(name) and not any(name in block.text for block in kept[:-1]) for name in authors
    )


def _without_notice_boxes(kept: list[Block], core: Element | None) -> list[Block]:
    """Without boxes within the text that are named for small print or the author, if they hold a small part of it."""
    found = [block for block in kept if not _in_notice_box(block.element, core)]
    left = sum(block.length for block in found)
    return found if left > _MOST_NOTICES * sum(block.length for block in kept) else kept


def _in_notice_box(element: Element | None, core: Element | None) -> bool:
    for _ in range(_CLIMB):
        if element is None or element is core:
            return False
        if element.looks.attrs and names_notice(element.named()):
            return True
        element = element.parent
    return False


def _without_author_box(kept: list[Block]) -> list[Block]:
    """Without the part under a heading such as "About the author", up to the next heading."""
    for at, heading in enumerate(kept):
        if at and heading.tag in _HEADINGS and heads_author(heading.text):
            after = next((n for n in range(at + 1, len(kept)) if kept[n].tag in _HEADINGS), len(kept))
            if sum(block.length for block in kept[at:after]) < _BIOGRAPHY:
                return kept[:at] + kept[after:]
    return kept
