"""Beginnings of short lines that are boilerplate, not prose, in the languages that news is written in."""
# ruff: noqa: E501  (a line of beginnings stays together)

from __future__ import annotations

import re
from functools import lru_cache

from scrapers.page.text import is_advert_marker

OTHER, ALSO, CREDIT, NEWSLETTER, SHARE, ADVERT, COMMENTS, BYLINE, DATE, COPYRIGHT, SUBSCRIBE, TAGS, PLAYER = range(13)

# Each line stands at the beginning of a block of at most 300 characters; case does not matter.
_BEGINNINGS: tuple[tuple[int, str], ...] = (
    (ALSO, r"(?:see|read|watch|also|more|related|recommended|don.?t miss|further reading|(?:must|required) (?:read|reading)|up next|you (?:may|might) (?:also )?(?:like|be interested)|"
           r"trending|most (?:read|popular|viewed)|latest (?:news|stories|headlines)|top stories|popular (?:now|posts|stories)|previous(?:ly)?|next|explore|keep reading|continue reading|in case you missed|what to read next)\b"
           r"(?: (?:also|read|see|watch|more|next|now|stories?|articles?|posts?|news|on|from|about|this|coverage|reading|links?|content|topics?|videos?|here))*\s*[:>\-–—|…»]|"
           r"(?:read|see|watch) (?:also|more|next)\b|related(?: (?:stor|article|post|news|content|topic|coverage|video|read)\w*)?:?$|more (?:from|on|stories|in|news|about|articles)\b|recommended(?: for you| reading| stories)?:?$|"
           r"people (?:are|were) also read|you (?:may|might) (?:also )?(?:like|be interested)|don.?t miss|further reading|most (?:read|popular|viewed|discussed|shared|commented)|top stories|previous (?:article|post|story)|next (?:article|post|story)|continue reading|suggested reading|"
           r"mehr zum thema|mehr (?:zu|über|dazu|aus|von|lesen|infos?)\b|lesen sie (?:auch|mehr|hier|dazu)|lies (?:auch|mehr|hier)|auch interessant|das könnte (?:sie|dich|ihnen)|weitere (?:artikel|themen|meldungen|nachrichten|beiträge|infos|informationen)|weiterlesen|"
           r"siehe auch|ähnliche (?:artikel|beiträge|themen)|zum thema:?$|passend dazu|hier (?:lesen|geht|finden)|verwandte (?:artikel|themen|beiträge)|das interessiert|meist-?(?:gelesen|diskutiert|kommentiert|geteilt|gesehen)|top-?themen|aktuelle (?:artikel|beiträge|meldungen|nachrichten)|neueste (?:artikel|beiträge)|"
           r"lire (?:aussi|également|la suite)|à lire|a lire|à voir|voir aussi|lisez aussi|sur le même (?:sujet|thème)|pour aller plus loin|articles? (?:liés|similaires|connexes)|notre dossier|retrouvez |les plus (?:lus|commentés|partagés|vus)|écouter aussi|"
           r"lea (?:también|tambien|más|además)|lee (?:también|más|además)|leer (?:también|más)|te puede interesar|le puede interesar|también te|mira también|ver (?:también|más)|más (?:información|sobre|noticias|en)\b|noticias? relacionad|artículos? relacionad|no te pierdas|(?:mira|lee|lea|vea|mire)\s?:|le recomendamos|te recomendamos|además:|l[oa]s? más (?:leíd|vist|comentad|compartid)|"
           r"leia (?:também|mais)|leia:|veja (?:também|mais)|saiba mais|confira|mais (?:notícias|sobre|lidas)|relacionad|ler mais|assista|"
           r"leggi (?:anche|tutto|pure)|leggi:|vedi anche|guarda anche|ti potrebbe interessare|potrebbe interessarti|per approfondire|approfondi|articoli correlati|i più (?:letti|visti|commentati|condivisi)|altri articoli|notizie correlate|"
           r"lees (?:ook|meer|verder)|bekijk (?:ook|meer)|meer (?:over|nieuws|lezen)|meest (?:gelezen|besproken|bekeken)|zie ook|ook interessant|gerelateerd|"
           r"läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|se også|se ogsä|mer om|mere om|relaterte|relaterat|relaterede|lue (?:myös|lisää)|katso myös|"
           r"czytaj (?:też|także|również|więcej|dalej)|zobacz (?:też|także|również|więcej)|przeczytaj|polecamy|powiązane|więcej (?:o|na)|sprawdź|"
           r"čtěte (?:také|více|dál)|přečtěte si|mohlo by vás|související|čítajte|prečítajte|súvisiace|"
           r"olvass|olvasd|kapcsolódó|ez is érdekelheti|ajánl|további|"
           r"citește (?:și|mai)|citeste (?:si|mai)|vezi și|vezi si|pe aceeași temă|"
           r"читайте (?:также|ещ|наш)|читать (?:также|дал|полн|подробн)|читайте|смотрите также|по теме|ранее|подробнее|материалы по теме|другие новости|еще по теме|похожие|рекомендуем|"
           r"читайте (?:також|ще)|читати|дивіться також|більше новин|прочетете|вижте още|още (?:по темата|новини)|"
           r"pročitajte|pročitaj|vezane vijesti|više o|povezane|preberite|"
           r"ayrıca (?:oku|bak)|ilgili haber|bunları da|diğer haber|devamını|haberin devamı|"
           r"baca (?:juga|selengkapnya)|lihat juga|simak juga|artikel terkait|berita terkait|xem thêm|đọc thêm|tin liên quan|"
           r"اقرأ|إقرأ|شاهد|مواضيع|أخبار ذات|بیشتر بخوانید|مطالب مرتبط|קראו (?:גם|עוד)|עוד (?:ב|בנושא)|"
           r"और पढ़ें|यह भी पढ़ें|ये भी पढ़ें|இதையும்|"
           r"関連(?:記事|リンク|ニュース)|あわせて読みたい|合わせて読みたい|おすすめ|次のページ|相關(?:新聞|文章|報導)|相关(?:新闻|文章|报道|阅读)|延伸閱讀|延伸阅读|推荐阅读|更多|看更多|關鍵字|관련\s?(?:기사|뉴스)|อ่าน(?:เพิ่มเติม|ข่าว|ต่อ)|ข่าวที่เกี่ยวข้อง|διαβάστε|δείτε|σχετικά"),
    (CREDIT, r"(?:photo(?:s|graph|graphy)?|image(?:s)?|picture|pic|credit|source|file photo|illustration|graphic|video|screenshot|stock|getty|reuters|foto(?:s|graf|grafie|grafía|grafia|:)?|bild(?:quelle|er|nachweis)?|quelle|grafik|crédit(?:s)?|credito?s?|fuente|fonte|imagen|"
           r"imagem|immagine|beeld|kuva|zdjęcie|źródło|fot|zdroj|autor|kép|forrás|фото|источник|джерело|foto ilustrasi|fotoğraf|kaynak|sumber|ảnh|nguồn|圖|图|写真|撮影|사진|ภาพ)"
           r"\s?(?:by|courtesy|de|von|credit|:|©|/|\||\(|par|di|via)|(?:©|\(c\)|®|📷|📸)|(?:getty images|reuters|ap photo|afp|dpa|shutterstock|istock)\b"),
    (NEWSLETTER, r"(?:sign up|signup|subscribe (?:to|now|for|here)|get (?:the|our|all|your|more|breaking|daily)|join (?:our|the|us|over|thousands)|download (?:our|the)|enter your|your email|stay (?:up|informed|in the know|connected)|newsletter|never miss|be the first|want more|"
           r"abonnieren|jetzt (?:abonnieren|anmelden|kostenlos|testen)|melden sie sich|newsletter|hol dir|holen sie sich|bleiben sie|verpassen sie|inscrivez-vous|abonnez-vous|recevez|s.inscrire|suscríbete|suscríbase|suscribete|recibe|recíbe|apúntate|regístrate|"
           r"inscreva-se|assine|receba|iscriviti|abbonati|ricevi|schrijf je in|meld je aan|ontvang|prenumerera|anmäl dig|meld deg på|tilmeld|tilaa|zapisz się|prenumeruj|odebírejte|iratkozz|abonează|подпис|підпис|абонирай|kaydol|abone ol|berlangganan|dapatkan|đăng ký|اشترك|購読|訂閱|订阅|구독)"),
    (SHARE, r"(?:share|tweet|facebook|twitter|whatsapp|pinterest|linkedin|telegram|e-?mail|print|copy link|link copied|follow (?:us|me|him|her|@)|like us|teilen|drucken|merken|artikel (?:teilen|drucken|merken)|folgen sie|folgt uns|partager|imprimer|suivez|compartir|comparte|síguenos|"
           r"compartilhe|compartilhar|siga|condividi|seguici|stampa|delen|volg ons|dela|del|jaa|udostępnij|sdílet|megosztás|distribuie|поделиться|поширити|сподели|paylaş|bagikan|chia sẻ|شارك|シェア|ツイート|分享|공유|แชร์)\b(?:.{0,60})$"),
    (ADVERT, r"(?:advertis(?:e)?ment|ad|ads|advertising|sponsored|promoted|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|annons|annonse|annonce|mainos|reklama?|reklám|реклама|iklan|quảng cáo|إعلان|広告|廣告|广告|광고|โฆษณา|article continues|story continues|continue reading below|scroll (?:down )?to continue)\b"),
    (COMMENTS, r"(?:\d{1,6} )?(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|kommentarer|komment|komentarz|komentáře|hozzászólás|комментари|коментар|yorum|komentar|bình luận|تعليق|コメント|評論|评论|댓글)\b.{0,40}$|(?:leave|post|add|write|join|view|show|read) (?:a |the |all |your )?(?:comment|reply|conversation|discussion)|(?:kommentar|antwort) (?:schreiben|hinterlassen|verfassen)|laisser un commentaire|deja un comentario|deixe um comentário|lascia un commento"),
    (BYLINE, r"(?:by|von|par|por|di|da|door|av|af|od|text|words|written by|reporting by|posted by|published by|author|autor(?:in)?|auteur|autore|redaktion|reporter|tekst|teksti|текст|автор|yazan|penulis|editor|oleh|reportase|bởi|بقلم|كتب|文/|文：|記者|记者|取材)\b\s?[:\s](?:\S++(?:\s|$)){1,8}$"),
    (DATE, r"(?:published|updated|posted|last (?:updated|modified)|first published|created|modified|veröffentlicht|aktualisiert|stand|erstellt|publié|mis à jour|modifié|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt|laatste update|publicerad|uppdaterad|publisert|oppdatert|opdateret|udgivet|"
           r"julkaistu|päivitetty|opublikowano|aktualizacja|publikováno|aktualizováno|közzétéve|frissítve|publicat|actualizat|опубликовано|обновлено|оновлено|публикувано|yayınlan|güncellen|diterbitkan|cập nhật|نشر|發布|发布|更新|公開|掲載|配信|입력|수정)\b.{0,80}$|"
           r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}[.,]? .{0,12}\d{1,4}.{0,20}$|\d{1,4}[./\-年 ]\s?(?:\d{1,2}|\w{3,10})[./\-月 ]\s?\d{1,4}.{0,40}$|\d{1,2}:\d\d.{0,20}$|\d{1,3} (?:min|minutes?|hours?|days?|std|stunden|minuten|heures?|minutos?|minuti)\b.{0,20}$"),
    (COPYRIGHT, r"(?:copyright|©|\(c\)|all rights reserved|alle rechte|tous droits|todos los derechos|todos os direitos|tutti i diritti|this (?:article|story|post|material|content) (?:was|is|has|may|originally|first)|originally published|editor.?s note|correction|disclaimer|the views|opinions expressed|reporting by|our standards|"
           r"dieser (?:artikel|beitrag|text)|hinweis|disclaimer|redaktionshinweis|cet article|este artículo|este texto|questo articolo|dit artikel|do you have|got a (?:tip|story)|have a (?:tip|story)|contact (?:us|the)|if you (?:have|want|found|enjoyed)|"
           r"(?:afp|ap|reuters|dpa|ansa|efe|tass|xinhua)\b.{0,20}$)"),
    (SUBSCRIBE, r"(?:subscribe|already (?:a |have )|log ?in|sign in|register|create (?:a|an) (?:free )?account|this (?:article|content|story) is (?:for|only|exclusive)|to (?:continue|read) |unlock|premium|you.?ve (?:reached|read)|support (?:our|us|independent)|become a|donate|"
           r"bereits (?:abonnent|abo|registriert|kunde)|sie haben (?:noch|bereits)|weiter(?:lesen| lesen) mit|mit (?:plus|abo)|anmelden|einloggen|jetzt (?:abo|weiterlesen|lesen|freischalten)|testen sie|lesen sie .{0,40} (?:plus|abo)|unterstützen sie|cet article est|déjà abonné|il vous reste|réservé aux|"
           r"ya (?:eres|soy) suscriptor|exclusivo para|conteúdo exclusivo|já é assinante|sei già abbonato|contenuto riservato|al abonnee|verder lezen|redan prenumerant|logga in|allerede abonnent|logg inn|oletko jo|masz już|zaloguj|přihlásit|bejelentkez|войдите|увійдіть|会員|ログイン|登入|登录|로그인)"),
    (TAGS, r"(?:tags?|topics?|categor(?:y|ies)|keywords?|filed under|posted in|more on|in this (?:article|story)|schlagw(?:ort|orte|örter)|stichw(?:ort|orte)|themen|kategorien?|mots[- ]clés|thèmes|etiquetas|temas|assuntos|tópicos|argomenti|onderwerpen|trefwoorden|ämnen|emner|aiheet|tagi|tematy|štítky|címkék|etichete|теги|темы|метки|etiketler|kaynak|topik|chủ đề|キーワード|タグ|關鍵字|标签|標籤|태그)\s?(?::|$)"),
    (PLAYER, r"(?:play(?: video| audio)?|watch(?: now| live| the video| video)?|listen(?: to| now)?|video|audio|podcast|live|loading|click (?:here|to)|tap (?:here|to)|swipe|slide \d|view (?:gallery|image|photo|all|full)|open (?:in|image|extended)|see (?:all|more|photos|gallery)|show (?:more|all)|load more|hide|close|"
           r"jetzt (?:ansehen|anhören)|anhören|vorlesen|abspielen|bild(?:ergalerie)? \d|galerie|alle anzeigen|mehr anzeigen|écouter|regarder|vidéo|escuchar|ver vídeo|ouvir|ascolta|beluister|lyssna|lyt|kuuntele|posłuchaj|odtwórz|přehrát|слушать|смотреть|dinle|izle)\b.{0,40}$"),
)  # fmt: skip

_LONGEST = 300  # characters; a longer block is prose
_BEFORE = 4  # characters before a phrase that are neither letters nor digits
_KINDS = (*(kind for kind, _ in _BEGINNINGS), OTHER)


def phrase_of(text: str) -> int:
    """Which kind of boilerplate a line begins like; OTHER for prose and for anything long.

    A marker that a template left ("$$AD$$") is where an advert would be.
    """
    if len(text) > _LONGEST:
        return OTHER
    return ADVERT if is_advert_marker(text) else _kind(text)


@lru_cache(maxsize=1024)
def _kind(text: str) -> int:
    start = text[:200].lower()  # the patterns are written in lower case, which is much faster
    if start[:1].isalnum():  # the usual case
        return _KINDS[_place_of(start, 0)]
    at = next((at for at, sign in enumerate(start[: _BEFORE + 1]) if sign.isalnum()), -1)
    signs = _place_of_signs(start)
    return _KINDS[min(signs, _place_of(start, at)) if at >= 0 else signs]


def _place_of(start: str, at: int) -> int:
    """The place in the table of the kind of line whose first letter or digit stands at `at`."""
    for place, phrase in phrases_with(start[at : at + _KNOWN]):
        if start.startswith(phrase, at) if isinstance(phrase, str) else phrase.match(start, at):
            return place
    return len(_BEGINNINGS)


def _place_of_signs(start: str) -> int:
    """The same of the phrases that begin with a sign, behind at most `_BEFORE` others."""
    found = _signed().match(start)
    return found.lastindex - 1 if found is not None and found.lastindex else len(_BEGINNINGS)


@lru_cache(maxsize=1)
def _signed() -> re.Pattern[str]:
    """The phrases that begin with a sign: one group for each kind, in the order of the table."""
    kinds = ([one for begun, one in some if not begun.isdisjoint(_SIGNS)] for some in _ALTERNATIVES)
    groups = "|".join(f"({'|'.join(some) or '(?!)'})" for some in kinds)
    return re.compile(rf"[\W_]{{0,{_BEFORE}}}?(?:{groups})")


@lru_cache(maxsize=4096)  # there are some thousand openings
def phrases_with(three: str) -> tuple[tuple[int, str | re.Pattern[str]], ...]:
    """The phrases that begin as a line with these three characters may, few, each with the place of its kind, in the
    table's order."""
    openings = _OPENINGS & {three, three[:2], three[:1]}
    if not openings:
        return ()
    return tuple(
        (place, _compiled(one))
        for place, some in enumerate(_ALTERNATIVES)
        for begun, one in some
        if not begun.isdisjoint(openings)
    )


@lru_cache(maxsize=4096)  # as many phrases have several openings: each is compiled once, and when it is first needed
def _compiled(phrase: str) -> str | re.Pattern[str]:
    """A phrase of the table to be matched; as it is where it is nothing but letters."""
    return phrase if _PLAIN.fullmatch(phrase) else re.compile(phrase)


def _alternatives(pattern: str) -> list[str]:
    """A pattern split at every "|" outside brackets."""
    parts = [""]
    depth = 0
    for sign in _SIGN.findall(pattern):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


_SIGN = re.compile(r"\\.|\[[^\]]{1,40}\]|.")  # of a pattern: an escape, a class, or a character alone
_PLAIN = re.compile(r"[\w ,:/-]+")  # a phrase without anything that stands for something else
_SPECIAL = frozenset(".^$[")  # characters that stand for others
_KNOWN = 3  # characters


def _openings(pattern: str) -> set[str]:
    """Texts of at most `_KNOWN` characters of which one begins whatever `pattern` matches; "" where that is anything."""
    if pattern.startswith("(?:"):
        depth = end = 0
        for sign in _SIGN.findall(pattern):
            depth += (sign == "(") - (sign == ")")
            end += len(sign)
            if not depth:
                break
        found = {text for one in _alternatives(pattern[3 : end - 1]) for text in _openings(one)}
        return found | _openings(pattern[end + 1 :]) if pattern[end : end + 1] in ("?", "*") else found
    sign = (_SIGN.findall(pattern) or [""])[0]
    rest = pattern[len(sign) :]
    if sign == r"\d":
        return set("0123456789")
    if not sign or sign[0] in _SPECIAL or sign[1:].isalpha() or rest[:1] in ("{", "*"):
        return {""}
    found = {(sign[-1] + text)[:_KNOWN] for text in ({""} if rest[:1] == "+" else _openings(rest.removeprefix("?")))}
    return found | _openings(rest[1:]) if rest[:1] == "?" else found


_ALTERNATIVES = tuple([(_openings(one), one) for one in _alternatives(pattern)] for _, pattern in _BEGINNINGS)
_OPENINGS = frozenset(text for some in _ALTERNATIVES for openings, _ in some for text in openings)
"""How lines begin that may match: few lines of prose do."""
_SIGNS = tuple(sorted(text for text in _OPENINGS if not text[0].isalnum()))


_PICTURE = (
    r"(?:photos?|photograph|fotos?|fot|bild(?:er)?|titelbild|symbolbild|archivbild|images?|imagen|imagem|pictures?|pic|"
    r"credit|crédito?|fotograf[ií]a|kuva|zdj|zdroj|illustration|grafik)"
)
_AGENCY = (
    r"(?:getty|reuters|afp|shutterstock|istock|dpa|epa|alamy|associated press|ap photo|unsplash|pexels|pixabay|imago|"
    r"picture.alliance|adobe.?stock|fotolia|flickr|wikimedia)"
)
# "… (Photo: Ada Quill)", "… (Ada Quill/The Herald)", "… (AFP)", and without brackets "… Photo: Ada Quill", "… © AFP"
_CREDITED = re.compile(
    rf"[(\[]\s?(?:{_PICTURE}\b[^()\[\]]{{0,80}}|[^()\[\]/]{{2,50}}/[^()\[\]]{{2,60}}|"
    rf"[^()\[\]]{{0,60}}\b{_AGENCY}\b[^()\[\]]{{0,40}})[)\]]\.?$|"
    r"(?:^|[\s.!?»”\"|–—)])(?:©|\(c\)|"
    rf"{_PICTURE}\s?(?:credits?|by|courtesy|copyright|-?quelle)?\s?[:©/|])[^.!?:]{{2,80}}\.?$"
)
_LAST = 160  # characters of a line in which its credit stands
_SIGN_OF_CREDIT = re.compile(r"[(\[:©/|]")  # no credit without one


def _may_credit(low: str) -> bool:
    """Whether `_CREDITED` may match: a bracket at the end, or one of its words. Takes a tenth of what it takes."""
    last = low[-3:]
    return (
        ")" in last or "]" in last or "©" in low or "(c)" in low or "phot" in low or "fot" in low or "bild" in low
        or "imag" in low or "pic" in low or "credit" in low or "crédit" in low or "kuva" in low or "zdj" in low
        or "zdroj" in low or "illustration" in low or "grafik" in low
    )  # fmt: skip


_MARKS = " |–—-"  # between a caption and its credit


def split_credit(caption: str) -> tuple[str, str]:
    """A caption and the credit at its end, apart; the credit is empty where there is none."""
    at = credit_in(caption)
    if at is None:
        return caption, ""
    at += caption[at] in '.!?»”")'
    return caption[:at].rstrip(_MARKS), caption[at:].strip(_MARKS + "()[]")


def credit_in(text: str) -> int | None:
    """Where the picture credit at the end of a line begins; None without one."""
    end = text[-_LAST:]
    found = _CREDITED.search(low) if _SIGN_OF_CREDIT.search(end) and _may_credit(low := end.lower()) else None
    if found is None or " " not in found[0].strip():
        return None
    return max(0, len(text) - _LAST) + found.start()
