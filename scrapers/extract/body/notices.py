"""Notices around a text that are no part of it: of affiliate links, of how a post is filed, appeals, author boxes.

Each is told by the words that publishing systems and papers write, in the languages that news is written in. They are
asked for whole short lines, not for beginnings (see `phrases`).
"""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re

LONGEST = 320  # characters; a longer line is prose

_DISCLOSURE = re.compile(
    r"\bas an amazon associate,? (?:i|we)\b|\b(?:i|we|us) (?:may |might |could |will |can )?(?:also )?(?:earn|receive|get|make) (?:a |an )?(?:small )?(?:affiliate )?commissions?\b|"
    r"\b(?:earns?|receives?) (?:a |an )?(?:small )?(?:affiliate )?commissions? (?:from|on|when|if|through|for)\b.{0,60}\blinks?\b|"
    r"\b(?:post|article|page|story|site|guide|newsletter) (?:may |might )?contains? affiliate links\b|\bwe (?:may |also )*use affiliate links\b|"
    r"\bals amazon-?partner verdien\w+|\b(?:erhalten|bekommen|verdienen|erhalte|bekomme) (?:wir|ich)\b.{0,40}\bprovision\b|\bsogenannte affiliate-?links?\b|\benthält affiliate-?links?\b|"
    r"\bpartenaire amazon\b|\bliens? (?:affiliés?|d.affiliation)\b|\benlaces? de afiliad\w+|\bafiliad\w+ de amazon\b|\blinks? de afiliad\w+|\baffiliat\w* amazon\b|\blink di affiliazione\b|"
    r"\blinki? (?:afiliacyjn|partnersk)\w+|\baffiliate-?links?\b.{0,60}\bcommissie\b",
)
_FILED = re.compile(
    r"(?:this entry was posted (?:in|on|by)|dieser (?:eintrag|beitrag) wurde .{0,60}(?:veröffentlicht|verschlagwortet)|dieser beitrag wurde unter .{0,80} abgelegt|"
    r"cette entrée a été publiée|ce contenu a été publié dans|esta entrada fue publicada|esta entrada foi publicada|publicado em .{0,60} e marcado|questa voce è stata pubblicata|"
    r"questo articolo è stato pubblicato in|dit bericht werd geplaatst in|ten wpis został opublikowany|запись опубликована|цей запис оприлюднено|det här inlägget postades|dette innlegget ble publisert)\b"
)
_APPEAL = re.compile(
    r"\b(?:sign up (?:for|to)|subscribe to) (?:our|the|my|his|her|your)\b.{0,40}\bnewsletters?\b|\bconsider (?:becoming a (?:\w+ )?(?:member|subscriber|patron)|(?:making a )?donat\w+|supporting (?:us|our))\b|"
    r"\bbecome a (?:paid |paying )?(?:member|patron|subscriber)\b.{0,60}\b(?:support|today|here|our)\b|\bsupport (?:us|our \w+) on patreon\b|"
    r"\b(?:abonnieren sie|melden sie sich|abonniert?)\b.{0,50}\bnewsletter\b|\b(?:inscrivez|abonnez)-vous\b.{0,40}\b(?:newsletter|infolettre)\b|\bfaites un don\b|"
    r"\bsuscríbe\w+\b.{0,40}\b(?:boletín|boletines|newsletter)\b|\binscreva-se\b.{0,40}\bnewsletter\b|\biscriviti\b.{0,40}\bnewsletter\b|\b(?:schrijf je in|meld je aan)\b.{0,40}\bnieuwsbrief\b|"
    r"\bzapisz się\b.{0,40}\bnewsletter\w*|\bпідпи\w+ся на\b|\bподпи\w+тесь на\b"
)
_AUTHOR = re.compile(
    r"(?:about the (?:author|writer|reporter)s?|about me|who (?:wrote|curated|made|tested|reviewed) this (?:article|guide|story|page|list|review)|meet (?:the|our) (?:author|writer|expert|reviewer)s?|"
    r"über (?:den autor|die autorin|die autoren|den verfasser|die verfasserin)|zur person des autors|à propos de l.auteure?|a propos de l.auteure?|sobre (?:el autor|la autora|o autor|a autora)|acerca (?:del autor|de la autora)|"
    r"(?:l.autore|l.autrice|chi è l.autore)|over de auteur|om (?:forfatteren|författaren|skribenten)|o autor(?:ze|ce)|o autorovi|об авторе|про автора)\s?[:?]?"
)
_NUMBERED = re.compile(
    r"(?:abbildung|abb\.|figure|fig\.|bild|foto|figura|figuur|schaubild|grafik|diagramm|kuva|рис\.)\s?\d{1,3}\s?[:.–-]"
)


def is_disclosure(text: str) -> bool:
    """Whether a line tells that its links are paid for."""
    return len(text) <= LONGEST and _DISCLOSURE.search(text.lower()) is not None


def is_filed(text: str) -> bool:
    """Whether a line is what a publishing system writes under a post: where it is filed, how it is tagged."""
    return len(text) <= LONGEST and _FILED.match(text.lower()) is not None


def is_appeal(text: str) -> bool:
    """Whether a line asks the reader to subscribe or to give."""
    return len(text) <= LONGEST and _APPEAL.search(text.lower()) is not None


def heads_author(text: str) -> bool:
    """Whether a heading stands above words about the author."""
    return len(text) < 60 and _AUTHOR.fullmatch(text.lower().strip()) is not None


def is_numbered(text: str) -> bool:
    """Whether a line begins as a numbered caption does: "Figure 4: …"."""
    found = _NUMBERED.match(text[:40].lower()) if len(text) <= LONGEST else None
    return found is not None and len(text) > found.end() + 4
