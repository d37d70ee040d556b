"""Patterns that tell what a node is: by its class names, its address, the words of its text."""
# ruff: noqa: E501  (the words of a list stay together)

from __future__ import annotations

import re

from scrapers.page.class_terms import ClassTerms

AUTHOR = ClassTerms(
    r"by-?line\w* authors?\w* autor\w* auteurs?\w* writers?\w* journalists?\w* reporters?\w* contributors?\w* redacteurs?\w* creators? user-name vcard fn p-author"
)
NOT_AUTHOR = ClassTerms(
    r"bio bios biograph\w* social\w* follow\w* avatars?\w* images?\w* imgs?\w* photos?\w* pictures?\w* desc\w* comments?\w* related\w* more share\w* icons?\w* "
    r"dates?\w* time\w* roles? titles? jobs?\w* positions? functions? twitter\w* mail e-mail link-list box boxes cards? teasers?\w* recommend\w* sidebar\w* "
    r"footers? nav navi\w* captions? credits? copyrights? sources? counts?\w* locations? "
    r"(?:author|autor|auteur|writer|byline)s?(?:bio\w*|social|avatar|image|img|photo|picture|desc\w*|share|icon|date|time|role|title|job|box|card|count|links?)"
)
DATE = ClassTerms(r"(?:date|datum|fecha|data|time|publi|pubdate|posted|timestamp|dateline|created|meta|info)\w*")
SUBTITLE = ClassTerms(
    r"(?:stand-first|sub-titles?|sub-head|sub-headline|dek|deck|lede|chapo|chapeau|entradilla|bajada|vorspann|anlauf|ingress|manchet|perex|"
    r"sommario|untertitel|preamble|strapline)\w*"
)
INTRODUCTION = ClassTerms(
    r"lead leads leadtext leadin leading-text teaser\w* intro\w* summary\w* excerpt\w* abstract\w* occhiello\w* description\w*"
)
NOT_SUBTITLE = ClassTerms(
    r"\w*captions? credits?\w* copyright\w* \w*images? imgs?\w* \w*photos? pictures?\w* figures?\w* videos?\w* media share\w* social\w* comments?\w* related\w* "
    r"\w*newsletter\w* by-?line\w* authors?\w* dates?\w* time\w* \w*meta bread-?crumbs?\w* bildunter\w*"
)
BYLINE = re.compile(
    r"^(?:by|von|par|por|di|da|af|av|door|autor(?:in)?|text|tekst|texte|testo|od|από|του|автор|авторы|текст|"
    r"written by|reported by|oleh|yazan|kirjoittaja|szerző|a cura di|geschreven door|"
    r"skrevet a[fv]|submitted by|geschrieben von|γράφει [οη]|(?:كتبت?|إعداد|تحرير)(?=\s?:)|بقلم|מאת|"
    r"(?:postado|publicado|escrito|posted) (?:por|by)|tác giả|penulis|oleh|โดย|ผู้เขียน|نویسنده|लेखक|"
    r"piše|пише|autorius|autors|skribent)\b\s{0,3}:?\s{1,3}(?=\S)|"
    r"^(?:文|撰文|作者|記者|记者|執筆|取材|文責|글)\s?[:：]\s?(?=\S)|^[가-힣]{2,4} (?:기자|특파원)$",
    re.I,
)
BY_ALONE = re.compile(
    r"(?:(?:article|story|words|text|written|posted|published|reported|verfasst|geschrieben|ein artikel|écrit|escrito|scritto) )?"
    r"(?:by|von|par|por|di|da|af|av|door|autor(?:in)?|author|auteur|autore|автор)\s?:?",
    re.I,
)
BY_INSIDE = re.compile(
    r"(?<=[\s|·•,–—-])(?:(?:written|posted|published|veröffentlicht|geschrieben|publié|publicado|escrito|scritto) )?"
    r"(?:by|von|par|por)[:\s]{1,3}(?=[^\W\d_])",
    re.I,
)
PERSON = ClassTerms(
    r"(?:bi|fa|fas|far|icon|icons|dashicons|glyphicon|mdi|ti|ion|la|genericon)-(?:admin-)?(?:person|user|author)s?(?:-\w+)?"
)
AUTHOR_HREF = re.compile(
    r"/(?:authors?|autor(?:en|es|as|zy|i)?|auteurs?|profiles?|profil|people|staff|writers?|contributors?|journalists?|"
    r"journalisten|redacteur|redaktion|reporters?|by|person|team|experte?s?|autore|autori|signature|firmas?|columnists?|"
    r"skribent|redaktor|user|users|bio|correspondents?)/[^/]{2,80}/?",
    re.I,
)
OUTSIDE = frozenset(("aside", "nav", "footer", "form", "figure", "figcaption"))
ELSEWHERE = ClassTerms(
    r"related\w* teasers?\w* comments?\w* recommend\w* (?<!post.)(?<!article.)(?<!entry.)sidebar\w* (?<!post.)(?<!entry.)(?<!article.)footers?\w* newsletter\w* more(?=.\w) most(?=.\w) "
    r"trending\w* latest\w* popular\w* promos? promoted promotions? (?<!elementor.)(?<!cos.)widgets?\w* also similar\w* next(?=.\w) cards? carousel\w* sliders?\w* list-items? menus?\w* "
    r"nav navi\w* navs? navbar\w* current-(?:date|time) today\w* masthead\w* topbar\w* weather\w* joined copyright\w*"
)
OTHERS = ClassTerms(
    r"comments?\w* kommentare?\w* related\w* recommend\w* copyright\w* archives?\w* (?<!post.)(?<!article.)(?<!entry.)sidebar\w* popular\w* recent\w* latest\w*"
)
TAG_LABEL = re.compile(
    r"^(?:tags?|topics?|themen|schlagwörter|schlagworte|etiquetas|temas|mots-clés|tagi|stichworte)\s{0,3}:\s{0,3}", re.I
)
